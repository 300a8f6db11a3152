"""When: report year (a vote of title, period, text, signature and posting date), statistical period, dates."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from checker.extract.numerals import DATE, MONTH, parse_date, parse_number, parse_year
from checker.extract.outline import Outline
from checker.late import late
from checker.model import Fact, Passage, Sighting, Value, Where, record

# the patterns begin with a set of characters where they can: so they are found several times as fast
_Y = r"[12二](?:(?:(?<=1)9|(?<=2)0)\d\d|(?<=二)[〇○零O0][〇○零0一二三四五六七八九]{2})"
_MD = r"(?:\d{1,2}|[一二三四五六七八九十元]{1,3})"
_RANGE = late(
    rf"(?=[12二本上去年\-./\d一三四五六七八九十元])(?P<y1>{_Y}|[本上去])?(?P<a>年度?(?:（自?|，自)?|[-./])?(?P<m1>{_MD})(?:月份?|[-./])(?:(?P<d1>[\d一二三四五六七八九十]{{1,3}})[日号]?)?(?:\d{{1,2}}(?:时|[：:]\d\d)|零时)?(?:计?算?起?算?统?计?起?|开始|始|以来)?(?:《[^《》]{{1,12}}》(?:正式)?(?:施行|实施|生效)之日(?:算?起)?)?(?:（[^（）]{{1,10}}）)?[，、]?"
    rf"(?P<sep>(?:，?截?[至止]于?|，?[算止]?[至到]|，?迄于?|起止|—+|-+|~|–|－|～|─+|止)+|(?<=[，、始起]))(?:(?P<y2>(?:20(?=20\d\d年))?{_Y})(?:年度?|[-./])|(?:当年|本年|同年))?(?:(?P<m2>{_MD})(?:月份?|[-./])(?:(?P<d2>[\d一二三四五六七八九十]{{1,3}})[日号]?)?|年[底末])"
)
#: what follows on the mark between the two days of a period: most lines have a day and nothing of this
_TO = late(
    rf"[至止到于迄—\-~–－～─，,、始起](?:(?:20(?=20\d\d年))?{_Y}(?:年度?|[-./])|当年|本年|同年)?(?:{_MD}[月\-./]|年[底末])"
)
#: what a page has left of its days: 201211日至20121231日, 201211-1231日
_GLUED = late(
    r"(?<!\d)(20\d\d)年?((?<=\d)\d{1,2}月\d{1,2}(?=日)|\d{2,4})日?(?:起|始|开始)?[，]?(?:至|到|—+|-+|(?<=[起始])(?=20\d\d))"
    r"(?:(20\d\d)年?((?<=\d)\d{1,2}月\d{1,2}|\d{2,4})(?!\d)|(\d{4})(?=日))"
)
#: 2012年1至12月
_MONTHS = late(rf"(?:({_Y})年|[当本]年|自然年（?)度?[1一元]月?份?(?:至|到|-|—|~|～|－)+(?:12|十二)月")
_WHOLE = late(
    rf"(?:统计|数据|数字|(?:编制|报告|涵盖)(?=时间|时段|期间|期限|期[为：是]))(?:的|数据|期间?|期限|时间段|时[间段限]|区间|口径|周期|跨度|范围)*(?:均?[为是：按]|取自)(?P<y>{_Y})(?P<y2>)(?:年?度?（?(?:全年|整年)|年度?(?=[，。；…\n]|$)|年?自然年)"
)
#: 起于2020年元旦，迄于2020年岁末; 起止日期是2020年1月1日和2020年12月31日
_IN_WORDS = late(
    rf"(?<=[自从起于])(?P<y>{_Y})年(?:年?初|元旦|1月初)(?:起|开始)?[，、]?(?:至|到|止于|迄于?)(?:(?P=y)年|当年|同年)?(?:[年岁][末底终]|年终|12月[末底])"
    rf"|(?<=起[止讫])(?:日期?|时间)?[为是：](?P<y2>{_Y})年1月1日[和、与](?:(?P=y2)年|当年|同年)?12月31日"
)
#: 到2012年12月31日止（自1月1日起）: the end stands first
_BACKWARD = late(rf"[至到]于?(?P<end>{DATE})止?[（，]?(?:自|从|起始日?期?为?)(?:{_Y}年)?[1一元]月[1一]日")
_UNTIL = late(
    rf"(?:截[至止]到?(?:目前)?|成立之日起?至|统计[至到])(?P<date>20\d\d年12月底|{DATE}|20\d{{6}}|(?:1[0-2]|[1-9])月\d{{1,2}}日)|数据(?:核定|截止|统计时点|统计截止)[^。]{{0,12}}?(?:为|：)(?P<date2>{DATE})"
)
_OPEN = late(
    r"截[至止]到?目前|截[至止]到?.{0,8}?底|截[至止]到?(?:20\d\d年)?\d{1,2}月\d{1,2}日|截[至止]到?20\d\d年\d{1,2}月"
)
#: a day up to which cases were closed, or one thing was counted since it began: no period of the report
_OF_CASES = late(r"，(?:\d+件|[^。；，\d]{0,16}接待[^。；，\d]{0,8}\d)")
_OF_ONE_FIGURE = late(
    r"，(?:\d+件|[^。；]{0,24}(?:累计|历年|以来)|[^。；，]{0,12}(?:没有|未|无|收到|接到|受理)[^。；，]{0,16}申请)"
)
#: what a day has; each begins with a plain character, which ``re`` finds in a tenth of the time of a set of them
_DAY = tuple(map(late, (r"月", r"-(?<=\d-)\d", r"\.(?<=\d\.)\d", r"/(?<=\d/)\d", r"20\d{4}", r"年\d{2,4}日")))
_CUE = late(r"统计|期限|时限|数据|期间|起止|截[至止]|自|从|情况|起于|哪段")
_OF_PERIOD = late(r"统计|期限|时限|起[止讫]|数据|时间(?:段|范围|跨度)|报告期|反映|口径|区间")
_DURING = late(r"日?期?间[^。；，]{0,16}信息公开")
_IN_TITLE = late(rf"({_Y})(?:年度?|(?=[\u4e00-\u9fff]|[）)](?!\d)))")
#: on a line of its own under a title without a year, as the return of 2014 prints it
_YEAR_BELOW = late(rf"[（(]?({_Y})年度?[）)]?(?=\n|\Z)")
_LEAD = late(rf"({_Y})年?度?[^。；，\n0-9]{{0,24}}?(?:信息公开|政务公开|年度报告|年报|工作报告|本级报告|报告|情况)")
_OF_NEXT = late(r"(?:工作)?(?:之)?中，[^。；，\n]{0,10}(?:将|打算|要)")  #: 在2020年的信息公开工作中，我街道将…
_OF_ANOTHER = late(r"要点|通知|方案|修订|公布|施行|报告[中指列提]|着力|打算|计划")  #: not the year that is reported on
_IN_TEXT = late(
    rf"年(?<=({_Y})年)(?<![〔\[（(第].{{5}})(度|全年)?(?![^。，；\n]{{0,14}}(?:□+[^。，；\n]{{0,6}})?(?:修订|公布|施行|颁布|印发|国务院令|以来|起施行|报告[中指列提]))"
)
#: the notice that asks for the report: its year stands for the report's, where no other is named
_ASKED = late(r"《[^》]{0,40}?(20\d\d)年度?(?:政府|政务)?信息公开(?:工作)?年度报告[^》]{0,24}通知》")
_MASKS = tuple(map(late, (r"《[^》]{0,80}》", r"〔\d{4}〕", r"\[\d{4}\]", r"（\d{4}）", r"【\d{4}】")))
_PLAN = late(r"下一?步|将|打算|计划|思路|明年|今后|重点|安排|着力")
_AT_HOUR = late(rf"(?P<date>{DATE}) ?\d{{1,2}}[：:]\d\d")  #: 2012-03-31 09:12: when the page was put up
_POSTED = late(rf"(?:发布|公开|更新|生成|录入|发文|成文)?(?:日期|时间)[：:]?(?P<date>{DATE})")


#: a bare date right under the title, the organ before it; the lead sentence may follow on the same line
_ORGAN = r"[\u4e00-\u9fff]{2,24}(?:政府|办事处|委员会|办公室|[镇乡局办])(?:编制)?[（(]?"
_ORGAN_ALONE, _DATE_ALONE = late(rf"{_ORGAN}$"), late(rf"[（(]?(?P<date>{DATE})[）)]?$")  # a line each
_UNDER_TITLE = late(
    rf"(?:[（(][\u4e00-\u9fff]{{2,24}}(?=.{{6,20}}[）)]$)|{_ORGAN}(?={DATE}[）)]?(?:$|根据|按照|依|遵照|为|由|本|现))"
    rf"|[（(])?(?P<date>{DATE})[）)]?"
)


@record
class When:
    """The report year, in Chinese why, and the facts read on the way."""

    year: int | None
    reason: str
    facts: dict[str, Fact]


def read(found: Outline, posted: str | None) -> When:
    """Period, dates and year votes of an outline; ``posted`` is the page's own date, if the reader had one."""
    facts: dict[str, Fact] = {}
    signed = _signed(found)
    if signed:
        facts["signed.date"] = signed
    page = _posted(found, posted)
    if page:
        facts["posted.date"] = page
    votes = _votes(found)
    for name, vote in votes.items():
        facts[f"year.{name}"] = vote
    period = _period(found, next((v.value for v in votes.values() if isinstance(v.value, int)), None))
    if period:
        facts["period"] = period
        start, end = period.value if isinstance(period.value, tuple) else (None, None)
        covered = int((end or start or "0")[:4])
        if end and (not start or start[:4] == end[:4]):
            facts["year.period"] = _same(period, covered)
    elif opened := _opened(found.body):
        facts["period.open"] = opened
    for name, source in (("signed", signed), ("posted", page)):
        if (
            source
            and source.value
            and (name == "signed" or not any(f"year.{n}" in facts for n in ("title", "period", "body", "signed")))
        ):
            day = dt.date.fromisoformat(str(source.value))
            if day.month <= 6:
                facts[f"year.{name}"] = _same(source, day.year - 1)
    year, reason = _choose(facts)
    if year is not None:
        source_fact = next(
            facts[f"year.{n}"] for n in _ORDER if f"year.{n}" in facts and facts[f"year.{n}"].value == year
        )
        facts["title.year"] = source_fact
    return When(year, reason, facts)


