"""What prose counts, and lists in it with the whole that they divide: 收到5件，其中网络3件、信函2件."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import accumulate, islice, takewhile

from ..extract.numerals import parse_number
from ..late import late
from ..model import Outcome, Passage, Value, VerdictState, record
from ..patterns import Pattern

# Arabic with separators or blanks between thousands, or Chinese numerals
NUMBER = (
    r"(?:(?<![\d.])\d{1,3}(?:[,，]\d{3}){1,4}(?!\d)|(?<![\d.])\d{1,15}(?:\.\d{1,4})?(?: \d{3}){0,3}(?!\d))万?"
    r"|(?<![零〇一二三四五六七八九两十百千万])[零〇一二三四五六七八九两十百千万]{1,9}"
)
_LIST, SENTENCE = 800, 200  #: characters looked at: of a list after its lead, of a sentence before a figure
_MOST_OF_IT = 0.75  #: of a whole: parts that make so much of it were meant to make all
_MOST_LISTS = 500  #: looked at in one report
UNIT = r"人次|件次|条次|场次|条|件|篇|宗|起|项|份|次|个|期|场|例|名|块|处(?![理罚置分室级长])"
_AMOUNT = late(
    # 10 6条: a number broken by a blank is not guessed at
    rf"(?P<approx>大约|约|将近|近|超过|逾)?(?<!第)(?<!\d )(?P<number>{NUMBER})"
    r"(?:（[^（）\n]{1,30}）|·{3,32})?"  # 预决算3（45个单位合并）条: an aside before the measure word
    rf"(?P<more>余|多)?(?P<unit>{UNIT})(?P<open>等(?!级))?"
)
_BARE = late(rf"(?P<numbers>(?:\d{{1,9}}、){{1,60}})(?=\d{{1,9}}(?P<unit>{UNIT}))")
_CHANGE = late(r"(?:增加|增长|减少|下降|上升|较|同比|比上|比去|环比)[^，。；、]{0,12}$")
_COUNTED = late(r"(?:共|计|总数|总量)[^，。；\d]{0,8}$")
_LEAD = late(
    r"其中|分别为|分别是|分别有|具体(?:包括|为|是|有)|按[^，。；：\d\n]{1,8}分(?:类)?[，：]"
    r"|(?:构成|组成|分布|明细|细目)(?:情况)?(?:大致|大体)?(?:是|为)?(?:这样的?|如下)?："
)
_LEADS = ("其中", "分别", "具体", "按", "构成", "组成", "分布", "明细", "细目")  #: what one begins with
_TURN = late(
    r"其中|同时|同一|此外|另外|另有|[，；][另并且]|[；，]按[^，。；：\d\n]{1,8}分"
    r"|[；，](?:办理|办结|答复|处理)(?:结果|情况)?[：，]"
    r"|；(?:接到|接听|接受|解答)"  # another thing: …；接到电话咨询12件
)
_DEED = late(r"；(?:组织|举办|召开|开展|参加|回应|接待|受理)")
_TOTAL = late(r"(?:合计|共计|总计|一共)(?:收到|为|有|达|是|：)*")
_TOTALS = ("合计", "共计", "总计", "一共")
_BEFORE_TOTAL = late(r"[，、；](?:以上|上述|各项|两项|三项|四项|全年|本年度?)*$")
_BRACKETED = late(r"（[^（）]*）|，其中[^；。\n]{1,40}(?=；)")  #: an aside: 解读28条，其中稿件11篇；
_OPEN_LIST = late(r"…|包括|包含|其余|含(?!量)|等等|从略|不一一")
_MAINLY = late(
    r"主要(?:包[括含]|[有是为]|涉及|涵盖|集中|分布)|其中，?涉及"
)  #: what is named are the main kinds, not all
_CARRIED = late(r"结转|转结|转入|遗留")  # 收到21件，上年结转1件。其中…: the list divides both
REST = late(r"其[他它](?!对外管理)")  #: 其他对外管理服务事项 is a kind of its own
_LAST_YEAR = late(r"^(?:上年度?|去年|上一年度?)(?:同期)?(?:为|是|有|的)?$")  # 上年为351条 is compared with, no part
_COMPARED = late(r"(?:[较比与同和]|相比)(?:20\d\d年度?|上年度?|去年|上一年度?)[^\d]{0,8}$")  #: 与2017年的655条相比
_TALLIED = late(r"(?:[只仅均的按共]计|只算)(?:为|作)?$")  # 只计1条 is how to count, no part
_COUNTED_AS = late(r"(?:[只仅均]计|信息计|[的均只仅]算|信息算|[的均只仅]按)(?:为|作)?$")  #: and no whole
_CLOSED, _LEFT = late(r"办结|答复"), late(r"结转|延期")  #: what is left over is no part of what was closed
_OVERLAP = late(
    r"(?:同一|相同)(?:条|件|份|的)?(?:政府)?信息|只[计算]|重复(?:计|公开|发布)|(?:渠道|内容)(?:有|存在)?(?:交叉|重复)"
)
_ENDS = late(r"[。！？]|(?<![：，、；])\n")


@record
class Count:
    """A number with its measure word at text[start:end]; ``label`` is the wording before it in its clause."""

    value: float
    unit: str
    label: str
    start: int
    end: int
    approx: bool = False
    change: bool = False
    open: bool = False
    spelt: bool = False

    def moved(self, by: int) -> Count:
        return replace(self, start=self.start + by, end=self.end + by)


def counts(text: str, start: int, end: int) -> Iterator[Count]:
    """The numbers with a measure word in text[start:end]."""
    for match in _AMOUNT.finditer(text, start, end):
        value = parse_number(match["number"])
        if value is None:
            continue
        clause = re.split(r"[，。；、：\n]", text[start : match.start()])[-1]
        yield Count(
            value,
            match["unit"],
            clause,
            match.start(),
            match.end(),
            approx=bool(match["approx"] or match["more"]) or "万" in match["number"],  # 1.39万条 is rounded
            change=bool(_CHANGE.search(text[start : match.start()])),
            open=bool(match["open"]),
            spelt=not match["number"][0].isdigit(),
        )


def _bare(text: str, start: int, end: int) -> Iterator[Count]:
    """The leading numbers of 4、29、1条, which have no measure word of their own."""
    for match in _BARE.finditer(text, start, end):
        at = match.start()
        for number in match["numbers"].split("、")[:-1]:
            yield Count(int(number), match["unit"], "", at, at + len(number))
            at += len(number) + 1


def plain(value: float) -> Value:
    return int(value) if value == int(value) else round(value, 2)


def sentence_start(text: str, end: int, marks: str) -> int:
    """Where the sentence that reaches to ``end`` begins, looked for so far back only."""
    low = max(end - SENTENCE, 0)
    return max(low, *(text.rfind(mark, low, end) + 1 for mark in marks))


# --- parts and whole


@record
class Breakdown:
    totals: tuple[Count, ...]  #: figures of the same measure before the list, nearest first
    parts: tuple[Count, ...]
    listed: str
    distributes: bool  #: 分别为: the list is complete by its wording
    mixed: float  #: the sum of all its figures, those of other measures (95条、51期) included
    near: bool  #: no figure of another measure stands between the whole and the list
    cut: bool = False  #: what follows may still be of the list, or not: its parts can only be too many
    mainly: bool = False  #: 主要包括…。其中: the main kinds are named, and no others need be


@lru_cache(maxsize=4)
def breakdowns(text: str) -> tuple[Breakdown, ...]:
    """All lists of the text, those of a single part included."""
    return tuple(_divisions(text))


def _divisions(text: str) -> Iterator[Breakdown]:
    divided: set[int] = set()  # where parts of earlier lists stand: they are no whole of a later one
    for lead in islice(_begun(text, _LEADS, _LEAD), _MOST_LISTS):
        listed = _listed(text[lead.end() : lead.end() + _LIST])
        found = [*counts(listed, 0, len(listed)), *_bare(listed, 0, len(listed))]
        parts = [c.moved(lead.end()) for c in sorted(found, key=lambda c: c.start)]
        parts = [
            part for part in parts if not (part.change or _TALLIED.search(part.label) or _LAST_YEAR.match(part.label))
        ]
        if not parts or "；" in text[lead.end() : parts[0].start]:
            continue
        unit, mixed = parts[0].unit, sum(part.value for part in parts)
        parts = [part for part in parts if part.unit == unit]
        nested = "（" in text[max(lead.start() - SENTENCE, 0) : lead.start()].rpartition("）")[2]
        before = _before(text, lead.start())
        free = [c for c in before if nested or c.start not in divided or _heads(c, text, lead.start())]
        totals = tuple(c for c in free if c.unit == unit)
        parts = _undivided(parts, text, [total.value for total in totals]) if totals else parts
        divided.update(part.start for part in _own(parts, totals))
        if totals:
            parts = _before_next(parts, text, [total.value for total in totals])
            near = before[0] is totals[0]
            mainly = bool(_MAINLY.search(text, min(totals[0].end, lead.start()), parts[0].start))
            own = tuple(parts)
            yield Breakdown(totals, own, listed, lead[0].startswith(("分别", "按")), mixed, near, mainly=mainly)


def _heads(count: Count, text: str, lead: int) -> bool:
    """Whether the list at ``lead`` divides this figure, a part of another list: …；工作类11条，其中动态3条."""
    clause = count.start - len(count.label)
    return text[count.end : lead] == "，" and clause > 0 and text[clause - 1] == "；"


def _before_next(parts: list[Count], text: str, wholes: Sequence[float]) -> list[Count]:
    """The parts up to where the next thing is counted: 举办发布会3次，其中负责人出席1次；组织在线访谈2次.

    That is a deed after ；, or else a figure above the whole after the first one, or the whole once more, divided
    another way, unless all of them make the whole.
    """
    first, rest = parts[0], parts[1:]
    if sum(part.value for part in parts) in wholes or not rest or text[first.end] != "；":
        return parts
    above = first.value <= wholes[0] < max(part.value for part in rest)
    deed = _DEED.match(text, first.end) and not _DEED.match(f"；{first.label}")
    again = sum(part.value for part in rest) in wholes
    return [first] if above or deed or again else parts


def _undivided(parts: list[Count], text: str, wholes: Sequence[float]) -> list[Count]:
    """The parts without what divides one of them: 复议4起，维持3起、审结1起；直接起诉1起 are two, and make 5.

    All of them, where they make the whole, or where the others would not fit into it either.
    """
    own, at = list[Count](), 0
    while at < len(parts):
        own.append(parts[at])
        at += 1
        if text.startswith("，", own[-1].end):
            last = at
            while last + 1 < len(parts) and text.startswith("、", parts[last].end):
                last += 1
            if last > at and sum(part.value for part in parts[at : last + 1]) == own[-1].value:
                at = last + 1
    sums = list(accumulate(part.value for part in parts))
    fits = sums[-1] > wholes[0] >= sum(part.value for part in own)
    return own if fits and len(own) > 1 and not set(sums[1:]) & set(wholes) else parts


def _own(parts: list[Count], totals: tuple[Count, ...]) -> list[Count]:
    """The parts of a list: up to where they make the whole, and none where there is but one figure."""
    sums = list(accumulate(part.value for part in parts))
    whole = next((n for n, value in enumerate(sums, 1) if n > 1 and any(value == t.value for t in totals)), len(parts))
    return parts[:whole] if len(parts) > 1 else []


def _listed(text: str) -> str:
    """The list that ``text`` begins with, the bracketed asides in it blanked."""
    stop = _ENDS.search(text)
    listed = _BRACKETED.sub(lambda m: "·" * len(m[0]), text[: stop.start()] if stop else text)
    listed = listed.partition("）")[0]
    turn = _TURN.search(listed)
    return listed[: turn.start()] if turn else listed


def _before(text: str, end: int) -> list[Count]:
    """Figures that the list at ``end`` may divide, nearest first: those of its sentence, or of the one before."""
    head = text[max(end - SENTENCE, 0) : end]
    sentences = re.split(r"[。！？\n]", head)
    own = sentences[-1].strip("，；：、（ ")
    kept = sentences[-1] if own else "。".join(sentences[-2:])
    start = end - len(kept)
    none = (_COUNTED_AS, _COMPARED)
    found = [c for c in counts(text, start, end) if not (c.change or any(words.search(c.label) for words in none))]
    return [c for c in found[::-1] if not c.spelt or _COUNTED.search(text[start : c.start])]


def parts_of(
    passage: Passage,
    near: float,
    channels: Sequence[Pattern],
    families: Sequence[Pattern],
    matters: Sequence[Pattern],
) -> Iterator[Outcome]:
    """An outcome for each list of the passage that is held against its whole, as ``itemised`` says of ``parts``."""
    for item in (*breakdowns(passage.text), *_added_up(passage.text, (*families, *channels))):
        item = _of_one_kind(_of_one_matter(item, matters), passage.text, (*families, *channels))
        item = _of_one_family(item, families)
        labels = [part.label for part in item.parts]
        if len(labels) < 2 or _left_open(item):
            continue
        state, total = _addition(item, labels, near, channels, families)
        begin, end = min(total.end, item.parts[0].start), item.parts[-1].end
        if state != "pass" and (_mixed(labels, families) or _OVERLAP.search(passage.text, begin, end + 60)):
            continue
        parts = [part.value for part in item.parts]
        gap = sum(parts) - total.value
        values: dict[str, Value] = {
            "total": plain(total.value),
            "sum": plain(sum(parts)),
            "gap": plain(abs(gap)),
            "way": "多" if gap > 0 else "少",
            "parts": "＋".join(str(plain(value)) for value in parts),
            "unit": total.unit,
        }
        where = passage.where(min(total.start, item.parts[0].start), max(total.end, item.parts[-1].end))
        yield Outcome(state, values, (where,), f"{values['total']}{total.unit}")


def _added_up(text: str, families: Sequence[Pattern]) -> Iterator[Breakdown]:
    """Lists whose whole follows them: 网络3件、信函2件，合计5件.

    They reach back as far as they make the whole, or else as far as one of ``families`` does.
    """
    for word in islice(_begun(text, _TOTALS, _TOTAL), _MOST_LISTS):
        before = _BEFORE_TOTAL.search(text, max(word.start() - 12, 0), word.start())
        total = next(counts(text, word.end(), min(word.end() + 16, len(text))), None)
        if before is None or total is None or total.start != word.end():
            continue
        end = before.start()
        start = sentence_start(text, end, "。；！？：\n")
        listed = _listed_before(text, start, end, total.unit)
        sums = list(accumulate(part.value for part in listed))
        whole = listed[: sums.index(total.value) + 1] if total.value in sums[1:] else ()
        if own := tuple(whole) or _of_family(listed, families):
            yield Breakdown((total,), own[::-1], text[start:end], True, 0, True)


def _begun(text: str, words: Sequence[str], pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """The matches of ``pattern``, which begin with one of the words: to look for these takes a third of the time."""
    end = 0
    for at in sorted(match.start() for word in words for match in re.finditer(word, text)):
        if at >= end and (match := pattern.match(text, at)):
            end = match.end()
            yield match


def _listed_before(text: str, start: int, end: int, unit: str) -> list[Count]:
    """The figures of the clauses just before ``end``, nearest first, as long as each has one, and of this unit."""
    parts: list[Count] = []
    for begin, stop in reversed(list(_clauses(text, start, end))):
        found = list(counts(text, begin, stop))
        if len(found) != 1 or found[0].unit != unit or found[0].change:
            break
        parts += found
    return parts


def _of_family(parts: Sequence[Count], families: Sequence[Pattern]) -> tuple[Count, ...]:
    """The first parts that are of the first one's family: all named by a channel, or all by an outcome."""
    family = next((family for family in families if parts and family.search(parts[0].label)), None)
    return tuple(takewhile(lambda part: bool(family.search(part.label)), parts)) if family else ()


