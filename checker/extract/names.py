"""Whose report it is: the organ's name in title, signature and text, and its level."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from checker.extract.numerals import DATE
from checker.extract.outline import Outline
from checker.late import late
from checker.model import HOLE, Fact, Level, Passage, Sighting, record

_SUFFIX = (
    r"(?:人民政府办公室|政府办公室|人民政府|街道办事处|街道办|街道|民族乡|苏木|镇政府|乡政府|区政府|县政府|市政府|政府办|管理委员会|委员会|联合会|管委会|办事处|"
    r"办公室|供销合作社|合作社|监督所|档案馆|信访办|外资办|法制办|机关事务管理局|农业发展中心|管理中心|服务中心|中心|管理处|分局|总局|局|农场|开发区|示范区|园区|支队|大队|学校|医院|"
    r"发改委|卫计委|农委|经委|建委|国资委|镇|乡|厅|委|办|站|院|所|社|馆|队)"
)
_NOT_NAME = r"(?!可与|现将|请|年|了|政府信息|信息|我|本|全|各|向|由|和|关于|按照|根据|贯彻|政务|年度|报告)"
_YEAR = r"(?:(?:19|20)\d\d|二[〇○零O0][〇○零O0一二三四五六七八九]{2})年?度?"
_SUBJECT = late(r"(?:基层)?(?:政府|政务)?(?:信息(?:与政务)?公开|政务公开|信息公示)|(?:年度)?报告")
_STAMP = late(
    r"(?:[^\n]*(?:19|20)\d\d[-./]\d{1,2}[-./]\d{1,2}(?:\d\d:\d\d(?::\d\d)?)?)?"
    r"(?:[^\n]{0,12}(?:阅读|浏览|点击|访问)(?:次数|量|数)?[：:]\d+次?)?"
)
#: who signs right under the title, before the day
_UNDER_TITLE = late(
    rf"[（(]?({_NOT_NAME}[\u4e00-\u9fff]{{1,24}}?{_SUFFIX})(?:编制)?[（(]?(?={DATE}[）)]?(?:$|根据|按照|依|遵照|为|由|本|现))"
)
#: the same behind the day, a line of its own: （2011年3月28日 柳坪县人民政府）
_UNDER_DAY = late(rf"[（(]?{DATE}[，]?({_NOT_NAME}[\u4e00-\u9fff]{{1,24}}?{_SUFFIX})[）)]?$")
#: who signs behind an address, the break between them lost: the county that the address begins with stands there again
_BEHIND_ADDRESS = late(
    rf"([\u4e00-\u9fff]{{2,4}}?[县市区旗])[\u4e00-\u9fff\d]{{4,40}}?(\1[\u4e00-\u9fff]{{1,14}}?{_SUFFIX})$"
)
_ISSUER = late(
    r"(?:发布单位|发布机构|公开机构|公开主体|信息来源|来源|发布者|责任部门)：([\u4e00-\u9fff]{1,28}?"
    + _SUFFIX
    + r"|[\u4e00-\u9fff]{2,12}(?=\n|$))"
)
_ISSUER_CUE = late(r"：(?<=[位构体源者门]：)")  # begins with a plain character, which is found ten times as fast
_AUTHOR = late(
    rf"(?:由|公布|现公开|发布|汇总{_YEAR}|编制(?:了(?!解)|(?:完成|好|了)?《)?)({_NOT_NAME}[\u4e00-\u9fff]{{2,30}}?{_SUFFIX})(?:本级)?(?:{_YEAR})?(?:政府)?(?:信息公开)?(?:负责)?(?:编制|编写|解释|{_YEAR}|制作|政府信息公开)"
)
#: who compiles the report, or whose it is, as its first sentence says
_COMPILER = late(
    rf"(?:编制了?|公布|发布|现将)({_NOT_NAME}[\u4e00-\u9fff]{{2,20}}?{_SUFFIX})(?:{_YEAR})?的?(?:政府|政务)?信息公开(?:工作)?(?:年度)?(?:报告|年报|情况)"
    rf"|(?:^|(?<=[，。；由]))({_NOT_NAME}[\u4e00-\u9fff]{{2,20}}?{_SUFFIX})(?:特|组织)?(?:编制|编写)(?:了|本)?《?(?:{_YEAR})?[^，。；]{{0,16}}(?:报告|年报)",
    re.MULTILINE,
)
_FIRST = 600  #: characters in which a report says whose it is
#: the county whose report it is, as its first sentence says: 编写栖原县2017年度政府信息公开…
_COUNTY = late(
    rf"(?:编写|编制|公布|发布|公开|现将){_NOT_NAME}([\u4e00-\u9fff]{{2,8}}?[县市区旗州省])(?:{_YEAR})的?(?:政府|政务)?信息公开"
)
_CONTACT = late(
    rf"(?:与|请联系|联系)({_NOT_NAME}[\u4e00-\u9fff]{{2,30}}?{_SUFFIX})(?:政府信息|党政|办公室|信息公开|联系|（|，)"
)
_ACTS = (
    r"(?:党委|认真|严格|高度|积极|共|主动|坚持|按照|在|公开|切实|以|全面|现有|围绕|根据|依据|深入|坚决"
    r"|加强|继续|依法|没有|未|把|将|政府信息公开|20\d\d年|（)"
)
_MENTION = late(
    rf"(?:{_YEAR}|[，。；：（]|^|由|现将)({_NOT_NAME}[\u4e00-\u9fff]{{2,20}}?(?:镇|乡|街道|街道办事处|局|人民政府|委|办|中心|联合会|管委会|合作社|所))"
    + _ACTS,
    re.MULTILINE,
)
_MENTION_CUE = late("[镇乡道处局府委办心会社所]" + _ACTS)
_ANY = late(
    r"(?<![\u4e00-\u9fff《])(?!号)([\u4e00-\u9fff]{2,6}(?:县|区|市|旗)[\u4e00-\u9fff]{2,10}?(?:镇(?![村域区])|乡(?![村镇土])|街道|局|委|办))"
)
_ANY_CUE = late(r"[县区市旗][\u4e00-\u9fff]{2,10}?(?:镇|乡|街道|局|委|办)")
_SELF = late(r"(?:我|本)(镇|乡|街道|街|局|委|办|县|区|市|厅|院|中心|站)")
_OFFICE = late(r"([县市区旗州])(?:人民)?政府办公室")
_OFFICES = late(r"(?:(?:人民)?政府|办事处)$")
_GENERIC = late(
    r"[以由经让把对](?:镇|乡|街道|局|办)$|^(?:县|市|区)?(?:人民)?政府(?:办公室)?$|^(?:党政|党委|综合|行政|政府|政务|信息公开)+(?:事务|管理)?办(?:公室)?$|^(?:报送|抄送|抄报|上报|呈报)|^(?:各级|上级|国务院|市委|县委|党委).{0,4}$|^[省市县区镇乡](?!(?!政府|人民).{2,3}[局委办馆]$).{0,4}$"
)


#: 所辖乡镇、指导青石镇编制: not who compiles it
_TOWNS = late(
    r"乡镇|镇乡|镇街|街镇|城镇$|^(?:指导|督促|帮助|协助|要求|组织|委托|参照|参考|对照|借鉴|汇总|对|与|为|在|及|等)|[、和及与]"
)
_NO_ORGAN = late(r"[我本各个]|负责|坚持|请|致[函电]|^(?:确保|全[局镇乡县市区街省委办])")
#: 青石镇政府信息公开工作领导小组办公室, 党群工作部办公室: the desk of the organ before it
_DESK = late(
    r"(?:(?<=[县市区旗镇乡道局])(?:(?:人民)?政府)?(?:政府|政务)?信息公开(?:工作)?领导小组|(?<=[^各]部))办公室$"
)
#: 由宣传局（法制办）处理日常事务: one of the organ's own
_IN_CHARGE = late(r"(?:（[^（）]*）)?(?:具体)?(?:处理|负责|牵头|承[办担]|办理|收集)")
_HEADED = late(
    r"(?:（[^（）]*）)?[\u4e00-\u9fff]{0,6}?(?:副?[局部处科股]长|副?主任|副?书记)"
)  #: 部门领导：方林海 开发区宣传局（法制办）局长
#: words of the sentence that a name can seem to begin with (a county's name begins with 将乐)
_AHEAD = late(
    r"(?:.*(?:的|了(?!解)|请与|公众可[在到从]|结合|坚持在?|致函|致电|请联系|涵盖|了解|知晓|知悉|熟悉|方便|便利|反映|展示|信到|寄[到至往]|地址[在为是]?|位于|设在)|年度?|度|现将?|将(?!乐)|根据|按照|依据|依照|为了?|特|予以|并?向社会|公[布开]|发布|编制|编写|联系|由|(?:编制|办理|承办|所在|主管|责任)?(?:部门|单位|科室|处室|股室|机构(?!编制))|[一二三四五六七八九零]{1,4}年度?)*"
)


@record
class Names:
    """The organ's fullest name, its level, and the facts read on the way."""

    place: str | None
    level: Level | None
    facts: dict[str, Fact]


