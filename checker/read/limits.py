"""The limits under which files are read. Every one is reported when it is hit, never applied in silence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from checker.model import record

MIB = 1 << 20
HARD_FILE_SIZE = 200 * MIB  #: no setting may go beyond this


@record
class Bounds:
    """What the check of one document may use: seconds, seconds of processor time, bytes that a worker may grow by."""

    wall: float
    cpu: int
    memory: int


@record
class Limits:
    """Bounds for one document: bytes, counts and seconds."""

    file_size: int = 20 * MIB  #: bytes
    zip_entries: int = 2_000  #: parts of a package
    zip_size: int = 64 * MIB  #: bytes of a package when all of it is inflated
    zip_ratio: int = 100  #: how many times larger than packed a part above 1 MiB may be
    xml_nodes: int = 2_000_000  #: tags and attributes of one part
    html_depth: int = 1000  #: open elements, counted before a parser sees the page
    table_width: int = 64  #: columns of a grid; a span is clamped to it
    table_cells: int = 100_000  #: cells of one document, after spans are expanded
    table_nesting: int = 8  #: tables within tables
    pdf_pages: int = 500
    pdf_stream: int = 75 * MIB  #: bytes of one stream when inflated
    pdf_total: int = 750 * MIB  #: bytes of all streams when inflated
    pdf_objects: int = 200_000  #: objects of a PDF; also lines and words, and characters, of one page
    wall: float = 10.0  #: seconds for one document with text, reading to result
    cpu: int = 8  #: seconds of processor time for it in a worker
    memory: int = 512 * MIB  #: bytes that a worker may grow by
    image_pixels: int = 80_000_000  #: of a picture; A3 at 600 dpi
    scan_page: float = 30.0  #: seconds for one page of a scan, by the clock and of processor, whichever are fewer
    scan_wall: float = 300.0  #: seconds for all of its pages, four times as many on a busy machine
    scan_memory: int = 3 << 30  #: bytes
    office_wall: float = 60.0  #: seconds for a conversion by LibreOffice, beside the seconds for its result
    in_process: int = 256 * 1024  #: bytes; a larger document goes to a worker even when one process was asked for

    def __post_init__(self) -> None:
        if not 0 < self.file_size <= HARD_FILE_SIZE:
            raise ValueError(f"file_size must lie within 1..{HARD_FILE_SIZE}")

    @property
    def text(self) -> Bounds:
        """For what has text: every document begins with these."""
        return Bounds(self.wall, self.cpu, self.memory)

    def scan(self, pages: int) -> Bounds:
        """For a document of which so many pages are pictures. Recognition uses several processors at once.

        Each page is timed by itself; this clock is for what hangs, so it is patient with a busy machine.
        """
        wall = self.wall + min(self.scan_page * pages, self.scan_wall)
        return Bounds(4 * wall, int(8 * wall), self.scan_memory)

    @property
    def office(self) -> Bounds:
        """For what LibreOffice converts, in a process of its own that counts against nothing here but the clock."""
        return Bounds(self.wall + self.office_wall, self.cpu, self.scan_memory)


LIMITS = Limits()


_granting: Callable[[Bounds], None] | None = None


def ask_for(bounds: Bounds) -> None:
    """Called by a reader that finds, on opening a document, that its kind needs other bounds than a text's.

    Whoever confines this process grants them (``batch``); in a process that nobody confines nothing happens.
    """
    if _granting:
        _granting(bounds)


@contextmanager
def granting(grant: Callable[[Bounds], None]) -> Iterator[None]:
    """While it lasts, ``grant`` is told what readers ask for."""
    global _granting
    before, _granting = _granting, grant
    try:
        yield
    finally:
        _granting = before
