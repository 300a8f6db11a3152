"""The headings of a report and how deep each is: what counts from 一 again inside a part are points of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from checker.extract.headings import heading_of
from checker.extract.marks import OFFICIAL
from checker.extract.outline.draft import Draft
from checker.late import late
from checker.model import Heading, Line

Found = tuple[int, Heading, Line | None]  #: index of its line, the heading, the text behind it
_MOST_POINTS = 30  #: of a part, so that a long list costs no more for each of its headings
_DEEPEST = 4  #: level of ① below 1.
_MOST_OF_SIX = 4  #: parts that tell what the first level is
_COUNTS_OFF = late(r"第[^、部]*[，,：:．.]$")
_FAULT = late(
    r"不[够足高强细广深平]|不到位|不及时|不熟|生疏|薄弱|滞后|兼职多|偏[低少慢窄短]|却不|更新慢|不[断详]细?|有的[^，。]{0,10}不|单一|欠缺|超过[^，。]{0,6}[天日月]|较[低少慢弱]|下一?步|将|拟"
)
_OF_FIGURES = late(r"复议|诉讼|申请|收费|费用|[没无]")
#: groups of the statistics return that no part of a report is called by, where its rows have run together
_GROUP = late(r"[一二三四五六七八九]、(?:机构建设和保障经费情况|政府信息公开会议和培训情况)")


def find_headings(draft: Draft) -> list[Found]:
    """The headings in order, each at its level."""
    found = []
    for i, line in enumerate(draft.lines):
        if draft.role[i] or (_GROUP.match(line.text) and any("统计指标" in each.text for each in draft.lines[:i])):
            continue
        if result := heading_of(line, draft.raws[i].hint):
            found.append((i, result[0], result[1]))
    return _settle(found)


def _settle(found: list[Found]) -> list[Found]:
    """Unnumbered headings count as first-level ones when the report has no numbered ones or one is missing."""
    found = _outermost(found)
    if any(h.level == 1 and not h.label.startswith("第") for _, h, _ in found):  # 第一，… in the text is no heading
        found = [each for each in found if not _COUNTS_OFF.match(each[1].label)]
    found = _nested(found)
    first = [h for _, h, _ in found if h.level == 1]
    six = sum(h.level == 5 and bool(OFFICIAL.fullmatch(h.text)) for _, h, _ in found) >= _MOST_OF_SIX
    settled = []
    seen = 0
    for i, heading, body in found:
        if heading.level == 1:
            seen += 1
        missing = first and seen == 0 and first[0].number == 2
        alone = not first and (not six or bool(OFFICIAL.fullmatch(heading.text)))  # or else it stands below one
        if heading.level == 5 and (alone or missing):
            heading = replace(heading, level=1)
            if missing:
                seen += 1
        if heading.level == 1 and (heading.number or 0) >= 5 and _names_a_fault(heading, body):
            heading = replace(heading, topics=("problems", "plan"))
        settled.append((i, heading, body))
    return settled


def _outermost(found: list[Found]) -> list[Found]:
    """Headings 1、2、3、 above （一） are the first level of a report that has no 一、."""
    numbered = [h for _, h, _ in found if h.level in (1, 2, 3)]
    if not numbered or numbered[0].level != 3 or any(h.level == 1 for h in numbered):
        return found
    named = [h for h in numbered if h.level == 3 and h.topics]
    official = [h for h in named if OFFICIAL.fullmatch(h.text)]
    parts = official if len(official) >= _MOST_OF_SIX else named
    if len(parts) < _MOST_OF_SIX or [h.number for h in parts] != list(range(1, len(parts) + 1)):
        return found
    return [(i, replace(h, level=1) if h in parts else h, body) for i, h, body in found]


def _nested(found: list[Found]) -> list[Found]:
    """Parts counted from 一 again inside another one are points of it; what stands below them is deeper by one."""
    top = [(place, heading) for place, (_, heading, _) in enumerate(found) if heading.level == 1]
    if sum(heading.number == 1 for _, heading in top) < 2:
        return found
    found, outer, at = list(found), [top[0][1]], 1
    while at < len(top):
        count = _points_of(outer, [heading for _, heading in top[at : at + _MOST_POINTS]])
        if count:
            begin, after = top[at][0], top[at + count][0] if at + count < len(top) else len(found)
            above = found[begin - 1][1]  # （一） above 一、二、 and （二） below them are of one level
            for place in range(begin, after):
                i, heading, body = found[place]
                if above.level == 2 == heading.level and heading.number == (above.number or 0) + 1:
                    above = heading
                elif heading.level < _DEEPEST:
                    deeper = 2 if above.level == 2 and heading.level == 1 else 1
                    found[place] = i, replace(heading, level=heading.level + deeper), body
        else:
            outer.append(top[at][1])
        at += count or 1
    return found


def _points_of(outer: Sequence[Heading], rest: Sequence[Heading]) -> int:
    """How many of the next headings are points of the last one of ``outer``: 0 when they are parts like it.

    Points begin with 一 and count on, two at least. What follows them is the next part, by its number; when nothing
    does, or another number, each of the points must speak of what the part is about, or of what no part is called by.
    """
    count = next((n for n, heading in enumerate(rest) if heading.number != n + 1), len(rest))
    own = outer[-1].number or 0
    same = [one.topics == other.topics for one, other in zip(outer, rest[:count], strict=False)]
    if count < 2 or sum(same) * 2 > len(same) > 1:
        return 0  # the parts of one more report
    if count < len(rest) and rest[count].number == own + 1:
        return count
    if 2 <= own < count:
        return own  # 二、 has two points and 三、 follows
    return count if all(_belongs(heading, outer[-1]) for heading in rest[:count]) else 0


def _belongs(heading: Heading, part: Heading) -> bool:
    """Whether a heading says no more than a point of a part may say."""
    if OFFICIAL.fullmatch(heading.text):
        return False
    return "other" in part.topics or {"organisation", *part.topics}.issuperset(heading.topics)


def _names_a_fault(heading: Heading, body: Line | None) -> bool:
    """七、部分村更新慢，将逐月检查: a part, below those with figures, that has no heading and tells what is wrong."""
    if heading.text or body is None or {"problems", "plan", "other", "fees"}.intersection(heading.topics):
        return False
    return bool(_FAULT.search(body.text)) and not _OF_FIGURES.search(body.text)
