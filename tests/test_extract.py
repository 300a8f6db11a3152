"""From text to facts: the recogniser, the organ, the year, and the traps of the elements."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.extract import extract
from checker.extract.compact import _CHANGED, _DROP, _PLAIN, compact
from checker.extract.marks import topics_of
from checker.extract.names import level_of
from checker.extract.opened import opened
from checker.extract.outline import outline
from checker.judge import judge
from checker.model import LEFT_OUT, UNDATED, Case, Document, Fact, Paragraph, Report, Unreadable, Where
from checker.pack import load
from checker.patterns import Pattern, PatternTimeout
from checker.read.plain.html import parse_html
from checker.read.plain.markdown import parse_markdown
from checker.read.plain.text import parse_text
from checker.render import View, table
from tests.accuracy import wrapped

ROOT = Path(__file__).parents[1]
FACTS = load().facts


def document(text: str) -> Document:
    return parse_text(text, source="测试.txt")


def read(text: str) -> Report:
    return extract(document(text), FACTS)


def fact(name: str, text: str) -> Fact:
    """The fact as read from a small report with ``text`` as its body."""
    return read("青石镇人民政府2016年政府信息公开工作年度报告\n" + text).fact(name)


# --- compact text ---


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("一 概 述", "一概述"),
        ("２０１６年，共２８ 条", "2016年，共28条"),
        ("电话:0589- 5550123(办公室),邮编", "电话：0589-5550123（办公室），邮编"),
        ("1,234条", "1,234条"),
        ("0 0 0", "0 0 0"),
        ("12:30 http://example.com/a", "12:30 http://example.com/a"),
        ("主动\u200b公\u00ad开", "主动公开"),
        ("没有申请.", "没有申请。"),
    ],
)
def test_compact(raw: str, text: str) -> None:
    assert compact(raw)[0] == text


def test_traditional_characters_are_read_and_quoted_as_they_stand() -> None:
    report = read(
        "青石鎮2016年政府信息公開工作年度報告\n五、行政復議、行政訴訟情況\n2016年沒有發生行政復議，提起行政訴訟1件。"
    )
    assert report.place == "青石镇"
    assert (report.fact("reviews").value, report.fact("lawsuits").value) == (0, 1)
    assert "訴訟1件" in (report.fact("lawsuits").where.quote or "")
    assert "復議" in report.fact("reviews").raw


def test_what_compact_looks_for_first_is_all_that_it_changes() -> None:
    """A line is translated, and searched for what is dropped, only when a quicker look says so."""
    every = [chr(code) for code in range(0x20000) if not 0xD800 <= code < 0xE000]
    assert {ord(char) for char in every if _CHANGED.match(char)} == set(_PLAIN)
    assert all(char == " " or not char.isprintable() for char in every if _DROP.match(char))


@given(st.text(max_size=80))
def test_compact_offsets_lead_back_to_the_raw_text(raw: str) -> None:
    text, starts = compact(raw)
    places = starts if starts is not None else tuple(range(len(raw)))
    assert len(places) == len(text)
    assert list(places) == sorted(set(places))
    kept = {c for c in text if "\u4e00" <= c <= "\u9fff"}
    assert all(raw[at].translate(_PLAIN) == c for at, c in zip(places, text, strict=True) if c in kept)


# --- outline ---

REPORT = """砚川县青石镇人民政府2016年政府信息公开工作年度报告
根据《中华人民共和国政府信息公开条例》编制本报告。本报告所列数据的统计期限自2016年1月1日起至2016年12月31日止。地址：砚川县青石镇兴镇路8号，邮编：581333，电话：0589-5550211。
一、概述
2016年，我镇明确党政办公室负责政府信息公开工作，完善目录，按时更新政府网站专栏。
二、主动公开政府信息情况
2016年，我镇主动公开政府信息128条，其中政府网站公开96条，公开栏公开32条。
三、依申请公开政府信息情况
2016年，我镇没有收到政府信息公开申请。
四、收费及减免情况
无。
五、行政复议、行政诉讼情况
2016年没有发生因政府信息公开引起的行政复议、行政诉讼。
六、存在的主要问题及改进措施
部分信息公开不够及时。下一步，我镇将加强培训，按月检查更新情况。
砚川县青石镇人民政府
2017年2月20日
"""
TOPICS = ["overview", "published", "requests", "fees", "disputes", "problems"]
SAME = [
    "title.year",
    "place",
    "period",
    "contact.address",
    "contact.postcode",
    "contact.phone",
    "published.total",
    "requests.received",
    "fees",
    "reviews",
    "lawsuits",
    "signed.date",
    "signed.place",
]


def test_outline_finds_title_parts_signature() -> None:
    found = outline(document(REPORT))
    assert found.title.text == "砚川县青石镇人民政府2016年政府信息公开工作年度报告"
    assert [section.heading.topics[0] for section in found.sections] == TOPICS
    assert [section.heading.number for section in found.sections] == [1, 2, 3, 4, 5, 6]
    assert found.tail.text == "砚川县青石镇人民政府\n2017年2月20日"
    assert found.preface.text.startswith("根据《中华人民共和国政府信息公开条例》")


@pytest.mark.parametrize(
    "below",
    [
        "联系电话：0555-6210001",
        "本报告由青石镇党政办公室负责解释。",
        "如对本报告有疑问，请与青石镇党政办公室联系（地址：青石镇前街1号，邮编：243001，电话：0555-6210001，传真：0555-6210002）。",
    ],
)
def test_whom_to_ask_below_the_signature_does_not_hide_it(below: str) -> None:
    assert outline(document(f"{REPORT}\n{below}")).tail.text == "砚川县青石镇人民政府\n2017年2月20日"


def by_characters(text: str, most: int) -> str:
    """``text`` broken after each so many characters, whatever their width."""
    return "\n".join(line[at : at + most] for line in text.splitlines() for at in range(0, len(line), most))


@pytest.mark.parametrize(
    ("columns", "broken"),
    [(40, wrapped), (60, wrapped), (80, wrapped), (30, by_characters), (40, by_characters), (60, by_characters)],
)
def test_broken_lines_change_no_fact(columns: int, broken: Callable[[str, int], str]) -> None:
    before, after = read(REPORT), read(broken(REPORT, columns))
    assert {n: after.fact(n).value for n in SAME} == {n: before.fact(n).value for n in SAME}
    assert [s.heading.topics for s in after.sections] == [s.heading.topics for s in before.sections]


def test_what_counts_the_parts_off_is_no_part_where_its_lines_are_broken() -> None:
    text = REPORT.replace(
        "编制本报告。",
        "编制本报告，共六个部分：一、概述；二、主动公开政府信息情况；三、依申请公开政府信息情况；四、收费及减免情况；五、行政复议、行政诉讼情况；六、存在的主要问题及改进措施。",
    )
    assert [s.heading.label for s in read(wrapped(text, 40)).sections] == [f"{n}、" for n in "一二三四五六"]


def test_a_text_without_line_breaks_changes_no_fact() -> None:
    before, after = read(REPORT), read(REPORT.replace("\n", ""))
    assert {n: after.fact(n).value for n in SAME} == {n: before.fact(n).value for n in SAME}
    assert [s.heading.topics[0] for s in after.sections] == TOPICS


BRIEF = """砚川县水务局2012年政府信息公开年度报告
按照《中华人民共和国政府信息公开条例》编写。
一、概况
我局由办公室兼管此事，配兼职人员一名。
二、依申请公开
本局无依申请公开件。
三、收费及减免
对申请人全部免收费用。
四、复议、诉讼
未有针对本局的复议案、诉讼案。
五、不足
对政策解读不深不透。
六、下步打算
每出台一项水价政策，同步配发问答。
"""


@pytest.mark.parametrize("name", ["requests.received", "fees", "reviews", "lawsuits", "problems", "improvements"])
def test_a_brief_heading_ends_with_its_subject_where_line_breaks_are_lost(name: str) -> None:
    before, after = read(BRIEF).fact(name), read(BRIEF.replace("\n", "")).fact(name)
    assert (before.state, before.value) == (after.state, after.value)
    assert before.state == "given"


@pytest.mark.parametrize(
    ("line", "title"),
    [
        (
            "公开日期: 2015-07-27 发布单位: 菱渡镇2009年度菱渡镇政府信息公开年度报告",
            "2009年度菱渡镇政府信息公开年度报告",
        ),
        (
            "时间:2017-02-14 15:20来源:铜槌镇鸢山县铜槌镇2016年政府信息公开年度报告",
            "鸢山县铜槌镇2016年政府信息公开年度报告",
        ),
        ("发布日期：2011-01-28 字体：【大 中 小】县畜牧局2010年政府信息公开年报", "县畜牧局2010年政府信息公开年报"),
        ("漪川县粮食局2009年政府信息公开工作总结及年度报告", "漪川县粮食局2009年政府信息公开工作总结及年度报告"),
        ("关于报送《莲塘局2013年政府信息公开工作报告》的函", "关于报送《莲塘局2013年政府信息公开工作报告》的函"),
    ],
)
def test_the_title_alone_is_title_where_line_breaks_are_lost(line: str, title: str) -> None:
    """Neither the page's metadata in front of it nor the first sentence behind it."""
    text = "2016年，我单位认真学习《条例》，现将有关情况报告如下。一、概况机构健全。二、主动公开情况公开信息3条。"
    assert outline(document(line + text)).title.text == title


@pytest.mark.parametrize(
    "heading",
    [
        "一、概述",
        "一．概述",
        "一 概 述",
        "第一部分 概述",
        "（一）概述",
        "(一)概述",
        "1、概述",
        "1. 概述",
        "１．概述",
        "1　概述",
        "【概述】",
    ],
)
def test_heading_marks(heading: str) -> None:
    marks = {"一": "二", "1": "2", "１": "２"}
    other = heading.replace("概述", "主动公开情况").replace("概 述", "主动公开情况")
    for one, two in marks.items():
        other = other.replace(one, two)
    found = outline(
        document(f"青石镇2016年政府信息公开工作年度报告\n{heading}\n我镇重视此项工作。\n{other}\n主动公开信息3条。")
    )
    assert [s.heading.topics[0] for s in found.sections] == ["overview", "published"]


RAGGED = """上垟镇政府2020年度信息公开工作报告
    本报告按《中华人民共和国政府信
息公开条例》（国务院令第711号）要求，
由上垟镇人民政府编制。统计区间为20
20年1月1日至2020年12月31日。查询及
监督电话：0589—5559940。
    一、总体情况
    本年度在市政府网站乡镇专栏公开信
息85条，较2019年的60条净增25条；在公
众号公开信息240条；两处相加，全年合
计公开325条。规范性文件没有新的制作，
行政许可、行政处罚、行政强制均为0件，
也没有收到任何公民、法人和其他组织提
出的信息公开申请。
"""


def test_lines_broken_at_no_fixed_column_are_joined() -> None:
    found = read(RAGGED)
    assert found.fact("basis").value == "《中华人民共和国政府信息公开条例》"
    assert found.fact("period").value == ("2020-01-01", "2020-12-31")
    assert (found.fact("published.total").value, found.fact("requests.received").value) == (325, 0)


TORN = """……（四）收费：零。（五）复议：零。（六）值得改进的地方：公开栏位置偏僻。五、2017年打算 移栏三处。
青石镇人民政府办公室 2017年2月6日 （地址：砚川县青石镇兴镇路8号；邮编：581333；咨询电话：0589-5550211）"""


def test_an_excerpt_is_read_from_where_it_begins() -> None:
    report = read(TORN.replace("\n", ""))
    told = {name: report.fact(name).value for name in ("fees", "reviews", "signed.date", "contact.phone", "title.year")}
    assert told == {
        "fees": 0,
        "reviews": 0,
        "signed.date": "2017-02-06",
        "contact.phone": "0589-5550211",
        "title.year": 2016,
    }
    assert {report.fact(name).state for name in ("problems", "improvements")} == {"given"}


def test_who_signs_right_under_the_title() -> None:
    report = read(
        "青石镇2016年政府信息公开工作年度报告\n青石镇人民政府编制　2017年2月6日\n根据条例编制。\n一、概述\n公开5条。"
    )
    assert [report.fact(name).value for name in ("signed.place", "signed.date")] == ["青石镇人民政府", "2017-02-06"]


@pytest.mark.parametrize(
    "signed", ["（2017年2月6日　青石镇人民政府）", "青石镇人民政府　二〇一七年二月六日", "2017年2月6日　青石镇人民政府"]
)
def test_who_signs_right_under_the_title_in_other_orders(signed: str) -> None:
    title, *text = REPORT.strip().splitlines()[:-2]
    report = read("\n".join([title, signed, *text]))
    assert [report.fact(name).value for name in ("signed.place", "signed.date")] == ["青石镇人民政府", "2017-02-06"]


def test_the_day_from_which_a_rule_holds_is_no_signature() -> None:
    report = read(f"{REPORT}\n附件：《青石镇依申请公开办理流程》\n第四条　本流程自2013年6月1日起施行。")
    assert report.fact("signed.date").state == "absent" or report.fact("signed.date").value == "2017-02-20"


def test_problems_beside_measures_in_a_table_are_read() -> None:
    rows = "| 序号 | 主要问题 | 改进情况 |\n|---|---|---|\n| 1 | 老档案查找难 | 2016年整理文书档案213卷 |\n"
    text = f"# 青石镇2016年政府信息公开工作年度报告\n\n## 六、主要问题及改进情况\n\n{rows}"
    report = extract(opened(parse_markdown(text, "x.md")), load().facts)
    told = {name: str(report.fact(name).value) for name in ("problems", "improvements")}
    assert "老档案查找难" in told["problems"]
    assert "213卷" in told["improvements"]


def test_the_aspects_of_the_overview_beside_what_was_done_in_a_table_are_read() -> None:
    said = {
        "主动公开": "公开政府信息420条",
        "依申请公开": "新收3件，办结3件",
        "政府信息管理": "指南修订1次",
        "平台建设": "公开栏38处",
        "监督保障": "培训2次",
    }
    rows = "".join(f"| {name} | {told} |\n" for name, told in said.items())
    text = f"# 青石街道办事处2024年政府信息公开工作年度报告\n\n## 一、总体情况\n\n| 方面 | 情况 |\n|---|---|\n{rows}"
    report = extract(opened(parse_markdown(text, "x.md")), load().facts)
    assert report.fact("published.total").value == 420
    assert all(told in report.texts["overview"].text for told in said.values())


def test_a_table_under_second_level_headings_makes_no_part_of_its_own() -> None:
    parts = "".join(
        f"（{n}）{name}\n没有。\n"
        for n, name in zip(
            "一二三四五",
            ("概述", "主动公开情况", "依申请公开情况", "收费及减免情况", "行政复议、行政诉讼情况"),
            strict=True,
        )
    )
    found = read(
        f"青石镇2016年政府信息公开工作年度报告\n{parts}（六）主要问题及改进情况\n主要问题\n人手少。\n改进情况\n已增一人。\n"
    )
    assert [section.heading.number for section in found.sections] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("menu", ["首页　机构概况　政务公开　办事服务", "概况 | 新闻 | 政务公开 | 办事服务 | 互动交流"])
def test_the_menu_of_a_site_is_no_title(menu: str) -> None:
    found = outline(document(f"{menu}\n{REPORT}"))
    assert found.title.text == "砚川县青石镇人民政府2016年政府信息公开工作年度报告"
    assert [line.raw for line in found.furniture.lines] == [menu]


def test_the_page_behind_the_date_is_cut_off() -> None:
    text = (
        "一、概述 2013年公开信息3条，内容全面。" * 3 + " 青石镇人民政府 2014年3月10日 上一篇：无 下一篇：2013年部门决算"
    )
    found = read(f"青石镇2013年政府信息公开年度报告 {text}")
    assert (found.fact("signed.date").value, found.fact("signed.place").value) == ("2014-03-10", "青石镇人民政府")


@pytest.mark.parametrize("organ", ["青石镇人民政府（章）", "青石镇人民政府 联系电话：0589-5550123"])
def test_who_signs_below_the_statistics(organ: str) -> None:
    rows = "指标名称 计量单位 数量\n一、主动公开情况 —— ——\n（一）主动公开政府信息数 条 77\n其中：规范性文件 条 0"
    found = read(
        f"青石镇2013年政府信息公开年度报告\n一、概述\n公开77条。\n附表：政府信息公开情况统计表\n{rows}\n{organ}\n2014年1月6日"
    )
    assert (found.fact("signed.place").value, found.fact("signed.date").value) == ("青石镇人民政府", "2014-01-06")


@pytest.mark.parametrize(
    ("said", "given"),
    [
        ("截至目前，没有居民提出公开申请。", False),
        ("截至12月底，新媒体累计发布2万条。", False),
        ("数据截至目前。", True),
    ],
)
def test_a_day_up_to_which_one_thing_was_counted_is_no_period(said: str, given: bool) -> None:
    assert (fact("period.open", f"一、概述\n{said}").state == "given") == given


def test_counting_off_in_the_text_makes_no_heading() -> None:
    text = (
        "五、不足之处\n第一，公开栏风吹日晒，维护费用没有着落。\n第二，监督员评议流于形式。\n六、下步打算\n增设公开栏。"
    )
    found = outline(document(f"青石镇2010年政府信息公开年度报告\n一、概述\n公开信息3条。\n{text}"))
    assert [section.heading.text for section in found.sections] == ["概述", "不足之处", "下步打算"]
    assert fact("problems", text).state == "given"