def read(found: Outline) -> Names:
    """Name and level of the organ that reports."""
    facts: dict[str, Fact] = {}
    if found.title:
        where = found.title.where(0, len(found.title.text))
        raw = "".join(line.raw for line in found.title.lines)
        facts["title"] = Fact("given", found.title.text.replace("\n", ""), raw, where)
    titled = _titled(found.title)
    if titled:
        facts["title.place"] = titled
    if signed := _signed(found):
        facts["signed.place"] = signed
    choices = [fact for fact in (titled, signed, *_others(found)) if fact and isinstance(fact.value, str)]
    named = [fact for fact in choices if not re.match(r"[我本全]", str(fact.value))]
    if named:
        best = _fullest(named)
        facts["place"] = Fact("given", best.value, best.raw, best.where, tuple(s for f in named for s in f.sightings))
    place = str(facts["place"].value) if named else None
    if titled and (lead := _compiler(found.preface, str(titled.value))):
        facts["lead.place"] = lead
    return Names(place, _level(place, found), facts)


def _level(place: str | None, found: Outline) -> Level | None:
    """The level of the organ; a government's office that speaks of 全县, 本县 signs for its government."""
    if place is None:
        return _self_level(found)
    office = _OFFICE.search(place)
    if office and not _OFFICE.search(found.title.text) and re.search(f"[全我本]{office[1]}", found.body.text):
        return level_of(office[1])
    return level_of(place)


