"""OFD files: the same facts as the report they were made of, every way to place text and lines, and hostile ones."""

from __future__ import annotations

import time
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import ofdkit  # type: ignore[import-untyped]
import pytest

from checker.extract import extract
from checker.model import Document, Paragraph, Report, Table, Unreadable
from checker.pack import load
from checker.read import Limits, read
from checker.read.paper.ofd import parse_ofd
from tests.ofd import Rules, content, laid_out, ofd, parts, path, report, rule, text
from tests.word import SENTENCE, packed

EXAMPLES = Path(__file__).parent.parent / "examples"
REPORTS = sorted(EXAMPLES.glob("20*"))
WITH_TABLES = [file for file in REPORTS if file.suffix in (".html", ".md")]
FACTS = load().facts


def lines(data: bytes) -> list[str]:
    return [block.text for block in parse_ofd(data, "x").blocks if isinstance(block, Paragraph)]


def refused(data: bytes, limits: Limits | None = None) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        parse_ofd(data, "x", limits or Limits())
    assert caught.value.message.endswith("。")
    assert caught.value.remedy.endswith("。")
    return caught.value


def values(found: Report) -> dict[str, object]:
    return {name: (fact.value, fact.state) for name, fact in found.facts.items()}


# --- the same report --------------------------------------------------------------------------------------------------


def original(file: Path) -> Document:
    return replace(read(file), posted=None)


@pytest.mark.parametrize("file", WITH_TABLES, ids=lambda file: file.name)
@pytest.mark.parametrize("rules", ["strokes", "rectangles", "boxes"])
def test_a_report_gives_the_same_facts(file: Path, rules: Rules) -> None:
    page = original(file)
    document = parse_ofd(report(page.blocks, rules), "x")
    by_page, by_ofd = extract(page, FACTS), extract(document, FACTS)
    assert values(by_ofd) == values(by_page)
    assert [(h.label, h.text) for h in by_ofd.headings] == [(h.label, h.text) for h in by_page.headings]
    assert {block.where.page for block in document.blocks} >= {1, 2, 3}
    for drawn, found in zip(tables(page), tables(document), strict=True):
        assert [len(row) for row in found.rows] == [len(row) for row in drawn.rows]
        for row, again in zip(drawn.rows, found.rows, strict=True):  # of a cell over two pages one half is blank
            assert all(cell.text in (other.text, "") for cell, other in zip(again, row, strict=True))


def tables(document: Document) -> list[Table]:
    return [block for block in document.blocks if isinstance(block, Table)]


@pytest.mark.parametrize("file", [file for file in REPORTS if file.suffix == ".txt"], ids=lambda file: file.name)
def test_a_text_on_pages_gives_no_other_fact(file: Path) -> None:
    """Rows of a table that lost its grid break where a page is full: such a one is unread, never another figure."""
    page = original(file)
    by_text, by_ofd = values(extract(page, FACTS)), values(extract(parse_ofd(report(page.blocks), "x"), FACTS))
    odd = {name for name, value in by_ofd.items() if value != by_text[name] and value != (None, "unread")}
    assert odd == set()
    forms = ("t2.", "t3.", "t4.", "stat.")
    assert {name for name, value in by_ofd.items() if value != by_text[name] and not name.startswith(forms)} == set()


@pytest.mark.parametrize("file", REPORTS, ids=lambda file: file.name)
def test_another_reader_finds_the_same_words(file: Path, tmp_path: Path) -> None:
    blocks = original(file).blocks
    (tmp_path / "a.ofd").write_bytes(ofd(*laid_out(blocks, number=False)))
    told = sorted("".join(ofdkit.extract_text(tmp_path / "a.ofd").split()))
    own = []
    for block in read(tmp_path / "a.ofd").blocks:
        cells = {id(cell): cell for row in block.rows for cell in row}.values() if isinstance(block, Table) else [block]
        own += [character for part in cells for character in "".join(part.text.split())]
    assert sorted(own) == told


# --- text -------------------------------------------------------------------------------------------------------------


def code(words: str, x: float, y: float, extra: str = "", around: str = 'Boundary="0 0 210 297"') -> str:
    inner = f'<ofd:TextCode X="{x}" Y="{y}" {extra}>{words}</ofd:TextCode>'
    return f'<ofd:TextObject {around} Size="4">{inner}</ofd:TextObject>'


