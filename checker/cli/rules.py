"""``nianbao rules``: what rules there are, whether they do as they say, and tools for those who write them."""

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from checker.cli import draft
from checker.cli.exits import USAGE, stop
from checker.cli.options import PackOption
from checker.cli.output import destination
from checker.cli.shared import load_pack, processors

app = typer.Typer(rich_markup_mode=None, add_completion=False, no_args_is_help=True, help="查看、自检和编写规则。")

PackArgument = Annotated[
    Path | None, typer.Argument(help="本地规则包：文件或文件夹；只看它自己的和改过的规则。", metavar="规则包")
]
Corpus = Annotated[Path | None, typer.Option("--corpus", help="拿这个文件夹里的报告来试。", metavar="文件夹")]


@app.command("list")
def rules_list(pack: PackOption = None) -> None:
    """一行一条列出全部规则；有本地规则包的，注明哪些是它的、哪些改过、哪些停用。"""
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
def rules_test(local: PackArgument = None, pack: PackOption = None) -> None:
    """运行规则的正反例，核对规则是否如其所说；不符的列出应为什么、实为什么。"""
    from checker.examples import run_examples
    from checker.render import trial
    from checker.study import looked_at

    rules = load_pack([*(pack or []), *([local] if local else [])])
    wanted = {rule.id for rule in looked_at(rules)} if local else {rule.id for rule in rules.rules}
    results = run_examples(rules, wanted)
    with destination(None) as write:
        right = trial.write_results(results, rules, write)
    raise typer.Exit(0 if right else 1)


@app.command("lint")
def rules_lint(local: PackArgument = None, pack: PackOption = None, corpus: Corpus = None) -> None:
    """找出没有用到的事实和依据、在报告里全都命中或都不命中的表达式、慢的表达式、期满的停用。"""
    from checker.render import trial
    from checker.study import lint

    rules = load_pack([*(pack or []), *([local] if local else [])])
    with destination(None) as write:
        clean = trial.write_remarks(lint(rules, reports(corpus, rules)), write)
    raise typer.Exit(0 if clean else 1)


def reports(corpus: Path | None, rules: Any) -> list[Any]:
    """The reports of a folder that can be read."""
    if corpus is None:
        return []
    refuse_no_folder(corpus)
    from checker.batch import find, run
    from checker.model import Report
    from checker.read import needs_worker
    from checker.work import Reading

    job = Reading(rules.facts)
    found = run(find([corpus]), job, job.fail, jobs=processors(), apart=needs_worker)
    return [each for each in found if isinstance(each, Report)]


def refuse_no_folder(corpus: Path) -> None:
    if not os.path.isdir(corpus):
        stop(USAGE, f"--corpus {corpus} 不是文件夹。")


@app.command("diff")
def rules_diff(
    old: Annotated[Path, typer.Argument(help="原来的规则包；写 national 就是全国统一规则。", metavar="原规则包")],
    new: Annotated[Path, typer.Argument(help="要换用的规则包。", metavar="新规则包")],
    corpus: Annotated[Path, typer.Option("--corpus", help="拿这个文件夹里的报告来比。", metavar="文件夹")],
) -> None:
    """换用另一个规则包，真实的报告里哪些结论会变：按规则列出份数和例子。"""
    refuse_no_folder(corpus)
    before, after = (load_pack([] if str(path) == "national" else [path]) for path in (old, new))

    from checker.batch import find, run
    from checker.read import needs_worker
    from checker.render import trial
    from checker.study import Compare, difference

    job = Compare(before, after)
    found = difference(run(find([corpus]), job, job.fail, jobs=processors(), apart=needs_worker))
    with destination(None) as write:
        trial.write_difference(found, write)
    raise typer.Exit(0)


@app.command("schema")
def rules_schema(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="写到这个文件，不显示在屏幕上。", metavar="文件")
    ] = None,
) -> None:
    """写出编辑软件用的 JSON Schema：写规则时有提示，写错的键有标记。"""
    from checker.pack.editor import schema

    with destination(output) as write:
        write(schema())


app.command("new")(draft.new)
