"""Findings forgiven on the record: ``waivers.yaml``, what it does to an audit, and what is wrong with it.

A waiver forgives findings (fail, review), never what could not be read. Its rule then counts
neither as passed nor as failed.
Pure but for ``load``: the day of the run is passed in.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from checker.gate.files import BadSettings, content, parsed
from checker.gate.own import EXPIRED, FRESH, UNKNOWN, UNUSED
from checker.model import Audit, Pack, Policy, Report, Verdict, Waiver, Where
from checker.score import recounted

#: what became of a waiver on a report: it forgave something; its rule could not be judged; there was nothing to forgive
Use = Literal["used", "open", "idle"]
_RANK: Mapping[Use, int] = {"idle": 0, "open": 1, "used": 2}


def load(path: Path) -> tuple[Waiver, ...]:
    """The waivers of a file in order. Raises BadSettings, with file, line and key."""
    return read(content(path), str(path))


def read(data: bytes, file: str) -> tuple[Waiver, ...]:
    """The waivers in ``data``, which is or was ``file``. Raises BadSettings."""
    source = parsed(data, file, "waivers")
    waivers = []
    for at, given in enumerate(source.value["waivers"]):
        if not _is_date(given["until"]):
            raise BadSettings(str(source.fault("settings", f"没有“{given['until']}”这一天", ("waivers", at, "until"))))
        line, _ = source.marks["waivers", at]
        waivers.append(Waiver(**{**given, "place": "".join(given["place"].split())}, file=file, line=line))
    return tuple(waivers)


def _is_date(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def marked(waivers: tuple[Waiver, ...], before: tuple[Waiver, ...] | None) -> tuple[Waiver, ...]:
    """The waivers, those that were not there ``before`` the change marked as fresh; None: there was no change.

    A longer term makes a waiver a new one, another wording of its reason does not.
    """
    if before is None:
        return waivers
    old = {(w.rule, w.place, w.year, w.where, w.until) for w in before}
    return tuple(replace(w, fresh=(w.rule, w.place, w.year, w.where, w.until) not in old) for w in waivers)


def concerns(waiver: Waiver, report: Report) -> bool:
    """Whether a waiver is about this report."""
    return waiver.year == report.year and waiver.place == "".join((report.place or "").split())


def expired(waiver: Waiver, today: dt.date) -> bool:
    return dt.date.fromisoformat(waiver.until) < today


def waived(
    audit: Audit, waivers: Iterable[Waiver], today: dt.date, policy: Policy
) -> tuple[Audit, Mapping[Waiver, Use]]:
    """The audit with what ``waivers`` forgive on the day ``today``, its score counted anew, and what became of each.

    Of waivers about other reports nothing is said.
    """
    report = audit.report
    ours = [waiver for waiver in waivers if report and concerns(waiver, report)]
    if not ours:
        return audit, {}
    valid = [waiver for waiver in ours if not expired(waiver, today)]
    verdicts = tuple(_forgiven(verdict, valid) for verdict in audit.verdicts)
    uses = {waiver: _use(waiver, audit.verdicts) for waiver in ours}
    if verdicts != audit.verdicts:
        audit = recounted(audit, verdicts, policy)
    return audit, uses


def _forgiven(verdict: Verdict, waivers: list[Waiver]) -> Verdict:
    """A verdict forgiven by the first of these that fits it. What was added in this change comes last."""
    fitting = [waiver for waiver in waivers if _fits(waiver, verdict)]
    if not fitting:
        return verdict
    waiver = min(fitting, key=lambda waiver: waiver.fresh)
    return replace(verdict, state="waived", waiver=waiver, otherwise=verdict.state)


def _fits(waiver: Waiver, verdict: Verdict) -> bool:
    """The rule, a finding, and the place: a waiver for 表三/新收 fits everything in that row."""
    if verdict.rule != waiver.rule or verdict.state not in ("fail", "review"):
        return False
    return not waiver.where or f"/{waiver.where.strip('/')}/" in f"/{verdict.where.logical}/"


def _use(waiver: Waiver, verdicts: Iterable[Verdict]) -> Use:
    said = [verdict for verdict in verdicts if verdict.rule == waiver.rule]
    if any(_fits(waiver, verdict) for verdict in said):
        return "used"
    return "open" if any(verdict.state in ("unknown", "broken") for verdict in said) else "idle"


@dataclass(slots=True)
class Ledger:
    """What a run has learned of its waivers, report by report; ``faults`` says at the end what is wrong with them."""

    uses: dict[Waiver, Use] = field(default_factory=dict)
    places: set[str] = field(default_factory=set)
    all_placed: bool = True  #: every file was read, and whose it is and of which year

    def add(self, place: str | None, year: int | None, uses: Mapping[Waiver, Use]) -> None:
        if place is None or year is None:
            self.all_placed = False
        else:
            self.places.add("".join(place.split()))
        for waiver, use in uses.items():
            if _RANK[use] >= _RANK[self.uses.get(waiver, "idle")]:
                self.uses[waiver] = use

    def faults(self, waivers: Iterable[Waiver], pack: Pack, today: dt.date, whole: bool) -> Iterator[Verdict]:
        """Findings on the waivers of one file. ``whole``: the run saw all reports that the file is about."""
        for waiver in waivers:
            found = self._fault(waiver, pack, today, whole)
            if found:
                yield replace(found, where=Where(line=waiver.line))

    def _fault(self, waiver: Waiver, pack: Pack, today: dt.date, whole: bool) -> Verdict | None:
        use = self.uses.get(waiver)
        about = f"{waiver.place}{waiver.year}年度 {waiver.rule}"
        key = (waiver.rule, waiver.place, str(waiver.year), waiver.where)
        if pack.rule(waiver.rule) is None:
            near = _near(waiver.rule, [rule.id for rule in pack.rules])
            return UNKNOWN.verdict("fail", f"没有编号为“{waiver.rule}”的规则{near}", *key)
        if expired(waiver, today) and (use or whole):
            return EXPIRED.verdict("fail", f"对“{about}”的豁免已在{waiver.until}过期，不再起作用", *key)
        if use == "idle":
            return UNUSED.verdict("fail", f"对“{about}”的豁免没有用到：报告里没有这个问题", *key)
        if use is None and whole and self.all_placed:
            near = _near(waiver.place, sorted(self.places - {waiver.place}))
            return UNKNOWN.verdict("fail", f"没有“{waiver.place}”{waiver.year}年度的报告{near}", *key)
        if use == "used" and waiver.fresh:
            said = f"对“{about}”的豁免是在同一次改动里添加的（批准：{waiver.who}；理由：{waiver.reason}）"
            return FRESH.verdict("review", said, *key)
        return None


def _near(word: str, known: list[str]) -> str:
    from checker.pack.fault import suggestion

    return suggestion(word, known)
