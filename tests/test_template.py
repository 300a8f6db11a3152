"""The official forms as written: their shape, their figures cell by cell, what the tool's own check says of them."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import docx
import pdfplumber
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from checker.cli import app
from checker.extract import extract
from checker.form import Data, Made, NoForm, Refused, compose, gather, loaded
from checker.form.figures import UNREAD, Figures, said, summed, sums
from checker.form.layout import printed
from checker.form.plan import Plan, blank
from checker.judge import judge
from checker.model import Case, Fact, Pack, Report, Verdict
from checker.pack import load
from checker.read.office.docx import parse_docx
from checker.word import FONTS

YEARS = (2016, 2020, 2025)  #: one of each era that has a national format
PLACE = "砚川县青石镇人民政府"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
#: what a template filled with figures still lacks: the sentences that a person must write, which one rule says of all
TEXT = {"STR-20"}
#: and what the untouched form lacks besides
EMPTY = {2016: {"OLD-31"}, 2020: {"STR-22"}, 2025: {"STR-22"}}


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load()


def plan_of(pack: Pack, year: int) -> Plan:
    return blank(pack, year, PLACE, "镇")


def made(pack: Pack, year: int, figures: Figures | None = None, last: Report | None = None) -> Made:
    return compose(pack, year, PLACE, "镇", Data(figures) if figures is not None else None, last)


def read_back(pack: Pack, content: bytes) -> Report:
    return extract(parse_docx(content, "年报.docx"), pack.facts)


def findings(pack: Pack, content: bytes) -> list[Verdict]:
    return list(judge(Case(read_back(pack, content)), pack).findings)


def noughts(plan: Plan, **changes: Fact) -> dict[str, Fact]:
    return {spot.fact: Fact("given", 0) for spot in plan.spots} | changes


def numbered(plan: Plan) -> dict[str, Fact]:
    """A number of its own for each cell, in an order that has nothing to do with where it stands."""
    return {name: Fact("given", 100 + 3 * place) for place, name in enumerate(sorted(spot.fact for spot in plan.spots))}


# --- shape --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "shapes"),
    [
        (2016, [(66, 3, 184)]),
        (2020, [(18, 7, 53), (26, 10, 198), (4, 15, 34)]),
        (2025, [(14, 4, 30), (28, 10, 215), (4, 15, 34)]),
    ],
)
def test_tables_have_the_official_grid(pack: Pack, year: int, shapes: list[tuple[int, int, int]]) -> None:
    tables = docx.Document(io.BytesIO(made(pack, year).content)).tables
    assert [(len(table.rows), len(table.columns), cells(table)) for table in tables] == shapes


def cells(table: docx.table.Table) -> int:
    """How many different cells a table has: one that spans others is met again at each place that it covers."""
    return len({cell._tc for row in table.rows for cell in row.cells})


def test_the_form_of_2021_has_its_merged_cells(pack: Pack) -> None:
    body = docx.Document(io.BytesIO(made(pack, 2025).content)).element.body
    assert len(list(body.iter(f"{W}gridSpan"))) == 26
    assert len(list(body.iter(f"{W}vMerge"))) == 58


@pytest.mark.parametrize("year", YEARS)
def test_every_place_of_a_grid_is_covered_once(pack: Pack, year: int) -> None:
    for form in plan_of(pack, year).forms.values():
        places = [
            (row, column)
            for box in form.boxes
            for row in range(box.row, box.row + box.down)
            for column in range(box.column, box.column + box.across)
        ]
        assert sorted(places) == [(row, column) for row in range(form.rows) for column in range(len(form.widths))]


def test_numbers_of_rows_follow_their_groups(pack: Pack) -> None:
    text = {year: [cell.text for cell in table_three(pack, year)] for year in (2020, 2025)}
    assert "（六）其他处理" in text[2020]
    assert not any("逾期不补正" in words for words in text[2020])
    assert "（六）其他处理" in text[2025]
    for year in text:
        for label in ("一、本年新收政府信息公开申请数量", "（五）不予处理", "4.无正当理由大量反复申请", "（七）总计"):
            assert label in text[year]
    assert "3.其他" in text[2025]


def table_three(pack: Pack, year: int) -> Iterator[docx.table._Cell]:
    table = docx.Document(io.BytesIO(made(pack, year).content)).tables[1]
    yield from (cell for row in table.rows for cell in row.cells)


@pytest.mark.parametrize("year", YEARS)
def test_heads_are_repeated_and_rows_do_not_break(pack: Pack, year: int) -> None:
    plan = plan_of(pack, year)
    tables = docx.Document(io.BytesIO(made(pack, year).content)).tables
    for form, table in zip(plan.forms.values(), tables, strict=True):
        rows = table._tbl.tr_lst
        assert [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows] == [
            number < form.head for number in range(form.rows)
        ]
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)


def test_a_plan_that_names_what_the_form_lacks_is_refused(pack: Pack) -> None:
    spec = next(spec for spec in pack.facts.layouts if spec.id == "t4")
    with pytest.raises(ValueError, match="没有“reveiw”"):
        printed(spec, "2021", {"caption": "", "widths": [1], "columns": ["reveiw"]}, pack.facts)


def test_fonts_of_official_papers_have_other_names(pack: Pack) -> None:
    parts = zipfile.ZipFile(io.BytesIO(made(pack, 2025).content))
    table, styles = (parts.read(f"word/{name}.xml").decode() for name in ("fontTable", "styles"))
    used = set(re.findall(r'w:(?:eastAsia|ascii)="([^"]+)"', styles)) - {"zh-CN"}
    listed = dict(re.findall(r'<w:font w:name="([^"]+)"><w:altName w:val="([^"]+)"/>', table))
    assert {"方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"} <= used
    assert used <= set(listed) == set(FONTS)
    assert "仿宋" in listed["仿宋_GB2312"].split(",")


def test_the_same_figures_give_the_same_bytes(pack: Pack) -> None:
    assert made(pack, 2025).content == made(pack, 2025).content


# --- what the tool says of it -------------------------------------------------------------------------------------


@pytest.mark.parametrize("year", YEARS)
def test_a_filled_template_lacks_only_what_a_person_must_write(pack: Pack, year: int) -> None:
    found = findings(pack, made(pack, year, noughts(plan_of(pack, year))).content)
    assert {verdict.rule for verdict in found} == TEXT


@pytest.mark.parametrize("year", YEARS)
def test_row_93_an_untouched_form_is_told_as_empty(pack: Pack, year: int) -> None:
    audit = judge(Case(read_back(pack, made(pack, year).content)), pack)
    assert {verdict.rule for verdict in audit.findings} == TEXT | EMPTY[year]
    assert audit.grade == "不合格"
    stated = {element.name for element in audit.elements if element.state == "given"}
    assert stated == {"period"}, "the period is the only element that the template states itself"


@pytest.mark.parametrize("year", YEARS)
def test_every_prompt_is_told_as_unfilled(pack: Pack, year: int) -> None:
    rule = pack.rule("COP-04")
    assert rule
    prompts = re.findall("【[^】]*】", "".join(line.text for line in plan_of(pack, year).lines))
    assert len(prompts) > 8
    for prompt in prompts:
        assert any(pattern.search(prompt) for pattern in rule.turns[0].call.params["forbid"]), prompt


@pytest.mark.parametrize(
    ("year", "place", "level"),
    [(2025, "松湾街道办事处", "街道"), (2020, "砚川县林业局", "部门"), (2016, "苇塘乡人民政府", "乡")],
)
def test_a_template_is_known_by_its_own_name_and_year(pack: Pack, year: int, place: str, level: str) -> None:
    report = read_back(pack, compose(pack, year, place, None).content)
    assert (report.year, report.place, report.level) == (year, place, level)


def test_departments_are_not_asked_for_what_governments_report(pack: Pack) -> None:
    asked = {level: [line.text for line in blank(pack, 2025, PLACE, level).lines] for level in ("镇", "部门")}
    assert [line for line in asked["镇"] if line not in asked["部门"]] == ["【此处写明考核、评议、追责的结果】"]


# --- figures ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("year", YEARS)
def test_every_cell_holds_its_own_number(pack: Pack, year: int) -> None:
    figures = numbered(plan_of(pack, year))
    data, _ = gather(pack, read_back(pack, made(pack, year, figures).content))
    assert data.figures == figures


RAW = st.text("0123456789.+-/=@余约件万　 元“\n无—零ab<&", max_size=6).map(said)
FIGURE = st.one_of(
    st.integers(-99, 10**9).map(lambda value: Fact("given", value)),
    st.integers(0, 10**6).map(lambda value: said(f"{value / 100:.2f}")),
    st.sampled_from([Fact("blank"), Fact("blank", None, "/"), Fact("unread"), Fact("malformed", None, "63余")]),
    RAW,
)


@pytest.mark.parametrize("year", YEARS)
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_figures_come_back_as_they_were(pack: Pack, year: int, data: st.DataObject) -> None:
    names = [spot.fact for spot in plan_of(pack, year).spots]
    drawn = data.draw(st.lists(FIGURE, min_size=len(names) // 3, max_size=len(names) // 3))
    figures = noughts(plan_of(pack, year), **dict(zip(data.draw(st.permutations(names)), drawn, strict=False)))
    wanted, _ = summed(figures, sums(pack, names))
    found, _ = gather(pack, read_back(pack, made(pack, year, figures).content))
    assert {name: _plain(fact) for name, fact in found.figures.items()} == {n: _plain(f) for n, f in wanted.items()}


def _plain(fact: Fact) -> tuple[object, ...]:
    """A fact without blanks inside its wording, which no table keeps."""
    return (fact.state, fact.value, "".join(fact.raw.split()))


def test_totals_are_computed_where_all_parts_are_given(pack: Pack) -> None:
    plan = plan_of(pack, 2025)
    parts = {spot.fact: Fact("given", 1) for spot in plan.spots if not spot.fact.endswith(".all")}
    for column in ("person", "company", "research", "charity", "legal", "other"):
        del parts[f"t3.closed.{column}"]
    report = read_back(pack, made(pack, 2025, parts).content)
    assert report.fact("t3.new.all").value == 6
    assert report.fact("t3.closed.person").value == 21
    assert report.fact("t3.closed.all").value == 6 * 21
    assert report.fact("t4.review.all").value == 4


def test_totals_of_the_return_are_computed(pack: Pack) -> None:
    plan = plan_of(pack, 2016)
    totals = {rule.total for rule in sums(pack, (spot.fact for spot in plan.spots))}
    assert totals == {
        f"stat.{name}"
        for name in (
            "requests.received", "done.total", "answers.total", "answers.refused", "reviews.total", "lawsuits.total",
            "staff.total",
        )
    }  # fmt: skip
    figures = {name: fact for name, fact in noughts(plan).items() if name not in totals}
    figures["stat.refused.trade"] = Fact("given", 2)
    report = read_back(pack, made(pack, 2016, figures).content)
    assert report.fact("stat.answers.refused").value == 2
    assert report.fact("stat.answers.total").value == 2


@pytest.mark.parametrize("part", [Fact("blank"), Fact("unread"), Fact("malformed", None, "2余"), None])
def test_no_total_is_computed_from_parts_that_are_not_given(pack: Pack, part: Fact | None) -> None:
    figures = noughts(plan_of(pack, 2025))
    del figures["t3.new.all"]
    if part is None:
        del figures["t3.new.person"]
    else:
        figures["t3.new.person"] = part
    report = read_back(pack, made(pack, 2025, figures).content)
    assert report.fact("t3.new.all").state == "blank"


def test_a_total_that_says_something_is_left_alone(pack: Pack) -> None:
    figures = noughts(plan_of(pack, 2025)) | {"t3.new.all": Fact("blank", None, "/")}
    done = made(pack, 2025, figures)
    assert read_back(pack, done.content).fact("t3.new.all").raw == "/"


def test_a_total_that_nobody_computed_is_computed_and_told(pack: Pack) -> None:
    """A program filled our workbook: its formulas have no values."""
    figures = noughts(plan_of(pack, 2025)) | {"t3.new.person": Fact("given", 4), "t3.new.all": Fact("unread")}
    done = made(pack, 2025, figures)
    assert read_back(pack, done.content).fact("t3.new.all").value == 4
    assert any("有 1 格合计没有读到，已按各项之和算出" in remark for remark in done.remarks)


def test_a_wrong_total_is_kept_and_told(pack: Pack) -> None:
    figures = noughts(plan_of(pack, 2025)) | {"t4.direct.all": Fact("given", 3)}
    done = made(pack, 2025, figures)
    assert done.status == 1
    assert [remark for remark in done.remarks if "写的是 3，各项之和是 0" in remark and "未经复议直接起诉" in remark]
    assert read_back(pack, done.content).fact("t4.direct.all").value == 3


def test_what_was_not_read_is_never_blank(pack: Pack) -> None:
    done = made(
        pack, 2025, noughts(plan_of(pack, 2025)) | {"t3.new.person": Fact("unread"), "t3.new.all": Fact("blank")}
    )
    report = read_back(pack, done.content)
    assert done.status == 3
    assert report.fact("t3.new.person").raw == UNREAD
    assert "T3-03" in {verdict.rule for verdict in findings(pack, done.content)}
    assert gather(pack, report)[0].figures["t3.new.person"] == Fact("unread")


def test_figures_of_another_year_are_refused(pack: Pack) -> None:
    with pytest.raises(Refused, match="2023 年度"):
        compose(pack, 2025, PLACE, "镇", Data({}, year=2023))


def test_figures_that_the_form_has_no_place_for_are_told(pack: Pack) -> None:
    done = made(pack, 2025, {"t2.licences.last": Fact("given", 4)})
    assert done.status == 1
    assert "t2.licences.last" in done.remarks[0]


@pytest.mark.parametrize("year", [2007, 2010])
def test_years_without_a_national_format_have_no_template(pack: Pack, year: int) -> None:
    with pytest.raises(NoForm):
        compose(pack, year, PLACE, "镇")


# --- last year ----------------------------------------------------------------------------------------------------


def last_report(pack: Pack, year: int, **changes: int) -> Report:
    figures = {name.replace("__", "."): Fact("given", value) for name, value in changes.items()}
    return read_back(pack, made(pack, year, noughts(plan_of(pack, year), **figures)).content)


def test_carried_out_becomes_carried_in(pack: Pack) -> None:
    last = last_report(pack, 2024, t3__carried_out__person=2, t3__carried_out__legal=1, t3__carried_out__all=3)
    report = read_back(pack, made(pack, 2025, last=last).content)
    row = [report.fact(f"t3.carried_in.{column}").value for column in pack.facts.axes["t3.columns"]]
    assert row == [2, 0, 0, 0, 1, 0, 3]
    assert report.fact("t3.new.person").state == "blank"


def test_documents_in_force_go_on_from_last_year(pack: Pack) -> None:
    last = last_report(pack, 2024, t2__documents__in_force=9)
    alone = made(pack, 2025, last=last)
    assert read_back(pack, alone.content).fact("t2.documents.in_force").value == 9
    assert any("先按上年填 9" in remark for remark in alone.remarks)
    changes = {"t2.documents.made": Fact("given", 2), "t2.documents.repealed": Fact("given", 5)}
    done = made(pack, 2025, changes, last)
    assert read_back(pack, done.content).fact("t2.documents.in_force").value == 6
    assert not any("行政规范性文件" in remark for remark in done.remarks)


def test_items_of_2019_go_on_in_2020(pack: Pack) -> None:
    last = last_report(pack, 2019, t2__services__last=38, t2__services__change=-3)
    report = read_back(pack, made(pack, 2020, last=last).content)
    assert report.fact("t2.services.last").value == 35
    assert report.fact("t2.documents.public_total").state == "blank"


def test_what_the_older_format_counts_otherwise_is_not_carried(pack: Pack) -> None:
    last = last_report(pack, 2020, t2__documents__public_total=9, t3__carried_out__person=1, t3__carried_out__all=1)
    done = made(pack, 2021, last=last)
    report = read_back(pack, done.content)
    assert report.fact("t3.carried_in.all").value == 1
    assert report.fact("t2.documents.in_force").state == "blank"
    assert done.status == 0
    assert "没有可以结转的数" in made(pack, 2019, last=last_report(pack, 2018)).remarks[0]


def test_a_given_figure_that_differs_from_last_year_is_kept_and_told(pack: Pack) -> None:
    last = last_report(pack, 2024, t3__carried_out__person=2, t3__carried_out__all=2)
    done = made(pack, 2025, {"t3.carried_in.person": Fact("given", 4)}, last)
    assert read_back(pack, done.content).fact("t3.carried_in.person").value == 4
    assert done.status == 1
    assert any("写的是 4，按上年报告应是 2" in remark for remark in done.remarks)


def test_what_last_year_left_unread_is_not_carried(pack: Pack) -> None:
    figures = noughts(plan_of(pack, 2024)) | {"t3.carried_out.person": Fact("unread")}
    done = made(pack, 2025, last=read_back(pack, made(pack, 2024, figures).content))
    assert done.status == 3
    assert any("1 格的数没有读到" in remark for remark in done.remarks)
    assert read_back(pack, done.content).fact("t3.carried_in.person").state == "blank"


def test_a_report_of_the_wrong_year_or_place(pack: Pack) -> None:
    last = last_report(pack, 2023)
    with pytest.raises(Refused, match="应是 2024 年度的，给出的是 2023 年度的"):
        made(pack, 2025, last=last)
    with pytest.raises(Refused, match="看不出是哪一年度"):
        made(pack, 2025, last=replace(last, year=None))
    done = compose(pack, 2024, "白渡镇人民政府", "镇", None, last)
    assert any("与“白渡镇人民政府”不同" in remark for remark in done.remarks)
    assert not any("不同" in r for r in compose(pack, 2024, "青石镇", "镇", None, last).remarks)


def test_why_nothing_is_carried_over(pack: Pack) -> None:
    """The returns of two years have one format, which carries nothing over; that of 2019 came with a new one."""
    assert any("没有要从上年结转的数" in remark for remark in made(pack, 2018, last=last_report(pack, 2017)).remarks)
    assert any("上一年的格式与本年不同" in remark for remark in made(pack, 2019, last=last_report(pack, 2018)).remarks)


# --- the command --------------------------------------------------------------------------------------------------


def run(*words: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, [*map(str, words)])
    return result.exit_code, result.output


def base(output: Path, year: int = 2025) -> list[str | Path]:
    return ["template", "--year", str(year), "--place", "青石镇人民政府", "-o", output]


def test_the_command_writes_a_form(tmp_path: Path) -> None:
    output = tmp_path / "blank.docx"
    assert run(*base(output)) == (0, "")
    assert "青石镇人民政府" in [paragraph.text for paragraph in docx.Document(str(output)).paragraphs]
    assert [path.name for path in tmp_path.iterdir()] == ["blank.docx"]


def test_an_existing_file_is_kept(tmp_path: Path) -> None:
    output = tmp_path / "年报.docx"
    output.write_bytes(b"mine")
    code, said = run(*base(output))
    assert (code, output.read_bytes()) == (2, b"mine")
    assert "--force" in said
    assert run(*base(output), "--force")[0] == 0
    assert output.read_bytes() != b"mine"


def test_last_year_is_never_overwritten(tmp_path: Path) -> None:
    last = tmp_path / "2024.docx"
    assert run(*base(last, 2024))[0] == 0
    before = last.read_bytes()
    assert run(*base(last), "--previous", last, "--force")[0] == 2
    assert last.read_bytes() == before


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["--year", "1999"], 2, "1999"),
        (["--year", "2010"], 2, "没有统一的格式"),
        (["-o", "blank.pdf"], 2, ".docx"),
        (["--place", " "], 2, "机关全称"),
        (["--data", "gone.yaml"], 3, "gone.yaml"),
        (["--previous", "gone.docx"], 3, "gone.docx"),
    ],
)
def test_what_cannot_be_done_is_said_plainly(
    words: list[str], code: int, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found, said = run(*base(Path("x.docx")), *words)
    assert (found, says in said) == (code, True), said
    assert list(tmp_path.iterdir()) == []


def test_previous_and_data_work_together(tmp_path: Path) -> None:
    last, data, output = tmp_path / "2024.yaml", tmp_path / "2025.yaml", tmp_path / "2025.docx"
    last.write_text("t3: {carried_out: {person: 1, company: 0, research: 0, charity: 0, legal: 0, other: 0}}\n")
    assert run(*base(tmp_path / "2024.docx", 2024), "--data", last)[0] == 0
    data.write_text("t3: {new: {person: 4, company: 0, research: 0, charity: 0, legal: 0, other: 0}}\n")
    code, said = run(*base(output), "--data", data, "--previous", tmp_path / "2024.docx")
    assert code == 3, said  # last year's documents in force were never filled in
    assert "现行有效件数" in said
    found = run("extract", output)[1]
    assert "carried_in: {person: 1, company: 0, research: 0, charity: 0, legal: 0, other: 0, all: 1}" in found
    assert "new: {person: 4, company: 0, research: 0, charity: 0, legal: 0, other: 0, all: 4}" in found


# --- as others see it ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(pack: Pack, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The templates, each cell with a number of its own, as LibreOffice prints them: all converted in one go."""
    folder = tmp_path_factory.mktemp("printed")
    for year in YEARS:
        (folder / f"{year}.docx").write_bytes(made(pack, year, numbered(plan_of(pack, year))).content)
    office = shutil.which("soffice")
    assert office, "LibreOffice is needed for this test"
    command = [office, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", "pdf"]
    names = [f"{year}.docx" for year in YEARS]
    subprocess.run([*command, "--outdir", folder, *names], cwd=folder, check=True, capture_output=True, timeout=120)
    return folder


@pytest.fixture(scope="module")
def pages(folder: Path) -> Mapping[int, list[str]]:
    """The text of each printed page."""
    found = {}
    for year in YEARS:
        with pdfplumber.open(folder / f"{year}.pdf") as pdf:
            assert all((round(page.width), round(page.height)) == (595, 842) for page in pdf.pages), "A4"
            found[year] = [page.extract_text() for page in pdf.pages]
    return found


@pytest.mark.parametrize("year", YEARS)
def test_the_printed_form_has_title_headings_and_page_numbers(
    pack: Pack, pages: Mapping[int, list[str]], year: int
) -> None:
    text = "".join("".join(pages[year]).split())
    for line in plan_of(pack, year).lines:
        if line.kind in ("title", "h1", "h2"):
            assert line.text in text
    assert all(f"— {number} —" in page for number, page in enumerate(pages[year], 1))
    assert len(pages[year]) <= 5


@pytest.mark.parametrize("year", YEARS)
def test_a_printed_form_gives_the_same_figures(pack: Pack, folder: Path, year: int) -> None:
    code, text = run("extract", folder / f"{year}.pdf", "-o", folder / f"{year}.yaml")
    found = loaded(pack, year, (folder / f"{year}.yaml").read_bytes(), "x.yaml").figures
    wanted = numbered(plan_of(pack, year))
    doubtful = {name for name, fact in found.items() if fact.state == "unread"}
    assert {**found, **{name: wanted[name] for name in doubtful}} == wanted
    # table two of 2019 has borders of two and of three columns: the reader may say that it is not sure, and no more
    assert all(name.startswith("t2.") for name in doubtful) if year == 2020 else not doubtful, text
    assert code == (3 if doubtful else 0)


def test_a_table_that_fits_on_a_page_is_not_cut(pages: Mapping[int, list[str]]) -> None:
    for year in (2020, 2025):
        (whole,) = [page for page in pages[year] if "勾稽关系" in page]
        assert "本年新收" in whole
        assert "结转下年度继续办理" in whole


def test_the_head_of_a_long_table_is_printed_again(pages: Mapping[int, list[str]]) -> None:
    assert sum("统计指标" in page for page in pages[2016]) >= 2
