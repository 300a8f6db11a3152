"""Of what time a figure of the text is: the report year, another one, a part of it, or what has changed since."""

from __future__ import annotations

from checker.extract.numerals import parse_number, parse_year
from checker.late import late
from checker.model import record

_UNIT = r"(?:人次|[条件篇份项则宗起例只次笔封部个])"
_AMOUNT = r"(?:\d[\d,]*|[零〇一二两三四五六七八九十百]{1,5})"
#: a year by its last character, which ``re`` finds in a tenth of the time of its first
_YEAR = late(
    r"年(?:(?<=(?P<own>[本今])年)|(?<=(?P<past>上一)年)|(?<=(?P<few>前[两二三几])年)|(?<=(?P<last>[上去前往])年)"
    r"|(?<=(?P<named>[2二][0〇○零O][\d〇○零O一二三四五六七八九]{2})年))度?"
)
_LENGTH = {"own": 1, "past": 2, "few": 2, "last": 1, "named": 4}  #: of a year before 年
_SINCE = late(r"(\d{4})年?度?[至到~–—-]+\Z")
_AND = late(r"(?:[、和与及至到—-]|以及)+")
#: what makes of a year no time of the figure after it: until when, of which year a paper is, whose left-overs
_NO_TIME = late(
    r"年?[底末初]|以来|以前|之前|至今|起|前(?=[，、])|(?:1[0-2]|[1-9])月(?:[^，。；]{0,6}日|[底末])"
    r"|[^，。；、\d]{0,10}?(?:结转|遗留|转入|转结|未办结)"
    r"|(?:1[0-2]月)?[^，。；\d]{0,6}?跨年"
    r"|[^，。；、\d]{0,14}?(?:要点|年报|报告(?!(?:中|里)?(?:曾|已|所)?(?:载明|显示|写|列|反映|公布))|计划|方案|预算|决算|规划|考核|整改|通知|目标|任务|标准|修订|颁布|施行|开通|成立|建成|新建|启用|设立|上线)"
)
_CARRIED = late(r"(?:结转|转结|遗留)(?:自|了|至|到)?\Z")
_COMPARED = late(r"(?:[较比与和同跟]|相比|对比)\Z")
_NO_OTHER = late(r"一样|相同|持平|相当|相比|相较|[到至为达共计]\Z")  #: 较上年增加到11件
_TITLE = late(r"《[^》]*\Z")
_OPENS = late(r"(?:\A|[：（\n])(?:继|而|在|其中|经统计|据统计)?\Z")
_SAYS = late(rf"{_AMOUNT}{_UNIT}|没有|未|无|为零")
_RISES = r"(?:增加|增长|上升|提高|增|升|涨|减少|下降|降低|回落|减|降|变)了?"
_CHANGE = late(rf"(?:(?<!新)(?<![底末]净){_RISES}|[多少]了?(?:收到?|受理|发生|公开|发布)?了?)\Z")
_THAN = late(r"[较比]|年(?<=[上去]年|一年)")
_FROM = late(r"(?:由|从)(?:[^。；，\d]{0,6}\d{4}年度?)?[^。；，\d]{0,10}\Z")
_TO = late(
    rf"[余多]?{_UNIT}?(?:[^。；\d]{{0,8}}?{_RISES}(?:[^。；，\d]{{0,3}}?[到至为]|成(?<=变成))(?P<n>{_AMOUNT})(?={_UNIT}|[，。；、）\n]|\Z)"
    rf"|[^。；\d]{{0,4}}?[归清]零)"
)
_RISEN = late(rf"{_AMOUNT}{_UNIT}?[^。；，\d]{{0,8}}?{_RISES}(?:[到至为]|成(?<=变成))\Z")
_PART = late(r"(?:半年(?<=[上下]半年)|季度(?<=[一二三四1-4]季度))[^。；，、\d]{0,24}\Z")
_MONTHS = late(
    r"(?<!\d)(?P<from>\d{1,2})(?:(?:月份?)?[至到~–—-]+(?P<to>\d{1,2}))?月份?(?![\d底末起]|以来)[^。；，、\d]{0,24}\Z"
)
#: 截至11月底, a figure of a part of the year where the year's own follows
_UNTIL = late(r"截[至止到]{1,2}(?:\d{4}年)?(?:[1-9]|1[01])月(?:份?底?|末|\d{1,2}日)[^。；、\d]{0,24}\Z")
_NOT_COUNTED = late(rf"{_UNIT}?[，（、](?:均|都|暂)?[不未](?:再)?(?:[计列纳]入|统计[入在]|算[入在])")
#: the parts of a year, each with its figure; of a list that has them all the figures make the year's
_PARTS = late(
    rf"(?:第?(?P<quarter>[一二三四1-4])季度|(?P<half>[上下])半年)[^。；，、\d]{{0,16}}?(?P<n>{_AMOUNT}){_UNIT}(?=[，。；、（）\n]|\Z)"
)
_QUARTERS, _HALVES = ("一二三四", "1234"), ("上下",)
_FOUR = late(
    rf"(?:[一1]至[四4]季度|[四4]个季度|各季度)[^。；，、\d]{{0,24}}?(?P<list>{_AMOUNT}{_UNIT}?(?:[、，和]{_AMOUNT}{_UNIT}?){{2}}[、，和]{_AMOUNT}{_UNIT})(?=[，。；\n]|\Z)"
)
_EACH = late(r"分别|依次")
_NEGATIVE = late(r"[尚并从暂均亦也]?[未没不无零]")
_FILL = r"(?:度|全年|当年|，|则|已|都|又|再|也|还|只|仅|同样|实际|方面|我[镇乡街县市区局])*"
_ALL = r"(?P<all>(?:两[项类者]|二者|各项|上述[^，。；\d]{0,6})?(?:均|都|皆|各|全部)?)"
_PLAIN_DEED = r"发生|出现|产生|新增|涉及"
_DEED = r"收到|受理|接收|新收|收|制发|制定|印发|出台|发布|公开|办结|答复|作出|办理"
_NOW = late(
    rf"{_FILL}{_ALL}(?:(?:再|又|只|仅|实际|共|新|为|是|有|计|达)*(?:{_PLAIN_DEED}|(?P<deed>{_DEED}))?(?:了|的|为|到|共|有)*"
    rf"(?P<n>{_AMOUNT}){_UNIT}(?=[，。；、（）\n]|\Z)"
    rf"|(?P<none>没有|未曾|未|无|为零|零|为0|是0)(?:再|有|曾)*(?:{_PLAIN_DEED}|(?P<undone>{_DEED}))?"
    rf"(?:过|到|新的|新增|此类|类似|这类|案件|情况|情形|一?[件起例])*(?=[，。；、（）…\n]|\Z))"
)
_WHOLE = late(
    rf"(?:全年|合计|共计|总计|一共|，共)(?:共|合计|共计|收到|受理|有|为|计|达)*(?P<n>{_AMOUNT}){_UNIT}(?=[，。；、（）\n]|\Z)"
)
#: 今年多了9份，总数到了13份
_MADE = late(
    rf"{_FILL}[^。；，\d]{{0,4}}(?:[增减]加?少?|[多少])了?{_AMOUNT}{_UNIT}，(?:总数|合计|共计|总计|一共|总共|共)(?:达?到了?|为|是|有|达|收到|受理)*"
    rf"(?P<n>{_AMOUNT}){_UNIT}(?=[，。；、（）\n]|\Z)"
)
_FIGURE = late(_AMOUNT)
COUNTED_ITEMS = late(r"(?<!\d)\d[\d,，]*[余多]?[条件篇份项则宗起次]")  #: 88条, 63余件
_LONG_RUN = late(
    r"历年|20\d\d年?度?[至到—~-]+20\d\d年(?!度?\d)|(?<![今本]年)(?<!年初)以来|至今|迄今|目前为止|截[至止到]{1,2}目前|近[两二三四五]年|自.{2,14}以来|任期[内中]?|(?<![这一两])[二三四五六七八十]年[来间](?!，?[首最始持连稳逐])"
)
_SUM = late(r"累计|总计达")
_THIS_YEAR = late(r"全年|本年|今年|当年|年内|20\d\d年(?!底|末|1[0-2]月|[1-9]月)")
_COUNTED = late(rf"{_AMOUNT}{_UNIT}")
_NEXT = late(rf"{_UNIT}?[、，和与及]+(?P<n>{_AMOUNT})(?={_UNIT})")

