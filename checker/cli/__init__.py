"""The command ``nianbao``: arguments, messages, exit codes. Whatever is heavy is imported when it is needed.

Exit codes: 0 nothing at the gate's level; 1 findings; 2 usage; 3 something could not be read; 4 an invalid pack; 5 our
own bug. 2 and 4 stop before a file is opened; otherwise the gravest of 5, 3, 1, 0.

The modules of commands do without ``from __future__ import annotations``: typer would compile each annotation again, a
fifth of a start.
"""

import gc
import inspect
import os
import sys
from collections.abc import Callable, Mapping
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from checker.cli import annotate, audit, check, forms, project, roster, rules
from checker.cli.exits import INTERRUPTED, OUR_BUG, tell
from checker.cli.shared import load_pack
from checker.cli.usage import WRONG, in_chinese, refuse


class Root(TyperGroup):
    """The command ``nianbao``: says in Chinese what is wrong with a command line."""

    def __init__(self, *arguments: Any, **given: Any) -> None:
        super().__init__(*arguments, **given)
        in_chinese(self)

    def main(self, *arguments: Any, **given: Any) -> Any:
        try:
            code = super().main(*arguments, **{**given, "standalone_mode": False})
        except WRONG as error:
            code = refuse(error)
        except typer.Abort:  # Ctrl-C at a question
            tell("已中断。")
            code = INTERRUPTED
        sys.exit(code)


app = typer.Typer(
    cls=Root,
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    help="年报检查：核对政府信息公开工作年度报告缺什么、错在哪、依据哪一条、怎么改。",
)

#: what carries each command out; an app where there are commands below it
COMMANDS: Mapping[str, Callable[..., None] | typer.Typer] = {
    "check": check.check,
    "facts": check.facts,
    "annotate": annotate.annotate,
    "fix": annotate.fix,
    "template": forms.template,
    "extract": forms.extract_data,
    "baseline": project.baseline,
    "audit": audit.audit,
    "config": project.app,
    "rules": rules.app,
    "roster": roster.app,
}


class Listed(TyperCommand):
    """A command in the list of commands: a name and a sentence. The command itself is made when it is called.

    Left to itself, typer reads the options of all commands before it looks at what was typed: an eighth of a start.
    """

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        return made(str(self.name)).make_context(info_name, args, parent, **extra)


def made(name: str) -> Any:
    """The command of that name, with its options."""
    what = COMMANDS[name]
    if not isinstance(what, typer.Typer):
        alone = typer.Typer(rich_markup_mode=None, add_completion=False)
        alone.command(name)(what)
        what = alone
    return ours(typer.main.get_command(what))


def ours(command: Any) -> Any:
    """The command, its help in Chinese, its paths not asked whether they can be read.

    Whoever reads one finds out, and says which file.
    """
    for param in command.params:
        if hasattr(param.type, "readable"):
            param.type.readable = False
    for below in getattr(command, "commands", {}).values():
        ours(below)
    return in_chinese(command)


for name, what in COMMANDS.items():
    sentence = what.info.help if isinstance(what, typer.Typer) else inspect.getdoc(what)
    app.command(name, help=sentence, cls=Listed)(lambda: None)


def main() -> None:
    """Runs the command; a character that a console does not have is written as \\uXXXX and never ends the run."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    gc.disable()  # what a start makes stays: looking for rubbish in it takes a tenth of the time
    try:
        app()
    except Exception as error:
        import traceback

        place = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{os.path.basename(place.filename)}:{place.lineno}"
        tell(f"程序自身出错（{type(error).__name__}: {error}，{where}），请把这句话发给提供本工具的人。")
        sys.exit(OUR_BUG)


@app.callback(invoke_without_command=True)
def root(
    version: Annotated[bool, typer.Option("--version", help="显示工具和规则包的版本。")] = False,
) -> None:
    if version:
        from checker import __version__

        pack = load_pack(None)
        typer.echo(f"nianbao {__version__}，规则包 {pack.name} {pack.version}")
        raise typer.Exit
