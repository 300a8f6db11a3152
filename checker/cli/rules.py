"""``nianbao rules``: what rules there are, whether they do as they say, and tools for those who write them."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from checker.cli.shared import (
    BAD_PACK,
    USAGE,
    PackOption,
    destination,
    load_pack,
    processors,
    replacing,
    stop,
    tell,
)

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
    if not corpus.is_dir():
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


_ASKED = {
    "title": "规则名称，如 写明政务公开专区",
    "words": "说法（表达式），几种说法用空格分开",
    "message": "查出来时怎么说",
    "fix": "怎么改",
    "right": "应当通过的一句话",
    "wrong": "应当查出来的一句话",
}


@app.command("new")
def rules_new(
    output: Annotated[
        Path, typer.Argument(help="写到这个文件（.yaml）；没有就新建一个规则包，有了就加一条。", metavar="文件")
    ],
    id: Annotated[str, typer.Option(help="规则编号，如 YC-01。", metavar="编号")],
    title: Annotated[str | None, typer.Option(help="规则名称。", metavar="名称")] = None,
    kind: Annotated[str, typer.Option(help="检查方式：statement、wording 或 presence。", metavar="方式")] = "statement",
    words: Annotated[
        list[str] | None, typer.Option(help="说法（表达式）；presence 写事实名称。可重复。", metavar="说法")
    ] = None,
    scope: Annotated[
        list[str] | None, typer.Option(help="在哪里找，如 overview、body。可重复。", metavar="范围")
    ] = None,
    basis: Annotated[str | None, typer.Option(help="依据，如 yc#1；新建规则包时不用写。", metavar="依据")] = None,
    severity: Annotated[str, typer.Option(help="级别：must、should 或 info。", metavar="级别")] = "should",
    era: Annotated[list[str] | None, typer.Option(help="适用的格式：A、B、C、D。可重复。", metavar="格式")] = None,
    level: Annotated[str | None, typer.Option(help="只用于这一级机关，如 镇。", metavar="层级")] = None,
    year: Annotated[int, typer.Option(help="例子的报告年度。", metavar="年度")] = 2024,
    message: Annotated[str | None, typer.Option(help="查出来时怎么说。", metavar="说明")] = None,
    fix: Annotated[str | None, typer.Option(help="怎么改。", metavar="改法")] = None,
    right: Annotated[list[str] | None, typer.Option(help="应当通过的一句话。可重复。", metavar="正例")] = None,
    wrong: Annotated[list[str] | None, typer.Option(help="应当查出来的一句话。可重复。", metavar="反例")] = None,
    name: Annotated[str | None, typer.Option("--name", help="新规则包的名称。", metavar="名称")] = None,
    document: Annotated[str | None, typer.Option(help="新规则包的依据：文件标题。", metavar="标题")] = None,
    number: Annotated[str | None, typer.Option(help="那个文件的文号。", metavar="文号")] = None,
    clause: Annotated[str | None, typer.Option(help="那个文件里的条款。", metavar="条款")] = None,
) -> None:
    """问几个问题，写出一条规则的草稿（需要时连同新的规则包），并运行它的例子。"""
    from checker.pack import draft

    given: dict[str, Any] = {"title": title, "message": message, "fix": fix}
    given |= {"words": words, "right": right, "wrong": wrong}
    if kind not in draft.KINDS:
        stop(USAGE, f"--kind {kind}：草稿只有 {'、'.join(draft.KINDS)} 三种；别的方式见 docs/write-a-rule.md。")
    fresh = not output.exists()
    head = {"name": name, "document": document, "number": number, "clause": clause} if fresh else {}
    answers = asked(given | head)
    prefix = id.rpartition("-")[0]
    about = {"title": answers.get("document"), "number": answers.get("number"), "clauses": {"1": answers.get("clause")}}
    text = draft.pack(answers["name"], prefix, about, schema_beside(output)) if fresh else output.read_text("utf-8")
    text = (
        text.rstrip("\n")
        + "\n"
        + draft.rule(
            id,
            answers["title"],
            kind,
            answers["words"],
            scope or ["main"],
            basis or f"{prefix.lower()}#1",
            severity,
            era or ["D"],
            answers["message"],
            answers["fix"],
            [example(each, year, level) for each in answers["right"]],
            [example(each, year, level) for each in answers["wrong"]],
            year,
            level,
        )
    )
    keep(output, text, id)


_PROMPTS = _ASKED | {
    "name": "规则包名称，如 砚川县补充规则",
    "document": "依据的文件标题",
    "number": "文号",
    "clause": "条款，如 第二条（总体情况写明政务公开专区）",
}
_LISTS = ("words", "right", "wrong")


def asked(given: dict[str, Any]) -> dict[str, Any]:
    """What was given, and answers to what was not; where nobody can be asked, the command stops and says what lacks."""
    missing = [key for key, value in given.items() if not value]
    if missing and not sys.stdin.isatty():
        stop(USAGE, f"还缺 {'、'.join('--' + key for key in missing)}。")
    answers = {key: typer.prompt(_PROMPTS[key]) for key in missing}
    split = {key: text.split() if key == "words" else [text] for key, text in answers.items() if key in _LISTS}
    return given | answers | split


def example(sentence: str, year: int, level: str | None) -> str:
    """A small report around a sentence, as examples are written."""
    place = {"街道": "青石街道办事处", "县": "青石县", "市": "青石市", "部门": "青石县教育局", "乡": "青石乡"}.get(
        level or "", "青石镇"
    )
    title = f"{place}{year}年政府信息公开工作年度报告"
    return "\n".join([title, *([] if sentence[:2] in ("一、", "二、") else ["一、总体情况"]), sentence])


def schema_beside(output: Path) -> str:
    """Where an editor finds the schema, from the folder of a pack."""
    import os

    from checker.pack.files import rules_home

    return os.path.relpath(rules_home() / "editor.schema.json", output.resolve().parent).replace(os.sep, "/")


def keep(output: Path, text: str, id: str) -> None:
    """Write the draft if it loads, and run its examples; a draft that does not load is not written."""
    import tempfile

    from checker.examples import run_examples
    from checker.pack import BadPack, load
    from checker.render import trial

    with tempfile.TemporaryDirectory() as folder:
        tried = Path(folder) / output.name
        tried.write_text(text, encoding="utf-8")
        try:
            rules = load([tried], cache=False)
        except BadPack as error:
            stop(BAD_PACK, f"草稿没有写成：{str(error).replace(str(tried), str(output))}")
    with replacing(output) as write:
        write(text)
    tell(f"已写到 {output}。再试一次：nianbao rules test {output}")
    with destination(None) as write:
        right = trial.write_results(run_examples(rules, {id}), rules, write)
    raise typer.Exit(0 if right else 1)
