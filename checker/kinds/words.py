"""Kinds that look at wording: statement (the text says it) and wording (the text must not say it).

Patterns are searched as if line by line: none can match across two paragraphs.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import Literal, TypedDict

from ..late import late
from ..model import Case, Outcome, Passage, Report, Where, record, subheadings
from ..patterns import Pairs, Pattern, candidates, pairs

MAX_PLACES = 20  #: places that one outcome names
_ENDS = "。！？；\n"
_TITLES = late(r"《[^《》\n]*》")
_FILLER = "\ue000"  # private use: no pattern of a pack means it


def statement(
    case: Case,
    *,
    scope: Sequence[str] = ("body",),
    any_of: Sequence[Pattern] = (),
    all_of: Sequence[Pattern] = (),
    each_of: Mapping[str, Mapping[str, Sequence[Pattern]]] | None = None,
    absent: Literal["n/a", "fail"] = "n/a",
    unless: Sequence[Pattern] = (),
    at_least: int = 1,
    headings: bool = False,
) -> Iterable[Outcome]:
    """The first scope that exists says it: one of ``any_of``, all of ``all_of``, and a cue for each of ``each_of``.

    ``at_least``: so many of ``any_of``; more are not looked for. ``headings``: subheadings of the scope's sections are
    searched as well. A hit does not count when ``unless`` matches in the same sentence. A part with its heading and no
    text says nothing, and fails; ``absent`` is for a report without that part. Value ``missing``: names of ``each_of``
    without any cue (fail) or with only weak cues (review).
    """
    name = next((name for name in scope if name in case.report.texts), None)
    if name is None:
        empty = [part.heading.where for part in case.report.sections if set(scope) & set(part.heading.topics)]
        yield Outcome("fail" if empty else absent, {"missing": tuple(each_of or ())}, tuple(empty[:1]))
        return
    passage = case.report.texts[name]
    below = subheadings(case.report.sections, name) if headings else ()
    said = Said(Passage((*passage.lines, *below)) if below else passage, unless, words_of(case.report))
    places = [said.first([pattern]) for pattern in all_of]
    if any_of:
        hits = list(islice(filter(None, (said.first([pattern]) for pattern in any_of)), at_least))
        places += hits if len(hits) >= at_least else [None]
    lost = each_of and _aspects(said, each_of)
    if None in places:
        # what all parts together do not say is missing nowhere in particular
        yield Outcome("fail", where=() if name == "main" else (opening(passage),))
    elif lost:
        yield from (Outcome(state, {"missing": names}, (opening(passage),)) for state, names in lost)
    else:
        yield Outcome("pass", where=tuple(place for place in places if place))


def wording(
    case: Case,
    *,
    scope: Sequence[str] = ("body",),
    forbid: Sequence[Pattern] = (),
    allow: Sequence[Pattern] = (),
    unless_near: Near | None = None,
    only_near: Near | None = None,
    mask_titles: bool = True,
    verify: Literal["resident_id", "bank_card", "mobile"] | None = None,
    roster: bool = False,
    gaps: Sequence[Pattern] = (),
) -> Iterable[Outcome]:
    """None of the scopes says it. Value ``found``: what was met, each wording once, the first five.

    ``roster``: it fails only where the wording names another unit of a roster, else it wants review.

    A hit inside a match of ``allow`` is excused, so is one with ``unless_near`` (or without ``only_near``) around it.
    ``verify`` keeps only digits that can be a resident's id, a bank card or a mobile phone; it brings its own pattern.
    ``gaps``: like ``forbid``, but only where the document has a wide blank in the match, which a text without blanks
    does not show (召开会议   次).
    """
    passages = [case.report.texts[name] for name in scope if name in case.report.texts]
    words = words_of(case.report)
    cues = candidates(forbid or (CANDIDATES[verify] if verify else ()), words)
    if not passages or not (cues or gaps):
        yield Outcome("pass" if passages else "n/a")
        return
    search = _Search(cues, allow, verify, mask_titles, words)
    spans = [
        (passage, start, end)
        for passage in passages
        for start, end in search.spans(passage, gaps)
        if not (unless_near or only_near) or near(passage, start, end, unless_near, only_near)
    ]
    if not spans:
        yield Outcome("pass")
        return
    wheres = tuple(passage.where(start, end) for passage, start, end in spans[:MAX_PLACES])
    found = tuple(dict.fromkeys(where.quote or "" for where in wheres))[:5]
    others = case.names.others if case.names else ()
    sure = not roster or any(_known(other) in word for other in others for word in found)
    yield Outcome("fail" if sure else "review", {"found": found}, wheres)


def _known(name: str) -> str:
    """An organ's name as another's report writes it, without its county: 司法局."""
    return re.sub(r"^.{2,}?[县市区旗](?=.{2,}[局委办])", "", name)


class Near(TypedDict):
    """A pattern and the number of characters on either side of a hit within which it is looked for."""

    pattern: Pattern
    within: int


def words_of(report: Report) -> Pairs | None:
    """What a pattern must meet somewhere in the report to be searched for in any part of it."""
    whole = report.texts.get("all")
    return pairs(whole.text) if whole else None


@lru_cache(maxsize=8)
def masked(text: str) -> str:
    """``text`` with every 《…》 blotted out at equal length: a quoted title is not the report's own wording."""
    return _TITLES.sub(_blot, text) if "《" in text else text


