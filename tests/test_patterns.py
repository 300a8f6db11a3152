"""Patterns: slots, what rules a text out without searching it, and searching line by line."""

from __future__ import annotations

import pickle
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.patterns import BadPattern, Pattern, linewise, pairs, required_literals

PATTERNS = [
    "公开",
    "(?:未|没有)(?:收到|接到)[^。]{0,3}申请",
    r"公开[^。\n]*申请",
    "公开[^。]*申请",
    r"公\s*开",
    "^公开",
    "公开$",
    r"\b公",
    "(?m)^公开?",
    "(?m)(?:^|[未没])收(?=$|到|。)",
    r"(?<=[\n。])公",
    r"公(?=[。\n]|$)",
    r"公(?!\d|[^开\n])",
    r"开(?!\D)",
    "公(?=[^开])",
    "(?<!公)开",
    "(?<![^公])开",
    "公(?!开)",
    "公(?![^开])",
    r"公(?!\s)",
    "公(?=开)",
    r"(公|开)\1",
    "(?s)公.开",
    "公.开",
    "(?>公[^。]*)开",
    "公*+开",
    "[^开]公",
    "(?:公|开)+?申请",
    "未收(?:到?)[^。]?(?:公开|收到)(?=。?申请)",
    "(?i)a公",
    r"\D公",
]


@given(
    st.sampled_from(PATTERNS),
    st.lists(st.text(alphabet="公开申请未收到。 a1", max_size=12), min_size=1, max_size=4),
)
def test_hits_are_those_of_single_lines(source: str, lines: list[str]) -> None:
    pattern = Pattern(source)
    naive, base = [], 0
    for line in lines:
        naive += [(base + match.start(), base + match.end()) for match in pattern.compiled.finditer(line)]
        base += len(line) + 1
    text = "\n".join(lines)
    assert pattern.hits(text) == naive
    assert pattern.hits(text, pairs(f"前{text}后")) == naive
    assert pattern.first(text) == pattern.first(text, pairs(text)) == (naive[0] if naive else None)


@given(st.sampled_from(PATTERNS), st.text(alphabet="公开申请未收到。 a1\n", max_size=20))
def test_nothing_is_lost_where_no_literal_stands(source: str, text: str) -> None:
    pattern = Pattern(source)
    naive = [match.span() for match in pattern.compiled.finditer(text)]
    assert [match.span() for match in pattern.finditer(text)] == naive
    assert [match.span() for match in pattern.finditer(text, pairs(f"前{text}后"))] == naive


@given(st.sampled_from(PATTERNS), st.text(alphabet="公开申请未收到。 a1\n", max_size=20))
def test_literals_never_rule_out_a_match(source: str, text: str) -> None:
    pattern = Pattern(source)
    if pattern.compiled.search(text):
        assert pattern.search(text)
        assert list(pattern.finditer(text))


@pytest.mark.parametrize(
    "source",
    [
        "公开[^。]*申请",
        r"\b公",
        "(?<!公)开",
        "公(?!开|[一二])",
        r"(公|开)\1",
        "公(?=开)",
        "(?m)^公|开$",
        r"公(?!\d|[^开\n])",
    ],
)
def test_linewise(source: str) -> None:
    assert linewise(source)[0]


@pytest.mark.parametrize(
    "source",
    [
        "^公",
        "公$",
        "公(?![^开])",
        "公(?=[^开])",
        "(?<=[。\n])公",
        r"公(?!\s)",
        "(?s)公.",
        "(?>公)",
        "公*+",
        r"\p{Han}公",
        "(",
    ],
)
def test_not_linewise(source: str) -> None:
    assert not linewise(source)[0]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("公开", ("公开",)),
        ("(?:未|没有)收到", ("未收到", "没有收到")),
        ("未?收到申请", ("收到申请",)),
        ("复议|诉讼", ("复议", "诉讼")),
        ("复议|.*", ()),
        ("(?i)abc", ()),
        (r"\d+条", ("条",)),
    ],
)
def test_required_literals(source: str, words: tuple[str, ...]) -> None:
    assert required_literals(source) == words


def test_slots_are_filled_in() -> None:
    assert Pattern("{a}申请", {"a": "{b}收到", "b": "未|没有"}).expanded == "(?:(?:未|没有)收到)申请"
    assert Pattern("a{2}申请", {}).search("aa申请")


@pytest.mark.parametrize(
    ("source", "code"),
    [("{none}x", "regex-slot"), ("{loop}x", "regex-slot"), ("x" * 1001, "regex-too-big"), ("{wide}x", "regex-too-big")],
)
def test_bad_slots(source: str, code: str) -> None:
    with pytest.raises(BadPattern) as caught:
        Pattern(source, {"loop": "{loop}", "wide": "x" * 30_000})
    assert caught.value.code == code


def test_a_kept_pattern_is_the_same() -> None:
    pattern = Pattern("(?:未|没有)(?P<verb>收到)申请")
    pattern.check()
    kept = pickle.loads(pickle.dumps(pickle.loads(pickle.dumps(pattern))))
    for name in ("source", "expanded", "literals", "pairs", "linewise", "single_line"):
        assert getattr(kept, name) == getattr(pattern, name)
    match = kept.search("我镇没有收到申请")
    assert (match.span(), match["verb"]) == ((2, 8), "收到")
    assert re.search("没有", match[0])
