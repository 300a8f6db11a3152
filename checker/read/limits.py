"""The limits under which files are read. Every one is reported when it is hit, never applied in silence."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1 << 20
HARD_FILE_SIZE = 200 * MIB  #: no setting may go beyond this


@dataclass(frozen=True, slots=True)
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
    wall: float = 10.0  #: seconds for one document, reading to result
    cpu: int = 8  #: seconds of processor time for one document in a worker
    memory: int = 512 * MIB  #: bytes that a worker may grow by
    in_process: int = 256 * 1024  #: bytes; a larger document goes to a worker even when one process was asked for

    def __post_init__(self) -> None:
        if not 0 < self.file_size <= HARD_FILE_SIZE:
            raise ValueError(f"file_size must lie within 1..{HARD_FILE_SIZE}")


LIMITS = Limits()
