"""Reports of fictional places for the benchmark: ``python bench/generate.py FOLDER [COUNT]``.

The same number gives the same text: all four eras, about 3,000 characters, several wordings of each answer, and in
every fifth report one answer left out. Not for tests of rules: what each report lacks is not recorded.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

PLACES = (
    "青石",
    "栖原",
    "柳坪",
    "白渡",
    "砚塘",
    "松湾",
    "云渚",
    "杨渡",
    "苇塘",
    "桐溪",
    "霁川",
    "枫桥岭",
    "鹤浦",
    "石磨",
)
KINDS = (("镇", "镇人民政府"), ("乡", "乡人民政府"), ("街道", "街道办事处"))
ROADS = ("迎春路", "溪南路", "文昌街", "环城东路", "车站路")
MATTERS = (
    *("财政预决算", "惠农补贴", "低保评议", "征地补偿", "农村危房改造", "义务教育招生", "公共卫生", "食品安全"),
    *("安全生产", "防汛抗旱", "森林防火", "土地流转", "养老服务", "劳动就业", "招标采购", "环境整治"),
)
DEEDS = (
    "把{m}列为公开重点，指定{n}名工作人员收集和审核材料，{q}前在网站和村级公开栏同时张贴",
    "围绕{m}编写问答{n}篇，由包村干部送到各村，听取意见后又补充了办事地点和联系人",
    "针对{m}召开座谈会{n}次，邀请群众代表、企业负责人和老党员参加，会上提出的建议都作了答复",
    "对{m}方面的文件逐件清理，失效的{n}件从专栏撤下，仍在执行的重新编目后方便群众查找",
    "组织{m}业务培训{n}次，讲解公开范围、保密审查和更正程序，参加人员当场答题检验效果",
    "在便民服务大厅设置{m}查阅点，备有纸质材料{n}套，由值班人员协助老年人查阅和复印",
    "就{m}开展检查{n}轮，发现内容陈旧、链接打不开等情况当天通知责任站所补正",
    "通过广播、宣传车和微信群解读{m}政策{n}场，让不常上网的群众也能听得懂、用得上",
)
TAILS = ("，收到较好效果", "，受到群众欢迎", "，减少了误解和重复询问", "，形成了固定做法", "，为下一步工作打下基础")
LAWS = {
    "A": "根据《中华人民共和国政府信息公开条例》（国务院令第492号，以下简称《条例》）第三十一条、第三十二条的规定",
    "B": "按照《中华人民共和国政府信息公开条例》（国务院令第492号，以下简称《条例》）要求",
    "C": "依据《中华人民共和国政府信息公开条例》（国务院令第711号，以下简称《条例》）第四十九条、第五十条规定",
    "D": "根据《中华人民共和国政府信息公开条例》（国务院令第711号，以下简称《条例》）和国办公开办函〔2021〕30号要求",
}
OLD = {
    "概述": "overview",
    "主动公开政府信息的情况": "published",
    "依申请公开政府信息的情况": "requests",
    "收费及减免情况": "fees",
    "行政复议和行政诉讼情况": "disputes",
    "存在的主要问题及改进措施": "problems",
}
NEW = {
    "总体情况": "overview",
    "主动公开政府信息情况": "published",
    "收到和处理政府信息公开申请情况": "requests",
    "政府信息公开行政复议、行政诉讼情况": "disputes",
    "存在的主要问题及改进情况": "problems",
    "其他需要报告的事项": "fees",
}
NUMERALS = "一二三四五六七八九"


def report(number: int) -> str:
    """The text of report ``number``."""
    dice = random.Random(number)
    year = 2008 + number % 17
    era = "A" if year < 2014 else "B" if year < 2019 else "C" if year < 2021 else "D"
    kind, organ = dice.choice(KINDS)
    place = dice.choice(PLACES) + kind
    name = place[: -len(kind)] + organ
    bodies = {f.__name__: f for f in (overview, published, requests, fees, disputes, problems)}
    left_out = dice.randrange(6) if number % 5 == 0 else None
    parts = [f"{place}{year}年政府信息公开工作年度报告", preface(dice, era, name, year)]
    for at, (heading, body) in enumerate((OLD if year < 2019 else NEW).items()):
        parts.append(f"{NUMERALS[at]}、{heading}")
        parts += deeds(dice, 3) if at == left_out else bodies[body](dice, year)
    parts += [name, f"{year + 1}年{dice.randint(1, 3)}月{dice.randint(1, 28)}日"]
    return "\n".join(parts) + "\n"


def preface(dice: random.Random, era: str, name: str, year: int) -> str:
    road, house = dice.choice(ROADS), dice.randint(1, 99)
    span = dice.choice(
        ("所列数据的统计期限自{0}年1月1日起至{0}年12月31日止", "数据统计时间为{0}年1月1日至12月31日")
    ).format(year)
    return (
        f"{LAWS[era]}，现公布{name}{year}年政府信息公开工作年度报告。本报告{span}。报告电子版可在县人民政府网站下载。"
        f"如有疑问，请与{name}办公室联系（地址：{road}{house}号，邮编：58{dice.randint(1000, 9999)}，"
        f"电话：0589-555{dice.randint(1000, 9999)}，电子邮箱：office{dice.randint(1, 999)}@example.com）。"
    )


def deeds(dice: random.Random, count: int) -> list[str]:
    """Paragraphs of work done, of which nothing has to be read."""
    lines = []
    for at in range(count):
        sentences = []
        for deed in dice.sample(DEEDS, 3):
            done = deed.format(
                m=dice.choice(MATTERS), n=dice.randint(1, 20), q=dice.choice(("季度末", "每月5日", "会后3天"))
            )
            sentences.append(done + dice.choice(TAILS) + "。")
        lines.append(f"（{NUMERALS[at]}）{dice.choice(MATTERS)}。{''.join(sentences)}")
    return lines


def overview(dice: random.Random, year: int) -> list[str]:
    return [f"{year}年，我们把政府信息公开列入年度工作计划，由主要负责人负总责，办公室具体承办。", *deeds(dice, 3)]


def published(dice: random.Random, year: int) -> list[str]:
    web, board = dice.randint(20, 300), dice.randint(5, 90)
    first = dice.choice(
        (
            f"{year}年共主动公开政府信息{web + board}条，其中政府网站公开{web}条，公开栏公开{board}条。",
            f"全年累计主动公开政府信息{web + board}条。按渠道分，政府网站{web}条、公开栏{board}条。",
            f"本年度通过各种渠道公开信息{web + board}条次，网站{web}条，公开栏{board}条。",
        )
    )
    return [first, *deeds(dice, 3)]


def requests(dice: random.Random, year: int) -> list[str]:
    count = dice.randint(1, 9)
    first = dice.choice(
        (
            f"{year}年没有收到政府信息公开申请。",
            f"全年收到依申请公开{count}件，已全部在规定期限内答复，其中予以公开{count}件。",
            f"本年度共受理公民、法人和其他组织的信息公开申请{count}件，均按时办结。",
            "今年未收到公民、法人和其他组织要求公开政府信息的申请。",
        )
    )
    return [first, *deeds(dice, 3)]


def fees(dice: random.Random, year: int) -> list[str]:
    return [
        dice.choice(
            (
                f"{year}年没有向申请人收取检索、复制、邮寄等费用，也没有减免。",
                "本年度依申请公开政府信息未收取任何费用。",
                "全年信息公开收费0元，减免0元。",
            )
        ),
        *deeds(dice, 2),
    ]


def disputes(dice: random.Random, year: int) -> list[str]:
    return [
        dice.choice(
            (
                f"{year}年没有因政府信息公开申请行政复议、提起行政诉讼的案件。",
                "本年度未发生针对政府信息公开的行政复议和行政诉讼。",
                "全年因政府信息公开被申请行政复议0件，被提起行政诉讼0件。",
            )
        ),
        *deeds(dice, 2),
    ]


def problems(dice: random.Random, year: int) -> list[str]:
    one, two = dice.sample(MATTERS, 2)
    return [
        f"存在的主要问题：一是{one}方面的信息更新不够及时；二是{two}的公开内容还不够具体。",
        f"{year + 1}年改进措施：一是每月通报{one}信息更新情况；二是细化{two}公开目录，逐项落实到人。",
        *deeds(dice, 3),
    ]


def write(folder: Path, count: int) -> None:
    """``count`` reports as text files, 1,000 a folder."""
    for number in range(count):
        path = folder / f"{number // 1000:03}" / f"{number:06}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(report(number), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1000)
