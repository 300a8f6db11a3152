"""How long an audit of a whole season takes: ``python bench/season.py [COUNT] [--only json,csv]``.

``COUNT`` fictional units of one year, each with a report of its own words and the three official tables, and one in a
hundred handed in under another name as well. Cold on one and on two processes, then again with nothing changed. Not a
test: a busy machine misses every figure. What is measured and why: bench/README.md.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from pathlib import Path

import generate
from run import NIANBAO, ROOT, measure

CLEAN = (ROOT / "examples" / "2024-桐溪镇-规范.txt").read_text(encoding="utf-8")
FIRST, SECOND = (
    "青栖柳白砚松云杨苇桐霁枫鹤石金银铜铁东西南北上下大小长高新旧红绿",
    "原坪渡塘湾渚津溪川岭浦磨桥门店集河湖沟山坡崖林田园庄堡关口泉井洼",
)
THIRD = (
    "",
    "上",
    "下",
    "东",
    "西",
    "南",
    "北",
    "新",
    "老",
    "大",
    "小",
    "里",
    "外",
    "前",
    "后",
    "中",
    "高",
    "平",
    "长",
    "圆",
)


def name(number: int) -> str:
    """A name for each of the first 20,000 units."""
    number, first = divmod(number, len(FIRST))
    number, second = divmod(number, len(SECOND))
    return THIRD[number % len(THIRD)] + FIRST[first] + SECOND[second] + "镇"


def report(number: int) -> str:
    """The report of unit ``number`` on 2024: the tables of an example, and text of its own."""
    dice = random.Random(number)
    text = CLEAN.replace("桐溪镇", name(number)).replace("桐溪", name(number)[:-1])
    start, end = text.index("（一）主动公开"), text.index("二、主动公开政府信息情况")
    own = "\n".join(generate.deeds(dice, 5))
    return f"{text[:start]}{own}\n\n{text[end:]}"


def write(folder: Path, count: int) -> None:
    """``count`` units, 1,000 reports a folder; every hundredth text once more, as another unit's."""
    for number in range(count):
        path = folder / f"{number // 1000:03}" / f"{number:06}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        text = report(number)
        if number % 100 == 99:
            text = report(number - 1).replace(name(number - 1), name(number))
        path.write_text(text, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("count", type=int, nargs="?", default=2000)
    parser.add_argument("--only", default="json,csv")
    parser.add_argument("--one", action="store_true", help="on two processes only")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as place:
        folder = Path(place) / "in"
        write(folder, given.count)
        runs = [("two processes", "2", "two"), ("unchanged", "2", "two")]
        if not given.one:
            runs.insert(0, ("one process", "1", "one"))
        for said, jobs, cache in runs:
            cache_at = Path(place) / cache
            cache_at.mkdir(exist_ok=True)
            command: list[str | Path] = [
                *NIANBAO,
                "audit",
                folder,
                "--year",
                "2024",
                "-j",
                jobs,
                "-o",
                Path(place) / "out",
            ]
            done = measure([*command, "--only", given.only], cache_at, memory=True)
            print(
                f"{said:14} {done.wall:8.1f} s  {given.count / done.wall:7.1f} reports/s"
                f"  cpu {done.cpu:8.1f} s  peak {done.peak:6.0f} MiB",
                flush=True,
            )


if __name__ == "__main__":
    main()
