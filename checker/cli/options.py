"""The options of the commands, in words, and what there is to choose from; those of the gate are in ``cli/gate.py``."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

# --- choices ------------------------------------------------------------------------------------------------------


class Format(StrEnum):
    table = "table"
    json = "json"
    markdown = "markdown"
    html = "html"
    sarif = "sarif"
    junit = "junit"
    github = "github"
    gitlab = "gitlab"


class FactsFormat(StrEnum):
    table = "table"
    json = "json"


class FailOn(StrEnum):
    must = "must"
    should = "should"
    never = "never"


class Lang(StrEnum):
    zh = "zh"
    en = "en"


class OfficeLevel(StrEnum):
    province = "省"
    city = "市"
    county = "县"
    town = "镇"
    township = "乡"
    street = "街道"
    department = "部门"
    other = "其他"


# --- what several commands take -----------------------------------------------------------------------------------

Paths = Annotated[list[Path], typer.Argument(help="报告文件、文件夹或通配符，可给多个。", metavar="文件...")]
OneReport = Annotated[Path, typer.Argument(help="一份报告。", metavar="文件")]
PackOption = Annotated[
    list[Path] | None,
    typer.Option("--pack", help="加用的本地规则：规则文件或文件夹，可重复给出。", metavar="规则"),
]
YearOption = Annotated[
    int | None, typer.Option("--year", help="报告年度；识别不对时用它指定，如 2023。", metavar="年度")
]
LevelOption = Annotated[OfficeLevel | None, typer.Option("--level", help="机关层级；识别不对时用它指定。")]
JobsOption = Annotated[
    int | None, typer.Option("--jobs", "-j", min=1, help="同时用几个进程；不给时看机器。", metavar="个数")
]
ForceOption = Annotated[bool, typer.Option("--force", help="输出文件已经有了也覆盖。")]
WordOutput = Annotated[Path, typer.Option("--output", "-o", help="写成这个 Word 文档（.docx）。", metavar="文件")]

# --- check --------------------------------------------------------------------------------------------------------

FormatOption = Annotated[
    Format | None,
    typer.Option(
        "--format",
        help="结果的样式：table 表格（默认），html 网页（原文里标出问题），json 供程序读，markdown 供粘贴，"
        "sarif、junit、github、gitlab 供代码仓库使用。",
    ),
]
OutputOption = Annotated[
    Path | None, typer.Option("--output", "-o", help="把结果写到这个文件，不显示在屏幕上。", metavar="文件")
]
PreviousOption = Annotated[
    Path | None,
    typer.Option("--previous", help="同一单位上一年度的报告，拿来对照；一次只查一份报告时用。", metavar="文件"),
]
SameUnit = Annotated[bool, typer.Option("--same-unit", help="单位改过名、合并过：上年报告就是本单位的，不核对名称。")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="只显示问题和结论。")]
LangOption = Annotated[
    Lang | None, typer.Option("--lang", help="表头和状态的语言：zh 中文（默认），en 英文；问题说明总是中文。")
]
WatchOption = Annotated[bool, typer.Option("--watch", help="报告一保存就再查一次，按 Ctrl-C 结束。")]
OpenOption = Annotated[bool, typer.Option("--open", help="把结果写成网页，在浏览器里打开。")]

# --- audit --------------------------------------------------------------------------------------------------------

Submissions = Annotated[Path, typer.Argument(help="各单位交来的报告所在的文件夹，层数不限。", metavar="文件夹")]
ResultFolder = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="结果都写进这个文件夹；不给时只在屏幕上显示。", metavar="文件夹"),
]
RosterOption = Annotated[
    Path | None,
    typer.Option("--roster", "-r", help="名册：roster.yaml 或 .xlsx，说明哪些单位要报送。", metavar="文件"),
]
LastOption = Annotated[
    Path | None,
    typer.Option("--last", help="上一年：上年报告的文件夹，或者上年核对生成的 audit.json。", metavar="上年"),
]
CountyOption = Annotated[
    Path | None,
    typer.Option("--county", help="本县的要求：county.yaml（县名、年度、期限、分量、等级）。", metavar="文件"),
]
SeasonYear = Annotated[
    int | None, typer.Option("--year", help="报告年度；不给时用 county.yaml 的，或多数报告写的。", metavar="年度")
]
CompareOption = Annotated[
    Path | None,
    typer.Option("--compare", help="上一轮核对生成的 audit.json：列出哪些改了、没改、新增。", metavar="文件"),
]
AuditFailOn = Annotated[
    FailOn,
    typer.Option(
        "--fail-on", help="有哪一级问题（或有单位没交）就以退出码 1 结束：must 必改，should 应改，never 从不。"
    ),
]
ClusterOption = Annotated[
    str | None,
    typer.Option("--cluster", help="由别的机器读和核对：Dask 调度程序的地址，如 tcp://10.0.0.5:8786。", metavar="地址"),
]
