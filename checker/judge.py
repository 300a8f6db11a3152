"""A case and a pack in, an audit out: which rules apply, what became of each, the seven elements, score and coverage.

Reads no file, no clock, no locale. A rule that crashes is ``broken``: our fault, never the report's.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from functools import lru_cache
from typing import Any, Literal

from checker.kinds import KINDS
from checker.kinds.tables import TITLES
from checker.late import late, once_for_each
from checker.model import (
    ALONE,
    HOLE,
    LAST,
    LEFT_OUT,
    LOST,
    NOWHERE,
    UNDATED,
    Against,
    Audit,
    Call,
    Case,
    Element,
    ElementSpec,
    Era,
    Fact,
    FactState,
    Layer,
    Level,
    Note,
    Outcome,
    Pack,
    Policy,
    Report,
    Rule,
    Severity,
    Turn,
    Value,
    Verdict,
    VerdictState,
    Where,
    named,
    record,
)
from checker.patterns import PatternTimeout, watched
from checker.patterns.holes import may_match
from checker.score import ceiled, grade, measure

ERAS: tuple[Era, ...] = ("A", "B", "C", "D")
_SEVERITIES: tuple[Severity, ...] = ("info", "should", "must")
_SPEAKS = frozenset(("fail", "review"))
_SETTLED = frozenset(("pass", "n/a", "unknown", "waived"))
_PLACEHOLDER = late(r"\{([a-z_]+)\}")
_ISO = late(r"(\d{4})-(\d\d)-(\d\d)")


@watched()
def judge(case: Case, pack: Pack) -> Audit:
    """The audit of one report: one verdict for each rule and subject, in catalogue order, passes included.

    What was recognised from pictures is judged with low confidence; the states stay as they are.
    """
    report = case.report
    seats, alone = _seats(report, pack), {against for against in ALONE if lacks(case, against)}
    judged = [(seat, seat.away or _judged(seat, case, pack)) for seat in seats]
    failed = _failed(judged)
    found: list[Verdict] = []
    counted: list[Verdict] = []  # those for the score: a rule that has nothing to compare with is none of them
    for seat, told in judged:
        if seat.rule.yields_to and any(verdict.state in _SPEAKS for verdict in told):
            told = _yielded(told, [verdict for name in seat.rule.yields_to for verdict in failed.get(name, ())])
        found += told
        if seat.rule.against not in alone:
            counted += told
    verdicts = tuple(found)
    if report.recognised:
        verdicts = tuple([replace(verdict, confidence="low") for verdict in verdicts])
    score, coverage = measure(counted)
    unread = unchecked(report, pack.policy)
    score = ceiled(score, counted, pack.policy, bool(unread))
    if report.forms_only or report.era is None:
        score = None  # sums alone make no report, and what all years have in common is no format
    return Audit(
        source=report.source,
        report=report,
        verdicts=verdicts,
        elements=tuple(element(spec, report) for spec in pack.elements),
        score=score,
        coverage=coverage,
        grade=grade(score, pack.policy),
        unchecked=unread,
        notes=(*report.notes, *local_rules(pack)),
    )


def _failed(judged: Sequence[tuple[_Seat, list[Verdict]]]) -> Mapping[str, list[Verdict]]:
    """The failures of each rule that has any."""
    failed: dict[str, list[Verdict]] = {}
    for _, told in judged:
        for verdict in told:
            if verdict.state == "fail":
                failed.setdefault(verdict.rule, []).append(verdict)
    return failed


def _yielded(told: list[Verdict], said: Sequence[Verdict]) -> list[Verdict]:
    """The verdicts of a rule beside the failures of those that it yields to: one slip is told, and counts, once.

    A rule that yields to itself speaks once of a row of a form: 规章 3、3、3 is one slip.
    """
    kept: list[Verdict] = []
    for each in told:
        first = next((one for one in said if _told_before(each, one, kept)), None) if each.state in _SPEAKS else None
        kept.append(replace(each, state="n/a", message=f"同一处已由 {first.rule} 指出", fix="") if first else each)
    return kept


def _told_before(each: Verdict, one: Verdict, kept: Sequence[Verdict]) -> bool:
    if one.rule != each.rule:
        return _same_slip(each, one)
    return one in kept and _row(one) is not None and _row(one) == _row(each)


def _row(verdict: Verdict) -> tuple[str | None, str] | None:
    return (verdict.where.table, verdict.where.row) if verdict.where.row else None


def _same_slip(one: Verdict, first: Verdict) -> bool:
    """Whether two findings accuse the same place, or a sum the cell that is none, or else the same form or column."""
    same_place = one.where is not NOWHERE and (one.where == first.where or not _cells(one).isdisjoint(_cells(first)))
    return same_place or bool(one.subject and one.subject == first.subject)


def _cells(verdict: Verdict) -> set[Where]:
    return {where for where in (verdict.where, *verdict.related) if where.row or where.col}


def local_rules(pack: Pack) -> tuple[Note, ...]:
    """What local packs do to the national one, one note for each: no result keeps silent about it."""
    return tuple(Note("local-rules", _about(layer, pack)) for layer in pack.layers[1:])


def _about(layer: Layer, pack: Pack) -> str:
    own = [rule for rule in pack.rules if rule.pack == layer.name]
    heavy = [rule.id for rule in own if (rule.weight or 0) > pack.policy.weights["must"]]
    parts = (
        [f"自己的规则 {len(own)} 条" + (f"（{'、'.join(heavy)} 的分值比必改的规则还高）" if heavy else "")]
        if own
        else []
    )
    softer = [f"{change.rule}（{'、'.join(named(change.softer))}）" for change in layer.changes if change.softer]
    changed = [f"{change.rule}（{'、'.join(named(change.keys))}）" for change in layer.changes if not change.softer]
    off = [f"{each.rule}（至{_day(each.until)}，{each.reason}）" for each in layer.disabled if not each.over]
    over = [f"{each.rule}（{_day(each.until)}到期）" for each in layer.disabled if each.over]
    names = {spec.name: spec.title for spec in pack.elements}
    asked = [f"{names.get(name, name)}（{'、'.join(eras) or '都不必备'}）" for name, eras in layer.required.items()]
    listed = {"调整了": changed, "放宽了": softer, "停用了": off, "停用期满、已经恢复的": over, "必备的时期改为": asked}
    parts += [f"{word} {'、'.join(items)}" for word, items in listed.items() if items]
    return f"用了本地规则“{layer.name}”{layer.version}：{'；'.join(parts) or '没有改动规则'}。"


def _day(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def lacks(case: Case, against: Against) -> bool:
    """Whether what a rule compares with is missing. A report of another year than the last is none."""
    if against == "peers":
        return case.twins is None
    year, last = case.report.year, case.previous
    return last is None or year is None or last.year != year - 1


@record
class _Seat:
    """A rule for all reports of one year, era and level: how grave it is there.

    ``basis``: those of its clauses that held when the report was due.
    ``away``: its one verdict where it does not apply, else empty.
    ``bare`` keeps the verdicts that say no more than a state and why, by all of these: one object for all reports.
    """

    rule: Rule
    severity: Severity
    weight: int
    basis: tuple[str, ...]
    away: list[Verdict] = field(default_factory=list)
    bare: dict[tuple[str, ...], Verdict] = field(default_factory=dict)


_ASKED: dict[tuple[int, Era], tuple[Pack, frozenset[str]]] = {}


def asked(pack: Pack, era: Era) -> frozenset[str]:
    """The facts that rules and elements of a pack may look at in an era: half of all that can be read."""
    kept = _ASKED.get((id(pack), era))
    if kept is None or kept[0] is not pack:
        if len(_ASKED) >= 64:
            _ASKED.clear()
        kept = _ASKED[id(pack), era] = pack, frozenset(_asked(pack, era))
    return kept[1]


def _asked(pack: Pack, era: Era) -> Iterator[str]:
    """Whatever is named in a parameter of a rule, or in what its kind takes for granted, may be a fact.

    A rule of the next era may ask for a fact of last year's report, which is of this one.
    """
    for spec in pack.elements:
        yield from spec.facts.get(era, ())
    for rule in pack.rules:
        names: set[str] = set()
        for turn in rule.turns:
            for call in filter(None, (turn.call, turn.when)):
                _add_names([call.params, KINDS[call.kind].__kwdefaults__], names)
        yield from (name.removeprefix(LAST) for name in names if era in rule.eras or name.startswith(LAST))


def _add_names(value: Any, names: set[str]) -> None:
    """Puts all texts of a parameter into ``names``, and the facts of a formula. It sees thousands in a start."""
    if isinstance(value, str):
        names.add(value)
    elif isinstance(value, list | tuple):
        for inner in value:
            _add_names(inner, names)
    elif isinstance(value, Mapping):
        names.update(value)
        for inner in value.values():
            _add_names(inner, names)
    else:
        names.update(getattr(value, "names", ()))


_KEPT: dict[tuple[int, Era | None, int | None, Level | None], tuple[Pack, tuple[_Seat, ...]]] = {}


def _seats(report: Report, pack: Pack) -> tuple[_Seat, ...]:
    """The rules of a pack for reports of this kind; worked out once for each kind."""
    key = (id(pack), report.era, report.year, report.level)
    kept = _KEPT.get(key)
    if kept is None or kept[0] is not pack:  # an id may come again, a pack that is kept here may not
        if len(_KEPT) >= 256:
            _KEPT.clear()
        kept = _KEPT[key] = pack, tuple(_seat(rule, report, pack) for rule in pack.rules)
    return kept[1]


def _seat(rule: Rule, report: Report, pack: Pack) -> _Seat:
    severity = severity_of(rule, report)
    state = "n/a" if rule.disabled else applicable(rule, report) or (None if severity else "n/a")
    severity = severity or _least(rule)
    weight = pack.policy.weights[severity] if rule.weight is None else rule.weight
    seat = _Seat(rule, severity, weight, in_force(rule.basis, report.year, pack))
    if state:
        seat.away.append(replace(_settled(seat, "", Outcome(state)), message=_off(rule)))
    return seat


def _off(rule: Rule) -> str:
    off = rule.disabled
    return f"“{off.pack}”停用到{_day(off.until)}：{off.reason}" if off else ""


def in_force(basis: tuple[str, ...], year: int | None, pack: Pack) -> tuple[str, ...]:
    """The clauses that held on the day when the report on ``year`` was due at the latest; all when none did.

    A clerk who writes on 2023 need not read the form of 2019.
    """
    if year is None:
        return basis
    due = dt.date(year + 1, 3, 31)
    clauses = [pack.basis[key] for key in basis]
    held = tuple(c.key for c in clauses if (c.start or due) <= due <= (c.end or due))
    return held or basis


def verdicts_of(rule: Rule, case: Case, pack: Pack) -> list[Verdict]:
    """What became of one rule: one verdict for each subject, or a single one where it does not apply."""
    seat = _seat(rule, case.report, pack)
    return seat.away or _judged(seat, case, pack)


def _judged(seat: _Seat, case: Case, pack: Pack) -> list[Verdict]:
    against = seat.rule.against
    if against and lacks(case, against):
        if (alone := seat.bare.get(("", "", "alone"))) is None:
            alone = replace(_settled(seat, "", Outcome("unknown")), message=ALONE[against])
            seat.bare["", "", "alone"] = alone
        return [alone]
    if case.report.forms_only and not all(turn.call.kind in _OF_FACTS for turn in seat.rule.turns):
        return [_settled(seat, "", Outcome("unknown"))]
    found = []
    for turn in seat.rule.turns:
        for outcome in outcomes(turn, case):
            if (case.report.doubtful or case.report.cut) and _may_be_wrong(turn.call, outcome, case.report):
                outcome = Outcome("unknown", subject=outcome.subject)
            why = _why(turn, case.report) if outcome.state == "unknown" else ""
            if outcome.values or outcome.where or outcome.state not in _SETTLED:
                told = _verdict(seat, turn, outcome, case, pack)
                found.append(replace(told, message=why) if why else told)
            else:
                found.append(_bare(seat, turn, outcome, why))
    return found


def _why(turn: Turn, report: Report) -> str:
    """Why nobody knows what became of a turn, where a form or a wrong wording is the cause; else empty."""
    names, forms = _named(turn)
    if unread := _not_read(forms, report.unread):
        return unread
    wrong = {name.partition(".")[0] for name in names if report.fact(name).state in ("blank", "malformed")}
    if wrong & TITLES.keys():
        return "表里有空着的格，或者填的不是数，用到这些格的没法核对"
    return "有的内容没有写全或者写法有误（如日期没有写日），用到它的没法核对" if wrong else ""


@once_for_each(4096)
def _named(turn: Turn) -> tuple[frozenset[str], frozenset[str]]:
    """Every name that a turn's parameters hold, which may be a fact's, and the forms that they may be of."""
    names: set[str] = set()
    for call in filter(None, (turn.call, turn.when)):
        _add_names(call.params, names)
    return frozenset(names), frozenset({name.partition(".")[0] for name in names})


@lru_cache(maxsize=256)
def _not_read(forms: frozenset[str], unread: frozenset[str]) -> str:
    """What to say of those of the ``forms`` that were not read whole; empty where all were."""
    titles = dict.fromkeys(title for form, title in TITLES.items() if form in forms and form in unread)
    return f"{'、'.join(titles)}没有全部读到" if titles else ""


#: kinds that miss what may stand in a line that could not be read
_OF_WHAT_LACKS = frozenset(("section", "sequence", "statement", "itemised"))
_BY_PARTS = ("place", "says")  #: checks of forms that look at the part around one


def _may_be_wrong(call: Call, outcome: Outcome, report: Report) -> bool:
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


#: kinds that look at facts and forms alone; the others look at a text, too
_OF_FACTS = frozenset(("presence", "format", "number", "identity", "agreement", "date", "table", "tally"))


def applicable(rule: Rule, report: Report) -> Literal["n/a", "unknown"] | None:
    """None when the rule applies; ``unknown`` when the report's year or level, on which it hangs, is not known."""
    first, last = rule.years
    if report.era is None:
        if set(rule.eras) != set(ERAS):
            return "unknown"
    elif report.era not in rule.eras:
        return "n/a"
    if first is not None or last is not None:
        if report.year is None:
            return "unknown"
        if (first is not None and report.year < first) or (last is not None and report.year > last):
            return "n/a"
    if rule.levels and report.level not in rule.levels:
        return "n/a" if report.level else "unknown"
    return None