_Span = tuple[int, int]


@record
class _Time:
    """A year named at text[start:end], or several in a row; of each whether it is the report's own."""

    start: int
    end: int
    own: tuple[bool, ...]
    span: bool = False  #: 2022年至2024年: all of them together


def _times(text: str, year: int | None) -> list[_Time]:
    """The years that ``text`` names, those joined by 、 or 和 as one."""
    found: list[_Time] = []
    for match in _YEAR.finditer(text) if "年" in text else ():
        kind = match.lastgroup
        if kind is None:
            continue
        named = parse_year(match[kind]) if kind == "named" else None
        own = kind == "own" or (kind == "named" and year in (None, named))
        start = match.start() - _LENGTH[kind]
        if named and (since := _SINCE.search(text, max(start - 9, 0), start)):
            found = [time for time in found if time.end <= since.start()]
            found.append(
                _Time(since.start(), match.end(), tuple(y == year for y in range(int(since[1]), named + 1)), span=True)
            )
            continue
        if found and _AND.fullmatch(text, found[-1].end, start):
            found[-1] = _Time(found[-1].start, match.end(), (*found[-1].own, own))
        else:
            found.append(_Time(start, match.end(), (own,)))
    return found


def aside(text: str, first: int, span: _Span, figure: _Span | None, year: int | None) -> bool:
    """Whether the words at ``span`` of the sentence from ``first`` on answer for another time than the report year.

    That is a figure (at ``figure``; None: the words are the answer) of another year, of a part of this one, one that
    something rose from, or by how much: 上年复议1件; 一季度2件; 由8件增至11件; 比上年减少3件.
    """
    if figure is None:
        begin, end = span
        return _of_another(text[first : begin if _NEGATIVE.match(text, begin) else end], year, figure=False)
    head = text[first : figure[0]]
    if _CHANGE.search(head[-8:]) and _THAN.search(head):
        return True
    if ("由" in head or "从" in head) and _FROM.search(head) and _TO.match(text, figure[1]):
        return True
    if _NOT_COUNTED.match(text, figure[1]):
        return True
    return _of_part(head) or _until(text, head, figure[1]) or _of_another(head, year, figure=True)