@pytest.mark.parametrize(
    ("rows", "state"),
    [
        ("|扶贫信息|512|\n|财政信息|96|", "absent"),
        ("|收到申请数|3|\n|行政复议数量|0|", "unread"),  # a part of a return
        ("\n".join(f"|信息{n}|{n}|" for n in range(12)), "unread"),  # as long as one
    ],
)
def test_a_short_table_of_categories_is_no_return(rows: str, state: str) -> None:
    head = (
        "# 青石镇2016年政府信息公开工作年度报告\n\n## 一、主动公开\n\n公开信息608条。\n\n|类别|数量（条）|\n|---|---|"
    )
    assert extract(parse_markdown(f"{head}\n{rows}\n", "x.md"), FACTS).fact("stat.published.total").state == state


OUTER = ["总体情况", "主动公开政府信息情况", "收到和处理政府信息公开申请情况", "政府信息公开行政复议、行政诉讼情况"]
LAST = ["存在的主要问题及改进情况", "其他需要报告的事项"]
MENDED = "一、存在的问题\n（一）解读少，多是转载。\n（二）更新慢，隔月一次。\n二、改进情况\n多写解读，按月检查。"

POINTS = ["一、解读少。", "二、更新慢。", "三、人手紧。", "四、栏目旧。", "五、培训少。", "六、经费少。"]
SAID = ["一、主动公开", "二、依申请公开", "一、平台建设", "二、监督保障", "三、收费"]


def counted(*parts: str, start: int = 1) -> list[str]:
    return [f"{'一二三四五六七八九'[n]}、{part}" for n, part in enumerate(parts, start - 1)]


@pytest.mark.parametrize(
    ("lines", "parts"),
    [
        ([*counted(*OUTER), "五、" + LAST[0], MENDED, "六、" + LAST[1]], 6),
        ([*counted(*OUTER), "五、" + LAST[0], MENDED], 5),
        ([*counted(*OUTER, *LAST), "一、收费\n未收取。\n二、建议提案\n办理3件。"], 6),
        (["一、总体情况", *counted("主动公开", "依申请公开", "平台建设"), *counted(*OUTER[1:], *LAST, start=2)], 6),
        ([*counted(*OUTER[:2]), *counted("公开数量", "公开渠道"), *counted(*OUTER[2:], *LAST, start=3)], 6),
        (
            [
                "第一部分 概述",
                *counted("领导", "培训"),
                "第二部分 主动公开",
                *counted("数量", "渠道"),
                "第三部分 依申请公开",
            ],
            3,
        ),
        ([*counted(*OUTER, *LAST), "一、受理督查转办3件；二、代开发票税款由税务所公布；三、无其他。"], 6),
        ([*counted(*OUTER, *LAST), *counted(*OUTER, *LAST)], 12),  # two reports
        ([*counted(*OUTER), *counted(*LAST)], 6),  # a list in Word that began again
        ([*counted(*OUTER[:3]), "一、" + OUTER[3], *counted(*LAST, start=5)], 6),  # 一、 for 四、
        ([*counted(*OUTER), "五、" + LAST[0], MENDED, MENDED, "六、" + LAST[1]], 6),
        ([*counted(*OUTER), "五、" + LAST[0], *POINTS, "改进情况如下：", *POINTS, "六、" + LAST[1]], 6),
        ([*counted(*OUTER), "五、" + LAST[0], *POINTS * 2, "六、" + LAST[1]], 6),  # as many points as there are parts
        ([*counted(*OUTER), "五、" + LAST[0], "一、存在的问题", *POINTS, "二、改进情况", *POINTS, "六、" + LAST[1]], 6),
        ([*counted(*OUTER), "五、" + LAST[0], "一、问题\n解读少，多转载。\n一、改进\n多写解读。", "六、" + LAST[1]], 6),
        ([*counted(*OUTER[:2]), *counted(*OUTER), *counted(*LAST, start=5)], 8),  # two tries at one list
        (["一、总体情况", *SAID, *counted(*OUTER[1:], *LAST, start=2)], 6),
    ],
)
def test_points_counted_like_parts_are_no_parts(lines: list[str], parts: int) -> None:
    found = outline(document("\n".join(["青石镇2022年政府信息公开工作年度报告", *lines])))
    assert len(found.sections) == parts


def test_the_text_of_points_counted_like_parts_is_the_part_s() -> None:
    lines = [*counted(*OUTER), "五、" + LAST[0], MENDED, "六、" + LAST[1]]
    found = outline(document("\n".join(["青石镇2022年政府信息公开工作年度报告", *lines])))
    assert found.topics["problems"].text == "解读少，多是转载。\n更新慢，隔月一次。"
    assert found.topics["plan"].text == "多写解读，按月检查。"
    assert [heading.level for heading in found.sections[4].subheadings] == [2, 3, 3, 2]


def test_points_of_one_sentence_each_are_the_text_of_their_part() -> None:
    points = ["存在的问题：", *POINTS[:2], "改进情况：", *POINTS[2:4]]
    named = ["（一）收费情况。", "（二）主动公开。", "（三）其他。"]
    lines = [*counted(*OUTER), "五、" + LAST[0], *points, "六、" + LAST[1], *named]
    found = outline(document("\n".join(["青石镇2022年政府信息公开工作年度报告", *lines])))
    assert found.sections[4].text.text == "解读少。\n更新慢。\n人手紧。\n栏目旧。"
    assert (found.topics["problems"].text, found.topics["plan"].text) == ("解读少。\n更新慢。", "人手紧。\n栏目旧。")
    assert found.sections[5].text.text == ""


@pytest.mark.parametrize(
    "trail", ["首页 > 政府信息公开 > 年度报告 > 正文", "您当前的位置：首页 > 年度报告", "首页 / 政府信息公开年报"]
)
def test_the_way_to_a_page_is_no_title(trail: str) -> None:
    found = outline(
        document(
            f"{trail}\n青石镇2010年政府信息公开年度报告\n一、概述\n按条例公开信息3条，{'内容全面，' * 5}更新及时。"
        )
    )
    assert found.title.text == "青石镇2010年政府信息公开年度报告"


def test_a_title_in_three_lines() -> None:
    text = "芦汀街道办事处\n政府信息公开年度报告\n（2016年度）\n一、概述\n年内公开信息718条。"
    assert outline(document(text)).title.text == "芦汀街道办事处\n政府信息公开年度报告\n（2016年度）"
    assert (read(text).fact("title.year").value, read(text).place) == (2016, "芦汀街道办事处")


def test_a_missing_first_number_is_seen() -> None:
    found = outline(
        document(
            "青石镇2017年政府信息公开工作年度报告\n现将情况公布如下：\n基本做法\n我镇重视。\n二、主动公开情况\n共3条。"
        )
    )
    assert [(s.heading.number, s.heading.text) for s in found.sections] == [(None, "基本做法"), (2, "主动公开情况")]


def test_heading_run_into_its_paragraph() -> None:
    found = outline(
        document("青石镇2018年政府信息公开年度报告\n一、工作情况\n（一）主动公开情况。全镇主动公开政府信息28条。")
    )
    assert found.topics["published"].text == "全镇主动公开政府信息28条。"


def test_furniture_is_no_report_text() -> None:
    found = outline(document(REPORT + "附件下载\n扫一扫在手机上查看当前页面\n相关解读\n"))
    assert found.furniture.text.splitlines() == ["附件下载", "扫一扫在手机上查看当前页面", "相关解读"]
    assert found.tail.text == "砚川县青石镇人民政府\n2017年2月20日"


@pytest.mark.parametrize("columns", range(28, 42))
def test_a_row_broken_between_two_cells_keeps_them_apart(columns: int) -> None:
    row = "（四）无法提供\t1.本机关不掌握相关政府信息\t1\t0\t0\t0\t0\t0\t1"
    found = outline(document(by_characters(f"{REPORT}\n附：统计表\n{row}", columns)))
    rows = [line.raw for line in found.all.lines if line.raw.startswith("（四）")]
    assert rows == [row]


SAID_BESIDE_WORDS_OF_THE_PAGE = [
    "全年公开信息64条，栏目访问量：1.2万次。",
    "公开信息64条；微信阅读量：3000次，点击数：800。",
    "收到申请2件，村民“扫一扫”网上提交，已答复。",
    "没有收到申请（申请表见附件下载栏目）。",
    "网站“我要纠错”回复慢。",
    "增设“返回顶部”按钮，网站主办单位：县政府办。",
    "本报告可在网站附件下载栏查看。",
    "信息公开全部免费（浏览次数：1200次）",
    "（二）依申请公开　分享到：",
    "没有接到举报投诉。[bookmark:",
    "首页 > 依申请公开栏目收到申请3件，均已答复",
]


@pytest.mark.parametrize("sentence", SAID_BESIDE_WORDS_OF_THE_PAGE)
def test_a_sentence_that_names_a_button_of_the_page_is_report_text(sentence: str) -> None:
    found = outline(document(f"青石镇2016年政府信息公开工作年度报告\n一、概述\n{sentence}\n二、主动公开情况\n共3条。"))
    kept = re.sub(r"\[bookmark:|\s", "", sentence)
    assert kept in found.body.text.replace("\n", "") or kept[:8] in [h.label + h.text for h in found.headings]


@pytest.mark.parametrize(
    "residue",
    [
        "分享到：",
        "【打印】【关闭】",
        "[返回顶部]",
        "字号：大 中 小",
        "（责任编辑：某某）",
        "上一篇：无",
        "点击数：12 次",
        "&nbsp;",
        "扫一扫在手机打开当前页",
    ],
)
def test_residue_behind_a_sentence_is_set_aside_alone(residue: str) -> None:
    said = "2016年我镇没有收取政府信息公开的费用，也没有减免费用的情况。"
    text = f"青石镇2016年政府信息公开工作年度报告\n一、收费情况\n{said}{residue}\n二、主动公开情况\n共3条。"
    found = outline(document(text))
    assert (found.body.lines[0].text, len(found.furniture.lines)) == (said, 1)
    assert found.furniture.lines[0].raw == residue
    assert read(text).fact("fees").value == 0


@pytest.mark.parametrize(
    ("line", "meta"),
    [
        ("时间：2016年1月1日至2016年12月31日。", False),
        ("日期：2016年1月1日—12月31日", False),
        ("发布时间：2017-02-20 来源：青石镇", True),
    ],
)
def test_the_period_is_no_metadata_of_the_page(line: str, meta: bool) -> None:
    found = outline(document(f"青石镇2016年政府信息公开工作年度报告\n{line}\n一、概述\n公开信息3条。"))
    assert (line in found.preface.text, line in [each.raw for each in found.meta.lines]) == (not meta, meta)


def test_a_label_below_the_first_sentence_is_no_metadata_of_the_page() -> None:
    text = REPORT.replace("\n一、", "\n名称：青石镇党政办公室\n一、", 1)
    assert "名称：青石镇党政办公室" in outline(document(text)).preface.text


@pytest.mark.parametrize("at", range(6, 24))
def test_a_title_on_two_lines_is_one_title(at: int) -> None:
    title = "砚川县青石镇人民政府2016年政府信息公开工作年度报告"
    report = read(f"{title[:at]}\n{title[at:]}\n一、概述\n年内公开信息718条。")
    assert (report.fact("title.year").value, report.place) == (2016, "砚川县青石镇人民政府")
    assert report.texts["title"].text.replace("\n", "") == title
    assert "preface" not in report.texts


@pytest.mark.parametrize(
    ("above", "title"),
    [
        ("青政发〔2017〕3号", "青石镇2016年\n政府信息公开年度报告"),
        ("砚川县人民政府公报", "青石镇2016年\n政府信息公开年度报告"),
        ("栗坪镇人民政府文件", "青石镇2016年度政府信息\n公开年度报告"),
    ],
)
def test_what_stands_above_a_title_on_two_lines_is_none_of_it(above: str, title: str) -> None:
    found = outline(document(f"{above}\n{title}\n一、概述\n年内公开信息718条。"))
    assert found.title.text == title.replace("\n", "")


def test_the_parts_of_a_title_keep_their_places() -> None:
    found = outline(document("砚川县青石镇2016年\n政府信息公开工作年度报告\n一、概述\n年内公开信息718条。"))
    assert [where.line for at in (0, 12) if (where := found.title.lines[0].where(at, at + 2))] == [1, 2]
    assert not found.wrapped


def test_a_bar_outside_the_text_of_a_saved_page_is_no_text_of_it() -> None:
    page = parse_html(
        "<body><p>索引号：1 字号：[大 中 小]</p>"
        + "".join(f"<p>{line}</p>" for line in REPORT.splitlines() if line)
        + "<div>分享到：微信 微博</div><p>相关解读</p></body>",
        source="年报.html",
    )
    found = outline(page)
    assert found.all.lines[0].text.startswith("砚川县青石镇")
    assert "分享到" not in found.all.text
    assert "分享到" in found.furniture.text


def test_a_page_with_its_report_in_a_file_is_not_read() -> None:
    page = parse_html(
        '<body><p>青石镇2016年政府信息公开工作年度报告</p><p><a href="b.pdf">点击下载：2016年年报.pdf</a></p></body>',
        source="年报.html",
    )
    with pytest.raises(Unreadable, match="正文在附件里") as told:
        extract(page, FACTS)
    assert "附件下载后单独检查" in told.value.remedy


OF_A_FORM = [
    "总体情况",
    "主动公开政府信息情况",
    "收到和处理政府信息公开申请情况",
    "政府信息公开行政复议、行政诉讼情况",
    "存在的主要问题及改进情况",
    "其他需要报告的事项",
]


@pytest.mark.parametrize("mark", ["（{}）", "（{:d}）", "【", "{}、\n", "{:d}.\n"])
def test_parts_marked_as_their_points_may_be(mark: str) -> None:
    said = "全年主动公开政府信息64条，收到申请2件，都已答复。"
    text = "青石镇2023年政府信息公开工作年度报告\n"
    for n, name in enumerate(OF_A_FORM):
        number = mark.format(n + 1 if "d" in mark else "一二三四五六"[n])
        text += f"{number}{name}" + "】" * (mark == "【") + "\n"
        text += f"（一）主动公开\n{said}\n（二）依申请公开\n{said}\n（三）监督保障\n{said}\n" if not n else said + "\n"
    found = read(text)
    assert [part.heading.text for part in found.sections] == OF_A_FORM
    assert [len(part.subheadings) for part in found.sections] == [3, 0, 0, 0, 0, 0]
    assert all(said in part.text.text for part in found.sections)


@pytest.mark.parametrize("columns", [31, 34, 38, 43, 46, 49])
@pytest.mark.parametrize("cell", ["\t", " "])
def test_rows_that_stand_whole_do_not_tell_where_the_prose_was_broken(columns: int, cell: str) -> None:
    rows = "（二）部分公开（区分处理的，只计这一情形，不计其他情形） 1 0 0 0 0 0 1\n" * 4 + "规章 0 0 0\n" * 40
    rows += "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和） 申请人情况\n"
    broken = by_characters(REPORT, columns) + "\n附：统计表\n" + rows.replace(" ", cell)
    before, after = read(REPORT), read(broken)
    for name in ("period", "contact.postcode", "contact.phone", "published.total", "requests.received", "fees"):
        assert after.fact(name).value == before.fact(name).value


@pytest.mark.parametrize("sentence", ["复议纠错1件。", "关闭老旧栏目3个，纠错信息12条。", "信访室打印公开材料。"])
def test_report_text_is_no_furniture(sentence: str) -> None:
    found = outline(document(f"青石镇2016年政府信息公开工作年度报告\n一、概述\n{sentence}\n二、主动公开情况\n共3条。"))
    assert not found.furniture
    assert sentence in found.body.text


@pytest.mark.parametrize(
    ("heading", "topics"),
    [
        ("因政府信息公开申请行政复议、提起行政诉讼情况", ("disputes",)),
        ("收到和处理政府信息公开申请情况", ("requests",)),
        ("依申请公开和不予公开情况", ("requests",)),
        ("收费、复议诉讼情况", ("fees", "disputes")),
        ("存在的主要问题及改进情况", ("problems", "plan")),
        ("其他需要报告的事项", ("other",)),
        ("主动公开政府信息情况", ("published",)),
        ("总体情况", ("overview",)),
        ("全年大致情形", ("overview",)),
        ("有没有人写申请", ("requests",)),
        ("收过费没有", ("fees",)),
        ("打没打过官司", ("disputes",)),
        ("做得不够的和往后怎么做", ("problems", "plan")),
    ],
)
def test_topics(heading: str, topics: tuple[str, ...]) -> None:
    assert topics_of(heading) == topics


@pytest.mark.parametrize("sentence", ["四、全年0申请、0复议", "五、凡查阅者一律免费"])
def test_a_numbered_statement_is_no_heading(sentence: str) -> None:
    found = outline(document(f"青石镇2018年政府信息公开年度报告\n三、主动公开情况\n共公开28条。\n{sentence}。"))
    assert sentence[2:] not in [section.heading.text for section in found.sections]


@pytest.mark.parametrize(
    ("question", "said", "name", "value"),
    [
        ("有没有人申请", "有，3件，都给了书面答复。", "requests.received", 3),
        ("有人写过申请没有", "有，3件，都给了书面答复。", "requests.received", 3),
        ("收没收费", "收取复印费6元。", "fees", 6),
        ("收没收费：没收。", "", "fees", 0),
        ("打没打官司", "行政诉讼1件，还在审理。", "lawsuits", 1),
        ("打没打官司", "没打过。", "lawsuits", 0),
    ],
)
def test_a_heading_that_asks_is_no_answer(question: str, said: str, name: str, value: int) -> None:
    found = fact(name, f"一、概述\n按条例公开。\n二、{question}\n{said}")
    assert {sighting.value for sighting in found.sightings} == {value}


# --- whose, when ---