@pytest.mark.parametrize(
    "drawn",
    [
        code("甲乙丙丁", 30, 40, 'DeltaX="4 4 4"'),
        code("甲乙丙丁", 30, 40, 'DeltaX="g 3 4"'),
        code("甲乙丙丁", 30, 40, 'DeltaX="4 g 2 4"'),
        code("甲乙丙丁", 30, 40, 'DeltaX="4"'),
        code("甲乙丙丁", 30, 40),
        code("\n甲乙丙丁\n", 30, 40, 'DeltaX="g 3 4"'),
        code("甲乙丙丁", 5, 5, 'DeltaX="g 3 4"', 'Boundary="25 35 99 9"'),
        code("甲乙丙丁", 15, 20, 'DeltaX="g 3 2"', 'Boundary="0 0 210 297" CTM="2 0 0 2 0 0"').replace('4">', '2">', 1),
        code("甲乙丙丁", 1, 1, 'DeltaX="g 3 4"', 'Boundary="9 9 99 99" CTM="1 0 0 1 20 30"'),
        "".join(code(word, 30 + 4 * n, 40) for n, word in reversed(list(enumerate("甲乙丙丁")))),
        '<ofd:TextObject Size="4"><ofd:TextCode X="30" Y="40" DeltaX="4 4">甲乙</ofd:TextCode>'
        "<ofd:TextCode>丙丁</ofd:TextCode></ofd:TextObject>",
        f"<ofd:PageBlock><ofd:PageBlock>{code('甲乙丙丁', 30, 40)}</ofd:PageBlock></ofd:PageBlock>",
    ],
)
def test_every_way_to_place_characters(drawn: str) -> None:
    below = code("戊", 50, 40)
    assert lines(ofd(drawn + below)) == ["甲乙丙丁 戊"]
    (block,) = parse_ofd(ofd(drawn + below), "x").blocks
    assert (block.where.page, block.where.line) == (1, 1)


def test_text_that_runs_down_has_a_line_for_each_character() -> None:
    assert lines(ofd(code("甲乙丙", 30, 40, 'DeltaY="g 2 9"'))) == ["甲", "乙", "丙"]


def test_row_26_what_nobody_sees_does_not_count_ofd() -> None:
    seen = code(SENTENCE, 20, 40)
    for extra in ('Visible="false"', 'Alpha="0"', 'Fill="false"'):
        document = parse_ofd(ofd(seen + code("暗记", 20, 60, "", f'{extra} Boundary="0 0 210 297"')), "x")
        assert "暗记" not in str(document.blocks)
        assert [note.code for note in document.notes] == ["hidden-text"]


def test_templates_and_groups_are_part_of_the_page() -> None:
    unit = (
        '<ofd:Res xmlns:ofd="http://www.ofdspec.org/2016"><ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="7" '
        f'Width="50" Height="9"><ofd:Content>{code("组", 5, 5)}</ofd:Content></ofd:CompositeGraphicUnit>'
        "</ofd:CompositeGraphicUnits></ofd:Res>"
    )
    common = '<ofd:DocumentRes>Res/All.xml</ofd:DocumentRes><ofd:TemplatePage ID="3" BaseLoc="Tpls/T.xml"/>'
    page = content(
        '<ofd:CompositeObject ResourceID="7" Boundary="20 60 50 9"/>' + code("文", 25, 90),
        '<ofd:Template TemplateID="3" ZOrder="Background"/>',
    )
    files = parts(
        [page], common=common, others={"Doc_0/res/ALL.xml": unit, "Doc_0/Tpls/T.xml": content(code("板", 25, 40))}
    )
    assert lines(packed(files)) == ["板", "组", "文"]


def test_paths_are_absolute_or_relative_and_in_any_case() -> None:
    files = parts([content(code(SENTENCE, 20, 40))])
    document = files["Doc_0/Document.xml"]
    for location in (
        b"/Doc_0/Pages/Page_0/Content.xml",
        b"./pages/PAGE_0/content.XML",
        b"..\\Doc_0\\Pages\\Page_0/Content.xml",
    ):
        files["Doc_0/Document.xml"] = document.replace(b"Pages/Page_0/Content.xml", location)
        assert lines(packed(files)) == [SENTENCE]
    files["Doc_0/Document.xml"] = document.replace(b"Page_0/", b"Page_5/")
    assert refused(packed(files)).code == "zip-damaged"


def test_several_documents_are_read_one_after_the_other() -> None:
    first = parts([content(code("甲甲", 20, 40))])
    second = parts([content(code("乙乙", 20, 40))], "Doc_1")
    body = b"<ofd:DocBody><ofd:DocRoot>/Doc_1/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
    joined = first["OFD.xml"].replace(b"</ofd:OFD>", body)
    assert lines(packed(second | first | {"OFD.xml": joined})) == ["甲甲", "乙乙"]


