"""The county of ``examples/county``: thirty invented units over two years, their reports told as data, and the trouble
that is planted among them. ``python -m tests.county`` writes the folder anew.

Every sentence stands in ``wording.yaml``; which one a report takes follows from its unit and year. What is wrong with
which report is said in ``TROUBLE`` and nowhere else; ``expected.yaml`` of the folder is written from it.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.write import Line, Written, told

FOLDER = Path(__file__).parent
YEARS = (2023, 2024)
COUNTY = "岫川县"

# --- trouble ----------------------------------------------------------------------------------------------------------

MISSING = ("枣林镇", "凤台街道", "林业局")
LATE = {"大坪岭镇": 14, "应急管理局": 19}  #: handed in on this day of February
TWICE = "青枫镇"
#: who -> whose report, and which aspects it told in its own words
COPIES: Mapping[str, tuple[str, tuple[str, ...]]] = {"竹坞乡": ("云台乡", ()), "财政局": ("民政局", ("监督保障",))}
OWN_LAST_YEAR = "石桥湾镇"
WRONG_PLACE = ("兰溪口镇", "古渡镇")  #: whose report still names whom
CARRY_OVER = "东湖街道"
SCAN = "松源乡"


@dataclass(frozen=True, eq=False)
class Unit:
    """One office of the county: what it is called, where it sits, its own three matters in each year."""

    at: int
    short: str
    level: str
    road: str
    box: str
    matters: Mapping[int, Sequence[str]]
    villages: int = 0

    @property
    def name(self) -> str:
        """As the roster and its own report have it."""
        return f"{COUNTY}{self.short}" + {"街道": "办事处", "部门": ""}.get(self.level, "人民政府")

    @property
    def words(self) -> dict[str, Any]:
        """What the sentences of ``wording.yaml`` name."""
        head = {"镇": "副镇长", "乡": "副乡长", "街道": "办事处副主任", "部门": "副局长"}[self.level]
        return {
            "self": {"镇": "我镇", "乡": "我乡", "街道": "街道", "部门": "我局"}[self.level],
            "head": f"分管{head}",
            "office": f"{self.short}党政办公室" if self.villages else f"{self.name}办公室",
            "unit": "社区" if self.level == "街道" else "村",
            "name": self.name,
            "road": f"{'' if self.level == '部门' else self.short}{self.road}",
            "post": 586300 + self.at,
            "phone": f"0589-555{3100 + 7 * self.at}",
            "box": self.box,
            "v": self.villages,
        }


@cache
def units() -> tuple[Unit, ...]:
    data = yaml.safe_load((FOLDER / "units.yaml").read_text(encoding="utf-8"))
    return tuple(
        Unit(
            at, raw["short"], raw["level"], raw["road"], raw["box"], {y: raw[y] for y in YEARS}, raw.get("villages", 0)
        )
        for at, raw in enumerate(data["units"])
    )


@cache
def unit(short: str) -> Unit:
    return next(unit for unit in units() if unit.short == short)


@cache
def wording() -> Mapping[str, list[Any]]:
    data: Mapping[str, list[Any]] = yaml.safe_load((FOLDER / "wording.yaml").read_text(encoding="utf-8"))
    return data


# --- one report -------------------------------------------------------------------------------------------------------


class Teller:
    """Takes sentences for one unit and year: never the same one twice, and none that its other year took.

    ``like``: the unit whose sentences and matters it takes, ``since``: the year whose, where it copies.
    """

    def __init__(self, about: Unit, year: int, like: Unit | None = None, since: int | None = None) -> None:
        self.about, self.year, self.like, self.since = about, year, like or about, since or year
        a, b, c = self.like.matters[self.since]
        self.words = about.words | {
            "y": year,
            "next": year + 1,
            "a": a,
            "b": b,
            "c": c,
            "site": "www.xiuchuan.example.com",
        }

    def some(self, slot: str, count: int = 1, **more: int) -> list[str]:
        """So many sentences of a slot, filled in."""
        return [self.filled(text, **more) for text in self.taken(slot, count)]

    def taken(self, slot: str, count: int) -> list[Any]:
        """This year's share of the sentences: both years deal the same pack, one from the top, one from the end."""
        fitting = [text for text in wording()[slot] if self.about.villages or "{v}" not in str(text)]
        random.Random(f"{self.like.short}{slot}").shuffle(fitting)
        return fitting[:count] if self.since == YEARS[0] else fitting[-count:]

    def filled(self, text: str, **more: int) -> str:
        return text.format(**self.words, **more)


