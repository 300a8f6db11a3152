"""Kinds that judge prose: stray years, misspellings, punctuation, personal data, words and names of other organs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from ..late import late, once_for_each
from ..model import Case, Line, Outcome, Passage, Value, VerdictState, Where, record
from ..patterns import Pattern, candidates, neighbours
from ..places import county_at_end, may_be_county, names_a_county
from .words import MAX_PLACES, Near, wording, words_of

_TITLE = late(r"《[^《》\n]{1,120}》")


@lru_cache(maxsize=8)
def _untitled(text: str) -> str:
    """``text`` with every 《…》 blotted out at equal length."""
    return _TITLE.sub(lambda match: "·" * len(match[0]), text)


@lru_cache(maxsize=8)
def _unquoted(text: str) -> str:
    """``text`` with every “…” blotted out at equal length."""
    return re.sub(r"“[^”\n]{1,80}”", lambda match: "·" * len(match[0]), text)


# --- years


def years(
    case: Case,
    *,
    own: Sequence[Pattern] = (),
    plan: Sequence[Pattern] = (),
    result: Sequence[Pattern] = (),
    future: Sequence[Pattern] = (),
    unless: Sequence[Pattern] = (),
) -> Iterator[Outcome]:
    """Years (group ``y``, 1900 to 2099) left over from another report; values ``found expected``.

    ``own``: where the report names itself, a year that is neither the report year nor the next fails. ``plan``: where
    it names its plan, any year but the next fails. ``result``: where it states this year's result, another year wants
    review unless its sentence holds one of ``unless``. ``future``: where it says what will be done, any year but the
    next wants review. The ends of a span (自2014年至2016年) and years inside 《…》
    do not count.
    """
    year, passage = case.report.year, case.report.texts.get("all")
    if year is None or not passage:
        yield Outcome("unknown")
        return
    found: dict[int, Outcome] = {}
    checks: tuple[tuple[Sequence[Pattern], int, VerdictState, Sequence[Pattern]], ...] = (
        (own, year, "fail", ()),
        (plan, year + 1, "fail", ()),
        (result, year, "review", unless),
        (future, year + 1, "review", ()),
    )
    text = _untitled(passage.text)
    lines = {
        expected: [(at, line, neighbours(line)) for at, line in _stray(text, (expected, year + 1))]
        for expected in (year, year + 1)
    }
    for patterns, expected, state, vetoes in checks:
        for at, line, words in lines[expected]:
            for pattern in candidates(patterns, words):
                for match in pattern.finditer(line, words):
                    if int(match["y"]) not in (expected, year + 1) and not _excused(line, match, vetoes):
                        where = passage.where(at + match.start(), at + match.end())
                        found.setdefault(at + match.start("y"), _leftover(match["y"], expected, state, where))
    yield from found.values() or [Outcome("pass")]


def _stray(text: str, fit: tuple[int, int]) -> Sequence[tuple[int, str]]:
    """The lines of ``text`` that name a year that does not fit, with their offsets."""
    lines: dict[int, str] = {}
    for at in (at for year, places in _years_in(text).items() if year not in fit for at in places):
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


def _leftover(found: str, expected: int, state: VerdictState, where: Where) -> Outcome:
    values: dict[str, Value] = {"found": found, "expected": str(expected)}
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

    ``doubled``: words of two to so many characters written twice in a row, unless inside a match of ``allow``.
    """
    passage = case.report.texts.get(scope)
    if not passage:
        yield Outcome("unknown")
        return
    (wrongs, meant), met = _meant(words), words_of(case.report)
    found: list[tuple[str, list[Any]]] = [
        (meant[wrong], list(wrong.finditer(passage.text, met))) for wrong in candidates(wrongs, met)
    ]
    twice: dict[str, list[Any]] = {}
    for hit in _twice(passage.text, doubled, allow):
        if hit[0] not in twice:
            found.append((hit[1], twice.setdefault(hit[0], [])))
        twice[hit[0]].append(hit)
    for right, hits in found:
        if hits:
            where = tuple(passage.where(*hit.span()) for hit in hits[:MAX_PLACES])
            yield Outcome("fail", {"found": hits[0][0], "right": right}, where, hits[0][0])
    if not any(hits for _, hits in found):
        yield Outcome("pass")