def _clauses(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = start
    for mark in re.finditer(r"[，、]", text[start:end]):
        yield at, start + mark.start()
        at = start + mark.end()
    yield at, end


def _of_one_family(item: Breakdown, families: Sequence[Pattern]) -> Breakdown:
    """A list without what follows its first parts and is of another family, where these alone exceed the whole.

    收到5件，其中网络3件、信函3件，上年结转1件: the first two are too many already.
    """
    most = max(total.value for total in item.totals)
    if sum(part.value for part in item.parts) <= most:
        return item
    own = _of_family(item.parts, families)
    above = sum(part.value for part in own) > most
    return replace(item, parts=own) if above and 1 < len(own) < len(item.parts) else item


def _mixed(labels: Sequence[str], families: Sequence[Pattern]) -> bool:
    """Whether a list has parts of two families."""
    return sum(any(map(family.search, labels)) for family in families) > 1


def _of_one_matter(item: Breakdown, matters: Sequence[Pattern]) -> Breakdown:
    """A list up to where another of the ``matters`` than the whole's is counted, unless all of it makes the whole.

    访谈8次，其中负责人参加3次，微博回应事件96次: the last one is no interview. 培训2次，会议3次 divide 活动.
    """
    sums = [*accumulate(part.value for part in item.parts)]
    if any(total.value in sums[1:] for total in item.totals):
        return item
    whole, *named = ({m for m in matters if m.search(count.label)} for count in (item.totals[0], *item.parts))
    if not whole or named[0] - whole:
        return item
    other = next((place for place, own in enumerate(named) if own and not own & whole), None)
    return replace(item, parts=item.parts[:other], cut=True) if other else item


def _of_one_kind(item: Breakdown, text: str, kinds: Sequence[Pattern]) -> Breakdown:
    """A list up to the ； behind which something else is counted, unless all of it makes the whole.

    其中财政类3条；民生类12条 goes on: the same words, or both are channels. 其中公民7件；补正2件 does not.
    """
    sums = [*accumulate(part.value for part in item.parts)]
    if item.distributes or any(total.value in sums[1:] for total in item.totals):
        return item
    for place in range(1, len(item.parts)):
        last, part = item.parts[place - 1 : place + 1]
        left = _CLOSED.search(item.totals[0].label) and _LEFT.search(part.label)
        if left or ("；" in text[last.end : part.start] and not _akin(last, part, kinds)):
            return replace(item, parts=item.parts[:place], cut=True)
    return item


def _akin(one: Count, other: Count, kinds: Sequence[Pattern]) -> bool:
    """Whether two figures are said of things of one kind, as far as their labels tell."""
    labels = one.label, other.label
    same = labels[0][-1:] == labels[1][-1:] != "" or REST.search(other.label)
    return bool(same) or any(all(map(kind.search, labels)) for kind in kinds)


def _left_open(item: Breakdown) -> bool:
    loose = any(part.approx or part.open or part.label.endswith("各") for part in item.parts)  # 两馆各1个
    if item.totals[0].approx or loose:
        return True
    return bool(_OPEN_LIST.search(item.listed))


def _addition(
    item: Breakdown, labels: Sequence[str], near: float, channels: Sequence[Pattern], families: Sequence[Pattern]
) -> tuple[VerdictState, Count]:
    """The verdict on one list, and the whole that it was held against. Most make it, whatever they are of."""
    values = [part.value for part in item.parts]
    # the first parts may already make the whole; what follows then is another way to divide it
    sums = list(accumulate(values))[1:]
    for total in item.totals:
        if total.value in sums or total.value == item.mixed:
            return "pass", total
    if len(item.totals) > 1 and sum(total.value for total in item.totals) in sums:
        return "pass", item.totals[
            0
        ]  # a list, and the same divided another way: 甲类112条、乙类73条。其中网站90条，其他95条
    carried = sum(total.value for total in item.totals if _CARRIED.search(total.label))
    totals = [total for total in item.totals if not _CARRIED.search(total.label)] or item.totals
    if carried and totals[0].value + carried in sums:
        return "pass", totals[0]
    total, whole = totals[0], sum(values)
    by_channel = any(channel.search(label) for channel in channels for label in labels)
    if whole > total.value:
        if len(item.totals) > 1 and REST.search(
            total.label
        ):  # 网站75条，其他方式5条。其中微信12条: the rest is no whole
            return "pass", total
        sure = any(all(map(family.search, labels)) for family in families)
        several = len(values) == 2 and not (item.distributes or sure)  # 党员4名、大学学历5名: one may be both
        return ("review" if by_channel or several or total.value in values else "fail"), total
    if item.cut:
        return "pass", total
    gap = total.value - whole
    complete = item.distributes or any(REST.search(part.label) for part in item.parts)
    slip = not item.mainly and len(values) > 2 and gap <= max(near * total.value, 1)
    if complete or slip:
        return ("review" if by_channel else "fail"), total
    # 其中 may name the main parts only
    return ("review" if whole >= _MOST_OF_IT * total.value and not item.mainly else "pass"), total