def figures(about: Unit, year: int) -> dict[str, Any]:
    """The forms of a report; what one year leaves open the next one carries over."""
    dice = random.Random(f"{about.short}{year}figures")
    busy = not about.villages
    t2 = {
        "documents": list(documents(about)[year]),
        "licences": dice.randrange(60, 900) if busy else dice.randrange(0, 40),
        "penalties": dice.randrange(5, 200) if busy else dice.randrange(0, 15),
        "coercion": dice.randrange(0, 9) if busy else 0,
        "charges": 0,
    }
    person, company, left = requests(about)[year]
    came = requests(about)[year - 1][2] if year - 1 in YEARS else 0
    came += about.short == CARRY_OVER and year == YEARS[1]
    done = [person + came - left, company]
    rows: dict[str, list[int]] = {"new": [person, company], "carried_in": [came], "carried_out": [left]}
    for at, row in enumerate(("granted", "not_held", "partial", "petition")):
        rows[row] = [share(done[0], at), share(done[1], at)]
    t3 = {row: [*values, *[0] * (6 - len(values))] for row, values in rows.items() if any(values)}
    return {"t2": t2, "t3": t3, "t4": {"review": [1, 0, 0, 0]} if disputed(about, year) else {}}


def share(total: int, at: int) -> int:
    """How many of ``total`` fall to the first, second, third and fourth outcome."""
    return (total + 3 - at) // 4


@cache
def documents(about: Unit) -> Mapping[int, tuple[int, int, int]]:
    """Made, repealed and in force, year by year."""
    dice, kept, found = random.Random(f"{about.short}documents"), 0, {}
    kept = dice.randrange(2, 9)
    for year in YEARS:
        made, repealed = dice.randrange(0, 3), dice.randrange(0, 2)
        kept += made - repealed
        found[year] = (made, repealed, kept)
    return found


@cache
def requests(about: Unit) -> Mapping[int, tuple[int, int, int]]:
    """Of persons, of companies, and left open, year by year; a small township has none."""
    dice = random.Random(f"{about.short}requests")
    if about.level == "乡":
        return dict.fromkeys(YEARS, (0, 0, 0))
    return {year: (dice.randrange(2, 9), dice.randrange(0, 4), dice.randrange(0, 2)) for year in YEARS}


def disputed(about: Unit, year: int) -> bool:
    return about.level == "部门" and (about.at + year) % 4 == 0


def report(about: Unit, year: int) -> Written:
    """The report of a unit as it was handed in: clean, or with the trouble that is planted in it."""
    planted = year == YEARS[1]
    day = LATE.get(about.short) if planted else None
    whose, own = COPIES.get(about.short, (about.short, ())) if planted else (about.short, ())
    since = YEARS[0] if about.short == OWN_LAST_YEAR else year
    teller, forms = Teller(about, year, unit(whose), since), figures(about, year)
    dice = random.Random(f"{about.short}{year}date")
    signed = f"{year + 1}年2月{day}日" if day else f"{year + 1}年1月{dice.randrange(8, 25)}日"
    lines = [
        f"{about.name}{year}年政府信息公开工作年度报告",
        "".join((*teller.some("preface"), *teller.some("contact"))),
        *_overview(teller, forms, own),
        *("二、主动公开政府信息情况", "[t2]", "三、收到和处理政府信息公开申请情况", "[t3]"),
        *("四、政府信息公开行政复议、行政诉讼情况", "[t4]", _disputes(year, forms)),
        *_problems(teller),
        *("六、其他需要报告的事项", *teller.some("other"), *teller.some("more", n=dice.randrange(2, 9))),
        *(about.name, signed),
    ]
    text = "\n".join(lines)
    if planted and about.short == WRONG_PLACE[0]:
        text = text.replace(f"{year}年主动公开政府信息", f"{year}年，{WRONG_PLACE[1]}主动公开政府信息", 1)
    return told(f"{year}-{about.short}", {"place": about.name, "year": year, "text": text, **forms})


