"""How well facts are read: ``python -m tests.accuracy [--errors]``.

Reads every labelled report of tests/corpus (patterns were written with it at hand), of the held-out sets (each scored
once unseen, then generalised from; see tests/heldout/README.md) and of tests/blind (measured, never read), scores
presence and values of each element, and exits with 1 when a set is below its floor.
"""

from __future__ import annotations

import argparse
import sys
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import yaml

from checker import pack
from checker.extract import extract
from checker.model import Fact, Unreadable
from checker.read import parse

HERE = Path(__file__).parent
ERAS = ("A", "B", "C", "D")
scorer: Any = import_module("tests.corpus.score")  # kept as it came with the labels

Row = Mapping[str, int]  #: n tp fp fn unread vn vok, as the scorer counts them


@dataclass(frozen=True, slots=True)
class Floor:
    """The least that a set must reach. ``element`` bounds precision and recall; with few labels found, one error."""

    macro: float
    element: float
    values: float


FEW = 15  #: labels found below which a ratio says little: at most one error then
_HELD_OUT = Floor(0.98, 0.90, 0.98)
FLOORS = {
    "corpus": Floor(0.97, 0.93, 0.98),
    "heldout/a": _HELD_OUT,
    "heldout/b": _HELD_OUT,
    "heldout/c": _HELD_OUT,
    "heldout/d": _HELD_OUT,
    "heldout/e": _HELD_OUT,
    "heldout/f": _HELD_OUT,
    "heldout/g": _HELD_OUT,
    "heldout/h": _HELD_OUT,
    "heldout/i": _HELD_OUT,
    "heldout/j": _HELD_OUT,
    "heldout/k": _HELD_OUT,
    "heldout/l": _HELD_OUT,
    "heldout/m": _HELD_OUT,
    "heldout/n": _HELD_OUT,
    "heldout/p": _HELD_OUT,
    "heldout/q": _HELD_OUT,
    "heldout/r": _HELD_OUT,
    "heldout/s": _HELD_OUT,
    "heldout/t": _HELD_OUT,
    "heldout/v": _HELD_OUT,
    "heldout/x": _HELD_OUT,
    "heldout/o": Floor(0.97, 0.75, 0.98),  # each of its texts says something in a way that no other does
    "blind": Floor(0.97, 0.90, 0.98),
}


def wrapped(text: str, columns: int) -> str:
    """``text`` with a line break at every ``columns`` columns, as mail programs and old editors leave it."""
    lines = []
    for line in text.splitlines():
        current, width = "", 0
        for char in line:
            size = 2 if unicodedata.east_asian_width(char) in "WF" else 1
            if width + size > columns:
                lines.append(current)
                current, width = "", 0
            current += char
            width += size
        lines.append(current)
    return "\n".join(lines)


#: what an editor or a web page makes of a report; complete reports are measured in these, too
LAYOUTS: Mapping[str, Callable[[str], str]] = {
    "one line": lambda text: text.replace("\n", ""),
    "40 columns": lambda text: wrapped(text, 40),
    "one line at 40 columns": lambda text: wrapped(text.replace("\n", ""), 40),
}
LAID_OUT = Floor(0.95, 0.0, 0.96)  #: elements by themselves are bound as the reports stand


@dataclass(frozen=True, slots=True)
class Score:
    """What one set (or one era of it) came to."""

    rows: Mapping[str, Row]
    errors: tuple[tuple[Any, ...], ...] = ()

    @property
    def macro(self) -> float:
        """Mean F1 over the elements that at least one label states."""
        found = [scorer.f1(r["tp"], r["fp"], r["fn"]) for r in self.rows.values() if r["tp"] + r["fn"]]
        return sum(found) / len(found) if found else 0.0

    @property
    def values(self) -> float:
        """The share of right values among those that were found and can be compared."""
        return sum(r["vok"] for r in self.rows.values()) / max(sum(r["vn"] for r in self.rows.values()), 1)


