"""What a look at a pack brought to light, in words: its examples, what is idle or slow in it, what it changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from checker.model import Pack
from checker.render.escape import masked, terminal
from checker.render.rulebook import STATES, plain, shown_example
from checker.render.view import WORDS

if TYPE_CHECKING:
    from checker.examples import ExampleResult
    from checker.study import Difference, Remark


def _line(text: str) -> str:
    return terminal(masked(text)) + "\n"


def write_results(results: Iterable[ExampleResult], pack: Pack, write: Callable[[str], object]) -> bool:
    """What was expected and got of each example that is not right, then the counts; whether all are right."""
    right = wrong = 0
    for result in results:
        right, wrong = right + result.ok, wrong + (not result.ok)
        if not result.ok:
            write("".join(map(_line, _wrong(result, pack))))
    write(f"共 {right + wrong} 例：{right} 例相符，{wrong} 例不符\n")
    return not wrong


def _wrong(result: ExampleResult, pack: Pack) -> list[str]:
    rule = pack.rule(result.rule)
    lines = [f"{result.rule} 第{result.number}例：{result.trouble}"]
    if rule is None:
        return lines
    example = rule.examples[result.number - 1]
    wanted = "；".join(f"{name} = {plain(value)}" for name, value in example.expect.items())
    lines += [
        f"  例子：{shown_example(example)}",
        f"- 应为：{STATES.get(result.wanted, result.wanted)} {wanted}".rstrip(),
    ]
    for outcome in result.outcomes:
        values = "；".join(f"{name} = {plain(value)}" for name, value in outcome.values.items())
        quote = next((f"“{where.quote}”" for where in outcome.where if where.quote), "")
        said = " ".join(part for part in (outcome.subject, values, quote) if part)
        lines.append(f"+ 实为：{STATES.get(outcome.state, WORDS[outcome.state][0])} {said}".rstrip())
    return lines


def write_remarks(remarks: Iterable[Remark], write: Callable[[str], object]) -> bool:
    """One line a remark, the grave ones marked; whether there is no grave one."""
    grave = light = 0
    for remark in remarks:
        grave, light = grave + remark.grave, light + (not remark.grave)
        write(_line(f"{'应改' if remark.grave else '提示'}　{remark.rule + '：' if remark.rule else ''}{remark.text}"))
    write(f"共 {grave} 处应改，{light} 处提示\n")
    return not grave


def _state(word: str) -> str:
    return WORDS[word][0] if word else "没有这条规则"


def write_difference(found: Difference, write: Callable[[str], object]) -> None:
    """By rule how many reports come out otherwise, with some of them; then the counts."""
    for rule in sorted(found.ways):
        write(_line(f"{rule} {found.titles[rule]}"))
        for (before, after), count in found.ways[rule].most_common():
            write(_line(f"  {_state(before)} → {_state(after)}：{count} 份"))
            for source, message in found.examples[rule, before, after] if {before, after} != {"", "pass"} else ():
                write(_line(f"    {source}{'：' + message if message else ''}"))
    for each in found.unread:
        write(_line(f"没有比较 {each.source}：{each.trouble}"))
    unread = f"，另有 {len(found.unread)} 份读不了" if found.unread else ""
    write(
        f"共 {found.reports} 份报告{unread}：{found.changed} 份的结果有变化；"
        f"得分 {found.better} 份升高、{found.worse} 份降低\n"
    )