def severity_of(rule: Rule, report: Report) -> Severity | None:
    """How grave a failure is here; None where the rule does not apply to this level."""
    given = rule.by_level.get(report.level) if report.level else None
    if given is not None:
        return None if given == "n/a" else given
    return (report.era and rule.severity.get(report.era)) or _least(rule)


def _least(rule: Rule) -> Severity:
    return min(rule.severity.values(), key=_SEVERITIES.index)


def outcomes(turn: Turn, case: Case) -> list[Outcome]:
    """What the kind of a turn finds, or what its guard says in its place. A crash gives ``broken``."""
    try:
        if not turn.when:
            return run(turn.call, case)
        guard = run(turn.when, case)
        if state := _held_back(guard):
            return [Outcome(state)]
        return [_at_its_guard(outcome, guard) for outcome in run(turn.call, case)]
    except PatternTimeout as error:
        return [Outcome("broken", {"error": f"正则表达式超时：{error}"})]
    except Exception as error:  # one bad rule must not stop the others
        return [Outcome("broken", {"error": f"{type(error).__name__}：{error}"})]


def run(call: Call, case: Case) -> list[Outcome]:
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


# --- verdicts -----------------------------------------------------------------------------------------------------


def _verdict(seat: _Seat, turn: Turn, outcome: Outcome, case: Case, pack: Pack) -> Verdict:
    subject = _subject(turn, outcome)
    if outcome.state in _SETTLED:
        return _settled(seat, subject, outcome)
    rule = seat.rule
    state: VerdictState = "review" if outcome.state == "fail" and rule.confidence == "low" else outcome.state
    words = _words(outcome, case.report, pack, turn) if state != "broken" else {}
    where = outcome.where[0] if outcome.where else NOWHERE
    return replace(
        _settled(seat, subject, outcome),
        state=state,
        message=_broken(rule, outcome) if state == "broken" else filled(rule.message, words),
        fix=filled(rule.fix, words) if state != "broken" else "",
        fingerprint=fingerprint(rule.id, case.report, where, subject),
    )


