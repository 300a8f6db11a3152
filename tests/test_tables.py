"""The official forms: every cell read, every slip in a cell seen, and nothing read that is not certain."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from checker.examples import _blocks
from checker.extract import extract
from checker.extract.tables import figure, layouts
from checker.judge import judge
from checker.model import Audit, Case, Cell, Document, Paragraph, Report, Table, Where
from checker.read.office.docx import parse_docx
from checker.read.plain.html import parse_html
from checker.read.plain.markdown import parse_markdown
from tests.findings import ROOT, fired, national
from tests.word import docx, p, tbl, tc, tr

CLEAN = (ROOT / "examples/2022-砚川县水务局-规范.html").read_text(encoding="utf-8")
MARKDOWN = (ROOT / "examples/2019-杨渡镇-规范.md").read_text(encoding="utf-8")
TEXT = (ROOT / "examples/2024-桐溪镇-规范.txt").read_text(encoding="utf-8")
RETURN = (ROOT / "examples/2016-柳坪乡-规范.txt").read_text(encoding="utf-8")
VALUES = list(re.finditer(r">(\d+(?:\.\d)?)</td>", CLEAN))


def html(text: str) -> Audit:
    pack = national()
    return judge(Case(extract(parse_html(text, "x.html"), pack.facts)), pack)


def plain(text: str) -> Report:
    return extract(Document("x.txt", "txt", tuple(_blocks(text))), national().facts)


def markdown(text: str) -> Report:
    return extract(parse_markdown(text, "x.md"), national().facts)


@cache
def report(text: str) -> Report:
    found = html(text).report
    assert found is not None
    return found


@cache
def clean() -> Audit:
    return html(CLEAN)


def forms(of: Report) -> dict[str, tuple[str, Any]]:
    """What the facts of the forms say, by id."""
    return {name: (fact.state, fact.value) for name, fact in of.facts.items() if name.startswith(("t2.", "t3.", "t4."))}


def changed(new: Report, old: Report) -> dict[str, tuple[str, Any]]:
    before = forms(old)
    return {name: said for name, said in forms(new).items() if said != before[name]}


def swap(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
    return text.replace(old, new)


def test_the_clean_form_has_all_its_cells() -> None:
    assert len(VALUES) == 200
    given = [name for name, (state, _) in forms(report(CLEAN)).items() if state == "given"]
    assert len(given) == 200
    assert (clean().score, clean().unchecked) == (100.0, ())


# --- what a cell says ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "state", "value"),
    [
        ("12", "given", 12),
        ("１２", "given", 12),
        ("1,234", "given", 1234),
        ("1 234", "given", 1234),
        ("1 2", "malformed", None),
        ("12\n3", "unread", None),
        ("1 2345", "malformed", None),
        ("１，２３４件", "given", 1234),
        ("12件", "given", 12),
        ("3 条", "given", 3),
        ("零", "given", 0),
        ("〇", "given", 0),
        ("38.5", "given", 38.5),
        ("-1", "given", -1),
        ("＋2", "given", 2),
        ("减3", "given", -3),
        ("", "blank", None),
        ("\u3000", "blank", None),
        ("/", "blank", None),
        ("／", "blank", None),
        ("—", "blank", None),
        ("——", "blank", None),
        ("－", "blank", None),
        ("无", "blank", None),
        ("63余", "malformed", None),
        ("31²", "given", 31),  # a note
        ("3①", "given", 3),
        ("3[¹]", "given", 3),
        ("3注2", "given", 3),
        ("3*", "given", 3),
        ("3(1)", "malformed", None),
        ("3⒈", "malformed", None),
        ("注2", "malformed", None),
        ("①", "malformed", None),
        ("½", "malformed", None),
        ("3\n1", "malformed", None),
        ("88\n57", "unread", None),  # two numbers, or a broken one
        ("110\n126", "unread", None),
        ("12845\n6", "given", 128456),
        ("约30", "malformed", None),
        ("12.", "malformed", None),
        ("1,23", "malformed", None),
        ("一", "malformed", None),  # a dash or a one
        ("待定", "malformed", None),
        ("9" * 5000, "malformed", None),  # limits, row 51
    ],
)
def test_row_50_a_cell_is_given_blank_or_malformed(text: str, state: str, value: object) -> None:
    assert figure(text) == (state, value)


def test_a_fact_says_where_it_stands() -> None:
    where = report(CLEAN).fact("t3.process.company").where
    assert (where.table, where.row, where.col) == ("表三", "属于四类过程性信息", "商业企业")
    assert where.section == "三、收到和处理政府信息公开申请情况"
    assert where.line
    assert CLEAN.splitlines()[where.line - 1].startswith("<tr><td>6.属于四类过程性信息")


# --- layouts ------------------------------------------------------------------------------------------------------

ROW = re.compile(r"<tr>(.*?)</tr>", re.S)
THIRD = CLEAN[CLEAN.index("<table", CLEAN.index("三、收到和处理")) :]
THIRD = THIRD[: THIRD.index("</table>") + 8]
HEAD = "".join(f"<tr>{row}</tr>\n" for row in ROW.findall(THIRD)[:3])


def third(new: str) -> Report:
    return report(swap(CLEAN, THIRD, new))


def same(found: Report) -> bool:
    return not changed(found, report(CLEAN))


def wide(rows: list[str]) -> list[str]:
    """The rows of the third form with every cell printed out, so that they can be cut anywhere."""
    found = []
    for row in rows:
        texts = re.findall(r"<td[^>]*>(.*?)</td>", row)
        labels, figures = texts[:-7], texts[-7:]
        label = "".join(f"<td>{text}</td>" for text in ["", "", *labels][-3:])
        found.append(f"<tr>{label}{''.join(f'<td>{text}</td>' for text in figures)}</tr>")
    return found


DATA = wide(ROW.findall(THIRD)[3:])


def test_a_table_split_in_two_with_its_head_repeated() -> None:
    cut = [*DATA[:9], "</table><table>", HEAD, *DATA[9:]]
    assert same(third(f"<table>{HEAD}{''.join(cut)}</table>"))


def test_a_table_split_in_two_without_its_head() -> None:
    cut = [*DATA[:9], "</table><p>— 3 —</p><table>", *DATA[9:]]
    assert same(third(f"<table>{HEAD}{''.join(cut)}</table>"))


def test_a_note_in_the_head_cut_by_the_break_is_there() -> None:
    """Half of it stands in a row of its own at the foot of the page before."""
    note = re.search(r"（本列[^<]*）", HEAD)
    assert note
    first = ROW.findall(HEAD)[0]
    upper, lower = (
        first.replace(note[0], part).replace(' rowspan="3"', rows)
        for part, rows in ((note[0][:9], ""), (note[0][9:], ' rowspan="3"'))
    )
    cut = HEAD.replace(first, f"{upper}</tr>\n<tr>{lower}")
    assert "T3-08" not in fired(html(swap(CLEAN, HEAD, cut)), "must", "should", "info")
    assert "T3-08" in fired(html(swap(CLEAN, HEAD, HEAD.replace(note[0], ""))), "must", "should", "info")


def test_a_label_whose_characters_came_in_another_order_accuses_nobody() -> None:
    """As those of a page that was turned may: 危及 三安全一稳定3. “ ”."""
    audit = html(swap(CLEAN, "3.危及“三安全一稳定”", "危及 三安全一稳定3. “ ”"))
    assert "T3-01" not in fired(audit, "must")
    assert audit.report
    assert {state for name, (state, _) in forms(audit.report).items() if ".stability." in name} == {"unread"}


def test_a_cell_cut_by_the_break() -> None:
    upper = DATA[5].replace("2.其他法律行政法规禁止公开", "2.其他法律行政法")
    lower = "<tr><td></td><td></td><td>规禁止公开</td>" + "<td></td>" * 7 + "</tr>"
    cut = [*DATA[:5], upper, "</table><table>", lower, *DATA[6:]]
    assert "2.其他法律行政法规禁止公开" in DATA[5]
    assert same(third(f"<table>{HEAD}{''.join(cut)}</table>"))


def test_a_second_half_of_another_width_is_unread() -> None:
    narrow = [row.replace("<td></td><td></td>", "<td></td>", 1) for row in DATA[9:]]
    found = third(f"<table>{HEAD}{''.join(DATA[:9])}</table><table>{''.join(narrow)}</table>")
    assert {state for state, _ in changed(found, report(CLEAN)).values()} == {"unread"}
    assert found.fact("t3.closed.all").state == "unread"
    assert found.fact("t3.new.all").value == 2


def test_all_forms_in_one_table() -> None:
    tables = re.findall(r"<table.*?</table>", CLEAN, re.S)
    rows = [re.sub(r"</?table[^>]*>", "", table) for table in tables]
    text = CLEAN
    for table in tables[1:]:
        text = swap(text, table, "<p>见上表。</p>")
    assert same(report(swap(text, tables[0], f"<table>{''.join(rows)}</table>")))


@pytest.mark.parametrize("span", [1, 4, 10])
def test_a_heading_in_a_row_of_one_table_for_all_need_not_be_as_wide(span: int) -> None:
    tables = re.findall(r"<table.*?</table>", CLEAN, re.S)
    first = CLEAN.index(tables[0])
    between = re.findall(r"<p[^>]*>(?:<[^>]*>)*([三四]、.*?)<", CLEAN[first:], re.S)[:2]
    rows = [re.sub(r"</?table[^>]*>", "", table) for table in tables]
    heads = [f'<tr><td colspan="{span}">{text}</td></tr>' for text in between]
    whole = f"<table>{rows[0]}{heads[0]}{rows[1]}{heads[1]}{rows[2]}</table>"
    end = first + CLEAN[first:].index(tables[2]) + len(tables[2])
    found = html(CLEAN[:first] + whole + CLEAN[end:])
    assert found.report
    assert same(found.report)
    assert not {"STR-01", "STR-17"} & fired(found, "must").keys()


def test_a_row_without_figures_is_no_heading_whatever_its_number() -> None:
    tables = re.findall(r"<table.*?</table>", CLEAN, re.S)
    row = next(row for row in re.findall(r"<tr>.*?</tr>", tables[1], re.S) if "结转下年度继续办理" in row)
    found = report(swap(CLEAN, row, re.sub(r">\d+</td>", "></td>", row)))
    assert {state for state, _ in changed(found, report(CLEAN)).values()} == {"blank"}


def test_a_column_of_serial_numbers() -> None:
    numbered = [row.replace("<tr>", f"<tr><td>{at}</td>", 1) for at, row in enumerate(DATA, 1)]
    head = HEAD.replace("<tr>", '<tr><td rowspan="3">序号</td>', 1)
    assert same(third(f"<table>{head}{''.join(numbered)}</table>"))


@pytest.mark.parametrize(
    ("label", "taken"), [("重复申请", "重复中请"), ("行政处罚", "行政处罗"), ("尚未审结", "尚末审结")]
)
def test_one_character_of_a_label_taken_for_another_in_a_scan(label: str, taken: str) -> None:
    document = parse_html(CLEAN.replace(label, taken), "x.html")
    pack = national()
    typed, scanned = (extract(replace(document, recognised=given), pack.facts) for given in (False, True))
    assert forms(scanned) == forms(report(CLEAN))
    told = fired(judge(Case(typed), pack), "must")  # who typed it so is told so
    assert forms(typed) != forms(report(CLEAN)) or f"{taken}（应为" in told[f"T{2 if '处罚' in label else 3}-01"]


@pytest.mark.parametrize(
    ("said", "state"),
    [("重复申请", "given"), ("重复中请", "unread"), ("申请", "unread"), ("1.重复申请", "given"), ("", "unread")],
)
def test_a_label_read_with_doubt_is_certain_where_it_is_one_of_a_form(said: str, state: str) -> None:
    """No other label is like 重复申请."""
    document = parse_html(CLEAN, "x.html")
    blocks = tuple(
        replace(block, rows=_said(block, "重复申请", said)) if isinstance(block, Table) else block
        for block in document.blocks
    )
    found = extract(replace(document, blocks=blocks, recognised=True), national().facts)
    assert found.fact("t3.repeat.person").state == state


def _said(table: Table, label: str, said: str) -> tuple[tuple[Cell, ...], ...]:
    return tuple(
        tuple(replace(cell, text=said, unread=True) if label in cell.text else cell for cell in row)
        for row in table.rows
    )


def test_labels_with_blanks_breaks_and_other_marks() -> None:
    text = swap(CLEAN, "3.危及“三安全一稳定”", "３．危 及<br>「三安全一稳定」")
    text = swap(text, "一、本年新收政府信息公开申请数量", "一、本年新收政府\n信息公开申请数量")
    text = swap(text, "（二）部分公开（区分处理的，只计这一情形，不计其他情形）", "(二)部分公开")
    assert same(report(swap(text, "<td>科研机构</td>", "<td>科研<br>机构</td>")))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<td>2.重复申请</td><td>0</td>", "<td>2.重复申请</td>"),  # a cell too few
        ("<td>2.重复申请</td>", '<td colspan="2">2.重复申请</td>'),  # a label too wide
        ("<td>2.重复申请</td>", "<td>2.重复申请</td><td>0</td>"),  # a cell too many
    ],
)
def test_a_row_out_of_its_columns_is_never_read_shifted(old: str, new: str) -> None:
    text = swap(CLEAN, "<td>2.重复申请</td><td>0</td><td>0</td>", "<td>2.重复申请</td><td>0</td><td>5</td>")
    found = report(swap(text, old, new))
    row = [found.fact(f"t3.repeat.{column}") for column in national().facts.axes["t3.columns"]]
    right = [0, 5, 0, 0, 0, 0, 0]
    assert all(fact.state == "unread" or fact.value == value for fact, value in zip(row, right, strict=True))
    assert all(not name.startswith("t3.") or "repeat" in name for name in changed(found, report(text)))


@pytest.mark.parametrize("slip", ["", "<td>999</td>{}", "<td></td>{}"])
def test_no_figure_is_ever_read_in_another_ones_place(slip: str) -> None:
    """Every cell another number; then one is dropped, or one too many put before it."""
    numbers = iter(range(1, 201))
    text = re.sub(r">\d+(?:\.\d)?</td>", lambda _: f">{next(numbers)}</td>", CLEAN)
    cells = list(re.finditer(r"<td[^>]*>\d+</td>", text))
    for cell in cells[::3]:
        page = text[: cell.start()] + slip.format(cell[0]) + text[cell.end() :]
        found = changed(report.__wrapped__(page), report(text))
        assert {state for state, _ in found.values()} <= {"unread", "blank"}
        assert found


@pytest.mark.parametrize("slip", ["", "| 999 {}", "|  {}"])
def test_nor_in_markdown(slip: str) -> None:
    numbers = iter(range(1, 201))
    text = re.sub(r"\| -?\d+ (?=\|)", lambda _: f"| {next(numbers)} ", MARKDOWN)
    right = forms(markdown(text))
    cells = list(re.finditer(r"\| \d+ (?=\|)", text))
    assert len(cells) == 198
    for cell in cells[::7]:
        found = forms(markdown(text[: cell.start()] + slip.format(cell[0]) + text[cell.end() :]))
        assert {found[name][0] for name in found if found[name] != right[name]} == {"unread"}


@pytest.mark.parametrize("slip", ["", "{0}999{1}", "{0}/{1}"])
@pytest.mark.parametrize("blank", ["\t", " ", "\n"])
def test_nor_in_flattened_rows(slip: str, blank: str) -> None:
    numbers = iter(range(1, 201))
    text = re.sub(r"\t\d+(?=[\t\n])", lambda _: f"\t{next(numbers)}", TEXT)
    text = (one_cell_a_line(text) if blank == "\n" else text).replace("\t", blank)
    right = forms(plain(text))
    start, end = text.index("二、主动公开政府信息情况"), text.index("五、存在的主要问题")
    cells = [cell for cell in re.finditer(rf"{blank}\d+(?=[\s])", text) if start < cell.start() < end]
    assert len(cells) >= 199
    for cell in cells[::11]:
        found = forms(plain(text[: cell.start()] + slip.format(blank, cell[0]) + text[cell.end() :]))
        assert {found[name][0] for name in found if found[name] != right[name]} <= {"unread"}


def test_an_unknown_column_leaves_the_known_ones_alone() -> None:
    text = swap(CLEAN, "<td>科研机构</td>", "<td>村民小组</td>")
    found = changed(report(text), report(CLEAN))
    assert set(found) == {name for name in forms(report(CLEAN)) if name.endswith(".research")}
    assert {state for state, _ in found.values()} == {"unread"}
    assert "T3-01" in fired(html(text), "must")


def test_of_two_columns_with_one_label_neither_is_believed_alone() -> None:
    right = forms(report(CLEAN))
    found = forms(report(swap(CLEAN, "<td>科研机构</td>", "<td>商业企业</td>")))
    rows = [name.removesuffix(".company") for name in right if name.startswith("t3.") and name.endswith(".company")]
    differ = [row for row in rows if right[f"{row}.company"] != right[f"{row}.research"]]
    assert differ
    assert {found[f"{row}.company"][0] for row in differ} == {"unread"}
    assert all(found[f"{row}.company"] in (right[f"{row}.company"], ("unread", None)) for row in rows)


def test_the_two_editions_are_told_apart() -> None:
    assert {form.id: form.edition for form in report(CLEAN).forms} == {"t2": "2021", "t3": "2021", "t4": ""}
    old = extract(parse_html(_page(MARKDOWN), "x.html"), national().facts)
    assert {form.id: form.edition for form in old.forms} == {"t2": "2019", "t3": "2019", "t4": ""}
    assert old.fact("t3.unpaid.all").state == old.fact("t2.charges").state == "absent"
    assert (old.fact("t2.services.change").value, old.fact("t2.purchases.amount").value) == (-1, 84500)


def _page(markdown: str) -> str:
    """Pipe tables as HTML, the rest as paragraphs."""
    lines = []
    for line in markdown.splitlines():
        if line.startswith("| ---"):
            continue
        cells = line.strip("| ").split(" | ")
        row = "".join(f"<td>{cell}</td>" for cell in cells)
        lines.append(f"<tr>{row}</tr>" if line.startswith("|") else f"<p>{line.lstrip('# ')}</p>")
    text = "\n".join(lines)
    return "<html><body>" + re.sub(r"((?:<tr>.*</tr>\n?)+)", r"<table>\1</table>\n", text) + "</body></html>"


def word(page: str) -> Audit:
    """The page as a Word document: the same paragraphs, tables with gridSpan and vMerge."""
    body = page[page.index('<div class="content">') :]
    pieces = [_table(piece) if piece.startswith("<table") else p(re.sub("<.*?>", "", piece)) for piece in
              re.findall(r"<table.*?</table>|<p[ >].*?</p>", body, re.S)]  # fmt: skip
    title = p(re.search("<h1>(.*?)</h1>", page)[1])  # type: ignore[index]
    pack = national()
    return judge(Case(extract(parse_docx(docx(title + "".join(pieces)), "x.docx"), pack.facts)), pack)


def _table(table: str) -> str:
    rows = []
    going: dict[int, tuple[int, int]] = {}  # first grid column of a merged cell -> rows left, columns
    for row in ROW.findall(table):
        cells, at = [], 0
        for attributes, text in [*re.findall(r"<td([^>]*)>(.*?)</td>", row), ("", None)]:
            while going.get(at, (0, 0))[0]:
                left, across = going[at]
                going[at] = (left - 1, across)
                cells.append(tc("", f'<w:gridSpan w:val="{across}"/><w:vMerge/>'))
                at += across
            if text is None:
                break
            across, down = (
                int(m[1]) if (m := re.search(f'{name}="(\\d+)"', attributes)) else 1 for name in ("colspan", "rowspan")
            )
            merged = '<w:vMerge w:val="restart"/>' if down > 1 else ""
            cells.append(tc(re.sub("<.*?>", "", text), f'<w:gridSpan w:val="{across}"/>{merged}'))
            going[at] = (down - 1, across)
            at += across
        rows.append(tr(*cells))
    return tbl(*rows)


def test_a_word_document_says_the_same() -> None:
    audit = word(CLEAN)
    assert audit.report
    assert same(audit.report)
    assert not fired(audit, "must", "should")


@pytest.mark.parametrize("new", ["", "/", "63余", "7"])
def test_a_slip_in_a_word_document_is_the_same_slip(new: str) -> None:
    for at in range(0, 200, 7):
        page = CLEAN[: VALUES[at].start(1)] + new + CLEAN[VALUES[at].end(1) :]
        audit = word(page)
        assert audit.report
        assert changed(audit.report, report(page)) == {}


def test_a_row_too_short_in_a_word_document_is_unread() -> None:
    audit = word(swap(CLEAN, "<td>2.重复申请</td><td>0</td>", "<td>2.重复申请</td>"))
    assert audit.report
    assert {state for state, _ in changed(audit.report, report(CLEAN)).values()} == {"unread"}


def states_of(found: Report, form: str) -> set[str]:
    return {state for name, (state, _) in forms(found).items() if name.startswith(f"{form}.")}


def test_groups_that_lost_their_spans_are_never_mixed_up() -> None:
    """Without colspan nobody knows which columns of table four belong to which group."""
    tables = re.findall(r"<table.*?</table>", CLEAN, re.S)
    plain_ = re.sub(r' (?:col|row)span="\d+"', "", tables[2])
    assert states_of(report(swap(CLEAN, tables[2], plain_)), "t4") == {"unread"}


@pytest.mark.parametrize("lost", [r' colspan="\d+"', r' rowspan="\d+"', r' (?:col|row)span="\d+"'])
def test_a_page_that_lost_its_spans_accuses_no_form(lost: str) -> None:
    audit = html(re.sub(lost, "", CLEAN))
    assert fired(audit, "must", "should") == fired(clean(), "must", "should")
    assert audit.report
    assert states_of(audit.report, "t4") == states_of(audit.report, "t3") == {"unread"}


@pytest.mark.parametrize("span", ["", ' colspan="abc"', ' colspan="2"'])
def test_columns_that_do_not_stand_below_their_group_are_unread(span: str) -> None:
    """What stands beside 法人或其他组织 instead of below it has pushed 总计 away from its figures."""
    head = swap(HEAD, ' colspan="5">法人或其他组织', f"{span}>法人或其他组织")
    audit = html(swap(CLEAN, HEAD, head))
    assert fired(audit, "must", "should") == fired(clean(), "must", "should")
    assert audit.report
    assert states_of(audit.report, "t3") == {"unread"}


def test_groups_packed_to_the_left_are_unread_and_accuse_nobody() -> None:
    table = re.findall(r"<table.*?</table>", CLEAN, re.S)[2]
    head, *rest = re.sub(r' (?:col|row)span="\d+"', "", table).split("</tr>")
    packed = "</tr>".join([head + "<td></td>" * 13, rest[0] + "<td></td>" * 13, *rest[1:]])
    audit = html(swap(CLEAN, table, packed))
    assert fired(audit, "must") == fired(clean(), "must")
    assert audit.report
    assert states_of(audit.report, "t4") == {"unread"}


def test_a_table_pasted_from_a_sheet_keeps_its_columns() -> None:
    """Merged cells leave empty fields behind, of which flattened rows have none."""
    from checker.read.plain.text import parse_text

    def field(cell: Cell, row: int, column: int, rows: Sequence[Sequence[Cell]]) -> str:
        again = (column and rows[row][column - 1] is cell) or (row and rows[row - 1][column] is cell)
        return "" if again else "".join(cell.text.split())

    lines = []
    for block in parse_html(CLEAN, "x").blocks:
        rows = block.rows if isinstance(block, Table) else ()
        lines += ["\t".join(field(cell, i, j, rows) for j, cell in enumerate(row)) for i, row in enumerate(rows)]
        lines += [block.text] if isinstance(block, Paragraph) else [""]
    pasted = extract(parse_text("\n".join(lines), "x"), national().facts)
    assert forms(pasted) == forms(report(CLEAN))


def test_groups_whose_spans_are_empty_cells_are_read() -> None:
    cells = (
        ["行政复议", *[""] * 4, "行政诉讼", *[""] * 9],
        [*[""] * 5, "未经复议直接起诉", *[""] * 4, "复议后起诉", *[""] * 4],
    )
    results = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"] * 3
    rows = [*cells, results, list("201030000022004")]
    table = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    tables = re.findall(r"<table.*?</table>", CLEAN, re.S)
    found = report(swap(CLEAN, tables[2], f"<table>{table}</table>"))
    assert [found.fact(f"t4.{group}.upheld").value for group in ("review", "direct", "after_review")] == [2, 0, 2]
    assert [found.fact(f"t4.{group}.all").value for group in ("review", "direct", "after_review")] == [3, 0, 4]


def test_a_figure_over_two_columns_is_unread() -> None:
    row = "<td>2.重复申请</td>" + "<td>0</td>" * 7
    found = report(swap(CLEAN, row, '<td>2.重复申请</td><td colspan="2">4</td>' + "<td>0</td>" * 5))
    assert {state for state, _ in changed(found, report(CLEAN)).values()} == {"unread"}


def test_a_head_that_lost_its_upper_half_accuses_nobody() -> None:
    """The head was cut by a page break: 自然人 and 总计 stayed on the page before, in a table of another width."""
    blank = re.sub(r">(?:自然人|总计|申请人情况|法人或其他组织|（本列[^<]*)<", "><", HEAD)
    audit = html(swap(CLEAN, THIRD, f"<table>{blank}{''.join(DATA)}</table>"))
    assert audit.report
    assert states_of(audit.report, "t3") == {"unread"}
    assert not {"T3-01", "T3-07"} & fired(audit, "must", "should").keys()


def test_figures_cut_by_a_page_break_are_unread() -> None:
    """702 in a narrow cell: 70 at the foot of one page, 2 at the head of the next."""
    document = parse_html(CLEAN, "x.html")
    blocks = list(document.blocks)
    at = max(i for i, block in enumerate(blocks) if isinstance(block, Table))
    table = blocks[at]
    assert isinstance(table, Table)
    upper = tuple(Cell("70", Where(page=4)) for _ in range(15))
    lower = tuple(Cell("2" if col == 0 else "", Where(page=5)) for col in range(15))
    blocks[at] = replace(table, rows=(*table.rows[:3], upper, lower))
    found = extract(replace(document, blocks=tuple(blocks)), national().facts)
    assert found.fact("t4.review.upheld").state == "unread"
    assert found.fact("t4.review.corrected").value == 70


def test_a_form_printed_twice_and_not_alike_is_unread() -> None:
    tables = re.findall(r"<table.*?</table>", CLEAN, re.S)
    twice = tables[2] + tables[2].replace("<tr><td>0</td>", "<tr><td>4</td>")
    found = report(swap(CLEAN, tables[2], twice))
    assert changed(found, report(CLEAN)) == {"t4.review.upheld": ("unread", None)}


# --- rows that lost their grid ------------------------------------------------------------------------------------


def one_cell_a_line(text: str) -> str:
    start, end = text.index("二、主动公开政府信息情况"), text.index("五、存在的主要问题")
    return text[:start] + text[start:end].replace("\t", "\n") + text[end:]


def test_flattened_rows_say_what_the_grid_says() -> None:
    assert {state for name, (state, _) in forms(plain(TEXT)).items() if ".last" in name} == {"absent"}
    given = [value for state, value in forms(plain(TEXT)).values() if state == "given"]
    rows = [line.split("\t") for line in TEXT.splitlines() if "\t" in line]
    assert len(given) == 200
    assert sum(given) == sum(int(cell) for row in rows for cell in row if cell.isdecimal())


def test_one_cell_a_line_says_the_same_or_nothing() -> None:
    flat, lines = forms(plain(TEXT)), forms(plain(one_cell_a_line(TEXT)))
    differ = {name: said for name, said in lines.items() if said != flat[name]}
    assert {state for state, _ in differ.values()} <= {"unread"}
    assert sum(state == "given" for state, _ in lines.values()) >= 175


def test_strokes_on_lines_of_their_own_and_narrow_brackets_say_the_same() -> None:
    lines = one_cell_a_line(TEXT)
    start, end = lines.index("二、主动公开政府信息情况"), lines.index("五、存在的主要问题")
    rows = lines[start:end].replace("（单位：万元）", "(单位：万元)").replace("\n", "\n|\n")
    assert forms(plain(lines[:start] + rows + lines[end:])) == forms(plain(lines))


def test_a_blank_in_a_label_between_strokes_parts_no_cell() -> None:
    start, end = TEXT.index("二、主动公开政府信息情况"), TEXT.index("五、存在的主要问题")
    rows = TEXT[start:end].replace("\t", " | ").replace("商业企业", "商业 企业").replace("本年制发", "本年 制发")
    rows = rows.replace("信息内容", "信息 内容").replace("其他结果", "其他 结果")
    assert forms(plain(TEXT[:start] + rows + TEXT[end:])) == forms(plain(TEXT))


@pytest.mark.parametrize("blanks", ["\t", " "])
@pytest.mark.parametrize("row", ["一、本年新收政府信息公开申请数量", "2.重复申请", "（七）总计", "行政规范性文件"])
def test_a_missing_number_never_shifts_a_flattened_row(row: str, blanks: str) -> None:
    text = TEXT.replace("\t", blanks)
    (line,) = [line for line in text.splitlines() if line.startswith(row)]
    found = changed(plain(swap(text, line, line.rpartition(blanks)[0])), plain(text))
    assert found
    assert {state for state, _ in found.values()} == {"unread"}


def test_flattened_rows_without_their_head_are_unread() -> None:
    text = swap(TEXT, "商业企业\t科研机构\t社会公益组织\t法律服务机构\t其他\n", "")
    assert {state for name, (state, _) in forms(plain(text)).items() if name.startswith("t3.")} == {"unread"}


# --- returns of 2014 to 2018, and before --------------------------------------------------------------------------


def grid(text: str) -> str:
    rows = "".join(f"<tr>{''.join(f'<td>{c}</td>' for c in line.split(chr(9)))}</tr>\n" for line in text.splitlines())
    return f"<table>{rows}</table>"


def return_page(table: str) -> str:
    text = RETURN[: RETURN.index("附件\n")]
    paragraphs = "".join(f"<p>{line}</p>" for line in text.splitlines())
    return f"<html><body>{paragraphs}{table}</body></html>"


def test_the_statistics_return_is_read_in_grids_and_in_rows() -> None:
    rows = RETURN[RETURN.index("统计指标\t") :]
    padded = "\n".join(line if "\t" in line else f"{line}\t\t" for line in rows.strip().splitlines())
    for found in (plain(RETURN), report(return_page(grid(padded)))):
        stat = {name: fact for name, fact in found.facts.items() if name.startswith("stat.")}
        assert len(stat) == 58
        assert {fact.state for fact in stat.values()} == {"given"}
        assert (stat["stat.published.total"].value, stat["stat.staff.budget"].value) == (215, 1.5)
        assert stat["stat.lawsuits.corrected"].where.row == "被依法纠错数"


@pytest.mark.parametrize(
    ("said", "state", "mark"),
    [
        ("无", "blank", "none"),
        ("", "blank", "empty"),
        ("/", "blank", "slash"),
        ("63余", "malformed", None),
        ("7", "given", None),
    ],
)
def test_a_figure_below_a_head_of_its_own_has_the_states_that_it_has_in_text(said: str, state: str, mark: str) -> None:
    rows = f"指标名称\t计量单位\t2012年度\n主动公开信息数\t条\t{said}\n申请总数\t条\t3\n当面申请数\t条\t2\n"
    found = report(return_page(grid(rows)).replace("2016年", "2012年"))
    fact = found.fact("early.published.total")
    assert (fact.state, fact.mark) == (state, mark)
    beside = (
        rows.replace("2012年度", "2012年度\t说明")
        .replace("条\t", "条\t")
        .replace(f"条\t{said}\n", f"条\t{said}\t见说明\n")
    )
    told = report(return_page(grid(beside)).replace("2016年", "2012年")).fact("early.published.total")
    assert told.state in (state, "unread")


def test_rows_of_one_name_belong_to_the_row_above_them() -> None:
    text = swap(RETURN, "五、行政诉讼数量\t件\t0", "五、行政诉讼数量\t件\t1")
    head, _, tail = text.partition("五、行政诉讼数量")
    found = plain(head + "五、行政诉讼数量" + tail.replace("（二）被依法纠错数\t件\t0", "（二）被依法纠错数\t件\t1"))
    assert (found.fact("stat.lawsuits.corrected").value, found.fact("stat.reviews.corrected").value) == (1, 0)


def test_the_early_return_is_read() -> None:
    table = grid(
        "指标名称\t单位\t本年度\t历年累计\n主动公开信息数\t条\t36\t210\n申请总数\t条\t3\t9\n当面申请数\t条\t2\t5\n"
        "信函申请数\t条\t1\t4\n同意公开答复数\t条\t3\t9"
    )
    page = f"<html><body><h1>青石镇2012年政府信息公开工作年度报告</h1><p>2012年公开信息36条。</p>{table}</body></html>"
    found = report(page)
    assert (found.fact("early.published.total").value, found.fact("early.requests.total").value) == (36, 3)
    assert found.fact("stat.requests.received").state == "absent"


EARLY = (
    "指标名称\t单位\t本年度\n主动公开信息数\t条\t36\n{more}申请总数\t条\t3\n当面申请数\t条\t3\n否决公开答复数\t条\t2\n"
)


def early(more: str) -> Audit:
    table = grid(EARLY.format(more=more).rstrip())
    return html(
        f"<html><body><h1>青石镇2012年政府信息公开工作年度报告</h1><p>2012年公开信息36条。</p>{table}</body></html>"
    )


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        ("其中：全文电子化的主动公开信息数\t条\t39\n", "OLD-36"),
        ("现场接待人数\t人次\t36余\n", "OLD-30"),
        ("其中：（2）信息不存在\t条\t2\n（11）其他原因\t条\t0\n", None),
    ],
)
def test_rows_that_some_early_returns_have_are_checked_where_they_are(more: str, rule: str | None) -> None:
    found = fired(early(more), "must", "should")
    assert {name for name in found if name.startswith("OLD-3")} == ({rule} if rule else set())


def test_an_early_return_whose_rows_bear_mostly_other_names_is_unread() -> None:
    strange = "".join(f"本单位第{at}类信息数\t条\t{at}\n" for at in range(1, 8))
    for more, state in ((strange, "unread"), ("", "absent")):
        found = early(more).report
        assert found
        assert found.fact("early.requests.fax").state == state


@pytest.mark.parametrize("paged", [False, True])
def test_the_numbers_of_indicators_and_other_columns_are_no_figures(paged: bool) -> None:
    coded = "指标\t代码\t单位\t数值\n主动公开信息数\t01\t条\t36\n申请总数\t02\t条\t3\n当面申请数\t03\t条\t3"
    years = (
        "指标名称\t计量单位\t2012年度\t历年累计\n主动公开信息数\t条\t36\t90\n申请总数\t条\t3\t9\n当面申请数\t条\t3\t5"
    )
    text = RETURN[: RETURN.index("附件\n")].replace("2016年", "2012年")
    for table in (coded, years):
        page = return_page(grid(table)).replace("2016年", "2012年")
        found = report(page) if paged else plain(f"{text}（二）附表：\n{table}\n")
        names = ("published.total", "requests.total", "requests.in_person")
        assert [found.fact(f"early.{name}").value for name in names] == [36, 3, 3]


def test_a_return_pasted_a_cell_a_line_below_a_sentence_that_names_it() -> None:
    head = RETURN[: RETURN.index("附件\n")]
    cells = RETURN[RETURN.index("统计指标\t") :].replace("\t", "\n")
    found = plain(f"{head}（三）附统计表（略去填报人信息）。\n{cells}")
    assert found.fact("stat.published.total").value == 215
    assert [heading.text for heading in found.headings].count("主动公开情况") == 0


def test_a_table_of_channels_is_no_return() -> None:
    table = grid("渠道\t2011年\t2012年\n政府网站\t80\t95\n公开栏\t77\t81\n合计\t157\t176\n")
    page = return_page(table).replace("2016年", "2012年")
    assert report(page).fact("early.requests.total").state == "absent"


@pytest.mark.parametrize("brackets", ["()", "〔〕", "【】", "［］", "[]"])
def test_brackets_of_labels_may_differ(brackets: str) -> None:
    left, right = brackets[0], brackets[1]
    drawn = re.sub(r"<td.*?</td>", lambda cell: cell[0].replace("（", left).replace("）", right), CLEAN, flags=re.S)
    assert drawn != CLEAN
    audit, clean = html(drawn), html(CLEAN)
    assert audit.report
    assert clean.report
    forms = [name for name in clean.report.facts if name[:3] in ("t2.", "t3.", "t4.")]
    assert [audit.report.fact(name).value for name in forms] == [clean.report.fact(name).value for name in forms]
    assert fired(audit, "must") == fired(clean, "must")


# --- forms that are lost, empty or a picture ----------------------------------------------------------------------


def test_a_picture_in_a_forms_place_is_unread_and_said_so() -> None:
    audit = html(swap(CLEAN, THIRD, '<p><img src="b3.png" width="600" height="800"></p>'))
    assert audit.report
    assert audit.report.fact("t3.new.all").state == "unread"
    assert audit.unchecked == ("表格",)
    assert audit.coverage < 1
    assert audit.score == 85
    assert "STR-16" not in fired(audit, "must")


def test_forms_in_an_attached_file_are_unread() -> None:
    text = re.sub(r"<table.*?</table>", "", CLEAN, flags=re.S)
    signed = '<p style="text-align:right">砚川县水务局</p>'
    audit = html(swap(text, signed, f'<p>附件：<a href="/b/2022nb.xlsx">三张统计表.xlsx</a></p>{signed}'))
    assert audit.unchecked == ("表格",)
    assert "STR-16" not in fired(audit, "must")


def test_forms_that_the_text_says_are_attached_are_unread_and_said_so() -> None:
    table = re.findall(r"<table.*?</table>", CLEAN, re.S)[1]
    audit = html(swap(CLEAN, table, "<p>（见附件2）</p>"))
    assert "STR-16" not in fired(audit, "must")
    assert audit.report
    assert states_of(audit.report, "t3") == {"unread"}
    assert [note.code for note in audit.notes] == ["attachment"]
    both = html(swap(CLEAN, table, f"<p>（见附件2）</p>{table}"))
    assert not both.notes
    assert both.report
    assert forms(both.report) == forms(report(CLEAN))


@pytest.mark.parametrize("table", range(3))
def test_row_94_a_lost_table_is_a_finding(table: int) -> None:
    lost = re.findall(r"<table.*?</table>", CLEAN, re.S)[table]
    audit = html(swap(CLEAN, lost, ""))
    assert fired(audit, "must")["STR-16"].startswith(f"STR-16 fail: 没有表{'二三四'[table]}")
    assert audit.score == 60


_EMPTY = ("STR-21", "STR-22", "T2-03", "T3-02", "T4-03")


@pytest.mark.parametrize("table", range(3))
def test_row_94_an_empty_form_is_no_form(table: int) -> None:
    full = re.findall(r"<table.*?</table>", CLEAN, re.S)[table]
    audit = html(swap(CLEAN, full, re.sub(r">\d+(?:\.\d)?</td>", "></td>", full)))
    assert {rule for rule in fired(audit, "must", "should") if rule in _EMPTY} == {"STR-21"}  # told once
    assert audit.score == 60


@pytest.mark.parametrize("filling", ["", "/", "—", "无"])
def test_row_94_three_empty_forms_below_a_full_text_are_no_report(filling: str) -> None:
    audit = html(re.sub(r">\d+(?:\.\d)?</td>", f">{filling}</td>", CLEAN))
    assert {rule for rule in fired(audit, "must", "should") if rule in _EMPTY} == {"STR-22"}
    assert (audit.score, audit.grade) == (40, "不合格")


def test_a_form_of_which_a_cell_was_not_read_is_not_called_empty() -> None:
    document = parse_html(re.sub(r">\d+(?:\.\d)?</td>", "></td>", CLEAN), "x.html")
    blurred = [_unread_last(block) if isinstance(block, Table) else block for block in document.blocks]
    pack = national()
    audit = judge(Case(extract(replace(document, blocks=tuple(blurred)), pack.facts)), pack)
    assert {v.state for v in audit.verdicts if v.rule in ("STR-21", "STR-22")} == {"unknown"}


def _unread_last(table: Table) -> Table:
    *rows, last = table.rows
    return replace(table, rows=(*rows, (*last[:-1], replace(last[-1], unread=True))))


def test_row_93_noughts_that_no_text_supports_fail() -> None:
    """The official form as it comes from the drawer: all headings, noughts in every cell, not a word."""
    blank = re.sub(r">\d+(?:\.\d)?</td>", ">0</td>", CLEAN)
    blank = re.sub(r"<p>(?!<strong>[一二三四五六]、).*?</p>", "", blank)
    audit = html(blank)
    assert audit.grade == "不合格"
    assert fired(audit, "must").keys() & {"STR-06", "STR-20"} == {"STR-20"}  # of the whole form, once


def test_noughts_that_the_text_supports_are_right() -> None:
    audit = judge(Case(extract(parse_html(_page(MARKDOWN), "x.html"), national().facts)), national())
    assert not fired(audit, "must", "should")
    assert audit.unchecked == ()


def test_a_sum_over_an_unread_row_is_neither_right_nor_wrong() -> None:
    text = swap(CLEAN, "<td>2.重复申请</td><td>0</td>", "<td>2.重复申请</td>")  # limits, row 53
    found = {(v.rule, v.subject): v.state for v in html(text).verdicts if v.rule in ("T3-04", "T3-05")}
    assert found["T3-04", "repeat"] == "unknown"
    assert {state for (rule, _), state in found.items() if rule == "T3-05"} == {"unknown"}
    assert found["T3-04", "new"] == "pass"


def test_row_52_a_sum_wrong_in_one_column_names_that_column() -> None:
    old, new = ('<tr><td colspan="3">四、结转下年度继续办理</td>' + f"<td>0</td><td>{n}</td>" for n in (0, 1))
    audit = html(swap(CLEAN, old, new))  # limits, row 52
    wrong = [v for v in audit.verdicts if v.rule.startswith("T3") and v.state == "fail"]
    assert [(v.rule, v.subject, v.where.col) for v in wrong] == [("T3-04", "carried_out", "商业企业")]


# --- the text against the forms -----------------------------------------------------------------------------------

SAID = re.search("2022年新收政府信息公开申请2件.*?没有结转下年度的申请。", CLEAN)[0]  # type: ignore[index]


@pytest.mark.parametrize(
    ("sentence", "rules"),
    [
        ("2022年收到政府信息公开申请两宗，均已按期办结。", set()),
        ("2022年收到网络申请1件、信函申请1件，合计2件，均已按期办结。", set()),
        ("2022年收到政府信息公开申请2条，其中网络1条、信函1条。", set()),
        ("2022年没有收到政府信息公开申请。", {"XTB-10"}),
        ("2022年没有收到书面的政府信息公开申请，收到网络申请2件。", set()),
        ("2022年收到政府信息公开申请七件。", {"XTB-01"}),
        ("2022年收到政府信息公开申请约5件。", {"QLT-04"}),
        ("2022年收到政府信息公开申请2件，不予公开2件。", {"XTB-05"}),
        ("2022年收到政府信息公开申请2件，上年结转申请1件。", {"XTB-02"}),
        ("2022年收到政府信息公开申请2件，结转下年度1件。", {"XTB-04"}),
        # the figure before its verb, the verb alone, in the sentence that follows
        ("2022年收到政府信息公开申请2件，1件结转至2023年办理。", {"XTB-04"}),
        ("2022年收到政府信息公开申请2件，1件无法提供。", {"XTB-05"}),
        ("2022年收到政府信息公开申请2件，其中信函1件。截至年底，办结3件。", {"XTB-03"}),
        ("2022年收到政府信息公开申请2件。2件全部办结。", set()),
        # other matters, parts and other years
        ("2022年收到政府信息公开申请2件，均已办结；牵头民生实事10件，办结10件。", set()),
        ("2022年收到政府信息公开申请2件，均已办结。涉企申请1件，办结1件。", set()),
        ("2022年收到政府信息公开申请2件，均已办结。受理办事申请3000件，办结3000件。", set()),
        ("2022年收到政府信息公开申请2件，均已办结。审查文件40件，5件不予公开。", set()),
        ("2022年收到政府信息公开申请2件，均已办结。涉及商业秘密的1件不予公开。", set()),
        ("2022年收到政府信息公开申请2件，均已办结。建议提案6件，2件结转下年办理。", set()),
        ("2022年收到政府信息公开申请2件，网上申请1件全部办结。", set()),
    ],
)
def test_the_text_agrees_by_meaning(sentence: str, rules: set[str]) -> None:
    assert fired(html(swap(CLEAN, SAID, sentence)), "must", "should").keys() == rules


def test_new_and_carried_in_together_want_review_only() -> None:
    text = swap(TEXT, "新收政府信息公开申请6件，其中自然人5件、商业企业1件，上年结转1件", "共收到政府信息公开申请7件")
    pack = national()
    audit = judge(Case(extract(Document("x.txt", "txt", tuple(_blocks(text))), pack.facts)), pack)
    assert {v.rule: v.state for v in audit.findings if v.rule.startswith("XTB")} == {"XTB-01": "review"}


def test_a_row_that_was_not_met_in_a_scan_is_not_called_missing() -> None:
    """It may stand there under a seal."""
    pack = national()
    page = parse_html(re.sub(r"<tr>(?:(?!</tr>).)*重复申请(?:(?!</tr>).)*</tr>", "", CLEAN, flags=re.DOTALL), "x.html")
    for recognised, fact, verdict in ((False, "absent", "fail"), (True, "unread", "unknown")):
        audit = judge(Case(extract(replace(page, recognised=recognised), pack.facts)), pack)
        assert audit.report
        assert audit.report.fact("t3.repeat.person").state == fact
        assert {v.state for v in audit.verdicts if v.rule == "T3-01"} == {verdict}


def test_a_form_counts_where_the_text_denies_a_part_only() -> None:
    """The one review of the form stands, upheld, and nobody is told to have written none."""
    said = "2022年新收政府信息公开申请2件，没有上年结转的申请，2件均已办结"
    text = swap(CLEAN, said, said + "；没有行政复议被撤销，没有发生行政诉讼二审案件")
    row = "<tr>" + "<td>0</td>" * 15 + "</tr>"
    audit = html(swap(text, row, "<tr><td>1</td>" + "<td>0</td>" * 3 + "<td>1</td>" + "<td>0</td>" * 10 + "</tr>"))
    assert audit.report
    assert [audit.report.fact(name).value for name in ("reviews", "lawsuits")] == [1, 0]
    assert not fired(audit, "must")


def test_table_four_told_group_by_group_is_read() -> None:
    """Each figure behind its own label; with one of the fifteen missing the form is unread, not lost."""
    told = [
        "行政复议：结果维持 3，结果纠正 1，其他结果 1，尚未审结 0，总计 5",
        "行政诉讼（未经复议直接起诉）：结果维持 1，结果纠正 0，其他结果 0，尚未审结 1，总计 2",
        "行政诉讼（复议后起诉）：结果维持 1，结果纠正 0，其他结果 0，尚未审结 0，总计 1",
    ]
    head = "青石县2022年政府信息公开工作年度报告\n四、政府信息公开行政复议、行政诉讼情况\n"
    found = plain(head + "\n".join(told))
    assert [found.fact(f"t4.{cell}").value for cell in ("review.all", "direct.pending", "after_review.all")] == [
        5,
        1,
        1,
    ]
    assert (found.fact("reviews").value, found.fact("lawsuits").value) == (5, 3)
    assert plain(head + "\n".join(told).replace("尚未审结 1，", "")).fact("t4.review.all").state == "unread"


def test_what_a_cell_would_tell_is_unread_where_the_cell_is() -> None:
    """A total of table four is a picture, and the text says nothing of disputes."""
    text = swap(
        CLEAN, "<tr>" + "<td>0</td>" * 15, "<tr>" + "<td>0</td>" * 4 + "<td><img src='9.png'></td>" + "<td>0</td>" * 10
    )
    audit = html(re.sub(r"[^。>]*(?:复议|诉讼)[^。<]*。", "", text))
    assert audit.report
    assert [audit.report.fact(name).state for name in ("t4.review.all", "reviews", "lawsuits")] == [
        "unread",
        "unread",
        "given",
    ]


def test_a_list_with_the_total_of_all_years_gives_the_figures_of_the_year() -> None:
    """A row with one figure of two tells neither."""
    rows = [
        "传真申请数 件 2 5",
        "主动公开信息数 条 8426 19735",
        "同意公开数 件 49 118",
        "行政复议数 件 2 4",
        "行政诉讼数 件 1",
    ]
    head = "青石县2010年政府信息公开工作年度报告\n一、概述\n公开了信息。\n九、附表\n2010年青石县政府信息公开情况统计\n"
    report = plain(head + "\n".join(["指标名称 计量单位 2010年度 历年累计", *rows]))
    assert report.fact("early.published.total").value == 8426
    assert report.fact("early.reviews").value == 2
    assert report.fact("early.lawsuits").state == "unread"


@pytest.mark.parametrize("said", ["7", "12,345", "/", "", "3余", "-1", "1.5", "1 2", "件", "其他", "<!2>8"])
def test_layout_kept_from_one_report_reads_next_as_if_alone(said: str) -> None:
    """Figures of the same places in other reports; a word in place of one, or a wide cell, makes another layout."""
    for value in VALUES[::17]:
        text = CLEAN[: value.start(1)] + said.removeprefix("<!2>") + CLEAN[value.end(1) :]
        if said.startswith("<!2>"):
            text = re.sub(r"<td>8</td>\s*<td>[^<]*</td>", '<td colspan="2">8</td>', text)
        kept = html(CLEAN), html(text), html(text)
        layouts._kept(national().facts.layouts).clear()
        alone = html(text)
        assert alone.report is not None
        for audit in kept[1:]:
            assert audit.report is not None
            assert audit.report.facts == alone.report.facts
            assert audit.report.forms == alone.report.forms
            assert audit.verdicts == alone.verdicts


@pytest.mark.parametrize("mark", ["<br/>", " / ", "（", " "])
def test_labels_with_their_english_are_the_same_labels(mark: str) -> None:
    close = "）" if mark == "（" else ""
    english = {
        "自然人": "Natural persons",
        "总计": "Total",
        "结果维持": "Upheld",
        "行政许可": "Administrative licences",
    }
    page = CLEAN
    for label, said in english.items():
        page = page.replace(f">{label}<", f">{label}{mark}{said}{close}<")
    assert page != CLEAN
    assert not changed(report(page), report(CLEAN))
    assert not fired(html(page), "must", "should")


def test_forms_attached_below_the_signature_stand_in_no_wrong_part() -> None:
    tables = re.findall(r"<table.*?</table>", CLEAN, re.DOTALL)
    page = CLEAN
    for at, table in enumerate(tables, 1):
        page = page.replace(table, f"<p>见附表{at}。</p>")
    below = "".join(f"<p>附表{at}</p>{table}" for at, table in enumerate(tables, 1))
    head, close, rest = page.rpartition("</body>")
    audit = html(f"{head}<p>青石镇人民政府</p><p>2023年1月20日</p>{below}{close}{rest}")
    assert {v.state for v in audit.verdicts if v.rule == "STR-17"} == {"review"}
    assert audit.report
    assert not changed(audit.report, report(CLEAN))
    assert audit.report.fact("signed.date").state == "given"


def test_a_row_that_an_early_return_need_not_have_is_never_missed() -> None:
    more = "（1）信息不存在\t条\t2\n（2）非本部门掌握数\t条\t0\n（3）免予公开范围数\t条\t0\n"
    found = early(more).report
    assert found
    assert found.fact("early.refused.not_there").value == 2
    assert found.fact("early.refused.exempt1").state == "absent"
