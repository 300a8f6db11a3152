"""How a command ends early: its exit codes, and one plain line on stderr."""

from __future__ import annotations

from typing import NoReturn

import typer

USAGE, UNREAD, BAD_PACK, OUR_BUG, INTERRUPTED = 2, 3, 4, 5, 130


def stop(code: int, message: str) -> NoReturn:
    """One plain line on stderr, and the exit code."""
    tell(message)
    raise typer.Exit(code)


def tell(message: str) -> None:
    """One plain line on stderr, whatever a name in it holds."""
    from checker.render.escape import terminal

    typer.echo(terminal(message), err=True)