def _blot(match: re.Match[str]) -> str:
    return "《" + _FILLER * (len(match[0]) - 2) + "》"


def opening(passage: Passage) -> Where:
    """Where a passage begins, without quoting it."""
    line = passage.lines[0]
    start = line.where(0, 0)
    return Where(section=start.section, line=start.line, page=start.page, block=start.block)


@record
class Said:
    """A passage searched for statements, with patterns that veto a hit in their sentence."""

    passage: Passage
    unless: Sequence[Pattern]
    words: Pairs | None = None

    def first(self, patterns: Sequence[Pattern]) -> Where | None:
        """Where one of the patterns is met first without a veto in its sentence."""
        text = self.passage.text
        for pattern in patterns:
            span = pattern.first(text, self.words)
            if span and self._vetoed(text, *span):
                span = next((hit for hit in pattern.hits(text, self.words) if not self._vetoed(text, *hit)), None)
            if span:
                return self.passage.where(*span)
        return None

    def _vetoed(self, text: str, start: int, end: int) -> bool:
        if not self.unless:
            return False
        sentence = text[max(text.rfind(mark, 0, start) for mark in _ENDS) + 1 : _end(text, end)]
        return any(pattern.search(sentence) for pattern in self.unless)


def _end(text: str, start: int) -> int:
    """The end of the sentence that holds ``start``."""
    return min((at for mark in _ENDS if (at := text.find(mark, max(start - 1, 0))) >= 0), default=len(text))


_Lost = list[tuple[Literal["fail", "review"], tuple[str, ...]]]


def _aspects(said: Said, each_of: Mapping[str, Mapping[str, Sequence[Pattern]]]) -> _Lost:
    """(fail, names without a cue) and (review, names with weak cues only), where there are any."""
    rest = [name for name, cues in each_of.items() if not said.first(cues.get("strong", ()))]
    weak = tuple(name for name in rest if said.first(each_of[name].get("weak", ())))
    missing = tuple(name for name in rest if name not in weak)
    both: _Lost = [("fail", missing), ("review", weak)]
    return [(state, names) for state, names in both if names]


@record
class _Search:
    """The hits of forbidden patterns that nothing excuses."""

    forbid: Sequence[Pattern]
    allow: Sequence[Pattern]
    verify: str | None
    mask: bool
    words: Pairs | None

    def spans(self, passage: Passage, gaps: Sequence[Pattern] = ()) -> list[tuple[int, int]]:
        """(start, end) of each hit in order; of overlapping hits only the first and longest."""
        text = masked(passage.text) if self.mask else passage.text
        hits = {span for pattern in self.forbid for span in pattern.hits(text, self.words)}
        if gaps:
            hits.update(_gapped(passage, gaps))
        if self.verify:
            hits = {span for span in hits if VERIFIERS[self.verify](*_in_line(passage, *span))}
        if not hits:
            return []
        # an excuse may name the very title
        excused = [span for pattern in self.allow for span in pattern.hits(passage.text)]
        return list(_apart(sorted(hits, key=lambda hit: (hit[0], -hit[1])), excused))


_GAP = late(r"\S\S(?: {2,}|\u3000+|\xa0{2,}|\t)\S")  #: as in 会议   次, not as in words that are spaced out


