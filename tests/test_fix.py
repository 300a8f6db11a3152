"""``nianbao fix``: what can be repaired without thought is, as tracked changes, and nothing gets worse."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from checker.cli import app
from checker.markup import AUTHOR
from checker.markup.jobs import Fixed, Fixing
from checker.model import Audit, Paragraph
from checker.pack import BadPack, load
from checker.read.office.docx import parse_docx
from tests import word as xml
from tests.findings import national
from tests.margin import accepted, body, looks, parts, rejected
from tests.write import Line, Written, word, written
from tests.write.reading import audited

REPORT = "2024-云渚镇"


def fixed(data: bytes, tmp_path: Path) -> Fixed:
    path = tmp_path / "报告.docx"
    path.write_bytes(data)
    return Fixing(national())(path)


def said(made: Fixed) -> list[tuple[str, str, str]]:
    return [(repair.rule, repair.old, repair.new) for repair in made.done]


def found(data: bytes) -> Audit:
    return audited(parse_docx(data, "x.docx"))


def reworded(report: Written, *pairs: tuple[str, str]) -> Written:
    """The report with other words in its text, each of which must stand in it."""
    whole = "".join(block.text for block in report.blocks if isinstance(block, Line))
    assert all(old in whole for old, _ in pairs)

    def changed(text: str) -> str:
        for old, new in pairs:
            text = text.replace(old, new)
        return text

    return replace(
        report, blocks=tuple(replace(b, text=changed(b.text)) if isinstance(b, Line) else b for b in report.blocks)
    )


@cache
def faulty() -> Written:
    """A fault of every sort that can be repaired."""
    report = written(REPORT).but("t3.closed.all", "63").but("t4.review.all", "９").but("t2.licences", "４６")
    return reworded(
        report,
        ("国务院令第711号", "国务院令第492号"),
        ("国办公开办函〔2021〕30号", "国办公开办函[2019]60号"),
        ("全年没有接到", "[bookmark: _GoBack]全年没有接到"),
        ("268条", "２６８条"),
    )


REPAIRS = [
    ("ERA-02", "国务院令第492号", "国务院令第711号"),
    ("ERA-06", "国办公开办函[2019]60号", "国办公开办函[2021]30号"),
    ("T3-04", "63", "11"),
    ("T4-02", "９", "1"),
    ("QLT-08", "[bookmark: _GoBack]", ""),
    ("QLT-10", "函[2019]60号", "函〔2019〕60号"),
    ("T2-04", "４６", "46"),
    ("QLT-09", "２６８", "268"),
]


# --- what is repaired -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("variant", ["plain", "numbered", "pieces", "nested", "header rows"])
def test_every_sort_of_repair_is_made_and_listed(variant: str, tmp_path: Path) -> None:
    made = fixed(word.docx(faulty(), variant), tmp_path)
    assert said(made) == REPAIRS
    assert made.left == ()
    right = parse_docx(word.docx(written(REPORT), variant), "x")
    assert parse_docx(made.content, "x").blocks == right.blocks  # pending changes are read as accepted
    assert parse_docx(accepted(made.content), "x").blocks == right.blocks
    assert not [verdict for verdict in found(made.content).findings if verdict.severity != "info"]


@pytest.mark.parametrize("variant", ["plain", "pieces", "links"])
def test_whoever_rejects_the_changes_has_the_old_file(variant: str, tmp_path: Path) -> None:
    before = word.docx(faulty(), variant)
    made = fixed(before, tmp_path).content
    assert looks(rejected(made)) == looks(before)
    old, new = parts(before), parts(made)
    assert {name for name in old if new[name] != old[name]} == {"word/document.xml"}
    assert old.keys() == new.keys()
    changes = list(body(made).iter("{*}ins", "{*}del"))
    assert {each.get(f"{{{xml.WORD}}}author") for each in changes} == {AUTHOR}
    assert len({each.get(f"{{{xml.WORD}}}id") for each in changes}) == len(changes) > 10


def test_changes_bear_the_date_that_was_given(tmp_path: Path) -> None:
    (tmp_path / "报告.docx").write_bytes(word.docx(faulty()))
    made = Fixing(national(), date="2025-01-31T08:00:00Z")(tmp_path / "报告.docx")
    dates = {each.get(f"{{{xml.WORD}}}date") for each in body(made.content).iter("{*}ins", "{*}del")}
    assert dates == {"2025-01-31T08:00:00Z"}


def test_what_is_put_in_looks_like_what_it_replaces(tmp_path: Path) -> None:
    bold = "<w:b/><w:sz w:val='30'/>"
    inner = xml.p("青石镇2023年政府信息公开工作年度报告") + xml.p("根据《条例》（国务院令第492号）编制。", run=bold)
    made = fixed(xml.docx(inner + xml.p(xml.SENTENCE)), tmp_path)
    assert [(rule, new) for rule, _, new in said(made)] == [("ERA-02", "国务院令第711号")]
    (run,) = [run for change in body(made.content).iter("{*}ins") for run in change]
    assert [str(each.tag).rpartition("}")[2] for each in run.iter()] == ["r", "rPr", "b", "sz", "t"]


def test_residue_goes_with_its_semicolon(tmp_path: Path) -> None:
    """The text that a rule sees has a Chinese semicolon after a Chinese full stop; the file has the entity's own."""
    report = reworded(written(REPORT), ("接到对公开工作的投诉。", "接到对公开工作的投诉。&nbsp;&nbsp;"))
    made = fixed(word.docx(report), tmp_path)
    assert [rule for rule, _, _ in said(made)] == ["QLT-08", "QLT-08"]
    text = "".join(map(str, body(accepted(made.content)).itertext()))
    assert "接到对公开工作的投诉。" in text
    assert not {";", "；"} & set(text.partition("接到对公开工作的投诉。")[2][:12])


