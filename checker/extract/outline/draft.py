"""The lines of a report while they are sorted: what each was found to be, besides text."""

from __future__ import annotations

from checker.extract.lines import Raw, cut_line, line_of, split_glued, unwrap
from checker.model import Document, Paragraph, Passage, Table


class Draft:
    """Logical lines in printed order, with what they were made of, and the ``role`` of each: empty for text.

    Roles: title, tail, furniture, meta, prompt, form, attachment. ``wrapped``: a program broke the lines of the text.
    """

    def __init__(self, document: Document) -> None:
        self.raws = split_glued(unwrap([block for block in document.blocks if isinstance(block, Paragraph)]))
        self.wrapped = any(len(raw.source) > 1 for raw in self.raws)
        self.lines = [line_of(raw) for raw in self.raws]
        self.tables = [block for block in document.blocks if isinstance(block, Table)]
        self.role = [""] * len(self.raws)
        self.order = {id(block): i for i, block in enumerate(document.blocks)}

    def of(self, role: str) -> Passage:
        """The lines of one role."""
        return Passage(tuple(line for line, each in zip(self.lines, self.role, strict=True) if each == role))

    def split(self, i: int, at: int) -> None:
        """Makes two lines of one, parted at an offset of its text; the second begins with a word."""
        line, raw = self.lines[i], self.raws[i]
        rest = line.text[at:]
        parts = cut_line(line, 0, at), cut_line(line, at + len(rest) - len(rest.lstrip("。 ：，")))
        self.lines[i : i + 1] = parts
        self.raws[i : i + 1] = [raw, Raw(parts[1].raw, list(parts[1].source), raw.block, raw.page)]
        self.role[i : i + 1] = ["", ""]

    def join(self, begin: int, end: int) -> None:
        """Makes one line of those from ``begin`` up to ``end``, which a heading was broken into."""
        first, *rest = self.raws[begin:end]
        whole = Raw(first.text, list(first.source), first.block, first.page, first.hint)
        for raw in rest:
            whole.source += [origin._replace(at=origin.at + len(whole.text)) for origin in raw.source]
            whole.text += raw.text
        self.raws[begin:end] = [whole]
        self.lines[begin:end] = [line_of(whole)]
        self.role[begin:end] = [""]
