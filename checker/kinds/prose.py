"""Kinds that judge prose: stray years, misspellings, punctuation, density."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence, Set
from functools import lru_cache
from itertools import chain
from typing import Any

from ..late import late, once_for_each
from ..model import Case, Line, Outcome, Passage, Value, VerdictState, Where
from ..patterns import Pattern, candidates
from .words import MAX_PLACES, words_of

_TITLE = late(r"《[^《》\n]{1,120}》")


@lru_cache(maxsize=8)
def untitled(text: str) -> str:
    """``text`` with every 《…》 blotted out at equal length."""
    return _TITLE.sub(lambda match: "·" * len(match[0]), text)


@lru_cache(maxsize=8)
def unquoted(text: str) -> str:
    """``text`` with every “…” blotted out at equal length."""
    return re.sub(r"“[^”\n]{1,80}”", lambda match: "·" * len(match[0]), text)


# --- years

_PLANS = "下一年的打算"


def years(
    case: Case,
    *,
    own: Sequence[Pattern] = (),
    plan: Sequence[Pattern] = (),
    promise: Sequence[Pattern] = (),
    result: Sequence[Pattern] = (),
    future: Sequence[Pattern] = (),
    unless: Sequence[Pattern] = (),
) -> Iterator[Outcome]:
    """Years (group ``y``, 1900 to 2099) left over from another report; values ``found expected what``: what is dated.

    ``own``: where the report names itself, a year that is neither the report year nor the next fails. ``plan``: where
    it names its plan, any year but the next fails. ``promise``: where it can only mean what will be done, a year that
    is over fails. ``result``: where it states this year's result, another year wants
    review unless its sentence holds one of ``unless``. ``future``: where it says what will be done, any year but the
    next wants review. The ends of a span (自2014年至2016年), years inside 《…》 and
    the caption of another year's form, of which a note tells, do not count.
    """
    year, passage = case.report.year, case.report.texts.get("all")
    if year is None or not passage:
        yield Outcome("unknown")
        return
    found: dict[int, Outcome] = {}
    text, words = untitled(passage.text), words_of(case.report)
    captions = {_letters(form.beside) for form in case.report.forms if form.beside}
    named = _years_in(text)
    stray, other = named.keys() - {year, year + 1}, named.keys() - {year + 1}
    over = {each for each in named if each < year}
    checks: tuple[tuple[str, Sequence[Pattern], Set[int], int, VerdictState, Sequence[Pattern]], ...] = (
        ("报告的年度", own, stray, year, "fail", ()),
        (_PLANS, plan, other, year + 1, "fail", ()),
        (_PLANS, promise, over, year + 1, "fail", ()),
        ("本年度的情况", result, stray, year, "review", unless),
        (_PLANS, future, other, year + 1, "review", ()),
    )
    for what, patterns, wrong, expected, state, vetoes in checks:
        live = candidates(patterns, words) if wrong else ()
        for at, line in _naming(text, wrong) if live else ():
            if captions and _letters(line) in captions:
                continue
            for pattern in live:
                for match in pattern.finditer(line):
                    if int(match["y"]) in wrong and not _excused(line, match, vetoes):
                        where = passage.where(at + match.start(), at + match.end())
                        found.setdefault(at + match.start("y"), _leftover(what, match["y"], expected, state, where))
    yield from found.values() or [Outcome("pass")]


def _letters(line: str) -> str:
    return "".join(filter(str.isalnum, line))


def _naming(text: str, years: Set[int]) -> Sequence[tuple[int, str]]:
    """The lines of ``text`` that name one of the years, with their offsets."""
    lines: dict[int, str] = {}
    named = _years_in(text)
    for at in (at for year in years for at in named[year]):
        start = text.rfind("\n", 0, at) + 1
        if start not in lines:
            lines[start] = text[start:].partition("\n")[0]
    return sorted(lines.items())


@lru_cache(maxsize=4)
def _years_in(text: str) -> Mapping[int, Sequence[int]]:
    """The years that ``text`` names, each with its places; a longer number may hold several."""
    years: dict[int, list[int]] = {}
    for century in ("19", "20"):
        at = text.find(century)
        while at >= 0:
            year = text[at : at + 4]
            if _YEAR.fullmatch(year):
                years.setdefault(int(year), []).append(at)
            at = text.find(century, at + 1)
    return years


_YEAR = late(r"\d{4}")


def _leftover(what: str, found: str, expected: int, state: VerdictState, where: Where) -> Outcome:
    values: dict[str, Value] = {"found": found, "expected": str(expected), "what": what}
    return Outcome(state, values, (where,), f"{found}-{expected}")


_SPAN_BEFORE = late(r"[自从由至到起—~\-－～]$")
_SPAN_AFTER = late(r"年(?:度)?(?:末|底|初)?(?:至|到|以来|以前|之前|起|前|—|-|~|～|、20)")


def _excused(text: str, match: Any, unless: Sequence[Pattern]) -> bool:
    at, end = match.start("y"), match.end("y")
    if _SPAN_BEFORE.search(text[max(at - 1, 0) : at]) or _SPAN_AFTER.match(text, end):
        return True
    if not unless:
        return False
    before = re.split(r"[。；！？\n]", text[max(at - 200, 0) : at])[-1]
    after = re.split(r"[。；！？\n]", text[match.end() : match.end() + 200])[0]
    sentence = before + text[at : match.end()] + after
    return any(pattern.search(sentence) for pattern in unless)


# --- misspellings


@lru_cache
def _doubled(most: int) -> re.Pattern[str]:
    return re.compile(rf"([一-鿿]{{2,{most}}}?)\1")


def typos(
    case: Case,
    *,
    words: Sequence[Mapping[str, Any]] = (),
    doubled: int = 0,
    allow: Sequence[Pattern] = (),
    scope: str = "body",
) -> Iterator[Outcome]:
    """Misspelt words, ``words`` a list of {wrong: pattern, right: text}: one outcome each, values ``found right``.

    ``right`` may name a group of its pattern: {y}年来.

    ``doubled``: words of two to so many characters written twice in a row, unless inside a match of ``allow``.
    """
    passage = case.report.texts.get(scope)
    if not passage:
        yield Outcome("unknown")
        return
    (wrongs, rights), met = _meant(words), words_of(case.report)
    found: list[tuple[str, list[Any]]] = [
        (rights[wrong], list(wrong.finditer(passage.text, met))) for wrong in candidates(wrongs, met)
    ]
    twice: dict[str, list[Any]] = {}
    for hit in _twice(passage.text, doubled, allow):
        if hit[0] not in twice:
            found.append((hit[1], twice.setdefault(hit[0], [])))
        twice[hit[0]].append(hit)
    for right, hits in found:
        if hits:
            where = tuple(passage.where(*hit.span()) for hit in hits[:MAX_PLACES])
            meant = _filled(right, hits[0])
            yield Outcome("fail", {"found": hits[0][0], "right": meant}, where, hits[0][0])
    if not any(hits for _, hits in found):
        yield Outcome("pass")


@once_for_each(64)
def _meant(words: Sequence[Mapping[str, Any]]) -> tuple[Sequence[Pattern], Mapping[Pattern, str]]:
    """The patterns of the misspelt words, and what each of them should be."""
    meant = {word["wrong"]: word["right"] for word in words}
    return tuple(meant), meant


def _filled(words: str, hit: re.Match[str]) -> str:
    """``words`` with the groups of ``hit`` that they name."""
    for name, text in hit.groupdict().items():
        words = words.replace(f"{{{name}}}", text or "")
    return words


def _twice(text: str, most: int, allow: Sequence[Pattern]) -> list[re.Match[str]]:
    hits = list(_doubled(most).finditer(text)) if most > 1 and _may_double(text, most) else []
    excused = [match.span() for pattern in allow for match in pattern.finditer(text)] if hits else []
    return [hit for hit in hits if not any(low <= hit.start() and hit.end() <= high for low, high in excused)]


def _may_double(text: str, most: int) -> bool:
    """False when no word of two to ``most`` characters stands twice in a row.

    The lowest bytes of all characters are one large number. Shifted by a word's length and held against itself it has
    zeros where the word may come again.
    """
    low = text.encode("utf-32-le", "surrogatepass")[::4]
    whole = int.from_bytes(low, "little")
    for size in range(2, most + 1):
        differ = (whole ^ whole >> 8 * size).to_bytes(len(low), "little")
        again, end = bytes(size), len(low) - size
        at = differ.find(again, 0, end)
        while at >= 0:
            word = text[at : at + size]
            if text.startswith(word, at + size) and _WORD.fullmatch(word):
                return True
            at = differ.find(again, at + 1, end)
    return False


_WORD = late("[一-鿿]+")


# --- punctuation


_HALF_COMMA = late(r"[一-鿿”》）][,;](?=[一-鿿“《（])")
_PROSE_END = late(r"[一-鿿\d%][”》）]?$")
_STOPS = ("。", "！", "？", "；")
_CONTACT = late(r"电话|邮编|邮政编码|邮箱|传真|地址|网址|信箱|\.(?:com|cn)")
_PAIRS = (("（", "）"), ("《", "》"), ("“", "”"))


def punctuation(case: Case, *, scope: str = "body", half_width: int = 1, min_chars: int = 30) -> Iterator[Outcome]:
    """Half-width marks in Chinese text (``half_width`` or more), prose that ends without a mark, lonely brackets.

    A paragraph of fewer than ``min_chars`` is no prose. One outcome each, value ``found`` says which and how many.
    """
    passage = case.report.texts.get(scope)
    if not passage:
        yield Outcome("unknown")
        return
    commas = [
        (line, match)
        for line in passage.lines
        if "," in line.raw or ";" in line.raw
        for match in _HALF_COMMA.finditer(line.raw)
    ]
    endings = [line for line in passage.lines if _unfinished(line, min_chars)]
    lonely = [line for line in _with_marks(passage) if _lonely(line.text)]
    outcomes = []
    if len(commas) >= half_width:
        where = tuple(_raw_where(line, match.start(), match.end() + 1) for line, match in commas)
        outcomes.append(Outcome("fail", {"found": f"半角逗号、分号{len(commas)}处"}, where, "半角标点"))
    for name, lines in (("段末缺少句号", endings), ("括号、引号或书名号不成对", lonely)):
        if lines:
            where = tuple(line.where(max(len(line.text) - 30, 0), len(line.text)) for line in lines)
            outcomes.append(Outcome("fail", {"found": f"{name}{len(lines)}处"}, where, name))
    yield from outcomes or [Outcome("pass")]


def _with_marks(passage: Passage) -> Sequence[Line]:
    """The lines that have a bracket or a quotation mark: to look for six marks in all takes less than in each."""
    text, found = passage.text, set[int]()
    for mark in chain.from_iterable(_PAIRS):
        at = text.find(mark)
        while at >= 0:
            found.add(bisect_right(passage.offsets, at) - 1)
            at = text.find(mark, at + 1)
    return [passage.lines[index] for index in sorted(found)]


def _lonely(text: str) -> bool:
    """Brackets that do not pair; the ）of 1）is no bracket."""
    if all(text.count(opening) == text.count(closing) for opening, closing in _PAIRS):
        return False
    text = re.sub(r"(?:^|(?<=[\n。；，：]))[\d一二三四五六七八九十]{1,3}）", "", text)
    return any(text.count(opening) != text.count(closing) for opening, closing in _PAIRS)


_COUNTS = late(r"\d+")


def _unfinished(line: Line, min_chars: int) -> bool:
    """A paragraph of prose whose last sentence has no end; a list of contacts or a run-in heading needs none."""
    text = line.text
    figures = text[-1:].isdigit() and len(_COUNTS.findall(text)) > 2  # a row of a table
    if len(text) < min_chars or text.endswith(_STOPS) or figures or not ("，" in text or "。" in text):
        return False
    last = text[max(map(text.rfind, _STOPS)) + 1 :]
    return len(last) >= 12 and bool(_PROSE_END.search(text[-2:])) and not _CONTACT.search(last)


def _raw_where(line: Line, start: int, end: int) -> Where:
    """The place of raw[start:end] of a line."""
    starts = line.starts
    if starts is None:
        return line.where(start, end)
    inside = [i for i, at in enumerate(starts) if start <= at < end]
    return line.where(inside[0], inside[-1] + 1) if inside else line.where(0, len(line.text))


# --- density


def density(
    case: Case, *, scope: str, patterns: Sequence[Pattern], max_hits: int, max_share: float, min_chars: int = 200
) -> Iterator[Outcome]:
    """Too many set phrases: more than ``max_hits`` matches that also fill more than ``max_share`` of the text.

    Values ``count`` and ``percent``; n/a when the scope is missing or shorter than ``min_chars``.
    """
    passage = case.report.texts.get(scope)
    if not passage or len(passage.text) < min_chars:
        yield Outcome("n/a")
        return
    words = words_of(case.report)
    live = candidates(patterns, words)
    hits = sorted(match.span() for pattern in live for match in pattern.finditer(passage.text, words))
    share = sum(end - start for start, end in hits) / len(passage.text)
    state: VerdictState = "fail" if len(hits) > max_hits and share > max_share else "pass"
    where = tuple(passage.where(*span) for span in hits)
    yield Outcome(state, {"count": len(hits), "percent": round(100 * share, 1)}, where)