def _bare(seat: _Seat, turn: Turn, outcome: Outcome, why: str) -> Verdict:
    """The verdict that says nothing but this state, and ``why``: the same object for all reports."""
    key = (turn.subject, outcome.subject, outcome.state, why)
    found = seat.bare.get(key)
    if found is None:
        found = seat.bare[key] = replace(_settled(seat, _subject(turn, outcome), outcome), message=why)
    return found


def _settled(seat: _Seat, subject: str, outcome: Outcome) -> Verdict:
    """A verdict without message: its fingerprint says no more than rule and subject, for it will not be looked for."""
    rule = seat.rule
    return Verdict(
        rule.id,
        subject,
        outcome.state,
        seat.severity,
        rule.confidence,
        seat.weight,
        rule.title,
        basis=seat.basis,
        values=outcome.values,
        where=outcome.where[0] if outcome.where else NOWHERE,
        related=outcome.where[1:],
        fingerprint=_hashed(f"{rule.id}|{subject}"),
    )


def _subject(turn: Turn, outcome: Outcome) -> str:
    return f"{turn.subject}/{outcome.subject}" if turn.subject and outcome.subject else turn.subject or outcome.subject


def _broken(rule: Rule, outcome: Outcome) -> str:
    said = f"规则 {rule.id} 自身出错，没有核对；这是检查程序的毛病，报告不用为它修改"
    return f"{said}。请把这一行发给提供本工具的人（{outcome.values['error']}）"


