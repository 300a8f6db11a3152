"""The headings of a report and how deep each is: what counts from 一 again inside a part are points of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from checker.extract.headings import heading_of
from checker.extract.lines import cut_line
from checker.extract.marks import BRIEF, CN, END, OFFICIAL
from checker.extract.outline.draft import Draft
from checker.late import late
from checker.model import Heading, Line

Found = tuple[int, Heading, Line | None]  #: index of its line, the heading, the text behind it
_MOST_POINTS = 30  #: of a part, so that a long list costs no more for each of its headings
_DEEPEST, _UNNUMBERED = 4, 5  #: levels of ① below 1., and of a heading without a number
_MOST_OF_SIX = 4  #: parts that tell what the first level is
_COUNTS_OFF = late(r"第[^、部]*[，,：:．.]$")
_NAMES = late(rf"(?:{END}|其[他它])$|{BRIEF.pattern}$")  #: what only names (（一）主动公开。), and says nothing yet
_FAULT = late(
    r"不[够足高强细广深平]|不到位|不及时|不熟|生疏|薄弱|滞后|兼职多|偏[低少慢窄短]|却不|更新慢|不[断详]细?|有的[^，。]{0,10}不|单一|欠缺|超过[^，。]{0,6}[天日月]|较[低少慢弱]|下一?步|将|拟"
)
_TO_COME = late(r"改进|整改|下一?步|下一?阶段|下一?年|今后|往后|打算|计划|设想|努力方向|对策|20\d\d")
_OF_FIGURES = late(r"复议|诉讼|申请|收费|费用|[没无]")
#: groups of the statistics return that no part of a report is called by, where its rows have run together
_NUMBER_ALONE = late(rf"第?[{CN}]{{1,3}}[、．.]|第[{CN}]部分[：、]?|（[{CN}]{{1,3}}）[、．.]?|\d{{1,2}}[、．.。]")
_HEADING_ALONE = late(rf"[^。；，,！？：:\d]{{2,30}}(?:{END}|公开|申请|诉讼|减免)")
_GROUP = late(r"[一二三四五六七八九]、(?:机构建设和保障经费情况|政府信息公开会议和培训情况)")


def join_numbers(draft: Draft) -> None:
    """A number alone on its line and the heading that it counts, on the next one, become one line."""
    for i in range(len(draft.lines) - 2, -1, -1):
        if not draft.role[i] and not draft.role[i + 1] and _NUMBER_ALONE.fullmatch(draft.lines[i].text):
            below = draft.lines[i + 1].text
            if OFFICIAL.fullmatch(below) or _HEADING_ALONE.fullmatch(below):
                draft.join(i, i + 2)


def find_headings(draft: Draft) -> list[Found]:
    """The headings in order, each at its level."""
    found = []
    for i, line in enumerate(draft.lines):
        if draft.role[i] or (_GROUP.match(line.text) and any("统计指标" in each.text for each in draft.lines[:i])):
            continue
        if result := heading_of(line, draft.raws[i].hint):
            found.append((i, result[0], result[1]))
    return [(i, heading, body or _said(draft, i, heading)) for i, heading, body in _settle(found)]


def _said(draft: Draft, i: int, heading: Heading) -> Line | None:
    """The text of a point that says all in its one line (一、政策解读不够深入。); None where it only names."""
    line = draft.lines[i]
    if heading.level == 1 or not heading.text or line.text[-1] not in "。；" or _NAMES.search(heading.text):
        return None
    below = i + 1 < len(draft.lines) and not draft.role[i + 1]
    if below and not heading_of(draft.lines[i + 1], draft.raws[i + 1].hint):
        return None
    return cut_line(line, line.text.rindex(heading.text))


def _settle(found: list[Found]) -> list[Found]:
    """Unnumbered headings count as first-level ones when the report has no numbered ones or one is missing."""
    found = _outermost(found)
    if any(h.level == 1 and not h.label.startswith("第") for _, h, _ in found):  # 第一，… in the text is no heading
        found = [each for each in found if not _COUNTS_OFF.match(each[1].label)]
    found = _nested(found, next((h.level for _, h, _ in found if h.number == 1), 1) if _no_first(found) else 1)
    first = [h for _, h, _ in found if h.level == 1]
    six = sum(h.level == _UNNUMBERED and bool(OFFICIAL.fullmatch(h.text)) for _, h, _ in found) >= _MOST_OF_SIX
    second = sum(h.level == 2 and bool(h.topics) for _, h, _ in found) >= _MOST_OF_SIX  # a report of （一）（二）（三）
    settled = []
    seen = 0
    for i, heading, body in found:
        if heading.level == 1:
            seen += 1
        missing = first and seen == 0 and first[0].number == 2
        official = bool(OFFICIAL.fullmatch(heading.text))
        alone = not first and (official if six or second else True)  # or else it stands below one
        if heading.level == _UNNUMBERED and (alone or missing):
            heading = replace(heading, level=1)
            if missing:
                seen += 1
        if (
            heading.level == 1
            and heading.number == 1
            and heading.topics == ("plan",)
            and not _TO_COME.search(heading.text)
        ):
            heading = replace(heading, topics=("organisation",))  # 一、加强信息公开的工作措施: what was done
        if heading.level == 1 and (heading.number or 0) >= 5 and _names_a_fault(heading, body):
            heading = replace(heading, topics=("problems", "plan"))
        settled.append((i, heading, body))
    return settled


def _no_first(found: list[Found]) -> bool:
    """Whether the parts are （一）（二）（三）, points of which may be counted so, too."""
    return not any(h.level in (1, _UNNUMBERED) for _, h, _ in found)


def _outermost(found: list[Found]) -> list[Found]:
    """Headings 1、2、3、 or （1）（2）（3） above （一） are the first level of a report that has no 一、."""
    numbered = [h for _, h, _ in found if h.level in (1, 2, 3, 4)]
    if not numbered or numbered[0].level < 3 or any(h.level == 1 for h in numbered):
        return found
    named = [h for h in numbered if h.level == numbered[0].level and h.topics]
    official = [h for h in named if OFFICIAL.fullmatch(h.text)]
    parts = official if len(official) >= _MOST_OF_SIX else named
    if len(parts) < _MOST_OF_SIX or [h.number for h in parts] != list(range(1, len(parts) + 1)):
        return found
    return [(i, replace(h, level=1) if h in parts else h, body) for i, h, body in found]


def _nested(found: list[Found], level: int = 1) -> list[Found]:
    """Headings counted from 一 again inside another one are points of it; what stands below them is deeper, too."""
    top = [(place, heading) for place, (_, heading, _) in enumerate(found) if heading.level == level]
    if sum(heading.number == 1 for _, heading in top) < 2:
        return found
    found, outer, at = list(found), [top[0][1]], 1
    while at < len(top):
        count = _points_of(outer, [heading for _, heading in top[at : at + _MOST_POINTS]])
        if count:
            begin, after = top[at][0], top[at + count][0] if at + count < len(top) else len(found)
            points = _deeper(found[begin:after], found[begin - 1][1], level)
            found[begin:after] = _nested(points, points[0][1].level)
        else:
            outer.append(top[at][1])
        at += count or 1
    return found


def _deeper(points: Sequence[Found], above: Heading, level: int) -> list[Found]:
    """Headings counted like those of ``level``, and what is below them, at their place below the one ``above`` them."""
    found = []
    for i, heading, body in points:
        if heading.level == _UNNUMBERED:
            above = heading
        elif above.level == level + 1 == heading.level and heading.number == (above.number or 0) + 1:
            above = heading  # （一） above 一、二、 and （二） below them are of one level
        elif heading.level < _DEEPEST:
            between = heading.level == level and above.level in (level + 1, _UNNUMBERED)
            heading = replace(heading, level=heading.level + 1 + between)
        found.append((i, heading, body))
    return found


def _points_of(outer: Sequence[Heading], rest: Sequence[Heading]) -> int:
    """How many of the next headings are points of the last one of ``outer``: 0 when they are parts like it.

    Points begin with 一 and count on, two at least, and may begin again. What follows them is the next part, by its
    number; when nothing does, or another number, each of the points must be one that the part may have.
    """
    part = outer[-1]
    count = next((n for n, heading in enumerate(rest) if heading.number != n + 1), len(rest))
    same = [one.topics == other.topics for one, other in zip(outer, rest[:count], strict=False)]
    if not count or sum(same) * 2 > len(same) > 1:
        return 0  # the parts of one more report
    for end in _ends(count, (part.number or 0) + 1, rest):
        if end == count or _counts_on(rest[:end]) or all(_belongs(point, part) for point in rest[:end]):
            return end
    many = count > 1 or len(rest) == 1  # 一、…；二、…；三、… in one paragraph of the last part
    return count if many and all(_belongs(point, part) for point in rest[:count]) else 0


def _ends(count: int, number: int, rest: Sequence[Heading]) -> list[int]:
    """Where the next part may stand, which has this number: first where it is named as in a form, or ends a count."""
    found = [n for n, heading in enumerate(rest) if n > 1 and heading.number == number]
    return sorted(found, key=lambda n: (not OFFICIAL.fullmatch(rest[n].text), n != count))


def _counts_on(points: Sequence[Heading]) -> bool:
    """Whether each number follows on the one before or is 一, and none of them is a part of a form."""
    numbers = [point.number or 0 for point in points]
    counted = all(number in (1, before + 1) for before, number in zip([0, *numbers], numbers, strict=False))
    return counted and not any(OFFICIAL.fullmatch(point.text) for point in points)


def _belongs(heading: Heading, part: Heading) -> bool:
    """Whether a heading says no more than a point of a part may say: problems and plans may be of anything."""
    if OFFICIAL.fullmatch(heading.text):
        return False
    about = {"organisation", *part.topics}
    return not about.isdisjoint(("other", "problems", "plan")) or about.issuperset(heading.topics)


def _names_a_fault(heading: Heading, body: Line | None) -> bool:
    """七、部分村更新慢，将逐月检查: a part, below those with figures, that has no heading and tells what is wrong."""
    if heading.text or body is None or {"problems", "plan", "other", "fees"}.intersection(heading.topics):
        return False
    return bool(_FAULT.search(body.text)) and not _OF_FIGURES.search(body.text)
