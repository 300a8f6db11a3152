"""docs/errors.md names every code that the tool can stop or speak with, and no other."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
#: calls whose first argument is a code
SAY = {"Unreadable", "Note", "BadPack", "BadPattern", "note", "fault", "too_heavy"}


def codes() -> Iterator[str]:
    for path in sorted((ROOT / "checker").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and (_name(node.func) in SAY):
                yield from (part.value for part in ast.walk(node.args[0]) if _is_code(part))  # type: ignore[attr-defined]
            elif isinstance(node, ast.Call) and _name(node.func) == "_refused":
                yield node.args[2].value if len(node.args) > 2 else "format"  # type: ignore[attr-defined]


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _is_code(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(re.fullmatch("[a-z-]+", node.value))


def test_every_code_is_documented_and_every_documented_code_exists() -> None:
    page = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    documented = re.findall(r"^\| `([a-z-]+)` \|", page, re.MULTILINE)
    assert len(documented) == len(set(documented))
    assert set(documented) == set(codes())