_ORDER = ("title", "lead", "period", "body", "signed", "posted")
_SAYS = {
    "title": "标题",
    "lead": "开头",
    "period": "统计期限",
    "body": "正文",
    "signed": "落款日期的上一年",
    "posted": "发布日期的上一年",
}


def _choose(facts: dict[str, Fact]) -> tuple[int | None, str]:
    """The year that most of title, lead, period and signature name; on a tie the first of that order."""
    weights: Counter[int] = Counter()
    for name, weight in (("title", 3), ("period", 3), ("lead", 2), ("body", 1), ("signed", 1), ("posted", 1)):
        fact = facts.get(f"year.{name}")
        if fact and isinstance(fact.value, int):
            weights[fact.value] += weight
    if not weights:
        return None, "没有读到报告年度，请用 --year 指定"
    body, signed = facts.get("year.body"), facts.get("year.signed")
    if body and signed and isinstance(signed.value, int) and body.value == signed.value + 1:
        weights[signed.value] += 1  # nobody signs in January what is reported on that very year: the plan names it
    top = max(weights.values())
    named = [(name, facts[f"year.{name}"].value) for name in _ORDER if f"year.{name}" in facts]
    year = next(value for _, value in named if isinstance(value, int) and weights[value] == top)
    return year, f"{'、'.join(_SAYS[name] for name, value in named if value == year)}写的是{year}年"


