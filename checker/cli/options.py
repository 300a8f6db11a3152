"""The options of ``nianbao check``, in words; those of the gate are in ``cli/gate.py``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from checker.cli.shared import Format, Lang, OfficeLevel

Paths = Annotated[list[Path], typer.Argument(help="报告文件、文件夹或通配符，可给多个。", metavar="文件...")]
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
YearOption = Annotated[
    int | None, typer.Option("--year", help="报告年度；识别不对时用它指定，如 2023。", metavar="年度")
]
LevelOption = Annotated[OfficeLevel | None, typer.Option("--level", help="机关层级；识别不对时用它指定。")]
PreviousOption = Annotated[
    Path | None,
    typer.Option("--previous", help="同一单位上一年度的报告，拿来对照；一次只查一份报告时用。", metavar="文件"),
]
SameUnit = Annotated[bool, typer.Option("--same-unit", help="单位改过名、合并过：上年报告就是本单位的，不核对名称。")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="只显示问题和结论。")]
LangOption = Annotated[
    Lang | None, typer.Option("--lang", help="表头和状态的语言：zh 中文（默认），en 英文；问题说明总是中文。")
]
JobsOption = Annotated[
    int | None, typer.Option("--jobs", "-j", min=1, help="同时用几个进程；不给时看机器。", metavar="个数")
]
WatchOption = Annotated[bool, typer.Option("--watch", help="报告一保存就再查一次，按 Ctrl-C 结束。")]
OpenOption = Annotated[bool, typer.Option("--open", help="把结果写成网页，在浏览器里打开。")]
