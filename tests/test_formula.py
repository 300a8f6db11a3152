"""Formulas: arithmetic over facts, unknown where an operand has no number, and nothing else at all."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.formula import BadFormula, parse, plain


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("t3.new.all + t3.in", "8"),
        ("t3.new.all - t3.in * 2", "5"),
        ("(t3.new.all - t3.in) * 2", "12"),
        ("-t3.in + 10", "9"),
        ("0.1 + 0.2", "0.3"),
        ("t3.money * 10000", "961716000"),
        ("t3.new.all+t3.in", "8"),
    ],
)
def test_arithmetic_is_decimal(source: str, value: str) -> None:
    numbers = {"t3.new.all": Decimal(7), "t3.in": Decimal(1), "t3.money": Decimal("96171.6")}
    assert parse(source).value(numbers) == Decimal(value)


def test_names_keep_their_dots_and_come_once() -> None:
    assert parse("t3.new.all + t3.in - t3.new.all * 2").names == ("t3.new.all", "t3.in")


@pytest.mark.parametrize("source", ["a + b", "b + a", "a - b", "a * b", "0 * b", "-b", "(a + (2 * b))"])
def test_an_operand_without_a_number_makes_the_result_unknown(source: str) -> None:
    assert parse(source).value({"a": Decimal(1), "b": None}) is None
    assert parse(source).value({"a": Decimal(1)}) is None


def test_operands_are_shown_as_numbers() -> None:
    numbers = {"t3.new": Decimal(3119), "t3.in": Decimal("34.0"), "t3.out": None}
    assert parse("t3.new + t3.in - t3.out").shown(numbers) == "3119 + 34 - ?"


def test_plain_numbers() -> None:
    assert (plain(Decimal("3.0")), plain(Decimal("3.5"))) == (3, 3.5)


@pytest.mark.parametrize(
    "source",
    [
        "__import__('os').system('id')",
        "9**9**9",
        "a.__class__.__mro__",
        "().__class__",
        "(" * 10_000 + "1" + ")" * 10_000,
        "(" * 900 + "1" + ")" * 900,
        "+".join(["1"] * 900),
        "a if b else c",
        "a and b",
        "a < b",
        "a / b",
        "a // b",
        "a % b",
        "a @ b",
        "a | b",
        "f(a)",
        "sum(a)",
        "a[0]",
        "[a]",
        "(a, b)",
        "()",
        "lambda: 1",
        "a := 1",
        "'x'",
        "1e9",
        "0x10",
        "1_000",
        "1j",
        "012",
        "a b",
        "a +",
        "(a",
        "a)",
        "",
        " ",
        "a..b",
        ".a",
        "a.",
        "收到 + 1",
        "A + 1",
        "1\n+\n",
        "~a",
        "not a",
        "a;b",
        "#",
    ],
)
def test_row_63_only_names_literals_and_three_signs_exist(source: str) -> None:
    with pytest.raises(BadFormula) as caught:
        parse(source)
    assert "\n" not in str(caught.value)


@given(st.text(alphabet="ab.09+-*() _\n'[]", max_size=30))
def test_any_text_is_a_formula_or_refused(source: str) -> None:
    try:
        formula = parse(source)
    except BadFormula:
        return
    value = formula.value(dict.fromkeys(formula.names, Decimal(2)))
    assert isinstance(value, Decimal)
