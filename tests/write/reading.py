"""What is read from a written report, and whether it is what the report says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from checker.extract import extract
from checker.judge import judge
from checker.model import Audit, Case, Document, FactState, Report, Value
from checker.read.office.docx import parse_docx
from checker.read.plain.html import parse_html
from checker.read.plain.markdown import parse_markdown
from checker.read.plain.text import parse_text
from tests.findings import national
from tests.write import Written, page, plain, word, written
from tests.write.layout import FORMS

Said = tuple[FactState, Value]


def read_docx(report: Written, variant: str = word.PLAIN) -> Document:
    return parse_docx(word.docx(report, variant), "x.docx")


def read_html(report: Written, variant: str = "plain") -> Document:
    return parse_html(page.html(report, variant), "x.html")


#: format -> (its variants, a written report as it is read from this format)
FORMATS: Mapping[str, tuple[tuple[str, ...], Callable[[Written, str], Document]]] = {
    "docx": (tuple(word.VARIANTS), read_docx),
    "html": (tuple(page.VARIANTS), read_html),
    "txt": (plain.TEXTS, lambda report, variant: parse_text(plain.text(report, variant), "x.txt")),
    "md": (plain.MARKDOWNS, lambda report, variant: parse_markdown(plain.markdown(report, variant), "x.md")),
}


def audited(document: Document) -> Audit:
    return judge(Case(extracted(document)), national())


def extracted(document: Document) -> Report:
    return extract(document, national().facts)


@cache
def reference(name: str) -> Audit:
    """The plain Word document of a report: what other formats are held against."""
    return audited(read_docx(written(name)))


def said(report: Report, *, forms: bool) -> dict[str, Said]:
    """State and value of the facts of the official forms, or of all others."""
    return {
        name: (fact.state, fact.value)
        for name, fact in report.facts.items()
        if (name.split(".")[0] in FORMS) == forms and (forms or fact.state != "absent")
    }


def printed(report: Written) -> dict[str, Said]:
    """What the forms say, by the data that they were written from; cells of no form of the report are absent."""
    every = {*national().facts.forms, *national().facts.returns}
    return dict.fromkeys(every, ("absent", None)) | {
        fact: ("given", float(text) if "." in text else int(text)) for fact, text in report.cells.items()
    }


def states(audit: Audit) -> dict[tuple[str, str], str]:
    """Rule and subject -> what became of it."""
    return {(verdict.rule, verdict.subject): verdict.state for verdict in audit.verdicts}


def differing(found: Mapping[str, Said], right: Mapping[str, Said]) -> dict[str, tuple[object, object]]:
    """The facts that differ, as (found, right)."""
    names = found.keys() | right.keys()
    return {name: (found.get(name), right.get(name)) for name in sorted(names) if found.get(name) != right.get(name)}
