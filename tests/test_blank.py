"""An empty cell, "/", "—", 无, what is no number and what nobody could read: six things in every reader, told apart."""

from __future__ import annotations

import base64
import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest
from typer.testing import CliRunner

import tests.paper
from checker.cli import app
from checker.extract.tables import figure
from checker.form.figures import empty as to_fill
from checker.form.figures import said
from checker.model import MARKS, Document, Fact, FactState, Mark, Report, mark_of
from checker.read import LIMITS
from checker.read.office.docx import parse_docx
from checker.read.office.legacy import parse_legacy
from checker.read.office.xlsx import parse_xlsx
from checker.read.paper.ofd import parse_ofd
from checker.read.paper.pdf import parse_pdf
from checker.read.plain.html import parse_html
from checker.read.plain.markdown import parse_markdown
from checker.read.plain.text import parse_text
from tests import ofd, pictures, scans
from tests.write import Line, Written, page, paper, plain, word, written
from tests.write.reading import extracted

PICTURE = "囧"  #: stands in a cell until a picture takes its place
SIGNS = ("", "/", "—", "无", "63余", PICTURE)
#: a cell -> what is read of it
Readings = list[tuple[FactState, Mark | None]]
APART: Readings = [
    *(("blank", mark) for mark in ("empty", "slash", "dash", "none")),
    *(("malformed", None), ("unread", None)),
]
#: one cell in each of six rows, so that a row which is not certain leaves the others alone
ROWS = ("granted", "partial", "secret", "not_held", "petition", "repeat")
CELLS = {f"t3.{row}.person": sign for row, sign in zip(ROWS, SIGNS, strict=True)}


def filled(signs: Mapping[str, str]) -> Written:
    report = written("2024-云渚镇")
    return replace(report, cells={**report.cells, **signs})


SIX = filled(CELLS)


def readings(report: Report) -> Readings:
    facts = [report.fact(name) for name in CELLS]
    return [(fact.state, fact.mark) for fact in facts]


# --- the signs --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mark", "texts"),
    [
        ("empty", ["", " ", "\xa0", "\u3000", "\u200b", "\ufeff \n"]),
        ("slash", ["/", "／", "\\", "＼", "//", " / ", "∕", "╱", "/-"]),
        ("dash", ["-", "—", "——", "–", "－", "―", "−", "─", "--", "_", "＿＿", "- -"]),
        ("none", ["无", " 无 ", "没有", "暂无", "无此项", "没有此类情况", "（无）", "无。", "不适用", "N/A", "ｎ／ａ"]),
        (None, ["0", "〇", "63余", "一", "-3", "1/2", "无3", "有", "()", "见附件", "63"]),
    ],
)
def test_the_ways_to_leave_a_cell_without_a_figure(mark: Mark | None, texts: list[str]) -> None:
    assert {text: mark_of(text) for text in texts} == dict.fromkeys(texts, mark)
    assert {text for text in texts if (figure(text)[0] == "blank") != (mark is not None)} == set()
    assert {text: said(text).mark for text in texts} == dict.fromkeys(texts, mark)


def test_only_a_blank_fact_has_a_mark() -> None:
    others = Fact("given", 1, "1"), Fact("absent"), Fact("malformed", None, "63余"), Fact("unread")
    assert [fact.mark for fact in others] == [None] * 4
    assert [to_fill(said(text)) for text in ("", "\u200b", "/", "—", "无")] == [True, True, False, False, False]


def test_a_figure_with_signs_that_take_no_room_is_one() -> None:
    assert figure("1\u200b2\ufeff") == ("given", 12)


# --- every reader -----------------------------------------------------------------------------------------------------

_DRAWING = (
    '<w:drawing><wp:inline><wp:extent cx="400000" cy="140000"/><a:graphic><a:blip r:embed="r9"/></a:graphic>'
    "</wp:inline></w:drawing>"
)


def _png() -> bytes:
    """A scribble."""
    from PIL import Image, ImageDraw

    data, picture = io.BytesIO(), Image.new("RGB", (60, 28), "white")
    ImageDraw.Draw(picture).arc((4, 4, 50, 24), 20, 290, "black", 3)
    picture.save(data, "PNG")
    return data.getvalue()