@cache
def labels(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((HERE / name / "labels.yaml").read_text(encoding="utf-8"))
    return loaded


def asked(name: str, layout: str) -> dict[str, Any]:
    return {key: label for key, label in labels(name).items() if not layout or label["kind"] == "complete"}


@cache
def predictions(name: str, layout: str = "") -> dict[str, dict[str, dict[str, Any]]]:
    """Report id -> element -> state and value, as nianbao reads them; in a layout, of the complete reports."""
    facts = pack.load().facts
    found = {}
    for key, label in asked(name, layout).items():
        text = (HERE / name / label["file"]).read_bytes()
        if layout:
            text = LAYOUTS[layout](text.decode("utf-8").replace("\r\n", "\n")).encode()
        try:
            report = extract(parse(text, label["file"]), facts)
        except Unreadable:  # a refused report misses all that it states
            found[key] = dict[str, dict[str, Any]]()
        else:
            found[key] = {element: answer(report.fact(element)) for element in label["elements"]}
    return found


def answer(fact: Fact) -> dict[str, Any]:
    value = [*fact.value] if isinstance(fact.value, tuple) else fact.value
    return {"state": fact.state, "value": value}


def score(name: str, era: str | None = None, layout: str = "") -> Score:
    predicted = predictions(name, layout) if layout else predictions(name)
    rows, errors, _ = scorer.score(asked(name, layout), predicted, {era} if era else None)
    return Score(rows, tuple(errors))


def shortfalls(name: str) -> Iterator[str]:
    """One sentence for each floor that a set misses; none when all hold."""
    found, floor = score(name), FLOORS[name]
    if found.macro < floor.macro:
        yield f"{name}: macro F1 {found.macro:.3f} < {floor.macro}"
    if found.values < floor.values:
        yield f"{name}: values {found.values:.3f} < {floor.values}"
    for layout in LAYOUTS:
        laid = score(name, layout=layout)
        if laid.macro < LAID_OUT.macro or laid.values < LAID_OUT.values:
            yield f"{name} as {layout}: macro F1 {laid.macro:.3f}, values {laid.values:.3f}"
    for element, row in found.rows.items():
        for ratio, wrong in (("precision", row["fp"]), ("recall", row["fn"])):
            if not enough(row["tp"], wrong, row["tp"] + row["fn"], floor.element):
                yield f"{name}: {element} {ratio} {row['tp']}/{row['tp'] + wrong} < {floor.element}"


def enough(right: int, wrong: int, labelled: int, floor: float) -> bool:
    return wrong <= 1 if labelled < FEW else right >= floor * (right + wrong)


def table(name: str) -> Iterator[str]:
    yield f"{name:<19}{'n':>5}{'found':>6}{'prec':>7}{'recall':>7}{'F1':>7}{'values':>7}{'acc':>7}"
    for element, r in score(name).rows.items():
        ratios = (
            scorer.ratio(r["tp"], r["tp"] + r["fp"]),
            scorer.ratio(r["tp"], r["tp"] + r["fn"]),
            scorer.f1(r["tp"], r["fp"], r["fn"]),
        )
        right = scorer.show(scorer.ratio(r["vok"], r["vn"]))
        yield f"{element:<19}{r['n']:>5}{r['tp'] + r['fn']:>6} {' '.join(map(scorer.show, ratios))}{r['vn']:>7} {right}"


def overview() -> Iterator[str]:
    """Macro F1 by era and value accuracy of each set, and the gaps to the first."""
    yield f"{'macro F1':<12}{''.join(f'{era:>8}' for era in ERAS)}{'all':>8}{'values':>8}"
    figures = {
        name: [*(score(name, era).macro for era in ERAS), score(name).macro, score(name).values] for name in FLOORS
    }
    for name, found in figures.items():
        yield f"{name:<12}{''.join(f'{value:8.3f}' for value in found)}"
    own, *others = figures
    yield f"{'complete, ' + '/'.join(LAYOUTS):<60}"
    for name in figures:
        laid = (score(name, layout=layout) for layout in LAYOUTS)
        yield f"{name:<12}{''.join(f'{one.macro:8.3f}{one.values:8.3f}' for one in laid)}"
    for name in others:
        gaps = (a - b for a, b in zip(figures[own], figures[name], strict=True))
        yield f"{f'gap {name}':<12}{''.join(f'{gap:8.3f}' for gap in gaps)}"


def disagreements(name: str) -> Iterator[str]:
    for key, element, what, label, state, value in score(name).errors:
        wanted = f"{label['status']} {label.get('value', '')!r}"
        yield f"{name} {key} {element} {what}: {wanted}, read {state} {value!r}; evidence {label.get('evidence', '-')}"


def main() -> int:
    parser = argparse.ArgumentParser(description="Accuracy of the facts on the labelled sets, against their floors.")
    parser.add_argument("--errors", action="store_true", help="list the disagreements of tests/corpus")
    parser.add_argument(
        "--all-errors", action="store_true", help="list those of the held-out sets too, tests/blind left out"
    )
    args = parser.parse_args()
    for name in FLOORS:
        print(*table(name), "", sep="\n")
    print(*overview(), sep="\n")
    told = [name for name in FLOORS if name != "blind"] if args.all_errors else ["corpus"] if args.errors else []
    for name in told:
        print(*disagreements(name), sep="\n")
    missed = [line for name in FLOORS for line in shortfalls(name)]
    print(*missed, "floors: " + (f"{len(missed)} missed" if missed else "all reached"), sep="\n")
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main())