@once_for_each(64)
def _meant(words: Sequence[Mapping[str, Any]]) -> tuple[Sequence[Pattern], Mapping[Pattern, str]]:
    """The patterns of the misspelt words, and what each of them should be."""
    meant = {word["wrong"]: word["right"] for word in words}
    return tuple(meant), meant


def _twice(text: str, most: int, allow: Sequence[Pattern]) -> list[re.Match[str]]:
    hits = list(_doubled(most).finditer(text)) if most > 1 and _may_double(text, most) else []
    excused = [match.span() for pattern in allow for match in pattern.finditer(text)] if hits else []
    return [hit for hit in hits if not any(low <= hit.start() and hit.end() <= high for low, high in excused)]


def _may_double(text: str, most: int) -> bool:
    """False when no word of two to ``most`` characters stands twice in a row.

    The text is one large number of two bytes a character. Shifted by a word's length and held against itself it has
    zeros where the word comes again.
    """
    data = text.encode("utf-16-le", "surrogatepass")
    whole = int.from_bytes(data, "little")
    for size in range(2, most + 1):
        differ = (whole ^ whole >> 16 * size).to_bytes(len(data), "little")
        again, end = bytes(2 * size), len(data) - 2 * size
        at = differ.find(again, 0, end)
        while at >= 0:
            at += at % 2  # between two characters
            word = data[at : at + 2 * size]
            if differ.startswith(again, at) and _WORD.fullmatch(word.decode("utf-16-le", "surrogatepass")):
                return True
            at = differ.find(again, at + 2, end)
    return False


_WORD = late("[一-鿿]+")


# --- punctuation


_HALF_COMMA = late(r"[一-鿿”》）][,;](?=[一-鿿“《（])")
_PROSE_END = late(r"[一-鿿\d%][”》）]?$")
_STOPS = ("。", "！", "？", "；")
_CONTACT = late(r"电话|邮编|邮政编码|邮箱|传真|地址|网址|信箱|\.(?:com|cn)")
_BRACKET = late(r"[（）《》“”]")
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
    lonely = [line for line in passage.lines if _lonely(line.text)]
    outcomes = []
    if len(commas) >= half_width:
        where = tuple(_raw_where(line, match.start(), match.end() + 1) for line, match in commas)
        outcomes.append(Outcome("fail", {"found": f"半角逗号、分号{len(commas)}处"}, where, "半角标点"))
    for name, lines in (("段末缺少句号", endings), ("括号、引号或书名号不成对", lonely)):
        if lines:
            where = tuple(line.where(max(len(line.text) - 30, 0), len(line.text)) for line in lines)
            outcomes.append(Outcome("fail", {"found": f"{name}{len(lines)}处"}, where, name))
    yield from outcomes or [Outcome("pass")]


def _lonely(text: str) -> bool:
    """Brackets that do not pair; the ）of 1）is no bracket."""
    if not _BRACKET.search(text) or all(text.count(opening) == text.count(closing) for opening, closing in _PAIRS):
        return False
    text = re.sub(r"(?:^|(?<=[\n。；，：]))[\d一二三四五六七八九十]{1,3}）", "", text)
    return any(text.count(opening) != text.count(closing) for opening, closing in _PAIRS)


def _unfinished(line: Line, min_chars: int) -> bool:
    """A paragraph of prose whose last sentence has no end; a list of contacts or a run-in heading needs none."""
    text = line.text
    if len(text) < min_chars or text.endswith(_STOPS) or not ("，" in text or "。" in text):
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


# --- words and names of others


_ORGANS = ("镇", "乡", "街道", "局", "委", "办")


