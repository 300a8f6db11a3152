"""All formats, from audits built by hand: what they show, what they make harmless."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import pytest
from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt

from checker.model import Audit, Clause, Era, Fact, Note, Sighting, Unreadable, Where
from checker.render import FORMATS, Tally, View, as_json, factsheet, grid, tally
from checker.render.escape import code, json_text, markdown, masked, terminal, visible
from checker.render.view import cited, shown_findings, states_of_rules
from tests.audits import AUDIT, CLEAN, HOSTILE, HOSTILE_AUDIT, HOSTILE_REFUSED, REFUSED, REPORT, VIEW, verdict

SCHEMAS = Path(as_json.__file__).parents[1] / "schemas"
TOGETHER = [AUDIT, CLEAN, REFUSED]
UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


def whole(name: str, audits: list[Audit], view: View = VIEW) -> str:
    """A complete result, put together as the command does it."""
    form, counts = FORMATS[name], Tally()
    text = form.head(view) + form.between.join(filter(None, (form.report(audit, view) for audit in audits)))
    for audit in audits:
        counts.add(tally(audit))
    if counts.reports > 1 or form.always:
        text += form.overview(view) + "".join(form.row(audit, view) for audit in audits)
    return text + form.tail(counts, view)


def schema(name: str) -> Draft202012Validator:
    loaded = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(loaded)
    return Draft202012Validator(loaded)


# --- goldens ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "form", "view"),
    [
        ("table.txt", "table", VIEW),
        ("table-120.txt", "table", replace(VIEW, width=120)),
        ("table-en.txt", "table", replace(VIEW, lang="en", width=100)),
        ("table-quiet.txt", "table", replace(VIEW, quiet=True)),
        ("table-colour.txt", "table", replace(VIEW, colour=True, quiet=True)),
        ("result.json", "json", VIEW),
        ("result.md", "markdown", VIEW),
    ],
)
def test_golden(golden: Callable[[str, str], None], name: str, form: str, view: View) -> None:
    golden(name, whole(form, TOGETHER, view))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("form", ["table", "markdown", "html"])
def test_the_format_is_named_by_its_years(form: str, lang: Literal["zh", "en"]) -> None:
    years: dict[Era, tuple[str, str]]
    years = {"A": ("2008", "2013"), "B": ("2014", "2018"), "C": ("2019", "2020"), "D": ("2021", "")}
    for era, (first, last) in years.items():
        audit = replace(AUDIT, report=replace(REPORT, era=era))
        text = whole(form, [audit], replace(VIEW, lang=lang))
        if lang == "en":
            assert (f"format of {first}–{last} ({era})" if last else f"format since {first} ({era})") in text
        else:
            assert (f"{first}—{last}年的格式（{era}）" if last else f"{first}年以来的格式（{era}）") in text


@pytest.mark.parametrize("form", ["table", "markdown", "html"])
def test_a_number_has_its_unit_and_a_place(form: str) -> None:
    text = whole(form, [AUDIT]).replace("`", "")
    assert "128条（第9行）" in text
    assert "0件（第15行）" in text


def test_what_is_no_sentence_is_english_in_english() -> None:
    lines = whole("table", [replace(AUDIT, grade="不合格"), CLEAN], replace(VIEW, lang="en")).splitlines()
    score = next(line for line in lines if line.startswith("Score"))
    assert score == "Score：86.5 of 100　Coverage：79%　Grade：poor"
    verdict = next(line for line in lines if line.startswith("Verdict"))
    assert verdict.isascii() or re.findall("[^\x00-\x7f]", verdict) == ["："]
    assert verdict.endswith("; tables not checked")


# --- the table ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [60, 80, 100, 120])
def test_table_fits_the_width_and_cuts_nothing(width: int) -> None:
    text = whole("table", TOGETHER, replace(VIEW, width=width))
    verdicts = [line for line in text.splitlines() if line.startswith("结论：")]
    assert all(grid.width(line) <= width for line in text.splitlines() if line not in verdicts)
    for word in ("OLD-03", "PRE-12", "QLT-05", "PRV-02"):
        assert word in text
    squeezed = "".join(text.split())
    # the cell's lines stand apart in the text; its characters must all be there, in order
    fix = AUDIT.verdicts[0].fix
    rows = [line for line in text.splitlines() if line.strip()]
    assert all(piece in squeezed for piece in ("补写本", "费")), rows
    assert re.search(".*".join(map(re.escape, fix)), text, re.DOTALL)


def test_last_line_states_the_verdict_and_the_hidden_counts() -> None:
    last = whole("table", [AUDIT]).splitlines()[-1]
    assert last == (
        "结论：发现 1 处必改、1 处应改；提示 1 条、待人工核对 1 条；"
        "通过 2 条、未能核对 3 条、不适用 2 条、豁免 1 处、原有 1 处；表格未核对"
    )
    assert (
        whole("table", TOGETHER)
        .splitlines()[-1]
        .startswith("结论：共 3 份，其中 1 份无法核对、1 份有内容（如表格）未核对；发现 1 处必改")
    )
    assert whole("table", [REFUSED]).splitlines()[-1] == "结论：无法核对。文件里没有任何文字。请重新保存后再检查。"


def test_all_seven_elements_are_shown_in_order() -> None:
    lines = whole("table", [AUDIT]).splitlines()
    titles = [element.title for element in AUDIT.elements]
    assert [line.split()[0] for line in lines if line.split()[:1] and line.split()[0] in titles] == titles


def test_an_unknown_cause_is_said_once() -> None:
    text = whole("table", [AUDIT])
    assert text.count("表格没有读") == 1
    assert "表格没有读（2条规则：OLD-13、OLD-14）" in text


def test_coverage_is_never_rounded_up() -> None:
    assert "核对比例：99%" in whole("table", [replace(AUDIT, coverage=0.9999)])
    assert "核对比例：29%" in whole("table", [replace(AUDIT, coverage=0.29)])
    assert "不宜与别的报告比较" in whole("table", [AUDIT])
    assert "不宜与别的报告比较" not in whole("table", [CLEAN])
    assert "不宜与别的报告比较" not in whole("table", [replace(AUDIT, score=None)])


def test_broken_rule_is_shown_as_our_fault() -> None:
    broken = verdict("STR-03", "broken", message="规则执行出错", basis=())
    text = whole("table", [replace(AUDIT, verdicts=(broken,))])
    assert "出错  STR-03" in text
    assert "1 条规则自身出错" in text.splitlines()[-1]


def test_quiet_keeps_findings_and_verdict_only() -> None:
    lines = whole("table", TOGETHER, replace(VIEW, quiet=True)).splitlines()
    assert not [line for line in lines if line.startswith(("单位", "得分", "说明", "统计期限", "未能核对", "nianbao"))]
    assert any("OLD-03" in line for line in lines)
    assert lines[-1].startswith("结论：")


def test_english_is_for_headings_and_states() -> None:
    text = whole("table", [AUDIT], replace(VIEW, lang="en"))
    assert "must fix" in text
    assert "How to mend" in text
    assert text.splitlines()[-1].startswith("Verdict：1 must fix, 1 should fix, 1 hint, 1 review, 2 pass")
    assert "怎么改" not in text


def test_no_colour_unless_asked() -> None:
    assert "\x1b" not in whole("table", TOGETHER)
    assert "\x1b[31;1m必改\x1b[0m" in whole("table", [AUDIT], replace(VIEW, colour=True))


def test_findings_come_gravest_first() -> None:
    shuffled = replace(AUDIT, verdicts=tuple(reversed(AUDIT.verdicts)))
    assert [v.rule for v in shown_findings(shuffled)] == ["OLD-03", "PRE-12", "QLT-05", "PRV-02", "PUB-02", "T3-04"]


def test_a_rule_counts_by_its_gravest_case() -> None:
    verdicts = [verdict("T3-06", "pass", subject="a"), verdict("T3-06", "fail", subject="b"), verdict("T3-05", "n/a")]
    assert states_of_rules(verdicts) == {"T3-06": "fail", "T3-05": "n/a"}


@pytest.mark.parametrize(
    ("clause", "shown"),
    [
        (
            Clause("a#1", "中华人民共和国政府信息公开条例", "国务院令第492号", "第三十二条（六项内容）"),
            "政府信息公开条例第三十二条",
        ),
        (
            Clause("b#1", "国务院办公厅关于加强和规范统计报送工作的通知", "国办发〔2014〕32号", "附件"),
            "国办发〔2014〕32号附件",
        ),
        (Clause("c#1", "各地编制通知与常见差错", "无统一文号", "文字规范"), "各地编制通知与常见差错"),
    ],
)
def test_clauses_are_cited_short(clause: Clause, shown: str) -> None:
    assert cited(clause) == shown


def test_a_clause_is_cited_once() -> None:
    view = replace(VIEW, clauses={"a#1": "通行做法", "a#2": "通行做法"})
    assert view.basis(verdict("X-01", "fail", basis=("a#1", "a#2", "b#1"))) == "（依据：通行做法、b#1）"
    assert view.basis(verdict("X-01", "fail", basis=())) == ""


# --- wrapping -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("columns", [2, 7, 20])
@pytest.mark.parametrize(
    "text", ["", "没有写明收费，请补写（必填）。", "http://example.com/a-very-long-path/x 见此", "。" * 40]
)
def test_wrap_keeps_every_character_and_the_width(text: str, columns: int) -> None:
    lines = grid.wrap(text, columns)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(grid.width(line) <= columns for line in lines)


def test_wrap_lets_no_line_begin_with_a_full_stop() -> None:
    assert grid.wrap("甲乙丙丁。戊", 8) == ["甲乙丙", "丁。戊"]
    assert grid.wrap("甲乙丙（丁）", 8) == ["甲乙丙", "（丁）"]


def test_width_counts_full_width_twice_and_combining_marks_not() -> None:
    assert [grid.width(text) for text in ("ab", "年报", "e\u0301", "（１）")] == [2, 4, 1, 6]


# --- JSON ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("audits", [[AUDIT], TOGETHER, [], [HOSTILE_AUDIT, HOSTILE_REFUSED]])
def test_json_is_valid_and_fits_its_schema(audits: list[Audit]) -> None:
    data = json.loads(whole("json", audits))
    schema("check").validate(data)
    assert [report["source"] for report in data["reports"]] == [audit.source for audit in audits]


def test_json_holds_every_verdict_and_all_elements_in_order() -> None:
    report = json.loads(whole("json", [AUDIT]))["reports"][0]
    assert [v["rule"] for v in report["verdicts"]] == [v.rule for v in AUDIT.verdicts]
    assert list(report["elements"]) == ["period", "contact", "published", "requests", "fees", "problems", "plan"]
    assert report["elements"]["period"]["value"] == ["2016-01-01", "2016-12-31"]
    assert report["elements"]["fees"] == {
        "required": True,
        "state": "absent",
        "value": None,
        "rules": ["OLD-03"],
        "where": {},
    }
    assert report["era_reason"] == REPORT.reason
    assert report["unchecked"] == ["表格"]


@pytest.mark.parametrize("change", [{"state": "wrong"}, {"weight": -1}, {"extra": 1}, {"where": {"line": 0}}])
def test_the_schema_refuses_what_the_contract_forbids(change: dict[str, Any]) -> None:
    data = json.loads(whole("json", [AUDIT]))
    data["reports"][0]["verdicts"][0] |= change
    assert not schema("check").is_valid(data)


def test_the_schema_wants_all_seven_elements() -> None:
    data = json.loads(whole("json", [AUDIT]))
    del data["reports"][0]["elements"]["plan"]
    assert not schema("check").is_valid(data)


FACTS = replace(
    REPORT,
    facts={
        "requests.received": Fact("given", 0, "未收到申请", Where(line=3, quote="未收到申请")),
        "period": Fact("given", ("2016-01-01", None), "2016年1月1日起", Where(line=1)),
        "published.total": Fact(
            "given", 63, "63余条", Where(line=4), (Sighting(63, "63余条", Where(line=4), approx=True),)
        ),
        "contact.phone": Fact("given", "13805895555", "13805895555", Where(line=5)),
        "fees": Fact("absent"),
    },
)


def test_facts_show_every_sighting() -> None:
    yearly = Sighting(52, "今年公布52条", Where(line=19))
    total = Sighting(256, "累计公开256条", Where(line=19), cumulative=True)
    report = replace(FACTS, facts={"published.total": Fact("given", 52, yearly.raw, yearly.where, (yearly, total))})
    data = json.loads(json_text(as_json.report_to_dict(report)))
    schema("facts").validate(data)
    assert data["facts"]["published.total"]["sightings"] == [
        {"value": 52, "raw": "今年公布52条", "where": {"line": 19}},
        {"value": 256, "raw": "累计公开256条", "where": {"line": 19}, "cumulative": True},
    ]


def test_facts_json_fits_its_schema_and_masks_nothing() -> None:
    data = json.loads(json_text(as_json.report_to_dict(FACTS)))
    schema("facts").validate(data)
    assert data["facts"]["requests.received"]["value"] == 0
    assert data["facts"]["published.total"]["approx"] is True
    assert data["facts"]["contact.phone"]["raw"] == "13805895555"
    schema("facts").validate(as_json.refused("x", Unreadable("empty", "空", "重存")))
    data["facts"]["fees"]["value"] = 1
    assert not schema("facts").is_valid(data)


def test_fact_table_shows_value_place_and_wording() -> None:
    from checker.factmap import FactMap, FactSpec

    specs = {
        name: FactSpec(name, title, "text", unit)
        for name, title, unit in [
            ("requests.received", "收到申请", "件"),
            ("period", "统计期限", ""),
            ("published.total", "主动公开", "条"),
            ("fees", "收费", "元"),
            ("t3.new.all", "新收", "件"),
        ]
    }
    hostile = {**FACTS.facts, "t3.new.all": Fact("unread"), "fees": Fact("malformed", raw=HOSTILE)}
    text = factsheet.sheet(replace(FACTS, facts=hostile), FactMap(specs), VIEW, specs.keys())
    assert re.search(r"收到申请 +有 +0件 +第3行 +未收到申请\n", text)
    assert "约 63条" in text
    assert "另有 1 项" in text
    assert not UNSEEN.search(text)


# --- the rows of the matrix ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["table", "markdown"])
def test_row_67_nothing_from_text_or_file_name_moves_the_cursor(name: str) -> None:
    text = whole(name, [HOSTILE_AUDIT, HOSTILE_REFUSED])
    assert not UNSEEN.search(text)
    assert "␛[2J" in text.replace("\\", "")
    assert "u{202e}" in text.replace("\\", "")
    assert "xff.txt" in text


def test_row_67_json_stays_exact_and_harmless() -> None:
    text = whole("json", [HOSTILE_AUDIT, HOSTILE_REFUSED])
    assert not UNSEEN.search(text)
    report = json.loads(text)["reports"][0]
    assert report["source"] == HOSTILE_AUDIT.source
    assert report["verdicts"][0]["where"]["quote"] == HOSTILE


@pytest.mark.parametrize("width", [20, 61, 80, 120])
def test_row_68_no_line_begins_with_a_workflow_command(width: int) -> None:
    command = Audit(
        "::error::x",
        REPORT,
        (verdict("QLT-08", "fail", message="::error::" * 9, where=Where(quote="甲 ##vso[x] ##[error]")),),
    )
    note = replace(HOSTILE_AUDIT, notes=(Note("x", "乙" * 30 + "::add-mask::丙"),))
    text = whole("table", [command, note, HOSTILE_REFUSED], replace(VIEW, width=width))
    assert "error" in text
    assert not [line for line in text.splitlines() if line.lstrip().startswith("::")]
    assert "##" not in text


def test_row_73_markdown_tables_keep_their_columns_and_nothing_is_a_link() -> None:
    quote = Where(line=1, quote="<b>|`x`[链](http://a.example)")
    short = replace(HOSTILE_AUDIT, verdicts=(verdict("QLT-08", "fail", where=quote),))
    text = whole("markdown", [AUDIT, HOSTILE_AUDIT, HOSTILE_REFUSED, short])
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    inline = [child.type for token in tokens for child in token.children or ()]
    assert not {"link_open", "image", "html_inline", "em_open"} & set(inline)
    assert "html_block" not in {token.type for token in tokens}
    cells: list[int] = []
    for token in tokens:
        if token.type == "tr_open":
            cells.append(0)
        elif token.type in ("td_open", "th_open"):
            cells[-1] += 1
    assert cells == [5] * 7 + [4] * 8 + ([5] * 2 + [4] * 8) * 2 + [8] * 5


@pytest.mark.parametrize(
    "text", ["a|b", "`a`", "``", "[x](y)", "<b>", "http://a.example", "www.a.example", "a@b.example", "**x**"]
)
def test_row_73_single_marks_are_inert(text: str) -> None:
    for cell in (markdown(text), code(text)):
        html = MarkdownIt("commonmark").enable("table").render(f"| x |\n| --- |\n| {cell} |\n")
        assert html.count("<td>") == 1
        assert not re.search("<(a|b|em|strong)[ >]", html)


def test_row_73_markdown_shows_the_same_words() -> None:
    html = MarkdownIt("commonmark").render(markdown("a_b*c[d](e) #1 &amp; ~x~"))
    assert html == "<p>a_b*c[d](e) #1 &amp;amp; ~x~</p>\n"


def test_row_73_a_remedy_keeps_its_signs() -> None:
    """The sign of an address that is to be half-width is not written full-width by Markdown."""
    html = MarkdownIt("commonmark").render(markdown("写成“名称@域名”，如 a@b.example"))
    assert re.sub("</?code>", "", html) == "<p>写成“名称@域名”，如 a@b.example</p>\n"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("甲\n乙", "甲␊乙"),
        ("\udce9\udcff", "\\xe9\\xff"),
        ("\u202e甲", "\\u{202e}甲"),
        ("\x85", "\\u{85}"),
        ("\x7f", "␡"),
    ],
)
def test_row_78_file_names_are_printed_escaped_and_exact_in_json(name: str, shown: str) -> None:
    audit = replace(REFUSED, source=name)
    assert visible(name) == terminal(name) == shown
    assert f"报告：{shown}" in whole("table", [audit])
    assert json.loads(whole("json", [audit]))["reports"][0]["source"] == name
    assert whole("json", [audit]).isprintable() or "\n" in whole("json", [audit])
    whole("json", [audit]).encode("utf-8")
    assert whole("json", [audit], replace(VIEW, ascii_only=True)).isascii()


def test_row_86_the_same_audit_gives_the_same_bytes() -> None:
    for name in FORMATS:
        assert whole(name, TOGETHER) == whole(name, TOGETHER)


def test_row_92_mobiles_and_ids_are_masked_in_every_quote() -> None:
    for name in set(FORMATS) - {"baseline"}:
        text = whole(name, [AUDIT])
        assert "13805895555" not in text
        assert "110101199001011234" not in text
        assert "0589-5550123" in text
    report = json.loads(whole("json", [AUDIT]))["reports"][0]
    assert report["verdicts"][1]["values"]["found"] == "138****5555"
    assert report["verdicts"][1]["related"][0]["quote"] == "备用139****5555"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("电话13805895555。", "电话138****5555。"),
        ("１３８０５８９５５５５", "１３８****５５５５"),
        ("11010119900101123X", "110101********123X"),
        ("0589-5550123", "0589-5550123"),
        ("211380589555512", "211380589555512"),
        ("20160101000001", "20160101000001"),
    ],
)
def test_row_92_only_personal_numbers_are_masked(text: str, shown: str) -> None:
    assert masked(text) == shown
