"""``python -m checker.docs``: writes docs/rules/ and the schema for editors from the packs. None is typed by hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from checker.model import Example, Pack, Rule
from checker.render.escape import code, markdown
from checker.render.markdown import grid
from checker.render.rulebook import KINDS, STATES, citation, head, plain, severity, shown_example

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "rules"
NOTE = "<!-- 由 python -m checker.docs 根据规则包生成，请勿手改。 -->\n\n"


def pages(pack: Pack) -> dict[str, str]:
    """File name -> text: the index, one page a topic, and which rules rest on which clause."""
    topics = {topic: rules for topic in pack.topics if (rules := [r for r in pack.rules if r.topic == topic])}
    found = {f"{topic.lower()}.md": topic_page(topic, rules, pack) for topic, rules in topics.items()}
    return {"index.md": index_page(topics, pack), "clauses.md": clause_page(pack), **found}


def index_page(topics: Mapping[str, list[Rule]], pack: Pack) -> str:
    """All rules, one line each, by topic."""
    text = NOTE + f"# 规则\n\n{markdown(pack.name)} {pack.version}，共 {len(pack.rules)} 条。"
    text += "各条款对应的规则见[依据](clauses.md)；结果怎么读见[检查一份报告](../check.md)。\n\n## 格式\n\n"
    eras = ([era.id, f"{era.start}—{era.end or '今'}年度", markdown(era.title)] for era in pack.eras)
    text += grid(["格式", "报告年度", "说明"], eras)
    for topic, rules in topics.items():
        text += f"## [{topic} {markdown(pack.topics[topic])}]({topic.lower()}.md)\n\n"
        rows = ([_link(rule), markdown(rule.title), severity(rule), "、".join(rule.eras)] for rule in rules)
        text += grid(["编号", "规则", "级别", "格式"], rows)
    return text.rstrip("\n") + "\n"


def _link(rule: Rule) -> str:
    return f"[{rule.id}]({rule.topic.lower()}.md#{rule.id.lower()})"


def topic_page(topic: str, rules: Iterable[Rule], pack: Pack) -> str:
    """The rules of one topic in full."""
    text = NOTE + f"# {topic} {markdown(pack.topics[topic])}\n\n"
    return text + "\n".join(rule_part(rule, pack) for rule in rules)


def rule_part(rule: Rule, pack: Pack) -> str:
    """One rule: the fixed head, what, why, examples, how to mend."""
    facts = [("编号", rule.id), ("检查方式", rule.kind), *head(rule, pack)]
    parts = [
        f'<a id="{rule.id.lower()}"></a>\n\n## {rule.id} {markdown(rule.title)}\n\n',
        grid([label for label, _ in facts], [[markdown(value) for _, value in facts]]),
        f"**查什么**：{KINDS[rule.kind]}。不符时报告：{markdown(rule.message)}\n\n",
        "**依据**：\n\n" + "".join(f"- {markdown(citation(pack.basis[key]))}\n" for key in rule.basis),
        f"\n**怎么改**：{markdown(rule.fix)}\n\n**示例**：\n\n",
        "".join(_example(example) for example in rule.examples if example.state in ("pass", "fail", "review")),
    ]
    return "".join(parts)


def _example(example: Example) -> str:
    expected = "；".join(f"{name}：{plain(value)}" for name, value in example.expect.items())
    return (
        f"- {STATES[example.state]}：{code(shown_example(example))}{f'（{markdown(expected)}）' if expected else ''}\n"
    )


def clause_page(pack: Pack) -> str:
    """Clause -> rules, by document; then the clauses on which no rule rests."""
    text = NOTE + "# 依据与规则\n\n"
    used = {key: [rule for rule in pack.rules if key in rule.basis] for key in pack.basis}
    for title, keys in _by_document(pack):
        rows = [[markdown(pack.basis[key].clause), "、".join(map(_link, used[key]))] for key in keys if used[key]]
        if rows:
            text += f"## {markdown(title)}\n\n" + grid(["条款", "规则"], rows)
    text += "## 尚无规则的条款\n\n"
    text += "".join(f"- {markdown(citation(pack.basis[key]))}\n" for key, rules in used.items() if not rules)
    return text


def _by_document(pack: Pack) -> Iterator[tuple[str, list[str]]]:
    documents: dict[str, list[str]] = {}
    for key, clause in pack.basis.items():
        documents.setdefault(f"{clause.title}（{clause.number}）", []).append(key)
    yield from documents.items()


def write(pack: Pack, folder: Path = FOLDER) -> None:
    """Makes ``folder`` hold the pages of ``pack`` and no others."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = pages(pack)
    for stale in set(folder.glob("*.md")) - {folder / name for name in wanted}:
        stale.unlink()
    for name, text in wanted.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    from checker.pack import editor, load
    from checker.pack.files import rules_home

    write(load())
    (rules_home() / "editor.schema.json").write_text(editor.schema(), encoding="utf-8", newline="\n")