def test_the_title_of_a_covering_letter_names_the_organ_between_the_marks() -> None:
    report = read("关于报送《云渚区水务局2013年度政府信息公开工作报告》的函\n一、概述\n我局重视公开工作。")
    assert report.fact("title.place").value == "云渚区水务局"


@pytest.mark.parametrize(
    "text",
    [
        "根据条例，现公布云渚区水务局2013年度政府信息公开报告。",
        "2013年政府信息公开年度报告由云渚区水务局编制，按条例公布。",
        "根据条例公布2013年政府信息公开报告，如有问题请与云渚区水务局联系。",
        "2013年度云渚区水务局主动公开政府信息12条，按条例办理。",
        "发布人：办公室 2014-02-04 云渚区水务局2013年政府信息公开年度报告\n一、概述\n按条例公开。",
        "云渚区水务局2013年政府信息公开年度报告 2014-02-04 打印本页 关闭窗口\n一、概述\n按条例公开。",
        "云渚区水务局2013年政府信息公开年度报告\n联系云渚区水务局办公室（电话5551234）。\n一、概述\n按条例公开。",
        "2013年政府信息公开年度报告\n根据条例，将云渚区水务局2013年的工作报告如下。\n一、概述\n按条例公开。",
        "2013年政府信息公开年度报告\n地址在云渚区水务局（和平路8号）。\n一、概述\n云渚区水务局认真公开信息。",
        "2013年政府信息公开年度报告\n为使社会公众了解云渚区水务局政府信息公开工作，编制本报告。\n一、概述\n按条例公开。",
        "2013年政府信息公开年度报告\n编制部门：云渚区水务局；联系部门云渚区水务局办公室（电话5551234）。\n一、概述\n按条例公开。",
        "二〇一三年度云渚区水务局政府信息公开年度报告\n一、概述\n按条例公开。",
        "二O一三年度云渚区水务局政府信息公开年度报告\n一、概述\n按条例公开。",
    ],
)
def test_the_organ_has_no_words_of_the_sentence_in_its_name(text: str) -> None:
    assert read(text).place == "云渚区水务局"


def test_a_town_that_speaks_of_a_site_keeps_its_own_name() -> None:
    report = read("青石镇2019年政府信息公开年度报告\n一、概述\n2019年，青石镇通过县政府网站青石镇专栏公开信息16条。")
    assert report.place == "青石镇"


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("砚川县青石镇人民政府", "镇"),
        ("青石镇人民政府办公室", "镇"),
        ("柳坪民族乡", "乡"),
        ("云渚街道办事处", "街道"),
        ("砚川县林业局", "部门"),
        ("砚川县人民政府", "县"),
        ("临澜市人民政府", "市"),
        ("岫南省", "省"),
        ("青石经济开发区管委会", "其他"),
        ("青石镇党政办", "镇"),
        ("柳坪乡信息公开办公室", "乡"),
        ("砚川县城镇住房办", "部门"),
    ],
)
def test_level(name: str, level: str) -> None:
    assert level_of(name) == level


@pytest.mark.parametrize(
    ("year", "era"),
    [(2008, "A"), (2013, "A"), (2014, "B"), (2018, "B"), (2019, "C"), (2020, "C"), (2021, "D"), (2030, "D")],
)
def test_era_by_report_year(year: int, era: str) -> None:
    report = read(f"青石镇{year}年政府信息公开工作年度报告\n一、概述\n我镇按条例公开。")
    assert (report.year, report.era) == (year, era)
    assert "标题" in report.reason


@pytest.mark.parametrize("line", ["（2016年度）", "2016年", "(二〇一六年度)"])
def test_a_year_on_the_line_below_its_title(line: str) -> None:
    report = read(f"青石镇政府信息公开工作年度报告\n{line}\n一、概述\n主动公开政府信息36条。")
    assert (report.year, report.fact("year.title").value) == (2016, 2016)
    body = read("青石镇政府信息公开工作年度报告\n2016年，我镇公开36条。\n一、概述\n主动公开政府信息36条。")
    assert body.fact("year.title").state == "absent"


def test_a_late_upload_date_does_not_choose_the_year() -> None:
    report = read("发布日期：2021-03-02\n青石镇2018年政府信息公开工作年度报告\n一、概述\n2018年我镇按条例公开。")
    assert (report.year, report.era) == (2018, "B")
    assert report.fact("posted.date").value == "2021-03-02"


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("统计期限自2016年1月1日起至2016年12月31日止", ("2016-01-01", "2016-12-31")),
        ("统计时限为：2016年1月1日至12月31日", ("2016-01-01", "2016-12-31")),
        ("数据统计期限为2016年1月1日——2016年12月31日", ("2016-01-01", "2016-12-31")),
        ("统计期限自201611起至20161231止", ("2016-01-01", "2016-12-31")),
        ("数据的起止时间：二〇一六年一月一日至十二月三十一日", ("2016-01-01", "2016-12-31")),
        ("统计期限自2016-1-1起至2016-12-31止", ("2016-01-01", "2016-12-31")),
        ("截至2016年12月15日，共公开信息3条", (None, "2016-12-15")),
        ("统计期限自2016年1月1日起至2016年2月30日止", None),
        ("本报告统计到2016年12月31日止（自1月1日起）", ("2016-01-01", "2016-12-31")),
        ("现公布2016年度（1月1日至12月31日）的报告", ("2016-01-01", "2016-12-31")),
        ("涵盖2016年（自1月1日起算，至12月31日止）", ("2016-01-01", "2016-12-31")),
        ("起讫时间：2016年1月1日到年底", ("2016-01-01", "2016-12-31")),
        ("统计时限：当年一至十二月", ("2016-01-01", "2016-12-31")),
        ("数据统计时点为2016年12月31日", (None, "2016-12-31")),
        ("报告所用数字从2016年1月1日以来、截至12月31日", ("2016-01-01", "2016-12-31")),
        ("统计期间从上年12月21日至2016年12月20日", ("2015-12-21", "2016-12-20")),
        ("数据时段：二〇一六年全年", ("2016-01-01", "2016-12-31")),
        ("编制时间段为2016年全年", ("2016-01-01", "2016-12-31")),
        ("统计数据以2016年（自然年1—12月）为准", ("2016-01-01", "2016-12-31")),
        ("一、概述\n现将2016年（1月1日至12月31日）工作报告如下", ("2016-01-01", "2016-12-31")),
    ],
)
def test_period(words: str, value: object) -> None:
    assert fact("period", f"{words}。").value == value


def test_who_signs_behind_the_address_where_the_break_is_lost() -> None:
    end = "七、打算 加强培训。地址：砚川县兴镇路18号三楼 砚川县科学技术局 二○一七年二月六日"
    assert (
        read(f"……五、政府信息公开复议诉讼 没有。六、存在的问题 更新慢。{end}").fact("place").value == "砚川县科学技术局"
    )


def test_what_is_counted_from_one_under_a_point_is_below_it() -> None:
    lines = [*counted(*OUTER), "五、" + LAST[0], "（一）存在问题\n一、栏目太少；\n二、更新慢。"]
    lines += ["（二）改进措施\n一、每站所设一名公示员；\n二、月初检查，逐站通报。", "六、" + LAST[1]]
    found = outline(document("\n".join(["青石镇2022年政府信息公开工作年度报告", *lines])))
    assert [heading.level for heading in found.sections[4].subheadings] == [2, 3, 3, 2, 3, 3]
    assert found.topics["plan"].text == "每站所设一名公示员；\n月初检查，逐站通报。"


def test_a_plan_over_years_is_no_period() -> None:
    assert fact("period", "制定了2016年至2020年公开规划。").state == "absent"


# --- the elements and their traps ---


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("机构职能6条、规划计划10条、水利工程50条、防汛抗旱30条，共计96条。", 96),
        ("组织人事12条、财政56条、民政40条、其他90条，合计188条。", 188),
        ("2016年共主动公开政府信息128条。", 128),
        ("全年主动公开各类信息１，２８０条。", 1280),
        ("我镇主动公开政府信息一百二十八条。", 128),
        ("主动公开政府信息1.2万条。", 12000),
        ("累计公开政府信息846条，其中本年度公开214条。", 214),
        ("截至年底历年累计主动公开2,047条，本年512条。", 512),
        ("按照条例第五十条，全年主动公开信息17条。", 17),
        ("全年主动公开政府信息 1 2 8 条。", 128),
        ("全年主动公开的有：县政府网站102条，公众号415条，合计517条。", 517),
        ("更新指南1次、目录2次。历年累计主动公开518条，2012年当年新增97条。", 97),
        ("历年公开信息累计1,415条，本年度为264条。", 264),
        ("主动公开信息由上年的155条增至233条。", 233),
        ("网站发布77条，公众号、头条号分别发布310条和145条，三者相加532条。", 532),
        ("公开审计结果9份、工作动态88条、其他公告12条，计109。", 109),
        ("开通新媒体，经各平台主动公开警务信息4,077条；发布警情通报156期。", 4077),
        ("公开政府信息三百余条。规范性文件新制作1件，新公开1件，总数7件。", 300),
        ("网站公开83条，微博公开201条，电子屏公开56条，三项相加340条，去除重复后为237条。", 237),
        ("去年主动公开信息131条，今年187条。", 187),
        ("主动公开情况如下：一季度35条，二季度48条，三季度41条，四季度52条，全年共计176条。", 176),
        ("原卫生局公开93条，合并后公开158条。全年合计公开322条。自2008年以来历年累计公开2416条。", 322),
        ("2016年，全镇共向社会公开政府信息208条。制作展板12期，公布补贴名单30条。", 208),
        ("主动公开的信息：文件18条，名单42条，动态211条，合计271条。", 271),
        ("累计公开1473条，其中2014年500条，2015年382条，2016年591条。", 591),
        ("去年（2015年）公开198条，今年（2016年）公开231条。", 231),
        ("到年末公开信息六百余条，今年新增的为一百三十条。", 130),
        ("网站536条，微博288条，两者有交叉，净公开数为702条。", 702),
        ("借助网站（803条）、微博（147条）、微信（66条）三个平台，共公开1 016条信息。", 1016),
        ("2016年计划公开信息150条。全年合计公开122条。", 122),
        ("2015年主动公开政府信息70条，2016年主动公开政府信息88条。", 88),
        ("全年公开政府信息88条，累计达512条。", 88),
        ("全年网站公开60条、微信公开28条，累计公开政府信息88条。", 88),
        ("主动公开政府信息1 2 3 4 条。", 1234),
        ("主动公开政府信息４５起。", 45),
        ("2016年我镇没有主动公开政府信息。", 0),
        ("我镇今年没有新增主动公开的政府信息。", 0),
        ("镇机关公开92条，敬老院公开31条，文化站公开18条，三家合计141条。", 141),
        ("网站发布88条，公众号发布65条，两项相加共153条。", 153),
        ("一季度公开45条，二季度公开52条，三季度公开38条，四季度公开61条，全年196条。", 196),
        ("公开政府信息数量由2015年的98条上升到2016年的131条，增长33.7%。", 131),
        ("年初计划公开信息200条，实际公开226条，完成计划的113%。", 226),
        ("2016年度主动公开信息（含政策解读12条）共144条。", 144),
        ("在县政府网站主动公开政府信息165条。9月至12月共发布原创信息39条。", 165),
        ("全年制作政府信息96件，全部主动公开。", 96),
        ("上年公开121条，本年较上年增加13条，达134条。", 134),
        ("网站发布120条，公众号推送60条，合计180条次，去掉重复后，公开政府信息151条。", 151),
        ("累计公开政府信息1,460条，2016年当年为338条。其中网站300条，公报38条。", 338),
        ("累计主动公开政府信息80条，其中当年6月以后新公开52条，补录28条。", 52),
        ("公开月报12期；公开审批信息201条；另有处罚公告29条，加在一起242条。", 242),
        ("网站公开131条，占七成；其余53条通过公众号公开。总量184条。", 184),
        ("在县政府网站公布统计公报、月度数据、法规等合计95条。", 95),
        ("公开栏贴了37条，政府网站登了40条，拢共77条。为公开的事开过3次会。", 77),
        ("去年公开65条，今年多公开了12条，共77条。", 77),
        ("77条当中，政府网站有40条，公开栏有37条。每月至少公开两条。", 77),
        ("发布信息386条。规范性文件自2015年清理后没有新增，对外公开总数量为2件。", 386),
        ("1.主动公开：127条，其中政策类35条，采购类44条。", 127),
        ("1.主动公开我乡在县政府网公开64条，在公众号公开23条，在其他平台公开5条，计92条。", 92),
        ("全年公开信息743条：网站许可信息512条，动态231条。\n（三）管理。复核旧文件11份，转为主动公开4份。", 743),
    ],
)
def test_published_total(text: str, value: int) -> None:
    assert fact("published.total", f"二、主动公开情况\n{text}").value == value


def test_an_approximate_figure_keeps_its_value_and_is_marked() -> None:
    read_ = fact("published.total", "二、主动公开情况\n主动公开信息63余条。")
    assert (read_.value, read_.approx, read_.raw) == (63, True, "主动公开信息63余条")


@pytest.mark.parametrize(
    ("text", "year", "run"),
    [
        ("历年累计主动公开政府信息512条，其中2016年96条。", 96, 512),
        ("自2008年5月1日以来，累计公开512条，其中2016年度公开96条。", 96, 512),
        ("截止2016年12月31日，累计主动公开政府信息512条；2016年新公开96条。", 96, 512),
        ("历年累计公开政府信息50条，2016年公开96条。", 96, 50),
        ("2016年主动公开政府信息96条，历年累计512条。", 96, 512),
        ("2016年主动公开政府信息96条，累计达到512条。", 96, 512),
        ("主动公开政府信息：本年96条，历年512条。", 96, 512),
        ("本年度主动公开政府信息96条（历年累计数512条）。", 96, 512),
        ("条例施行五年来，我局主动公开政府信息512条；2016年当年96条。", 96, 512),
        ("2012年至2016年累计主动公开512条，其中今年以来96条。", 96, 512),
        ("截至2016年底，栏目信息总量达512条，比上年底净增96条。", 96, None),
        ("2016年主动公开政府信息512条。对五个项目全流程公开，累计96条。", 512, None),
        ("2016年共主动公开政府信息：网站120条、微信38条、公开栏30期。", None, None),
    ],
)
def test_this_years_figure_and_that_of_all_years(text: str, year: int | None, run: int | None) -> None:
    report = read(f"青石镇人民政府2016年政府信息公开工作年度报告\n{text}")
    total, cumulative = report.fact("published.total"), report.fact("published.cumulative")
    assert (total.value, cumulative.value) == (year, run)
    assert (total.exact, cumulative.exact) == (year is not None, run is not None)


def test_a_cumulative_figure_is_told_apart() -> None:
    sightings = fact("published.total", "历年累计公开政府信息846条，其中本年度公开214条。").sightings
    assert [(s.value, s.cumulative) for s in sightings] == [(214, False), (846, True)]


@pytest.mark.parametrize(
    "text",
    [
        "政府网站浏览量达93582次。",
        "举办培训班3次，参加120人次。",
        "发放办事指南2000份。",
        "2017年力争主动公开政府信息200条以上。",
        "（一）主动公开政府信息数（不同渠道和方式公开相同信息计1条）",
        "各科室每季度公开不得少于3条，每月至少公开2条。",
        "为信息公开开了3次会，查过2次。",
        "对公开的信息每季度通报一次。",
        "主动公开做到一次告知。",
        "公开内容实行三次审核。",
        "公开内容分为六项。",
        "公开电话接听120次。",
        "点击公开信息5000次。",
    ],
)
def test_other_figures_are_no_disclosure_count(text: str) -> None:
    assert fact("published.total", text).state == "absent"


def test_one_sentence_answers_several_elements() -> None:
    text = "我镇未接到公民、法人和其他组织申请公开政府信息以及有关的举报、投诉、行政复议或者行政诉讼。"
    report = read("青石镇2016年政府信息公开工作年度报告\n" + text)
    assert [report.fact(n).value for n in ("requests.received", "reviews", "lawsuits", "appeals")] == [0, 0, 0, 0]
    assert report.fact("fees").state == "absent"


