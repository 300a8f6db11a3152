"""Formulas of the packs: ``+ - * ( )``, names of facts and decimal literals, and nothing else.

A formula is parsed once into closures over integers and Decimals. It has three outcomes: a number, or no number because
an operand has none (absent, blank, malformed, unread); it never guesses a zero.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache
from operator import itemgetter
from typing import cast

from checker.late import late, once_for_each
from checker.model import Fact, record

MAX_LENGTH = 2000
MAX_NODES = 200
_NAME = late(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*")
_TOKEN = late(rf"\s*(?:(?P<name>{_NAME.pattern})|(?P<number>\d+(?:\.\d+)?)|(?P<mark>[-+*()]))")
_SIGNS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*"}

Number = int | Decimal
_Numbers = Mapping[str, Number | None]
_Closure = Callable[[_Numbers], Number | None]


class BadFormula(ValueError):
    """A text that is no formula; the message is one plain Chinese clause."""


@record
class Formula:
    """A formula as written and the names in it, in order of first use."""

    source: str
    names: tuple[str, ...]

    def value(self, numbers: _Numbers) -> Number | None:
        """The result, or None when any operand has no number."""
        return _closure(self.source)(numbers)

    def shown(self, numbers: _Numbers) -> str:
        """The formula with its operands filled in, ``?`` for one without a number: ``3119 + 34``."""
        template, names = _template(self.source)
        found = [numbers.get(name) for name in names]
        return template % tuple(["?" if number is None else plain(number) for number in found])


def parse(source: str) -> Formula:
    """The formula ``source``. Raises BadFormula."""
    _closure(source)
    return Formula(source, tuple(dict.fromkeys(match[0] for match in _NAME.finditer(source))))


def exact(value: object) -> Number | None:
    """A count or an amount as a number that adds up without error; None for what is none."""
    if type(value) is int:
        return value
    return Decimal(str(value)) if type(value) is float else None


@once_for_each(4)
def figures(facts: Mapping[str, Fact]) -> Mapping[str, Number]:
    """The facts of a report that are numbers, as such. The sums of a report ask for each several times."""
    return {name: number for name, fact in facts.items() if (number := exact(fact.value)) is not None}


def plain(number: Number) -> int | float:
    """A Number as the int or float that it equals."""
    if type(number) is int:
        return number
    whole = int(number)
    return whole if whole == number else float(number)


@lru_cache(maxsize=2048)
def _closure(source: str) -> _Closure:
    return _compile(_tree(source))


@lru_cache(maxsize=2048)
def _template(source: str) -> tuple[str, tuple[str, ...]]:
    """The formula with ``%s`` for each operand, and their names."""
    return _NAME.sub("%s", source), tuple(_NAME.findall(source))


def _tree(source: str) -> ast.expr:
    """The syntax tree of ``source``, dotted names rewritten to plain ones so that no attribute exists."""
    if len(source) > MAX_LENGTH:
        raise BadFormula(f"算式超过 {MAX_LENGTH} 个字符")
    words, at = [], 0
    text = source.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if not match:
            raise BadFormula(f"算式里不能有“{text[at:].strip()[:10]}”，只能用 + - * 括号、数和事实名")
        words.append("n_" + match["name"].replace(".", "__dot__") if match["name"] else match[0])
        at = match.end()
    if len(words) > MAX_NODES:
        raise BadFormula(f"算式超过 {MAX_NODES} 个成分")
    try:
        return ast.parse(" ".join(words).strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise BadFormula("算式写得不完整，或括号不成对") from None


def _compile(node: ast.expr) -> _Closure:
    """A function of the operands for one node of the tree."""
    if names := _added(node):
        return _sum(names)
    if isinstance(node, ast.Name):
        name = _name(node)
        return lambda numbers: numbers.get(name)
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        constant = Decimal(str(node.value))
        return lambda _: constant
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        return _signed(_compile(node.operand), -1 if isinstance(node.op, ast.USub) else 1)
    if isinstance(node, ast.BinOp) and type(node.op) in _SIGNS:
        return _joined(_compile(node.left), _SIGNS[type(node.op)], _compile(node.right))
    raise BadFormula("算式里只能用 + - * 括号、数和事实名")


def _name(node: ast.Name) -> str:
    return node.id.removeprefix("n_").replace("__dot__", ".")


def _added(node: ast.expr) -> tuple[str, ...]:
    """The names in a sum of nothing but names, as nearly all formulas are; none in any other formula."""
    names: list[str] = []
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) and isinstance(node.right, ast.Name):
        names.append(_name(node.right))
        node = node.left
    return (_name(node), *reversed(names)) if names and isinstance(node, ast.Name) else ()


def _sum(names: tuple[str, ...]) -> _Closure:
    operands = itemgetter(*names)

    def run(numbers: _Numbers) -> Number | None:
        try:
            return cast(Number, sum(operands(numbers)))
        except (KeyError, TypeError):  # one of them has no number
            return None

    return run


def _signed(inner: _Closure, sign: int) -> _Closure:
    def run(numbers: _Numbers) -> Number | None:
        value = inner(numbers)
        return None if value is None else sign * value

    return run


def _joined(left: _Closure, sign: str, right: _Closure) -> _Closure:
    def run(numbers: _Numbers) -> Number | None:
        a, b = left(numbers), right(numbers)
        if a is None or b is None:
            return None
        if sign == "*":
            return a * b
        return a + b if sign == "+" else a - b

    return run
