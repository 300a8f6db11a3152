"""Kinds that look for what is others': their words, their names, and numbers that belong to a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from ..late import late
from ..model import Case, Outcome, Passage, VerdictState, Where, record
from ..patterns import Pattern, candidates
from ..places import county_at_end, may_be_county, names_a_county
from .prose import unquoted, untitled
from .words import MAX_PLACES, Near, wording, words_of

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
        text = untitled(passage.text) if quoted else unquoted(untitled(passage.text))
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
    titles: Sequence[Pattern] = (),
    scope: str = "body",
) -> Iterator[Outcome]:
    """Names (group ``name``) of another organ where the report speaks of itself: {level: patterns}.

    It fails where a roster has the name and it is of the own level, or where it is another county of China in the place
    of the organ's own (``counties``); else it wants review, and so does the name of a unit of the roster anywhere else
    in the text. A name is the organ's own when its last three characters stand in the place or the title. ``unless``:
    what is no name (我镇, 各乡镇). ``beside``: what a sentence says that may name others (结对, 考察). ``titles``:
    where it says by which 《…》 it goes, which all else passes over. Values ``found place``; n/a without a known place.
    """
    passage, place = case.report.texts.get(scope), case.report.place
    patterns = names.get(case.report.level or "")
    if not passage or not place or not patterns:
        yield Outcome("n/a" if passage else "unknown")
        return
    title = case.report.texts.get("title")
    own = "".join((place, title.text if title else "", *(case.names.own if case.names else ())))
    strange = _Strange(case, passage, untitled(passage.text), own, beside)
    found: dict[str, tuple[VerdictState, list[Where]]] = {}
    met = (
        *strange.in_place(patterns, unless),
        *replace(strange, text=passage.text).in_place(titles, unless),
        *strange.counties(counties),
        *strange.elsewhere(),
    )
    for name, state, span in met:
        places = found.setdefault(name, (state, []))[1]
        if (where := passage.where(*span)) not in places:
            places.append(where)
    for name, (state, places) in found.items():
        yield Outcome(state, {"found": name, "place": place}, tuple(places[:MAX_PLACES]), name)
    if not found:
        yield Outcome("pass")


_Met = tuple[str, VerdictState, tuple[int, int]]  #: a name, what it is worth, where it stands
_SHORT = late(r"(?:[^省市县区旗州盟]{2,}[省市县区旗州盟])*(?P<name>.{2,}?)(?:人民政府|政府|办事处)?$")
_TOWNS = ("镇", "乡", "街道")
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


def _kind(name: str) -> str:
    """What a level, or an organ by the end of its name, is: 街道, 镇 (and 乡), or nothing for what is neither."""
    return "街道" if name.endswith("街道") else "镇" if name.endswith(("镇", "乡")) else ""


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
                own = name[-3:] in self.own or self.shortened(name)
                if not own and not any(veto.search(name) for veto in unless) and not self.excused(*match.span()):
                    sure = name in others and _kind(name) == _kind(self.case.report.level or "")
                    yield name, "fail" if sure else "review", match.span("name")

    def shortened(self, name: str) -> bool:
        """Whether this is the own name without its middle: 高峰乡 of 高峰土家族乡."""
        return any(name.endswith(kind) and name.removesuffix(kind) in self.own for kind in _TOWNS)

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
    long_numbers = bool(verify) and any(map(_has_long_number, texts))
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


_LONG = b"0" * 11  #: shorter numbers are no id, card or phone
_DIGITS_ALONE = bytes([ord("0" if chr(code).isdecimal() else "?") for code in range(128)]) + b"?" * 128


def _has_long_number(text: str) -> bool:
    """Whether so many digits stand in a row, blanks and hyphens aside: told in a quarter of the time of a search."""
    return _LONG in text.encode("ascii", "replace").translate(_DIGITS_ALONE, b" -")


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