def repacked(data: bytes, name: str, change: Callable[[str], str]) -> bytes:
    """An archive with parts of this name changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.namelist():
            content = old.read(part)
            new.writestr(part, change(content.decode()).encode() if re.fullmatch(name, part) else content)
    return out.getvalue()


def docx(variant: str) -> Document:
    sign = re.compile(rf"<w:t[^>]*>{PICTURE}</w:t>")
    data = repacked(word.docx(SIX, variant), r"word/document\.xml", lambda text: sign.sub(_DRAWING, text))
    return parse_docx(data, "x.docx")


def html(variant: str) -> Document:
    return parse_html(page.html(SIX, variant).replace(PICTURE, '<img src="1.jpg" width="40">'), "x.html")


def markdown(variant: str) -> Document:
    return parse_markdown(plain.markdown(SIX, variant).replace(PICTURE, "![](1.jpg)"), "x.md")


def text(variant: str) -> Document:
    """No picture stands in a text: the row that nobody can be sure of is one with a cell too few."""
    printed = plain.text(SIX, variant)
    gone = {"tabs": f"\t{PICTURE}", "blanks": f" {PICTURE}", "lines": f"{PICTURE}\n", "bars": f"| {PICTURE} "}.get(
        variant, PICTURE
    )
    assert gone in printed
    return parse_text(printed.replace(gone, ""), "x.txt")


def ofd_file(rules: ofd.Rules) -> Document:
    words = rf'<ofd:TextObject ID="1" Boundary="([\d.]+) ([\d.]+)[^>]*><ofd:TextCode[^>]*>{PICTURE}.*?</ofd:TextObject>'
    drawn = re.compile(words)
    image = r'<ofd:ImageObject ID="1" Boundary="\1 \2 6 3" CTM="6 0 0 3 0 0" ResourceID="5"/>'
    data = repacked(paper.as_ofd(SIX, rules), r".*/Content\.xml", lambda objects: drawn.sub(image, objects))
    return parse_ofd(data, "x.ofd")


def workbook(put: Callable[[Any, str], None]) -> Document:
    """The workbook with something that cannot be read in the cell of the picture."""
    book = openpyxl.load_workbook(io.BytesIO(paper.workbook(SIX)))
    for sheet in book:
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.value == PICTURE):
            cell.value = None
            put(sheet, cell.coordinate)
    data = io.BytesIO()
    book.save(data)
    return parse_xlsx(data.getvalue(), "x.xlsx")


def _formula(sheet: Any, place: str) -> None:
    sheet[place] = "=1+1"


def _image(sheet: Any, place: str) -> None:
    from openpyxl.drawing.image import Image  # type: ignore[import-untyped]

    sheet.add_image(Image(io.BytesIO(_png())), place)


@pytest.mark.parametrize("variant", word.VARIANTS)
def test_word(variant: str) -> None:
    assert readings(extracted(docx(variant))) == APART


@pytest.mark.parametrize("variant", page.VARIANTS)
def test_pages(variant: str) -> None:
    assert readings(extracted(html(variant))) == APART


@pytest.mark.parametrize("variant", ["pipes", "hollow"])
def test_markdown(variant: str) -> None:
    assert readings(extracted(markdown(variant))) == APART


@pytest.mark.parametrize("variant", plain.TEXTS)
def test_text(variant: str) -> None:
    """Where blanks or lines keep cells apart, an empty one is none: its row has one too few, and is unread.

    So are bars of which a row has one too few.
    """
    found = readings(extracted(text(variant)))
    assert found[1:] == APART[1:]
    assert found[0] == (APART[0] if variant == "tabs" else ("unread", None))


def test_bars_keep_empty_cells() -> None:
    whole = parse_text(plain.text(SIX, "bars").replace(PICTURE, "0"), "x.txt")
    assert readings(extracted(whole)) == [*APART[:5], ("given", None)]


@pytest.mark.parametrize("rules", ["strokes", "rectangles", "boxes"])
def test_ofd(rules: ofd.Rules) -> None:
    assert readings(extracted(ofd_file(rules))) == APART


@pytest.mark.parametrize("put", [_formula, _image])
def test_workbooks(put: Callable[[Any, str], None]) -> None:
    assert readings(extracted(workbook(put))) == APART


# --- printed, and in old files ----------------------------------------------------------------------------------------


def chromium(report: Written, folder: Path) -> Path:
    image = f'<img src="data:image/png;base64,{base64.b64encode(_png()).decode()}" width="30" height="14">'
    path = folder / "report.html"
    body = page.body(report).replace(PICTURE, image)
    path.write_text(f'<!DOCTYPE html><meta charset="utf-8"><style>{paper.STYLE}</style>{body}', encoding="utf-8")
    (made,) = tests.paper.chromium(folder, path, furniture=False)
    return made


def test_a_pdf_of_chromium(tmp_path: Path) -> None:
    document = parse_pdf(chromium(SIX, tmp_path).read_bytes(), "x.pdf", LIMITS)
    assert readings(extracted(document)) == APART
    assert "cell-picture" in [note.code for note in document.notes]


def test_a_scan(tmp_path: Path) -> None:
    """The form alone, scanned: the models take "/" for 1, its shape tells; a dash may be a lone 一, and is unread."""
    lines = [block for block in SIX.blocks if isinstance(block, Line) or block.form == "t3"]
    at = next(at for at, block in enumerate(lines) if not isinstance(block, Line))
    made = chromium(replace(SIX, blocks=(lines[0], *lines[at - 1 : at + 1])), tmp_path)
    document = pictures.document(pictures.recognised(scans.pictures(made)))
    found = readings(extracted(document))
    assert found[2] in (APART[2], ("unread", None))
    assert [*found[:2], *found[3:]] == [*APART[:2], *APART[3:]]


@pytest.mark.parametrize("kind", ["pdf", "doc"])
def test_files_of_libreoffice(kind: str, tmp_path: Path) -> None:
    data = paper.libreoffice({"a": filled({**CELLS, "t3.repeat.person": "0"})}, kind, tmp_path)["a"]
    document = parse_pdf(data, "x.pdf", LIMITS) if kind == "pdf" else parse_legacy(data, "x.doc", suffix="doc")
    assert readings(extracted(document)) == [*APART[:5], ("given", None)]


# --- where a person or a program meets them ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("blank") / "2024.docx"
    path.write_bytes(word.docx(filled({name: sign for name, sign in CELLS.items() if sign != PICTURE})))
    return path


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments))
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.stdout


def test_facts_names_them_for_programs(file: Path) -> None:
    facts = json.loads(run("facts", str(file), "--format", "json"))["facts"]
    assert [facts[name].get("mark") for name in CELLS] == ["empty", "slash", "dash", "none", None, None]
    assert {name for name, fact in facts.items() if "mark" in fact} == {*list(CELLS)[:4]}
    schema = json.loads(resources.files("checker").joinpath("schemas/facts.schema.json").read_text(encoding="utf-8"))
    assert schema["$defs"]["fact"]["properties"]["mark"]["enum"] == [*MARKS]


def test_facts_names_them_for_people(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")  # so wide that no cell is folded
    shown = run("facts", str(file))
    states = (*MARKS.values(), "写法有误")
    assert {state: shown.count(f"自然人 （{state}") for state in states} == dict.fromkeys(states, 1)


def test_the_finding_says_what_stands_in_each_cell(file: Path) -> None:
    (report,) = json.loads(run("check", str(file), "--format", "json"))["reports"]
    (found,) = [verdict for verdict in report["verdicts"] if verdict["rule"] == "T3-02"]
    told = found["values"]["found"]
    assert [said[said.index("（填") :] if "（填" in said else said[-4:] for said in told] == [
        "（空着）",
        "（填的是“/”）",
        "（填的是“—”）",
        "（填的是“无”）",
    ]
    assert found["values"]["marks"] == {"empty": 1, "slash": 1, "dash": 1, "none": 1}
    assert all(said in found["message"] for said in told)
    (odd,) = [verdict for verdict in report["verdicts"] if verdict["rule"] == "T3-03"]
    assert "（填的是“63余”）" in odd["message"]


@pytest.mark.parametrize("suffix", [".yaml", ".csv", ".xlsx"])
def test_data_keep_them_apart_there_and_back(suffix: str, file: Path, tmp_path: Path) -> None:
    data, form = tmp_path / f"data{suffix}", tmp_path / "form.docx"
    run("extract", str(file), "-o", str(data))
    run("template", "--year", "2024", "--place", "云渚镇人民政府", "--data", str(data), "-o", str(form))
    assert readings(extracted(parse_docx(form.read_bytes(), "x.docx"))) == [*APART[:5], ("given", None)]


def test_the_state_in_csv_names_them(file: Path, tmp_path: Path) -> None:
    run("extract", str(file), "-o", str(tmp_path / "data.csv"))
    rows = csv.DictReader(io.StringIO((tmp_path / "data.csv").read_text(encoding="utf-8-sig")))
    states = {row["编号"]: row["状态"] for row in rows}
    assert [states[name] for name in CELLS] == [*MARKS.values(), "写法有误", "有"]
