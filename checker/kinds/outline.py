"""Kinds that judge a report's outline: its first-level parts, and the numbering of headings and points."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from ..late import late
from ..model import Case, Heading, Outcome, Passage, Report, Section, Value
from ..patterns import Pattern

_NUMERALS = "一二三四五六七八九十"
_POINT = late(r"(?P<number>[一二三四五六七八九十]{1,2})(?P<mark>是|要)")
#: where one ends: what begins with a plain character is found ten times as fast as what begins with a set of them
_POINTS = tuple(late(rf"{mark}(?<=[一二三四五六七八九十]{mark})") for mark in "是要")
#: 1. or 1、 or （1） where a sentence or clause begins; no figure, for none of those is followed by a dot alone
_LISTED = late(r"(?:^|(?<=[。；：，\n（]))([1-9])(?:[.．、）](?!\d(?!0\d\d年)))", re.MULTILINE)
_BEFORE_POINT = frozenset("\n。；，：、！？）")
_VAGUE = frozenset(("organisation", "plan"))  #: topics of headings that may stand for another part: 五、下一步打算
_BLANKS = "\n 、，。；："  #: compact text has no other blanks
_SMALL_WORDS = late(
    r"政府|信息|公开|工作|情况|主要|方面|本年度?|20\d\d年度?|因|被|的|和|与|及|[、，。；：“”《》（）\s]"
)


def section(
    case: Case,
    *,
    require: Mapping[str, str] | None = None,
    in_place: bool = False,
    order: Sequence[str] = (),
    exact: Mapping[str, str] | None = None,
    max_parts: int | None = None,
    form: Sequence[str] = (),
    forbid: Sequence[Pattern] = (),
    min_chars: Mapping[str, int] | None = None,
    topic: str | None = None,
    max_chars: int | None = None,
    cues: Sequence[Pattern] = (),
    max_uncued: int = 200,
    own: Mapping[str, Sequence[Pattern]] | None = None,
    foreign: Sequence[Pattern] = (),
) -> Iterable[Outcome]:
    """The first-level parts of a report; every parameter given is one check.

    ``require`` {topic: title}: each topic has a part (value ``missing``: titles); with ``in_place`` a heading that
    says nothing else, at the very number of a missing one, gives review. ``order``: the topics that are there stand in
    this order (``found``, ``wrong``). ``exact`` {topic: heading}: one outcome a part worded otherwise (``found``,
    ``expected``). ``max_parts``: no higher number (``found``: the parts of none of the topics ``form``, or those
    with these numbers). ``forbid``: on first-level headings (``found``).
    ``min_chars`` {topic: characters}: a part without table or picture is not shorter (``found``, ``chars``). ``topic``
    names the part of ``max_chars`` (``chars``), and of ``cues``: no paragraph longer than ``max_uncued`` without any
    cue (``chars``).
    ``own`` {topic: patterns}, ``foreign``: the text under a topic must not speak of ``foreign`` alone (``found``).
    """
    report, parts = case.report, case.report.sections
    if not (parts or report.texts.get("body")):
        return [Outcome("unknown")]
    checks: tuple[Iterable[Outcome], ...] = (
        _required(report, require, in_place) if require else (),
        [_ordered(parts, order)] if order else (),
        _exact(parts, exact) if exact else (),
        [_counted(parts, max_parts, form)] if max_parts else (),
        _forbidden(parts, forbid) if forbid else (),
        _filled(report, min_chars) if min_chars else (),
        [_bounded(report, topic, max_chars)] if topic and max_chars else (),
        [_focused(report, topic, cues, max_uncued)] if topic and cues else (),
        _placed(report, own, foreign) if own else (),
    )
    return chain.from_iterable(checks)


def _about(sections: Iterable[Section], topic: str) -> list[Section]:
    return [part for part in sections if topic in part.heading.topics]


def _title(heading: Heading) -> str:
    return f"{heading.label}{heading.text}"


def _required(report: Report, titles: Mapping[str, str], in_place: bool) -> Iterator[Outcome]:
    missing: list[str] = []
    doubtful: list[tuple[str, Heading]] = []
    for number, (topic, title) in enumerate(titles.items(), 1):
        if _about(report.sections, topic):
            continue
        standin = _stand_in(report.sections, number) if in_place else None
        if standin:
            doubtful.append((title, standin))
        else:
            missing.append(title)
    if missing:
        yield Outcome("fail", {"missing": "；".join(missing), "count": len(missing)})
    for title, heading in doubtful:
        named = f"{title}（该处的标题是“{_title(heading)}”）"
        yield Outcome("review", {"missing": named, "count": 1}, (heading.where,), title)
    if not missing and not doubtful:
        yield Outcome("pass", where=tuple(_about(report.sections, topic)[0].heading.where for topic in titles))


def _stand_in(sections: Iterable[Section], number: int) -> Heading | None:
    """The first-level heading of this number when its words do not say that it is about something else."""
    return next(
        (p.heading for p in sections if p.heading.number == number and _VAGUE.issuperset(p.heading.topics)), None
    )


def _ordered(sections: Sequence[Section], order: Sequence[str]) -> Outcome:
    """A part may answer several topics, so the earliest place not before the last one is taken."""
    places = {topic: at for topic in order if (at := [i for i, p in enumerate(sections) if topic in p.heading.topics])}
    if len(places) < 2:
        return Outcome("n/a")
    last = 0
    for at in places.values():
        following = [i for i in at if i >= last]
        if not following:
            heads = [sections[i].heading for i in sorted({i for at in places.values() for i in at})]
            wrong = sections[at[0]].heading
            return Outcome("fail", {"found": "；".join(map(_title, heads)), "wrong": _title(wrong)}, (wrong.where,))
        last = following[0]
    return Outcome("pass")


def _exact(sections: Sequence[Section], wordings: Mapping[str, str]) -> Iterator[Outcome]:
    known = [(topic, heading) for topic, wording in wordings.items() if (heading := _best(sections, topic, wording))]
    for topic, heading in known:
        expected = wordings[topic]
        same = heading.text.rstrip("。：:") == expected
        yield Outcome(
            "pass" if same else "fail", {"found": heading.text, "expected": expected}, (heading.where,), topic
        )
    if not known:
        yield Outcome("n/a")


def _best(sections: Sequence[Section], topic: str, wording: str) -> Heading | None:
    """The heading of a topic, the one worded as expected before any other."""
    heads = [part.heading for part in _about(sections, topic) if part.heading.text]
    return next((h for h in heads if h.text.rstrip("。：:") == wording), heads[0] if heads else None)


def _counted(sections: Sequence[Section], most: int, form: Sequence[str]) -> Outcome:
    if not sections:
        return Outcome("n/a")
    numbers = [part.heading.number for part in sections]
    extra = [p.heading for p in sections if (p.heading.number or 0) > most]
    if not any(numbers):
        extra = [part.heading for part in sections[most:]]
    elif len(extra) == 1 and len(sections) <= most and "other" in extra[0].topics:  # a number before it was left out
        extra = []
    if not extra:
        return Outcome("pass")
    foreign = [part.heading for part in sections if form and not {*form}.intersection(part.heading.topics)]
    if len(foreign) == len(extra):  # one that was put in between moves the last number on
        extra = foreign
    found = "；".join(map(_title, extra))
    return Outcome("fail", {"found": found, "count": len(extra)}, tuple(h.where for h in extra))


def _forbidden(sections: Sequence[Section], forbid: Sequence[Pattern]) -> Iterator[Outcome]:
    if not sections:
        yield Outcome("n/a")
        return
    hits = [p.heading for p in sections if any(pattern.search(p.heading.text) for pattern in forbid)]
    if not hits:
        yield Outcome("pass")
        return
    found = "；".join(map(_title, hits))
    yield Outcome("fail", {"found": found, "count": len(hits)}, tuple(heading.where for heading in hits))


def _filled(report: Report, least: Mapping[str, int]) -> Iterator[Outcome]:
    judged = False
    for part in report.sections:
        wanted = [topic for topic in part.heading.topics if topic in least]
        if not wanted:
            continue
        judged = True
        chars = len(part.text.text) - sum(map(part.text.text.count, _BLANKS))
        full = part.tables or part.pictures or chars >= min(least[topic] for topic in wanted)
        values: dict[str, Value] = {"found": _title(part.heading), "chars": chars}
        yield Outcome("pass" if full else "fail", values, (part.heading.where,), wanted[0])
    if not judged:
        yield Outcome("n/a")


def _bounded(report: Report, topic: str, most: int) -> Outcome:
    passage = report.texts.get(topic)
    if not passage:
        return Outcome("n/a")
    chars = len(re.sub(r"\s", "", passage.text))
    return Outcome("fail" if chars > most else "pass", {"chars": chars}, (passage.where(0, len(passage.text)),))


def _focused(report: Report, topic: str, cues: Sequence[Pattern], most: int) -> Outcome:
    passage = report.texts.get(topic)
    if not passage:
        return Outcome("n/a")
    stray = [line for line in passage.lines if len(line.text) > most and not any(c.search(line.text) for c in cues)]
    if not stray:
        return Outcome("pass")
    places = tuple(line.where(0, len(line.text)) for line in stray)
    return Outcome("fail", {"chars": sum(len(line.text) for line in stray)}, places)


def _placed(report: Report, own: Mapping[str, Sequence[Pattern]], foreign: Sequence[Pattern]) -> Iterator[Outcome]:
    judged = False
    for topic, patterns in own.items():
        passage = report.texts.get(topic)
        if not passage:
            continue
        judged = True
        hit = next((match for pattern in foreign if (match := pattern.search(passage.text))), None)
        if hit is None or any(pattern.search(passage.text) for pattern in patterns):
            yield Outcome("pass", subject=topic)
        else:
            found = passage.raw(hit.start(), hit.end())
            yield Outcome("fail", {"found": found}, (passage.where(hit.start(), hit.end()),), topic)
    if not judged:
        yield Outcome("n/a")


def sequence(
    case: Case,
    *,
    of: str | Sequence[str],
    depths: Sequence[int] | Mapping[str, Sequence[int]] = (1,),
    scope: str = "body",
    stated: str = "parts.stated",
    annexed: str = "attachment.named",
    listed: Pattern | None = None,
    split: Pattern | None = None,
    official: Mapping[str, int] | None = None,
) -> Iterator[Outcome]:
    """Numbering and counting; ``of`` is one check or a list of them, one outcome each.

    ``headings``: numbers of the headings of ``depths`` (1 for 一、; or a map era -> depths) run on without gap or
    repeat, and the first level starts at one (``found``, ``expected``); none with a number: n/a; a part that has the
    number which is ``official`` for its topic is numbered right, whatever is missing or stands before it.
    ``points``: the same for 一是 in ``scope``. ``parts``: the fact ``stated`` equals the number of first-level parts,
    the annex that the fact ``annexed`` names may be one of them (``stated``, ``count``). ``names``: what the group
    ``names`` of ``listed`` announces in ``scope`` has each first-level heading in it (``missing``). ``pairs``: as many
    points, also 1. and （1）, stand before as after the first match of ``split`` in ``scope`` (``before``, ``after``).
    """
    for check in [of] if isinstance(of, str) else of:
        if check == "headings":
            own = depths.get(case.report.era or "", ()) if isinstance(depths, Mapping) else depths
            yield _headings(case.report.headings, own, official or {})
        elif check == "points":
            yield _points(case.report.texts.get(scope))
        elif check == "parts":
            yield _parts(case.report, stated, annexed)
        elif check == "names":
            yield _names(case.report, scope, listed)
        elif check == "pairs":
            yield _pairs(case.report.texts.get(scope), split)
        else:
            raise ValueError(f"sequence: of={check!r}")


def _numeral(number: int) -> str:
    """1 to 99 in Chinese numerals."""
    tens, units = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else _NUMERALS[tens - 1] + "十"
    return head + (_NUMERALS[units - 1] if units else "")


def _number(numeral: str) -> int:
    """The inverse of ``_numeral``; 0 for what is no number up to 99."""
    tens, ten, units = numeral.rpartition("十")
    if not ten:
        return _NUMERALS.index(numeral) + 1 if len(numeral) == 1 else 0
    return (_NUMERALS.index(tens) + 1 if tens else 1) * 10 + (_NUMERALS.index(units) + 1 if units else 0)


_LABELS = {1: "{}、", 2: "（{}）", 3: "{}.", 4: "（{}）"}


def _label(level: int, number: int) -> str:
    return _LABELS.get(level, "{}").format(_numeral(number) if level < 3 else number)


def _headings(headings: Sequence[Heading], depths: Sequence[int], official: Mapping[str, int]) -> Outcome:
    heads = [heading for heading in headings if heading.level in depths]
    numbered = [heading for heading in heads if heading.number]
    if len(heads) < 2 or not numbered:
        return Outcome("n/a")
    faults = [fault for level in depths for fault in _gaps(headings, level, official)]
    if not faults:
        return Outcome("pass")
    first, number = faults[0]
    values = {"found": _title(first), "expected": _label(first.level, number)}
    return Outcome("fail", values, tuple(heading.where for heading, _ in faults))


def _gaps(headings: Sequence[Heading], level: int, official: Mapping[str, int]) -> list[tuple[Heading, int]]:
    """Headings of ``level`` out of turn, with the number expected there.

    Below the first level numbers may start again under each parent, or run on from the last one. A part that bears its
    ``official`` number is right wherever it stands: what is missing, or out of order, is another matter.
    """
    faults, last, fresh, met = [], 0, True, set[int]()
    for heading in headings:
        if heading.level < level:
            fresh = True
        if heading.level != level or not heading.number:
            continue
        mine = level == 1 and heading.number not in met and heading.number in map(official.get, heading.topics)
        if heading.number != last + 1 and not mine and not (fresh and heading.number == 1):
            faults.append((heading, 1 if fresh else last + 1))
        last, fresh = max(heading.number, last) if mine else heading.number, False
        met.add(heading.number)
    return faults


def _points(passage: Passage | None) -> Outcome:
    marks = list(_numbered(passage)) if passage else []
    if not passage or not marks:
        return Outcome("n/a")
    runs: dict[tuple[str | None, str], list[int]] = {}
    for start, end, section_label, mark, number in marks:
        open_runs = runs.setdefault((section_label, mark), [])
        if number == 1 or not open_runs:
            open_runs.append(number)
            continue
        if (at := next((i for i in reversed(range(len(open_runs))) if open_runs[i] == number - 1), None)) is None:
            values = {"found": f"{_numeral(number)}{mark}", "expected": f"{_numeral(open_runs[-1] + 1)}{mark}"}
            return Outcome("fail", values, (passage.where(start, end),))
        open_runs[at:] = [number]
    return Outcome("pass")


def _numbered(passage: Passage) -> Iterator[tuple[int, int, str | None, str, int]]:
    for match, number in _marks(passage.text):
        line, _ = passage.at(match.start())
        yield match.start(), match.end(), line.section, match["mark"], number


def _parts(report: Report, stated: str, annexed: str) -> Outcome:
    fact = report.fact(stated)
    if fact.state == "unread":
        return Outcome("unknown", where=(fact.where,))
    if fact.state != "given" or not isinstance(fact.value, int):
        return Outcome("n/a")
    count = len(report.sections)
    values = {"stated": fact.value, "count": count}
    if count < 2:  # more likely headings that were not recognised, or a text that was cut
        return Outcome("review", values, (fact.where,))
    annexes = len(_about(report.sections, "attachment"))
    named = report.fact(annexed).state == "given"
    fits = count - annexes <= fact.value <= count + (named and not annexes)
    skipped = max(part.heading.number or 0 for part in report.sections) > count  # more likely a heading not recognised
    return Outcome("pass" if fits else "review" if skipped else "fail", values, (fact.where,))


def _names(report: Report, scope: str, listed: Pattern | None) -> Outcome:
    passage = report.texts.get(scope)
    match = listed.search(passage.text) if passage and listed else None
    if not passage or not match or not report.sections:
        return Outcome("n/a")
    start, end = match.span("names")
    announced = set(_SMALL_WORDS.sub("", passage.text[start:end]))
    missing = [part.heading for part in report.sections if not _announced(part.heading, announced)]
    if not missing:
        return Outcome("pass")
    places = (passage.where(start, end), *(heading.where for heading in missing))
    return Outcome("fail", {"missing": "；".join(map(_title, missing)), "count": len(missing)}, places)


def _announced(heading: Heading, characters: set[str]) -> bool:
    """At least half of what a heading says beyond small words stands in the announcement."""
    core = set(_SMALL_WORDS.sub("", heading.text))
    return len(core & characters) * 2 >= len(core)


def _pairs(passage: Passage | None, split: Pattern | None) -> Outcome:
    match = split.search(passage.text) if passage and split else None
    if not passage or not match:
        return Outcome("n/a")
    before, after = _most_points(passage.text[: match.start()]), _most_points(passage.text[match.start() :])
    if before < 2 or after < 2:
        return Outcome("n/a")
    values = {"before": before, "after": after}
    return Outcome("pass" if before == after else "fail", values, (passage.where(match.start(), match.end()),))


def _most_points(text: str) -> int:
    """The highest number of the points 一是、二是, or of 1. and （1） counted from one, in a text."""
    listed = 0
    for match in _LISTED.finditer(text):
        if int(match[1]) == listed + 1:
            listed += 1
    return max((number for _, number in _marks(text)), default=listed)


def _marks(text: str) -> Iterator[tuple[re.Match[str], int]]:
    """The points 一是, 二要 of a text, each with its number."""
    for end in sorted([sign.end() for point in _POINTS for sign in point.finditer(text)]):
        match = _POINT.match(text, max(end - 3, 0)) or _POINT.match(text, end - 2)
        start = match.start() if match else 0
        if match and (start == 0 or text[start - 1] in _BEFORE_POINT) and (number := _number(match["number"])):
            yield match, number