def _fact(passage: Passage, start: int, end: int, value: Value) -> Fact:
    where, raw = passage.where(start, end), passage.raw(start, end)
    return Fact("given", value, raw, where, (Sighting(value, raw, where),))


def _same(fact: Fact, value: Value) -> Fact:
    return Fact("given", value, fact.raw, fact.where, (Sighting(value, fact.raw, fact.where),))


def _opened(passage: Passage) -> Fact | None:
    """The first day up to which figures are given, if not of a single one: 截至目前，没有居民申请."""
    for match in _OPEN.finditer(passage.text):
        if not _OF_ONE_FIGURE.match(passage.text, match.end()):
            return _fact(passage, match.start(), match.end(), match[0])
    return None


def _masked(text: str) -> str:
    for mask in _MASKS:
        text = mask.sub(_blotted, text)
    return text


def _blotted(match: re.Match[str]) -> str:
    return "□" * len(match[0])


def _without_ranges(passage: Passage) -> str:
    """The masked text with periods blotted out: the period has a vote of its own."""
    text = _masked(passage.text)
    for begin, end in _day_lines(passage.text):
        if _TO.search(text, begin, end):
            text = text[:begin] + _RANGE.sub(_blotted, text[begin:end]) + text[end:]
    return text


def _votes(found: Outline) -> dict[str, Fact]:
    """The years that title, lead sentence and text name."""
    votes: dict[str, Fact] = {}
    if match := _IN_TITLE.search(found.title.text):
        votes["title"] = _fact(found.title, match.start(), match.end(), parse_year(match[1]))
    head = found.preface or found.body
    if not match and found.title and (match := _YEAR_BELOW.match(head.text)):
        votes["title"] = _fact(head, match.start(1), match.end(1), parse_year(match[1]))
    text = _masked(head.text)
    for match in _LEAD.finditer(text[:1500]):
        planned = _OF_NEXT.match(text, match.end())
        if not planned and not _OF_ANOTHER.search(text, match.start(), match.end() + 1):
            votes["lead"] = _fact(head, match.start(), match.end(), parse_year(match[1]))
            break
    counts: Counter[int] = Counter()
    first: dict[int, tuple[int, int]] = {}
    body = _without_ranges(found.body)
    for match in _IN_TEXT.finditer(body):
        year = parse_year(match[1])
        if year is None or year < 2007:
            continue
        counts[year] += 1 if _PLAN.search(body[match.end() : match.end() + 30]) else 3 if match[2] else 2
        first.setdefault(year, (match.start(1), match.end()))
    if counts:
        top = max(counts.values())
        year = next(year for year in first if counts[year] == top)
        votes["body"] = _fact(found.body, *first[year], year)
    elif not votes and (match := _ASKED.search(found.body.text)):
        votes["body"] = _fact(found.body, *match.span(1), parse_year(match[1]))
    return votes


