"""Of what a figure or a nil of the text is: of another matter, of one group among several, of some only."""

from __future__ import annotations

import re

from checker.extract.times import COUNTED_ITEMS, ends
from checker.factmap import FactSpec
from checker.late import late
from checker.model import Passage, Value
from checker.patterns import Pattern

#: another group than the one told before: 其余17件：…, 另外2件中…, 其余均…
_REST = late(
    r"(?:其余|余下|剩[余下]|另外|另有)的?(?:申请)?(?:\d+[件宗份起](?:申请)?)?(?:[中里：，（均都皆]|(?=全部|予以|同意|部分|不予|公开|无法|不能|其他))"
)
#: what says none, and what says so of all: the sum of a form's row, or the row
_DENIES, _ALL = late(r"[没未无]|不存在|尚未|零"), late(r"总计|0 0")
#: how a dispute ended, up to the figure: 已审结3件
_ENDED = late(r"(?:[审办]结|维持|纠[正错]|撤[销回诉]|驳回|胜诉|败诉|终止|终结|履行)[^，。；、]{0,3}\Z")
#: between two figures that are told in one breath
_BREATH = late(r"[、和及与](?:行政)?(?:复议|诉讼)(?:案件?|申请)?(?:共|各)?")
#: the next sentence is about the figure of the one before
_GOES_ON = late(
    r"[。；\n](?:上述|以上|前述|这[些\d一二两三四五六七八九]|该|此类|其|[均都皆]|全部|争议|诉争|所争|案由|诉由|起因|原因)"
)


def of_something_else(
    spec: FactSpec, passage: Passage, span: tuple[int, int], said: str, value: Value, *, figured: bool
) -> bool:
    """Whether what is ``said`` at ``span`` is of another matter, of one group of several, or a nil of some only.

    ``figured``: the value stands there as a figure.
    """
    if value == 0:
        some = None if _ALL.search(said) else spec.partly
        return some is not None and _denied_of_some(some, passage.text, *span)
    if not figured:
        return False
    apart = spec.apart and _of_another_matter(spec.apart, passage, *span)
    return bool(apart or (spec.parts and _of_one_group(spec.parts, passage.text, *span)))


def _of_another_matter(words: Pattern, passage: Passage, begin: int, end: int) -> bool:
    """Whether what is told of the figure at text[begin:end] makes it one of another matter.

    Told by its own clauses, up to the next figure that is none of how it ended, or by the next sentence where that goes
    on about it: 诉讼3件。均与征地有关.
    """
    text = passage.text
    first, last = passage.sentence(begin, end)
    start = max(first, *(text.rfind(mark, first, begin) + 1 for mark in "，、"))
    other = _next_figure(text, end, last)
    stop = max(text.rfind("，", end, other.start()), end) if other else last
    if words.search(text[start:stop]):
        return True
    return (
        other is None
        and bool(_GOES_ON.match(text, last))
        and bool(words.search(text[slice(*passage.sentence(last + 1, last + 1))]))
    )


def _next_figure(text: str, end: int, last: int) -> re.Match[str] | None:
    """The next figure that is none of how the one before ``end`` ended, and none told in one breath with it.

    复议9件、诉讼3件，均与处罚有关: what is said behind both is said of both.
    """
    for one in COUNTED_ITEMS.finditer(text, end, last):
        if _BREATH.fullmatch(text, end, one.start()):
            end = one.end()
        elif not _ENDED.search(text, max(end, one.start() - 8), one.start()):
            return one
    return None


def _of_one_group(words: Pattern, text: str, begin: int, end: int) -> bool:
    """Whether the figure at text[begin:end] is of one group, and the same is told of another: 其余17件：予以公开9件.

    Looked for in its line and in those next to it.
    """
    head = text.rfind("\n", 0, max(text.rfind("\n", 0, begin), 0)) + 1
    stop = ends(text, ends(text, end, "\n") + 1, "\n")
    rests = list(_REST.finditer(text, head, stop))
    before = next((rest for rest in reversed(rests) if rest.end() <= begin), None)
    behind = next((rest for rest in rests if rest.start() >= end), None)
    return bool(before and words.search(text[head : before.start()])) or bool(
        behind and words.search(text[behind.end() - 1 : ends(text, behind.end(), "\n")])
    )


def _denied_of_some(words: Pattern, text: str, begin: int, end: int) -> bool:
    """Whether the clauses that say none at text[begin:end] say so of some: 没有行政复议被纠正, 没有收到重复申请."""
    last = text.rfind("，", begin, end) + 1
    if last and _DENIES.match(text, begin) and _DENIES.search(text, last, end):
        begin = last  # a clause of its own: what is denied before it is another matter
    head = max(text.rfind(mark, 0, begin + 1) for mark in "\n。；！？…，、：") + 1
    stop = ends(text, end, "\n。；！？…，")
    return words.search(text[head:stop]) is not None
