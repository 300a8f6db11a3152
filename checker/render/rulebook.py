"""What a pack says, in words for people: the list of rules, one rule, the outcome of its examples."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from checker.model import Against, Clause, Example, Pack, Rule, named
from checker.render import grid
from checker.render.escape import terminal
from checker.render.view import SEVERITIES, WORDS, Card

#: kind -> what it means to an officer
KINDS: Mapping[str, str] = {
    "presence": "报告里应当有这一项",
    "statement": "应当写到这层意思",
    "wording": "不应当出现这样的文字",
    "format": "写法应当合乎规定",
    "number": "数应当在合理范围内",
    "identity": "几个数之间的关系应当成立",
    "agreement": "同一件事在各处应当一致",
    "date": "日期应当在规定的范围内",
    "period": "统计期限应当写全、写对",
    "table": "表格应当齐全、填写规范",
    "tally": "正文里的数应当与表格一致",
    "section": "应当有规定的部分、次序和内容",
    "sequence": "序号和个数应当前后相符",
    "likeness": "内容不应当与别的报告雷同",
    "recurring": "上年写过的问题应当交代改得怎样",
    "unchanged": "数据不应当全部照抄",
    "itemised": "分项、占比、增减应当算得对",
    "density": "套话不应当过多",
    "level_words": "自称和范围用语应当与机关层级相符",
    "timeline": "不应当写到报告日期以后的事",
    "private": "不应当出现个人信息",
    "punctuation": "标点应当规范、成对",
    "strangers": "不应当写成别的机关",
    "typos": "不应当有错别字",
    "years": "不应当留有别的年度的年份",
}
#: what ``nianbao fix`` does about a rule's findings
REPAIRS = {
    "total": "分项齐全时，合计按分项重算",
    "zero": "正文写明没有的，空格填0",
    "digits": "全角数字改为半角",
    "replace": "查出的字按规则替换或删去",
}
AGAINST: Mapping[Against, str] = {"last": "同一单位上一年度的报告", "peers": "其他单位的报告"}
STATES = {"pass": "通过", "fail": "不通过", "review": "待人工核对", "unknown": "无法核对", "n/a": "不适用"}


def listing(pack: Pack) -> str:
    """One line a rule: id, severity by era, title, and what has to do with local packs."""
    lines = [
        f"{grid.pad(rule.id, 8)}{grid.pad(severity(rule), 22)}  {rule.title}{_local(rule, pack)}\n"
        for rule in pack.rules
    ]
    return "".join(map(_line, lines)) + f"共 {len(pack.rules)} 条规则（{pack.name} {pack.version}）\n"


def _local(rule: Rule, pack: Pack) -> str:
    said = origin(rule, pack)
    return f"　〔{'；'.join(said)}〕" if said else ""


def origin(rule: Rule, pack: Pack) -> list[str]:
    """Which local pack a rule comes from, changed it, turned it off; nothing of an untouched national one."""
    said = [rule.pack] if pack.layers and rule.pack != pack.layers[0].name else []
    said += [
        f"{change.pack}{'放宽' if change.softer else '调整'}了 {'、'.join(named(change.softer or change.keys))}"
        for change in rule.changes
    ]
    if rule.disabled:
        said.append(f"{rule.disabled.pack}停用到 {rule.disabled.until}：{rule.disabled.reason}")
    return said


def _line(text: str) -> str:
    return terminal(text.rstrip("\n")) + "\n"


def page(rule: Rule, pack: Pack) -> str:
    """Everything about one rule, as plain text."""
    text = _line(f"{rule.id}　{rule.title}\n")
    parts = [*head(rule, pack), ("检查", what(rule)), *params(rule), ("问题", rule.message), ("改法", rule.fix)]
    parts += [("本地", said) for said in origin(rule, pack)]
    parts += [("依据", citation(pack.basis[key])) for key in rule.basis]
    parts += [(f"示例（{STATES[example.state]}）", shown_example(example)) for example in rule.examples]
    return text + "".join(grid.hanging(f"{label}：", terminal(value), 100) for label, value in parts)


def head(rule: Rule, pack: Pack) -> list[tuple[str, str]]:
    """The fixed head: severity, weight, confidence, where it applies."""
    low = "低，只请人工核对，不计分" if rule.confidence == "low" else "高"
    return [
        ("级别", severity(rule)),
        ("分值", _by_era({era: str(_weight(rule, era, pack)) for era in rule.eras})),
        ("把握", low),
        ("适用", scope(rule)),
        *([("对照", AGAINST[rule.against])] if rule.against else []),
        *([("自动修改", REPAIRS[rule.repair.how])] if rule.repair else []),
    ]


def _weight(rule: Rule, era: Any, pack: Pack) -> int:
    return pack.policy.weights[rule.severity[era]] if rule.weight is None else rule.weight


def severity(rule: Rule) -> str:
    """必改, or 必改（A、B）应改（C、D）, and what differs by level."""
    words = {era: WORDS[rule.severity[era]][0] for era in rule.eras}
    levels = [f"{level}{WORDS[word][0]}" for level, word in rule.by_level.items()]
    return _by_era(words) + (f"，{'、'.join(levels)}" if levels else "")


def _by_era(words: Mapping[Any, str]) -> str:
    """The word, when all eras share it; else each word with its eras."""
    groups: dict[str, list[str]] = {}
    for era, word in words.items():
        groups.setdefault(word, []).append(era)
    if len(groups) == 1:
        return next(iter(groups))
    return "".join(f"{word}（{'、'.join(eras)}）" for word, eras in groups.items())


def scope(rule: Rule) -> str:
    """Eras, years and levels in words."""
    start, end = rule.years
    years = f"，{start or '最早'}—{end or '今'}年度" if start or end else ""
    levels = f"，只用于{'、'.join(rule.levels)}" if rule.levels else ""
    return f"格式 {'、'.join(rule.eras)}{years}{levels}"


def what(rule: Rule) -> str:
    """The kind of check in words, and what it is about."""
    meaning = KINDS.get(rule.kind, "")
    about = "、".join(turn.subject for turn in rule.turns if turn.subject)
    return f"{rule.title}（{rule.kind}：{meaning}）" + (f"，分别核对 {about}" if about else "")


def card(rule: Rule, pack: Pack) -> Card:
    """A rule for results that list the rules; its severity is the gravest of any era."""
    gravest = min(rule.severity.values(), key=SEVERITIES.index)
    about = f"{what(rule)}。{scope(rule)}。不符时提示：{rule.message}"
    return Card(rule.id, rule.title, about, rule.fix, tuple(citation(pack.basis[key]) for key in rule.basis), gravest)


def params(rule: Rule) -> list[tuple[str, str]]:
    """The parameters as written in the pack, of the first case; its guard and what it yields to, too."""
    turn = rule.turns[0]
    found = [(f"  {name}", plain(value)) for name, value in turn.call.params.items()]
    if turn.when:
        guard = "，".join(f"{name} {plain(value)}" for name, value in turn.when.params.items())
        found.append(("  仅当", f"{turn.when.kind}：{guard}"))
    if rule.yields_to:
        found.append(("  让位", f"同一处已由 {'、'.join(rule.yields_to)} 指出的，不再说"))
    return found


def plain(value: Any) -> str:
    """A parameter as text: patterns and formulas by their source."""
    source = getattr(value, "source", None)
    if isinstance(source, str):
        return source
    if isinstance(value, Mapping):
        return "；".join(f"{key} = {plain(item)}" for key, item in value.items())
    if isinstance(value, tuple | list):
        return "、".join(map(plain, value))
    return {True: "是", False: "否"}[value] if isinstance(value, bool) else str(value)


def citation(clause: Clause) -> str:
    """A clause in full: title, number, clause."""
    number = f"（{clause.number}）" if clause.number else ""
    if clause.clause == clause.title:
        return clause.title + number
    between = "" if clause.clause.startswith("第") else "："
    return f"{clause.title}{number}{between}{clause.clause}"


def shown_example(example: Example) -> str:
    """The facts or the small text of an example, and the year or level it is for."""
    parts = [f"{name} = {_given(value)}" for name, value in example.facts.items()]
    if example.text is not None:
        parts.insert(0, f"“{_one_line(example.text)}”")
    if example.last is not None:
        parts.append(f"上年“{_one_line(example.last)}”")
    if example.names is not None:
        parts.append(f"名录里有{'、'.join(example.names.others) or '自己'}")
    parts += [f"与{twin.name}{twin.year}年的报告相同{twin.likeness:.0%}" for twin in example.twins or ()]
    if example.year is not None:
        parts.append(f"{example.year}年度")
    if example.level is not None:
        parts.append(example.level)
    return "；".join(parts) or "什么都没有读到"


def _one_line(text: str) -> str:
    return " ⏎ ".join(text.strip().splitlines())


def _given(value: Any) -> str:
    return "没有" if value is None else plain(value)