def _words(outcome: Outcome, report: Report, pack: Pack, turn: Turn) -> Mapping[str, str]:
    """What a message may name, as an officer reads it."""
    quote = next((where.quote for where in outcome.where if where.quote), "")
    words = {"quote": quote, "year": str(report.year or "××××"), "place": report.place or "本机关"}
    words |= {name: shown(value, pack.facts.specs) for name, value in outcome.values.items()}
    return {**words, **turn.names}


def filled(template: str, words: Mapping[str, str]) -> str:
    """``template`` with each {name} replaced; a name that nothing fills is left as it stands."""
    return _PLACEHOLDER.sub(lambda match: words.get(match[1], match[0]), template)


def shown(value: Value, titles: Mapping[str, Any]) -> str:
    """A value as an officer reads it: dates as 2017年1月5日, lists joined by 、, fact ids by their titles."""
    if isinstance(value, str):
        if value in titles:
            return str(titles[value].title)
        iso = _ISO.fullmatch(value)
        return f"{iso[1]}年{int(iso[2])}月{int(iso[3])}日" if iso else value
    if isinstance(value, tuple):
        return "、".join(shown(item, titles) for item in value if item is not None)
    if isinstance(value, Mapping):
        return "、".join(f"{name}{shown(count, titles)}" for name, count in value.items())
    if isinstance(value, int | float) and abs(value) >= 10**18:
        return "超过十八位的数"  # Python itself refuses to print more than 4,300 digits
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def fingerprint(rule: str, report: Report, where: Where, subject: str) -> str:
    """Rule, place, year, logical place and subject, hashed: the same finding in a re-exported file is the same."""
    logical = "" if where is NOWHERE else where.logical
    parts = (rule, report.place or "", str(report.year or ""), logical, subject)
    return _hashed("|".join(parts))


