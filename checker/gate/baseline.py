"""The baseline: findings that were there before the line was drawn. They stay in every result and fail no gate.

A file of JSON lines, written by ``nianbao baseline``: a head, then one finding a line. Findings are told by
fingerprint, and counted: of three alike two may be known and the third new.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from checker.cause import cause
from checker.gate.files import BadSettings
from checker.gate.own import FIXED
from checker.model import Audit, Report, Verdict, Where, record

VERSION = 1
MAX_BYTES = 64 << 20
_KEYS = ("fingerprint", "rule", "title", "place", "source")

Whose = tuple[str, int | None]


@record
class Entry:
    """One finding of the baseline and the line it stands on."""

    fingerprint: str
    rule: str
    title: str
    place: str
    year: int | None
    source: str
    line: int

    @property
    def whose(self) -> Whose:
        """Whose finding it is: place and year; a file of which nobody knows the place is told by its name."""
        return self.place or self.source, self.year


@record
class Baseline:
    """The entries of a file by report. ``known``: how often a fingerprint may be met in one report."""

    file: str
    entries: Mapping[Whose, tuple[Entry, ...]] = field(default_factory=dict)
    known: Mapping[str, int] = field(default_factory=dict)


def load(path: Path) -> Baseline:
    """The baseline in a file. Raises BadSettings."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise BadSettings(f"{path} 超过 {MAX_BYTES >> 20} MB")
        data = path.read_bytes()
    except FileNotFoundError:
        raise BadSettings(f"没有基线文件 {path}，请先用 nianbao baseline 生成") from None
    except OSError as error:
        raise BadSettings(f"{path} 打不开：{cause(error)}") from None
    return read(data, str(path))


def read(data: bytes, file: str) -> Baseline:
    """The baseline in ``data``. Raises BadSettings."""
    entries: dict[Whose, list[Entry]] = {}
    copies: Counter[tuple[str, str]] = Counter()
    head, *lines = data.splitlines() or [b""]
    if _object(head, file, 1).get("nianbao_baseline") != VERSION:
        raise BadSettings(f"{file} 第1行不是基线的开头，请用 nianbao baseline 重新生成")
    for number, line in enumerate(lines, 2):
        if line.strip():
            entry = _entry(_object(line, file, number), file, number)
            entries.setdefault(entry.whose, []).append(entry)
            copies[entry.fingerprint, entry.source] += 1
    known: dict[str, int] = {}
    for (fingerprint, _), count in copies.items():
        known[fingerprint] = max(count, known.get(fingerprint, 0))
    return Baseline(file, {whose: tuple(found) for whose, found in entries.items()}, known)


def _object(line: bytes, file: str, number: int) -> dict[str, object]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise BadSettings(f"{file} 第{number}行读不懂，请用 nianbao baseline 重新生成")
    return found


def _entry(found: dict[str, object], file: str, number: int) -> Entry:
    texts = [found.get(key) for key in _KEYS]
    year = found.get("year")
    if not all(isinstance(text, str) for text in texts) or not (year is None or isinstance(year, int)):
        raise BadSettings(f"{file} 第{number}行缺少内容，请用 nianbao baseline 重新生成")
    fingerprint, rule, title, place, source = map(str, texts)
    return Entry(fingerprint, rule, title, place, year, source, number)


def compared(audit: Audit, baseline: Baseline) -> tuple[Audit, Mapping[str, int]]:
    """The audit with its known findings marked; how often each entry of this report was met.

    An entry whose rule could not be judged is taken as met: nobody knows that it is gone.
    """
    seen: Counter[str] = Counter()
    verdicts = []
    for verdict in audit.verdicts:
        mark = verdict.fingerprint
        if verdict.state in ("fail", "review") and seen[mark] < baseline.known.get(mark, 0):
            seen[mark] += 1
            verdict = replace(verdict, known=True)
        verdicts.append(verdict)
    undecided = {verdict.rule for verdict in audit.verdicts if verdict.state in ("unknown", "broken", "waived")}
    ours = baseline.entries.get(whose(audit), ())
    met = {
        entry.fingerprint: (baseline.known if entry.rule in undecided else seen)[entry.fingerprint] for entry in ours
    }
    return replace(audit, verdicts=tuple(verdicts)), met


def whose(audit: Audit) -> Whose:
    report: Report | None = audit.report
    return ((report.place or audit.source), report.year) if report else (audit.source, None)


@dataclass(slots=True)
class Ledger:
    """Which entries a run has met, report by report; ``faults`` says at the end which are fixed."""

    met: dict[str, int] = field(default_factory=dict)

    def add(self, met: Mapping[str, int]) -> None:
        for fingerprint, count in met.items():
            self.met[fingerprint] = max(count, self.met.get(fingerprint, 0))

    def faults(self, baseline: Baseline) -> Iterator[Verdict]:
        """The entries that are fixed: not met in their report, or of a file that is gone."""
        spent: Counter[str] = Counter()
        for entry in sorted((e for found in baseline.entries.values() for e in found), key=lambda e: e.line):
            spent[entry.fingerprint] += 1
            met = self.met.get(entry.fingerprint)
            gone = not _exists(entry.source, baseline.file) if met is None else spent[entry.fingerprint] > met
            if gone:
                year = f"{entry.year}年度" if entry.year else ""
                said = f"{entry.place or entry.source}{year}的 {entry.rule}（{entry.title}）已经没有了，还留在基线里"
                found = FIXED.verdict("fail", said, entry.fingerprint, str(spent[entry.fingerprint]))
                yield replace(found, where=Where(line=entry.line))


def _exists(source: str, file: str) -> bool:
    """Whether a report is there, seen from here or from the baseline's folder."""
    return os.path.lexists(source) or os.path.lexists(os.path.join(os.path.dirname(file), source))
