"""``nianbao annotate``: every finding stands on its words, and the file is otherwise as it was."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from typer.testing import CliRunner

from checker.cli import app
from checker.cli.shared import make_view
from checker.markup import AUTHOR
from checker.markup.comments import annotate
from checker.markup.jobs import Fixing
from checker.model import Audit
from checker.read import read_traced
from checker.read.office.docx import parse_docx
from checker.work import audit
from tests import word as xml
from tests.findings import national
from tests.margin import Comment, body, comments, looks, parts
from tests.paper import run
from tests.write import Written, paper, word, written

ROOT = Path(__file__).parent.parent
#: a sum that is wrong, a cell that nobody filled in, a number in full width, and one that the text denies; and the
#: rules that say so with the words
FAULTS = {
    "t3.closed.all": "63",
    "t3.new.person": "",
    "t4.review.all": "９",
    "t2.documents.made": "5",
}
EXPECTED = [
    ("T3-04", "63"),
    ("T4-02", "９"),
    ("XTB-11", "制发行政规范性文件2件"),
    ("T3-02", ""),
]


@cache
def faulty() -> Written:
    report = written("2024-云渚镇")
    for fact, text in FAULTS.items():
        report = report.but(fact, text)
    return report


def annotated(data: bytes, tmp_path: Path, date: str | None = None) -> bytes:
    path = tmp_path / "报告.docx"
    path.write_bytes(data)
    traced = read_traced(path)
    found: Audit = audit(traced.document, national(), None, None)
    return annotate(traced, found, make_view(national(), "zh", False, None), date)[0]


def ours(data: bytes) -> list[Comment]:
    return [comment for comment in comments(data) if comment.author == AUTHOR]


def placed(data: bytes) -> list[tuple[str, str]]:
    """Rule and words of our comments, without the one on the whole."""
    return [(comment.rule, comment.words) for comment in ours(data)[1:]]


# --- the words stay, every finding stands on its own ------------------------------------------------------------------


@pytest.mark.parametrize("variant", word.VARIANTS)
def test_findings_stand_on_their_words_and_nothing_else_changes(variant: str, tmp_path: Path) -> None:
    before = word.docx(faulty(), variant)
    after = annotated(before, tmp_path)
    untouched(before, after)
    if variant != "boxes":  # there the comment stands on the box
        assert placed(after) == EXPECTED
    assert re.fullmatch(r"霁川县云渚镇人民政府2024年政府信息公开工作年度报告", ours(after)[0].words)


def untouched(before: bytes, after: bytes) -> None:
    assert parse_docx(after, "x") == parse_docx(before, "x")
    assert looks(after) == looks(before)
    old, new = parts(before), parts(after)
    changed = {name for name in old if new[name] != old[name]}
    listed = {"word/comments.xml", "[Content_Types].xml", "word/_rels/document.xml.rels"}
    assert changed <= {"word/document.xml", *listed}
    assert new.keys() - old.keys() <= {"word/comments.xml"}


def test_a_finding_in_a_text_box_stands_on_the_box(tmp_path: Path) -> None:
    """Word takes no comment inside of one."""
    after = annotated(word.docx(faulty(), "boxes"), tmp_path)
    assert [comment.rule for comment in ours(after)[1:]] == [rule for rule, _ in EXPECTED]
    inside = [mark for box in body(after).iter("{*}txbxContent") for mark in box.iter("{*}commentReference")]
    assert inside == []


def test_what_a_comment_says(tmp_path: Path) -> None:
    top, *rest = ours(annotated(word.docx(faulty()), tmp_path))
    assert rest[0].lines == (
        "【必改】表三“办理结果总计”一行不平：总计 63，六类申请人之和 7 + 2 + 0 + 1 + 1 + 0 = 11，相差 52，"
        "看来错在“总计”一格：横竖两面都要它是 11",
        "怎么改：先看“总计”一格，看来应填 11；再核对该行七个数，改正填错的一格",
        "依据：政府信息公开工作年度报告格式第三部分表格",
        "规则：T3-04",
    )
    assert top.lines[0].startswith("年报检查：得分 ")
    assert "发现 3 处必改" in top.lines[1]
    assert "七项要素齐全。" in top.lines


def test_findings_without_a_place_go_to_the_title(tmp_path: Path) -> None:
    lines = [block.whole for block in written("2024-云渚镇").blocks if hasattr(block, "whole")]
    short = "".join(xml.p(line) for line in lines if "信息处理费" not in line and "主动公开政府信息" not in line)
    top, *rest = ours(annotated(xml.docx(short), tmp_path))
    missing = [line for line in top.lines if re.match(r"\d+\. 【", line)]
    assert any("规则：STR-01" in line for line in missing)
    assert not {comment.rule for comment in rest} & {line.rpartition("：")[2] for line in missing}
    assert any(line.startswith("七项要素中缺：") and "收费情况（没有）" in line for line in top.lines)


# --- again, and beside others -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("variant", ["plain", "tracked", "fields", "boxes", "headers"])
def test_a_second_run_replaces_the_comments_of_the_first(variant: str, tmp_path: Path) -> None:
    once = annotated(word.docx(faulty(), variant), tmp_path)
    assert parts(annotated(once, tmp_path)) == parts(once)


def test_comments_go_when_their_findings_do(tmp_path: Path) -> None:
    once = annotated(word.docx(faulty()), tmp_path)
    files = parts(once)
    mended = files["word/document.xml"].replace("９".encode(), b"1").replace(b">63<", b">11<")
    again = annotated(xml.packed(files | {"word/document.xml": mended}), tmp_path)
    assert placed(again) == [("XTB-11", "制发行政规范性文件2件"), ("T3-02", "")]


_OTHER = (
    '<w:comment w:id="7" w:author="张三" w:initials="Z"><w:p><w:r><w:t>请核对</w:t></w:r></w:p></w:comment>'
    f'<w:comment w:id="8" w:author="{AUTHOR}"><w:p w14:paraId="0A"><w:r><w:t>旧的</w:t></w:r></w:p></w:comment>'
)


def commented(extended: str = "") -> bytes:
    """A report with somebody's comment, and one of ours as Word saved it."""
    marked = (
        '<w:p><w:commentRangeStart w:id="7"/><w:commentRangeStart w:id="8"/><w:r><w:t>青石镇2023年</w:t></w:r>'
        '<w:commentRangeEnd w:id="8"/><w:r><w:rPr><w:rStyle w:val="a"/></w:rPr><w:commentReference w:id="8"/></w:r>'
        '<w:commentRangeEnd w:id="7"/><w:r><w:commentReference w:id="7"/></w:r></w:p>'
    )
    files = xml.parts(marked + xml.p(xml.SENTENCE))
    space = 'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
    files["word/comments.xml"] = f"{xml.HEAD}<w:comments {xml.SPACES} {space}>{_OTHER}</w:comments>".encode()
    rels = "word/_rels/document.xml.rels"
    more = f'<Relationship Id="rA" Type="{xml.OFFICE}/comments" Target="comments.xml"/>'
    if extended:
        files["word/commentsExtended.xml"] = extended.encode()
        kind = "http://schemas.microsoft.com/office/2011/relationships/commentsExtended"
        more += f'<Relationship Id="rB" Type="{kind}" Target="commentsExtended.xml"/>'
    files[rels] = files[rels].replace(b"</Relationships>", more.encode() + b"</Relationships>")
    return xml.packed(files)


