"""``nianbao rules new``: asks for a rule, and writes it as a draft that a person goes on with."""

import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from checker.cli.exits import BAD_PACK, USAGE, stop, tell
from checker.cli.output import destination

Draft = Annotated[
    Path, typer.Argument(help="写到这个文件（.yaml）；没有就新建一个规则包，有了就加一条。", metavar="文件")
]
Id = Annotated[str | None, typer.Option(help="规则编号，如 YC-01。", metavar="编号")]
Title = Annotated[str | None, typer.Option(help="规则名称。", metavar="名称")]
Kind = Annotated[str, typer.Option(help="检查方式：statement、wording 或 presence。", metavar="方式")]
Words = Annotated[list[str] | None, typer.Option(help="说法（表达式）；presence 写事实名称。可重复。", metavar="说法")]
Scope = Annotated[list[str] | None, typer.Option(help="在哪里找，如 overview、body。可重复。", metavar="范围")]
Basis = Annotated[str | None, typer.Option(help="依据，如 yc#1；新建规则包时不用写。", metavar="依据")]
Severity = Annotated[str, typer.Option(help="级别：must、should 或 info。", metavar="级别")]
Eras = Annotated[list[str] | None, typer.Option(help="适用的格式：A、B、C、D。可重复。", metavar="格式")]
Level = Annotated[str | None, typer.Option(help="只用于这一级机关，如 镇。", metavar="层级")]
Year = Annotated[int, typer.Option(help="例子的报告年度。", metavar="年度")]
Message = Annotated[str | None, typer.Option(help="查出来时怎么说。", metavar="说明")]
Fix = Annotated[str | None, typer.Option(help="怎么改。", metavar="改法")]
Right = Annotated[list[str] | None, typer.Option(help="应当通过的一句话。可重复。", metavar="正例")]
Wrong = Annotated[list[str] | None, typer.Option(help="应当查出来的一句话。可重复。", metavar="反例")]
PackName = Annotated[str | None, typer.Option(help="新规则包的名称。", metavar="名称")]
DocumentTitle = Annotated[str | None, typer.Option(help="新规则包的依据：文件标题。", metavar="标题")]
Number = Annotated[str | None, typer.Option(help="那个文件的文号。", metavar="文号")]
Clause = Annotated[str | None, typer.Option(help="那个文件里的条款。", metavar="条款")]

_PROMPTS = {
    "id": "规则编号：自己定的字头、短横和数，如 YC-01",
    "title": "规则名称，如 写明政务公开专区",
    "words": "说法（表达式），几种说法用空格分开",
    "message": "查出来时怎么说",
    "fix": "怎么改",
    "right": "应当通过的一句话",
    "wrong": "应当查出来的一句话",
    "name": "规则包名称，如 砚川县补充规则",
    "document": "依据的文件标题",
    "number": "文号",
    "clause": "条款，如 第二条（总体情况写明政务公开专区）",
}
_LISTS = ("words", "right", "wrong")


def new(
    output: Draft,
    id: Id = None,
    title: Title = None,
    kind: Kind = "statement",
    words: Words = None,
    scope: Scope = None,
    basis: Basis = None,
    severity: Severity = "should",
    era: Eras = None,
    level: Level = None,
    year: Year = 2024,
    message: Message = None,
    fix: Fix = None,
    right: Right = None,
    wrong: Wrong = None,
    name: PackName = None,
    document: DocumentTitle = None,
    number: Number = None,
    clause: Clause = None,
) -> None:
    """问几个问题，写出一条规则的草稿（需要时连同新的规则包），并运行它的例子。"""
    from checker.pack import draft

    if kind not in draft.KINDS:
        stop(USAGE, f"--kind {kind}：草稿只有 {'、'.join(draft.KINDS)} 三种；别的方式见 docs/write-a-rule.md。")
    fresh = not os.path.exists(output)
    given = {"id": id, "title": title, "words": words, "message": message, "fix": fix, "right": right, "wrong": wrong}
    head = {"name": name, "document": document, "number": number, "clause": clause} if fresh else {}
    answers = asked(given | head)
    id = answers["id"]
    prefix = id.rpartition("-")[0]
    text = new_pack(output, prefix, answers) if fresh else begun(output)
    rule = draft.rule(
        id,
        kind=kind,
        scope=scope or ["main"],
        basis=basis or f"{prefix.lower()}#1",
        severity=severity,
        eras=era or ["D"],
        year=year,
        level=level,
        **{key: answers[key] for key in ("title", "words", "message", "fix")},
        right=[example(each, year, level) for each in answers["right"]],
        wrong=[example(each, year, level) for each in answers["wrong"]],
    )
    keep(output, text.rstrip("\n") + "\n" + rule, id)


def asked(given: dict[str, Any]) -> dict[str, Any]:
    """What was given, and answers to what was not, asked in its order.

    Where nobody can be asked, the command stops and says what lacks.
    """
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


def begun(output: Path) -> str:
    """The pack that a rule is to be added to."""
    from checker.pack import BadPack
    from checker.pack.files import read

    try:
        return read(output, str(output)).decode()
    except BadPack as error:
        stop(BAD_PACK, str(error))
    except ValueError:
        stop(BAD_PACK, f"{output}：不是 UTF-8 编码的文本。")


def new_pack(output: Path, prefix: str, answers: dict[str, Any]) -> str:
    """A pack without rules yet, of the name and the document that were answered."""
    from checker.pack import draft

    about = {"title": answers["document"], "number": answers["number"], "clauses": {"1": answers["clause"]}}
    return draft.pack(answers["name"], prefix, about, schema_beside(output))


def schema_beside(output: Path) -> str:
    """Where an editor finds the schema, from the folder of a pack."""
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
    with destination(output) as write:
        write(text)
    tell(f"已写到 {output}。再试一次：nianbao rules test {output}")
    with destination(None) as write:
        right = trial.write_results(run_examples(rules, {id}), rules, write)
    raise typer.Exit(0 if right else 1)