def test_a_page_may_begin_anywhere() -> None:
    area = "<ofd:Area><ofd:PhysicalBox>100 100 210 297</ofd:PhysicalBox></ofd:Area>"
    page = content(text(SENTENCE, 120, 140) + frame(100, 100), area)
    title, table = parse_ofd(packed(parts([page])), "x").blocks
    assert isinstance(title, Paragraph)
    assert isinstance(table, Table)


# --- lines ------------------------------------------------------------------------------------------------------------

WORDS = [("规章", "0"), ("规范性文件", "3")]


def frame(dx: float = 0, dy: float = 0) -> str:
    """Two by two cells drawn with single strokes."""
    at = [60.0, 70.0, 80.0]
    drawn = "".join(rule(30 + dx, y + dy, 130 + dx, y + dy) for y in at)
    drawn += "".join(rule(x + dx, 60 + dy, x + dx, 80 + dy) for x in (30, 80, 130))
    return drawn + words(dx, dy)


def words(dx: float = 0, dy: float = 0) -> str:
    return "".join(
        text(word, 32 + 50 * column + dx, 66 + 10 * row + dy)
        for row, pair in enumerate(WORDS)
        for column, word in enumerate(pair)
    )


@pytest.mark.parametrize(
    "drawn",
    [
        frame(),
        path("M 0 0 L 100 0 L 100 20 L 0 20 C M 0 10 L 100 10 M 50 0 L 50 20", "", "30 60 100 20") + words(),
        path("M 0 0 L 10 0 10 2 0 2 C M 0 1 L 10 1 M 5 0 L 5 2", 'CTM="10 0 0 10 0 0"', "30 60 100 20") + words(),
        path("M 30 60 L 130 60 M 30 70 L 130 70 M 30 80 L 130 80", 'Fill="true"')
        + path("M 30 60 L 30 80 M 80 60 L 80 80 M 130 60 L 130 80")
        + words(),
        "".join(
            path(f"M {x} {y} L {x + 50} {y} L {x + 50} {y + 10} L {x} {y + 10} C") for x in (30, 80) for y in (60, 70)
        )
        + words(),
        path("M 0 0 B 9 9 20 20 40 0 Q 3 3 9 9 A 5 5 0 1 1 20 20") + frame(),
        path("M 20 50 L 200 250") + frame(),
        path("M 80 66 L 130 66").replace("</ofd:P", '<ofd:StrokeColor Value="255 255 255"/></ofd:P') + frame(),
    ],
    ids=["strokes", "one path", "scaled", "pieces", "boxes", "curves beside", "slope", "white line"],
)  # fmt: skip
def test_every_way_to_draw_a_table(drawn: str) -> None:
    (table,) = [block for block in parse_ofd(ofd(drawn), "x").blocks if isinstance(block, Table)]
    assert [tuple(cell.text for cell in row) for row in table.rows] == WORDS


def test_a_filled_ground_is_no_line() -> None:
    ground = path("M 0 0 L 100 0 L 100 20 L 0 20 C", 'Fill="true" Stroke="false"', "30 60 100 20")
    assert all(isinstance(block, Paragraph) for block in parse_ofd(ofd(ground + words()), "x").blocks)


# --- text that is drawn -----------------------------------------------------------------------------------------------

OUTLINE = path("M 1 1 B 2 2 3 3 4 1 L 1 1 C", 'Fill="true" Stroke="false"', "9 9 5 5")
SCAN = '<ofd:ImageObject Boundary="0 0 210 297" CTM="210 0 0 297 0 0" ResourceID="5"/>'


@pytest.mark.parametrize("drawn", [OUTLINE * 300, SCAN, '<ofd:ImageObject Boundary="0 0 200 290" ResourceID="5"/>'])
def test_text_as_outlines_or_pictures_is_refused_and_says_what_to_supply(drawn: str) -> None:
    for pages in ([drawn], [code(SENTENCE, 20, 40), drawn + code("第2页", 90, 280)]):
        error = refused(ofd(*pages))
        assert error.code == "ofd-outlines"
        assert "原始文档" in error.remedy


def test_a_page_of_lines_without_a_word_has_its_words_drawn() -> None:
    grid = "".join(rule(20, y, 190, y) for y in range(20, 150, 5))
    assert refused(ofd(code(SENTENCE, 20, 40), grid)).code == "ofd-outlines"