def level_words(
    case: Case,
    *,
    forbid: Mapping[str, Sequence[Pattern]],
    scope: str = "body",
    quoted: bool = False,
) -> Iterator[Outcome]:
    """Words that an organ of its level does not use of itself: ``forbid`` {level: patterns}, group ``word`` if any.

    Wording inside 《…》, and inside “…” unless ``quoted``, does not count. n/a when the level is unknown or not listed.
    """
    passage = case.report.texts.get(scope)
    patterns = forbid.get(case.report.level or "")
    if not passage or not patterns:
        yield Outcome("n/a" if passage else "unknown")
        return
    title = case.report.texts.get("title", Passage()).text
    # 我镇 is right for what calls itself a 镇, whatever level was recognised; counties stand in every town's name
    own = [word for word in _ORGANS if word in f"{case.report.place}{title}"]
    places: dict[str, list[Where]] = {}
    words = words_of(case.report)
    for pattern in candidates(patterns, words):
        text = _untitled(passage.text) if quoted else _unquoted(_untitled(passage.text))
        for match in pattern.finditer(text, words):
            group = "word" if "word" in match.re.groupindex else 0
            if match[group][1:] in own:
                continue
            places.setdefault(match[group], []).append(passage.where(*match.span(group)))
    values = {"level": case.report.level}
    for word, where in places.items():
        yield Outcome("fail", {"found": word, "count": len(where), **values}, tuple(where[:MAX_PLACES]), word)
    if not places:
        yield Outcome("pass", values)


def strangers(
    case: Case,
    *,
    names: Mapping[str, Sequence[Pattern]],
    counties: Sequence[Pattern] = (),
    beside: Sequence[Pattern] = (),
    unless: Sequence[Pattern] = (),
    scope: str = "body",
) -> Iterator[Outcome]:
    """Names (group ``name``) of another organ of the same kind where the report speaks of itself: {level: patterns}.

    It fails where a roster has the name, or where it is another county of China in the place of the organ's own
    (``counties``); else it wants review, and so does the name of a unit of the roster anywhere else in the text.
    A name is the organ's own when its last three characters stand in the place or the title. ``unless``: what is no
    name (我镇, 各乡镇). ``beside``: what a sentence says that may name others (结对, 考察). Values ``found place``; n/a
    without a known place.
    """
    passage, place = case.report.texts.get(scope), case.report.place
    patterns = names.get(case.report.level or "")
    if not passage or not place or not patterns:
        yield Outcome("n/a" if passage else "unknown")
        return
    title = case.report.texts.get("title")
    own = "".join((place, title.text if title else "", *(case.names.own if case.names else ())))
    strange = _Strange(case, passage, _untitled(passage.text), own, beside)
    found: dict[str, tuple[VerdictState, list[Where]]] = {}
    for name, state, span in (*strange.in_place(patterns, unless), *strange.counties(counties), *strange.elsewhere()):
        places = found.setdefault(name, (state, []))[1]
        if (where := passage.where(*span)) not in places:
            places.append(where)
    for name, (state, places) in found.items():
        yield Outcome(state, {"found": name, "place": place}, tuple(places[:MAX_PLACES]), name)
    if not found:
        yield Outcome("pass")


_Met = tuple[str, VerdictState, tuple[int, int]]  #: a name, what it is worth, where it stands
_SHORT = late(r"(?:[^省市县区旗州盟]{2,}[省市县区旗州盟])*(?P<name>.{2,}?)(?:人民政府|政府|办事处)?$")
_TOWN = late(r"[一-鿿]{2,5}?(?:镇|乡|街道)")


#: what may stand before a place's name; after anything else its first characters belong to another word
_BEFORE_PLACE = late(r"^$|[^一-鿿]|[省市州盟在由从到经按据向对受及和与将过录问见]")


def short_name(name: str) -> str:
    """A unit's name without its county and without 人民政府: 白渡镇, 司法局."""
    match = _SHORT.match(name)
    return match["name"] if match else name


@lru_cache(maxsize=8)
def _short_names(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(short_name, names))


