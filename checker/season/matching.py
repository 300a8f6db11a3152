"""Whose report a file is, of which year, when it was handed in, and which of several files of a unit counts.

Decided by what the report says, not by what its file is called; a file name helps only where the content says nothing.
Everything that is decided is said in one plain Chinese sentence.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from checker.model import Level, dated
from checker.season.names import Index, folded
from checker.season.nouns import DatedBy, Outcome, Row, Submission, Unit


@dataclass(frozen=True, slots=True)
class Sheet:
    """What matching needs to know of one file.

    ``names``: the organ as title, text and signature have it, in this order, each once. ``changed``: the day of the
    file itself. ``trouble``: why it could not be read.
    """

    path: str
    sha256: str
    names: tuple[str, ...] = ()
    level: Level | None = None
    year: int | None = None
    signed: dt.date | None = None
    posted: dt.date | None = None
    changed: dt.datetime | None = None
    trouble: str = ""


class Matcher:
    """The roster as names, the county and the year, ready to place files."""

    def __init__(self, units: Sequence[Unit], year: int, county: str = "") -> None:
        self.units, self.year, self.county = units, year, folded(county)
        self.index = Index(county)
        codes = {unit.code: unit for unit in units if unit.code}
        for at, unit in enumerate(units):
            for name in (unit.name, *unit.aliases, *unit.formerly):
                self.index.add(codes[name].name if name in codes else name, at)

    def place(self, sheet: Sheet) -> Submission:
        """Whose the file is and of which year. Files of one unit are weighed against each other by ``settle``."""
        if sheet.trouble:
            return self._unreadable(sheet)
        named = self._by_content(sheet)
        at, said = named if named else self._by_file(sheet)
        found = Submission(
            sheet.path, sheet.sha256, "counts", place=sheet.names[0] if sheet.names else None, level=sheet.level
        )
        found = replace(found, year=sheet.year, **_dated(sheet, self.year))
        if at is None:
            return self._nobody(found, said)
        found = replace(found, unit=self.units[at].key, said=said)
        if sheet.year is not None and sheet.year != self.year:
            said += f"报告写的是{sheet.year}年度，这次核对的是{self.year}年度。"
            return replace(found, standing="wrong-year", said=said)
        if sheet.year is None:
            said += "报告没有写明年度，按这次核对的年度收下，请补写年度。"
        return replace(found, said=said)

    def mistaken(self, found: Submission) -> Submission | None:
        """The file as the unit sees it that it is called after, when what stands in it is another unit's report."""
        called = self._file_name(found.path) if found.unit else set()
        if len(called) != 1:
            return None
        (at,) = called
        theirs = self.units[at]
        if theirs.key == found.unit:
            return None
        said = f"文件名像是{theirs.name}的，内容却是{found.place}的报告；请核对是否交错。"
        return replace(found, standing="another", unit=theirs.key, said=said)

    def _by_content(self, sheet: Sheet) -> tuple[int | None, str] | None:
        """The unit that the report names, or that it names one which is not on the roster; None: it names nobody."""
        for name in sheet.names:
            hits = self.index.find(name)
            if len(hits) == 1:
                (at,) = hits
                return at, self._remarks(sheet, at, name)
            if hits:
                owners = "、".join(self.units[at].name for at in sorted(hits))
                return None, f"报告写的机关“{name}”可能是{owners}，分不清是哪一个，请在报告里写全称。"
        if sheet.names:
            return (
                None,
                f"报告写的机关是“{sheet.names[0]}”，名册上没有；如果是名册上某个单位的别的写法，请补进它的别名。",
            )
        return None

    def _remarks(self, sheet: Sheet, at: int, name: str) -> str:
        """What is odd about a report that was placed: names that differ, a file called after somebody else."""
        unit, said = self.units[at], ""
        if name in unit.formerly:
            said += f"报告用的是原名称“{name}”。"
        for other in sheet.names:
            if (hits := self.index.find(other)) and at not in hits:
                said += f"报告里另有一处把机关写成“{other}”，请核对是不是照搬。"
        called = self._file_name(sheet.path)
        if len(called) == 1 and at not in called:
            (theirs,) = called
            said += f"文件名像是{self.units[theirs].name}的，内容是{unit.name}的报告，按内容归位；请核对是否交错。"
        return said

    def _by_file(self, sheet: Sheet) -> tuple[int | None, str]:
        called = self._file_name(sheet.path)
        if len(called) != 1:
            return None, "报告里没有写机关名称，文件名也对不上名册，不知道是哪个单位的。"
        (at,) = called
        return at, f"报告里没有写机关名称，按文件名认作{self.units[at].name}。"

    def _file_name(self, path: str) -> set[int]:
        """The units whose name stands in the file's name, or else in that of its folder; the longest name wins."""
        folder, _, name = path.rpartition("/")
        for text in (folded(name.rpartition(".")[0] or name), folded(folder.rpartition("/")[2])):
            best: dict[int, int] = {}
            for start in range(len(text)):
                for end in range(start + 2, min(len(text), start + 30) + 1):
                    for at in self.index.exact(text[start:end]):
                        best[at] = max(best.get(at, 0), end - start)
            longest = max(best.values(), default=0)
            if longest:
                return {at for at, size in best.items() if size == longest}
        return set()

    def _nobody(self, found: Submission, said: str) -> Submission:
        area = folded(found.place or "")
        ours = area == self.county if self.county else area in self.index.areas
        if found.level in ("省", "市", "县") and ours:
            return replace(found, standing="county", said="这是县（市、区）本级的报告，不算任何一个报送单位。")
        return replace(found, standing="stranger", said=said)

    def _unreadable(self, sheet: Sheet) -> Submission:
        called = self._file_name(sheet.path)
        unit, said = "", sheet.trouble
        if len(called) == 1:
            (at,) = called
            unit = self.units[at].key
            said += f"（看文件名是{self.units[at].name}的。）"
        return Submission(sheet.path, sheet.sha256, "unreadable", unit, said=said)


