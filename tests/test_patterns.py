"""Patterns: slots, what rules a text out without searching it, and searching line by line."""

from __future__ import annotations

import pickle
import re
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from functools import cache
from time import process_time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.factmap import FactSpec
from checker.kinds.prose import _doubled, _may_double, _naming, _years_in
from checker.patterns import (
    BadPattern,
    Pattern,
    PatternTimeout,
    candidates,
    pairs,
    watched,
)
from checker.patterns.source import FIGURES, linewise, required, required_literals
from tests.findings import ROOT, national

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
    "公(?=[。\n]|申请|$)",
    "公(?![。\n]|$)",
    r"公开?(?=\s|开|$)",
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
        "公(?=[。\n]|申请|$)",  # at a line's end either the newline or the end of the text is met
        r"公(?!\n|$)",
    ],
)
def test_linewise(source: str) -> None:
    assert linewise(source)[0]


@pytest.mark.parametrize(
    "source",
    [
        "^公",
        "公$",
        "公(?=。|$)",
        "公(?=[。\n])",
        "公(?=(?:。|\n申)|$)",
        "(?<=[。\n]|^)公",
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


# --- the shipped patterns, on texts that their own examples are made of -------------------------------------------


@cache
def shipped() -> tuple[Pattern, ...]:
    """Every pattern of the national rules."""
    calls = [call for rule in national().rules for turn in rule.turns for call in (turn.call, turn.when) if call]
    return tuple({found.source: found for call in calls for found in within(call.params)}.values())


def within(value: Any) -> Iterator[Pattern]:
    if isinstance(value, Pattern):
        yield value
    elif isinstance(value, Mapping):
        for inner in (*value, *value.values()):
            yield from within(inner)
    elif isinstance(value, tuple):
        for inner in value:
            yield from within(inner)


@cache
def told() -> tuple[str, ...]:
    """The lines of the rules' examples: right ones, wrong ones, and those that are easily taken for wrong."""
    texts = [example.text for rule in national().rules for example in rule.examples if example.text]
    return tuple(dict.fromkeys(line for text in texts for line in text.split("\n")))


@st.composite
def reports(draw: st.DrawFn) -> str:
    """Lines of examples, whole or cut anywhere and grown together; short texts, and those that are searched by line."""
    lines = []
    for line in draw(st.lists(st.sampled_from(told()), min_size=1, max_size=8)):
        at = draw(st.integers(0, len(line)))
        lines.append(draw(st.sampled_from([line, line, line[:at] + draw(st.sampled_from(told())), line[at:]])))
    filler = ["工作扎实开展。" * 60] if draw(st.booleans()) else []
    return "\n".join(draw(st.permutations([*lines, *filler])))


def test_the_shipped_patterns_are_many_and_met_in_their_examples() -> None:
    assert len(shipped()) > 300
    text = "\n".join(told())
    assert sum(bool(pattern.compiled.search(text)) for pattern in shipped()) > len(shipped()) // 2


@settings(max_examples=40)
@given(reports())
def test_shipped_patterns_find_what_a_plain_search_finds(text: str) -> None:
    met, lines, base = pairs(text), [], 0
    for line in text.split("\n"):
        lines.append((base, line))
        base += len(line) + 1
    found = [pattern for pattern in shipped() if pattern.compiled.search(text)]
    kept = candidates(shipped(), met)
    assert [pattern for pattern in found if pattern not in kept] == []
    assert set(candidates(found, pairs(f"前{text}后"))) == set(found)
    for pattern in {*found, *kept}:
        whole = [match.span() for match in pattern.compiled.finditer(text)]
        assert [match.span() for match in pattern.finditer(text, met)] == whole, pattern
        assert [match.span() for match in pattern.finditer(text)] == whole, pattern
        single = [(at + m.start(), at + m.end()) for at, line in lines for m in pattern.compiled.finditer(line)]
        assert pattern.hits(text, met) == pattern.hits(text) == single, pattern
        assert pattern.first(text, met) == next(iter(single), None), pattern
    plain = re.sub(rf"[\d{FIGURES}]", "某", text)
    assert [pattern for pattern in shipped() if pattern.figured and pattern.compiled.search(plain)] == []


def test_which_patterns_have_a_figure() -> None:
    """So that a sentence without one is not searched for them."""
    for source in (r"收到\d+件", "[0-9]件", "(?:零|0)件", r"共(?=[一二两三\d])", "(?:[三五]+|十)份"):
        assert Pattern(source).figured, source
    for source in ("未收到", r"(?:\d+|无)件", r"收到\d*件", r"[\d余]件", r"[^\d]件", r"件(?!\d)"):
        assert not Pattern(source).figured, source
    assert sum(pattern.figured for pattern in shipped()) > 50


@given(
    st.sampled_from(PATTERNS),
    st.lists(st.text(alphabet="公开申请未收到。 a1", max_size=12), max_size=4),
    st.integers(0, 3),
)
def test_lines_of_a_long_text_are_those_of_a_short_one(source: str, lines: list[str], at: int) -> None:
    pattern, text = Pattern(source), "\n".join([*lines[:at], "扎实" * 250, *lines[at:]])
    whole = [match.span() for match in pattern.compiled.finditer(text)]
    assert [match.span() for match in pattern.finditer(text)] == whole
    assert [match.span() for match in pattern.finditer(text, pairs(text))] == whole


@given(
    st.sampled_from([r"(?P<y>20\d\d)年", r"(?P<y>(?:19|20)\d{2})年度?报告", r"编制的?(?P<y>20\d{2})"]),
    st.text(alphabet="20139年度报告编制\n", max_size=40),
    st.integers(2009, 2024),
)
def test_years_that_do_not_fit_stand_in_the_lines_that_are_kept(source: str, text: str, year: int) -> None:
    pattern, fit = Pattern(source), (year, year + 1)
    kept = _naming(text, _years_in(text).keys() - set(fit))
    found = [
        at + match.start("y") for at, line in kept for match in pattern.finditer(line) if int(match["y"]) not in fit
    ]
    assert found == [match.start("y") for match in pattern.compiled.finditer(text) if int(match["y"]) not in fit]


@given(st.text(alphabet="公开申请一鿿龥a1。\n\U00020000\U00020001", max_size=24), st.integers(2, 5))
def test_a_word_twice_in_a_row_is_told_as_a_plain_search_tells_it(text: str, most: int) -> None:
    assert _may_double(text, most) == bool(_doubled(most).search(text))


def texts_that_may_match(pattern: Pattern) -> Iterator[str]:
    """For each word that a match may need a text with it, and with one word of every other set that is needed."""
    sets = required(pattern.expanded)
    for at, words in enumerate(sets):
        for word in words:
            others = [other[-1] for n, other in enumerate(sets) if n != at]
            yield "\n".join(["扎实" * 250, word, *others, *words])
            yield "鿋".join([word, *others])


def test_no_word_of_a_shipped_pattern_is_left_out() -> None:
    tried = 0
    for pattern in shipped():
        for text in texts_that_may_match(pattern):
            for group in ((pattern,), (shipped()[0], pattern), (pattern, shipped()[-1])):
                assert pattern in candidates(group, pairs(text)), (pattern, text)
            tried += 1
    assert tried > 5000


def test_no_line_with_a_word_of_a_shipped_pattern_is_left_out() -> None:
    tried = 0
    for pattern in shipped():
        text = "\n".join([*pattern.literals, *texts_that_may_match(pattern), *(f"前{w}后" for w in pattern.literals)])
        lines = [match.span() for match in re.finditer("[^\n]+", text) if any(w in match[0] for w in pattern.literals)]
        for met in (None, pairs(text)):
            kept = pattern._stretches(text, met)
            lost = [line for line in lines if not any(a <= line[0] and line[1] <= b for a, b in kept)]
            assert lost == [], (pattern, met is None)
        tried += len(lines)
    assert tried > 5000


# --- two engines --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "quick"),
    [
        (r"(?:收到|接到)(?P<n>\d{1,3})件?(?=。|$)", True),
        ("[一二]是(?<!第一是)", True),
        ("收(?:到|的)*申请", True),
        ("收到.{0,3}(?m)$", True),
        ("(?:^|。)收到", True),  # begins with one of two characters, or has one behind a line's beginning
        ("(?<!未)收到", True),
        ("(?:本年|20)?收到", True),
        ("[^。]收到", False),  # begins with anything
        (".?收到", False),
        ("收(?:到[^。]{0,3})*申请", False),  # tried again and again
        (r"收\s到", False),  # each has a table of its own
        (r"收\b到", False),
        ("收到(?<=未.?收到)", False),  # re has no such look behind
        ("(?i)a", False),
        ("a{e<=1}b", False),  # fuzzy
        (r"收[\[a]", False),
        (r"收\p{Han}", False),
        ("收(?P<n>1)|到(?P<n>2)", False),
        ("收*+到", False),
    ],
)
def test_what_re_reads_alike_and_finds_sooner(source: str, quick: bool) -> None:
    assert Pattern(source).quick == quick


def test_a_flag_in_a_slot_holds_for_the_whole_pattern_in_both_engines() -> None:
    pattern = Pattern("{opening}没有(?=。|$)", {"opening": "(?m)(?:^|。)"})
    text = "没有\n没有。没有\n没有人"
    assert pattern.quick
    assert spans(pattern, text) == [((0, 2),), ((3, 5),), ((5, 8),)]
    with watched():
        assert spans(pattern, text) == [((0, 2),), ((3, 5),), ((5, 8),)]


def test_under_the_alarm_the_same_is_found_as_without() -> None:
    """There ``re`` searches for most patterns, else ``regex``. All groups of all matches in some reports are held."""
    texts = [path.read_text("utf-8") for path in sorted((ROOT / "tests/corpus/reports").glob("*.txt"))[::12]]
    known = {found.source: found for spec in national().facts.readable for found in within(parts(spec))}
    tried, met = 0, 0
    for pattern in {**known, **{found.source: found for found in shipped()}}.values():
        if pattern.quick:
            text = "\n".join([*texts, *texts_that_may_match(pattern)])
            found = spans(pattern, text)
            with watched():
                assert isinstance(pattern.compiled, re.Pattern)
                assert spans(pickle.loads(pickle.dumps(pattern)), text) == found, pattern
            tried, met = tried + 1, met + bool(found)
    assert tried > 500
    assert met > 100


def parts(spec: FactSpec) -> Any:
    """What a fact is read by, as plain data."""
    names = ("patterns", "unless", "needs", "before", "reject", "gate")
    return (spec.gate, spec.about, *(getattr(reading, name) for reading in spec.readings for name in names))


def spans(pattern: Pattern, text: str) -> list[tuple[tuple[int, int], ...]]:
    return [tuple(map(match.span, range(match.re.groups + 1))) for match in pattern.compiled.finditer(text)]


# --- time ---------------------------------------------------------------------------------------------------------

ENDLESS = "(?=(a+))*?(a|aa)+$"
SEARCHES: dict[str, Callable[[Pattern, str], object]] = {
    "search": Pattern.search,
    "fullmatch": Pattern.fullmatch,
    "finditer": lambda pattern, text: list(pattern.finditer(text)),
    "first": Pattern.first,
    "hits": Pattern.hits,
}


@pytest.mark.parametrize("way", SEARCHES)
@pytest.mark.parametrize("alarm", [True, False], ids=["alarm", "clock"])
@pytest.mark.parametrize("source", [ENDLESS, f"(?m){ENDLESS}", "a(?:a|aa)+$"], ids=["ends", "lines", "quick"])
def test_a_search_without_end_is_stopped(way: str, alarm: bool, source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("checker.patterns.watch.alarm.limit", 0.05)
    pattern, text = Pattern(source), "a" * 60 + "b"
    with watched() if alarm else nullcontext(), pytest.raises(PatternTimeout, match="aa"):
        SEARCHES[way](pattern, text)
    assert Pattern("ab").search(text)  # and no alarm is left behind
    assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0.0, 0.0)


def test_many_short_searches_are_not_one_long_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("checker.patterns.watch.alarm.limit", 0.01)
    pattern, text = Pattern(r"申请\d+件"), "收到申请3件。" * 40
    with watched():
        until = process_time() + 0.2
        while process_time() < until:
            assert len(list(pattern.finditer(text))) == 40


def test_in_a_thread_searches_look_at_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """There are no alarms in it, and the one of the main thread must not be touched."""
    monkeypatch.setattr("checker.patterns.watch.alarm.limit", 0.05)
    found: list[BaseException] = []

    def search() -> None:
        try:
            with watched():
                Pattern(ENDLESS).search("a" * 60 + "b")
        except PatternTimeout as error:
            found.append(error)

    thread = threading.Thread(target=search)
    thread.start()
    thread.join()
    assert len(found) == 1
