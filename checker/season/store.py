"""What an audit keeps on disk, in one SQLite file for each folder: what was read and judged, and the rows of this run.

Three promises. A check never fails because of it: a file that is damaged is set aside, one that is busy, read-only or
of a newer version is left alone, and a passing file in its place does the same for this run alone. What was committed
survives a kill at any moment, so an interrupted run goes on. Nothing is unpickled but our own nouns, from a file that
nobody else can write.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import stat
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar, Literal

from checker.cause import cause
from checker.pack.cache import home

VERSION = 2  #: of the tables; another one is made anew if it is older, left alone if it is newer
CHUNK = 64  #: results to a commit
MAX_KEPT = 12  #: folders of which something is kept
BUSY = 5.0  #: seconds to wait for a lock

_TABLES = """
CREATE TABLE kept (key TEXT PRIMARY KEY, run INTEGER NOT NULL, lasting INTEGER NOT NULL, head TEXT NOT NULL,
                   sum BLOB NOT NULL, body BLOB NOT NULL, signature BLOB NOT NULL);
CREATE TABLE runs (run INTEGER PRIMARY KEY AUTOINCREMENT);
CREATE TABLE files (season INTEGER NOT NULL, path BLOB NOT NULL, sha256 TEXT NOT NULL, key TEXT NOT NULL,
                    changed REAL, unit TEXT, about TEXT, PRIMARY KEY (season, path)) WITHOUT ROWID;
CREATE INDEX files_unit ON files (season, unit);
CREATE TABLE rows (season INTEGER NOT NULL, at INTEGER NOT NULL, unit TEXT NOT NULL, row TEXT NOT NULL, path BLOB,
                   previous TEXT, twins TEXT, waivers TEXT, key TEXT,
                   score REAL, comparable INTEGER NOT NULL DEFAULT 0, rank INTEGER,
                   PRIMARY KEY (season, at)) WITHOUT ROWID;
CREATE UNIQUE INDEX rows_unit ON rows (season, unit);
CREATE INDEX rows_path ON rows (season, path);
CREATE TABLE last (unit TEXT NOT NULL, at INTEGER NOT NULL, name TEXT NOT NULL, year INTEGER NOT NULL,
                   path BLOB NOT NULL, key TEXT NOT NULL, PRIMARY KEY (unit, at)) WITHOUT ROWID;
CREATE TABLE past (unit TEXT NOT NULL, office TEXT NOT NULL, year INTEGER NOT NULL, score REAL NOT NULL,
                   PRIMARY KEY (unit, office, year)) WITHOUT ROWID;