@pytest.mark.parametrize(
    "text",
    [
        "继续规范依申请公开政府信息程序，开展依申请公开工作。",
        "建立了依申请公开、保密审查等制度。",
        "三、依申请公开政府信息情况",
        "没有因政府信息公开申请引起的行政复议和行政诉讼。",
        "全年未收到行政复议、行政诉讼方面的申请。",
        "印发公文610份，其中主动公开187份，依申请公开信息96份，不予公开327份。",
        "本年收取成本费0元，减免申请0件。",
        "受理低保申请56件。",
        "办理宅基地申请12件。",
        "受理行政许可申请30件。",
        "二、依申请公开\n2017年计划受理申请10件。",
        "二、依申请公开\n梳理依申请公开事项15项，制作依申请公开流程图2份。",
        "二、依申请公开\n有两名群众到镇政府申请生育证，均当场办理。",
        "二、依申请公开\n大厅设了窗口，方便群众申请查询，工作人员当场答复。",
        "二、依申请公开\n公民可以向我局申请查询档案，我局当场答复。",
        "二、依申请公开\n刘某要求提供住房保障，已转民政办。",
        "二、依申请公开\n超期答复这方面的情况没有发生。",
        "二、依申请公开\n对办事服务，本年度无人提出意见。",
        "没有现成信息需要另行制作 0 0 0 0 0 0 03.补正后申请内容仍不明确。",
    ],
)
def test_no_answer_on_requests(text: str) -> None:
    assert fact("requests.received", text).state == "absent"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("三、依申请公开情况\n2016年收到的申请件数与2015年持平，均为2件，已全部答复。", 2),
        ("三、依申请公开情况\n全年收件2，均作了答复。", 2),
        ("收到政府信息公开申请2件。", 2),
        ("收到4件居民信息公开申请。", 4),
        ("依申请公开系统收到信息公开申请共1宗。", 1),
        ("受理信息公开申请共0条。", 0),
        ("全年一件申请也没有接到。", 0),
        ("2016年无人向我镇提出公开申请。", 0),
        ("依申请公开情况：无。", 0),
        ("收到公开申请壹件。", 1),
        ("收到网上申请15件、来信7件、当面2件，总数24件。", 24),
        ("共办理依申请公开16件（含上年结转2件、本年新收14件）。", 14),
        ("处理原安监局遗留的公开申请1件。全年收到公开申请：7件。", 7),
        ("依申请公开：2023年度收到6件（其中3件为同一人提出）。", 6),
        ("三、受理申请：0件", 0),
        ("依申请公开方面，全年没有。", 0),
        ("三、依申请公开\n受理并答复9件。", 9),
        ("三、依申请公开\n收到的均为数据查询（27次），政府信息公开申请为零。", 0),
        ("三、依申请公开\n2018年结转1件，2019年新收25件，共26件。", 25),
        ("三、依申请公开\n条例施行前收到3件，施行后收到5件，全年合计8件。", 8),
        ("三、受理申请：网络4件、信函9件，无当面申请，总数13件。", 13),
        ("信息公开申请的收件量是5，办结量是5。", 5),
        ("仅有1位居民以信函方式申请公开补助资金分配情况。", 1),
        ("真正填写申请表、按条例走程序的，一件也没有。", 0),
        ("三、依申请公开\n办理依申请公开事项为零。共收到群众来信46封。", 0),
        ("三、依申请公开\n印了申请表三百份，但正式递交的只有2份。", 2),
        ("信息公开申请暂无。", 0),
        ("没有收到公民和其他组织的申请（收到1件邮寄信件，经核实系投诉，已转办）。", 0),
        ("申请共152件，其中上年跨年转入7件，当年145件。", 145),
        ("受理依申请公开19件，其中3件为2015年递交、当年新递交16件。", 16),
        ("一共6位村民或企业提交了公开申请表。", 6),
        ("本年度没有发生通过网络或信函申请公开政府信息的事例。前两年收到的3件申请均已办结。", 0),
        ("三、依申请公开\n口头申请由工作人员代为填写后登记3件。", 3),
        ("受理公开申请127件。有的村没有及时把申请转到镇里。", 127),
        ("二、有没有人来申请公开信息\n一共6位村民提交了公开申请表。", 6),
        ("三、申请公开\n共计0件。", 0),
        ("2015年收到申请2件，2016年收到申请3件。", 3),
        ("比2015年新收的4件增加2件，2016年新收政府信息公开申请6件。", 6),
        ("历年累计收到申请20件，2016年收到5件。", 5),
        ("上半年收到申请1件，下半年收到2件，全年共3件。", 3),
        ("没有收到要求提供政府信息的申请，电话咨询30件。", 0),
        ("全年依申请公开、收费减免、行政复议、行政诉讼均为0件。", 0),
        ("本年新收、上年结转的申请合计19件，其中新收17件。", 17),
        ("三、依申请公开情况\n当面申请2件、信函申请1件，网络和传真没有申请，共3件。", 3),
        ("2016年，我镇收到依申请公开信件3封、网上申请2条，共计5件。", 5),
        ("三、依申请公开情况\n全年未收到任何形式的公开申请，上年收到的1件已于2015年办结。", 0),
        ("三、依申请公开情况\n通过镇长信箱收到来信37封，均不属于政府信息公开申请。", 0),
        ("一、申请与处理\n无。", 0),
        ("三、依申请公开\n2016年没有这方面的情况。", 0),
        ("三、依申请公开\n本年度没有这方面的内容需要报告。", 0),
        ("三、依申请公开\n全年这方面没有发生。", 0),
        ("三、依申请公开\n本年度无人提出。", 0),
        ("三、依申请公开\n一年来没有人提出过要求。", 0),
        ("三、依申请公开\n接到一名村民要求公开补偿标准的申请，五日内作了书面答复。", 1),
        ("三、依申请公开\n9月，村民王某来镇里要求查看低保名单，当日提供。", 1),
        ("三、依申请公开\n有三户拆迁户申请查阅补偿方案，均已提供。", 3),
        ("三、依申请公开\n全年只有2起申请，均已答复。", 2),
        ("三、依申请公开\n申请方面，2015年2件，2016年5件，增加3件。", 5),
        ("依申请公开情况，去年收到4件，今年收到1件。", 1),
        ("三、申请情况 无申请。", 0),
        ("三、依申请公开\n全年收到21件，当面申请8件，传真申请0件，网络申请13件。", 21),
        ("三、依申请公开\n2016年共受理6件：网上提交4件，信函2件，均已答复。", 6),
        ("收到政府信息公开申请83件。申请量较大的是国土、住建两家，合计41件。", 83),
        ("收到政府信息公开申请83件。申请比较集中的是征地和低保，共52件。", 83),
        ("三、依申请公开\n上年留存的申请2件，本年度新收8件，合计10件，办结9件，结转1件。", 8),
        ("三、依申请公开\n去年只收到过4份申请，今年一下子多了9份，总数到了13份。", 13),
        ("三、依申请公开\n上年收到申请9件，今年减少了2件，一共7件。", 7),
        ("（二）依申请公开。年初有上年接转的4件，年中陆续收进22件。", 22),
        ("年内收到的申请嘛，一共五件，四件已答。", 5),
        ("依申请公开方面，有2份申请，均已答复。", 2),
        ("2.申请：收0办0。", 0),
        ("三、依申请公开\n全年收了6份申请，书面的4份，网上的2份。", 6),
        ("三、依申请公开\n全年来了4份申请，其中3份是来信。", 4),
        ("三、依申请公开\n收到居民的申请，共5份。", 5),
    ],
)
def test_requests_received(text: str, value: int) -> None:
    assert fact("requests.received", text).value == value


@pytest.mark.parametrize(
    "text",
    [
        "在办事窗口公开收费项目、收费标准。",
        "坚决杜绝搭车收费。除法律法规规定外，我镇一律不收取任何费用。",
        "四、收费及减免情况",
        "行政事业性收费0元。",
        "公开了病死畜禽无害化处理补助、动物检疫收费标准。",
        "公证处收取公证费98.7万元，收费项目和标准上墙公示。",
        "有线电视收费240元，景区门票收费2000元，复印每张收费0.2元。",
        "行政审批收费为零，凡来办事的群众未收取任何费用。",
        "四、收费情况\n2017年拟收取费用500元。",
        "四、收费情况\n学校收取作业本费等服务性收费、代收费共计12万元。",
        "四、收费情况\n落实专项经费共计2万元。",
        "四、收费情况\n为农户减免税费1.5万元。",
        "四、收费情况\n征收排污费40万元，减免0元。",
        "四、收费情况\n全年窗口收费共计38万元，均按标准执行。",
        "四、收费情况\n从2017年起取消收费。",
        "四、收费情况\n办证大厅2016年起取消收费3项。",
        "四、收费情况\n社会抚养费征收入库613万元。",
        "四、收费情况\n登记证工本费每本9元，全年合计收取25,416元。",
        "四、收费情况\n考务费全年收取3,200元。",
        "四、收费情况\n全年收取5,200元，不在本项统计之列。",
        "四、收费情况\n票款收入38万元，与信息公开无涉。",
    ],
)
def test_charges_elsewhere_are_no_answer_on_fees(text: str) -> None:
    assert fact("fees", text).state == "absent"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("四、收费及减免情况\n无。", 0),
        ("四、收费及减免情况\n未收取任何费用。", 0),
        ("未向申请人收取检索、复制、邮寄费用。", 0),
        ("收取信息处理费1笔，计180元。", 180),
        ("依申请公开收取信息处理费0.3万元。", 3000),
        ("全年收取信息检索、复制等费用12元5角。", 12.5),
        ("四、收费情况\n2016年收费十二块五毛。", 12.5),
        ("四、收费情况\n2016年收取费用：￥15.00。", 15),
        ("四、收费情况\n2016年收取费用26.5。", 26.5),
        ("四、收费情况\n复印费由镇财政承担，申请人分文未付。", 0),
        ("四、收费情况\n依申请公开产生的费用，按照规定予以免除。", 0),
        ("全年收取信息检索、复制等费用七元三角五分。", 7.35),
        ("发出信息处理费收费通知2件，金额1800元，均逾期未缴，实际收取0元。", 0),
        ("按照清理行政事业性收费的规定，自2017年4月起不再收取邮寄费，本年度收费金额为0万元。", 0),
        ("为申请人提供资料均系免费。", 0),
        ("收费方面，没有。", 0),
        ("四、收费\n共收取工本费十八元整。", 18),
        ("四、收费\n收取检疫费十九万三千元，已入库。无申请，故无收费，亦无减免。", 0),
        ("六、2016年信息处理费收取数额为零。", 0),
        ("四、收费\n为减轻群众负担，决定一律不收。", 0),
        ("没有收任何费用。申请人查阅免收。", 0),
        ("四、收费\n收复印费，共计12元。", 12),
        ("四、收费\n收取复制费1 203.60元，收取邮寄费576元，两项合计1 779.60元。", 1779.6),
        ("对这件申请，没有收钱。", 0),
        ("未因提供政府信息向纳税人收取过任何费用。", 0),
        ("依法不再收取费用。历年累计收费的43元是往年的复印费。", 0),
        ("四、收费\n无此情况。", 0),
        ("全年依申请公开、收费减免、行政复议、行政诉讼均为0件。", 0),
        ("我乡向公众提供信息均属无偿。", 0),
        ("依申请公开过程中未收费。土地登记资料查询另行收费，全年4.6万元，与信息公开无关。", 0),
        ("一、工作情况\n（一）公开信息36条。\n（二）不向申请人收取费用。", 0),
        ("四、收费\n水费、垃圾清运费全年收取3.2万元；政府信息公开没有收费。", 0),
        ("四、收费\n应收检索费40元，因申请人系低保户予以免收。", 0),
        ("四、收费\n检索、复制、邮寄等成本费用可以收取，但本年度没有收。", 0),
        ("四、收费\n去年收取的12元复印费已缴库，今年没有发生收费。", 0),
        ("四、收费\n对6名申请人收取检索费每人5元，共30元。", 30),
        ("四、收费\n费用合计45元，已全部缴入国库。", 45),
        ("四、收费\n收取工本费1笔8元。", 8),
        ("四、收费\n依法免收申请人检索、复制费用共52元。", 0),
        ("四、收费\n我局没有这方面的收支。", 0),
        ("四、收费\n全年收取工本费共3人次、9元。", 9),
        ("四、收费\n向3名申请人寄送资料，每人12元，共36元。", 36),
        ("四、收费\n共计1.5万元。", 15000),
        ("四、收费\n本年度减免21元。", 0),
        ("四、收费\n减免费用35元，无收费。", 0),
        ("四、收费\n免收检索费，收取工本费4元。", 4),
        ("四、收费\n按照上级文件，2015年起取消各项收费。", 0),
        ("四、收费\n代收考试报名费，共计14万元。依申请公开不收取任何费用。", 0),
        ("四、收费\n发出收费通知2件，总金额1,100元，实际收取1件700元，另1件放弃。", 700),
        ("四、收费\n信息公开不收费用。水质检测按核定标准收费，全年收入3.7万元，另行公示。", 0),
        ("四、收费\n依申请公开未收费。特种设备检验收费12万元，已另行公布。", 0),
        ("四、收费\n收取复印费共计27.5元，依法免收1名低保人员的费用。", 27.5),
        ("四、收费\n应收取复印费27.5元，依法免收。", 0),
        ("四、收费\n收取复印费31元8角，邮寄费9元2角，两项41元整。", 41),
        ("四、收费\n对申请公开社会抚养费收支的两名村民，收取复印费合计24元。", 24),
        ("信息处理费，没发过通知，自然也没收过。", 0),
        ("信息处理费：没有开过通知单，也没有收过。", 0),
        ("四、收费\n于申请人处概未取费。", 0),
        ("四、收费\n未取分文。", 0),
        ("四、收费\n婚姻登记工本费收取1200元；信息公开没要过钱。", 0),
        ("复印纸钱镇里贴，申请人没有掏一分。", 0),
        ("四、收费\n2016年没有收费项目，历年累计收费35元。", 0),
        ("四、收费\n群众查阅、复印政府信息一律免费，全年免收费用约60元。", 0),
        ("四、收费\n收取查询费、复制费合计人民币贰拾陆元伍角。", 26.5),
        ("四、收费\n本年度收费一元未取，减免一项未有。", 0),
        ("四、收费\n全年收费一分钱也没有收。", 0),
        ("四、收费\n没有收取一元钱费用。", 0),
        ("四、收费\n全年未收一分一厘。", 0),
    ],
)
def test_fees(text: str, value: float) -> None:
    assert fact("fees", text).value == value