def _gapped(passage: Passage, gaps: Sequence[Pattern]) -> Iterator[tuple[int, int]]:
    """What ``gaps`` find where a wide blank stands behind the second character of the match."""
    for line, base in zip(passage.lines, passage.offsets, strict=True):
        raw = line.raw
        if "  " in raw or "\u3000" in raw or "\t" in raw or "\xa0\xa0" in raw:
            for start, end in (span for pattern in gaps for span in pattern.hits(line.text)):
                if _GAP.match(line.said(start, end)):
                    yield base + start, base + end


def _in_line(passage: Passage, start: int, end: int) -> tuple[str, int, int]:
    """The line that holds a span, and the span in it."""
    line, base = passage.at(start)
    return line.text, start - base, end - base


def _apart(hits: Iterable[tuple[int, int]], excused: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    last = 0
    for start, end in hits:
        if start >= last and not any(low <= start and end <= high for low, high in excused):
            yield start, end
            last = end


def near(passage: Passage, start: int, end: int, unless: Near | None, only: Near | None) -> bool:
    """True when a hit has ``only`` around it in its line, if that is asked for, and not ``unless``."""
    text, start, end = _in_line(passage, start, end)

    def around(cue: Near) -> bool:
        return bool(cue["pattern"].search(text[max(start - cue["within"], 0) : end + cue["within"]]))

    return not (unless and around(unless)) and not (only and not around(only))


# Numbers of persons. Compact text keeps one blank between digits, so groups of four are met as well: a blank may also
# stand between two cells of a table, so that only the usual groups are one number.

CANDIDATES = {
    "resident_id": (Pattern(r"(?<![\dA-Za-z])\d(?: ?\d){16} ?[\dXx](?![\dA-Za-z])"),),
    "bank_card": (Pattern(r"(?<![\dA-Za-z])\d(?: ?\d){15,18}(?![\dA-Za-z])"),),
    "mobile": (Pattern(r"(?<![\d-])1[3-9]\d(?:\d{8}|-\d{4}-\d{4}(?!-)|(?<!\d \d{3}) \d{4} \d{4}(?! \d))(?!\d)"),),
}
_APART = dict.fromkeys(map(ord, " -"))  #: between the groups of a number
_REGISTERED = late(r"(?:信用代码|编号|文号|备案|许可|〕|第)[^，。；]{0,8}$")


def is_resident_id(text: str, start: int, end: int) -> bool:
    """An 18-digit resident's id: a real day of birth and a right check digit."""
    digits = text[start:end].replace(" ", "").upper()
    if not re.fullmatch(r"[1-9]\d{16}[\dX]", digits):
        return False
    try:
        dt.date(int(digits[6:10]), int(digits[10:12]), int(digits[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * (2 ** (17 - at) % 11) for at, digit in enumerate(digits[:17]))
    return 1800 <= int(digits[6:10]) <= 2100 and digits[17] == "10X98765432"[total % 11]


def is_bank_card(text: str, start: int, end: int) -> bool:
    """16 to 19 digits with a right Luhn digit, in groups of four or more if in any, that are no id and no permit."""
    digits = text[start:end].replace(" ", "")
    if not re.fullmatch(r"[3-9]\d{15,18}", digits) or text[end : end + 1] == "号":
        return False
    if re.search(r"\b\d{1,3} ", text[start:end]):
        return False
    if _REGISTERED.search(text[max(start - 20, 0) : start]) or is_resident_id(text, start, end):
        return False
    doubled = [int(digit) * (1 + at % 2) for at, digit in enumerate(reversed(digits))]
    return sum(value - 9 * (value > 9) for value in doubled) % 10 == 0


def is_mobile(text: str, start: int, end: int) -> bool:
    """Eleven digits of a mobile phone that belong to no longer number."""
    digits = text[start:end].translate(_APART)
    longer = re.match(r"[\d.%]|[件条次篇份个万元户]", text[end : end + 1]) or text[max(start - 1, 0) : start] in (
        ".",
        "第",
    )
    return bool(re.fullmatch(r"1[3-9]\d{9}", digits)) and not longer


VERIFIERS: dict[str, Callable[[str, int, int], bool]] = {
    "resident_id": is_resident_id,
    "bank_card": is_bank_card,
    "mobile": is_mobile,
}