CREATE TABLE extra (kind TEXT NOT NULL, at INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, at)) WITHOUT ROWID;
"""
_OF_A_RUN = ("files", "rows", "last", "past", "extra")


class Store:
    """An open file of state. ``note`` says in Chinese why nothing is kept after this run, empty when it is."""

    def __init__(self, path: Path, note: str = "", passing: Path | None = None, lock: _Lock | None = None) -> None:
        self.path, self.note = path, note
        self.passing, self._lock = passing, lock  #: ``passing``: a folder that goes with us
        self._waiting = 0
        self.db = connect(path)
        self.run = 0

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Give back file, lock and, if it is a passing one, its folder."""
        with suppress(sqlite3.Error):
            self.db.commit()
        with suppress(sqlite3.Error):
            self.db.close()
        if self._lock:
            self._lock.release()
            self._lock = None
        if self.passing:
            shutil.rmtree(self.passing, ignore_errors=True)

    # --- what lasts ---

    def begin(self) -> None:
        """Start a run: forget the rows of the last one and whatever failed by chance."""
        with self.db:
            for table in _OF_A_RUN:
                self.db.execute(f"DELETE FROM {table}")
            self.db.execute("DELETE FROM kept WHERE NOT lasting")
            self.run = self.db.execute("INSERT INTO runs DEFAULT VALUES").lastrowid or 0

    def end(self) -> None:
        """A run that came to its end drops what it did not use."""
        with self.db:
            self.db.execute("DELETE FROM kept WHERE run < ?", (self.run,))
            self.db.execute("DELETE FROM runs WHERE run < ?", (self.run,))

    def use(self, key: str) -> bool:
        """Whether something is kept under ``key``; it is then kept for the next run, too."""
        done = self.db.execute("UPDATE kept SET run = ? WHERE key = ?", (self.run, key)).rowcount > 0
        self._step()
        return done

    def keep(self, key: str, head: str, body: bytes, signature: bytes = b"", *, lasting: bool = True) -> None:
        """Keep a result; committed with its chunk."""
        values = (key, self.run, lasting, head, _sum(head, body, signature), body, signature)
        self.db.execute("INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?, ?, ?, ?)", values)
        self._step()

    def head(self, key: str) -> str | None:
        """The light part of a result."""
        found = self.db.execute("SELECT head FROM kept WHERE key = ?", (key,)).fetchone()
        return found[0] if found else None

    def body(self, key: str) -> bytes | None:
        """The heavy part of a result; None when there is none, or when it is not what was written."""
        return body_of(self.db, key)

    def signature(self, key: str) -> bytes | None:
        """What likeness is measured on, as ``body``."""
        found = _sound(self.db, key)
        return found[1] if found else None

    # --- this run ---

    def put(self, sql: str, values: Sequence[Any]) -> None:
        """Carry out a change; committed with its chunk."""
        self.db.execute(sql, values)
        self._step()

    def all(self, sql: str, values: Sequence[Any] = ()) -> Iterator[Any]:
        """Rows one by one; nothing else of this run may change the tables meanwhile."""
        with closing(self.db.execute(sql, values)) as cursor:
            yield from cursor

    def pages(self, sql: str, start: bytes | int, size: int = 256) -> Iterator[Any]:
        """Rows whose first column ascends, read page by page, so that tables may change meanwhile.

        ``sql`` takes two values: after which first column to begin, and how many rows to give.
        """
        while page := self.db.execute(sql, (start, size)).fetchall():
            yield from page
            start = page[-1][0]

    def commit(self) -> None:
        self.db.commit()
        self._waiting = 0

    def _step(self) -> None:
        self._waiting += 1
        if self._waiting >= CHUNK:
            self.commit()


def connect(path: Path, *, reading: bool = False) -> sqlite3.Connection:
    """A connection that waits for locks and loses at most the last commit when the power goes."""
    if reading:
        return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=BUSY)
    db = sqlite3.connect(path, timeout=BUSY)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = NORMAL")
    db.execute("PRAGMA trusted_schema = OFF")
    return db


def body_of(db: sqlite3.Connection, key: str) -> bytes | None:
    """The heavy part of a result, verified."""
    found = _sound(db, key)
    return found[0] if found else None


def _sound(db: sqlite3.Connection, key: str) -> tuple[bytes, bytes] | None:
    """Body and signature, if they are what was written."""
    found = db.execute("SELECT body, signature, head, sum FROM kept WHERE key = ?", (key,)).fetchone()
    return (found[0], found[1]) if found and found[3] == _sum(found[2], found[0], found[1]) else None


def _sum(head: str, body: bytes, signature: bytes) -> bytes:
    total = hashlib.blake2b(f"{len(head)} {len(body)} {head}".encode("utf-8", "surrogatepass"), digest_size=16)
    total.update(body)
    total.update(signature)
    return total.digest()


# --- opening ----------------------------------------------------------------------------------------------------------


def opened(folder: Path) -> Store:
    """The state of a folder, or a passing one where that cannot be used. Raises OSError when not even that works."""
    try:
        place = _place(folder)
        lock = _Lock.taken(place.with_suffix(".lock"))
    except OSError as error:
        return passing(f"本次结果不留存（{cause(error)}），下次要重新读取。")
    if lock is None:
        return passing("另一个 nianbao audit 正在核对这个文件夹，本次结果不留存。")
    try:
        if newer := _prepare(place):
            lock.release()
            return passing(newer)
        return Store(place, lock=lock)
    except (sqlite3.Error, OSError) as error:
        lock.release()
        return passing(f"本次结果不留存（{cause(error)}），下次要重新读取。")