@pytest.mark.parametrize(
    ("text", "reviews", "lawsuits"),
    [
        ("五、行政复议、行政诉讼情况\n均未发生。", 0, 0),
        ("行政复议2件，行政诉讼1件。", 2, 1),
        ("五、行政复议、行政诉讼情况\n本年度没有这方面的情况发生。", 0, 0),
        ("居民钱某对答复不满，向区政府申请复议，区政府维持了原答复。", 1, None),
        ("村民孙某不服公开答复，到县法院起诉，法院判决驳回。", None, 1),
        ("我镇没有因此当过被告，也没有被复议过。", 0, 0),
        ("我局没有被人告过，也没有人申请复议。", 0, 0),
        ("村民赵某因不服处罚，向县政府申请复议。村民周某不服土地征收，到县法院起诉。", None, None),
        ("四、行政复议、行政诉讼情况\n各项数据为0。", 0, 0),
        ("五、复议诉讼情况\n办理工伤认定行政复议答复5件、应诉9件。涉及信息公开的，一件没有。", 0, 0),
        ("因土地权属争议，被诉行政诉讼3起。\n五、因信息公开引发的复议和诉讼\n无。", 0, 0),
        ("政府信息公开方面，复议2件；未经复议径行起诉22件，经复议后起诉18件，共40件。", 2, 40),
        ("直接起诉1件，复议后起诉1件。", None, None),
        ("四、复议0，诉讼1（直接起诉，尚未审结）。", 0, 1),
        ("协助办理全区行政复议案件31件、行政诉讼案件18件；涉及本局信息公开的行政复议、行政诉讼均未发生。", 0, 0),
        ("有一位申请人因明细未予公开，向市政府申请行政复议。没有诉讼。", 1, 0),
        ("没有发生因政府信息公开引起的行政复议。", 0, None),
        ("复议、诉讼案件均为0件。", 0, 0),
        ("未被申请行政复议，行政诉讼1件。", 0, 1),
        ("没有引起复议，也没有人为公开的事向法院告镇政府。", 0, 0),
        ("同一申请人不服答复，先申请行政复议，又到法院提起行政诉讼。", 1, 1),
        ("申请人对答复不服的，可以申请行政复议或者提起行政诉讼。", None, None),
        ("没有居民就此申请行政复议或者起诉。", 0, 0),
        ("近三年累计发生行政复议6件，2016年1件。未发生行政诉讼。", 1, 0),
        ("行政复议结果维持4 总计4；行政诉讼 未经复议直接起诉 总计0，复议后起诉 结果维持1 总计1。", 4, 1),
        ("1件答复经县政府行政复议被责令重作，未发生诉讼。", 1, 0),
        ("收到公开申请5件，被申请行政复议2件，没有诉讼。", 2, 0),
        ("行政复议维持1件，尚未审结1件，共2件。", 2, None),
        ("复议案件0，诉讼案件1（原告撤诉）。", 0, 1),
        ("四、行政复议、行政诉讼情况\n未经复议直接起诉0件；复议后起诉2件。", None, 2),
        ("四、行政复议、行政诉讼情况\n结果维持、结果纠正、尚未审结均为零。", 0, 0),
        ("作为被告的行政诉讼案件1件，由处罚引起；因信息公开引发的行政复议和行政诉讼均为零。", 0, 0),
        ("林权争议行政复议14件、行政诉讼5件；政府信息公开方面无复议、无诉讼。", 0, 0),
        ("涉公开复议8件，涉公开诉讼无。拆违引起的复议52件、诉讼23件另行统计。", 8, 0),
        ("有1名住户不满意对公开申请的答复，向县政府提请复议。未有诉讼。", 1, 0),
        ("四、行政救济\n1件复议，被撤销；0件诉讼。", 1, 0),
        ("四、行政复议、行政诉讼情况\n两类案件均未发生。", 0, 0),
        ("四、行政复议、行政诉讼情况\n零报告。", 0, 0),
        ("行政复议 结果维持 结果纠正 其他结果 尚未审结 总计 1 0 0 0 1", 1, None),
        ("行政诉讼 未经复议直接起诉 0 0 0 0 0 复议后起诉 0 0 0 1 1", None, 1),
        ("五、行政复议情况\n无。\n六、行政诉讼情况\n1件，法院驳回。", 0, 1),
        ("五、行政复议情况\n2件，均维持。\n六、行政诉讼情况\n无。", 2, 0),
        ("四、争议\n1.行政复议：1件。2.行政诉讼：0件。", 1, 0),
        ("五、复议诉讼\n未有申请人因此提出行政复议、提起行政诉讼。", 0, 0),
        ("办理信息公开类行政复议案件29件（作为复议机构），本局自身被复议0件、被诉1件。", 0, 1),
        ("没有因信息公开引发行政复议。年内发生行政诉讼1起，系意外伤害引发，与政府信息公开无关。", 0, 0),
        ("应诉的行政诉讼共4件，涉及信息公开的1件；行政复议6件，涉及信息公开的2件。", 2, 1),
        ("行政复议6件，其中涉及信息公开的2件；行政诉讼4件，其中涉及信息公开的1件。", 2, 1),
        ("涉及政府信息公开的行政复议、行政诉讼分别为2件和1件。", 2, 1),
        ("上年未审结的复议1件，今年已审结，维持。今年没有新发生复议和诉讼。", 0, 0),
        ("发生1件行政复议，2件行政诉讼。", 1, 2),
        ("我局行政复议、诉讼共5件，都与政府信息公开无关。", 0, 0),
        ("五、争议\n行政复议情况：维持1件，纠正0件，共1件。行政诉讼情况：0件。", 1, 0),
        ("四、行政复议、行政诉讼情况\n全年因信息公开引起的行政争议为零。", 0, 0),
        ("五、争议\n行政复议方面，本年度共3件，维持2件。行政诉讼方面，全年有1件，驳回诉讼请求。", 3, 1),
        ("五、争议\n信息公开方面，行政复议、行政诉讼均为零。市场监管方面，当事人申请复议1起。", 0, 0),
        ("五、争议\n城市执法方面，行政诉讼6件、行政复议2件。信息公开方面，复议、诉讼均未发生。", 0, 0),
        ("五、争议\n（一）行政复议\n向县政府提出的1件，维持。\n（二）行政诉讼\n本年没有新增案件。", 1, 0),
        ("五、争议\n9件复议案件中3件被纠正，4件诉讼案中1件败诉。", 9, 4),
        ("五、争议\n行政复议案件2件，均维持；行政诉讼案件无。", 2, 0),
        ("因政府信息公开被申请行政复议1件，无行政诉讼。此外，行政诉讼7件，不属于本报告统计范围。", 1, 0),
        ("协助区政府办理宅基地行政复议1件、行政应诉2件，与政府信息公开无关。", None, None),
        ("行政复议1件。行政诉讼0件。\n以我镇为共同被告的诉讼有3件，争议的都是拆迁行为，不是信息公开。", 1, 0),
        ("行政复议1件。行政诉讼0件。\n另有行政诉讼3件，争议的均为征收补偿。", 1, 0),
        ("行政复议1件。行政诉讼0件。\n另有行政诉讼3件。均与土地权属有关。", 1, 0),
        ("涉及治安处罚的行政复议6件，已审结。政府信息公开行政复议1件。没有行政诉讼。", 1, 0),
        ("因政府信息公开被申请行政复议1件，因征地补偿引起的行政诉讼3件。没有信息公开行政诉讼。", 1, 0),
        ("全县受理各类行政复议申请96件。政府信息公开行政复议12件，没有行政诉讼。", 12, 0),
        ("行政复议0件，行政诉讼0件。\n征收工作中发生行政诉讼3件，都不是因为信息公开。", 0, 0),
        ("行政复议0件，行政诉讼0件。\n行政诉讼3件，没有一件是信息公开引起的。", 0, 0),
        ("行政复议0件，行政诉讼0件。\n与征地拆迁有关的行政诉讼3件。因劳动监察被申请行政复议2件。", 0, 0),
        ("行政复议0件，行政诉讼0件。\n诉讼有3件，原告不服的均为拆迁决定。全县各类行政复议83件。", 0, 0),
        ("行政复议0件，行政诉讼0件。\n受理以下级机关为被申请人的行政复议45件。", 0, 0),
        (
            "厅机关因政府信息公开被申请行政复议2件，均维持；被提起行政诉讼1件。作为复议机关，省水利厅2016年收到不服州、"
            "市水利局信息公开答复的复议申请3件，已审结3件。另收到信息公开复议案件5件，已审结4件，不在统计之列。",
            2,
            1,
        ),
        # 只有这一个数，不知道是不是：仍是它
        ("五、争议\n行政复议2件，均与征地有关。行政诉讼1件。", 2, 1),
        ("因不服信息公开答复，行政复议2件，均涉及征地信息公开。没有行政诉讼。", 2, 0),
        ("六、问题\n依申请公开被纠正2件（复议1件、诉讼1件）。", None, None),
        ("另有2件因行政处罚引起的复议，表里没有算。", None, None),
        ("全县办理行政复议案件（含其他类）88件。", None, None),
        ("政府信息公开的行政复议和行政诉讼，2016年一起都没有。", 0, 0),
        ("今年没吃过官司，复议倒有一回，已照办。", 1, 0),
        ("今年没被复议过，官司倒打了一起。", 0, 1),
        ("没有因为信息公开上过法庭。", None, 0),
        ("我镇没有被申请过行政复议，也没有被告上法庭。", 0, 0),
        ("没有人申请过行政复议或者打过官司。", 0, 0),
        ("五、争议\n没有发生因信息公开申请而产生的法律纠纷。", 0, 0),
        ("五、争议\n未发生申请人不服答复的情况。", 0, 0),
        ("五、争议\n没有申请人对答复不服申请行政复议的。", 0, None),
        ("五、争议\n没有收到复议机关和人民法院的受理通知书。", 0, 0),
        ("五、争议\n没有收到人民法院的传票。", None, 0),
        ("五、争议\n2016年1起，为村民不服我镇公开答复提起的行政诉讼，已判决。", None, 1),
        ("五、争议\n全年共有行政诉讼案件3件，均为土地纠纷引起，没有因政府信息公开引起的。", 0, 0),
        ("行政复议、行政诉讼、申诉案件数量分别为一件、零件、零件，复议结果为维持。", 1, 0),
        ("五、争议\n复议一回没有，官司一场没打。", 0, 0),
        ("五、争议\n因信息公开去县里复议的有1件；去法院告的有2件。", 1, 2),
        ("五、争议\n申请人向县政府复议一宗，维持。因之涉讼者无。", 1, 0),
        ("（二）行政诉讼本年无新发生案件，上年1件于5月判决。", None, 0),
        ("五、争议\n引起行政复议2件，均已维持。未引起诉讼。医疗纠纷诉讼4起，系另案。", 2, 0),
        ("五、争议\n复议、诉讼都是空白。", 0, 0),
        ("五、争议\n行政复议9件、行政诉讼3件，全部为超限运输处罚案件。因信息公开的没有。", 0, 0),
        ("答复方式（信息不存在、内容不明确）件 18 行政复议数 件 2。", None, None),
    ],
)
def test_disputes(text: str, reviews: int | None, lawsuits: int | None) -> None:
    assert (fact("reviews", text).value, fact("lawsuits", text).value) == (reviews, lawsuits)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("reviews", "没有行政复议被纠错的情况。"),
        ("reviews", "无行政复议被撤销情况。"),
        ("reviews", "没有集体行政复议。"),
        ("reviews", "无其他行政复议、行政诉讼。"),
        ("reviews", "没有新增行政复议，上年未审结的维持。"),
        ("reviews", "截至年底，没有尚未审结的行政复议。"),
        ("reviews", "行政复议纠错、行政诉讼败诉均为零。"),
        ("reviews", "没有申请人不服复议决定提起行政诉讼。"),
        ("reviews", "未发生因程序违法引发的行政复议。"),
        ("reviews", "未发生行政复议被变更，没有被提起行政诉讼。"),
        ("lawsuits", "未发生行政诉讼败诉。"),
        ("lawsuits", "没有发生行政诉讼二审案件。"),
        ("lawsuits", "无行政赔偿诉讼。"),
        ("lawsuits", "没有行政诉讼复议后起诉。"),
        ("lawsuits", "无其他行政复议、行政诉讼。"),
        ("requests.received", "没有收到重复申请。"),
        ("requests.received", "没有收到来自法人的申请。"),
        ("requests.received", "没有收到科研机构的政府信息公开申请。"),
        ("requests.received", "没有申请人撤回申请。"),
        ("requests.received", "无逾期未答复的政府信息公开申请。"),
        ("requests.received", "未收到涉及国家秘密的政府信息公开申请。"),
        ("requests.received", "没有其他申请。"),
        # in words that stand in no list
        ("reviews", "没有二次复议。"),
        ("reviews", "没有因公开内容不实引发的行政复议。"),
        ("lawsuits", "没有被执行的行政诉讼案件。"),
        ("requests.received", "没有收到不属于本机关职责的申请。"),
        ("requests.received", "没有收到残疾人的申请。"),
        ("requests.received", "没有滥用申请权的情况。"),
        ("requests.received", "12月没有收到申请。"),
        ("requests.received", "下属单位没有收到申请。"),
    ],
)
def test_none_of_some_is_not_none_of_all(name: str, text: str) -> None:
    """It answers for a part, whatever the form says of the whole, and is no figure of the whole."""
    found = fact(name, f"全年工作正常。\n{text}")
    assert (found.state, [one.aside for one in found.sightings]) == ("given", [True])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("reviews", "没有因政府信息公开引起的行政复议。"),
        ("reviews", "没有被申请行政复议、被提起行政诉讼的情况。"),
        ("reviews", "未发生因信息公开不当而引发的行政复议、行政诉讼。"),
        ("reviews", "没有行政复议、行政诉讼及其他争议。"),
        ("reviews", "没有行政复议，行政诉讼也没有败诉。"),
        ("reviews", "未发生涉及本镇政府信息公开的行政复议。"),
        ("lawsuits", "未发生行政复议被变更，没有被提起行政诉讼。"),
        ("lawsuits", "未经复议直接起诉和复议后起诉均为0件。"),
        ("requests.received", "没有收到公民、法人和其他组织因生产、生活需要提出的政府信息公开申请。"),
        ("requests.received", "没有企业和个人提出申请。"),
        ("requests.received", "1至12月没有收到申请。"),
        ("requests.received", "没有群众来我镇递交过依申请公开的申请表。"),
        ("reviews", "没有人为信息公开的事告到县里申请复议。"),
        ("reviews", "未发生针对石溪镇政府信息公开工作的行政复议案件。"),
        ("requests.received", "没有新收政府信息公开申请。"),
        ("requests.received", "没有收到申请，没有不予公开的情况。"),
        ("requests.received", "没有收到要求公开目录以外信息的申请。"),
    ],
)
def test_none_of_all_is_none(name: str, text: str) -> None:
    found = fact(name, f"全年工作正常。\n{text}")
    assert (found.value, [one.aside for one in found.sightings]) == (0, [False])


@pytest.mark.parametrize(
    ("text", "granted"),
    [
        ("新收31件。其中一人提出14件，10件以内的均予以公开。\n其余17件：予以公开9件，不予公开8件。", [(9, False)]),
        ("新收31件。其中一人申请14件，予以公开10件；其余17件申请予以公开9件。", [(10, False), (9, False)]),
        ("新收12件。一名自然人的申请予以公开3件，其余申请均予以公开。", [(3, False)]),
        ("新收12件，不予公开2件；其余10件，予以公开8件，部分公开2件。", [(8, True)]),
        ("新收12件，予以公开8件，部分公开2件，其余2件不予公开。", [(8, True)]),
    ],
)
def test_what_is_told_of_several_groups_is_no_total(text: str, granted: list[tuple[int, bool]]) -> None:
    found = fact("said.granted", f"一、总体情况\n（二）依申请公开。{text}")
    assert [(one.value, not one.qualifiers) for one in found.sightings] == granted


@pytest.mark.parametrize(
    ("text", "problems", "plan"),
    [
        ("六、存在的主要问题及改进措施\n一是更新不够及时。下一步将加强培训。", "given", "given"),
        ("六、存在的主要问题及改进措施", "absent", "absent"),
        ("报告由概述、存在的主要问题及改进情况等六个部分组成。", "absent", "absent"),
        ("针对群众反映的热点问题及时公开。", "absent", "absent"),
        ("存在“月初没有更新”的现象。", "given", "absent"),
        ("未发现突出问题，不存在更新不及时的现象。", "absent", "absent"),
        ("六、存在的主要问题及改进措施\n个别栏目更新不够及时。拟在每月初核对一次。", "given", "given"),
        ("六、不足\n贴在墙上看的人少。我们准备建村民微信群，同步公示。", "given", "given"),
        ("六、不足\n我镇准备不足，更新慢。准备工作做得不细。", "given", "absent"),
        ("也暴露出一些亟待解决的情况：窗口人员一问三不知。", "given", "absent"),
        ("来年从窗口轮训、公示牌季检两件事抓起。", "absent", "given"),
        ("差距主要在两头：县级不愿给，乡镇给不出。对策也有两条。", "given", "given"),
        ("六、哪里做得不好，怎么改\n榜贴在墙上，看不清。来年给公开栏加玻璃门。", "given", "given"),
    ],
)
def test_problems_and_plan(text: str, problems: str, plan: str) -> None:
    assert (fact("problems", text).state, fact("improvements", text).state) == (problems, plan)


def test_each_half_of_a_shared_part_is_quoted_for_itself() -> None:
    report = read(
        "青石镇2022年政府信息公开工作年度报告\n五、存在的主要问题及改进情况\n"
        "存在的主要问题：公布的节点不统一。\n改进情况：制定节点表并按表公布。"
    )
    assert report.fact("problems").value == "存在的主要问题：公布的节点不统一。"
    assert report.fact("improvements").value == "改进情况：制定节点表并按表公布。"


@pytest.mark.parametrize(
    ("words", "phone", "fax"),
    [
        ("电话、传真：0589-5550211", "0589-5550211", "0589-5550211"),
        ("联系电话及传真均为0589-5550211", "0589-5550211", "0589-5550211"),
        ("有意见可到党政办反映，或打5550211", "5550211", None),
        ("联系电话0589-5550211，传真与电话同号", "0589-5550211", "0589-5550211"),
        ("座机：5550211，电传0589-5550212", "5550211", "0589-5550212"),
        ("找我们可以：打0589-5550211", "0589-5550211", None),
        ("有疑问请致电：0589-5550211（综合处），0589-5550212（传真）", "0589-5550211", "0589-5550212"),
        ("有疑问请联系：0589-5550212（传真）、0589-5550211（办公室）", "0589-5550211", "0589-5550212"),
        ("咨询请拨0589-5550211，或传真至0589-5550212", "0589-5550211", "0589-5550212"),
        ("任何疑问请打0589-5550211（办公室）或0589-5550213（值班室）", "0589-5550211", None),
    ],
)
def test_one_number_for_two_and_a_number_to_ring(words: str, phone: str, fax: str | None) -> None:
    report = read(f"青石镇2016年政府信息公开工作年度报告\n{words}。\n一、概述\n按条例公开。")
    assert (report.fact("contact.phone").value, report.fact("contact.fax").value) == (phone, fax)


@pytest.mark.parametrize(
    "text",
    [
        "青石镇人民政府（2014年1月6日）根据条例编制。\n一、概述\n按条例公开。",
        "一、概述\n按条例公开。\n青石镇人民政府\n2014年1月6日\n"
        "（联系人：青石镇党政办公室，咨询电话：0589-5559020；通信地址：砚川县青石镇兴镇路8号；邮编：583017）",
        "一、概述\n按条例公开。\n青石镇人民政府\n2014年1月6日\n地 址：兴镇路8号\n邮 编：583017\n"
        "电话（传真）：0589-5559020",
        "砚川县人民政府办公室\n（2014年1月6日）\n根据条例编制。\n一、概述\n按条例公开。",
        "一、概述：按条例公开。二、主动公开情况：公开信息36条。三、其他：无。青石镇人民政府，2014年1月6日",
        "一、概述：按条例公开。二、其他：无。青石镇人民政府。2014年1月6日。联系电话：0589-5550211",
    ],
)
def test_the_date_beside_the_organ_and_above_whom_to_ask(text: str) -> None:
    assert fact("signed.date", text).value == "2014-01-06"


@pytest.mark.parametrize("date", ["2014年1月", "2014年1月 日", "青石镇人民政府 2014年1月"])
def test_a_date_without_its_day_is_malformed_and_its_organ_signs(date: str) -> None:
    found = read(f"青石镇2013年政府信息公开年度报告\n一、概述\n按条例公开。\n青石镇人民政府\n{date}")
    assert (found.fact("signed.date").state, found.fact("signed.place").value) == ("malformed", "青石镇人民政府")


def test_a_whole_date_counts_before_one_without_its_day() -> None:
    found = read("青石镇2013年政府信息公开年度报告\n一、概述\n按条例公开。\n青石镇人民政府\n2014年1月6日\n2014年1月")
    assert found.fact("signed.date").value == "2014-01-06"


def test_contacts_as_written() -> None:
    report = read(
        "青石镇2016年政府信息公开工作年度报告\n联系方式(地址:砚川县青石镇兴镇路8号;邮编:581333;电话:(0589)5550211;传真:0589-5550212;电子邮箱:qsz@example.com)。"
    )
    values = {n: report.fact(f"contact.{n}").value for n in ("address", "postcode", "phone", "fax", "email")}
    assert values == {
        "address": "砚川县青石镇兴镇路8号",
        "postcode": "581333",
        "phone": "(0589)5550211",
        "fax": "0589-5550212",
        "email": "qsz@example.com",
    }


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ("请与县政务公开办联系（砚川县兴镇大道政务中心B座，邮编：581333）", "砚川县兴镇大道政务中心B座"),
        ("联系电话0589-5550211，地址砚川县人民广场东侧", "砚川县人民广场东侧"),
        ("通讯处：兴镇山东麓路十八号镇政府综合处；邮编：581333", "兴镇山东麓路十八号镇政府综合处"),
        ("镇址：砚川县青石镇老街上段", "砚川县青石镇老街上段"),
        ("如需垂询：青石镇党政办；砚川县青石镇石桥村；邮编581333；电话0589-5550211", "砚川县青石镇石桥村"),
        ("有疑问请打0589-5550211，写信到砚川县青石镇府前路18号（邮编581333）", "砚川县青石镇府前路18号"),
        ("来函请寄砚川县青石镇府前路18号，邮编581333", "砚川县青石镇府前路18号"),
        ("可寄信至砚川县青石镇中心街5号（邮编：581333）", "砚川县青石镇中心街5号"),
        ("联系：青石镇党政办（砚川县青石镇兴镇路8号　581333）0589-5550211", "砚川县青石镇兴镇路8号"),
        ("联系：街道综合办公室，莲花井路（原红星路）12号，581333，0589-5550 211", "莲花井路（原红星路）12号"),
        ("联系：青石镇党政办，青石镇中心街，581333，0589-5550211", "青石镇中心街"),
    ],
)
def test_an_address_without_its_number(words: str, address: str) -> None:
    assert fact("contact.address", f"根据条例编制，{words}。\n一、概述\n按条例公开。").value == address


