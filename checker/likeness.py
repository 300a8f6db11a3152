"""How alike two reports are: one definition, for a unit's own last year (XYR-05) and for other units (COP-05).

A report's narrative is what it tells in its own words: no headings, tables, preface or signature. Of it digits, titles
of documents, statutory wording and form wording are dropped, then all but letters; what is left is cut into shingles of
five characters. Likeness is the Jaccard index of two sets of shingles. No I/O, no state.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator, Set
from typing import TypeAlias

from checker.late import late
from checker.model import Earlier, Passage, Report, Told

SIZE = 5  #: characters of a shingle
_PRIME = (1 << 61) - 1
_SPREAD = 0x5BD1E995C2B2AE35  # any large odd number: neighbours in the dictionary are none in a signature

Signature: TypeAlias = "array[int]"  #: of a narrative: its shingles as numbers below 2**61, ascending, each once


def narrative(report: Report) -> tuple[Told, ...]:
    """What a report tells in its own words, line by line."""
    return _told(report, report.texts.get("main") or report.texts.get("body"))


def problems(report: Report) -> tuple[Told, ...]:
    """What it says of problems and how they are mended."""
    return _told(report, report.texts.get("problems"))


def earlier(report: Report) -> Earlier:
    """A report as next year's is compared with it."""
    return Earlier(report.year, report.place, report.facts, narrative(report), problems(report))


def _told(report: Report, passage: Passage | None) -> tuple[Told, ...]:
    heads = {heading.text for heading in report.headings if not heading.run_in}
    lines = passage.lines if passage else ()
    own = (line for line in lines if _LABEL.sub("", line.text) not in heads)
    return tuple(Told(line.text, line.where(0, min(len(line.text), 40)), line) for line in own)


_LABEL = late(r"^(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|\d+[、．.]|（\d+）)|[：。]$")


def signature(told: Iterable[Told]) -> Signature:
    """The shingles of a narrative."""
    return array("Q", sorted({shingle for line in told for shingle in shingles(line.text)}))


def shingles(text: str) -> Iterator[int]:
    """The shingles of one line, in order; those of a text of fewer than five characters are none."""
    for run in own_words(text):
        data = run.encode("utf-16-le", "surrogatepass")
        for at in range(0, len(data) - 2 * SIZE + 1, 2):
            yield int.from_bytes(data[at : at + 2 * SIZE], "little") * _SPREAD % _PRIME


def own_words(text: str) -> list[str]:
    """Compact ``text`` without what every report says, as runs of letters; no shingle reaches over a gap."""
    clauses = (_NUMBER.sub("", clause) for clause in _CLAUSE.split(_TITLE.sub("，，", text)))
    kept = ("\n" if not clause or _SAID_BY_ALL.fullmatch(clause) else _MARKS.sub("", clause) for clause in clauses)
    return [run for run in "".join(kept).split("\n") if len(run) >= SIZE]


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """The spans of the sentences of compact ``text``, without the marks that end them."""
    return (match.span() for match in _SENTENCE.finditer(text))


def likeness(one: Signature, other: Signature, common: Set[int] = frozenset()) -> float:
    """Jaccard index of two signatures, 0 to 1, without the shingles of ``common``; 0 when one of them is empty."""
    mine, theirs = set(one) - common, set(other) - common
    shared = len(mine & theirs)
    return shared / (len(mine) + len(theirs) - shared) if shared else 0.0


_SENTENCE = late(r"[^。；！？\n]+")
_CLAUSE = late(r"[，。；：！？、,;:!?]")
_MARKS = late(r"[^\w]|_")
_TITLE = late(r"《[^《》\n]*》(?:（[^（）\n]{0,30}）)?|（[^（）\n]{0,6}〔\d{4}〕[^（）\n]{0,10}）")
_NUMBER = late(
    r"[\d.%]+|[〇零一二三四五六七八九十百千万两]+(?=[年月日条件篇次项个名人期元页份])|第[〇零一二三四五六七八九十百]+条"
)
_WHO = (
    r"(?:(?:全年|本年度?|年度?|截至年月日|我[镇乡局街委办县市区]|我街道|本[机单][关位]|全[镇乡局县市区]"
    r"|\w{2,12}?[镇乡局委]|\w{2,8}街道)?){2}"
)
_NONE = r"(?:均|也|都|暂)?(?:没有|未|无|尚未|不存在|未曾)"
_DID = r"(?:因|收到|接到|受理|发生|产生|出现|收取|发出|有|被|向)?"
#: a clause that says no more than what the form asks of everyone, its numbers dropped
_SAID_BY_ALL = late(
    rf"""
    {_WHO}(?:共|累计|新)?(?:主动)?(?:公开|发布|公布)(?:各类)?(?:政府)?信息(?:共)?条?
    | (?:其中)?(?:通过)?\w{{0,8}}(?:网站|平台|公众号|微信|微博|新媒体|公开栏|公报|其他[渠方][道式])
      (?:主动)?(?:公开|发布|公布)?(?:政府)?(?:信息)?条
    | {_WHO}(?:共|新|累计)?(?:收到|受理|办结|答复|结转|新收|接到)\w{{0,6}}(?:政府信息公开)?(?:申请|答复)?件?
    | (?:上年|上年度)?(?:结转|办结)(?:到?下年度?)?(?:继续办理)?(?:申请)?件?
    | (?:均|全部)(?:已)?(?:按[时期])?(?:办结|答复)
    | {_WHO}{_NONE}{_DID}\w{{0,24}}
      (?:申请|复议|诉讼|费用|收费通知|信息处理费|减免|举报|投诉|费|起诉|案件|情况|事项)件?
    | (?:被申请|提起|申请|因政府信息公开\w{{0,8}}|发生)?(?:行政)?(?:复议|诉讼|申诉)(?:案件)?(?:均为)?件?
    | {_WHO}制发(?:行政)?规范性文件件? | 废止件? | 现行有效件?
    | (?:无|没有)(?:其他)?(?:需要)?(?:报告)?的?(?:事项|情况)?
    | 中华人民共和国政府信息公开条例
    | (?:根据|按照|依据|严格执行|(?:认真)?贯彻落实)?(?:政府信息公开|)条例?(?:的|有关)?(?:规定|要求)?
    | 以公开为常态 | 不公开为例外 | 以人民为中心 | [一二三四五六]是
    | (?:存在的?)?(?:主要)?(?:问题|不足)(?:及|和)?(?:改进)?(?:情况|措施)?
    | 改进(?:情况|措施) | 下一步(?:工作)?(?:打算|计划)?
    """,
    re.VERBOSE,
)
