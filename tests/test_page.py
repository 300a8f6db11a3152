"""``--format html``: findings marked where they stand, nothing active in the page, and a browser's verdict on it."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from checker.model import Audit, Cell, Document, Paragraph, Table, Verdict, Where
from checker.pack import load
from checker.read import read
from checker.render import FORMATS, Tally, page, tally, web
from checker.render.marked import blocks, marked
from checker.work import audit
from tests.audits import AUDIT, CLEAN, HOSTILE, HOSTILE_AUDIT, HOSTILE_REFUSED, REFUSED, VIEW, verdict
from tests.browser import chromium, opened, violations
from tests.write import NAMES, word, written
from tests.write.page import html as written_html
from tests.write.plain import markdown
from tests.write.reading import extracted

ROOT = Path(__file__).parent.parent
FAULTY = ROOT / "examples" / "2023-云渚街道-有误.txt"


def whole(*audits: Audit) -> str:
    """A complete page, put together as the command does it."""
    counts = Tally()
    for each in audits:
        counts.add(tally(each))
    parts = [page.head(VIEW), *(page.report(each, VIEW) for each in audits)]
    if len(audits) > 1:
        parts += [page.overview(VIEW), *(page.row(each, VIEW) for each in audits)]
    return "".join([*parts, page.tail(counts, VIEW)])


def tree(text: str) -> LexborHTMLParser:
    return LexborHTMLParser(text)


def one(page: LexborHTMLParser | LexborNode, selector: str) -> LexborNode:
    found = page.css_first(selector)
    assert found is not None, selector
    return found


def document(*parts: str | Table) -> Document:
    made = [part if isinstance(part, Table) else Paragraph(part, Where(line=n + 1)) for n, part in enumerate(parts)]
    return Document("甲.txt", "txt", tuple(made))


def grid(*rows: tuple[str, ...]) -> Table:
    return Table(tuple(tuple(Cell(text) for text in row) for row in rows))


def shown(source: Document, *verdicts: Verdict) -> LexborHTMLParser:
    """The page of these verdicts on this document."""
    return tree(whole(replace(AUDIT, verdicts=verdicts, document=source, report=replace_report())))


def replace_report() -> Any:
    return replace(AUDIT.report, notes=())  # type: ignore[type-var]


def failing(rule: str, *places: Where, **changes: object) -> Verdict:
    return verdict(rule, "fail", where=places[0], related=places[1:], message=rule, **changes)


def marks(page: LexborHTMLParser) -> list[tuple[str, str]]:
    """(numbers before it, wording) of every mark in the text."""
    found = []
    for node in page.css(".text mark"):
        numbers: list[str] = []
        before = node.prev
        while before is not None and before.tag == "a":
            numbers.insert(0, before.text())
            before = before.prev
        found.append((",".join(numbers), node.text()))
    return found


# --- where findings stand -----------------------------------------------------------------------------------------


def test_golden(golden: Callable[[str, str], None]) -> None:
    source = document("青石镇2016年年报", "一、概述", grid(("项目", "件数"), ("新收", "3")), "联系电话：13805895555。")
    found = replace(AUDIT, document=source, verdicts=(*AUDIT.verdicts, failing("QLT-09", Where(block=1, quote="概述"))))
    text = whole(found, CLEAN, REFUSED)
    golden("page.html", re.sub(r"<style>.*?</style>|sha256-[^']+", "", text, flags=re.DOTALL))


def test_exact_words_are_marked_and_linked_there_and_back() -> None:
    source = document("一、概述", "主动公开约230条，约230条。")
    at = Where(line=2, block=1, quote="约230条")
    page = shown(source, failing("QLT-04", at), failing("QLT-04", at, subject="二"))
    assert marks(page) == [("1", "约230条"), ("2", "约230条")]
    assert one(page, ".text").text().count("约230条") == 2
    for number, anchor in enumerate(page.css(".text a.ref"), 1):
        item = one(page, f"{anchor.attributes['href']}")
        assert one(item, ".no").text() == str(number)
        assert one(item, ".to a").attributes["href"] == f"#{anchor.attributes['id']}"


def test_overlapping_findings_share_what_both_are_about() -> None:
    source = document("公开政府信息约230条，占比95%。")
    first = failing("AAA-01", Where(block=0, quote="政府信息约230条"))
    second = failing("BBB-01", Where(block=0, quote="约230条，占比95%"), severity="should")
    page = shown(source, first, second)
    assert marks(page) == [("1", "政府信息"), ("2", "约230条"), ("", "，占比95%")]
    classes = [(node.attributes["class"] or "").split() for node in page.css(".text mark")]
    assert classes == [["must"], ["must", "several"], ["should"]]


def test_what_was_compared_with_is_marked_apart() -> None:
    source = document("收到申请3件。", grid(("", "总计"), ("新收", "4")))
    page = shown(
        source,
        failing("XTB-01", Where(block=0, quote="3件"), Where(table="表三", row="新收", col="总计", block=1, quote="4")),
    )
    assert [node.text() for node in page.css("td.near")] == ["14"]
    assert not page.css("td.hit")
    assert one(page, "td.near .ref.near")


def test_lines_that_a_program_broke_are_marked_over_their_ends() -> None:
    source = document("本报告的统计期限自2016年1月1日起", "  至12月31日止，特此说明。", "完")
    page = shown(source, failing("PRE-04", Where(block=0, quote="统计期限自2016年1月1日起至12月31日止")))
    assert marks(page) == [("1", "统计期限自2016年1月1日起"), ("", "至12月31日止")]


def test_a_finding_without_a_place_stands_in_the_list() -> None:
    page = shown(document("一、概述"), failing("OLD-03", Where()), failing("OLD-04", Where(block=7, quote="无")))
    assert len(page.css(".list li")) == 2
    assert not page.css(".text a")
    assert not page.css(".to")
    assert "全文" in one(page, ".list li").text()


def test_wording_that_is_not_met_is_numbered_at_its_paragraph_and_never_guessed() -> None:
    page = shown(document("规章\t0\t0\t0"), failing("T2-05", Where(table="表二", row="规章", block=0, quote="0")))
    assert marks(page) == []
    assert one(page, ".text p a.ref")


def test_merged_cells_stay_merged() -> None:
    wide, tall = Cell("申请人情况"), Cell("（勾稽关系）")
    table = Table(((tall, wide, wide), (tall, Cell("自然人"), Cell("总计"))))
    page = shown(document(table))
    cells = [(td.text(), td.attributes.get("colspan"), td.attributes.get("rowspan")) for td in page.css(".text td")]
    assert cells == [
        ("（勾稽关系）", None, "2"),
        ("申请人情况", "2", None),
        ("自然人", None, None),
        ("总计", None, None),
    ]


def test_unread_places_say_so() -> None:
    source = document(Table(((Cell("新收"), Cell("1", unread=True)),)), Table((), picture=True), "三、收到和处理")
    source = replace(source, blocks=(*source.blocks, Paragraph("模糊的一段", unread=True)))
    texts = [node.text() for node in shown(source).css(".text .gap")]
    assert texts == ["〔认不准，未核对〕", "〔此处是图片，没有读取，没有核对〕", "〔认不准，未核对〕"]


@pytest.mark.parametrize("kind", ["docx", "html", "md"])
@pytest.mark.parametrize("name", [NAMES[0], NAMES[4], NAMES[9]])
def test_every_cell_of_the_forms_is_found(name: str, kind: str, tmp_path: Path) -> None:
    """Every value cell with the same wording: only labels and lines can tell which one a finding is about."""
    report = written(name)
    numbered = replace(report, cells={fact: str(1000 + at) for at, fact in enumerate(report.cells)})
    path = tmp_path / f"年报.{kind}"
    make: dict[str, Callable[[Any], str | bytes]] = {"docx": word.docx, "html": written_html, "md": markdown}
    made = make[kind](numbered)
    path.write_bytes(made if isinstance(made, bytes) else made.encode())

    source = read(path)
    facts = extracted(source).facts
    findings = [
        {
            "rule": "X",
            "title": "",
            "state": "fail",
            "severity": "must",
            "where": facts[fact].where.to_dict() | {"quote": "同"},
            "related": [],
        }
        for fact in numbered.cells
    ]
    same = [
        {
            **block,
            "rows": [
                [{**cell, "text": re.sub(r"^1\d{3}$", "同", cell["text"])} for cell in row] for row in block["rows"]
            ],
        }
        if "rows" in block
        else block
        for block in blocks(source)
    ]
    text = marked(same, findings)
    met: dict[int, set[str]] = {}
    for printed, block in zip(text.blocks, blocks(source), strict=True):
        cells = [cell for row in block.get("rows", ()) for cell in row]
        for spot, cell in zip([spot for row in printed.rows for spot in row], cells, strict=True):
            for ref in spot.refs:
                met.setdefault(ref.finding, set()).add(cell["text"].strip())
    assert met == {at: {text} for at, text in enumerate(numbered.cells.values())}


# --- what is said -------------------------------------------------------------------------------------------------


def test_seven_elements_score_clauses_remedies_notes_and_other_rules() -> None:
    text = tree(whole(AUDIT)).body
    assert text is not None
    said = text.text()
    for element in AUDIT.elements:
        assert element.title in said
    for words in (
        "政府信息公开条例第三十二条",
        "统一用“条”",
        "86.5",
        "合格",
        "79%",
        "表格没有核对",
        "表格没有读",
        "看不见的字符",
    ):
        assert words in said
    assert "OLD-01" in one(text, ".others").text()


def test_how_points_were_lost_adds_up_to_the_score() -> None:
    pack = load()
    for path in sorted([*(ROOT / "examples").glob("*.txt"), *(ROOT / "seeds").glob("*.txt")]):
        found = audit(read(path), pack)
        lost = page._lost(found)
        assert lost["share"] == found.score or (lost["capped"] and found.score == 40), path
        assert lost["whole"] - lost["earned"] == sum(row[2] for row in lost["rows"]), path


def test_personal_numbers_and_what_a_finding_conceals_are_nowhere_in_the_page() -> None:
    source = document("联系人手机13805895555，李桂芳申请公开。", grid(("李桂芳", "110101199001011234")), "又有李桂芳")
    page = whole(
        replace(AUDIT, document=source, verdicts=(failing("PRV-02", Where(block=0, quote="李**")), *AUDIT.verdicts))
    )
    for secret in ("李桂芳", "13805895555", "110101199001011234"):
        assert secret not in page
    assert marks(tree(page))[0] == ("2", "李**")
    assert "138****5555" in page


# --- nothing active -----------------------------------------------------------------------------------------------


BAD = f"<script>alert(1)</script><img src=x onerror=alert(1)></title></style>javascript:x \u2028 {HOSTILE}"


@pytest.fixture(scope="module")
def hostile() -> str:
    source = document(BAD, grid((BAD, BAD)), "一、概述")
    at = Where(section=BAD, block=0, quote=BAD[:60])
    cell = Where(table=BAD, row=BAD, col="x", block=1, quote=BAD)
    found = replace(
        HOSTILE_AUDIT,
        source=BAD + HOSTILE_AUDIT.source,
        document=source,
        verdicts=(
            *HOSTILE_AUDIT.verdicts,
            verdict(BAD, "fail", title=BAD, message=BAD, fix=BAD, where=at, related=(cell,)),
        ),
    )
    return whole(found, HOSTILE_REFUSED)


def test_row_71_nothing_of_a_report_is_active(hostile: str) -> None:
    page = tree(hostile)
    assert {node.tag for node in page.css("*")} <= {
        *("html", "head", "meta", "title", "style", "body", "header", "main", "footer", "section", "nav", "details"),
        *("summary", "h1", "h2", "h3", "h4", "p", "div", "span", "a", "q", "mark", "dl", "dt", "dd", "ol", "ul", "li"),
        *("table", "thead", "tbody", "tr", "th", "td"),
    }
    for node in page.css("*"):
        attributes = node.attributes
        assert not [name for name in attributes if name.startswith("on") or name in ("src", "style", "srcset")]
        assert attributes.get("href", "#")[:1] == "#"  # type: ignore[index]
    assert "alert(1)" in page.body.text()  # type: ignore[union-attr]
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\ufeff]", hostile)


def test_row_71_the_policy_lets_in_this_style_and_nothing_else(hostile: str) -> None:
    page = tree(hostile)
    policy = one(page, 'meta[http-equiv="Content-Security-Policy"]').attributes["content"]
    style = re.search(r"<style>(.*?)</style>", hostile, re.DOTALL)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert "url(" not in style[1]
    assert "@import" not in style[1]


def test_row_72_no_script_and_no_embedded_data(hostile: str) -> None:
    """There is nothing to break out of: results are for programs in --format json, not hidden in the page."""
    assert "<script" not in hostile.lower()
    assert "\u2028" not in hostile
    assert "\\u{2028}" in hostile


def test_every_id_is_there_once_and_every_link_leads_somewhere(hostile: str) -> None:
    for text in (hostile, whole(AUDIT, CLEAN, REFUSED), whole(replace(AUDIT, document=document("一、概述")))):
        page = tree(text)
        ids = [node.attributes["id"] for node in page.css("[id]")]
        assert len(ids) == len(set(ids))
        assert {(a.attributes["href"] or "")[1:] for a in page.css("a")} <= set(ids)


# --- in a browser -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory, hostile: str) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    report = written("2024-云渚镇")
    wrong = replace(report, cells={**report.cells, "t3.granted.person": "9", "t4.review.all": "3"})
    (folder / "坏.docx").write_bytes(word.docx(wrong))
    pack = load()
    texts = {
        "word": whole(audit(read(folder / "坏.docx"), pack, keep=True)),
        "several": whole(audit(read(FAULTY), pack, keep=True), CLEAN, REFUSED),
        "hostile": hostile,
    }
    for name, text in texts.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in texts}


@pytest.mark.parametrize("width", [390, 1200])
@pytest.mark.parametrize("name", ["word", "several", "hostile"])
def test_a_browser_asks_for_nothing_complains_of_nothing_and_everyone_can_use_it(
    browser: Any, pages: dict[str, Path], name: str, width: int
) -> None:
    with opened(browser, pages[name], width) as (page, asked, said):
        assert violations(page) == []
        assert asked == []
        assert said == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_keyboard_leads_from_the_list_to_the_words_and_back(browser: Any, pages: dict[str, Path]) -> None:
    with opened(browser, pages["word"]) as (page, _, _):
        link = page.locator(".to a").first
        link.focus()
        page.keyboard.press("Enter")
        target = page.evaluate("location.hash")
        assert target == link.get_attribute("href")
        number = page.locator(target)
        assert number.evaluate("node => node.matches(':target') && node.getBoundingClientRect().top < innerHeight")
        number.focus()
        page.keyboard.press("Enter")
        item = page.locator(page.evaluate("location.hash"))
        assert item.evaluate("node => node.tagName") == "LI"
        assert link.get_attribute("href") == item.locator(".to a").first.get_attribute("href")


def test_the_format_asks_for_the_document_and_others_do_not() -> None:
    assert [name for name, form in FORMATS.items() if form.document] == ["html"]
    assert audit(read(FAULTY), load()).document is None
    assert web.style("page.css")