def test_a_postcode_right_behind_the_address() -> None:
    text = "联系：青石镇党政办（砚川县青石镇兴镇路8号　581333）电话0589-5550211。\n一、概述\n按条例公开。"
    assert fact("contact.postcode", text).value == "581333"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("published.other", "三、依申请公开\n答复8件：同意公开7件，告知通过其他途径办理1件。"),
        ("published.other", "三、依申请公开\n答复：同意公开8件、其他途径（消费投诉）2件。"),
        ("published.wechat", "二、主动公开\n公开117条。与邻乡共建的公众号，推送量不计入117条。"),
        ("appeals", "三、依申请公开\n办结6件：予以公开5件，信访投诉类不予处理1件。"),
        ("appeals", "七、其他\n热线受理175件，未办结14件为年末新收，均属食品投诉。"),
        ("appeals", "七、其他\n12315平台接收投诉举报726件，其中投诉514件、举报212件。"),
    ],
)
def test_figures_of_other_matters(name: str, text: str) -> None:
    assert fact(name, text).state == "absent"


def test_what_came_or_follows_by_a_channel_is_not_disclosed_there() -> None:
    text = "二、主动公开\n政府网站公开96条，公开栏、社区橱窗及《石桥报》32条。“青石发布”粉丝10.2万（含县融媒体）。"
    asked = "收到依申请公开12件（网上7件、信函5件）。"
    assert fact("channels", f"{text}\n三、依申请公开\n{asked}").value == {"政府网站": 96, "公开栏等": 32}


@pytest.mark.parametrize(
    ("said", "value"), [("1 280条", 1280), ("1.2万条", 12000), ("1,280条", 1280), ("960条", 960), ("3块", None)]
)
def test_how_many_a_channel_has(said: str, value: int | None) -> None:
    assert fact("channels", f"二、主动公开\n政府网站公开{said}。").value == ({"政府网站": value} if value else {})


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("三、依申请公开\n办结75件。\n五、争议\n行政复议4件：维持3件，申请人撤回1件。", "办结"),
        ("三、依申请公开\n新收1件，予以公开。\n四、文件\n主动公开18号、依申请公开15号、不予公开8号。", "予以公开"),
    ],
)
def test_the_outcome_is_that_of_a_request(text: str, outcome: str) -> None:
    assert fact("requests.outcome", text).value == outcome


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("2015年年报提出的“更新慢”问题，已经改进。\n仍存在的问题：解读少。\n拟加强。", "仍存在的问题：解读少。"),
        (
            "上年提出的“更新慢”问题已解决。今年的主要问题：解读少。\n拟加强。",
            "上年提出的“更新慢”问题已解决。今年的主要问题：解读少。",
        ),
        ("1、公示到村多、到组少。已张贴到组。\n2、查阅条件差。已添座位。", "公示到村多、到组少"),
    ],
)
def test_which_problem_is_told(text: str, problem: str) -> None:
    lead = "编制本报告，分六个部分：概述；存在的主要问题及改进情况；其他。\n一、概述\n按条例公开。"
    assert fact("problems", f"{lead}\n六、存在的主要问题及改进情况\n{text}").value == problem


def test_places_lead_to_line_and_raw_words() -> None:
    read_ = fact("published.total", "一、概述\n二、主动公开情况\n 我镇主动 公开政府信息 １２８ 条。")
    assert (read_.where.line, read_.raw) == (4, "主动 公开政府信息 １２８ 条")


def test_row_48_invisible_characters_do_not_hide_words() -> None:
    assert fact("requests.received", "没有收\u200b到政府信息公\u00ad开申请。").value == 0


def test_forms_are_unread_not_absent() -> None:
    report = read("青石镇2023年政府信息公开工作年度报告\n一、总体情况\n按条例公开。")
    assert report.fact("t3.new.all").state == "unread"
    assert report.fact("stat.requests.received").state == "absent"


@pytest.mark.parametrize("kind", ["pdf", "ofd", "png"])
def test_a_page_alone_is_told_that_all_pages_are_wanted(kind: str) -> None:
    words = (Paragraph("三、收到和处理情况", Where(block=0)), Paragraph("合计 3 2", Where(block=1)))
    with pytest.raises(Unreadable) as error:
        extract(Document("x", kind, words, recognised=kind == "png"), FACTS)
    assert error.value.code == "not-a-report"
    assert "全部各页" in error.value.remedy
    assert "网页" not in error.value.remedy


def test_row_44_other_texts_are_no_report() -> None:
    with pytest.raises(Unreadable) as error:
        read("用户登录\n用户名\n密码\n忘记密码")
    assert error.value.code == "not-a-report"