def test_characters_without_a_meaning_are_refused() -> None:
    assert refused(ofd(code("\ue001\ue002" * 40, 20, 40))).code == "ofd-outlines"


def test_seals_and_emblems_beside_text_are_borne() -> None:
    seal = '<ofd:ImageObject Boundary="120 200 40 40" ResourceID="5"/>'
    document = parse_ofd(ofd(code(SENTENCE, 20, 40) + seal + OUTLINE * 300), "x")
    assert lines(ofd(code(SENTENCE, 20, 40) + seal)) == [SENTENCE]
    assert document.notes == ()


def test_a_picture_as_large_as_a_form_may_be_one() -> None:
    picture = '<ofd:ImageObject Boundary="20 60 170 80" ResourceID="5"/>'
    document = parse_ofd(ofd(code(SENTENCE, 20, 40) + picture), "x")
    assert [isinstance(block, Table) and block.picture for block in document.blocks] == [False, True]
    assert "picture" in [note.code for note in document.notes]


def licences(drawn: str) -> tuple[tuple[str, bool], list[str]]:
    """Wording and doubt of a cell in which ``drawn`` stands, from 80 to 140 across and 50 to 60 down; the notes."""
    rules = [rule(x, 50, x, 70) for x in (20, 80, 140)] + [rule(20, y, 140, y) for y in (50, 60, 70)]
    words = code(SENTENCE, 20, 40) + text("行政许可", 30, 57) + text("行政处罚", 30, 67) + text("8", 100, 67)
    document = parse_ofd(ofd(words + "".join(rules) + drawn), "x")
    (table,) = tables(document)
    assert [cell.text for cell in table.rows[1]] == ["行政处罚", "8"]
    cell = table.rows[0][1]
    return (cell.text, cell.unread), [note.code for note in document.notes]


_WHITE = '<ofd:FillColor Value="255 255 255"/>'
_PATCH = 'Boundary="95 51 20 8" Fill="true" Stroke="false"'


def patch(colour: str, corners: str = "M 0 0 L 20 0 L 20 8 L 0 8 C") -> str:
    return f"<ofd:PathObject {_PATCH}>{colour}<ofd:AbbreviatedData>{corners}</ofd:AbbreviatedData></ofd:PathObject>"


def test_covered_and_white_figures_do_not_count() -> None:
    old, new = text("126", 100, 57), text("888", 101, 57)
    white = new.replace("<ofd:TextCode", _WHITE + "<ofd:TextCode")
    assert licences(old + patch(_WHITE) + new) == (("888", False), ["hidden-text"])
    assert licences(old + white) == (("126", False), ["hidden-text"])
    dark = '<ofd:FillColor Value="0 0 128"/>'
    assert licences(patch(dark) + white) == (("888", False), [])
    assert licences(patch(_WHITE) + old) == (("126", False), [])
    assert licences(old + patch(_WHITE.replace("/>", ' Alpha="0"/>'))) == (("126", False), [])


def test_a_figure_that_is_drawn_is_unread_and_never_blank() -> None:
    seven = "M 5 1 L 9 1 L 6 6 L 5 6 L 7 2 L 5 2 C"
    assert licences(patch("", seven)) == (("", True), ["cell-picture"])
    assert licences(patch(_WHITE, seven)) == (("", False), [])
    assert licences(patch('<ofd:FillColor Value="230 230 230"/>')) == (("", False), [])


def test_wide_latin_letters_leave_no_blank() -> None:
    address = "mwm@mail.example"
    steps = " ".join(str({"@": 3.6, "m": 3.4, "w": 3.2}.get(character, 1.9)) for character in address[:-1])
    words = f'<ofd:TextCode X="20" Y="50" DeltaX="{steps}">{address}</ofd:TextCode>'
    drawn = f'<ofd:TextObject Size="3.8">{words}</ofd:TextObject>'
    assert lines(ofd(code(SENTENCE, 20, 40) + drawn))[-1].endswith("。" + address)


# --- files ------------------------------------------------------------------------------------------------------------


def test_row_10_content_decides_under_any_name_ofd(tmp_path: Path) -> None:
    for name in ("报告.docx", "报告.pdf", "报告.txt", "报告"):
        (tmp_path / name).write_bytes(ofd(code(SENTENCE, 20, 40)))
        assert read(tmp_path / name).format == "ofd"