def level_of(name: str) -> Level:
    """The level of an organ by its name: 青石镇人民政府 -> 镇, 林业局 -> 部门, 开发区管委会 -> 其他."""
    name = re.sub(
        r"(?<=[镇乡道])(?<!城镇)(?<!乡镇)[\u4e00-\u9fff]{0,6}(?:办公室|(?<!街道)办)$", "", name
    )  # a desk of the town
    name = re.sub(r"(?:人民)?政府$", "", name)
    ends: tuple[tuple[str, Level], ...] = (
        (r"街道(?:办事处|办)?$|办事处$", "街道"),
        (r"镇$", "镇"),
        (r"(?:乡|苏木)$", "乡"),
        (r"(?:管委会|管理委员会|开发区|园区|示范区|农场|新区)$", "其他"),
        (r"(?:局|委|委员会|办|办公室|中心|厅|部|站|院|队|处|所|社|馆|会|公司|学校|医院)$", "部门"),
        (r"省$|自治区$", "省"),
        (r"县$|旗$|区$", "县"),
        (r"市$|州$|盟$", "市"),
    )
    return next((level for pattern, level in ends if re.search(pattern, name)), "其他")


def _self_level(found: Outline) -> Level | None:
    """The level that 我镇, 我局 ... claim, by the most frequent of them."""
    counts: Counter[Level] = Counter()
    kinds: dict[str, Level] = {"镇": "镇", "乡": "乡", "街道": "街道", "街": "街道", "县": "县", "区": "县", "市": "市"}
    for match in _SELF.finditer(found.all.text):
        level = kinds.get(match[1], "部门")
        counts[level] += 1
    return counts.most_common(1)[0][0] if counts else None


def _fact(passage: Passage, start: int, end: int) -> Fact:
    value = passage.text[start:end]
    where, raw = passage.where(start, end), passage.raw(start, end)
    return Fact("given", value, raw, where, (Sighting(value, raw, where),))


def _titled(title: Passage) -> Fact | None:
    """The organ in the title: what stands before the year or the subject, without a leading year or 关于."""
    text = title.text
    subject = _SUBJECT.search(text)
    if not subject:
        return None
    head = text[: subject.start()]
    stamp = _STAMP.match(head)  # 发布人：党政办 2013-02-04 青石镇2012年度…
    skipped = stamp.end() if stamp else 0
    start = re.match(
        rf"(?:[^《》\n]*《)?(?:现将)?(?:关于)?(?:公布|发布|印发|报送)?(?:{_YEAR})?(?:关于)?", head[skipped:]
    )
    begin = skipped + (start.end() if start else 0)
    end = len(head)
    year = re.search(rf"{_YEAR}", head[begin:])
    if year and year.start() > 0:
        end = begin + year.start()
    name = re.sub(r"(?:（机关）|关于|[\s—\-的（]+)+$", "", head[begin:end])
    if "\n" in name:
        begin += name.rfind("\n") + 1
        name = name[name.rfind("\n") + 1 :] or name.split("\n")[0]
    if len(name) < 2 or not re.search(rf"{_SUFFIX}$|[市县区省旗]$|[^各]部$", name) or re.match(r"[我本全各]", name):
        return None
    if HOLE in name:
        return None
    at = text.find(name)
    return _fact(title, at, at + len(name))


