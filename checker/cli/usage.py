"""The help of commands and what is wrong with a command line, in plain Chinese: typer itself says both in English."""

from typing import Any

import typer

from checker.cli.exits import USAGE, tell

#: what typer puts around our own sentences
_HELP = {
    "Usage: ": "用法：",
    "Arguments:": "参数：",
    "Options:": "选项：",
    "Commands:": "命令：",
    "[OPTIONS]": "[选项]",
    "COMMAND [ARGS]...": "命令 [参数]...",
    "[required]": "[必填]",
    "[default: ": "[默认：",
    "Show this message and exit.": "显示这段说明。",
}


def in_chinese(command: Any) -> Any:
    """The command, its help in Chinese throughout."""
    plain = command.get_help

    def get_help(ctx: Any) -> Any:
        text = plain(ctx)
        for said, meant in _HELP.items():
            text = text.replace(said, meant)
        return text

    command.get_help = get_help
    return command


#: UsageError of whichever click typer carries
WRONG: type[Exception] = typer.BadParameter.__mro__[1]


def refuse(error: Any) -> int:
    """Says in one line what is wrong and where the usage stands; the exit code."""
    if type(error).__name__ == "NoArgsIsHelpError":  # nothing was asked for: the help is the answer
        typer.echo(error.format_message(), err=True)
        return USAGE
    where = f"用法见 {error.ctx.command_path} --help。" if error.ctx else ""
    tell(f"命令写错了：{said(error)}。{where}".replace("？。", "？"))
    return USAGE


def said(error: Any) -> str:
    """What is wrong, without a full stop."""
    param: Any = getattr(error, "param", None)
    match type(error).__name__:
        case "MissingParameter" if param.param_type_name == "argument":
            return f"没有给出{(param.metavar or param.name).rstrip('.')}"
        case "MissingParameter":
            return f"缺少选项 {param.opts[0]}"
        case "NoSuchOption":
            near = "、".join(sorted(error.possibilities or ()))
            return f"没有 {error.option_name} 这个选项" + (f"，是不是 {near}？" if near else "")
        case "BadOptionUsage":
            return f"选项 {error.option_name} 后面{'不' if 'not take' in error.message else '要'}写值"
        case "BadParameter" if param:
            return f"{param.opts[0]} {_wanted(param.type)}{_given(error.message)}"
    return _of_command(error)


def _wanted(kind: Any) -> str:
    """What an option takes."""
    if choices := getattr(kind, "choices", None):
        return f"只能是 {'、'.join(str(getattr(each, 'value', each)) for each in choices)}"
    number = {"int": "整数", "float": "数"}.get(kind.name.split()[0], "")
    least, most = getattr(kind, "min", None), getattr(kind, "max", None)
    if least is not None and most is not None:
        return f"应是 {least} 到 {most} 的{number}"
    return f"应是{f'不小于 {least} 的' if least is not None else ''}{number}" if number else "的值不对"


def _given(message: str) -> str:
    """The value as typer quotes it at the beginning of its sentence."""
    value, found, _ = message.partition(" is not ")
    return f"，而不是“{value.strip(chr(39))}”" if found else ""


def _of_command(error: Any) -> str:
    """A command that is not there, or more words than it takes."""
    message: str = error.message
    if message.startswith("No such command"):
        from difflib import get_close_matches

        name = message.split("'")[1] if "'" in message else ""
        near = get_close_matches(name, list(getattr(error.ctx.command, "commands", ())), n=1)
        return f"没有 {name} 这个命令" + (f"，是不是 {near[0]}？" if near else "")
    if "unexpected extra argument" in message:
        return f"多写了 {message.partition('(s) (')[2].rstrip(')')}"
    return "没有写命令" if message.startswith("Missing command") else message