def test_comments_of_others_stay(tmp_path: Path) -> None:
    after = annotated(commented(), tmp_path)
    assert [c for c in comments(after) if c.author != AUTHOR] == [Comment("张三", ("请核对",), "青石镇2023年")]
    assert all(comment.lines != ("旧的",) for comment in ours(after))
    assert len({mark.get(f"{{{xml.WORD}}}id") for mark in body(after).iter("{*}commentReference")}) == len(
        comments(after)
    )


def test_what_newer_versions_of_word_say_of_our_comments_goes_with_them(tmp_path: Path) -> None:
    space = "http://schemas.microsoft.com/office/word/2012/wordml"
    rows = '<w15:commentEx w15:paraId="0A" w15:done="0"/><w15:commentEx w15:paraId="0B" w15:paraIdParent="0A"/>'
    extended = f'{xml.HEAD}<w15:commentsEx xmlns:w15="{space}">{rows}</w15:commentsEx>'
    left = parts(annotated(commented(extended), tmp_path))["word/commentsExtended.xml"].decode()
    assert 'paraId="0B"' in left
    assert "0A" not in left


# --- hard places ------------------------------------------------------------------------------------------------------


def alone(inner: str, tmp_path: Path, numbering: str = "") -> tuple[bytes, bytes]:
    """A short report with this body, before and after."""
    before = xml.docx(inner + xml.p(xml.SENTENCE), numbering=numbering)
    after = annotated(before, tmp_path)
    untouched(before, after)
    return before, after