def passing(note: str) -> Store:
    """A store for one run, in a folder of its own that goes with it."""
    folder = Path(tempfile.mkdtemp(prefix="nianbao-"))
    try:
        _make(folder / "season.db")
        return Store(folder / "season.db", note, folder)
    except sqlite3.Error as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise OSError(None, cause(error)) from None


def _place(folder: Path) -> Path:
    """The file for a folder of reports, in this user's cache, in a folder that nobody else can enter."""
    seasons = home() / "seasons"
    seasons.mkdir(mode=0o700, parents=True, exist_ok=True)
    status = seasons.stat()
    if hasattr(os, "getuid") and (status.st_uid != os.getuid() or status.st_mode & 0o022):
        raise PermissionError(None, "缓存文件夹别人也能写")
    name = hashlib.sha256(str(folder.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:24]
    place = seasons / f"{name}.db"
    _prune(seasons, place)
    return place


def _prune(seasons: Path, but: Path) -> None:
    """Drop what was used longest ago; a file in use is locked and stays."""
    old = sorted(seasons.glob("*.db"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in [path for path in old if path != but][MAX_KEPT - 1 :]:
        lock = _Lock.taken(path.with_suffix(".lock"))
        if lock:
            _drop(path)
            lock.release()


class _Lock:
    """A lock that ends with its process, so that none is ever stale; workers that we fork do not have it."""

    _ours: ClassVar[set[Path]] = set()  #: such locks do not keep a process from itself

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path, self.descriptor = path, descriptor
        self._ours.add(path)

    @classmethod
    def taken(cls, path: Path) -> _Lock | None:
        """The lock, or None when somebody else has it. Raises OSError when the file cannot be made."""
        if path in cls._ours:
            return None
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
        try:
            if sys.platform == "win32":
                import msvcrt

                msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
            else:
                import fcntl

                fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            return None
        return cls(path, descriptor)

    def release(self) -> None:
        self._ours.discard(self.path)
        os.close(self.descriptor)


def _drop(place: Path) -> None:
    for part in (place, Path(f"{place}-wal"), Path(f"{place}-shm")):
        part.unlink(missing_ok=True)


def _prepare(place: Path) -> str:
    """Make the file at ``place`` ready; says why it must be left alone, empty when it need not."""
    if place.is_symlink() or (place.exists() and not _ours(place)):
        return "留存的结果不是本人的文件，没有使用；本次结果不留存。"
    try:
        state = _version(place) if place.exists() else "none"
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) not in _DAMAGED:
            raise
        state = "damaged"
    if state == "newer":
        return "留存的结果是更新版本的工具写的，没有动它；本次结果不留存。"
    if state == "damaged":
        set_aside(place)
    if state == "older":
        _drop(place)
    if state != "ours":
        _make(place)
    return ""


_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _version(place: Path) -> Literal["ours", "older", "newer", "damaged"]:
    with closing(connect(place)) as db:
        number = db.execute("PRAGMA user_version").fetchone()[0]
        if number != VERSION:
            return "newer" if number > VERSION else "older"
        tables = {name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
        return "ours" if tables >= {"kept", "runs", *_OF_A_RUN} else "damaged"


def set_aside(place: Path) -> Path:
    """Move a damaged file out of the way, never delete it; its new name."""
    number = 1
    while (aside := place.with_name(f"{place.stem}.damaged-{number}")).exists():
        number += 1
    os.replace(place, aside)
    for part in ("-wal", "-shm"):
        with suppress(FileNotFoundError):
            os.replace(f"{place}{part}", f"{aside}{part}")
    return aside


def damaged(error: sqlite3.Error) -> bool:
    """Whether an error says that the file itself is broken, and not that a disk is full or a file locked."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGED


def _make(place: Path) -> None:
    os.close(os.open(place, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600))
    with closing(connect(place)) as db:
        db.executescript(f"BEGIN; {_TABLES} PRAGMA user_version = {VERSION}; COMMIT;")


def _ours(place: Path) -> bool:
    status = place.lstat()
    mine = not hasattr(os, "getuid") or (status.st_uid == os.getuid() and not status.st_mode & 0o022)
    return mine and stat.S_ISREG(status.st_mode)
