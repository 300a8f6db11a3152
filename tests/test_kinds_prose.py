"""Kinds that judge prose, on invented sentences: what must be found and, above all, what must stay silent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from time import process_time
from typing import Any

import pytest

from checker import places
from checker.extract.compact import line
from checker.kinds.others import conceal, level_words, private, strangers
from checker.kinds.prose import density, punctuation, typos, years
from checker.kinds.sums import itemised
from checker.likeness import earlier
from checker.model import Case, Fact, Names, Outcome, Passage, Report
from checker.patterns import Pattern

CHANNELS = [Pattern("网站|微信|公众号|公开栏")]
FAMILIES = [Pattern("当面|网络|信函"), Pattern("答复|不予|同意")]


def case(text: str, year: int | None = 2018, level: Any = "镇", title: str = "", **facts: Any) -> Case:
    passage = Passage(tuple(line(raw, number) for number, raw in enumerate(text.split("\n"), 1) if raw))
    texts = {"body": passage, "all": passage, "overview": passage} if passage else {}
    if title:
        texts["title"] = Passage((line(title),))
    given = {name.replace("__", "."): Fact("given", value, str(value)) for name, value in facts.items()}
    place = "临澜县青石镇人民政府"
    return Case(Report("例", "txt", place, level, year, "B", "", given, texts))


def states(outcomes: Iterable[Outcome]) -> list[str]:
    return [outcome.state for outcome in outcomes]


def parts(text: str) -> list[Outcome]:
    return list(itemised(case(text), check="parts", channels=CHANNELS, families=FAMILIES))


@pytest.mark.parametrize(
    "text",
    [
        "共22条。其中，重大决策类3条;公共服务类12条;机构职能类3条;其它类4条。",  # the total ends its own sentence
        "共主动公开信息1,234条，其中政务动态1,000条，其他234条。",
        "共收到申请5件（其中当面3件、信函2件），办结4件。",
        "共公开203条，其中动态172条，公告20条，人事11条，在目录系统发布动态172条。",  # another way to divide follows
        "共公开100条，其中网站60条（其中动态40条、公告20条），公开栏40条。",
        "二、共公开４２条，其中：4、29、9条。",
        "共公开八条，其中公告三条、通知五条。",
        "全年公开215条，按内容分：机构12条，财政188条，其他15条。按渠道分：网站140条，微信75条。",
        "收到申请4件，答复3件，其中同意公开2件，不予公开1件。",
        "目录系统公开103条，网站公开462条，微信推送218条，合计783条。",
    ],
)
def test_parts_that_make_the_whole(text: str) -> None:
    assert states(parts(text)) == ["pass"]


@pytest.mark.parametrize(
    ("text", "total", "added"),
    [
        ("共公开50条，其中机构类5条，动态类30条，财政类12条，其他类4条。", 50, 51),
        ("共公开42条，其中4、29、1、1、4、1、1条。", 42, 41),
        ("全年共29条，其中业务24条占82.8%；其它4条。", 29, 28),
        ("收到申请10件，当面、网络、信函申请分别为3件、4件、2件。", 10, 9),
        ("共公开83条，具体包括1、20、60条。", 83, 81),
    ],
)
def test_parts_that_do_not_make_the_whole(text: str, total: int, added: int) -> None:
    (outcome,) = parts(text)
    assert (outcome.state, outcome.values["total"], outcome.values["sum"]) == ("fail", total, added)
    assert str(total) in (outcome.where[0].quote or "")


@pytest.mark.parametrize(
    "text",
    [
        "全镇公开28条。其中公示公告28条，微信公众号2条。",  # one part equals the whole
        "共发布2483条，其中网站319条，微信851条、公开栏2348条。",  # channels overlap
        "共公开8条，其中财政2条，动态4条。",  # perhaps a choice only
    ],
)
def test_parts_that_a_person_must_look_at(text: str) -> None:
    assert states(parts(text)) == ["review"]


@pytest.mark.parametrize(
    "text",
    [
        "共公开380条，其中动态285条、公告30条等。",
        "共公开380条，其中包括动态285条、公告300条。",
        "共公开300余条，其中动态200条，公告170条。",
        "共公开300条，其中动态200余条，公告170条。",
        "收到申请4件，其中网络申请3件，不予公开2件。",  # two ways to divide
        "共公开100条，其中规范性文件3件、解读2篇。",
        "政府信息公开是一项重要工作，其中制度三项、措施五项。",
        "共公开100条，其中网站80条，微信40条，同一信息在两个渠道公开的只计1条。",
        "申请合计19件，其中新收17件；办理结果：予以公开9件，无法提供6件，不予处理3件，结转1件。",
        "共公开126条，其中防汛信息80条；公众号90条，网站36条。",  # the whole once more, another way
        "共公开110条，其中公告10 6条，动态4条。",  # a number broken by a blank is not guessed at
        "共公开11 0条，其中公告106条，动态4条。",
        "我镇做好公开工作。",
    ],
)
def test_lists_that_are_no_division(text: str) -> None:
    assert states(parts(text)) == ["n/a"]


def test_a_small_choice_out_of_many_is_right() -> None:
    assert states(parts("共公开1200条，其中财政12条，人事8条，采购30条。")) == ["pass"]


def test_without_text_nothing_is_decided() -> None:
    assert states(itemised(case(""), check="parts")) == ["unknown"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("共256条。\n其中网站发布111条，占比43%，微信发布54条，占比21%，其他发布91条，占比34%。", ["34%"]),
        ("政策、动态、财政分别占20%、50%、40%。", ["合计110%"]),
        ("共公开200条，财政类50条，占30%。", ["30%"]),
    ],
)
def test_shares_that_are_wrong(text: str, found: list[str]) -> None:
    outcomes = list(itemised(case(text), check="shares"))
    assert [outcome.values["found"] for outcome in outcomes] == found
    assert set(states(outcomes)) == {"fail"}


@pytest.mark.parametrize(
    "text",
    [
        "共256条，其中网站111条，占43%，微信54条，占21%，其他91条，占36%。",
        "共300条，其中甲类100条，占33.3%，乙类100条，占33.3%，其他100条，占33.3%。",
        "共公开254条，其中民生类91条，占比36%。",
        "共公开600条，其中甲类199条，占33%，乙类201条，占34%，其他200条，占33%。",
    ],
)
def test_shares_that_are_right(text: str) -> None:
    assert states(itemised(case(text), check="shares")) == ["pass"]


@pytest.mark.parametrize("text", ["党员占全镇人口的5%，水田占40%。", "网站发布111条，占比43%。"])
def test_shares_of_an_unnamed_whole(text: str) -> None:
    assert states(itemised(case(text), check="shares")) == ["n/a"]


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("公开120条，比上年增加20条，增长20%。", "pass"),
        ("公开120条，比上年增加20条，增长16.7%。", "fail"),
        ("收到申请6件，去年为8件，同比下降25%。", "pass"),
        ("收到申请6件，去年为8件，同比下降33%。", "fail"),
        ("全镇生产总值增长8%。", "n/a"),
    ],
)
def test_growth(text: str, state: str) -> None:
    assert states(itemised(case(text), check="growth", tolerance=1)) == [state]


def test_growth_against_the_report_of_last_year() -> None:
    now = case("主动公开政府信息120条，同比增长50%。")
    last = earlier(case("", published__total=100).report)
    found = list(itemised(Case(now.report, last), check="growth", tolerance=1, fact="published.total"))
    assert [(o.state, o.values["expected"]) for o in found] == [("fail", "20.0%")]


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({"requests__answered": 4, "requests__received": 2, "requests__carried_in": 1}, "fail"),
        ({"requests__answered": 3, "requests__received": 2, "requests__carried_in": 1}, "pass"),
        ({"requests__answered": 3}, "n/a"),
    ],
)
def test_no_more_answers_than_requests(facts: dict[str, Any], state: str) -> None:
    whole = ["requests.received", "requests.carried_in"]
    assert states(itemised(case("", **facts), check="subset", part="requests.answered", whole=whole)) == [state]


@pytest.mark.parametrize(
    ("text", "state"), [("发布解读5篇，其中图解7篇。", "fail"), ("发布解读5篇，其中图解3篇。", "pass")]
)
def test_no_part_above_its_whole(text: str, state: str) -> None:
    assert states(itemised(case(text), check="subset")) == [state]


CLAIMS = {
    "村": [
        Pattern(r"(?:(?P<y>20\d\d)年，?)?(?:全镇|下辖)(?:共|各站所、)?(?P<n>\d+|[一二三四五六七八九十]+)个(?:行政)?村")
    ]
}


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("全镇各站所、17个行政村。全镇共9个村。", "fail"),
        ("全镇17个行政村。下辖十七个村，其中9个村。", "pass"),
        ("2018年，全镇17个村。2009年，全镇19个村。", "pass"),
        ("其中全镇17个村。下辖9个村。", "pass"),
        ("各村都有公开栏。", "n/a"),
    ],
)
def test_two_numbers_for_one_thing(text: str, state: str) -> None:
    assert states(itemised(case(text), check="claims", claims=CLAIMS, unless=[Pattern("其中")])) == [state]


OWN = [Pattern(r"现将(?P<y>20\d\d)年政府信息公开工作情况")]
PLAN = [Pattern(r"(?m)^(?:[一二三]、)?(?P<y>20\d\d)年工作打算")]
RESULT = [Pattern(r"(?P<y>20\d\d)年，?(?:我镇)?公开信息")]
FUTURE = [Pattern(r"(?P<y>20\d\d)年将(?:进一步|在)")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "现将2018年政府信息公开工作情况公布如下。2018年我镇公开信息3条。\n二、2019年工作打算\n2019年将进一步完善。",
            "pass",
        ),
        ("现将2017年政府信息公开工作情况公布如下。", "fail"),
        ("二、2018年工作打算", "fail"),
        ("2016年，我镇公开信息3条。", "review"),
        ("2016年，我镇公开信息3条，比上年增加1条。", "pass"),
        ("自2016年公开信息以来，从2014年至2016年，公开信息3条。", "pass"),
        ("2018年将进一步完善公开栏。", "review"),
        ("2018年将过期信息清理两次。按照《现将2016年政府信息公开工作情况通报》办理。", "pass"),
    ],
)
def test_years(text: str, expected: str) -> None:
    found = years(case(text), own=OWN, plan=PLAN, result=RESULT, future=FUTURE, unless=[Pattern("上年")])
    assert states(found) == [expected]


def test_years_without_a_report_year() -> None:
    assert states(years(case("现将2018年政府信息公开工作情况公布。", year=None), own=OWN)) == ["unknown"]


def test_typos_name_the_right_word_and_every_place() -> None:
    words = [{"wrong": Pattern("布署"), "right": "部署"}, {"wrong": Pattern("通迅"), "right": "通讯"}]
    (outcome,) = typos(case("安排布署工作。\n再次布署。"), words=words)
    assert (outcome.state, outcome.values) == ("fail", {"found": "布署", "right": "部署"})
    assert [where.line for where in outcome.where] == [1, 2]
    assert states(typos(case("部署工作。"), words=words)) == ["pass"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("我镇做好工作,加强领导,公开信息1,234条。", ["半角逗号、分号2处"]),
        ("我镇认真做好政府信息公开工作，及时更新网站，群众普遍感到比较满意", ["段末缺少句号1处"]),
        ("按照《政府信息公开条例的要求做好工作。", ["括号、引号或书名号不成对1处"]),
        ("1）做好工作。（含转发）“十四五”。", []),
        ("我镇认真做好政府信息公开工作。如有疑问请与党政办公室联系，联系电话：0589-5551234", []),
    ],
)
def test_punctuation(text: str, found: list[str]) -> None:
    outcomes = [o for o in punctuation(case(text), min_chars=20) if o.state == "fail"]
    assert [outcome.values["found"] for outcome in outcomes] == found


def test_half_width_commas_are_quoted_as_printed() -> None:
    (outcome,) = punctuation(case("我镇 做好工作 ,加强领导。做好,加强。"))
    assert outcome.where[0].quote == "好,加"


def test_density_counts_phrases_and_their_share() -> None:
    text = "高度重视。" * 10
    settings: Any = {"scope": "overview", "patterns": [Pattern("高度重视")], "min_chars": 20, "max_share": 0.5}
    assert states(density(case(text), max_hits=8, **settings)) == ["fail"]
    assert states(density(case(text), max_hits=10, **settings)) == ["pass"]
    assert states(density(case("高度重视。"), max_hits=0, **settings)) == ["n/a"]


@pytest.mark.parametrize(
    ("text", "level", "state"),
    [
        ("我局做好工作。", "镇", "fail"),
        ("我局做好工作。", "部门", "n/a"),
        ("我局做好工作。", None, "n/a"),
        ("群众说“我局部不懂”，见《我局通知》。", "镇", "pass"),
    ],
)
def test_words_of_another_level(text: str, level: str | None, state: str) -> None:
    assert states(level_words(case(text, level=level), forbid={"镇": [Pattern("(?P<word>我局)")]})) == [state]


def test_a_word_of_ones_own_name_is_right_whatever_the_level() -> None:
    forbid = {"部门": [Pattern("我[镇局]")]}
    assert states(level_words(case("我镇做好工作。", level="部门"), forbid=forbid)) == ["pass"]
    assert states(level_words(case("我局做好工作。", level="部门"), forbid=forbid)) == ["fail"]


NAMES = {"镇": [Pattern(r"(?m)(?:^|[。，])(?P<name>[一-鿿]{2,3}镇)政府信息公开")]}


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("白浪镇政府信息公开工作有序。", "review"),
        ("青石镇政府信息公开工作有序。", "pass"),
        ("在青石镇政府信息公开专栏发布，各乡镇政府信息公开工作。", "pass"),
        ("学习《白浪镇政府信息公开经验》。", "pass"),
    ],
)
def test_names_of_another_organ(text: str, state: str) -> None:
    assert states(strangers(case(text), names=NAMES, unless=[Pattern("[各本我]|乡镇")])) == [state]


def test_a_roster_makes_sure_of_a_name() -> None:
    found = case("白浪镇政府信息公开工作有序。")
    for others, state in ((("临澜县白浪镇人民政府",), "fail"), (("临澜县柳坪乡人民政府",), "review")):
        assert states(strangers(replace(found, names=Names(others=others)), names=NAMES)) == [state]


def test_a_name_of_the_title_is_ones_own() -> None:
    assert states(strangers(case("白浪镇政府信息公开。", title="白浪镇2018年年度报告"), names=NAMES)) == ["pass"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [("13900001111", "139******11"), ("何小溪", "何**"), ("柳溪", "柳*"), ("100000001@qq.com", "100***********om")],
)
def test_conceal(text: str, shown: str) -> None:
    assert conceal(text) == shown
    assert len(shown) == len(text)


SECRET = "11010519491231002X"  # the sample number of the standard, not a person's


def test_row_92_private_data_is_never_shown_whole() -> None:
    text = f"申请人何某，身份证号{SECRET}，手机13900001111。\n账号6228480402564890018。"
    found = list(private(case(text), verify=["resident_id", "bank_card", "mobile"]))
    assert sorted(outcome.subject for outcome in found) == ["bank_card", "mobile", "resident_id"]
    shown = repr([(outcome.values, outcome.where, outcome.subject) for outcome in found])
    assert SECRET not in shown
    assert "13900001111" not in shown
    assert "6228480402564890018" not in shown
    assert "110*************2X" in shown


@pytest.mark.parametrize(
    "text",
    [
        "联系电话：13900001111。",
        f"编号{SECRET[:-1]}1。",  # a wrong check digit
        "专项资金13900001111元。",
    ],
)
def test_numbers_that_are_no_private_data(text: str) -> None:
    near: Any = {"pattern": Pattern("联系电话"), "within": 10}
    assert states(private(case(text), verify=["resident_id", "bank_card", "mobile"], unless_near=near)) == ["pass"]


def test_only_the_name_of_a_match_is_quoted_and_concealed() -> None:
    (outcome,) = private(case("书记何小溪任组长。"), forbid=[Pattern("书记(?P<name>[一-鿿]{2,3}?)任组长")])
    assert (outcome.values["found"], outcome.where[0].quote) == (("何**",), "何**")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("认真落实政务公开公开工作，做好信息公开信息公开工作。", ["公开公开", "信息公开信息公开"]),
        ("二〇二〇年工作工作量大，一步一步推进，方方面面。", []),
    ],
)
def test_doubled_words(text: str, found: list[str]) -> None:
    allow = [Pattern("[二〇]{4}"), Pattern("工作工作量"), Pattern("(?:一步){2}")]
    outcomes = typos(case(text), doubled=6, allow=allow)
    assert [outcome.values["found"] for outcome in outcomes if outcome.state == "fail"] == found


@pytest.mark.parametrize("check", ["parts", "shares", "growth", "subset"])
@pytest.mark.parametrize("piece", ["共5条其中1条", "3条占", "占5%", "111 ", "1、", "3条增长5%", "（"])
def test_row_55_no_text_is_searched_without_end(check: str, piece: str) -> None:
    """Without bounds these grow with the square of the length: minutes instead of hundredths of a second."""
    hostile = case(piece * 20_000)
    began = process_time()
    outcomes = list(itemised(hostile, check=check, tolerance=1))
    assert process_time() - began < 5
    assert 1 <= len(outcomes) <= 50


def test_one_wording_met_often_is_one_finding() -> None:
    (outcome,) = typos(case("公开公开。" * 100), doubled=6)
    assert len(outcome.where) == 20


@pytest.mark.parametrize(
    ("text", "county"),
    [
        ("登录临澧县", "临澧县"),
        ("常德市临澧县", "临澧县"),
        ("会同县", None),
        ("强村富民县", None),
        ("南县", None),
        ("临澜县", None),
        ("", None),
    ],
)
def test_counties_are_told_from_words(text: str, county: str | None) -> None:
    assert places.county_at_end(text) == county


@pytest.mark.parametrize(
    ("name", "says"), [("临澜县青石镇", True), ("义乌市廿三里街道", True), ("常德市青石镇", False), ("青石镇", False)]
)
def test_a_name_says_its_county_or_not(name: str, says: bool) -> None:
    assert places.names_a_county(name) is says


def test_no_county_is_ruled_out_unseen() -> None:
    """What spares most reports the loading of the names rules none of them out."""
    assert [name for name in places.counties() if not places.may_be_county(name)] == []
    assert not places.may_be_county("紧紧围绕县委县")
