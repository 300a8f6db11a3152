"""The elements that a report must have, and what of a report was not looked at."""

from __future__ import annotations

from checker.model import ABSENT, LEFT_OUT, LOST, UNDATED, Element, ElementSpec, FactState, Policy, Report

#: which of several facts decides: the one that says most
_ORDER: tuple[FactState, ...] = ("given", "malformed", "unread", "blank", "absent")


def element(spec: ElementSpec, report: Report) -> Element:
    """One required element: the first of its facts that says most, and says it of the year, decides."""
    era = report.era
    names = spec.facts.get(era or "A", ())
    facts = [report.fact(name) for name in names] or [ABSENT]
    best = min(facts, key=lambda fact: (_ORDER.index(fact.state), fact.aside))
    rules = spec.rules.get(era, ()) if era else ()
    required = era in spec.required
    return Element(spec.name, spec.title, required, best.state, best.value, rules, best.where, spec.unit)


def unchecked(report: Report, policy: Policy) -> tuple[str, ...]:
    """Names of the forms (表格) that this report should carry and that were not read; 正文 where only they were."""
    parts = {"正文": report.forms_only, LEFT_OUT: report.cut, LOST: report.lost, UNDATED: report.era is None}
    text = tuple(name for name, lacking in parts.items() if lacking)
    if report.era is None:
        return text  # nobody knows which forms it should carry
    return text + tuple(name for name, forms in policy.forms.items() if not report.unread.isdisjoint(forms))