def _dated(sheet: Sheet, year: int) -> dict[str, Any]:
    """The day of handing in that is believed, and where it was found: signature, page, file."""
    for day, by in ((sheet.signed, "signed"), (sheet.posted, "posted")):
        if believed := _believed(day, year):
            return {"dated": believed, "dated_by": by}
    if sheet.changed:
        return {"dated": sheet.changed.date(), "dated_by": "file"}
    return {}


def _believed(day: dt.date | None, year: int) -> dt.date | None:
    """A day that can be that of a report on ``year``: years later is when a site moved, or a slip."""
    return day if day and dt.date(year, 7, 1) <= day <= dt.date(year + 2, 6, 30) else None


# --- one unit ---------------------------------------------------------------------------------------------------------

_BY: dict[DatedBy, str] = {"signed": "落款日期", "posted": "网页发布日期", "file": "文件日期"}


def settle(
    unit: Unit, found: Iterable[tuple[Submission, Sheet]], due: dt.date | None, mistaken: Sequence[Submission] = ()
) -> Row:
    """The row of a unit from all of its files: which one counts, whether it came in time.

    ``mistaken``: files called after it that are another's; told of where it has none.
    """
    files = sorted(found, key=lambda pair: pair[0].path)
    valid = [pair for pair in files if pair[0].standing == "counts"]
    due = unit.deadline or due
    if not valid:
        submissions = tuple(submission for submission, _ in files)
        return Row(unit, _outcome(submissions), submissions or tuple(mistaken), due)
    ages = {pair[0].path: _age(pair[1]) for pair in valid}
    best = max(valid, key=lambda pair: ages[pair[0].path])  # of equal ones the first by name
    kept, late, why = _timely(best[0], due, unit.level or best[0].level)
    others = [
        replace(other, standing="superseded", said=_older(other, best[0], ages) + other.said)
        if other.standing == "counts"
        else other
        for other, _ in files
        if other is not best[0]
    ]
    counted = replace(kept, said=kept.said + why)
    return Row(unit, "audited", (counted, *others), due, counted.dated, counted.dated_by, late)


def _outcome(submissions: Sequence[Submission]) -> Outcome:
    standings = {submission.standing for submission in submissions}
    if "wrong-year" in standings:
        return "wrong-year"
    return "unreadable" if standings else "missing"


Age = tuple[dt.date, dt.date, dt.datetime]


def _age(sheet: Sheet) -> Age:
    """What tells the newest of several: the signature's day, the page's, the file's time. A later year wins nothing."""
    year = sheet.year or 0
    days = [(_believed(day, year) if year else None) or dt.date.min for day in (sheet.signed, sheet.posted)]
    return days[0], days[1], sheet.changed or dt.datetime.min


def _older(other: Submission, best: Submission, ages: Mapping[str, Age]) -> str:
    """Why ``best`` counts and ``other`` does not."""
    if other.sha256 and other.sha256 == best.sha256:
        return f"与“{best.path}”内容完全相同（同一文件交了两次），不另计。"
    mine, theirs = ages[other.path], ages[best.path]
    start = f"同一单位交了几份，以“{best.path}”为准："
    for name, left, right in zip(("落款日期", "网页发布日期"), mine, theirs, strict=False):
        if left != right:
            return f"{start}它的{name}是 {_or_none(right)}，这一份是 {_or_none(left)}。"
    if mine[2] != theirs[2]:
        return f"{start}两份日期相同，它的文件保存得晚（{_moment(theirs[2])}，这一份 {_moment(mine[2])}）。"
    return f"{start}两份的日期都相同，按文件名取第一份，请人工核对。"


def _or_none(day: dt.date) -> str:
    return "没有写" if day == dt.date.min else dated(day)


def _moment(at: dt.datetime) -> str:
    return f"{dated(at)}{at.hour}时{at.minute:02}分"


_TOWNS = ("镇", "乡", "街道")  #: for whom the law names no deadline: the county sets it


def excused(row: Row) -> tuple[Mapping[str, str], ...]:
    """What need not be mended since the county itself gave a town longer than is usual, as waivers of a roster."""
    level = row.unit.level or (row.counted.level if row.counted else None)
    if row.late is not False or not row.due or row.due <= _usual(row.due) or level not in _TOWNS:
        return ()
    return ({"rule": "PUB-02", "reason": f"本县给的报送期限是{dated(row.due)}，没有超过", "who": "本县"},)


def _usual(due: dt.date) -> dt.date:
    """The day that 条例第四十九条 names for departments, and that is usual for towns."""
    return dt.date(due.year, 1, 31)


def _timely(found: Submission, due: dt.date | None, level: Level | None) -> tuple[Submission, bool | None, str]:
    """Whether it was handed in by ``due``, and why that is believed.

    The day of a file proves that it was there in time, never that it was late: copying a file gives it a new day.
    """
    if due is None or not found.dated or not found.dated_by:
        return found, None, ""
    day, by = found.dated, found.dated_by
    if day <= due:
        beyond = level == "部门" and by != "file" and day > _usual(due)
        said = f"没有超过本县的期限 {dated(due)}，但条例第四十九条要求部门在1月31日前报送并公布，PUB-02 仍然列出。"
        return found, False, said if beyond else ""
    if by == "file":
        said = f"没有落款日期，文件日期 {dated(day)} 在期限 {dated(due)} 之后；文件日期会随复制改变，不据此认定迟报。"
        return found, None, said
    return found, True, f"迟报：{_BY[by]}是 {dated(day)}，期限是 {dated(due)}。"
