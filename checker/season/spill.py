"""A database for what is too much for memory and nobody's business afterwards."""

from __future__ import annotations

import sqlite3


def spilled() -> sqlite3.Connection:
    """A database of our own without a name: two megabytes of it in memory, the rest in a file that goes with it."""
    db = sqlite3.connect("")
    db.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = FILE;")
    return db
