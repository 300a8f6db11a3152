"""The pages of a season in a real browser: sorting, filtering, marks, what they ask for, and for whom they work."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from checker.model import NOWHERE
from checker.render import web
from checker.render.county import site
from checker.render.county.site import alike, charts
from checker.season.nouns import Cluster, Member, Shared, Twins
from tests.browser import chromium, opened, violations
from tests.seasons import MARKUP, Memory, county, many

EVERYTHING = "<script>alert(1)</script> =HYPERLINK( </title> onerror=alert javascript:"


def put(season: Memory, folder: Path) -> Path:
    """All pages of a season, written into a folder; the index."""
    for name, parts in site.pages(season):
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("".join(parts), encoding="utf-8")
    return folder / "index.html"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return put(county(), tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="module")
def apart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same season with its units as files beside the index."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(site, "INLINE", 5)
        return put(county(), tmp_path_factory.mktemp("apart"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


@pytest.fixture
def page(browser: Any, index: Path) -> Iterator[Any]:
    """The index, opened; when it is closed it must have asked for nothing and complained of nothing."""
    with opened(browser, index) as (found, asked, said):
        yield found
        assert (asked, said) == ([], [])


def column(page: Any, name: str) -> list[str]:
    """What stands in a column of the ranking, in the rows that are shown."""
    script = """(name) => {
        const table = document.getElementById("ranks");
        const at = [...table.tHead.rows[0].cells].findIndex((cell) => cell.textContent === name);
        return [...table.tBodies[0].rows].filter((row) => !row.hidden).map((row) => row.cells[at].textContent);
    }"""
    found: list[str] = page.evaluate(script, name)
    return found


def counted(page: Any, said: str) -> None:
    """Waits until the line beside the filter says so."""
    page.locator("#f-count").filter(has_text=said).wait_for()


# --- what the page says -------------------------------------------------------------------------------------------


def test_the_index_says_who_is_missing_and_who_is_first(page: Any) -> None:
    figures = dict(
        zip(page.locator(".overview dt").all_inner_texts(), page.locator(".overview dd").all_inner_texts(), strict=True)
    )
    assert figures == {"名册上的单位": "10", "已核对": "7", "未报送": "1", "读不出": "1", "年度不对": "1", "迟报": "1"}
    assert column(page, "单位")[:3] == ["青石镇人民政府", "白渡镇人民政府", "水务局"]
    assert column(page, "等级")[-3:] == ["未报送", "读不出", "年度不对"]
    assert column(page, "增减")[0] == "+20.0"
    missing = page.locator("#missing tbody tr").all_inner_texts()
    assert [row.split("\t")[:2] for row in missing] == [
        ["松湾街道办事处", "迟报"],
        ["苇塘乡人民政府", "未报送"],
        ["杨渡镇人民政府", "读不出"],
        ["桐溪镇人民政府", "年度不对"],
    ]


def test_tables_sort_by_number_and_by_word_and_say_so(page: Any) -> None:
    head = page.locator("#ranks th", has_text="必改")
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    assert column(page, "必改") == ["0", "0", "0", "1", "1", "2", "7", "—", "—", "—"]
    head.get_by_role("button").press("Enter")
    assert head.get_attribute("aria-sort") == "descending"
    assert column(page, "必改") == ["7", "2", "1", "1", "0", "0", "0", "—", "—", "—"]
    page.locator("#ranks th", has_text="单位").get_by_role("button").click()
    assert head.get_attribute("aria-sort") is None
    names = [name[:2] for name in column(page, "单位")]
    assert names[-9:] == ["白渡", "林业", "柳坪", "青石", "水务", "松湾", "桐溪", "苇塘", "杨渡"]  # by sound


def test_the_ranking_is_filtered_by_name_level_and_state(page: Any) -> None:
    page.fill("#f-name", "镇人民")
    counted(page, "显示 4 个单位")
    assert set(column(page, "单位")) == {"青石镇人民政府", "白渡镇人民政府", "杨渡镇人民政府", "桐溪镇人民政府"}
    page.select_option("#f-state", "未报送")
    counted(page, "显示 0 个单位")
    page.get_by_role("button", name="全部显示").click()
    counted(page, "显示 10 个单位")
    page.select_option("#f-level", "街道")
    counted(page, "显示 1 个单位")
    assert column(page, "单位") == ["松湾街道办事处"]
    assert page.locator("#m-table tbody th").all_inner_texts() == ["松湾街道办事处"]


def test_the_matrix_marks_what_fails(page: Any) -> None:
    heads = page.locator("#m-table thead th").all_inner_texts()
    at = next(n for n, head in enumerate(heads) if head.startswith("T3-04"))
    cells = {
        row.locator("th").inner_text(): row.locator("td").nth(at - 1) for row in page.locator("#m-table tbody tr").all()
    }
    assert (cells["柳坪乡人民政府"].inner_text(), cells["柳坪乡人民政府"].get_attribute("class")) == ("×", "fail")
    assert cells["青石镇人民政府"].inner_text() == "√"
    page.uncheck("#m-bad")
    assert page.locator("#m-table thead th").count() > len(heads) + 50


def test_findings_are_marked_in_the_text_of_the_unit(page: Any) -> None:
    page.get_by_role("link", name="柳坪乡人民政府").first.click()
    part = page.locator(".unit:visible")
    assert part.count() == 1
    assert not page.locator(".overview").is_visible()
    assert part.locator("mark").first.inner_text() == "新收政府信息公开申请13件"
    assert part.locator("td.hit").first.inner_text().endswith("4")
    link = part.locator(".list a", has_text="到原文看").first
    link.click()
    target = page.url.split("#")[1]
    assert page.locator(f"#{target}").is_visible()  # a mark is the target now, and its unit is still what is shown
    assert page.locator(f"#{target}").evaluate("(one) => one.closest('td').textContent.endsWith('4')")
    page.get_by_role("link", name="回到总览").locator("visible=true").click()
    assert page.locator("#ranks").is_visible()
    assert page.locator(".unit:visible").count() == 0


def test_the_county_total_and_its_gaps_are_told(page: Any) -> None:
    text = page.locator("#total").inner_text()
    assert "7 个单位的表格逐格相加" in text
    assert "苇塘乡人民政府：没有报送报告" in text
    page.locator("#total summary").first.click()
    assert "行政许可" in page.locator("#total tbody").inner_text()


def test_the_second_round_says_who_mended_what(page: Any) -> None:
    rows = [row.split("\t") for row in page.locator("#changes tbody tr").all_inner_texts()]
    assert rows == [["柳坪乡人民政府", "0", "1", "1"], ["松湾街道办事处", "1", "0", "0"]]


# --- for whom it works --------------------------------------------------------------------------------------------


def test_axe_finds_nothing_on_the_index(page: Any) -> None:
    assert violations(page) == []


def test_axe_finds_nothing_on_the_page_of_a_unit(browser: Any, apart: Path) -> None:
    with opened(browser, apart.parent / "units" / "松湾街道办事处.html") as (page, asked, said):
        assert violations(page) == []
        assert (asked, said) == ([], [])


def test_it_works_on_a_phone_and_on_paper(browser: Any, index: Path) -> None:
    with opened(browser, index, width=390) as (page, _, said):
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.get_by_role("link", name="水务局").first.click()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.go_back()
        page.emulate_media(media="print")
        assert not page.locator(".filter").is_visible()
        assert page.locator("#ranks tbody tr").count() == 10
        assert said == []


def test_units_are_files_beside_the_index_when_there_are_many(browser: Any, apart: Path) -> None:
    names = sorted(path.name for path in (apart.parent / "units").iterdir())
    assert len(names) == 10
    with opened(browser, apart) as (page, asked, _):
        assert page.locator(".unit").count() == 0
        page.get_by_role("link", name="柳坪乡人民政府").first.click()
        page.wait_for_selector("mark")
        assert page.locator("mark").first.inner_text() == "新收政府信息公开申请13件"
        page.get_by_role("link", name="回到总览").click()
        page.wait_for_selector("#ranks")
        links = page.locator("#ranks tbody a").evaluate_all("(links) => links.map((one) => one.getAttribute('href'))")
        assert all((apart.parent / _path(link)).is_file() for link in links)
        assert all(url.startswith("file:") for url in asked)


def _path(link: str) -> str:
    from urllib.parse import unquote

    return unquote(link)


def test_of_very_many_units_two_hundred_are_shown_at_a_time(browser: Any, tmp_path: Path) -> None:
    pages = site.pages(many(450))
    path = tmp_path / "index.html"
    path.write_text("".join(next(pages)[1]), encoding="utf-8")
    with opened(browser, path) as (page, asked, said):
        assert page.locator("#f-count").inner_text() == "显示前 200 个单位，共 450 个"
        page.locator("#f-more").click()
        assert len(column(page, "单位")) == 400
        assert page.locator("#m-where").inner_text() == "第 1 至 50 个，共 450 个"
        page.locator("#m-on").click()
        assert page.locator("#m-where").inner_text() == "第 51 至 100 个，共 450 个"
        assert page.locator("#m-table tbody tr").count() == 50
        assert (asked, said) == ([], [])


# --- what a report smuggles in ------------------------------------------------------------------------------------


def test_row_71_markup_in_names_texts_files_and_messages_is_inert(browser: Any, index: Path, apart: Path) -> None:
    """Nothing of it is an element, an attribute or an address; no script runs; the policy names our own only."""
    for path in (index, *sorted((apart.parent / "units").iterdir())):
        tree = LexborHTMLParser(path.read_text(encoding="utf-8"))
        assert tree.css_first("img") is None
        assert not [node for node in tree.css("*") for name in node.attributes if name.startswith("on")]
        assert not [
            node
            for node in tree.css("a")
            if not (node.attributes["href"] or "").startswith(("#", "../index.html", "units/"))
        ]
        scripts = tree.css("script")
        assert len(scripts) == (2 if path == index else 0)
        (policy,) = [node.attributes["content"] for node in tree.css("meta") if "http-equiv" in node.attributes]
        assert policy is not None
        assert policy.startswith("default-src 'none'; style-src 'sha256-")
        assert "unsafe" not in policy
        assert [node.text().endswith("核对结果") for node in tree.css("head title")] == [True]
    with opened(browser, index) as (page, asked, said):
        page.on("dialog", lambda dialog: said.append(dialog.message))
        page.get_by_role("link", name="HYPERLINK").first.click()
        text = page.locator(".unit:visible").inner_text()
        assert "<script>alert(1)</script>" in text
        assert "javascript:alert(3)" in text
        assert (asked, said) == ([], [])


def test_the_policy_lets_in_no_other_script(browser: Any, index: Path, tmp_path: Path) -> None:
    """What the test above shows is not the absence of a danger: an element added by hand is refused."""
    html = index.read_text(encoding="utf-8").replace("</body>", "<script>window.bad = 1</script><img src=x></body>")
    (tmp_path / "x.html").write_text(html, encoding="utf-8")
    with opened(browser, tmp_path / "x.html") as (page, _, said):
        assert page.evaluate("window.bad") is None
        assert len([line for line in said if "Content Security Policy" in line]) == 2


def test_row_72_embedded_json_ends_neither_its_element_nor_a_line(index: Path) -> None:
    html = index.read_text(encoding="utf-8")
    data = html.split('id="m-data">')[1].split("</script>")[0]
    assert not set("<>&\u2028\u2029") & set(data)
    names = [unit[0] for unit in json.loads(data)["units"]]
    assert any("</script>" in name for name in names)  # whole again when it is parsed
    assert "\u202e" not in "".join(names)
    raw = str(web.script_json({"x": f"{MARKUP}&\u2029\ud800<!--"}))
    assert json.loads(raw)["x"] == f"{MARKUP}&\u2029\ud800<!--"
    assert not re.search("[<>&\u2028\u2029\ud800]", raw)


def test_personal_numbers_are_masked(index: Path) -> None:
    html = index.read_text(encoding="utf-8")
    assert "13805551234" not in html
    assert "138****1234" in html


def test_the_same_season_gives_the_same_pages(index: Path) -> None:
    name, parts = next(site.pages(county()))
    assert name == "index.html"
    assert "".join(parts) == index.read_text(encoding="utf-8")


# --- parts --------------------------------------------------------------------------------------------------------


def test_every_score_is_in_one_bar() -> None:
    bars = charts.histogram([(score, "") for score in (0, 49.9, 50, 59.9, 60, 89.9, 90, 100)])
    assert [(bar.label, bar.value) for bar in bars] == [
        ("不到50", 2),
        ("50至59", 2),
        ("60至69", 1),
        ("70至79", 0),
        ("80至89", 1),
        ("90至100", 2),
    ]
    assert all(0 <= bar.y <= bar.y + bar.height <= charts.HEIGHT for bar in bars)


def test_a_trend_is_the_median_of_each_year() -> None:
    points = charts.trend({2023: [60, 90, 70], 2022: [50]})
    assert [(point.label, point.value, point.count) for point in points] == [("2022", 50, 1), ("2023", 70, 3)]
    assert points[0].x < points[1].x
    assert points[0].y > points[1].y
    assert not charts.trend({2024: [80]})


def test_what_two_reports_share_is_marked_and_what_is_not_shown_is_counted() -> None:
    one, other = (Member(str(n), f"单位{n}", 2024, f"{n}.docx") for n in range(2))
    shared = Shared("甲乙丙丁戊己1庚辛壬癸", "甲乙丙丁戊己2庚辛壬癸", NOWHERE, NOWHERE)
    twins = Twins(one, other, 0.9, (shared,) * (alike.PASSAGES + 3))
    (group,) = alike.clusters(Memory([], alike=[Cluster((one, other), (twins,) * (alike.PAIRS + 2))]))
    assert not isinstance(group, int)
    assert (group.more, group.pairs[0].more) == (2, 3)
    assert group.pairs[0].passages[0].left == [("甲乙丙丁戊己", True), ("1", False), ("庚辛壬癸", True)]
    many_groups = list(alike.clusters(Memory([], alike=[Cluster((one, other), (twins,))] * (alike.CLUSTERS + 7))))
    assert (len(many_groups), many_groups[-1]) == (alike.CLUSTERS + 1, 7)
