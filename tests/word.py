"""Small Word documents for tests, written as raw XML: the traps of real ones, and those that no program writes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SPACES = (
    f'xmlns:w="{WORD}" xmlns:r="{OFFICE}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
SENTENCE = "青石镇2023年主动公开政府信息63条，收到申请2件，均已答复。"


def p(text: str = "", properties: str = "", run: str = "") -> str:
    """A paragraph with one run, its pPr and the rPr of the run."""
    words = f'<w:r>{f"<w:rPr>{run}</w:rPr>" if run else ""}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{words if text else ''}</w:p>"


def num(number: int, level: int = 0) -> str:
    """The properties of a paragraph in a list."""
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'


def tc(text: str = "", properties: str = "", inner: str = "") -> str:
    """A cell with its tcPr; ``inner`` instead of a paragraph."""
    return f"<w:tc>{f'<w:tcPr>{properties}</w:tcPr>' if properties else ''}{inner or p(text)}</w:tc>"


def tr(*cells: str, properties: str = "") -> str:
    return f"<w:tr>{f'<w:trPr>{properties}</w:trPr>' if properties else ''}{''.join(cells)}</w:tr>"


def tbl(*rows: str, columns: int = 0) -> str:
    return f"<w:tbl><w:tblPr/><w:tblGrid>{'<w:gridCol/>' * columns}</w:tblGrid>{''.join(rows)}</w:tbl>"


def document(body: str) -> str:
    return f"{HEAD}<w:document {SPACES}><w:body>{body}</w:body></w:document>"


def level(at: int, form: str, text: str, *, start: int = 1, extra: str = "", style: str = "") -> str:
    """One level of a list: what it prints, with ``%1`` for the number."""
    tied = f'<w:pStyle w:val="{style}"/>' if style else ""
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>{tied}{extra}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def lists(*abstracts: str, nums: str = "") -> str:
    """A numbering part; each abstract list gets a num of the same number, counted from 1."""
    found = "".join(f'<w:abstractNum w:abstractNumId="{i}">{x}</w:abstractNum>' for i, x in enumerate(abstracts, 1))
    plain = "".join(
        f'<w:num w:numId="{i}"><w:abstractNumId w:val="{i}"/></w:num>' for i in range(1, len(abstracts) + 1)
    )
    return f"{HEAD}<w:numbering {SPACES}>{found}{plain}{nums}</w:numbering>"


def styles(*entries: str) -> str:
    return f"{HEAD}<w:styles {SPACES}>{''.join(entries)}</w:styles>"


def style(key: str, inner: str = "", *, kind: str = "paragraph", base: str = "", name: str = "") -> str:
    on = f'<w:basedOn w:val="{base}"/>' if base else ""
    return f'<w:style w:type="{kind}" w:styleId="{key}"><w:name w:val="{name or key}"/>{on}{inner}</w:style>'


def parts(body: str, styles: str = "", numbering: str = "") -> dict[str, bytes]:
    """The parts of a document, by name."""
    relations = "".join(
        f'<Relationship Id="r{name}" Type="{OFFICE}/{name}" Target="{name}.xml"/>'
        for name, text in (("styles", styles), ("numbering", numbering))
        if text
    )
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    found = {
        "[Content_Types].xml": _types(styles, numbering),
        "_rels/.rels": f'{HEAD}<Relationships xmlns="{space}"><Relationship Id="r1" Type="{OFFICE}/officeDocument" '
        'Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'{HEAD}<Relationships xmlns="{space}">{relations}</Relationships>',
        "word/document.xml": document(body),
        "word/styles.xml": styles,
        "word/numbering.xml": numbering,
    }
    return {name: text.encode() for name, text in found.items() if text}


def _types(styles: str, numbering: str) -> str:
    """What kind each part is, without which Word and LibreOffice open no package."""
    space = "http://schemas.openxmlformats.org/package/2006/content-types"
    base = "application/vnd.openxmlformats-"
    kinds = {"document": "document.main", "styles": styles and "styles", "numbering": numbering and "numbering"}
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{base}officedocument.wordprocessingml.{kind}+xml"/>'
        for name, kind in kinds.items()
        if kind
    )
    rels = f'<Default Extension="rels" ContentType="{base}package.relationships+xml"/>'
    plain = '<Default Extension="xml" ContentType="application/xml"/>'
    return f'{HEAD}<Types xmlns="{space}">{rels}{plain}{overrides}</Types>'


def packed(files: Mapping[str, bytes]) -> bytes:
    """A zip of these parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def docx(body: str, styles: str = "", numbering: str = "") -> bytes:
    return packed(parts(body, styles, numbering))