def _date(year: int, month: str | int | None, day: str | int | None, *, last: bool = False) -> str | None:
    number = 1 if month == "元" else month if isinstance(month, int) else parse_number(month or "")
    if not isinstance(number, int) or not 1 <= number <= 12:
        return None
    if day in (None, ""):
        day_number = ((dt.date(year + number // 12, number % 12 + 1, 1)) - dt.timedelta(days=1)).day if last else 1
    else:
        parsed = day if isinstance(day, int) else parse_number(str(day))
        if not isinstance(parsed, int):
            return None
        day_number = parsed
    try:
        return dt.date(year, number, day_number).isoformat()
    except ValueError:
        return None


def _digits(year: str, rest: str) -> str | None:
    """20101231, 201111 (= 1 January), 201012月31: digits that lost their 年月日, or the first of them."""
    if "月" in rest:
        month, _, day = rest.partition("月")
        return _date(int(year), month, day)
    for split in (2, 1) if len(rest) > 2 else (1,):
        if iso := _date(int(year), int(rest[:split] or 0), int(rest[split:] or 0)):
            return iso
    return None


def _period(found: Outline, year: int | None) -> Fact | None:
    """The statistical period: a range of days that covers most of a year, or stands with 统计, 期限, 数据."""
    for passage, lead in ((found.preface, True), (found.all, False)):
        for begin, end in _day_lines(passage.text):
            for match in _GLUED.finditer(passage.text, begin, end):
                span = _digits(match[1], match[2]), _digits(match[3] or match[1], match[4] or match[5])
                if all(span):
                    return _fact(passage, match.start(), match.end(), span)
            if months := _MONTHS.search(passage.text, begin, end):
                covered = parse_year(months[1]) if months[1] else year
                return _fact(passage, *months.span(), (f"{covered}-01-01", f"{covered}-12-31"))
            for match in _RANGE.finditer(passage.text, begin, end):
                if fact := _range(passage, passage.text, match, year, lead=lead):
                    return fact
            backward = _BACKWARD.search(passage.text, begin, end)
            if backward and (day := parse_date(backward["end"])):
                return _fact(passage, *backward.span(), (f"{day.year}-01-01", day.isoformat()))
    if whole := _WHOLE.search(found.body.text) or _IN_WORDS.search(found.body.text):
        covered = parse_year(whole["y"] or whole["y2"])
        return _fact(found.body, *whole.span(), (f"{covered}-01-01", f"{covered}-12-31"))
    for begin, end in _day_lines(found.body.text):
        for match in _UNTIL.finditer(found.body.text, begin, end):
            if not _OF_CASES.match(found.body.text, match.end()) and (last := _end(match, year)):
                return _fact(found.body, match.start(), match.end(), (None, last))
    return None


@lru_cache(maxsize=4)
def _day_lines(text: str) -> Sequence[tuple[int, int]]:
    """The spans of the lines in which a day can stand."""
    lines: dict[int, int] = {}
    for sign in _DAY:
        end = 0
        while match := sign.search(text, end):
            end = text.find("\n", match.end())
            end = len(text) if end < 0 else end
            lines[text.rfind("\n", 0, match.start()) + 1] = end
    return sorted(lines.items())


def _range(passage: Passage, text: str, match: re.Match[str], year: int | None, *, lead: bool) -> Fact | None:
    """The period that ``match`` is; in the ``lead`` of a report a whole calendar year needs no word to say so."""
    written = match["y1"]
    first = year if written in (None, "本", "上", "去") else parse_year(written)
    second = parse_year(match["y2"]) if match["y2"] else first
    if first is None or (written is None and match["y2"] is None and "月" not in match[0]):
        return None
    if written is None and match["y2"]:
        first = second or first
    elif written in ("上", "去"):
        first -= 1
    start = _date(first, match["m1"], match["d1"])
    end = None if second is None else _date(second, match["m2"] or "12", match["d2"], last=True)  # 202020年 is no year
    before = text[max(0, match.start() - 24) : match.start()]
    cue = bool(_OF_PERIOD.search(before + text[match.end() : match.end() + 12]))
    if start is None or end is None:
        malformed = cue and written is not None
        return Fact("malformed", None, passage.raw(*match.span()), passage.where(*match.span())) if malformed else None
    days = (dt.date.fromisoformat(end) - dt.date.fromisoformat(start)).days
    around = before[-12:] + text[match.end() : match.end() + 8]
    # a year that its days stand behind in brackets needs none anywhere: 2020年（1月1日至12月31日）
    # 2008 began on 1 May, the day the law came into force
    # 2010年1月1日至2010年12月31日间我局开展政府信息公开工作
    alone = lead or "（" in (match["a"] or "") or bool(_DURING.match(text, match.end()))
    whole = alone and start[:4] == end[:4] and (start[5:], end[5:]) == ("01-01", "12-31")
    told = match["sep"] or text[match.end() : match.end() + 1] == "止"
    if cue or whole or ((days >= 300 or start.endswith("05-01")) and told and _CUE.search(around)):
        return _fact(passage, match.start(), match.end(), (start, end))
    return None


def _end(match: re.Match[str], year: int | None) -> str | None:
    text = (match["date"] or match["date2"]).replace("12月底", "12月31日")
    if re.fullmatch(r"20\d{6}", text):
        return _digits(text[:4], text[4:])
    if not text.startswith("2") and not text.startswith("二"):
        if year is None:
            return None
        text = f"{year}年{text}"
    day = parse_date(text)
    return day.isoformat() if day else None


def _signed(found: Outline) -> Fact | None:
    """The date under the text, or a bare date right under the title."""
    for line in reversed(found.tail.lines):
        if match := re.search(DATE, line.text):
            return _dated(line.where(*match.span()), match[0])
    for line in reversed(found.tail.lines):  # no line has a whole date
        if match := re.search(rf"{MONTH}$", line.text):
            return Fact("malformed", None, match[0], line.where(*match.span()))
    lines = found.preface.lines
    if len(lines) > 1 and _ORGAN_ALONE.match(lines[0].text) and (match := _DATE_ALONE.match(lines[1].text)):
        return _dated(lines[1].where(*match.span("date")), match["date"])
    if lines and (match := _UNDER_TITLE.match(lines[0].text)):
        text = lines[0].text
        other = re.match(r"[，至到—\-起以]|印发|前|期间|，?我|，?全", text[match.end() :]) or _AT_HOUR.match(text)
        if not other and "统计" not in text[:20]:
            return _dated(lines[0].where(*match.span("date")), match["date"])
    return None


def _dated(where: Where, text: str) -> Fact | None:
    day = parse_date(text)
    if day is None:
        return Fact("malformed", None, text, where)
    return Fact(
        "given", day.isoformat(), where.quote or text, where, (Sighting(day.isoformat(), where.quote or text, where),)
    )


def _posted(found: Outline, posted: str | None) -> Fact | None:
    passages = (found.meta, found.furniture, found.title, found.preface)
    for passage in passages:
        if "日期" not in passage.text and "时间" not in passage.text:
            continue
        for match in _POSTED.finditer(passage.text):
            day = parse_date(match["date"])
            before = passage.text[max(0, match.start() - 8) : match.start()]
            if day and not re.search(r"统计|截止|起止", before):
                return _fact(passage, *match.span("date"), day.isoformat())
    head = found.preface.text
    if (at := _AT_HOUR.match(head)) and (day := parse_date(at["date"])):
        return _fact(found.preface, *at.span("date"), day.isoformat())
    return Fact("given", posted, posted, Where(), (Sighting(posted, posted, Where()),)) if posted else None
