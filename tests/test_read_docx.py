"""Word documents: what is printed is read, with its numbers, and tables keep every cell in its true place."""

from __future__ import annotations

import re
import socket
import time
from dataclasses import replace
from pathlib import Path

import pytest

from checker.extract import extract
from checker.extract.opened import origins
from checker.model import Document, Paragraph, Table, Unreadable
from checker.pack import load
from checker.read import read
from checker.read.limits import LIMITS, Limits
from checker.read.office.docx import parse_docx, traced_docx
from checker.read.office.docx.numbering import numeral
from tests.word import (
    SENTENCE,
    docx,
    level,
    lists,
    num,
    p,
    packed,
    parts,
    style,
    styles,
    tbl,
    tc,
    tr,
)  # fmt: skip
from tests.write import written
from tests.write.word import VARIANTS

ROOT = Path(__file__).parent.parent


def doc(body: str, styles: str = "", numbering: str = "", limits: Limits = LIMITS) -> Document:
    document = parse_docx(docx(body, styles, numbering), "x.docx", limits)
    assert [block.where.block for block in document.blocks] == list(range(len(document.blocks)))
    return document


def words(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


def grid(body: str, limits: Limits = LIMITS) -> list[list[str]]:
    (table,) = [block for block in doc(body, limits=limits).blocks if isinstance(block, Table)]
    assert len({len(row) for row in table.rows}) == 1
    return [[cell.text for cell in row] for row in table.rows]


def codes(document: Document) -> list[str]:
    return [note.code for note in document.notes]


def run(text: str, properties: str = "") -> str:
    return f'<w:r>{f"<w:rPr>{properties}</w:rPr>" if properties else ""}<w:t xml:space="preserve">{text}</w:t></w:r>'


def para(*inner: str) -> str:
    return f"<w:p>{''.join(inner)}</w:p>"


# --- paragraphs -------------------------------------------------------------------------------------------------------


def test_paragraphs_in_order_with_their_ordinal() -> None:
    document = doc(p("标题") + p() + p("   ") + p("第一段") + tbl(tr(tc("甲"), tc("乙"))) + p("第二段"))
    assert words(document) == ["标题", "第一段", "第二段"]
    assert [block.where.line for block in document.blocks] == [1, 2, None, 3]
    assert (document.format, document.source, document.notes) == ("docx", "x.docx", ())


def test_a_line_break_makes_two_paragraphs_at_one_place() -> None:
    document = doc(para(run("一、总体情况"), '<w:r><w:br/><w:t>正文</w:t><w:br w:type="page"/></w:r>', run("下页")))
    assert words(document) == ["一、总体情况", "正文", "下页"]
    assert [block.where.line for block in document.blocks] == [1, 1, 1]


def test_signs_inside_runs() -> None:
    inner = "<w:r><w:t>058</w:t><w:noBreakHyphen/><w:t>555</w:t><w:tab/><w:t>申</w:t><w:softHyphen/><w:t>请</w:t></w:r>"
    assert words(doc(para(inner))) == ["058-555\t申请"]


def test_blanks_count_only_where_they_are_to_be_kept() -> None:
    assert words(doc("<w:p><w:r><w:t>\n  甲 乙\n</w:t></w:r>" + run(" 丙 ") + "</w:p>")) == ["甲 乙 丙 "]


WRAPPED = [
    f'<w:hyperlink r:id="r9">{run("链接")}</w:hyperlink>',
    f"<w:smartTag>{run('链接')}</w:smartTag>",
    f"<w:sdt><w:sdtPr><w:text/></w:sdtPr><w:sdtContent>{run('链接')}</w:sdtContent></w:sdt>",
    f'<w:fldSimple w:instr="AUTHOR">{run("链接")}</w:fldSimple>',
    f"<w:customXml><w:smartTag>{run('链接')}</w:smartTag></w:customXml>",
    f"<w:dir>{run('链接')}</w:dir>",
    "<w:r><w:ruby><w:rt><w:r><w:t>注音</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>链接</w:t></w:r></w:rubyBase></w:ruby></w:r>",
    "<m:oMath><m:r><m:t>链接</m:t></m:r></m:oMath>",
]


@pytest.mark.parametrize("inner", WRAPPED)
def test_words_inside_other_elements_are_read_in_place(inner: str) -> None:
    assert words(doc(para(run("前"), inner, run("后")))) == ["前链接后"]


def test_blocks_inside_content_controls_are_read() -> None:
    body = f"<w:sdt><w:sdtContent>{p('甲')}<w:customXml>{p('乙')}</w:customXml></w:sdtContent></w:sdt>{p('丙')}"
    assert words(doc(body)) == ["甲", "乙", "丙"]
    control = "<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>"
    row = tr(tc("1"), control.format(tc("2")))
    assert grid(tbl(control.format(row), tr(tc("3"), tc("4")))) == [["1", "2"], ["3", "4"]]


def field(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def test_row_28_field_codes_are_never_part_of_the_text() -> None:
    code = "<w:r><w:instrText> DATE \\@ yyyy </w:instrText></w:r>"
    body = para(run("截至"), field("begin"), code, field("separate"), run("2023年"), field("end"), run("底"))
    assert words(doc(body)) == ["截至2023年底"]
    inner = field("begin") + code + field("separate") + run("1") + field("end")
    nested = para(field("begin"), code, inner, code, field("separate"), run("结果"), field("end"), run("。"))
    assert words(doc(nested)) == ["结果。"]
    bookmark = '<w:bookmarkStart w:id="0" w:name="_GoBack"/><w:bookmarkEnd w:id="0"/>'
    assert words(doc(para(run("甲"), bookmark, run("乙")))) == ["甲乙"]


def test_row_28_a_field_that_never_ends_takes_no_other_paragraph_with_it() -> None:
    assert words(doc(para(field("begin"), run("码")) + p("正文"))) == ["正文"]


# --- what does not count ----------------------------------------------------------------------------------------------


def test_row_23_insertions_count_and_deletions_do_not() -> None:
    body = para(
        run("收到申请"), f"<w:del><w:r><w:delText>5</w:delText></w:r></w:del><w:ins>{run('2')}</w:ins>", run("件"),
        f"<w:moveFrom>{run('旧处')}</w:moveFrom><w:moveTo>{run('。')}</w:moveTo>",
    )  # fmt: skip
    document = doc(body)
    assert words(document) == ["收到申请2件。"]
    assert codes(document) == ["tracked-changes"]


def test_row_23_a_deleted_paragraph_mark_joins_what_it_parted_and_takes_its_number_along() -> None:
    numbering = lists(level(0, "chineseCounting", "%1、"))
    gone = (
        "<w:p><w:pPr>"
        + num(1)
        + "<w:rPr><w:del/></w:rPr></w:pPr><w:del><w:r><w:delText>旧</w:delText></w:r></w:del></w:p>"
    )
    document = doc(p("甲", num(1)) + gone + p("乙", num(1)), numbering=numbering)
    assert words(document) == ["一、甲", "二、乙"]
    assert codes(document) == ["tracked-changes"]
    half = f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{run('前半')}</w:p>"
    assert words(doc(half + p("后半"))) == ["前半后半"]
    assert words(doc(half)) == ["前半"]


def test_row_23_deleted_rows_go_and_inserted_rows_stay() -> None:
    document = doc(
        tbl(
            tr(tc("1"), tc("2")),
            tr(tc("旧"), tc("旧"), properties="<w:del/>"),
            tr(tc("3"), tc("4"), properties="<w:ins/>"),
        )
    )
    assert isinstance(document.blocks[0], Table)
    assert [[cell.text for cell in row] for row in document.blocks[0].rows] == [["1", "2"], ["3", "4"]]
    assert codes(document) == ["tracked-changes"]


BOX = "<w:txbxContent>{}</w:txbxContent>"


def boxed(inner: str) -> str:
    """A text box as Word writes it: once new, once for old programs, which may lag behind."""
    return (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>{BOX.format(inner)}</w:drawing></mc:Choice>'
        f"<mc:Fallback><w:pict><v:textbox>{BOX.format(p('旧') + inner)}</v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )


def test_row_24_text_boxes_are_read_once_after_their_anchor() -> None:
    assert words(doc(para(run("前"), boxed(p("框一") + p("框二")), run("后")) + p("尾"))) == [
        "前后",
        "框一",
        "框二",
        "尾",
    ]
    old = para(f"<w:r><w:pict><v:textbox>{BOX.format(p('旧框'))}</v:textbox></w:pict></w:r>")
    assert words(doc(old)) == ["旧框"]
    only = para(boxed("").replace("<w:drawing><w:txbxContent></w:txbxContent></w:drawing>", ""))
    assert words(doc(only)) == ["旧"]
    assert grid(tbl(tr(tc(inner=para(run("1"), boxed(p("框")))), tc("2")))) == [["1\n框", "2"]]


VANISH = "<w:vanish/>"
WHITE = '<w:color w:val="FFFFFF"/>'
HIDDEN_STYLES = styles(
    style("hid", f"<w:rPr>{VANISH}</w:rPr>", kind="character"), style("hid2", kind="character", base="hid"),
    style("para", f"<w:rPr>{VANISH}</w:rPr>"), style("ink", f"<w:rPr>{WHITE}</w:rPr>", kind="character"),
)  # fmt: skip


@pytest.mark.parametrize(
    "properties",
    [
        VANISH, WHITE, '<w:rStyle w:val="hid"/>', '<w:rStyle w:val="hid2"/>', '<w:rStyle w:val="ink"/>',
        '<w:sz w:val="2"/>',
        WHITE + '<w:shd w:val="clear" w:fill="auto"/>', '<w:vanish w:val="1"/>',
    ],
)  # fmt: skip
def test_row_26_hidden_text_does_not_count(properties: str) -> None:
    document = doc(para(run("看得见"), run("行政复议", properties)), HIDDEN_STYLES)
    assert words(document) == ["看得见"]
    assert codes(document) == ["hidden-text"]


@pytest.mark.parametrize(
    "properties",
    [
        '<w:vanish w:val="0"/>', '<w:vanish w:val="false"/>', WHITE + '<w:shd w:val="clear" w:fill="FF0000"/>',
        WHITE + '<w:highlight w:val="blue"/>', '<w:color w:val="FF0000"/>', '<w:sz w:val="21"/>', "<w:webHidden/>",
        '<w:rStyle w:val="hid"/><w:vanish w:val="0"/>',
    ],
)  # fmt: skip
def test_row_26_what_can_be_seen_counts(properties: str) -> None:
    document = doc(para(run("看得见"), run("行政复议", properties)), HIDDEN_STYLES)
    assert words(document) == ["看得见行政复议"]
    assert codes(document) == []


def test_row_26_hidden_by_the_style_of_the_paragraph_or_with_its_row() -> None:
    assert words(doc(p("暗", '<w:pStyle w:val="para"/>') + p("明"), HIDDEN_STYLES)) == ["明"]
    document = doc(tbl(tr(tc("1"), tc("2")), tr(tc("暗"), tc("暗"), properties="<w:hidden/>"), tr(tc("3"), tc("4"))))
    assert isinstance(document.blocks[0], Table)
    assert len(document.blocks[0].rows) == 2
    assert codes(document) == ["hidden-text"]


def _long_form(last: str, look: str = '<w:sz w:val="18"/>') -> str:
    """A table of many cells that look alike, and one more row."""
    jc = '<w:jc w:val="center"/>'
    return tbl(*(tr(*(tc(inner=p("7", jc, look)) for _ in range(4))) for _ in range(20)), tr(*[tc("8")] * 3, last))


def test_row_26_what_words_look_like_is_left_unread_where_nothing_hangs_on_it() -> None:
    struck = tc(inner=para(run("9", '<w:sz w:val="18"/><w:strike/>')))
    assert grid(_long_form(struck))[-2:] == [["7"] * 4, ["8"] * 3 + [""]]
    # the ink of the style is white, that of each cell is not
    ink = styles('<w:style w:type="paragraph" w:default="1" w:styleId="n"><w:rPr>' + WHITE + "</w:rPr></w:style>")
    shown = doc(_long_form(tc("9"), look='<w:color w:val="000000"/>'), ink).blocks[0]
    assert isinstance(shown, Table)
    assert [[cell.text for cell in row] for row in shown.rows][-2:] == [["7"] * 4, [""] * 4]
    # the end of a paragraph is deleted: what it says goes on in the one below, though that is empty
    ended = p("甲", "<w:rPr><w:del/></w:rPr>") + p("", '<w:jc w:val="center"/>') + p("乙")
    assert words(doc(_long_form(tc("9")) + ended)) == ["甲", "乙"]


def test_row_26_white_on_a_dark_ground_counts() -> None:
    dark = '<w:shd w:val="clear" w:fill="1F4E79"/>'
    assert grid(tbl(tr(tc(properties=dark, inner=p("表头", run=WHITE)), tc("2")))) == [["表头", "2"]]
    assert words(doc(p("白字", dark, WHITE))) == ["白字"]
    assert words(doc(para(boxed(p("框", run=WHITE))))) == ["框"]
    styled = (
        '<w:tbl><w:tblPr><w:tblStyle w:val="a"/></w:tblPr>' + tr(tc(inner=p("白", run=WHITE)), tc("2")) + "</w:tbl>"
    )
    assert grid(styled) == [["白", "2"]]


def test_row_27_headers_notes_and_comments_stand_apart() -> None:
    files = parts(para(run("正文"), '<w:r><w:footnoteReference w:id="1"/><w:commentReference w:id="1"/></w:r>'))
    for name in ("header1", "footer1", "footnotes", "endnotes", "comments"):
        files[f"word/{name}.xml"] = files["word/document.xml"].replace("正文".encode(), "行政复议".encode())
    assert words(parse_docx(packed(files), "x")) == ["正文"]


def test_a_table_of_contents_is_not_read_twice() -> None:
    known = styles(style("10", name="toc 1"), style("a"))
    assert words(doc(p("一、总体情况\t1", '<w:pStyle w:val="10"/>') + p("一、总体情况"), known)) == ["一、总体情况"]


def test_row_11_nothing_is_run_and_nothing_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("fetched")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    dark = p("暗", '<w:pStyle w:val="para"/>')
    files = parts(p(SENTENCE) + dark + para('<w:r><w:object><o:OLEObject r:id="r3"/></w:object></w:r>'), HIDDEN_STYLES)
    remote = "".join(
        f'<Relationship Id="x{kind}" Type="http://x/{kind}" Target="http://127.0.0.1:9/x" TargetMode="External"/>'
        for kind in ("attachedTemplate", "image", "styles", "numbering", "oleObject")
    )
    files["word/_rels/document.xml.rels"] = files["word/_rels/document.xml.rels"].replace(
        b"<Relationship ", remote.encode() + b"<Relationship "
    )
    files["word/vbaProject.bin"] = b"\xd0\xcf\x11\xe0 AutoOpen"
    files["[Content_Types].xml"] = (
        b'<Types><Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>'
    )
    assert words(parse_docx(packed(files), "x.docm")) == [SENTENCE]


# --- rank -------------------------------------------------------------------------------------------------------------


def hints(body: str, *known: str) -> list[str]:
    return [block.hint for block in doc(body, styles(*known)).blocks if isinstance(block, Paragraph)]


def test_rank_by_outline_level_style_name_and_title() -> None:
    known = (
        style("1", name="heading 1"), style("2", base="1", name="自定"),
        style("3", '<w:pPr><w:outlineLvl w:val="2"/></w:pPr>'),
        style("t", name="Title"), style("9", name="heading 9"),
    )  # fmt: skip
    styled = [p("甲", f'<w:pStyle w:val="{key}"/>') for key in ("t", "1", "2", "3", "9")]
    assert hints("".join(styled) + p("乙", '<w:outlineLvl w:val="1"/>') + p("丙"), *known) == [
        "h1", "h2", "h2", "h4", "", "h3", "",
    ]  # fmt: skip


def test_h1_is_for_the_title_alone() -> None:
    ranked = [p("甲", '<w:outlineLvl w:val="0"/>'), p("乙", '<w:outlineLvl w:val="1"/>')]
    assert hints("".join(ranked)) == ["h1", "h2"]
    assert hints(ranked[0] + "".join(ranked)) == ["h2", "h2", "h3"]


def test_styles_in_a_ring_end() -> None:
    known = styles(style("a", base="b"), style("b", base="a", inner=f"<w:rPr>{VANISH}</w:rPr>"))
    assert words(doc(p("甲", '<w:pStyle w:val="b"/>') + p("乙"), known)) == ["乙"]
    chain = styles(*(style(f"s{n}", base=f"s{n + 1}") for n in range(50_000)))
    started = time.process_time()
    assert words(doc(p("甲", '<w:pStyle w:val="s0"/>'), chain)) == ["甲"]
    assert time.process_time() - started < 4


# --- numbers ----------------------------------------------------------------------------------------------------------

OUTLINE = level(0, "chineseCounting", "%1、") + level(1, "chineseCounting", "（%2）") + level(2, "decimal", "%3.")


def numbered(numbering: str, *paragraphs: str, known: str = "") -> list[str]:
    return words(doc("".join(paragraphs), known, numbering))


def test_row_25_the_numbers_that_word_prints_are_part_of_the_text() -> None:
    ranks = [0, 1, 1, 2, 2, 1, 2, 0, 1, 0]
    assert numbered(lists(OUTLINE), *(p("文", num(1, rank)) for rank in ranks)) == [
        "一、文", "（一）文", "（二）文", "1.文", "2.文", "（三）文", "1.文", "二、文", "（一）文", "三、文",
    ]  # fmt: skip


def test_a_number_keeps_apart_from_figures_and_words() -> None:
    plain = lists(level(0, "decimal", "%1."), level(0, "chineseCounting", "第%1条"))
    assert numbered(plain, p("2023年", num(1)), p("　文", num(1)), p("文", num(2))) == [
        "1. 2023年",
        "2.文",
        "第一条 文",
    ]


def test_lists_of_one_kind_go_on_and_restart_once() -> None:
    override = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'
    nums = "".join(
        f'<w:num w:numId="{n}"><w:abstractNumId w:val="1"/>{override if n == 8 else ""}</w:num>' for n in (7, 8)
    )
    order = [1, 7, 8, 8, 1, 8]
    assert numbered(lists(OUTLINE, nums=nums), *(p("", num(n)) for n in order)) == [
        "一、", "二、", "五、", "六、", "七、", "八、",
    ]  # fmt: skip


def test_an_override_may_replace_a_level() -> None:
    override = f'<w:lvlOverride w:ilvl="0">{level(0, "decimal", "%1)", start=3)}</w:lvlOverride>'
    nums = f'<w:num w:numId="7"><w:abstractNumId w:val="1"/>{override}</w:num>'
    assert numbered(lists(OUTLINE, nums=nums), p("文", num(7))) == ["3)文"]


def test_numbers_from_styles() -> None:
    known = styles(
        style("h", f"<w:pPr>{num(1)}</w:pPr>"),
        style("sub", '<w:pPr><w:numPr><w:ilvl w:val="1"/></w:numPr></w:pPr>', base="h"),
        style("off", '<w:pPr><w:numPr><w:numId w:val="0"/></w:numPr></w:pPr>', base="h"),
    )  # fmt: skip
    body = [p("文", f'<w:pStyle w:val="{key}"/>') for key in ("h", "sub", "off", "h")]
    off = p("文", '<w:pStyle w:val="h"/><w:numPr><w:numId w:val="0"/></w:numPr>')
    assert numbered(lists(OUTLINE), *body, off, known=known) == ["一、文", "（一）文", "文", "二、文", "文"]


def test_a_level_tied_to_a_style_and_a_default_style_with_numbers() -> None:
    tied = lists(level(0, "chineseCounting", "%1、", style="h1") + level(1, "chineseCounting", "（%2）", style="h2"))
    known = styles(*(style(key, '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>') for key in ("h1", "h2")))
    body = [p("文", f'<w:pStyle w:val="{key}"/>') for key in ("h1", "h2", "h2")]
    assert numbered(tied, *body, known=known) == ["一、文", "（一）文", "（二）文"]
    default = styles(style("n", f"<w:pPr>{num(1)}</w:pPr>").replace("<w:style ", '<w:style w:default="1" '))
    assert numbered(lists(OUTLINE), p("文"), "<w:p/>", p("文"), known=default) == ["一、文", "二、", "三、文"]


def test_a_list_that_only_refers_to_a_numbering_style() -> None:
    known = styles(style("ls", f"<w:pPr>{num(1)}</w:pPr>", kind="numbering"))
    assert numbered(lists(OUTLINE, '<w:numStyleLink w:val="ls"/>'), p("文", num(2)), known=known) == ["一、文"]
    ring = styles(style("ls", f"<w:pPr>{num(2)}</w:pPr>", kind="numbering"))
    assert numbered(lists(OUTLINE, '<w:numStyleLink w:val="ls"/>'), p("文", num(2)), known=ring) == ["文"]


def test_legal_levels_and_levels_that_do_not_restart() -> None:
    legal = level(0, "chineseCounting", "%1、") + level(1, "decimal", "%1.%2", extra="<w:isLgl/>")
    assert numbered(lists(legal), p("文", num(1)), p("文", num(1, 1))) == ["一、文", "1.1 文"]
    steady = level(0, "chineseCounting", "%1、") + level(1, "decimal", "%2、", extra='<w:lvlRestart w:val="0"/>')
    ranks = [0, 1, 1, 0, 1]
    assert numbered(lists(steady), *(p("", num(1, rank)) for rank in ranks)) == ["一、", "1、", "2、", "二、", "3、"]


def test_a_deeper_level_first_shows_its_parent_as_begun() -> None:
    assert numbered(lists(level(0, "decimal", "%1") + level(1, "decimal", "%1.%2")), p("文", num(1, 1))) == ["1.1 文"]


def test_bullets_and_unknown_lists_print_nothing() -> None:
    assert numbered(lists(level(0, "bullet", "")), p("文", num(1)), p("文", num(99))) == ["文", "文"]


def test_numbers_inside_cells() -> None:
    cells = [tr(tc(inner=p("", num(1))), tc("甲")), tr(tc(inner=p("", num(1))), tc("乙"))]
    document = doc(tbl(*cells), numbering=lists(level(0, "decimal", "%1")))
    assert isinstance(document.blocks[0], Table)
    assert [[cell.text.strip() for cell in row] for row in document.blocks[0].rows] == [["1", "甲"], ["2", "乙"]]


FORMS = {
    "chineseCounting": ("一", "十", "十一", "二十", "二十五", "九十九"),
    "chineseCountingThousand": ("一", "十", "十一", "二十", "二十五", "九十九"),
    "japaneseCounting": ("一", "十", "十一", "二十", "二十五", "九十九"),
    "decimal": ("1", "10", "11", "20", "25", "99"),
    "decimalZero": ("01", "10", "11", "20", "25", "99"),
    "decimalEnclosedCircle": ("①", "⑩", "⑪", "⑳", "25", "99"),
    "decimalEnclosedCircleChinese": ("①", "⑩", "⑪", "⑳", "25", "99"),
    "decimalEnclosedParen": ("⑴", "⑽", "⑾", "⒇", "25", "99"),
    "decimalEnclosedFullstop": ("⒈", "⒑", "⒒", "⒛", "25", "99"),
    "decimalFullWidth": ("１", "１０", "１１", "２０", "２５", "９９"),
    "ideographTraditional": ("甲", "癸", "甲", "癸", "戊", "壬"),
    "ideographZodiac": ("子", "酉", "戌", "未", "子", "寅"),
    "ideographDigital": ("一", "一〇", "一一", "二〇", "二五", "九九"),
    "chineseLegalSimplified": ("壹", "壹拾", "壹拾壹", "贰拾", "贰拾伍", "玖拾玖"),
    "ideographEnclosedCircle": ("㊀", "㊉", "11", "20", "25", "99"),
    "upperRoman": ("I", "X", "XI", "XX", "XXV", "XCIX"),
    "lowerRoman": ("i", "x", "xi", "xx", "xxv", "xcix"),
    "upperLetter": ("A", "J", "K", "T", "Y", "UUUU"),
    "lowerLetter": ("a", "j", "k", "t", "y", "uuuu"),
    "none": ("", "", "", "", "", ""),
    "never heard of": ("1", "10", "11", "20", "25", "99"),
}


@pytest.mark.parametrize("form", FORMS)
def test_numerals_of_every_form(form: str) -> None:
    assert tuple(numeral(n, form) for n in (1, 10, 11, 20, 25, 99)) == FORMS[form]


def test_large_numerals() -> None:
    wanted = {
        0: "零",
        100: "一百",
        105: "一百零五",
        110: "一百一十",
        1005: "一千零五",
        1050: "一千零五十",
        10_203: "一万零二百零三",
    }
    assert {n: numeral(n, "chineseCountingThousand") for n in wanted} == wanted
    assert numeral(12_345, "chineseLegalSimplified") == "壹萬贰仟叁佰肆拾伍"
    assert numeral(-3, "upperRoman") == "-3"


def test_hostile_numbering_ends() -> None:
    odd = level(0, "upperRoman", "%1%1%1%1", start=999_999_999) + level(77, "decimal", "%1") + level(-1, "decimal", "x")
    found = numbered(lists(odd), *(p("文", num(1, rank)) for rank in (0, 0, 999_999_999, -5)))
    assert len(found) == 4
    assert max(map(len, found)) <= 103


# --- tables -----------------------------------------------------------------------------------------------------------

RESTART, GOES_ON = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"


def spans(number: object) -> str:
    return f'<w:gridSpan w:val="{number}"/>'


def test_row_21_merged_cells_are_one_cell_at_every_place() -> None:
    body = tbl(
        tr(tc("大", spans(2) + RESTART), tc("3")),
        tr(tc("看不见", spans(2) + GOES_ON), tc("6")),
        tr(tc("7"), tc("8"), tc("9")),
    )
    assert grid(body) == [["大", "大", "3"], ["大", "大", "6"], ["7", "8", "9"]]
    table = doc(body).blocks[0]
    assert isinstance(table, Table)
    assert len({id(table.rows[row][column]) for row in (0, 1) for column in (0, 1)}) == 1


def test_row_21_a_merge_with_nothing_above_is_a_cell_of_its_own() -> None:
    assert grid(tbl(tr(tc("1", GOES_ON), tc("2")), tr(tc("3"), tc("4")))) == [["1", "2"], ["3", "4"]]
    assert grid(tbl(tr(tc("1"), tc("2")), tr(tc("3", GOES_ON), tc("4")))) == [["1", "2"], ["3", "4"]]
    assert grid(tbl(tr(tc("1", RESTART), tc("2")), tr(tc("3", RESTART), tc("4")))) == [["1", "2"], ["3", "4"]]


def test_an_old_way_of_merging_across() -> None:
    old = '<w:hMerge w:val="{}"/>'
    assert grid(tbl(tr(tc("甲", old.format("restart")), tc("", old.format("continue")), tc("3")))) == [
        ["甲", "甲", "3"]
    ]


def test_row_20_cells_stay_in_their_true_column() -> None:
    body = tbl(
        tr(tc("1"), tc("2"), tc("3", RESTART)),
        tr(tc("5"), tc("", GOES_ON), properties='<w:gridBefore w:val="1"/>'),
        tr(tc("7"), properties='<w:gridAfter w:val="2"/>'),
    )
    assert grid(body) == [["1", "2", "3"], ["", "5", "3"], ["7", "", ""]]


@pytest.mark.parametrize(
    ("span", "row"), [(20_000_000, "xxx"), (0, "x  "), (-5, "x  "), ("abc", "x  "), ("9" * 40, "xxx")]
)
def test_row_19_spans_are_clamped(span: object, row: str) -> None:
    body = tbl(tr(tc("x", spans(span))), tr(tc("1"), tc("2"), tc("3")), columns=3)
    expected = [cell.strip() for cell in row]
    if span == "9" * 40:
        expected = ["x", "", ""]  # no number at all
    assert grid(body) == [expected, ["1", "2", "3"]]
    assert codes(doc(body)) == ["table-span"]


def test_row_19_a_flood_of_spans_stays_within_the_limits() -> None:
    started = time.process_time()
    document = doc(tbl(*[tr(*[tc("1", spans(20_000_000))] * 10)] * 500, columns=64))
    (table,) = document.blocks
    assert isinstance(table, Table)
    assert {len(row) for row in table.rows} == {64}
    assert time.process_time() - started < 2


def test_row_19_columns_beyond_the_limit_are_noted() -> None:
    document = doc(tbl(tr(*[tc("1")] * 70), tr(*[tc("1")] * 3)))
    (table,) = document.blocks
    assert isinstance(table, Table)
    assert {len(row) for row in table.rows} == {64}
    assert codes(document) == ["table-span"]


def test_row_19_cells_beyond_the_limit_are_unread_and_said_so() -> None:
    document = doc(p("前") + tbl(*[tr(tc("1"), tc("2"))] * 60) * 2 + p("后"), limits=Limits(table_cells=150))
    tables = [block for block in document.blocks if isinstance(block, Table)]
    assert [(len(table.rows), table.picture) for table in tables] == [(60, False), (0, True)]
    assert codes(document) == ["table-cells"]
    assert words(document) == ["前", "后"]


def test_row_22_time_is_linear() -> None:
    data = docx(tbl(*[tr(*[tc(str(n)) for n in range(10)])] * 200))
    parse_docx(data, "x")
    times = []
    for _ in range(5):
        started = time.process_time()
        parse_docx(data, "x")
        times.append(time.process_time() - started)
    assert min(times) < 0.05


def test_row_22_five_thousand_rows() -> None:
    rows = [
        tr(*[tc(str(n * 7919 % 10_007 * row), f'<w:tcW w:w="{n * row}"/>') for n in range(10)]) for row in range(5_000)
    ]
    data = docx(tbl(*rows))
    started = time.process_time()
    (table,) = parse_docx(data, "x").blocks
    assert isinstance(table, Table)
    assert len(table.rows) == 5_000
    assert time.process_time() - started < 4


def test_nested_tables_stand_in_the_outer_cell_in_order() -> None:
    inner = p("前") + tbl(tr(tc("1"), tc("2")), tr(tc("3"), tc("4"))) + p("后")
    outer = tbl(*[tr(*[tc("外")] * 3)] * 2, tr(tc(inner=inner), tc("外"), tc("外")))
    assert grid(outer)[2] == ["前\n1\n2\n3\n4\n后", "外", "外"]


def test_tables_too_deep_are_read_as_text_with_a_note() -> None:
    inner = p("底")
    for _ in range(9):
        inner = tbl(tr(tc(inner=inner), tc("外")), tr(tc("外"), tc("外")))
    document = doc(inner)
    assert "底" in str(document.blocks)
    assert codes(document) == ["table-depth"]


def test_tables_that_only_arrange_the_page_are_paragraphs() -> None:
    form = tbl(*[tr(*[tc("1")] * 4)] * 3)
    document = doc(tbl(tr(tc(inner=p("一、总体情况") + p("正文") + form))) + p("尾"))
    assert words(document) == ["一、总体情况", "正文", "尾"]
    assert [isinstance(block, Table) for block in document.blocks] == [False, False, True, False]
    beside = doc(tbl(tr(tc("左"), tc(inner=p("右") + form))))
    assert [type(block).__name__ for block in beside.blocks] == ["Paragraph", "Paragraph", "Table"]
    prose = doc(tbl(tr(tc("总体情况"), tc("全年公开信息，" * 30 + "。"))))
    assert words(prose)[0] == "总体情况"


def test_a_table_in_two_pieces_stays_so() -> None:
    piece = tbl(tr(tc("表头"), tc("数"), properties="<w:tblHeader/>"), tr(tc("甲"), tc("1")))
    tables = [block for block in doc(piece + p() + piece).blocks if isinstance(block, Table)]
    assert [len(table.rows) for table in tables] == [2, 2]


def picture(width: int, height: int) -> str:
    return (
        f'<w:r><w:drawing><wp:inline><wp:extent cx="{width * 9525}" cy="{height * 9525}"/>'
        '<a:graphic><a:blip r:embed="r1"/></a:graphic></wp:inline></w:drawing></w:r>'
    )


OLD_PICTURE = (
    '<w:r><w:object><v:shape style="width:415pt;height:120.5pt"><v:imagedata r:id="r1"/></v:shape></w:object></w:r>'
)


@pytest.mark.parametrize("drawn", [picture(500, 300), OLD_PICTURE])
def test_a_picture_by_itself_may_be_a_table(drawn: str) -> None:
    document = doc(p("前") + para(drawn) + p("后"))
    assert [isinstance(block, Table) and block.picture for block in document.blocks] == [False, True, False]
    assert codes(document) == ["picture"]


@pytest.mark.parametrize(
    "inner", [picture(100, 100), picture(500, 300) + run("文"), f"<w:r><w:drawing>{BOX.format(p())}</w:drawing></w:r>"]
)
def test_seals_and_pictures_beside_text_are_no_tables(inner: str) -> None:
    assert [block for block in doc(p("前") + para(inner)).blocks if isinstance(block, Table)] == []


def test_a_document_without_words_is_refused_by_its_reason() -> None:
    for body, code in (("", "empty"), (p() + p("　"), "empty"), (para(picture(500, 700)) * 3, "format")):
        with pytest.raises(Unreadable) as caught:
            doc(body)
        assert caught.value.code == code
    assert "图片" in caught.value.message


# --- as a file --------------------------------------------------------------------------------------------------------


def test_zero_width_characters_are_noted_with_their_paragraph(tmp_path: Path) -> None:
    path = tmp_path / "报告.docx"
    path.write_bytes(docx(p("甲") + p("行政复\u200b议")))
    (note,) = read(path).notes
    assert (note.code, note.where.line) == ("zero-width", 2)
    assert "第 2 段" in note.message


def test_row_10_content_decides_under_any_name(tmp_path: Path) -> None:
    for name in ("报告.doc", "报告.wps", "报告.txt", "报告"):
        (tmp_path / name).write_bytes(docx(p(SENTENCE)))
        assert words(read(tmp_path / name)) == [SENTENCE]


def test_a_zip_that_only_names_a_word_document_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(packed({"a/word/document.xml": b"<x/>"}))
    with pytest.raises(Unreadable) as caught:
        read(path)
    assert caught.value.code == "format"


REPORTS = sorted((ROOT / "examples").glob("*.txt"))
MARKS = (("一二三四五六七八九十", "{}、", 0), ("一二三四五六七八九十", "（{}）", 1), ("123456789", "{}.", 2))


def typed(text: str) -> tuple[str, str]:
    """A report as an officer types it in Word: what Word would number itself has no number in its text."""
    counters, body = [0, 0, 0], ""
    for line in text.split("\n"):
        labels = [mark.format(signs[min(counters[rank], 8)]) for signs, mark, rank in MARKS]
        rank = next((rank for rank, label in enumerate(labels) if line.startswith(label)), None)
        if rank is None:
            body += p(line)
        else:
            counters = [*counters[:rank], counters[rank] + 1, *[0] * (2 - rank)]
            body += p(line.removeprefix(labels[rank]).lstrip(), num(1, rank))
    return body, lists(OUTLINE)


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.stem)
def test_a_report_gives_the_same_facts_as_its_text(path: Path, tmp_path: Path) -> None:
    # in plain text 1.2019年起 is no first point; Word keeps the number and the year apart
    text = re.sub(r"(?m)^(\d\.)(?=\d)", r"\1 ", path.read_text(encoding="utf-8"))
    body, numbering = typed(text)
    assert body.count("<w:numPr>") >= 5
    plain, copy = tmp_path / "报告.txt", tmp_path / "报告.docx"
    plain.write_text(text, encoding="utf-8")
    copy.write_bytes(docx(body, numbering=numbering))
    facts = load().facts
    by_text, by_word = extract(read(plain), facts), extract(read(copy), facts)
    assert [(h.label, h.text) for h in by_word.headings] == [(h.label, h.text) for h in by_text.headings]
    assert {k: (f.value, f.state) for k, f in by_word.facts.items()} == {
        k: (f.value, f.state) for k, f in by_text.facts.items()
    }
    assert {scope: passage.text for scope, passage in by_word.texts.items()} == {
        scope: passage.text for scope, passage in by_text.texts.items()
    }
    assert (by_word.place, by_word.year, by_word.level) == (by_text.place, by_text.year, by_text.level)


def drawn(table: Table) -> str:
    """A grid as Word draws it: merged cells by gridSpan and vMerge."""
    rows = []
    for top, row in enumerate(table.rows):
        cells, left = [], 0
        while left < len(row):
            right = left + 1
            while right < len(row) and row[right] is row[left]:
                right += 1
            above = top > 0 and table.rows[top - 1][left] is row[left]
            below = top + 1 < len(table.rows) and table.rows[top + 1][left] is row[left]
            merge = GOES_ON if above else RESTART if below else ""
            inner = p() if above else "".join(map(p, row[left].text.split("\n")))
            cells.append(tc("", spans(right - left) + merge, inner))
            left = right
        rows.append(tr(*cells))
    return tbl(*rows, columns=len(table.rows[0]))


FORMS_IN_FILES = [path for path in sorted((ROOT / "examples").glob("*")) if path.suffix in (".html", ".md")]


@pytest.mark.parametrize("path", [path for path in FORMS_IN_FILES if path.stem != "README"], ids=lambda path: path.name)
def test_the_forms_give_the_same_facts_as_on_a_page(path: Path, tmp_path: Path) -> None:
    page = replace(read(path), posted=None)  # a page's own date
    assert sum(isinstance(block, Table) for block in page.blocks) >= 3
    copy = tmp_path / "报告.docx"
    copy.write_bytes(
        docx("".join(drawn(block) if isinstance(block, Table) else p(block.text) for block in page.blocks))
    )
    document = read(copy)
    assert [
        [[cell.text for cell in row] for row in block.rows] for block in document.blocks if isinstance(block, Table)
    ] == [[[cell.text for cell in row] for row in block.rows] for block in page.blocks if isinstance(block, Table)]
    facts = load().facts
    by_page, by_word = extract(page, facts).facts, extract(document, facts).facts
    assert {k: (f.value, f.state) for k, f in by_word.items()} == {k: (f.value, f.state) for k, f in by_page.items()}


# --- where the words come from ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_word_is_traced_to_the_element_that_holds_it(variant: str) -> None:
    data = VARIANTS[variant](written("2024-云渚镇"))
    document, root, sources = traced_docx(data, "x.docx")
    assert document == parse_docx(data, "x.docx")
    assert len(sources) == len(document.blocks)
    for block, source in zip(document.blocks, sources, strict=True):
        if isinstance(block, Paragraph):
            assert source.printed
            assert source.printed.text.startswith(block.text, source.start)
            assert all(element is None or root in element.iterancestors() for _, element in source.printed.pieces)
        else:
            for at, row in enumerate(block.rows):
                for column, cell in enumerate(row):
                    found = source.cells[at][column]
                    assert found or not cell.text
                    if found:
                        assert "\n".join(printed.text.strip(" \t\n\u3000\xa0") for printed in found[1]) == cell.text
                        up, across = cell.where.cell or (-1, -1)
                        assert block.rows[up][across] is cell


@pytest.mark.parametrize("variant", VARIANTS)
def test_what_a_report_says_is_traced_to_its_place(variant: str) -> None:
    """The start of every sighting leads to its very words, those of a cell to the cell."""
    document = parse_docx(VARIANTS[variant](written("2024-云渚镇")), "x.docx")
    report = extract(document, load(()).facts)
    numbers = origins(document)
    places = [sighting.where for fact in report.facts.values() for sighting in fact.sightings]
    assert len([where for where in places if where.start is not None]) > 40
    for where in places:
        block = document.blocks[numbers[where.block or 0]]
        if where.start is not None and isinstance(block, Paragraph):
            assert block.text[where.start :].startswith(where.quote or "?")
    cells = [fact for name, fact in report.facts.items() if name.startswith(("t2.", "t3.", "t4.")) and fact.raw]
    assert len(cells) == 200
    for fact in cells:
        table = document.blocks[numbers[fact.where.block or 0]]
        assert isinstance(table, Table)
        assert fact.where.cell
        assert table.rows[fact.where.cell[0]][fact.where.cell[1]].text == fact.raw


_STRUCK = "<w:r><w:rPr><w:{0}/></w:rPr><w:t>45</w:t></w:r><w:r><w:t>31</w:t></w:r>"


@pytest.mark.parametrize("line", ["strike", "dstrike"])
def test_what_is_struck_out_is_not_said(line: str) -> None:
    inner = f"<w:p>{_STRUCK.format(line)}</w:p>"
    document = doc(p(SENTENCE) + inner + tbl(tr(tc("许可"), tc(inner=inner)), tr(tc("处罚"), tc("8"))))
    assert words(document)[-1] == "31"
    table = document.blocks[-1]
    assert isinstance(table, Table)
    assert [cell.text for row in table.rows for cell in row] == ["许可", "31", "处罚", "8"]
    assert codes(document) == ["struck"]
    kept = doc(p(SENTENCE) + inner.replace(f"<w:{line}/>", f'<w:{line} w:val="0"/>'))
    assert (words(kept)[-1], codes(kept)) == ("4531", [])


def test_raised_figures_belong_to_no_number() -> None:
    raised = '<w:r><w:t>31</w:t></w:r><w:r><w:rPr><w:vertAlign w:val="{}"/></w:rPr><w:t>2</w:t></w:r>'
    found = [f"<w:p>{raised.format(how)}</w:p>" for how in ("superscript", "subscript", "baseline")]
    assert words(doc(p(SENTENCE) + "".join(found)))[1:] == ["31²", "31₂", "312"]
    assert grid(tbl(tr(tc("许可"), tc(inner=found[0])), tr(tc("处罚"), tc("8"))))[0] == ["许可", "31²"]


def test_words_shifted_off_their_line_are_raised_like_superscript() -> None:
    """As LibreOffice writes them. A paragraph that is shifted as a whole stands on a line of its own."""

    def shifted(half: int, text: str) -> str:
        return run(text, f'<w:position w:val="{half}"/>')

    found = [para(run("31"), shifted(half, "2")) for half in (7, -6, 2)]
    found.append(para(shifted(7, "3"), shifted(7, "12")))
    found.append(para(run("31"), run("2", '<w:rStyle w:val="note"/>')))
    note = '<w:style w:type="character" w:styleId="note"><w:rPr>{}</w:rPr></w:style>'
    for look in ('<w:position w:val="8"/>', '<w:vertAlign w:val="superscript"/>'):
        document = doc(p(SENTENCE) + "".join(found), styles(note.format(look)))
        assert words(document)[1:] == ["31²", "31₂", "312", "312", "31²"]


def test_a_cell_with_a_sign_of_a_symbol_font_is_unread_and_never_blank() -> None:
    tick = '<w:p><w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r></w:p>'
    document = doc(p(SENTENCE) + tbl(tr(tc("许可"), tc(inner=tick)), tr(tc("处罚"), tc("8"))))
    table = document.blocks[-1]
    assert isinstance(table, Table)
    assert [cell.unread for row in table.rows for cell in row] == [False, True, False, False]
    assert codes(document) == ["cell-picture"]
