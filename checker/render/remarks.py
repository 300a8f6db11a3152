"""Findings as remarks for the margin of the report itself: what is wrong, why, and what to write instead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checker.model import Audit, Verdict
from checker.render import table
from checker.render.escape import masked, visible
from checker.render.view import View, kind, notes, quoted, shown_findings, tally, unknown_by_cause

findings = shown_findings


def on_finding(verdict: Verdict, view: View) -> tuple[str, ...]:
    """The lines of the remark on one finding."""
    return tuple(map(visible, _finding(verdict, view)))


def _finding(verdict: Verdict, view: View) -> Iterator[str]:
    yield f"【{view.word(kind(verdict))}】{masked(verdict.message or verdict.title)}"
    if verdict.fix:
        yield f"怎么改：{verdict.fix}"
    if basis := view.basis(verdict):
        yield basis.removeprefix("（").removesuffix("）")
    yield f"规则：{verdict.rule}"


def on_related(verdict: Verdict, view: View) -> tuple[str, ...]:
    """The lines of the remark on another place of a finding."""
    what = f"【{view.word(kind(verdict))}】这里是同一个问题的另一处，详见“{quoted(verdict.where, 30)}”的批注"
    return visible(what), f"规则：{verdict.rule}"


def on_report(audit: Audit, placeless: Sequence[Verdict], view: View) -> tuple[str, ...]:
    """The lines of the remark on the whole: score, counts, elements that are missing, findings without a place."""
    return tuple(map(visible, _report(audit, placeless, view)))


def _report(audit: Audit, placeless: Sequence[Verdict], view: View) -> Iterator[str]:
    yield f"年报检查：得分 {table.score_sentence(audit, view)}"
    yield from table.cautions(audit, view)
    yield f"{table.verdict_sentence(tally(audit), view, audit.unchecked)}。"
    if audit.elements:
        yield _elements(audit, view)
    if placeless:
        yield "下面的问题在文中没有具体位置："
        for number, verdict in enumerate(placeless, 1):
            first, *rest = _finding(verdict, view)
            yield f"{number}. {first}　" + "　".join(rest)
    for cause, rules in unknown_by_cause(audit).items():
        yield f"未能核对：{cause}（{'、'.join(rules)}）"
    for note in notes(audit):
        yield f"说明：{note.message}"
    yield f"nianbao {view.tool}，规则包 {view.pack} {view.pack_version}。改好以后请再检查一次，旧的批注会换成新的。"


def _elements(audit: Audit, view: View) -> str:
    """Which of the seven required elements are not there, or not as they must be."""
    needed = [element for element in audit.elements if element.required]
    lacking = [f"{each.title}（{view.word(each.state)}）" for each in needed if each.state != "given"]
    return f"七项要素中缺：{'、'.join(lacking)}。" if lacking else "七项要素齐全。"
