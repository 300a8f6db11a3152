"""``nianbao rules``: what rules there are, and whether they do as they say."""

from __future__ import annotations

from typing import Annotated

import typer

from checker.cli.shared import USAGE, PackOption, destination, load_pack, stop

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="查看和自检规则。")


@app.command("list")
def rules_list(pack: PackOption = None) -> None:
    """一行一条列出全部规则。"""
    from checker.render import rulebook

    rules = load_pack(pack)
    with destination(None) as write:
        write(rulebook.listing(rules))


@app.command("show")
def rules_show(
    id: Annotated[str, typer.Argument(help="规则编号，如 PRE-03。", metavar="编号")], pack: PackOption = None
) -> None:
    """用文字说明一条规则：查什么、依据、正反例、怎么改。"""
    from checker.render import rulebook

    rules = load_pack(pack)
    rule = rules.rule(id.upper())
    if rule is None:
        stop(USAGE, f"没有编号为 {id} 的规则；用 nianbao rules list 查看全部编号。")
    with destination(None) as write:
        write(rulebook.page(rule, rules))


@app.command("test")
def rules_test(pack: PackOption = None) -> None:
    """运行规则包里的全部正反例，核对规则是否如其所说。"""
    from checker.examples import run_examples
    from checker.render import rulebook

    results = run_examples(load_pack(pack))
    with destination(None) as write:
        right = rulebook.write_results(results, write)
    raise typer.Exit(0 if right else 1)
