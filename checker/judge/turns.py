"""What became of a rule's turn: what its kind finds where its guard lets it, and how far that can be trusted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Literal

from checker.judge.asked import names_of
from checker.kinds import KINDS
from checker.kinds.tables import TITLES
from checker.model import HOLE, NOWHERE, Against, Call, Case, Outcome, Report, Rule, Turn
from checker.patterns import PatternTimeout
from checker.patterns.holes import may_match

#: kinds that look at facts and forms alone; the others look at a text, too
_OF_FACTS = frozenset(("presence", "format", "number", "identity", "agreement", "date", "table", "tally"))
#: kinds that miss what may stand in a line that could not be read
_OF_WHAT_LACKS = frozenset(("section", "sequence", "statement", "itemised"))
_BY_PARTS = ("place", "says")  #: checks of forms that look at the part around one


def lacks(case: Case, against: Against) -> bool:
    """Whether what a rule compares with is missing. A report of another year than the last is none."""
    if against == "peers":
        return case.twins is None
    year, last = case.report.year, case.previous
    return last is None or year is None or last.year != year - 1


def asks_for_text(rule: Rule) -> bool:
    """Whether a rule can say nothing of forms alone."""
    return not all(turn.call.kind in _OF_FACTS for turn in rule.turns)


def outcomes(turn: Turn, case: Case) -> list[Outcome]:
    """What the kind of a turn finds, or what its guard says in its place. A crash gives ``broken``."""
    try:
        if not turn.when:
            return _run(turn.call, case)
        guard = _run(turn.when, case)
        if state := _held_back(guard):
            return [Outcome(state)]
        return [_at_its_guard(outcome, guard) for outcome in _run(turn.call, case)]
    except PatternTimeout as error:
        return [Outcome("broken", {"error": f"正则表达式超时：{error}", "slow": True})]
    except Exception as error:  # one bad rule must not stop the others
        return [Outcome("broken", {"error": f"{type(error).__name__}：{error}"})]


def _run(call: Call, case: Case) -> list[Outcome]:
    """The outcomes of a kind with its parameters; there is at least one."""
    found = list(KINDS[call.kind](case, **call.params))
    if not found:
        raise ValueError(f"检查方式 {call.kind} 没有给出结果")
    return found


def _held_back(guard: Sequence[Outcome]) -> Literal["n/a", "unknown"] | None:
    """Why a rule's guard keeps it from running: it does not hold, or nobody knows."""
    states = {outcome.state for outcome in guard}
    if states & {"fail", "n/a"}:
        return "n/a"
    return "unknown" if states & {"unknown", "review"} else None


def _at_its_guard(outcome: Outcome, guard: Sequence[Outcome]) -> Outcome:
    """What lacks has no place of its own: it is shown where the report says that it should be (见附件)."""
    if outcome.state != "fail" or any(where is not NOWHERE for where in outcome.where):
        return outcome
    return replace(outcome, where=tuple(where for said in guard for where in said.where))


# --- what nobody knows --------------------------------------------------------------------------------------------


def may_be_wrong(call: Call, outcome: Outcome, report: Report) -> bool:
    """Whether a finding, or a pass for want of one, would be another if all of the report could be read."""
    if outcome.state == "pass" and call.kind == "wording":
        return _may_say(call, report)
    if outcome.state not in ("fail", "review"):
        return False
    if call.kind == "itemised" and not report.doubtful:  # a list that is cut is left open
        return False
    by_lack = call.kind in _OF_WHAT_LACKS or (call.kind == "table" and call.params.get("check") in _BY_PARTS)
    return by_lack or any(where.block in report.doubtful for where in outcome.where)


def _may_say(call: Call, report: Report) -> bool:
    """Whether a doubtful line may have a wording that must not be there."""
    params = {**(KINDS[call.kind].__kwdefaults__ or {}), **call.params}
    lines = [line for name in params["scope"] if name in report.texts for line in report.texts[name].lines]
    doubtful = [line.text for line in lines if line.block in report.doubtful]
    return any(HOLE not in text or may_match(pattern, text, HOLE) for text in doubtful for pattern in params["forbid"])


def why_unknown(turn: Turn, report: Report) -> str:
    """Why nobody knows what became of a turn, where a form or a wrong wording is the cause; else empty."""
    names, forms = names_of(turn)
    if unread := _not_read(forms, report.unread):
        return unread
    wrong = {name.partition(".")[0] for name in names if report.fact(name).state in ("blank", "malformed")}
    if wrong & TITLES.keys():
        return "表里有空着的格，或者填的不是数，用到这些格的没法核对"
    return "有的内容没有写全或者写法有误（如日期没有写日），用到它的没法核对" if wrong else ""


@lru_cache(maxsize=256)
def _not_read(forms: frozenset[str], unread: frozenset[str]) -> str:
    """What to say of those of the ``forms`` that were not read whole; empty where all were."""
    titles = dict.fromkeys(title for form, title in TITLES.items() if form in forms and form in unread)
    return f"{'、'.join(titles)}没有全部读到" if titles else ""