def torn(matched: str, year: int | None) -> bool:
    """Whether words that say no do not belong to the noun after them: 上年没有信访，今年复议1件."""
    comma = matched.find("，")
    return comma > 0 and _NEGATIVE.match(matched) is not None and bool(_times(matched[comma:], year))


def _of_part(head: str) -> bool:
    if ("半年" in head or "季度" in head) and _PART.search(head):
        return True
    months = _MONTHS.search(head) if "月" in head else None
    return months is not None and (months["from"], months["to"]) != ("1", "12")


def _until(text: str, head: str, at: int) -> bool:
    """Whether the figure before ``at`` is one up to a day of the year, and the whole year's stands behind it."""
    if not ("截" in head and _UNTIL.search(head)):
        return False
    return _WHOLE.search(text, at, ends(text, at, "。\n")) is not None


def _of_another(head: str, year: int | None, *, figure: bool) -> bool:
    """Whether the last year that ``head`` names for what comes after it is not the report's."""
    for time in reversed(_times(head, year)):
        rest = head[time.end :]
        if len(time.own) > 1 and figure and (each := _EACH.search(rest)):
            place = len(_COUNTED.findall(rest, each.end()))
            return place < len(time.own) and not time.own[place]
        if any(time.own):
            return time.span
        before = head[: time.start]
        if _NO_TIME.match(rest) or _CARRIED.search(before[-4:]) or _TITLE.search(before):
            continue
        if _COMPARED.search(before[-2:]):
            if figure and "，" not in rest and not _NO_OTHER.search(rest):
                return True
            continue
        if _RISEN.search(rest):
            return False
        clause, comma, _ = rest.partition("，")
        if not comma or (_OPENS.search(before) and (not clause or _SAYS.search(clause))):
            return True
    return False


