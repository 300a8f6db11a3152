"""A Word document in the manner of official papers, written part by part: small, quick, and the same bytes every time.

Page and type follow what official papers are set in (GB/T 9704): A4, 方正小标宋 for the title, 仿宋_GB2312 of 16 pt on
lines of 28 pt, 黑体 and 楷体_GB2312 for headings. The font table names others (``altName``) where these are missing.
What goes in is text; nothing of it can become markup.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

from checker.late import late

WIDTH = 8844  #: of the text, in twentieths of a point: 156 mm
TITLE, BODY, HEADING, SUBHEADING = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"
#: font -> other names of it and what may stand for it, charset, family
FONTS: Mapping[str, tuple[str, str, str]] = {
    TITLE: ("方正小标宋_GBK,FZXiaoBiaoSong-B05S,小标宋,华文中宋,宋体,Noto Serif CJK SC", "86", "script"),
    BODY: ("FangSong_GB2312,仿宋,FangSong,华文仿宋,STFangsong,宋体,Noto Serif CJK SC", "86", "modern"),
    HEADING: ("SimHei,Noto Sans CJK SC,华文黑体,STHeiti", "86", "auto"),
    SUBHEADING: ("KaiTi_GB2312,楷体,KaiTi,华文楷体,STKaiti,Noto Serif CJK SC", "86", "modern"),
    "宋体": ("SimSun,Noto Serif CJK SC,华文宋体,STSong", "86", "auto"),
    "Times New Roman": ("Liberation Serif", "00", "roman"),
}
_PROMPT = late(r"(【[^】]*】)")
_SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def document(body: str, title: str) -> bytes:
    """The document whose body is this XML (of ``paragraph`` and tables), one section of A4 pages with numbers."""
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations({"officeDocument": "word/document.xml"}, core="docProps/core.xml"),
        "docProps/core.xml": _core(title),
        "word/_rels/document.xml.rels": _relations({part: f"{part}.xml" for part in _PARTS}),
        "word/document.xml": f"{_HEAD}<w:document {_SPACE} xmlns:r={quoteattr(_OFFICE)}><w:body>{body}{_SECTION}"
        "</w:body></w:document>",
        "word/footer.xml": _FOOTER,
        "word/fontTable.xml": _font_table(),
        "word/settings.xml": _SETTINGS,
        "word/styles.xml": _styles(),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name), text.encode(), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def paragraph(text: str, style: str, properties: str = "") -> str:
    """Text in one of the styles below (Title, Body, Heading1 ...); 【…】, which wants filling in, is shaded."""
    runs = "".join(run(part, "Prompt" if part.startswith("【") else "") for part in _PROMPT.split(text) if part)
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{runs}</w:p>'


def run(text: str, style: str = "") -> str:
    """Text with its line breaks; characters that XML has no place for are left out."""
    named = f'<w:rStyle w:val="{style}"/>' if style else ""
    lines = [f'<w:t xml:space="preserve">{escape(_legal(line))}</w:t>' for line in text.split("\n")]
    return f'<w:r><w:rPr>{named}<w:rFonts w:hint="eastAsia"/></w:rPr>{"<w:br/>".join(lines)}</w:r>'


_ILLEGAL = late("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def _legal(text: str) -> str:
    return _ILLEGAL.sub("", text)


# --- the other parts ----------------------------------------------------------------------------------------------

_PARTS = ("styles", "settings", "fontTable", "footer")
_SECTION = (
    '<w:sectPr><w:footerReference w:type="default" r:id="footer"/><w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="2098" w:right="1474" w:bottom="1985" w:left="1588" w:header="851" w:footer="1361" w:gutter="0"/>'
    '<w:cols w:space="425"/></w:sectPr>'
)
_SETTINGS = (
    f'{_HEAD}<w:settings {_SPACE}><w:zoom w:percent="100"/><w:defaultTabStop w:val="420"/>'
    '<w:characterSpacingControl w:val="compressPunctuation"/><w:compat><w:useFELayout/>'
    '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
    '</w:compat><w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>'
)
_FIELD = "".join(
    f"<w:r>{inner}</w:r>"
    for inner in (
        '<w:t xml:space="preserve">— </w:t>',
        '<w:fldChar w:fldCharType="begin"/>',
        '<w:instrText xml:space="preserve"> PAGE </w:instrText>',
        '<w:fldChar w:fldCharType="separate"/>',
        "<w:t>1</w:t>",
        '<w:fldChar w:fldCharType="end"/>',
        '<w:t xml:space="preserve"> —</w:t>',
    )
)
_FOOTER = f'{_HEAD}<w:ftr {_SPACE}><w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr>{_FIELD}</w:p></w:ftr>'


def _content_types() -> str:
    overrides = {"document": "document.main"} | {part: part for part in _PARTS}
    listed = "".join(
        f'<Override PartName="/word/{part}.xml" ContentType="{_TYPE}.{kind}+xml"/>' for part, kind in overrides.items()
    )
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{listed}<Override PartName="/docProps/core.xml" '
        'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
    )


def _relations(targets: Mapping[str, str], core: str = "") -> str:
    found = "".join(
        f'<Relationship Id="{name}" Type="{_OFFICE}/{name}" Target="{target}"/>' for name, target in targets.items()
    )
    if core:
        kind = f"{_PACKAGE}/relationships/metadata/core-properties"
        found += f'<Relationship Id="core" Type="{kind}" Target="{core}"/>'
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{found}</Relationships>'


def _core(title: str) -> str:
    return (
        f'{_HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(_legal(title))}</dc:title></cp:coreProperties>"
    )


def _font_table() -> str:
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="{charset}"/>'
        f'<w:family w:val="{family}"/><w:pitch w:val="variable"/></w:font>'
        for name, (others, charset, family) in FONTS.items()
    )
    return f"{_HEAD}<w:fonts {_SPACE}>{fonts}</w:fonts>"


def _styles() -> str:
    first = '<w:ind w:firstLineChars="200" w:firstLine="640"/>'
    line = '<w:spacing w:before="0" w:after="0" w:line="560" w:lineRule="exact"/>'
    styles = (
        _style("Normal", "Normal", f'<w:widowControl w:val="0"/>{line}<w:jc w:val="both"/>', _type(BODY, 32)),
        _style("Body", "正文段落", first),
        _style(
            "Title",
            "Title",
            '<w:spacing w:before="0" w:after="0" w:line="640" w:lineRule="exact"/><w:jc w:val="center"/>',
            _type(TITLE, 44),
        ),
        _style("Attached", "附件标题", '<w:jc w:val="center"/>', _type(TITLE, 36)),
        _style("Heading1", "heading 1", f'<w:keepNext/>{first}<w:outlineLvl w:val="0"/>', _type(HEADING, 32)),
        _style("Heading2", "heading 2", f'<w:keepNext/>{first}<w:outlineLvl w:val="1"/>', _type(SUBHEADING, 32)),
        _style("Last", "落款前一段", f"<w:keepNext/>{first}"),
        _style("Sign", "落款", '<w:keepNext/><w:ind w:rightChars="200" w:right="640"/><w:jc w:val="right"/>'),
        _style(
            "Cell",
            "表格文字",
            '<w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/><w:jc w:val="center"/>',
            _type(BODY, 21),
        ),
        _style("Gap", "表后空行", '<w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="exact"/>'),
        _style(
            "Footer",
            "footer",
            '<w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/><w:jc w:val="center"/>',
            _type("宋体", 28),
        ),
        '<w:style w:type="character" w:customStyle="1" w:styleId="Prompt"><w:name w:val="填写提示"/>'
        '<w:rPr><w:shd w:val="clear" w:color="auto" w:fill="FFF2CC"/></w:rPr></w:style>',
    )
    defaults = (
        "<w:docDefaults><w:rPrDefault><w:rPr>"
        f'<w:rFonts w:ascii="Times New Roman" w:eastAsia="{BODY}" w:hAnsi="Times New Roman" w:cs="Times New Roman"/>'
        '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault/>'
        "</w:docDefaults>"
    )
    return f"{_HEAD}<w:styles {_SPACE}>{defaults}{''.join(styles)}</w:styles>"


def _style(key: str, name: str, paragraph: str, run: str = "") -> str:
    """A paragraph style; all but the first, on which they are based, belong to us or have a built-in name."""
    default = ' w:default="1"' if key == "Normal" else "" if name.isascii() else ' w:customStyle="1"'
    based = "" if key == "Normal" else '<w:basedOn w:val="Normal"/>'
    return (
        f'<w:style w:type="paragraph"{default} w:styleId="{key}"><w:name w:val="{name}"/>{based}<w:qFormat/>'
        f"<w:pPr>{paragraph}</w:pPr>{f'<w:rPr>{run}</w:rPr>' if run else ''}</w:style>"
    )


def _type(font: str, size: int) -> str:
    """A run's font and its size in half points."""
    return (
        f'<w:rFonts w:ascii="Times New Roman" w:eastAsia="{font}" w:hAnsi="Times New Roman"/>'
        f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'
    )
