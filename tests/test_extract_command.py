"""``nianbao extract``: the figures of a report as YAML, CSV and workbook, and back again without loss."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from checker.cli import app
from checker.extract import extract
from checker.form import Data, Refused, compose, gather, loaded, saved
from checker.form import data as files
from checker.form.figures import UNREAD, said
from checker.form.plan import Plan, blank, figures_of
from checker.form.workbook import workbook
from checker.model import Fact, Pack, Report
from checker.pack import load
from checker.read import read
from checker.read.office.docx import parse_docx
from checker.read.office.xlsx import parse_xlsx

YEARS = (2016, 2020, 2025)
PLACE = "青石镇人民政府"
EXAMPLES = Path(__file__).parent.parent / "examples"


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load()


def plan_of(pack: Pack, year: int) -> Plan:
    return blank(pack, year, PLACE, "镇")


def data_of(plan: Plan, year: int, **changes: Fact) -> Data:
    return Data({spot.fact: Fact("given", 0) for spot in plan.spots} | changes, year, PLACE, "镇")


def report_of(pack: Pack, data: Data) -> Report:
    assert data.year
    return extract(parse_docx(compose(pack, data.year, PLACE, "镇", data).content, "x.docx"), pack.facts)


def write(data: Data, plan: Plan, suffix: str) -> bytes:
    return files.table(data, plan).encode("utf-8-sig") if suffix == ".csv" else files.yaml(data, plan).encode()


# --- there and back -----------------------------------------------------------------------------------------------

ANY = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
FIGURE = st.one_of(
    st.integers(-(10**15) + 1, 10**15 - 1).map(lambda value: Fact("given", value)),
    st.integers(0, 10**12).map(lambda value: said(f"{value / 10**6:.6f}")),
    st.sampled_from([Fact("blank"), Fact("unread"), *map(said, ("/", "—", "无", "63余", "=1+1", "'=1", "-x", "@x"))]),
    st.text(ANY, max_size=12).map(said),
    st.text("\t\n\r =+-@'\"\\＝#:{}[],&*!|>%`0a\u2028\x85\x7f\ufeff", max_size=8).map(said),
)


def drawn(data: st.DataObject, plan: Plan, year: int, figure: st.SearchStrategy[Fact]) -> Data:
    """Random figures in some cells, noughts in the others; some cells not there at all."""
    names = data.draw(st.permutations([spot.fact for spot in plan.spots]))
    some = data.draw(st.lists(figure, min_size=len(names) // 4, max_size=len(names) // 4))
    found = data_of(plan, year, **dict(zip(names, some, strict=False)))
    gone = set(names[-3:])
    return Data({n: f for n, f in found.figures.items() if n not in gone}, found.year, found.place, found.level)


@pytest.mark.parametrize("suffix", [".yaml", ".csv"])
@pytest.mark.parametrize("year", YEARS)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_figures_come_back_from_text(pack: Pack, year: int, suffix: str, data: st.DataObject) -> None:
    plan = plan_of(pack, year)
    wanted = drawn(data, plan, year, FIGURE)
    assert loaded(pack, year, write(wanted, plan, suffix), f"x{suffix}") == wanted


#: what a cell of a table keeps: not the blanks around and inside a wording
CELL = st.one_of(
    st.integers(0, 10**9).map(lambda value: Fact("given", value)),
    st.integers(0, 10**6).map(lambda value: said(f"{value / 100:.2f}")),
    st.sampled_from([Fact("blank"), Fact("unread"), *map(said, ("/", "—", "无", "63余", "=1+1", "-x", "@x", "12a"))]),
    st.text("余约x=+-@/万0123", max_size=6).map(said),
)


@pytest.mark.parametrize("year", YEARS)
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_figures_come_back_from_a_workbook(pack: Pack, year: int, data: st.DataObject) -> None:
    plan = plan_of(pack, year)
    wanted = drawn(data, plan, year, CELL)
    report = extract(parse_xlsx(workbook(wanted, plan, pack), "x.xlsx"), pack.facts)
    found, _ = gather(pack, report)
    full = {spot.fact: Fact("blank") for spot in plan.spots} | dict(wanted.figures)  # a sheet has all of its cells
    assert found.figures == full
    assert (found.year, found.place, found.level) == (year, PLACE, "镇")


@pytest.mark.parametrize("suffix", [".yaml", ".csv", ".xlsx"])
@pytest.mark.parametrize("year", YEARS)
def test_every_cell_comes_back_at_its_own_place(pack: Pack, year: int, suffix: str, tmp_path: Path) -> None:
    plan = plan_of(pack, year)
    names = sorted(spot.fact for spot in plan.spots)
    data = Data({name: Fact("given", 1000 + 7 * n) for n, name in enumerate(names)}, year, PLACE, "镇")
    path = tmp_path / f"figures{suffix}"
    path.write_bytes(saved(pack, report_of(pack, data), suffix).content)
    if suffix == ".xlsx":
        found = gather(pack, extract(read(path), pack.facts))[0]
    else:
        found = loaded(pack, year, path.read_bytes(), path.name)
    assert found == data


@pytest.mark.parametrize(
    "name", ["2024-桐溪镇-规范.txt", "2020-松湾街道-规范.txt", "2016-柳坪乡-规范.txt", "2022-砚川县水务局-规范.html"]
)
@pytest.mark.parametrize("suffix", [".yaml", ".csv", ".xlsx"])
def test_a_whole_report_goes_through_the_commands(name: str, suffix: str, tmp_path: Path) -> None:
    source, data, report = EXAMPLES / name, tmp_path / f"data{suffix}", tmp_path / "again.docx"
    first = run("extract", source)
    assert first[0] == 0
    assert run("extract", source, "-o", data) == (0, "")
    place = yaml.safe_load(first[1])["place"]
    assert run("template", "--year", name[:4], "--place", place, "--data", data, "-o", report) == (0, "")
    assert run("extract", report) == first


def run(*words: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, [*map(str, words)])
    return result.exit_code, result.output


# --- what is written ----------------------------------------------------------------------------------------------


def test_yaml_says_what_each_figure_is(pack: Pack) -> None:
    plan = plan_of(pack, 2025)
    text = files.yaml(data_of(plan, 2025, **{"t2.charges": Fact("given", 0.5)}), plan)
    assert 'place: "青石镇人民政府"' in text
    assert "\n  charges: 0.5  # 行政事业性收费 本年收费金额（单位：万元）\n" in text
    assert "# 列：person 自然人，company 商业企业" in text
    assert "\n  review: {upheld: 0, corrected: 0, other: 0, pending: 0, all: 0}  # 行政复议\n" in text
    plain = yaml.safe_load(text)
    assert plain["t3"]["carried_out"]["legal"] == 0
    assert list(plain["t3"])[-3:] == ["other", "closed", "carried_out"], "in printed order"


def test_row_69_csv_gives_a_spreadsheet_no_formula(pack: Pack) -> None:
    plan = plan_of(pack, 2025)
    live = ["=1+1", "+x", "-x", "@SUM(A1)", "＝1+1x", "'=1"]
    names = [f"t3.new.{column}" for column in ("person", "company", "research", "charity", "legal", "other")]
    changes = {name: said(text) for name, text in zip(names, live, strict=True)}
    changes |= {"t3.new.all": Fact("given", -3), "t2.charges": Fact("given", 0.000001)}
    text = files.table(data_of(plan, 2025, **changes), plan)
    rows = {row["编号"]: row for row in csv.DictReader(io.StringIO(text))}
    assert [rows[name]["数值"] for name in names] == [f"'{value}" for value in live]
    assert ',-3,"有"' in text, "a number stays a number"
    assert rows["t2.charges"]["数值"] == "0.000001"
    assert rows["t3.new.person"]["状态"] == "写法有误"
    for row in csv.reader(io.StringIO(text)):
        assert not any(cell.startswith(tuple("=+@\t\r＝＋－＠")) for cell in row)


def test_row_70_a_workbook_holds_texts_as_texts(pack: Pack) -> None:
    plan = plan_of(pack, 2025)
    changes = {
        "t2.licences": said("=HYPERLINK(1)x"),
        "t2.penalties": said("http://example.com/"),
        "t2.coercion": said("0x1"),
    }
    book = openpyxl.load_workbook(io.BytesIO(workbook(data_of(plan, 2025, **changes), plan, pack)))
    cells = {str(cell.value): cell for cell in values(book["主动公开政府信息情况"])}
    for text in ("=HYPERLINK(1)x", "http://example.com/", "0x1"):
        assert (cells[text].data_type, cells[text].hyperlink) == ("s", None)


def values(sheet: Any) -> Iterator[Any]:
    yield from (cell for row in sheet.iter_rows() for cell in row if cell.value is not None)


def test_sums_of_a_workbook_are_formulas_with_their_values(pack: Pack) -> None:
    plan = plan_of(pack, 2025)
    figures = {"t3.new.person": Fact("given", 4), "t3.new.all": Fact("given", 4)}
    figures |= {"t3.granted.all": Fact("given", 9), "t3.secret.all": Fact("blank"), "t3.partial.person": Fact("blank")}
    figures |= {"t3.partial.all": Fact("blank"), "t3.forbidden.all": Fact("blank", None, "/")}
    content = workbook(data_of(plan, 2025, **figures), plan, pack)
    sheet, shown = (
        openpyxl.load_workbook(io.BytesIO(content), data_only=flag)["收到和处理政府信息公开申请情况"]
        for flag in (False, True)
    )
    rows = {str(cell.value): cell.row for cell in values(sheet) if cell.column <= 3}
    total = {label: f"J{rows[label]}" for label in rows}
    new, granted, partial = (
        total["一、本年新收政府信息公开申请数量"],
        total["（一）予以公开"],
        total["（二）部分公开（区分处理的，只计这一情形，不计其他情形）"],
    )
    assert str(sheet[new].value).startswith("=IF(COUNT(D")
    assert shown[new].value == 4
    assert sheet[granted].value == 9, "a wrong total stays"
    assert sheet[total["1.属于国家秘密"]].value is None, "a total left out stays so"
    assert sheet[total["2.其他法律行政法规禁止公开"]].value == "/"
    assert str(sheet[partial].value).startswith("=IF(")
    assert not str(shown[partial].value or "").strip()


def test_an_empty_form_gives_a_workbook_to_fill_in(tmp_path: Path) -> None:
    form, book, filled = tmp_path / "blank.docx", tmp_path / "data.xlsx", tmp_path / "2025.docx"
    run("template", "--year", "2025", "--place", PLACE, "-o", form)
    assert run("extract", form, "-o", book) == (0, "")
    opened = openpyxl.load_workbook(book)
    sheet = opened["政府信息公开行政复议、行政诉讼情况"]
    row = sheet.max_row
    for column in range(1, 5):
        sheet.cell(row, column).value = column
    sheet.cell(row, 5).value = None
    opened.save(book)
    assert run("template", "--year", "2025", "--place", PLACE, "--data", book, "-o", filled)[0] in (0, 3)
    assert "review: {upheld: 1, corrected: 2, other: 3, pending: 4, all: 10}" in run("extract", filled)[1]


def test_forms_of_2008_to_2013_are_taken_too(pack: Pack, tmp_path: Path) -> None:
    plan = figures_of(pack, {"early": ""})
    data = Data({spot.fact: Fact("given", n) for n, spot in enumerate(plan.spots)}, 2010, PLACE, "镇")
    rows = "".join(f"<tr><td>{spot.row}</td><td>{n}</td></tr>" for n, spot in enumerate(plan.spots))
    page = tmp_path / "2010.html"
    page.write_text(
        f"<html><body><h1>{PLACE}2010年政府信息公开工作年度报告</h1><p>2010年主动公开政府信息35条。</p>"
        f"<table><tr><td>指标名称</td><td>数量</td></tr>{rows}</table></body></html>",
        encoding="utf-8",
    )
    found, form = gather(pack, extract(read(page), pack.facts))
    assert found.figures == data.figures
    assert "total: 0  # 主动公开信息数" in files.yaml(found, form)


# --- what cannot be taken -----------------------------------------------------------------------------------------

PAGE = """<html><body><h1>青石镇人民政府2025年政府信息公开工作年度报告</h1>
<p>一、总体情况</p><p>2025年主动公开政府信息35条。</p><p>三、收到和处理政府信息公开申请情况</p>%s
<p>四、政府信息公开行政复议、行政诉讼情况</p><table><tr><td colspan="5">行政复议</td><td colspan="10">行政诉讼</td></tr>
<tr>%s<td colspan="5">未经复议直接起诉</td><td colspan="5">复议后起诉</td></tr><tr>%s%s</tr><tr>%s</tr></table>
</body></html>"""
RESULTS = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")


def page(third: str) -> str:
    """A report with table four whole, as official pages print it, and ``third`` in the place of table three."""
    tall = "".join(f'<td rowspan="2">{word}</td>' for word in RESULTS)
    flat = "".join(f"<td>{word}</td>" for word in RESULTS)
    return PAGE % (third, tall, flat, flat, "".join(f"<td>{n}</td>" for n in range(15)))


def test_groups_beside_the_columns_of_another_are_read(pack: Pack, tmp_path: Path) -> None:
    path = tmp_path / "x.html"
    path.write_text(page(""), encoding="utf-8")
    report = extract(read(path), pack.facts)
    names = [spot.fact for spot in plan_of(pack, 2025).spots if spot.fact.startswith("t4.")]
    assert [report.fact(name).value for name in names] == list(range(15))


def test_a_picture_of_a_table_is_unread_and_said_so(tmp_path: Path) -> None:
    path, output = tmp_path / "x.html", tmp_path / "x.yaml"
    path.write_text(page('<p><img src="t3.png" width="600" height="800" alt="表三"></p>'), encoding="utf-8")
    code, said = run("extract", path, "-o", output)
    assert code == 3
    assert "表有 175 格没有读到" in said
    found = yaml.safe_load(output.read_text(encoding="utf-8"))
    assert found["t3"]["new"]["person"] == UNREAD
    assert found["t4"]["direct"]["upheld"] == 5
    filled = tmp_path / "x.docx"
    assert run("template", "--year", "2025", "--place", PLACE, "--data", output, "-o", filled)[0] == 3
    assert yaml.safe_load(CliRunner().invoke(app, ["extract", str(filled)]).stdout)["t3"]["new"]["person"] == UNREAD


def test_a_report_without_tables_gives_no_file(tmp_path: Path) -> None:
    source, output = tmp_path / "x.txt", tmp_path / "x.yaml"
    source.write_text(f"{PLACE}2025年政府信息公开工作年度报告\n一、总体情况\n主动公开政府信息35条。", encoding="utf-8")
    code, said = run("extract", source, "-o", output)
    assert (code, output.exists()) == (3, False)
    assert "没有读到表格" in said


def test_an_existing_file_is_kept(tmp_path: Path) -> None:
    output = tmp_path / "x.yaml"
    output.write_text("mine")
    source = EXAMPLES / "2024-桐溪镇-规范.txt"
    assert run("extract", source, "-o", output)[0] == 2
    assert output.read_text() == "mine"
    assert run("extract", source, "-o", output, "--force")[0] == 0
    assert run("extract", output, "-o", tmp_path / "x.doc")[0] == 2


# --- data that cannot be used -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "t3:\n  new: {persn: 1}\n",
            "第2行第9列，键 t3.new.persn：2021 年格式的表里没有这一格，是不是“t3.new.person”？",
        ),
        ("t5: {}\n", "没有这一项，只有 year、place、level、t2、t3、t4"),
        ("t2: {licences: {last: 3}}\n", "这里是一格，应写一个数"),
        ("t3: {new: 3}\n", "这里有 7 项，要一项一项写"),
        ("t3: {new: {person: true}}\n", "“本年新收政府信息公开申请数量 自然人”应写一个数"),
        ("t3: {new: {person: [1]}}\n", "“本年新收政府信息公开申请数量 自然人”应写一个数"),
        ("t3: {new: {person: 1, person: 2}}\n", "键“person”重复"),
        ("year: 二〇二五\nt3: {}\n", "年度应写四位数字"),
        ("level: 村\n", "层级应是"),
        ("- 1\n", "不是数据文件"),
        ("t3: [1\n", "不合 YAML 写法"),
        ("t3: {new: {person: !!python/object:os.system 1}}\n", "不能用标签"),
    ],
)
def test_yaml_that_cannot_be_used_is_refused_with_its_place(pack: Pack, text: str, says: str) -> None:
    with pytest.raises(Refused) as caught:
        loaded(pack, 2025, text.encode(), "figures.yaml")
    assert says in str(caught.value)
    assert str(caught.value).startswith("figures.yaml")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("行,列\n规章,x\n", "第 1 行应是列名"),
        ("编号,数值\nt3.new.persn,1\n", "第 2 行：2021 年格式的表里没有这一格，是不是“t3.new.person”？"),
        ("编号,数值\nt3.new.person,1\nt3.new.person,2\n", "第 3 行：“t3.new.person”重复，第一次在第 2 行"),
        ("编号,数值\n,1\n", "第 2 行：没有写编号"),
        ("编号,数值\nyear,今年\n", "第 2 行：年度应写四位数字"),
        ('编号,数值\nt3.new.person,"1\n', "不是完整的 CSV 文件"),
    ],
)
def test_csv_that_cannot_be_used_is_refused_with_its_place(pack: Pack, text: str, says: str) -> None:
    with pytest.raises(Refused) as caught:
        loaded(pack, 2025, text.encode(), "figures.csv")
    assert says in str(caught.value)


def test_data_as_a_clerk_types_them(pack: Pack) -> None:
    second = 't2: {licences: 12件, penalties: "1,234", coercion: 无, charges: 0.50}'
    third = "t3: {new: {person: , company: 012}}"
    found = loaded(pack, 2025, f"{second}\n{third}\nt4:\n".encode(), "figures.yaml").figures
    assert found == {
        "t2.licences": Fact("given", 12),
        "t2.penalties": Fact("given", 1234),
        "t2.coercion": Fact("blank", None, "无"),
        "t2.charges": Fact("given", 0.5),
        "t3.new.person": Fact("blank"),
        "t3.new.company": Fact("given", 12),
    }


def test_csv_as_a_spreadsheet_saves_it(pack: Pack) -> None:
    text = "编号,数值,状态\r\nt3.new.person,3,空白\r\nt3.new.company,,未能读取\r\n,,\r\n"
    found = loaded(pack, 2025, text.encode("gb18030"), "figures.csv").figures
    assert found == {"t3.new.person": Fact("given", 3), "t3.new.company": Fact("unread")}


def test_bad_data_ends_the_command_with_3_and_writes_nothing(tmp_path: Path) -> None:
    data, output = tmp_path / "x.yaml", tmp_path / "x.docx"
    data.write_text("t3: {new: {persn: 1}}\n")
    code, said = run("template", "--year", "2025", "--place", PLACE, "--data", data, "-o", output)
    assert (code, output.exists()) == (3, False)
    assert "是不是“t3.new.person”" in said