def test_blank_cells_are_nought_where_the_text_says_so(tmp_path: Path) -> None:
    quiet = "2025-苇岸乡"
    noughts = [fact for fact, text in written(quiet).cells.items() if text == "0"]
    cells = [fact for fact in noughts if fact.startswith(("t4.review", "t3.new"))]
    for spoilt in ("", "/"):
        report = written(quiet)
        for fact in cells:
            report = report.but(fact, spoilt)
        made = fixed(word.docx(report), tmp_path)
        assert {(old, new) for _, old, new in said(made)} == {(spoilt, "0")}, found(word.docx(report)).findings
        right = found(word.docx(written(quiet)))
        assert {v.rule for v in found(made.content).findings} == {v.rule for v in right.findings}


# --- what is not ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fact", "text"),
    [
        ("t3.granted.person", "4"),  # the part is wrong: its row and its column say so
        ("t3.new.person", "8"),
        ("t3.new.person", ""),  # no sum can be told
        ("t4.after_review.upheld", "2"),  # the text says that there was one
        ("t3.petition.all", "一"),
    ],
)
def test_a_total_is_left_alone_when_it_may_not_be_what_is_wrong(fact: str, text: str, tmp_path: Path) -> None:
    before = word.docx(written(REPORT).but(fact, text))
    made = fixed(before, tmp_path)
    assert made.done == ()
    assert made.content == before


def test_a_total_that_the_text_confirms_is_left_alone(tmp_path: Path) -> None:
    """The text says 复议1件 and the form's total is 1: it is the parts that do not add up."""
    report = written(REPORT).but("t4.review.upheld", "0")
    assert any(verdict.rule == "T4-02" for verdict in found(word.docx(report)).findings)
    assert fixed(word.docx(report), tmp_path).done == ()


def test_a_blank_cell_of_which_the_text_says_nothing_stays_blank(tmp_path: Path) -> None:
    assert fixed(word.docx(written(REPORT).but("t3.partial.research", "")), tmp_path).done == ()


@pytest.mark.parametrize(
    "line",
    [
        "根据《政府信息公开条例》（2007年4月5日国务院令第492号公布）编制。",
        "国办公开办函〔2019〕60号是2019年11月印发的，本报告参照它编制。",
        "一、主动公开　１．公开目录",
    ],
)
def test_words_that_may_be_right_are_left_alone(line: str, tmp_path: Path) -> None:
    inner = xml.p("青石镇2023年政府信息公开工作年度报告") + xml.p(line) + xml.p(xml.SENTENCE)
    assert fixed(xml.docx(inner), tmp_path).done == ()


@pytest.mark.parametrize("variant", ["boxes", "tracked", "links", "control runs", "fields"])
def test_what_stands_where_no_change_can_be_written_is_named(variant: str, tmp_path: Path) -> None:
    """In a box, in somebody's own change, half in a link: each repair is either made or named."""
    before = word.docx(faulty(), variant)
    made = fixed(before, tmp_path)
    assert made.left
    assert {repair.rule for repair in (*made.done, *made.left)} >= {rule for rule, _, _ in REPAIRS}
    assert parse_docx(rejected(made.content), "x").blocks == parse_docx(rejected(before), "x").blocks


# --- no harm, and once ------------------------------------------------------------------------------------------------