@lru_cache(maxsize=1024)  # rules and subjects come again; findings do not
def _hashed(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


# --- elements ----------------------------------------------------------------------------------------------


def element(spec: ElementSpec, report: Report) -> Element:
    """One required element: the first of its facts that says most decides."""
    era = report.era
    names = spec.facts.get(era, ()) if era else spec.facts[ERAS[0]]
    facts = [report.fact(name) for name in names] or [Fact("absent")]
    best = min(facts, key=lambda fact: _ORDER.index(fact.state))
    rules = spec.rules.get(era, ()) if era else ()
    required = era in spec.required
    return Element(spec.name, spec.title, required, best.state, best.value, rules, best.where, spec.unit)


_ORDER: tuple[FactState, ...] = ("given", "malformed", "unread", "blank", "absent")


def unchecked(report: Report, policy: Policy) -> tuple[str, ...]:
    """Names of the forms (表格) that this report should carry and that were not read; 正文 where only they were."""
    parts = {"正文": report.forms_only, LEFT_OUT: report.cut, LOST: report.lost, UNDATED: report.era is None}
    text = tuple(name for name, lacking in parts.items() if lacking)
    if report.era is None:
        return text  # nobody knows which forms it should carry
    return text + tuple(name for name, forms in policy.forms.items() if not report.unread.isdisjoint(forms))
