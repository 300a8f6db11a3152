"""What is wrong with a pack, in one plain line."""

from __future__ import annotations

from collections.abc import Iterable


class BadPack(Exception):
    """A pack that is refused: exit 4, nothing is checked.

    ``code`` is a stable word of docs/errors.md; ``message`` one Chinese clause; the place is as exact as it can be.
    ``str()`` is the whole as one line.
    """

    def __init__(
        self,
        code: str,
        message: str,
        file: str = "",
        rule: str | None = None,
        key: str | None = None,
        line: int | None = None,
        column: int | None = None,
    ) -> None:
        super().__init__(code, message, file, rule, key, line, column)
        self.code, self.message, self.file, self.rule, self.key = code, message, file, rule, key
        self.line, self.column = line, column

    def __str__(self) -> str:
        place = self.file
        if self.line is not None:
            place += f" 第{self.line}行" + (f"第{self.column}列" if self.column is not None else "")
        parts = [place, f"规则 {self.rule}" if self.rule else "", f"键 {self.key}" if self.key else ""]
        text = "，".join(part for part in parts if part) + f"：{self.message}"
        return " ".join(text.split())


def suggestion(word: object, known: Iterable[str]) -> str:
    """``，是不是“…”？`` for a misspelt name, or nothing."""
    import difflib  # only where something is wrong

    close = difflib.get_close_matches(str(word), [str(name) for name in known], n=1, cutoff=0.6)
    return f"，是不是“{close[0]}”？" if close else ""