def draft(about: Unit, year: int) -> Written:
    """An earlier version of a unit's report: signed a week before, one sum not yet right."""
    final = report(about, year)
    blocks = tuple(
        replace(block, text=f"{year + 1}年1月3日") if isinstance(block, Line) and _DAY.fullmatch(block.text) else block
        for block in final.blocks
    )
    return replace(final, blocks=blocks).but("t3.closed.all", "99")


_DAY = re.compile(r"\d{4}年1月\d+日")


def _overview(teller: Teller, forms: Mapping[str, Any], own: Sequence[str]) -> list[str]:
    """The five aspects, each under a heading of its own or behind it, as the unit is used to."""
    lines, plain = ["一、总体情况"], Teller(teller.about, teller.year)
    for number, title in zip("一二三四五", ASPECTS, strict=True):
        text = "".join(_aspect(title, plain if title in own else teller, forms))
        head = f"（{number}）{title}" + ("情况" if teller.about.at % 3 == 2 else "")
        lines += [f"{head}。{text}"] if teller.about.at % 3 == 0 else [head, text]
    return lines


ASPECTS = ("主动公开", "依申请公开", "政府信息管理", "政府信息公开平台建设", "监督保障")


def _aspect(title: str, teller: Teller, forms: Mapping[str, Any]) -> Sequence[str]:
    dice, year, some = random.Random(f"{teller.about.short}{teller.year}{title}"), teller.year, teller.some
    if title == "主动公开":
        site, media = dice.randrange(60, 240), dice.randrange(20, 90)
        said = f"{year}年主动公开政府信息{site + media}条，其中政府网站公开{site}条、政务新媒体公开{media}条。"
        return [said, *some("published", 3)]
    if title == "依申请公开":
        return [_requests(year, forms), *(some("requests") if forms["t3"] else ())]
    if title == "政府信息管理":
        made, repealed, kept = forms["t2"]["documents"]
        normative = f"{year}年制发行政规范性文件{made}件，废止{repealed}件，现行有效{kept}件。"
        return [normative, *some("manage", 2)]
    if title == "政府信息公开平台建设":
        return [*some("platform", 2), *some("points", 2)]
    numbers = {"n": dice.randrange(2, 5), "m": dice.randrange(30, 120), "k": dice.randrange(12, 40)}
    return [*some("guard", 2), *some("train", **numbers), *some("review", **numbers), *some("mended")]


_OUTCOMES = {"granted": "予以公开", "partial": "部分公开", "not_held": "无法提供", "petition": "不予处理"}


def _requests(year: int, forms: Mapping[str, Any]) -> str:
    t3 = {row: sum(values) for row, values in forms["t3"].items()}
    if not t3:
        return f"{year}年没有收到政府信息公开申请，没有上年结转的申请，也没有结转下年度的申请。"
    person, company = forms["t3"]["new"][:2]
    who = f"，其中自然人{person}件、商业企业{company}件" if company else "，均为自然人提出"
    done = sum(t3.get(row, 0) for row in _OUTCOMES)
    how = "、".join(f"{word}{t3[row]}件" for row, word in _OUTCOMES.items() if t3.get(row))
    return (
        f"{year}年新收政府信息公开申请{t3['new']}件{who}，上年结转{t3.get('carried_in', 0)}件。全年办结{done}件，"
        f"结转下年度继续办理{t3.get('carried_out', 0)}件。办结的申请中，{how}。"
    )


def _disputes(year: int, forms: Mapping[str, Any]) -> str:
    if forms["t4"]:
        return f"{year}年因政府信息公开被申请行政复议1件，结果维持；没有发生行政诉讼。"
    return f"{year}年没有因政府信息公开被申请行政复议，也没有被提起行政诉讼。"


def _problems(teller: Teller) -> list[str]:
    found = [text.split(" → ") for text in teller.some("problems", 3)]
    bad, good = ("；".join(f"{n}是{pair[at]}" for n, pair in zip("一二三", found, strict=True)) for at in (0, 1))
    if teller.about.at % 2:
        text = [f"存在的主要问题：{bad}。", f"改进情况：{good}。"]
    else:
        text = ["（一）存在的主要问题", f"{bad}。", "（二）改进情况", f"{good}。"]
    return ["五、存在的主要问题及改进情况", *text]