def test_the_second_of_two_equal_wordings_is_the_one_that_is_marked(tmp_path: Path) -> None:
    """The first is excused by the words near it; a comment stands on its own place, not on the first that looks so."""
    excused = "国务院令第492号公布、2019年国务院令第711号修订的条例施行以来，"
    between = "本镇把群众问得最多的几类信息排在前面公开，全年没有接到对公开工作的投诉，各村的公开栏统一了式样；"
    text = f"{excused}{between}本报告根据国务院令第492号编制。"
    _, after = alone(xml.p("青石镇2023年政府信息公开工作年度报告") + xml.p(text), tmp_path)
    assert ("ERA-02", "国务院令第492号") in placed(after)
    (paragraph,) = [p for p in body(after).iter("{*}p") if between in "".join(t.text or "" for t in p.iter("{*}t"))]
    order = "".join(each.text or "|" for each in paragraph.iter("{*}t", "{*}commentRangeStart"))
    assert "根据|国务院令第492号编制" in order


def test_each_place_of_a_finding_has_its_comment(tmp_path: Path) -> None:
    line = "青石镇2023年政府信息公开工作年度报告"
    text = "按照澜办函【2019】6号、澜政发(2018)22号和澜办函[2019]6号文件开展工作。"
    _, after = alone(xml.p(line) + xml.p(text), tmp_path)
    found = [words for rule, words in placed(after) if rule == "QLT-10"]
    assert found == ["函【2019】6号", "发(2018)22号", "函[2019]6号"]


def test_words_that_an_automatic_number_begins_stand_on_what_follows_it(tmp_path: Path) -> None:
    numbering = xml.lists(xml.level(0, "chineseCounting", "%1、"))
    inner = (
        xml.p("青石镇2023年政府信息公开工作年度报告")
        + xml.p("主动公开情况", xml.num(1))
        + xml.p("存在的问题", xml.num(1))
    )
    _, after = alone(inner, tmp_path, numbering)
    assert all("、" not in comment.words for comment in ours(after))


def test_hostile_words_do_no_harm(tmp_path: Path) -> None:
    """What a report or a rule says cannot end the XML, and what XML cannot hold is left out."""
    line = "青石镇2023年政府信息公开工作年度报告"
    _, after = alone(xml.p(line) + xml.p("</w:t><w:t> & 手机13805891234"), tmp_path)
    assert ours(after)
    assert not re.search("[\x00-\x08\x0b-\x1f\ufffe\uffff]", parts(after)["word/comments.xml"].decode())


def test_a_table_that_holds_parts_of_the_report_is_marked_in_its_cells(tmp_path: Path) -> None:
    """Such a table is taken apart when it is read; places lead back to the cell that the words stand in."""

    def across(text: str) -> str:
        return xml.tr(xml.tc(text, '<w:gridSpan w:val="4"/>'))

    rows = [across(text) for text in ("一、概述", "按照澜办函【2019】6号文件开展工作。", "二、主动公开政府信息情况")]
    rows += [xml.tr(*map(xml.tc, "甲乙丙丁")), across("主动公开政府信息63条，联系手机13805891234。")]
    inner = xml.p("青石镇2018年政府信息公开工作年度报告") + xml.tbl(*rows, columns=4) + xml.p(xml.SENTENCE)
    _, after = alone(inner, tmp_path)
    found = dict(placed(after))
    assert found["QLT-10"] == "按照澜办函【2019】6号文件开展工作。"