def instead(
    text: str, sentence: _Span, span: _Span, figure: _Span | None, year: int | None
) -> tuple[int | float, int, int] | None:
    """What is said of the report year after an answer for another time, with its place; None where it is not clear.

    The noun is left out: 上年复议1件，本年没有; 由8件增至11件; 2022年、2023年分别收到8件、11件.
    """
    first, stop = sentence
    head = text[first : figure[0] if figure else span[1]]
    at = figure[1] if figure else span[1]
    if figure and (to := _TO.match(text, at, stop)):
        return _amount(to["n"] or "零", *(to.span("n") if to["n"] else to.span()))
    if figure and (listed := _listed(text, head, at, stop, year)):
        return listed
    if figure and (_of_part(head) or _until(text, head, at)):
        whole = _WHOLE.search(text, at, stop)
        return _amount(whole["n"], *whole.span("n")) if whole else _added(text, first, span[0], at, stop)
    said = text[first : span[1]]
    for time in _times(text[at:stop], year):
        if time.own != (True,) or _CARRIED.search(text, at + max(time.start - 4, 0), at + time.start):
            continue
        if made := _MADE.match(text, at + time.end, stop):
            return _amount(made["n"], at + time.start, made.end())
        if _NOW.match(text, at + time.end, stop):
            return said_of(text, (at, at + time.start, at + time.end), stop, said)
    return None


def said_of(text: str, anchor: tuple[int, int, int], stop: int, said: str) -> tuple[int | float, int, int] | None:
    """What is said of the time or the organ at ``anchor`` (the figure's end, its begin, its end), with its place.

    ``said``: the words of the figure, whose deed it must be.
    """
    at, begin, end = anchor
    now = _NOW.match(text, end, stop)
    if now is None:
        return None
    deed = now["deed"] or now["undone"]
    if deed and deed not in said:
        return None
    if now["n"] and not (deed or now["all"]) and _SAYS.search(text, at, begin):
        return None  # 上年收到8件，办结8件，本年11件
    return _amount(now["n"] or "零", begin, now.end())


def _added(text: str, first: int, begin: int, at: int, stop: int) -> tuple[int, int, int] | None:
    """What the four quarters or the two halves of the year make, where the sentence from ``first`` on lists them all.

    ``begin``: where the words begin that have the figure before ``at``, one of theirs.
    """
    if four := _FOUR.search(text, first, stop):
        figures = [parse_number(match[0]) for match in _FIGURE.finditer(four["list"])]
        return sum(int(figure or 0) for figure in figures), min(begin, four.start()), four.end()
    parts = list(_PARTS.finditer(text, first, stop))
    for name, orders in (("quarter", _QUARTERS), ("half", _HALVES)):
        own = [match for match in parts if match[name]]
        if "".join(match[name] for match in own) in orders and own[0].start() < at <= own[-1].end():
            figures = [parse_number(match["n"]) for match in own]
            return sum(int(figure or 0) for figure in figures), min(begin, own[0].start()), own[-1].end()
    return None


def _listed(text: str, head: str, at: int, stop: int, year: int | None) -> tuple[int | float, int, int] | None:
    """Of 2022年、2023年分别收到8件、11件 the one of the report year, by its place."""
    time = next(reversed(_times(head, year)), None)
    each = _EACH.search(head, time.end) if time and time.own.count(True) == 1 else None
    if not (time and each):
        return None
    found = None
    for _ in range(time.own.index(True) - len(_COUNTED.findall(head, each.end()))):
        if not (found := _NEXT.match(text, at, stop)):
            return None
        at = found.end()
    return _amount(found["n"], *found.span("n")) if found else None


def _amount(written: str, start: int, end: int) -> tuple[int | float, int, int] | None:
    number = parse_number(written)
    return None if number is None else (number, start, end)


def of_several_years(clause: str) -> bool:
    """A total over several years: 历年, 以来, 至今 ..., or 累计 with no year named before it.

    全年公开88条，累计512条: the year is of the figure before it; 全年网站60条、微信28条，累计88条 adds up.
    """
    run = [m.end() for m in _LONG_RUN.finditer(clause)]
    total = _SUM.search(clause)
    if not (run or total):
        return False
    year = [m.end() for m in _THIS_YEAR.finditer(clause)]
    if not year or (run and year[-1] <= run[-1]):
        return True
    return total is not None and len(COUNTED_ITEMS.findall(clause, year[-1], total.start())) == 1


def ends(text: str, at: int, marks: str) -> int:
    """Where after ``at`` the first of the marks is, or the text ends."""
    return min([end for mark in marks if (end := text.find(mark, at)) >= 0], default=len(text))
