"""The findings table for people: on a terminal or in a text file, 80 columns and up."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from checker.model import LEFT_OUT, LOST, Audit, Element, Era, Verdict, Where
from checker.render import grid
from checker.render.escape import masked, terminal
from checker.render.view import (
    LISTED,
    Tally,
    View,
    kind,
    needed,
    notes,
    others,
    place,
    quoted,
    remark,
    shown_findings,
    tally,
    unknown_by_cause,
)

_SGR = {"must": "31;1", "should": "33", "info": "36", "review": "35", "broken": "31;7", "waived": "2"}


def head(view: View) -> str:
    """Which tool and which rules speak."""
    if view.quiet:
        return "".join(line(view, "note", said) for said in view.local)
    return f"nianbao {view.tool}　{view.word('pack')} {view.pack} {view.pack_version}\n\n"


def report(audit: Audit, view: View) -> str:
    """Everything on one report; the last line is its verdict."""
    if audit.error:
        return _title(audit, view) + _last(view, error_sentence(audit, view))
    parts = [_title(audit, view), findings(audit, view)]
    if audit.of_settings:
        return "".join(parts)
    if not view.quiet:
        parts += [elements(audit, view), _score(audit, view), _unknown(audit, view), _notes(audit, view)]
    return "".join([*parts, _last(view, verdict_sentence(tally(audit), view, audit.unchecked))])


def line(view: View, key: str, text: str) -> str:
    """A text behind what it is, from its second line on hanging below its beginning."""
    return grid.hanging(f"{view.word(key)}：", terminal(text), view.width)


def _last(view: View, text: str) -> str:
    """The verdict, in one line however long: scripts look for it there."""
    return f"{view.word('verdict')}：{terminal(text)}\n"


def _title(audit: Audit, view: View) -> str:
    text = line(view, "file" if audit.of_settings else "report", audit.source)
    about = audit.report
    if about is None or view.quiet:
        return text
    level = f"（{about.level}）" if about.level else ""
    told = [f"{about.place or view.word('unknown_place')}{level}", view.year(about.year), view.form(about.era)]
    text += line(view, "place", view.joined(told))
    return text + (line(view, "note", about.reason) if about.reason else "") + "\n"


def findings(audit: Audit, view: View) -> str:
    """The table of findings, a blank line after each row; empty without findings."""
    verdicts = shown_findings(audit)
    if not verdicts:
        return ""
    widths = grid.spread(view.width, (8 if view.lang == "en" else 4, 6, -10, -9, -10))
    text = grid.heading([view.word(key) for key in ("severity", "rule", "what", "where", "fix")], widths)
    return text + "\n".join(_finding(verdict, widths, view) for verdict in verdicts) + "\n"


def _finding(verdict: Verdict, widths: tuple[int, ...], view: View) -> str:
    name = kind(verdict)
    cells = (
        view.word(name),
        verdict.rule,
        what(verdict, view),
        where(verdict, view, lambda at: _place(at, view)),
        verdict.fix,
    )
    return grid.row([terminal(cell) for cell in cells], widths, _SGR[name] if view.colour else "")


def what(verdict: Verdict, view: View) -> str:
    """What is wrong, by which clause, and why it does not count where it does not."""
    return masked(verdict.message or verdict.title) + view.basis(verdict) + masked(remark(verdict))


def mending(verdict: Verdict) -> str:
    """How to mend a finding, to go on with after what is wrong; nothing where there is no finding."""
    return f" 怎么改：{verdict.fix.rstrip('。')}。" if verdict.fix and verdict.state in LISTED else ""


def where(verdict: Verdict, view: View, written: Callable[[Where], str]) -> str:
    """The places of a finding, each as ``written``, the first few of many; the whole report where it has none."""
    further, left = others(verdict.where, verdict.related)
    places = [written(at) for at in (verdict.where, *further)]
    if not places[0]:
        return view.word("whole")
    more = f" and {left} more" if view.lang == "en" else f"等{left + len(places)}处"
    return "；".join(places) + (more if left else "")


def _place(at: Where, view: View) -> str:
    quote = quoted(at)
    return place(at, view.lang) + (f"“{quote}”" if quote else "")


def elements(audit: Audit, view: View) -> str:
    """The seven required elements by name, with state and value."""
    if not audit.elements:
        return ""
    widths = grid.spread(view.width, (14, 8, 10, -1))
    text = grid.heading([view.word(key) for key in ("element", "required", "state", "value")], widths)
    era = audit.report.era if audit.report else None
    return text + "".join(_element(element, era, widths, view) for element in audit.elements) + "\n"


def _element(element: Element, era: Era | None, widths: tuple[int, ...], view: View) -> str:
    name = element.name if view.lang == "en" else element.title
    at = place(element.where, view.lang)
    value = view.value(element) + (f"（{at}）" if at and element.state != "absent" else "")
    cells = name, view.word(needed(element, era)), view.word(element.state), value
    return grid.row([terminal(cell) for cell in cells], widths)


def _score(audit: Audit, view: View) -> str:
    return line(view, "score", score_sentence(audit, view)) + "".join(
        line(view, "note", sentence) for sentence in cautions(audit, view)
    )


def cautions(audit: Audit, view: View) -> Iterator[str]:
    """What to know of a score before it is compared."""
    if audit.score is None:
        return
    if audit.coverage < view.floor:
        yield f"核对比例低于 {percent(view.floor)}，这个得分不宜与别的报告比较。"
    if LEFT_OUT in audit.unchecked:
        yield "报告有省略的部分，得分设有上限；请用全文再查一次。"
    if LOST in audit.unchecked:
        yield "有的字认不出来，得分设有上限；请补上缺的字，另存后再查一次。"
    if {*audit.unchecked} - {LEFT_OUT, LOST}:
        yield "表格没有全部读到，得分设有上限；那里的数请自己核对，或者用表格完好、能选中文字的文件再查一次。"


def score_sentence(audit: Audit, view: View) -> str:
    """Score, coverage and grade: they travel together."""
    points = score(audit.score) + (view.word("of_100") if audit.score is not None else "")
    shares = f"{view.word('coverage')}：{percent(audit.coverage)}"
    return f"{points}　{shares}　{view.word('grade')}：{view.term(audit.grade) or '—'}"


def score(value: float | None) -> str:
    return "—" if value is None else f"{value:.1f}"


def percent(share: float) -> str:
    """Rounded down: 100% means that nothing was left out."""
    return f"{int(share * 100 + 1e-9)}%"


def _unknown(audit: Audit, view: View) -> str:
    return "".join(
        line(view, "unknown", f"{cause}（{_counted(len(rules), view)}：{_some(rules)}）")
        for cause, rules in unknown_by_cause(audit).items()
    )


def _counted(rules: int, view: View) -> str:
    return f"{rules} rules" if view.lang == "en" else f"{rules}条规则"


def _some(rules: list[str], most: int = 8) -> str:
    return "、".join(rules[:most]) + (" 等" if len(rules) > most else "")


def _notes(audit: Audit, view: View) -> str:
    return "".join(line(view, "note", note.message) for note in notes(audit))


def error_sentence(audit: Audit, view: View) -> str:
    """Why a file was not checked and what to do, in one line."""
    error = audit.error
    return (
        "。".join(text.rstrip("。") for text in (view.word("error"), error.message, error.remedy)) + "。"
        if error
        else ""
    )


def verdict_sentence(counts: Tally, view: View, unchecked: tuple[str, ...] = ()) -> str:
    """The last line: what was found, and what stands behind it."""
    found, rules, word = counts.findings, counts.rules, view.word
    if view.lang == "en":
        parts = [f"{found[key]} {word(key)}" for key in ("must", "should", "info", "review")]
        parts += [f"{rules[key]} {word(key)}" for key in ("pass", "unknown", "n/a")]
        parts += [f"{found[key]} {word(key)}" for key in ("waived", "known", "broken") if found[key]]
        return ", ".join(parts) + "".join(f"; {view.term(name)} not checked" for name in unchecked)
    text = _chinese(counts)
    text += "".join(f"、{word(key)} {found[key]} 处" for key in ("waived", "known") if found[key])
    if found["broken"]:
        text += f"；{found['broken']} 条规则自身出错，没有核对，报告不用为它修改"
    return text + "".join(f"；{name}未核对" for name in unchecked)


def _chinese(counts: Tally) -> str:
    found, rules = counts.findings, counts.rules
    if found["must"] or found["should"]:
        start = f"发现 {found['must']} 处必改、{found['should']} 处应改"
    else:
        start = f"没有{'新' if found['known'] else ''}发现必改或应改的问题"
    return (
        f"{start}；提示 {found['info']} 条、待人工核对 {found['review']} 条；"
        f"通过 {rules['pass']} 条、未能核对 {rules['unknown']} 条、不适用 {rules['n/a']} 条"
    )


#: the columns of the table of several reports
OVERVIEW = ("file", "place", "year", "score", "coverage", "grade", "must", "should")
_ROOM = (-3, -2, 5, 6, 8, 9, 4, 4)


def _columns(view: View) -> tuple[int, ...]:
    wanted = [
        room if room < 0 else max(room, grid.width(view.word(key))) for room, key in zip(_ROOM, OVERVIEW, strict=True)
    ]
    return grid.spread(view.width, wanted)


def overview(view: View) -> str:
    """The head of the table of several reports."""
    return "\n" + grid.heading([view.word(key) for key in OVERVIEW], _columns(view))


def row(audit: Audit, view: View) -> str:
    """One line of the overview; an error instead of figures where a file could not be read."""
    if audit.of_settings:
        return ""
    widths = _columns(view)
    if not audit.error:
        return grid.row([terminal(cell) for cell in (audit.source, *figures(audit, view))], widths)
    message = f"{view.word('error')}：{audit.error.message}"
    return grid.row([terminal(audit.source), terminal(message)], (widths[0], view.width - widths[0] - 2))


def figures(audit: Audit, view: View) -> list[str]:
    """Place, year, score, coverage, grade, must and should findings: what the overview says of a report."""
    about, counts = audit.report, tally(audit).findings
    name, year = (about.place, about.year) if about else (None, None)
    points = [score(audit.score), percent(audit.coverage), view.term(audit.grade) or "—"]
    return [name or "—", str(year or "—"), *points, str(counts["must"]), str(counts["should"])]


def tail(counts: Tally, view: View) -> str:
    """The verdict on everything together; nothing after a single report."""
    return "\n" + _last(view, verdict_of_run(counts, view)) if counts.reports + counts.settings > 1 else ""


def verdict_of_run(counts: Tally, view: View) -> str:
    """The verdict on several reports together."""
    if view.lang == "en":
        partly = f", {counts.partly} not read whole" if counts.partly else ""
        return f"{counts.reports} reports, {counts.errors} not readable{partly}; {verdict_sentence(counts, view)}"
    lacking = [f"{counts.errors} 份无法核对"] * bool(counts.errors)
    lacking += [f"{counts.partly} 份有内容（如表格）未核对"] * bool(counts.partly)
    among = f"，其中 {'、'.join(lacking)}" if lacking else ""
    return f"共 {counts.reports} 份{among}；{verdict_sentence(counts, view)}"