def test_a_strict_document_stays_strict(tmp_path: Path) -> None:
    before = {name: data.replace(xml.WORD.encode(), b"http://purl.oclc.org/ooxml/wordprocessingml/main")
              .replace(xml.OFFICE.encode(), b"http://purl.oclc.org/ooxml/officeDocument/relationships")
              for name, data in parts(word.docx(faulty())).items()}  # fmt: skip
    after = parts(annotated(xml.packed(before), tmp_path))
    assert xml.WORD.encode() not in after["word/document.xml"] + after["word/comments.xml"]
    assert xml.OFFICE.encode() not in b"".join(after.values())
    plain = after["word/document.xml"].count(b"commentReference")
    assert plain == len(EXPECTED) + 1


_RUNS: tuple[Callable[[str], str], ...] = (
    word._run,
    word._tracked_runs,
    word._controlled_runs,
    word._linked_runs,
    word._field_runs,
    word._hidden_runs,
    word._pieced_runs,
    lambda text: f"<w:r><w:t>  {text[:3]}</w:t><w:tab/><w:t>{text[3:]} </w:t><w:br/></w:r>",
    lambda text: (
        f"<w:smartTag>{word._run(text[:2])}<w:bookmarkStart w:id='3' w:name='b'/></w:smartTag>{word._run(text[2:])}"
    ),
)
_LINES = st.sampled_from(
    [
        "青石镇2023年政府信息公开工作年度报告",
        "主动公开政府信息63条，其中网站公开70条。",
        "收到申请2件，均已答复；手机13805891234。",
        "一、概述",
        "根据国办发[2014]12号和《政府信息公开条例》（国务院令第492号）编制。",
        "三、收费情况",
        "没有收费 [bookmark: _GoBack]。",
        "联系电话：XXXX，身份证110101199003070038。",
    ]
)


@st.composite
def documents(draw: st.DrawFn) -> bytes:
    """Lines that make findings, in paragraphs and cells, with words in every way in which Word holds them."""
    inner = ""
    for _ in range(draw(st.integers(1, 8))):
        text, runs = draw(_LINES), draw(st.sampled_from(_RUNS))
        paragraph = f"<w:p>{runs(text.replace('&', '&amp;'))}</w:p>"
        inner += xml.tbl(xml.tr(xml.tc(inner=paragraph), xml.tc("5"))) if draw(st.booleans()) else paragraph
    return xml.docx(inner + xml.p(xml.SENTENCE))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(documents())
def test_annotate_never_changes_a_word(tmp_path: Path, data: bytes) -> None:
    after = annotated(data, tmp_path)
    untouched(data, after)
    assert parts(annotated(after, tmp_path)) == parts(after)


# --- other programs, other formats ------------------------------------------------------------------------------------


def invoke(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["annotate", *map(str, arguments)])
    return result.exit_code, " ".join(result.output.split())


@pytest.fixture(scope="module")
def reopened(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes]:
    """The annotated .docx, and the repaired one, as LibreOffice saves them anew, as flat OpenDocument."""
    folder = tmp_path_factory.mktemp("office")
    (folder / "甲.docx").write_bytes(annotated(paper.printable(faulty()), folder))
    (folder / "报告.docx").write_bytes(paper.printable(faulty()))
    (folder / "乙.docx").write_bytes(Fixing(national())(folder / "报告.docx").content)
    office = ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore"]
    run(*office, "--convert-to", "fodt", "--outdir", str(folder), str(folder / "甲.docx"), str(folder / "乙.docx"))
    return (folder / "甲.fodt").read_bytes(), (folder / "乙.fodt").read_bytes()


def test_libreoffice_shows_each_comment_at_its_words(reopened: tuple[bytes, bytes]) -> None:
    root = etree.fromstring(reopened[0], etree.XMLParser(huge_tree=True))
    found = []
    for note in root.iter("{*}annotation"):
        (creator,) = note.iter("{*}creator")
        lines = ["".join(map(str, p.itertext())) for p in note.iter("{http://purl.org/dc/elements/1.1/}p", "{*}p")]
        if creator.text == AUTHOR:
            found.append((lines[-1].removeprefix("规则："), said_until_end(note)))
    rules = {rule: words for rule, words in found if re.fullmatch(r"[A-Z0-9]+-\d+", rule)}
    assert len(found) == len(EXPECTED) + 1
    assert rules == dict(EXPECTED)