@record
class _Strange:
    """One report searched for names that are not its own."""

    case: Case
    passage: Passage
    text: str
    own: str
    beside: Sequence[Pattern]

    def in_place(self, patterns: Sequence[Pattern], unless: Sequence[Pattern]) -> Iterator[_Met]:
        others = _short_names(self.case.names.others if self.case.names else ())
        words = words_of(self.case.report)
        for pattern in candidates(patterns, words):
            for match in pattern.finditer(self.text, words):
                name = match["name"]
                if name[-3:] not in self.own and not any(veto.search(name) for veto in unless):
                    yield name, "fail" if name in others else "review", match.span("name")

    def counties(self, patterns: Sequence[Pattern]) -> Iterator[_Met]:
        """Another county's name in the place of the own one, which must be known."""
        words = words_of(self.case.report)
        for pattern in candidates(patterns, words):
            for match in pattern.finditer(self.text, words):
                begin, end = match.span("name")
                strange = [at for at in range(begin, end - 2) if self.may_name(at, end)]
                # the gazetteer is asked last, since most reports can do without: to load it takes longer than all this
                if not strange or self.excused(*match.span()) or not names_a_county(self.own):
                    continue
                name = county_at_end(match["name"])
                if name and end - len(name) in strange:
                    yield name, "fail", (end - len(name), end)

    def may_name(self, begin: int, end: int) -> bool:
        """Whether a county that is not in the own name may begin and end here."""
        name, before = self.text[begin:end], self.text[max(begin - 1, 0) : begin]
        return may_be_county(name) and name not in self.own and bool(_BEFORE_PLACE.search(before))

    def elsewhere(self) -> Iterator[_Met]:
        """Towns of the roster named anywhere: a neighbour may be, so a person looks."""
        others = _short_names(self.case.names.others if self.case.names else ())
        for match in _TOWN.finditer(self.text) if others else ():
            run, end = match[0], match.end()
            name = next((run[at:] for at in range(len(run)) if run[at:] in others), None)
            if name and name not in self.own and not self.excused(end - len(name), end):
                yield name, "review", (end - len(name), end)

    def excused(self, start: int, end: int) -> bool:
        first, last = self.passage.sentence(start, end)
        sentence = self.passage.text[first:last]  # titles count here
        return any(pattern.search(sentence) for pattern in self.beside)


# --- personal data


def private(
    case: Case,
    *,
    scope: Sequence[str] = ("all",),
    verify: Sequence[Any] = (),
    forbid: Sequence[Pattern] = (),
    unless_near: Near | None = None,
) -> Iterator[Outcome]:
    """Personal data: what ``verify`` knows (as in ``wording``) and what ``forbid`` finds (group ``name`` if any).

    Value ``found`` and every quote keep the first three and last two characters only. ``unless_near`` excuses hits of
    ``mobile`` and of ``forbid``. One outcome for each word of ``verify``, one for ``forbid``.
    """
    texts = [case.report.texts[name].text for name in scope if name in case.report.texts]
    long_numbers = bool(verify) and any(map(_DIGITS.search, texts))
    outcomes = [
        replace(outcome, subject=word)
        for word in (verify if long_numbers else ())
        for outcome in wording(
            case, scope=scope, verify=word, mask_titles=False, unless_near=unless_near if word == "mobile" else None
        )
    ]
    if verify and not long_numbers:
        outcomes.append(Outcome("pass" if texts else "n/a", subject=verify[0]))
    if forbid:
        outcomes.append(_named(case, scope, forbid, unless_near))
    findings = [_concealed(outcome) for outcome in outcomes if outcome.state == "fail"]
    yield from findings or outcomes[:1]


_DIGITS = Pattern(r"[0-9](?: ?[0-9]){10}")  # shorter numbers are no id, card or phone


def _named(case: Case, scope: Sequence[str], forbid: Sequence[Pattern], unless: Near | None) -> Outcome:
    places: list[Where] = []
    words = words_of(case.report)
    live = candidates(forbid, words)
    for passage in (case.report.texts[name] for name in scope if name in case.report.texts):
        for pattern in live:
            for match in pattern.finditer(passage.text, words):
                group = "name" if "name" in match.re.groupindex else 0
                start, end = match.span(group)
                around = passage.text[max(start - (unless["within"] if unless else 0), 0) : start]
                if not (unless and unless["pattern"].search(around)):
                    places.append(passage.where(start, end))
    found = tuple(dict.fromkeys(place.quote or "" for place in places))[:5]
    return Outcome("fail" if places else "pass", {"found": found} if places else {}, tuple(places[:MAX_PLACES]))


def _concealed(outcome: Outcome) -> Outcome:
    found = outcome.values.get("found")
    words = tuple(conceal(str(word)) for word in found) if isinstance(found, tuple) else ()
    where = tuple(replace(place, quote=conceal(place.quote or "")) for place in outcome.where)
    return replace(outcome, values={**outcome.values, "found": words}, where=where)


def conceal(text: str) -> str:
    """Personal data without its middle: the first three and last two characters, of a short name only the first."""
    if len(text) <= 5:
        return text[:1] + "*" * (len(text) - 1)
    return text[:3] + "*" * (len(text) - 5) + text[-2:]