@pytest.mark.parametrize("path", sorted((ROOT / "tests/corpus/reports").glob("0*.txt")), ids=lambda p: p.stem)
def test_wrapping_the_corpus_changes_no_value(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    names = (
        "title.year",
        "period",
        "published.total",
        "requests.received",
        "fees",
        "reviews",
        "lawsuits",
        "contact.phone",
    )
    before, after = read(text), read(wrapped(text, 80))
    assert {n: after.fact(n).value for n in names} == {n: before.fact(n).value for n in names}


@given(st.sampled_from(sorted((ROOT / "seeds").glob("*.txt"))), st.data())
def test_no_mutation_breaks_the_recogniser(path: Path, data: st.DataObject) -> None:
    text = path.read_text(encoding="utf-8")
    cut = data.draw(st.integers(0, len(text)))
    junk = data.draw(st.text(alphabet="一二（）、。0123456789 \n年月日件条\u200b", max_size=40))
    report = read("政府信息公开年度报告\n" + text[:cut] + junk + text[cut + len(junk) :])
    assert all((f.state == "given") == (f.value is not None) for f in report.facts.values())


def test_a_pattern_out_of_time_leaves_its_fact_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    own = {pattern for reading in FACTS.specs["fees"].readings for pattern in reading.patterns}
    assert own

    def slow(self: Pattern, *_: object) -> Iterator[object]:
        if self in own:
            raise PatternTimeout(self.source)
        return original(self, *_)  # type: ignore[arg-type]

    original = Pattern.finditer
    monkeypatch.setattr(Pattern, "finditer", slow)
    report = read(REPORT)
    assert report.fact("fees").state == "unread"
    assert report.fact("requests.received").value == 0


def test_a_gate_out_of_time_leaves_its_fact_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not absent: of the sentences that it did not get to nobody knows. Its rule cannot be told, the others can."""
    monkeypatch.setattr("checker.patterns.watch.alarm.limit", 0.05)
    text = "青石镇2016年政府信息公开工作年度报告\n一、概述\n主动公开信息12条。材料" + "收" * 28 + "齐。"
    text += "复印件不收。费用的事另说。全年没有收取任何费用。"
    slow = Pattern(r"(?:收|收收)+(?<!不收)。费")  # a million ways to find nothing
    gated = [replace(spec, gate=slow) if spec.id == "fees" else spec for spec in FACTS.readable]
    states = []
    for known in (FACTS, replace(FACTS, readable=tuple(gated))):
        report = extract(document(text), known)
        verdicts = {verdict.rule: verdict.state for verdict in judge(Case(report), load()).verdicts}
        states.append((report.fact("fees").state, report.fact("published.total").value, verdicts["OLD-03"]))
    assert states == [("given", 12, "pass"), ("unread", 12, "unknown")]


def test_a_figure_is_read_where_its_sentence_is_about_it() -> None:
    """Any part of it up to the 。: a figure behind a ； needs no word of its own."""
    head = "青石镇2016年政府信息公开工作年度报告\n一、概述\n召开座谈会12次。植树31条路。"
    told = {
        "公开信息：网站12条；简报3条；共15条。": 15,
        "公开信息28条。": 28,
        "去年编印简报28期；今年为31条。": None,
    }
    for text, total in told.items():
        assert extract(document(head + text), FACTS).fact("published.total").value == total, text


def test_what_came_by_one_channel_is_said_so() -> None:
    """So that nobody takes it for the total: rules pass over a sighting with its channel."""
    said = "2016年通过网络收到政府信息公开申请6件、信函申请3件、当面申请2件"
    assert fact("requests.received", f"二、依申请公开\n{said}。").sightings[0].raw.startswith("通过网络收到")
    assert fact("requests.received", f"二、依申请公开\n{said}，合计11件。").value == 11


def test_how_many_channels_there_are_is_no_figure_of_theirs() -> None:
    found = fact("channels", "二、主动公开\n公众号12个，粉丝3.2万人，发布信息及时。")
    assert (found.state, found.value) == ("given", {})


def test_a_row_of_a_flattened_form_bears_no_witness_against_the_text() -> None:
    said = "二、依申请公开\n2016年没有收到政府信息公开申请。办结的申请中，予以公开5件。"
    row = "本年新收政府信息公开申请数量 7 2 0 1 1 0 11"
    assert [sighting.value for sighting in fact("requests.received", f"{said}\n{row}").sightings] == [0]


def test_rows_of_a_return_in_one_line_say_nothing_of_the_next_row() -> None:
    said = (
        "四、行政复议、诉讼\n行政复议2件，行政诉讼1件。\n附件：统计表\n信息不存在 件 1 行政复议数 件 2 行政诉讼数 件 1"
    )
    for name, value in (("reviews", 2), ("lawsuits", 1)):
        assert {sighting.value for sighting in fact(name, said).sightings} == {value}


def test_what_is_left_out_of_an_excerpt_is_unread_not_absent() -> None:
    said = "青石镇2016年政府信息公开工作年度报告\n一、概述……主动公开政府信息36条。\n三、依申请公开\n全年没有收到申请。"
    report = read(said)
    assert (report.cut, report.fact("published.total").value, report.fact("requests.received").value) == (True, 36, 0)
    assert (report.fact("fees").state, report.fact("contact.phone").state) == ("unread", "unread")
    assert [note.code for note in report.notes] == ["cut"]
    states = {verdict.rule: verdict.state for verdict in judge(Case(report), load()).verdicts}
    assert {states[rule] for rule in ("OLD-03", "OLD-05", "PRE-10")} == {"unknown"}
    assert judge(Case(report), load()).unchecked == (LEFT_OUT,)


def test_where_the_end_alone_is_left_out_what_stands_before_it_is_not_there() -> None:
    said = "青石镇2016年政府信息公开工作年度报告\n一、概述\n主动公开信息36条。\n五、行政复议\n没有发生。\n六、问题……"
    report = read(said)
    states = [report.fact(name).state for name in ("period", "fees", "problems", "contact.phone")]
    assert states == ["absent", "absent", "unread", "unread"]
    torn = read(f"……{said}")
    assert (torn.cut, torn.fact("fees").state) == (True, "unread")
    late = read(said.partition("\n")[2].replace("一、概述", "二、主动公开"))
    assert [late.fact(name).state for name in ("title", "period", "fees")] == ["unread", "unread", "absent"]


@pytest.mark.parametrize(
    "said",
    [
        "一、概述\n（一）主动公开情况\n公开信息36条。\n（二）行政复议情况\n全年2件，其中维持1……",  # the overview alone
        "四、行政复议、诉讼情况\n没有发生。\n五、支出与收费\n1.人员情况：……",  # charges behind the disputes
        "四、行政复议、诉讼情况\n没有发生。\n五、举报情况\n收到举报3件……",
    ],
)
def test_what_may_follow_the_end_of_an_excerpt_is_unread(said: str) -> None:
    assert read(f"青石镇2016年政府信息公开工作年度报告\n{said}").fact("fees").state == "unread"


def test_a_text_that_begins_with_a_later_part_is_an_excerpt_and_its_end_is_not_left_out() -> None:
    said = "2014年我镇公开信息160条。\n三、依申请公开\n收到0件申请。\n四、复议、诉讼\n没有发生。\n五、问题\n解读少。"
    report = read(said)
    assert [note.code for note in report.notes] == ["cut"]
    assert "三、依申请公开" in report.notes[0].message
    states = [report.fact(name).state for name in ("period", "contact.phone", "fees", "published.total", "lawsuits")]
    assert states == ["unread", "unread", "absent", "given", "given"]
    for opening in ("青石镇2014年政府信息公开年度报告\n", "根据条例，现将情况报告如下。\n", "一、概述\n"):
        assert not read(opening + said).cut


def test_the_part_in_which_an_excerpt_ends_may_go_on() -> None:
    said = "青石镇2016年政府信息公开年报\n三、依申请公开\n收到0件。\n四、存在的问题\n解读少。\n五、复议、诉讼\n目……"
    assert [read(said).fact(name).state for name in ("published.total", "lawsuits")] == ["absent", "unread"]


def test_a_list_that_trails_off_leaves_nothing_out() -> None:
    report = read("青石镇2016年政府信息公开工作年度报告\n一、概述\n公开了通知、公告……等信息36条，做到“早、快、准……”。")
    assert (report.cut, report.fact("fees").state) == (False, "absent")


def test_the_office_that_counts_for_the_county_signs_for_it() -> None:
    said = "四、信息公开收费情况\n2022年，{}没有收取政府信息公开费用。\n青石县人民政府办公室\n2023年3月22日"
    assert [read(said.format(who)).level for who in ("全县各单位", "本单位")] == ["县", "部门"]


def test_a_numbered_statement_is_text_not_heading() -> None:
    said = "三、全年受理申请2件。四、全县收取信息处理费共计1280元。五、主要问题是人手不够，改进举措为增配人员。"
    assert fact("fees", f"青石县2022年政府信息公开工作年度报告\n{said}").value == 1280
    assert fact("improvements", f"青石县2022年政府信息公开工作年度报告\n{said}").state == "given"


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("数字从2009年1月1日算起，算到2009年12月31日", ("2009-01-01", "2009-12-31")),
        ("统计起止日期是2016年1月1日和2016年12月31日", ("2016-01-01", "2016-12-31")),
        ("数据起于2020年元旦，迄于2020年岁末", ("2020-01-01", "2020-12-31")),
        ("统计数据自2017年初至年末", ("2017-01-01", "2017-12-31")),
        ("统计口径为2017年度全年", ("2017-01-01", "2017-12-31")),
    ],
)
def test_a_period_told_in_words(said: str, value: tuple[str, str]) -> None:
    title = f"青石镇{value[0][:4]}年政府信息公开工作年度报告"
    assert fact("period", f"{title}\n根据条例编制，{said}。\n一、概述\n公开信息36条。").value == value


def test_the_total_is_none_of_the_figures_beside_it() -> None:
    said = "一年来，我镇把政府信息公开作为推进依法行政的一项重要工作。全年发布价格政策、收费目录等信息529条。"
    assert fact("published.total", f"一、概述\n{said}").value == 529
    assert fact("published.total", "一、概述\n2009年因政府信息公开发生行政复议1件。").value is None
    said = "全年在县网站本镇专栏主动公开政府信息226条。对2008年以来公开的3415条信息作了清理。"
    assert fact("published.total", f"一、概述\n{said}").value == 226


INSIDE = "根据《中华人民共和国政府信息公开条例》编制。\n一、总体情况\n主动公开政府信息36条。"


@pytest.mark.parametrize(
    "title",
    [
        "关于做好2023年政府信息公开工作年度报告编制和发布工作的通知",
        "关于2023年政府信息公开工作年度报告发布情况的通报",
        "青石镇政府信息公开指南",
        "青石镇政府信息公开工作制度",
        "青石镇2023年政务公开工作要点",
        "青石镇召开政府信息公开年度报告编制培训会",
        "我县58个单位全部按时发布政府信息公开年报",
        "政府信息公开申请答复书",
        "政府信息公开年度报告第三方评估报告",
    ],
)
def test_a_title_of_another_document_is_named(title: str) -> None:
    with pytest.raises(Unreadable) as error:
        read(f"{title}\n{INSIDE}")
    assert (error.value.code, title in error.value.message) == ("not-a-report", True)


@pytest.mark.parametrize(
    "text",
    [
        f"青石镇2015年政府工作报告\n各位代表：\n{INSIDE}",
        "青石镇2015年党务公开工作总结\n公开党务信息65条，同时主动公开政府信息36条。\n三、存在的问题\n公开不及时。",
        f"青石镇2022年法治政府建设年度报告\n{INSIDE}\n依申请公开2件。\n四、问题\n普法形式单一。",
        "青石镇关于公布2022年政府信息公开工作年度报告的公告\n根据《中华人民共和国政府信息公开条例》，现将年度报告予以公布，请查阅附件。",
        "\n".join(f"青石镇{year}年政府信息公开工作年度报告 {year + 1}-01-20" for year in range(2015, 2022)),
    ],
)
def test_other_reports_notices_and_lists_are_refused(text: str) -> None:
    with pytest.raises(Unreadable) as error:
        read(text)
    assert error.value.code == "not-a-report"


def test_a_short_report_with_an_attachment_is_one() -> None:
    assert read("青石镇2022年政府信息公开工作年度报告\n主动公开政府信息36条，统计表见附件。").year == 2022


def test_headings_are_no_titles_of_other_documents() -> None:
    said = "青石镇2023年政府信息公开工作年度报告\n一、完善政府信息公开工作制度\n健全了制度。主动公开政府信息36条。"
    assert read(said).fact("published.total").value == 36


def test_a_report_on_another_subject_is_no_report() -> None:
    said = "全年审查合同26份，调解纠纷156件，开展普法宣传12场，培训执法人员40人次。" * 6
    text = f"青石镇2023年法治政府建设年度报告\n一、工作情况\n{said}公开政府信息320条。\n二、存在的问题\n力量不足。"
    with pytest.raises(Unreadable) as error:
        read(text)
    assert "法治政府建设年度报告" in error.value.message


@pytest.mark.parametrize(
    "text",
    [
        "政府信息公开年报\n2023年青石镇政府信息公开年报 2024-01-22\n2022年青石镇政府信息公开年报 2023-01-18",
        "近日，镇里学习了政府信息公开年度报告怎么写，大家讨论热烈。镇长要求各站所认真配合。",
    ],
)
def test_what_only_names_reports_is_no_report(text: str) -> None:
    with pytest.raises(Unreadable):
        read(text)


@pytest.mark.parametrize(
    "title",
    [
        "关于报送青石镇2023年政府信息公开工作年度报告的报告",
        "关于印发《青石镇2023年政府信息公开工作年度报告》的通知",
    ],
)
def test_what_carries_a_report_is_one(title: str) -> None:
    assert read(f"{title}\n{INSIDE}").fact("published.total").value == 36


@pytest.mark.parametrize(
    ("year", "said"),
    [
        ("2007", "写的是2007年。只能检查2008年度以后的报告；年度认错了的，请用 --year 指定"),
        ("1999", "写的是1999年。只能检查2008年度以后的报告；年度认错了的，请用 --year 指定"),
        ("", "没有读到报告年度，请用 --year 指定"),
    ],
)
def test_a_year_without_a_format_is_said_once_and_has_no_score(year: str, said: str) -> None:
    """No score, no 表格未核对 where nobody knows whether a table is asked for, no 不要求 for the elements."""
    text = (ROOT / "examples" / "2010-青石镇-规范.txt").read_text("utf-8")
    text = text.replace("2010", year).replace("2011", str(int(year) + 1)) if year else re.sub(r"20\d\d年", "", text)
    report = extract(parse_text(text, "a.txt"), load().facts)
    found = judge(Case(report), load())
    assert report.reason.endswith(said)
    assert (report.era, found.score, found.grade, found.unchecked) == (None, None, "", (UNDATED,))
    shown = table.report(found, View())
    assert "表格" not in shown.partition("七项要素")[2].partition("\n\n")[2]
    assert "不要求" not in shown
    assert ("没有规定的格式" if year else "不知道适用哪种格式") in shown


def test_a_table_of_contents_is_no_part_of_the_report_and_its_dots_leave_nothing_out() -> None:
    parts = "一、总体情况", "二、主动公开政府信息情况", "六、其他需要报告的事项"
    text = "\n".join(f"{name}\n{number}这一部分的文字，说明了本年度的情况。" for number, name in enumerate(parts))
    title = "桐溪镇2024年政府信息公开工作年度报告\n"
    whole = read(title + text)
    for lead in ("{}", "{}1", "{}……………3"):
        contents = "\n".join(map(lead.format, parts))
        found = read(f"{title}目录\n{contents}\n{text}")
        assert [heading.text for heading in found.headings] == [heading.text for heading in whole.headings]
        assert [part.text.text for part in found.sections] == [part.text.text for part in whole.sections]
        assert not found.cut


def test_rows_wider_than_the_page_do_not_hide_where_its_lines_were_broken() -> None:
    prose = (
        "本年度主动公开政府信息三百一十二条，其中政府网站一百八十六条，政务新媒体一百二十六条，都在规定的期限内公开，"
        * 4
    )
    broken = "\n".join(prose[at : at + 30] for at in range(0, len(prose), 30))
    row = "行政许可\t" + "\t".join(["1234567890"] * 10)
    found = read(f"桐溪镇2024年政府信息公开工作年度报告\n一、总体情况\n{broken}。\n{row}\n{row}\n")
    assert prose in found.texts["body"].text


def test_a_number_that_went_to_the_next_line_as_a_whole_belongs_to_its_label() -> None:
    prose = "本年度主动公开政府信息三百一十二条，其中政府网站一百八十六条，政务新媒体一百二十六条，都在期限内公开，" * 3
    broken = "\n".join(prose[at : at + 30] for at in range(0, len(prose), 30))
    asks = "地址在青石镇兴镇路十二号的政府院内三楼，联系电话：\n0589-5550211。"
    found = read(f"青石镇2016年政府信息公开工作年度报告\n一、概述\n{broken}。\n{asks}\n二、主动公开\n公开36条。")
    assert found.fact("contact.phone").value == "0589-5550211"


def test_an_attached_return_may_be_a_numbered_part() -> None:
    said = (
        "全年主动公开政府信息214条，收到公开申请5件，都在期限内作了答复，没有发生行政复议和行政诉讼，也没有收取费用。"
    )
    rows = (
        "指标名称 单位 2010年度 历年累计\n主动公开信息数 条 214 391\n受理依申请公开信息总数 条 5 8\n行政复议数 件 0 0"
    )
    found = read(f"青石镇2010年政府信息公开年度报告\n一、概述\n{said}\n二、附表\n{rows}\n2011年1月6日")
    assert [form.id for form in found.forms] == ["early"]
    assert [found.fact(name).value for name in ("early.published.total", "early.requests.total")] == [214, 5]
    assert [heading.text for heading in found.headings] == ["概述", "附表"]


def test_rows_as_wide_as_the_broken_lines_stay_rows() -> None:
    prose = "本年度主动公开政府信息三百一十二条，其中政府网站一百八十六条，政务新媒体一百二十六条，都在期限内公开，" * 3
    broken = "\n".join(prose[at : at + 30] for at in range(0, len(prose), 30))
    rows = "（五）不予处理 1.信访举报投诉类申请 1234567 0 0 0 0 0 1234567\n2.重复申请 3 0 0 0 0 0 3"
    head = "结果维持 结果纠正 其他结果 尚未审结 总计"
    disputes = (
        f"行政复议 行政诉讼\n未经复议直接起诉 复议后起诉\n{head} 结果维持 结果纠正 其\n他结果 尚未审结 总计 {head}"
    )
    text = f"一、总体情况\n{broken}。\n三、收到和处理政府信息公开申请情况\n{rows}\n"
    text += f"四、政府信息公开行政复议、行政诉讼情况\n{disputes}\n1 0 0 0 1 0 2 0 0 2 0 0 0 0 0"
    found = read(f"青石镇2020年政府信息公开工作年度报告\n{text}")
    assert "2.重复申请3 0 0 0 0 0 3" in [line.text for line in found.texts["form"].lines]
    assert [found.fact(f"t4.{name}.all").value for name in ("review", "direct", "after_review")] == [1, 2, 0]


@pytest.mark.parametrize("path", ["首页 > 信息公开 > 信息公开年报", "当前位置：首页＞政务公开＞正文"])
def test_the_path_of_a_page_is_no_part_of_the_title_that_runs_on_from_it(path: str) -> None:
    text = "根据《中华人民共和国政府信息公开条例》编制。一、概述。公开36条。"
    found = read(f"{path}青石镇2016年政府信息公开工作年度报告 来源：党政办 {text}")
    assert found.texts["title"].text == "青石镇2016年政府信息公开工作年度报告"


def test_a_part_with_its_heading_alone_is_said_to_be_bare() -> None:
    parts = "三、收到和处理政府信息公开申请情况\n四、政府信息公开行政复议、行政诉讼情况\n五、存在的问题\n更新慢。"
    found = read(f"青石镇2020年政府信息公开工作年度报告\n一、总体情况\n公开信息36条。\n{parts}")
    said = [note.message for note in found.notes if note.code == "rows-unread"]
    assert [message.startswith("没有见到表三、表四：") for message in said] == [True, False]


def test_headings_that_run_into_their_text_end_where_the_form_ends_them() -> None:
    text = (
        "邮政编码：5813332021年1月6日。一、总体情况一年来，公开信息36条。三、收到和处理政府信息公开申请情况"
        "一、本年新收政府信息公开申请数量 2 0 0 0 0 0 2 二、上年结转政府信息公开申请数量 0 0 0 0 0 0 0"
        "五、存在的主要问题及改进情况一是更新慢。下一步将加强培训。六、收费情况依申请公开信息收取的费用为0万元。"
    )
    found = read(f"青石镇2020年政府信息公开工作年度报告。{text}")
    assert [heading.text for heading in found.headings if heading.level == 1] == [
        "总体情况",
        "收到和处理政府信息公开申请情况",
        "存在的主要问题及改进情况",
        "收费情况",
    ]
    assert (found.fact("contact.postcode").value, found.fact("fees").value) == ("581333", 0)


def test_what_one_place_says_is_told_once_where_its_lines_are_broken() -> None:
    said = (
        "2016年，1名申请人对信息不存在的答复不服，向市政府提起行政复议1件，市政府维持了我局的答复，没有发生行政诉讼。"
    )
    text = f"青石镇2016年政府信息公开工作年度报告\n一、概述\n{said * 3}\n五、行政复议、行政诉讼情况\n{said}"
    assert [(one.value, one.aside) for one in read(wrapped(text, 40)).fact("reviews").sightings] == [(1, False)] * 4


def test_the_hotline_of_the_county_is_nobodys_phone() -> None:
    assert fact("contact.phone", "服务热线12345，党政办电话：0589-5550211。").value == "0589-5550211"


def test_what_kind_is_public_upon_request_is_no_request_that_came() -> None:
    found = fact("requests.received", "三、依申请公开\n依申请公开信息22条，主要是土地档案、户籍档案类。")
    assert [one.aside for one in found.sightings] == [True]


def test_shares_of_what_was_made_are_no_requests() -> None:
    said = "制作信息30条，其中主动公开信息数24条，占比80%；依申请公开信息数6条，占比20%；未收到依申请公开信息申请。"
    assert fact("requests.received", said).value == 0


@pytest.mark.parametrize(
    "parts",
    [
        "全文内容分为：概述，主动公开情况，依申请公开情况，工作存在的主要问题、改进情况和其他事项。",
        "现将情况进行汇总，由概述、主动公开情况、存在的主要问题以及下一步改进情况、附表组成。",
        "报告全文包括工作基本情况，收费情况，工作存在的主要问题和下一步工作措施。",
        "现从主动公开情况、收费及减免情况、工作中存在的不足及下步思路等三方面总结报告如下：",
    ],
)
def test_a_list_of_the_parts_tells_no_problems_and_no_plan(parts: str) -> None:
    report = read(f"青石镇2016年政府信息公开工作年度报告\n{parts}\n一、概述\n主动公开信息36条。")
    assert [report.fact(name).state for name in ("problems", "improvements")] == ["absent", "absent"]


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("本报告自2016年1月1日起。公众可在澄江市粮食局门户网站（http://www.example.com）查看。", "澄江市粮食局"),
        ("根据条例，特编制并向社会公布栖霞区统计局2016年度政府信息公开年度报告如下：", "栖霞区统计局"),
        (
            "根据条例，编写栖原县2016年度政府信息公开工作年度报告。如有疑问，请与栖原县电子政务办公室联系（电话：0599-5550101）。",
            "栖原县",
        ),
        ("三、平台建设\n网站情况：坚持在局政府信息公开工作领导小组的领导下开展信息公开工作。", None),
        ("印发《澄江市人民政府办公室关于公开工作的意见》，落实到位。", None),
        ("如有疑问，可与党政综合办公室联系（电话：0599-5550101）。", None),
        ("编制完成《栖原县水务局2023年政府信息公开工作年度报告》，现予公布。", "栖原县水务局"),
        ("成立了以镇党委书记为组长的领导小组，抓好公开工作。", None),
        ("为澄江市实施乡村振兴战略提供保障。", None),
    ],
)
def test_the_desk_and_the_words_before_a_name_are_no_organ(said: str, place: str | None) -> None:
    assert read(f"{said}\n一、概述\n依据条例主动公开政府信息36条。").fact("place").value == place


@pytest.mark.parametrize(
    "above",
    [
        "政府信息公开",
        "政府信息公开\n发文机关: 农业局\n• 标 题: 青石镇2016年政府信息公开工作年度报告\n发文字号:",
        "您现在所在的位置: 网站首页 > 政府信息公开 > 青石镇 > 政府信息公开年报",
        "索 引 号 | 014000000/2017-00036 | 分 类 | 政府信息公开年报 其他 |",
        "2016年前\n- 索引号: 2017-00036\n- 发布机构: 县人事局\n- 文号:\n- 发布日期: 2017-03-10\n- 时效性: 有效",
        "标 题 | 青石镇2016年政府信息公开工作年度报告 | ||",
        "政府信息公开\n名  称: 青石镇2016年政府信息公开年度报告\n索 引 号: 014000000/2017-00036 发布机构: 青石镇",
        "当前位置：首页\n> 政府信息公开\n> 2016年",
        "首   页 走进青石 新闻中心 政府信息公开 政务服务 互动交流",
    ],
)
def test_what_the_page_has_above_the_title_is_none_of_it(above: str) -> None:
    report = read(f"{above}\n青石镇2016年政府信息公开工作年度报告\n一、概述\n公开信息36条。")
    assert report.fact("title").value == "青石镇2016年政府信息公开工作年度报告"


def test_the_organ_above_a_title_that_runs_on_into_the_text() -> None:
    report = read(
        "青石镇人民政府\n2016年政府信息公开工作年度报告 根据《政府信息公开条例》编制本报告。 一、概述 公开信息36条。"
    )
    assert report.fact("title").value == "青石镇人民政府2016年政府信息公开工作年度报告"


def test_the_organ_above_a_title_is_not_named_again_below_it() -> None:
    report = read(
        "青石镇人民政府\n2016年政府信息公开年度报告\n青石镇人民政府\n2017年1月\n根据条例编制。\n一、概述\n公开36条。"
    )
    assert report.fact("title").value == "青石镇人民政府2016年政府信息公开年度报告"


def test_what_was_done_of_the_plan_of_the_year_is_no_plan() -> None:
    said = "青石镇2016年政府信息公开年报\n一、2016年政府信息公开工作要点落实情况\n公开36条。\n二、依申请公开\n收到1……"
    assert [read(said).fact(name).state for name in ("problems", "improvements")] == ["unread", "unread"]


def test_the_organ_with_its_other_name_above_a_title() -> None:
    report = read("澄江市水务局（市防汛办）\n2023年政府信息公开工作年度报告\n一、总体情况\n公开信息36条。")
    assert report.fact("title").value == "澄江市水务局（市防汛办）2023年政府信息公开工作年度报告"


def test_days_that_lost_the_first_of_their_signs() -> None:
    said = "统计数据的期限自20231月1 日至202312月31日止。"
    assert fact("period", said).value == ("2023-01-01", "2023-12-31")


def test_the_year_of_an_excerpt_is_not_that_of_its_plan() -> None:
    report = read(
        "……五、存在的主要问题及改进情况\n2019年，我街道公开不够及时。\n在2020年的政府信息公开工作中，我街道将加强培训。"
    )
    assert report.year == 2019


def test_a_path_on_the_site_and_what_the_page_says_of_the_report_are_no_title() -> None:
    path = (
        "您现在的位置：首页\n > 政府信息公开年报  > 2020年\n"
        "索引号 0010080 主题分类 政务公开\n组配分类 信息公开年报 发布机构 县府办\n"
    )
    labels = "> 政务公开 > 部门公开 > 民政局 > 公开年报\n• 信息索引号：\n1133078/2021\n• 文件名称：\n• 登记号：\n"
    for head in (path, labels):
        report = read(f"{head}青石县民政局2020年政府信息公开工作报告\n一、总体情况\n" + "全年公开信息36条。" * 12)
        assert report.fact("title").value == "青石县民政局2020年政府信息公开工作报告"


def test_a_menu_and_a_path_above_a_title_and_a_numbered_heading_are_none() -> None:
    head = "市民政局\n网站首页 政府信息公开 互动交流\n市民政局>政府信息公开>信息公开工作年度报告\n"
    title = "澄江市民政局2022年政府信息公开工作年度报告"
    assert read(f"{head}{title}\n一、总体情况\n" + "全年公开信息36条。" * 12).fact("title").value == title
    torn = read("全年答复政府信息公开申请7件。\n（四）政务公开工作创新情况\n1.公开民生实事。\n（五）其他报告事项\n无。")
    assert torn.fact("title").state == "absent"


def test_the_page_names_the_organ_above_a_title_that_names_it_again() -> None:
    report = read("云埠街道\n云埠街道办事处2023年政府信息公开工作年度报告\n一、总体情况\n公开信息36条。")
    assert report.fact("title").value == "云埠街道办事处2023年政府信息公开工作年度报告"


def test_a_period_that_ends_in_a_year_of_six_figures_is_there_and_wrong() -> None:
    assert fact("period", "统计期限自2016年1月1日起至202016年12月31日止。").state == "malformed"


def test_what_an_excerpt_leaves_out_is_told_in_one_order() -> None:
    cut = read("……三、收到和处理政府信息公开申请情况\n新收申请1件……").facts
    aside = {*FACTS.forms, *FACTS.returns, *(spec.id for spec in FACTS.readable)}
    left = [name for name, each in cut.items() if each.state == "unread" and name not in aside]
    assert len(left) > 3
    assert left == [name for name in FACTS.specs if name in left]


@pytest.mark.parametrize(
    ("name", "said", "value"),
    [
        ("channels", "政府网站发布信息35条，参加门户网站在线访谈1次。", {"政府网站": 35}),
        ("channels", "政府网站发布信息35条，网上来信处理23封。", {"政府网站": 35}),
        ("channels", "政府网站发布信息35条，办理临澄市网络问政27件。", {"政府网站": 35}),
        ("channels", "政府网站发布信息35条，市级媒体录用52篇。", {"政府网站": 35}),
        ("published.board", "全年在主动公开栏目发布信息69条。", None),
        ("published.board", "全年在公开栏发布信息69条。", 69),
        ("published.website", "政府网站发布35条，回复门户网站留言90余条。", 35),
        ("published.wechat", "公众号推送涉及教育、医疗、公共文化、社会保障等的政务动态68条。", 68),
        ("published.total", "公开各类工作信息84条，政务微博、微信两个自媒体共发布信息245条。", 84),
        ("published.total", "共发布包括食品、药品、特种设备等信息在内的各类信息516条，公众号共发布文章473篇。", 516),
        ("published.total", "通过门户网站公开镇财政信息，1条。", None),
        ("published.total", "今年公开政策文件31件，发布其他通知公告类文件28件。", None),
        ("published.total", "依申请办理公开或部分公开政府信息13件。", None),
        ("requests.answered", "三、依申请公开\n收到申请总数0条，对申请的答复总数0条。", 0),
        ("requests.carried_in", "全年受理申请0件。2015年未转结申请，进入行政复议程序0件。", 0),
        ("requests.carried_out", "三、依申请公开\n新收申请26件，办结25件，另有1件转2017年继续办理。", 1),
        ("improvements", "三、依申请公开\n新收申请26件，办结25件，另有1件转2017年继续办理。", None),
        ("problems", "一、总体情况\n积极与县政务办沟通，发现不足，寻找差距。", None),
        ("problems", "本报告涵盖总体概述、申请情况、存在的主要问题及其改进措施等内容。", None),
        ("problems", "本年报由总体情况、存在的主要问题及改进情况和其他需要报告的事项。", None),
        ("channels", "政府网站发布信息35条，网上重大决策征集意见2次。", {"政府网站": 35}),
        ("channels", "政府网站发布信息35条，网上答复群众诉求180件。", {"政府网站": 35}),
        ("channels", "一、概述\n举办新闻发布会3次，组织政府网站在线访谈2次，发布解读稿5篇。", None),
        ("published.gazette", "在政府网站、《临澄市人民政府公报》主动公开规章13件。", None),
        ("published.website", "通过门户网站及政务新媒体方式公开97条，其中政府网站公开86条。", 86),
        ("published.wechat", "通过政务网、公安微信等网络渠道发布信息700条，微信公众号发布605篇。", 605),
        ("published.other", "通过其他方式回应事件3次。", None),
        ("published.total", "全年办理政府公开信箱事务40件。", None),
        ("published.total", "利用门户网站主动公开信息188条，其中：动态类信息38条；其他主动公开类信息4条。", 188),
        ("published.total", "通过局门户网站发布各类信息296条。主动公开文件数量为0。", 296),
        ("published.total", "通过区政府网和各类新媒体平台，发布各类信息422条，在政府网上公开机构信息3条。", 422),
        ("published.total", "全年主动公开各类财政信息112条。", 112),
        ("published.total", "通过网站、新媒体等各类平台发布信息共270条，累计公开文化信息41条。", 270),
        ("channels", "政府网站发布信息95条，处理平台交办事项165件。", {"政府网站": 95}),
        ("published.total", "以政府网站为主渠道公开各类规划、财政预决算、民生领域等领域信息共177条。", 177),
        ("improvements", "根据《关于做好年度报告编制的通知》（澄政办字〔2017〕8号）要求，现将报告公开。", None),
        ("requests.outcome", "一、概述\n依申请公开：未接到关于不予公开信息的电话咨询。", None),
        ("requests.outcome", "一、概述\n公开了申请处理流程，明确了受理程序、操作要求和办结时限。", None),
        ("requests.outcome", "全年未出现依申请公开政府信息和不予公开政府信息的情况。", None),
        ("requests.outcome", "收到人大建议6条、镇人大建议5条，均完满答复代表。", None),
        ("fees", "收到申请14条，5条属于不存在信息，申请内容主要集中在物业收费方面。", None),
        ("requests.carried_out", "三、依申请公开\n收到4件。其中3件已书面回复，1件结转2017年度继续办理。", 1),
    ],
)
def test_what_reports_since_2019_say_in_their_own_way(name: str, said: str, value: object) -> None:
    assert fact(name, said).value == value


def test_where_the_report_can_be_had_is_no_title() -> None:
    assert (
        read("区政府网站政府信息公开专栏上可下载本报告的电子版。\n一、概述\n公开信息36条。").fact("title").state
        == "absent"
    )


@pytest.mark.parametrize(
    ("name", "said", "value"),
    [
        ("published.wechat", "网站公开74条，通过微信及其他方式公开92条。", None),
        ("published.other", "网站公开74条，通过微信及其他方式公开92条。", None),
        ("published.weibo", "全年公开250条，运用微信、微博发布信息102条。", None),
        ("published.website", "在政府网站上共公开285条信息，在微信平台上公开116条信息。", 285),
        ("published.website", "我局在县农业局网站主动公开动态信息共21条。", 21),
        ("published.website", "通过县政府网站、公开栏主动公开信息共21条。", None),
        ("published.total", "累计公开各类政府信息215条；其中，业务工作类信息主动公开210条，政策文件类5条。", 215),
        ("published.website", "局网站共有信息940条，本年增加212条。", None),
        ("published.total", "信息由2015年的1128条增加到2016年的1887条，在县政府网站发布514条，总计2401条。", 2401),
        ("published.total", "主动公开政府信息共计十一大类条（其中领导信息231条、机构70条）。", None),
        ("contact.website", "可在https://www.example.com上可下载本报告的电子版。", "https://www.example.com"),
        ("contact.address", "（地址：青石镇政府党政综合办公室，邮编：353000）", "青石镇政府党政综合办公室"),
        ("published.total", "全年共举办新闻发布会2次，参加在线访谈2次，发布解读稿件7篇。", None),
        ("requests.received", "三、依申请公开\n收到咨询175次，其中12345热线申请数29件。", None),
        ("channels", "一、概述\n本报告已在县政府网站公布。", None),
        ("parts.stated", "本报告由概述、附表共十五个部分组成。", 15),
        ("fees", "三、依申请公开\n街道免费为公众提供依申请公开政府信息检索等服务。", 0),
        ("problems", "六、主要问题及打算\n1、加强学习。不断提高认识，进一步提高业务水平。", None),
        ("published.total", "通过县政府门户网站主动公开政府采购信息20条。", None),
        ("published.total", "平台主动公开政府信息62件（其中，“工作情况”26件，“应主动公开的其他信息”36件）。", 62),
        ("published.total", "通过“青石发布”公众号、“青石微博”分别发布信息58条、26条。", None),
        ("published.weibo", "通过“青石发布”公众号、“青石微博”分别发布信息58条、26条。", None),
        ("published.wechat", "在网站和微信平台公布信息202条，其中网站198条，微信公众号公布4条。", 4),
        ("published.board", "主动公开信息138条，分别为网站51条，杂志和公开栏等其他形式87条。", None),
        ("fees", "一、概述\n便民服务中心免费提供公开的政府文件、办事指南供群众查阅。", None),
        ("published.total", "主动公开市政府规章13件，全年网站共发布各类信息4610条。", 4610),
        ("published.total", "开展与政府信息公开事务有关的申诉案0件。", None),
        ("published.total", "网站全年政策解读稿件发布2篇。", None),
        (
            "problems",
            "一、总体情况\n主要从总体情况，存在的主要问题及改进情况及其他事项等六个方面汇报。",
            None,
        ),
        (
            "basis.local",
            "本年报是根据临澄区政府信息公开工作规定有关要求，由临澄区水务局编制。",
            "临澄区政府信息公开工作规定",
        ),
        ("requests.outcome", "三、依申请公开\n收到12起申请，均严格按程序和时限办理。", "均严格按程序和时限办理"),
        ("requests.outcome", "一、概述\n公开咨询、申请以及答复工作均顺利开展。", None),
        ("requests.outcome", "一、概述\n进一步规范依申请公开工作，建立接收、登记、办理、答复等流程。", None),
        ("requests.outcome", "一、概述\n将政府信息分为主动公开、依申请公开、不予公开三类。", None),
        ("requests.outcome", "三、依申请公开\n（二）“不予公开”的政府信息涉及哪些方面，及原因。\n没有收到申请。", None),
        ("requests.outcome", "四、依申请公开信息收取费用情况\n不存在政府信息公开的收费及减免等情况。", None),
        ("requests.received", "三、依申请公开\n我局共受理政府信息公开申请3\n四、咨询情况\n无。", 3),
        ("published.total", "主动在政府信息平台、微博等媒介上公开政务信息4187。", 4187),
        ("published.total", "全年累计公开信息62条，其中在县政府信息公开网上主动公开信息49条，在微博公开13条。", 62),
        ("published.total", "主动公开信息96条。另通过教育信息网发布要闻78条、动态27条，总计105条。", 96),
        ("published.website", "另通过教育信息网发布要闻78条、学校动态27条、图片32条。", None),
        ("published.website", "在信息公开专栏或信息公开网站发布信息7条。", None),
        ("published.website", "收到来信79件，其中部门信箱78件，县政府网站“公众监督”17件。", None),
        ("published.total", "通过门户网站主动公开政府信息43条，通过报刊、电视等媒体主动公开信息285条。", None),
        ("published.total", "通过门户网站公开信息43条，通过电视等媒体公开信息20条，共计63条。", 63),
        ("published.total", "公开信息63条，通过门户网站公开信息43条，通过电视等媒体公开信息20条。", 63),
        ("published.total", "主动公开政府信息主要通过四条途径，一是网站；二是查阅室。", None),
        ("period", "一、概述\n2016年1月1日至2016年12月31日间我局开展政府信息公开工作。", ("2016-01-01", "2016-12-31")),
        ("period", "一、概述\n2016年1月1日至2016年12月31日间安排值班。", None),
        ("published.total", "一、概述\n加大公开力度，共向社会公开各地国有土地“招拍挂”信息58条。", None),
        ("published.website", "在县政府网本镇子站公开信息57条。", 57),
        ("published.website", "通过局门户网站受理咨询投诉405件。", None),
        ("published.board", "信息公开栏目录入各类信息423条。", None),
        ("channels", "通过政务微信公开信息25条，接受新闻媒体采访2次。", {"微信": 25}),
        ("problems", "一、概述\n坚持每月进行网上检查，对工作上存在的问题进行指导。", None),
        (
            "problems",
            "一、概述\n（二）坚持问题导向，强化考核问责。\n高度重视网站普查，针对互动回应不及时进行了通报。",
            None,
        ),
        ("channels", "在门户网站上主动公开信息90条，通过网上共受理0件申请。", {"门户网站上": 90}),
        ("channels", "门户网站主动公开信息40条，局长在省网站作了一期在线访谈，将2项审计公告。", {"门户网站": 40}),
        (
            "contact.phone",
            "主办单位：栖原县政府 联系电话：0589-5550111 网站标识码：5100000001\n联系电话：0589-5550123。",
            "0589-5550123",
        ),
        ("contact.address", "地址：青石镇人民政府（新树街24号），邮编：132021。", "青石镇人民政府（新树街24号）"),
        ("period", "时间跨度为201611-1231日。", ("2016-01-01", "2016-12-31")),
        ("period", "统计期限自 201611日起 20161231止。", ("2016-01-01", "2016-12-31")),
        ("improvements", "一、概述\n密切关注重点工作，提高信息公开的针对性，2016年我局落实了规划纲要。", None),
        ("improvements", "一、概述\n定期召开会议，研究改进公开中出现的不足，并对下一阶段的工作进行部署。", None),
        ("problems", "一、概述\n定期召开会议，研究改进公开中出现的不足，并对下一阶段的工作进行部署。", None),
        ("improvements", "一、概述\n（四）创新工作思路，拓宽公开渠道。\n进一步畅通公开途径，加强动态发布。", None),
        ("improvements", "一、加强信息公开的工作措施\n成立领导小组，完善制度。\n二、主动公开\n公开32条。", None),
        (
            "improvements",
            "一、下一步工作措施\n成立领导小组，完善制度。\n二、主动公开\n公开32条。",
            "成立领导小组，完善制度。",
        ),
    ],
)
def test_what_published_reports_say_in_their_own_way(name: str, said: str, value: object) -> None:
    assert fact(name, said).value == value


@pytest.mark.parametrize(
    ("head", "title", "place"),
    [
        ("第一篇：2009年青石街道政府信息公开年度报告", "2009年青石街道政府信息公开年度报告", "青石街道"),
        ("2009年度青石镇政府信息公开年度报告 | ||", "2009年度青石镇政府信息公开年度报告", "青石镇"),
        (
            "2012年政府信息公开工作年度报告\n访问量：\n青政发[2013]05\n青石乡人民政府\n2012年政府信息公开工作年度报告",
            "青石乡人民政府2012年政府信息公开工作年度报告",
            "青石乡人民政府",
        ),
    ],
)
def test_what_the_page_sets_around_a_title_is_none_of_it(head: str, title: str, place: str) -> None:
    report = read(f"{head}\n根据《中华人民共和国政府信息公开条例》编制。\n一、概述\n主动公开政府信息35条。")
    assert (report.facts["title"].value, report.place) == (title, place)


def test_items_by_kind_without_their_sum_answer_but_are_no_total() -> None:
    assert fact("published.total", "按要求主动公开信息，其中工作动态57条，文件类27条，其它262条。").aside
    assert not fact("published.total", "主动公开信息346条，其中工作动态57条，文件类27条，其它262条。").aside


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("如有疑问，请与栖原县柳坪街道政务信息公开工作领导小组办公室联系。", "栖原县柳坪街道"),
        ("如有疑问，请与栖原开发区党群工作部办公室（0589-5550123）联系。", "栖原开发区党群工作部"),
        ("我们编制了栖原经济开发区管委会2011年度政府信息公开报告。", "栖原经济开发区管委会"),
        ("现公开栖原经济开发区信息公开2011年度报告。", "栖原经济开发区"),
        ("2011年，柳坪乡继续把政府信息公开作为依法行政的举措。", "柳坪乡"),
        ("分管领导：方林海 栖原开发区党工委副书记", None),
        ("按照栖原县柳坪镇实际，着力深化公开工作。", "栖原县柳坪镇"),
        ("着力深化公开工作，为全局依法履职提供了保障。", None),
        ("全面部署，全局认真落实公开工作。", None),
        ("公开工作由宣传局（法制办）处理，部门领导：方林海 宣传局（法制办）局长。", None),
    ],
)
def test_a_desk_and_the_word_before_an_organ_are_no_part_of_its_name(said: str, place: str | None) -> None:
    assert read(f"2011年政府信息公开年度报告\n{said}\n一、概述\n主动公开政府信息35条。").place == place


def test_the_way_to_a_page_is_no_title_however_long() -> None:
    way = "您现在所在的位置: 网站首页 > 政府信息公开 > 栖原县城市管理局（栖原县城市管理行政执法局） > 政府信息公开年报"
    report = read(f"栖原县城市管理局\n{way}\n2013年政府信息公开年报\n一、概述\n主动公开政府信息35条。")
    assert (report.facts["title"].value, report.place) == ("2013年政府信息公开年报", "栖原县城市管理局")


def test_the_organ_that_keeps_the_site_and_its_clock_are_none_of_the_report() -> None:
    site, clock = "栖原市自然资源和规划局政府信息公开", "2018年08月31日 星期五 繁体"
    report = read(f"{clock}\n{site}\n栖原市国土资源局2011年政府信息公开年度报告\n一、概述\n主动公开政府信息35条。")
    assert (report.place, report.facts["title"].value) == (
        "栖原市国土资源局",
        "栖原市国土资源局2011年政府信息公开年度报告",
    )
    assert report.fact("signed.date").state == "absent"


def test_a_title_among_the_data_of_the_page_is_the_title() -> None:
    table = "标题: | 林业局2008年政府信息公开年度报告 | ||\n---|---|---|---|\n索引号: | 123/2009-50 | 文号: | 无 |\n"
    told = "现将我局2008年度情况报告如下：\n一、主动公开情况\n主动公开政府信息5条。\n二、依申请公开情况\n无。"
    report = extract(opened(parse_markdown(table + told, "x.md")), load().facts)
    assert (report.place, report.facts["title"].value) == ("林业局", "林业局2008年政府信息公开年度报告")
    assert (report.facts["published.total"].value, report.facts["requests.received"].value) == (5, 0)


def test_a_notice_that_carries_the_report_is_read_and_its_own_day_is_no_year() -> None:
    cover = "澄江市人民政府办公室关于公布\n澄江市2009年度政府信息公开工作年度报告的通知\n（澄政办发〔2010〕3号）"
    report = read(
        f"{cover}\n各县人民政府：\n现予公布。\n澄江市2009年度政府信息公开工作年度报告\n一、概述\n主动公开信息35条。"
    )
    assert report.year == 2009
    asked = "根据《关于做好2011年政府信息公开年度报告编制工作的通知》，我局汇报如下。\n一、概述\n"
    since = "从2008年5月1日《政府信息公开条例》实施以来，我局编制了目录。主动公开信息35条。"
    assert read(asked + since).year == 2011