def test_libreoffice_shows_each_repair_as_a_change(reopened: tuple[bytes, bytes]) -> None:
    root = etree.fromstring(reopened[1], etree.XMLParser(huge_tree=True))
    found = []
    for region in root.iter("{*}changed-region"):
        (kind,) = region
        assert [creator.text for creator in region.iter("{*}creator")] == [AUTHOR]
        marks = root.iter("{*}change-start", "{*}change-end")
        start, end = (mark for mark in marks if _name(region) in mark.attrib.values())
        found.append((str(kind.tag).rpartition("}")[2], said_between(start, end)))
    assert found == [("deletion", "63"), ("insertion", "11"), ("deletion", "９"), ("insertion", "1")]


def _name(element: etree._Element) -> str:
    """What other elements call it."""
    return next(str(value) for key, value in element.attrib.items() if str(key).rpartition("}")[2] in ("name", "id"))


def said_until_end(note: etree._Element) -> str:
    """The words between a comment's start and its end, as LibreOffice understood them."""
    (end,) = (each for each in note.getroottree().iter("{*}annotation-end") if _name(note) in each.attrib.values())
    return said_between(note, end)


def said_between(start: etree._Element, end: etree._Element) -> str:
    """The words behind one element and before another, without comments."""
    words, reading, notes = "", False, 0
    for event, each in etree.iterwalk(start.getroottree(), events=("start", "end")):
        notes += (event == "start") - (event == "end") if str(each.tag).endswith("}annotation") else 0
        if each is end:
            return words
        reading = reading or (each is start and event == "end")
        if reading and not notes:
            words += str((each.text if event == "start" else each.tail) or "").strip()
    raise AssertionError("no end")


def test_an_old_file_is_annotated_as_docx(tmp_path: Path) -> None:
    code, said = invoke(ROOT / "examples" / "formats" / "2024-云渚镇.doc", "-o", tmp_path / "批注.docx")
    assert code == 0
    assert "文中加了 1 处批注" in said
    assert placed((tmp_path / "批注.docx").read_bytes()) == [("T3-04", "4")]


def test_the_command_says_what_it_did_and_never_writes_over_the_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1735660800")
    report, checked = tmp_path / "报告.docx", tmp_path / "报告.批注.docx"
    report.write_bytes(before := word.docx(faulty()))
    code, said = invoke(report, "-o", checked)
    assert code == 3
    assert "文中加了 4 处批注，标题处有一条总的批注" in said
    assert "结论：发现 3 处必改、1 处应改" in said
    made = checked.read_bytes()
    assert invoke(report, "-o", checked)[0] == 2
    assert invoke(report, "-o", checked, "--force")[0] == 3
    assert checked.read_bytes() == made
    code, said = invoke(report, "-o", report, "--force")
    assert code == 2
    assert "不能覆盖" in said
    assert report.read_bytes() == before


def test_other_files_are_refused_in_a_plain_sentence(tmp_path: Path) -> None:
    for name in ("2024-云渚镇.html", "2024-云渚镇.pdf", "2024-云渚镇.xlsx", "2024-云渚镇.txt"):
        code, said = invoke(ROOT / "examples" / "formats" / name, "-o", tmp_path / "x.docx")
        assert code == 3
        assert "只能写进 Word 文档" in said
    code, said = invoke(ROOT / "examples" / "formats" / "2024-云渚镇.docx", "-o", tmp_path / "x.txt")
    assert code == 2
    assert ".docx" in said
    assert list(tmp_path.iterdir()) == []


def test_the_date_of_the_comments_is_asked_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = ROOT / "examples" / "formats" / "2024-云渚镇.docx"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1735660800")
    assert invoke(report, "-o", tmp_path / "a.docx")[0] == 0
    assert b'w:date="2024-12-31T16:00:00Z"' in parts((tmp_path / "a.docx").read_bytes())["word/comments.xml"]
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "今天")
    assert invoke(report, "-o", tmp_path / "b.docx")[0] == 2
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    assert invoke(report, "-o", tmp_path / "b.docx")[0] == 0
    dates = re.findall(r'w:date="([^"]*)Z"', parts((tmp_path / "b.docx").read_bytes())["word/comments.xml"].decode())
    assert len(dates) == 2
    ago = [abs(dt.datetime.now() - dt.datetime.fromisoformat(date)) for date in dates]
    assert max(ago) < dt.timedelta(minutes=5)
