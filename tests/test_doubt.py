"""Lines of a scan that could not be read for certain: what they may say is unread, and nothing else is."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest

from checker.extract import extract
from checker.judge import judge, verdicts_of
from checker.model import ANY, HOLE, Audit, Case, Document, Paragraph
from checker.patterns import Pattern
from checker.patterns.holes import may_match
from checker.read.plain.text import parse_text
from tests.findings import national
from tests.write import written
from tests.write.reading import read_html

OLD = """青石镇人民政府2016年政府信息公开工作年度报告
根据《中华人民共和国政府信息公开条例》编制。本报告所列数据的统计期限自2016年1月1日至2016年12月31日止。
一、概述
本镇由党政办公室负责政府信息公开，配专人2名，全年培训3次。
二、主动公开政府信息情况
全年主动公开政府信息120条。
三、依申请公开政府信息情况
全年没有收到政府信息公开申请。
四、复议、诉讼情况
{disputes}
五、存在的主要问题及改进措施
主要问题是公开栏更新不及时。今后每月检查一次公开栏。
六、其他需要报告的事项
{other}
青石镇人民政府
2017年1月12日
"""
DISPUTES = "全年没有发生行政复议和行政诉讼。"
FEES = "全年没有收取任何费用。"


def text(disputes: str = DISPUTES, other: str = FEES) -> Document:
    return parse_text(OLD.format(disputes=disputes, other=other), "x.txt")


def hidden(document: Document, words: str, left: str = "") -> Document:
    """A scan of a document in whose paragraph with these words nothing but ``left`` could be read."""
    (own,) = (block for block in document.blocks if isinstance(block, Paragraph) and words in block.text)
    before, found, after = own.text.partition(left) if left else ("", "", own.text)
    holes = HOLE * len(before) + found + HOLE * (len(after) if left else max(len(after), ANY))
    return _with(document, own, holes)


def _with(document: Document, own: Paragraph, said: str) -> Document:
    doubtful = replace(own, text=said, unread=True)
    blocks = tuple([doubtful if block is own else block for block in document.blocks])
    return replace(document, blocks=blocks, recognised=True)


def audited(document: Document) -> Audit:
    return judge(Case(extract(document, national().facts)), national())


def facts(audit: Audit) -> Mapping[str, tuple[str, object]]:
    assert audit.report
    read = {name: audit.report.fact(name) for name in national().facts.specs}
    return {name: (fact.state, fact.value) for name, fact in read.items()}


def found(audit: Audit) -> set[tuple[str, str]]:
    return {(verdict.rule, verdict.subject) for verdict in audit.findings}


# --- the only answer is hidden ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("left", ["", "全年", "费用", "发生"])
@pytest.mark.parametrize(("fact", "words"), [("fees", "费用"), ("reviews", "行政复议和"), ("lawsuits", "行政诉讼。")])
def test_what_only_a_hidden_line_says_is_unread_and_never_missing(fact: str, words: str, left: str) -> None:
    document = text()
    seen = left if any(left in block.text for block in document.blocks if isinstance(block, Paragraph)) else ""
    own = next(block.text for block in document.blocks if isinstance(block, Paragraph) and words in block.text)
    audit = audited(hidden(document, words, seen if seen in own else ""))
    assert facts(audit)[fact] == ("unread", None)
    assert found(audit) <= found(audited(replace(document, recognised=True)))


@pytest.mark.parametrize("heading", ["四、复议", "五、存在", "六、其他"])
def test_what_stands_under_a_hidden_heading_is_unread_and_the_part_not_missing(heading: str) -> None:
    document = text("全年没有发生。", "全年没有收取。")
    before = audited(replace(document, recognised=True))
    after = audited(hidden(document, heading))
    assert found(after) <= found(before)
    assert all(after_ in (facts(before)[name], ("unread", None)) for name, after_ in facts(after).items())


def test_a_second_place_does_not_answer_for_a_hidden_better_one() -> None:
    document = text(other="其中网站公开2条信息。")
    assert facts(audited(hidden(document, "120条")))["published.total"][0] == "unread"


def _hidings(document: Document, dice: random.Random, count: int) -> Iterator[tuple[str, Document]]:
    """So many scans of a document with something of a paragraph hidden, and what."""
    paragraphs = [block for block in document.blocks if isinstance(block, Paragraph) and block.text.strip()]
    for own in dice.choices(paragraphs, k=count):
        size = len(own.text)
        long = dice.choice((1, 2, 4, 8, size))
        begin = dice.randrange(max(size - long, 0) + 1)
        end = min(begin + long, size)
        holes = HOLE * (max(size, ANY) if end - begin == size else end - begin)
        yield (
            f"{own.text[:begin]}[{own.text[begin:end]}]",
            _with(document, own, own.text[:begin] + holes + own.text[end:]),
        )


@pytest.mark.parametrize("name", ["2012-枫桥岭镇", "2015-霁川县国土资源局", "2019-石磨镇", "2024-云渚镇"])
def test_whatever_is_hidden_makes_no_fact_wrong_and_nothing_missing(name: str) -> None:
    document = read_html(written(name))
    before = audited(replace(document, recognised=True))
    for what, scan in _hidings(document, random.Random(name), 12):
        after = audited(scan)
        wrong = {
            fact: said
            for fact, said in facts(after).items()
            if said[0] != "unread" and said != facts(before)[fact] and fact != "year.lead"  # of a longer preface
        }
        assert wrong == {}, what
        assert found(after) <= found(before), what


@pytest.mark.parametrize(
    ("said", "state"), [(f"全年{HOLE * 4}费用。", "unknown"), (f"全年没{HOLE}收取任何费用。", "pass")]
)
def test_no_wording_is_absent_from_a_line_that_has_room_for_it(said: str, state: str) -> None:
    document = text()
    (own,) = (block for block in document.blocks if isinstance(block, Paragraph) and block.text == FEES)
    pack = national()
    forbidden = {"scope": ("body",), "forbid": (Pattern("收取手续费"),)}
    rule = next(rule for rule in pack.rules if rule.turns[0].call.kind == "wording" and set(rule.eras) == set("ABCD"))
    turn = replace(rule.turns[0], when=None, call=replace(rule.turns[0].call, params=forbidden))
    report = extract(_with(document, own, said.replace("□", HOLE)), pack.facts)
    verdicts = verdicts_of(replace(rule, turns=(turn,), years=(None, None), levels=()), Case(report), pack)
    assert {verdict.state for verdict in verdicts} == {state}


# --- something else is hidden -----------------------------------------------------------------------------------------


def test_a_hole_that_leaves_no_room_for_an_answer_makes_nothing_else_unread() -> None:
    document = text("无。", "无。")
    (own,) = (block for block in document.blocks if isinstance(block, Paragraph) and "培训3次" in block.text)
    audit = audited(_with(document, own, own.text.replace("专人2名，全年培训", f"专{HOLE}2名，全年培{HOLE}")))
    before = audited(replace(document, recognised=True))
    changed = {name for name, said in facts(audit).items() if said != facts(before)[name] and said[0] == "unread"}
    assert not {name for name in changed if name.startswith(("fees", "said.", "requests.", "contact."))}
    assert {"fees", "said.granted", "contact.phone"} <= {
        name for name, (state, _) in facts(audit).items() if state == "absent"
    }
    assert ("OLD-03", "") in found(audit)  # that fees are missing is still told


@pytest.mark.parametrize("signed", [HOLE * 8, f"青石{HOLE}{HOLE}政府", f"{HOLE * 4}青石镇人民政府"])
def test_a_seal_over_the_signature_leaves_the_text_certain(signed: str) -> None:
    document = text("无。", "无。")
    own = next(block for block in document.blocks if isinstance(block, Paragraph) and block.text == "青石镇人民政府")
    audit = audited(_with(document, own, signed))
    before = audited(replace(document, recognised=True))
    changed = {name for name, said in facts(audit).items() if said != facts(before)[name]}
    assert {name for name in changed if facts(before)[name][0] != "absent"} <= {"signed.place", "place"}
    assert all(facts(audit)[name] == facts(before)[name] for name in ("fees", "reviews", "requests.received"))
    assert audit.report
    assert HOLE not in (audit.report.place or "")


# --- patterns and holes -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "said", "possible"),
    [
        ("没有收取.{0,4}费", "没有□取费", True),
        ("没有收取.{0,4}费", "没有□费", False),
        ("没有收取.{0,4}费", "没有□□□费", True),
        ("没有收取.{0,4}费", "□□□□□", True),
        ("没有收取.{0,4}费", "□□□□", False),
        ("(?<=共)收到\\d+件", "□收到3件", True),
        ("收到\\d+(?=件)", "收到3□", True),
        ("收到\\d+件", "收到□件", True),
        ("收到\\d+件", "收到□□□□件", True),
        ("收到\\d+件", "受到□件", False),
    ],
)
def test_a_hole_is_any_character_or_none(source: str, said: str, possible: bool) -> None:
    assert may_match(Pattern(source), said.replace("□", HOLE), HOLE) is possible