_WORDS: tuple[tuple[str, str], ...] = (
    ("国务院令第711号", "国务院令第492号"),
    ("国办公开办函〔2021〕30号", "国办公开办函(2019)60号"),
    ("国办公开办函〔2021〕30号", "国办公开办函【2021】30号"),
    ("全年没有接到", "全年&nbsp;没有接到"),
    ("全年没有接到", "_GoBack全年没有<br/>接到"),
    ("其中政府网站公开173条", "其中政府网站公开１７３条"),
    ("办结1件", "办结２件"),
    ("未收取信息处理费", "未收取信息处理费【打印】"),
)
_NAMES = (REPORT, "2023-岚州市", "2025-苇岸乡", "2022-霁川县交通运输局")


@st.composite
def one_fault(draw: st.DrawFn) -> bytes:
    """A report with one wrong cell or a few, or one wrong wording."""
    report = written(draw(st.sampled_from(_NAMES)))
    cells = sorted(report.cells)
    for _ in range(draw(st.integers(0, 2))):
        report = report.but(
            draw(st.sampled_from(cells)), draw(st.sampled_from(["", "/", "63", "７", "63余", "0", "1"]))
        )
    whole = "".join(block.text for block in report.blocks if isinstance(block, Line))
    fitting = [pair for pair in _WORDS if pair[0] in whole]
    if fitting:
        report = reworded(report, *draw(st.lists(st.sampled_from(fitting), max_size=1)))
    return word.docx(report, draw(st.sampled_from(["plain", "pieces", "split"])))


def worst(audit: Audit) -> Counter[tuple[str, str]]:
    return Counter((verdict.rule, verdict.subject) for verdict in audit.findings)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(one_fault())
def test_fix_never_adds_a_finding_and_a_second_run_changes_nothing(tmp_path: Path, data: bytes) -> None:
    made = fixed(data, tmp_path)
    after = found(made.content)
    assert worst(after) <= worst(found(data))
    assert looks(rejected(made.content)) == looks(data)
    assert fixed(made.content, tmp_path).content == made.content
    settled = accepted(made.content)
    assert fixed(settled, tmp_path).content == settled
    assert worst(found(settled)) == worst(after)


# --- the command ------------------------------------------------------------------------------------------------------


def invoke(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["fix", *map(str, arguments)])
    return result.exit_code, result.output


def test_the_command_lists_each_repair(tmp_path: Path) -> None:
    report = tmp_path / "报告.docx"
    report.write_bytes(word.docx(faulty()))
    code, output = invoke(report, "-o", tmp_path / "新.docx")
    assert code == 0
    assert "改了 8 处" in output
    assert all(word in output for word in ("第2行", "国务院令第492号", "国务院令第711号", "（空）"))
    assert [line.split()[0] for line in output.splitlines() if line[:3] in ("ERA", "QLT", "T2-", "T3-", "T4-")] == [
        rule for rule, _, _ in REPAIRS
    ]
    first = (tmp_path / "新.docx").read_bytes()
    code, output = invoke(tmp_path / "新.docx", "-o", tmp_path / "再.docx")
    assert (code, (tmp_path / "再.docx").read_bytes()) == (0, first)
    assert "没有可以自动修改的地方" in output
    assert invoke(report, "-o", report, "--force")[0] == 2
    assert invoke(tmp_path / "没有.docx", "-o", tmp_path / "x.docx")[0] == 3


# --- what a rule may ask for ------------------------------------------------------------------------------------------


def test_a_repair_that_does_not_fit_its_rule_is_refused(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(rule("repair: total"), encoding="utf-8")
    with pytest.raises(BadPack, match="检查方式 wording 的规则不能用 repair: total"):
        load((own,))


def test_a_county_may_let_its_own_rule_be_repaired(tmp_path: Path) -> None:
    own, report = tmp_path / "own.yaml", tmp_path / "报告.docx"
    own.write_text(rule("repair: {replace: [{old: 甲镇, new: 乙镇}]}"), encoding="utf-8")
    report.write_bytes(xml.docx(xml.p("青石镇2023年政府信息公开工作年度报告") + xml.p(f"参照甲镇做法。{xml.SENTENCE}")))
    made = Fixing(load((own,)))(report)
    assert said(made) == [("LOC-01", "甲镇", "乙镇")]
    assert any("乙镇" in block.text for block in parse_docx(made.content, "x").blocks if isinstance(block, Paragraph))


rule: Callable[[str], str] = """
rules:
  - id: LOC-01
    title: 名称
    kind: wording
    scope: all
    forbid: [甲镇]
    basis: [practice#wording]
    eras: [A, B, C, D]
    severity: should
    message: 写了“{{found}}”
    fix: 改正
    {}
    examples:
      - pass: {{text: "青石镇2023年政府信息公开工作年度报告\\n收到申请2件，均已答复。"}}
        year: 2023
      - fail: {{text: "青石镇2023年政府信息公开工作年度报告\\n参照甲镇，收到申请2件，均已答复。"}}
        year: 2023
""".format