def _signed(found: Outline) -> Fact | None:
    """The organ under the text, or right under the title."""
    for line in found.tail.lines:
        name = re.sub(rf"^{DATE}|{DATE}.*|[（(].{{0,4}}章[）)]|(?:联系)?(?:电话|地址)[：:].*", "", line.text)
        name = name.strip("。：（( ")
        if HOLE in name:
            continue
        if len(name) >= 2 and re.search(_SUFFIX + r"$|[市县区]$", name) and not re.match(r"附|联系|此件", name):
            at = line.text.find(name)
            where = line.where(at, at + len(name))
            return Fact("given", name, where.quote or name, where, (Sighting(name, where.quote or name, where),))
    last = found.body.lines[-1] if found.tail and found.body else None
    if last and (match := _BEHIND_ADDRESS.search(last.text)):
        where = last.where(*match.span(2))
        return Fact("given", match[2], where.quote or match[2], where, (Sighting(match[2], where.quote or "", where),))
    head = found.preface
    if not head:
        return None
    first = head.lines[0].text
    under = _UNDER_TITLE.match("".join(line.text for line in head.lines[:2]))
    match = under or _UNDER_TITLE.match(first) or _UNDER_DAY.match(first)
    return _fact(head, *match.span(1)) if match else None


def _compiler(preface: Passage, place: str) -> Fact | None:
    """The organ that the first sentence names, if it is of the kind of ``place``; else a town or a street, if any.

    A desk, or a government's office, may compile for others; a town compiles for no other organ, but for its county.
    """
    spans = [match.span(match.lastindex or 0) for match in _COMPILER.finditer(preface.text, 0, _FIRST)]
    named = [(preface.text[slice(*span)], span) for span in spans if not _NO_ORGAN.search(preface.text[slice(*span)])]
    own = next((span for name, span in named if _kind(name) == _kind(place)), None)
    if own is None and level_of(place) in ("镇", "乡", "街道", "部门"):
        own = next((span for name, span in named if _kind(name) in "镇乡道" and not _TOWNS.search(name)), None)
    return _fact(preface, *own) if own else None


def _kind(name: str) -> str:
    """The last character of a name without 人民政府 and 办事处: 镇, 局."""
    return _OFFICES.sub("", name)[-1:]


def _others(found: Outline) -> Iterator[Fact]:
    """Other places that name the organ: issuer line, author, contact, then any name that acts."""
    lists = (
        (found.all, _ISSUER, _ISSUER_CUE),
        (found.all, _AUTHOR, None),
        (found.preface, _COUNTY, None),
        (found.body, _CONTACT, None),
        (found.body, _MENTION, _MENTION_CUE),
        (found.all, _ANY, _ANY_CUE),
    )
    for passage, pattern, cue in lists:
        for match in _met(pattern, cue, passage.text):
            ahead = _AHEAD.match(match[1])
            skipped = ahead.end() if ahead else 0
            name = match[1][skipped:].partition("通过")[0]  # 青石镇通过县政府网站青石镇专栏
            name = _DESK.sub("", name)
            if _within(pattern, passage.text, match):
                continue
            if len(name) > 1 and "网站" not in name and not _GENERIC.search(name) and not _NO_ORGAN.search(name):
                yield _fact(passage, match.start(1) + skipped, match.start(1) + skipped + len(name))
                break


def _within(pattern: re.Pattern[str], text: str, match: re.Match[str]) -> bool:
    """Whether a name that acts, or any, is one of the organ's own offices: who heads it is said, or what it does."""
    if pattern is _ANY:
        return match[1][-1] in "委办" and bool(_HEADED.match(text, match.end(1)))
    charged = "由" in match[0] and bool(_IN_CHARGE.match(text, match.end(1)))
    return pattern is _MENTION and (charged or bool(_HEADED.match(text, match.end(1))))


def _met(pattern: re.Pattern[str], cue: re.Pattern[str] | None, text: str) -> Iterator[re.Match[str]]:
    """The matches of ``pattern``, which stay in a line: in the lines that have the ``cue``, which is found faster."""
    if cue is None:
        yield from pattern.finditer(text)
        return
    end = 0
    while found := cue.search(text, end):
        start, end = text.rfind("\n", 0, found.start()) + 1, text.find("\n", found.end())
        end = len(text) if end < 0 else end
        yield from pattern.finditer(text, start, end)


def _fullest(named: list[Fact]) -> Fact:
    """The title's or signature's name, or a longer name that contains it."""
    first = named[0]
    core = re.sub(r"(?:人民)?政府$|办事处$", "", str(first.value))
    # 青石镇党政办: the desk that answers the phone is not the organ
    whole = [f for f in named if f is first or re.search(rf"{re.escape(core)}(?:人民政府|政府|办事处)?$", str(f.value))]
    return max(whole, key=lambda f: len(str(f.value)))