def test_what_cannot_be_read_is_refused_by_its_reason() -> None:
    whole = parts([content("")])
    assert refused(packed(whole)).code == "empty"
    assert refused(packed({"OFD.xml": b"<x/>"})).code == "format"
    assert refused(packed({**whole, "OFD.xml": whole["OFD.xml"].replace(b"Doc_0", b"Doc_9")})).code == "format"
    assert refused(packed({**whole, "Encryptions.xml": b"\x01"})).code == "encrypted"
    assert refused(packed(whole)[:300]).code == "zip-damaged"
    assert refused(ofd(*[""] * 9), Limits(pdf_pages=8)).code == "too-big"


def test_row_9_parts_that_occur_twice_are_refused_ofd() -> None:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in [*parts([content("")]).items(), ("ofd.XML", b"<x/>")]:
            archive.writestr(name, data)
    assert refused(buffer.getvalue()).code == "zip-ambiguous"


@pytest.mark.parametrize("name", ["OFD.xml", "Doc_0/Document.xml", "Doc_0/Pages/Page_0/Content.xml"])
@pytest.mark.parametrize(
    ("inner", "code"),
    [
        (b'<!DOCTYPE x [<!ENTITY a "b">]><x/>', "xml-doctype"),
        (b"<x>" * 100_000, "xml-depth"),
        (b"<x", "xml-damaged"),
        (b"\0\0", "xml-damaged"),
    ],
    ids=["12 doctype", "16 depth", "18 damaged", "18 no XML"],
)
def test_row_12_row_16_row_18_hostile_xml_is_refused_ofd(name: str, inner: bytes, code: str) -> None:
    assert refused(packed(parts([content("")]) | {name: inner})).code == code


def test_row_2_bombs_are_refused_ofd() -> None:
    assert refused(packed(parts([content(" " * 40_000_000)]))).code == "zip-ratio"


def unit(number: int, inner: str) -> str:
    return f'<ofd:CompositeGraphicUnit ID="{number}"><ofd:Content>{inner}</ofd:Content></ofd:CompositeGraphicUnit>'


def group(number: int) -> str:
    return f'<ofd:CompositeObject ResourceID="{number}" Boundary="0 0 9 9"/>'


@pytest.mark.parametrize(
    ("units", "wanted"),
    [
        (unit(1, group(1)), [SENTENCE]),  # a group that holds itself
        (unit(1, group(2)) + unit(2, group(1)), [SENTENCE]),
        ("".join(unit(n, group(n + 1) * 20) for n in range(1, 15)), "too-big"),  # 20 to the power of 14
    ],
    ids=["itself", "ring", "doubling"],
)
def test_groups_that_hold_groups_end(units: str, wanted: object) -> None:
    resources = f'<ofd:Res xmlns:ofd="http://www.ofdspec.org/2016">{units}</ofd:Res>'
    common = "<ofd:PublicRes>Public.xml</ofd:PublicRes>"
    data = ofd(code(SENTENCE, 20, 40) + group(1), common=common, others={"Doc_0/Public.xml": resources})
    begun = time.process_time()
    if wanted == "too-big":
        assert refused(data).code == "too-big"
    else:
        assert lines(data) == wanted
    assert time.process_time() - begun < 5


def test_floods_of_steps_lines_and_numbers_end() -> None:
    begun = time.process_time()
    assert lines(ofd(code("甲乙", 30, 40, 'DeltaX="g 999999999 4"'))) == ["甲乙"]
    assert lines(ofd(code("甲乙", 30, 40, 'DeltaX="g -1 x g"'))) == ["甲乙"]
    assert lines(ofd(code("甲乙", 30, 40, f'DeltaX="g {"9" * 5000} 4"'))) == ["甲乙"]
    assert refused(ofd(path("M 0 0 " + "".join(f"L {n} 0 " for n in range(210_000))))).code == "too-big"
    assert lines(ofd(code("甲", 30, 40) + path("M L C 1 B 2 . - 1e99 M 5"))) == ["甲"]
    assert time.process_time() - begun < 5


def test_a_page_of_text_only_partly_drawn_is_read() -> None:
    assert lines(ofd(text(SENTENCE, 20, 40) + OUTLINE * 20)) == [SENTENCE]


def test_row_8_flipped_bits_and_lost_ends_are_refused_ofd() -> None:
    data = report(original(WITH_TABLES[0]).blocks)
    for at in range(0, len(data), len(data) // 150):
        flipped = bytearray(data)
        flipped[at] ^= 1 << at % 8
        for broken in (bytes(flipped), data[:at]):
            try:
                assert parse_ofd(broken, "x").blocks
            except Unreadable as error:
                assert error.remedy  # noqa: PT017
