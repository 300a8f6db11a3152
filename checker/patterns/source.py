"""What the source of a pattern tells of its matches: words that each must hold, whether they stay in a line.

A pattern is read as the standard library reads it; what cannot be told is never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from re import _constants as _sre  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

from checker.engine import NESTED, NO_WIDTH, beginnings
from checker.late import late

ENDLESS = 10**12
_KEPT = 4  #: patterns of which it is known what was asked last


def required_literals(source: str) -> tuple[str, ...]:
    """Words of which at least one stands in every match of ``source``; empty when none is certain."""
    return next(iter(required(source)), ())


@lru_cache(maxsize=_KEPT)
def required(source: str) -> list[tuple[str, ...]]:
    """Sets of words, most telling first: of each set every match of ``source`` has at least one word."""
    try:
        tree = _parsed(source)
    except (re.error, RecursionError, OverflowError):
        return []
    if tree.state.flags & re.IGNORECASE:
        return []
    return sorted(_options(tree), key=_selects, reverse=True)


def standard(source: str) -> str:
    """A pattern as ``re`` takes it. Flags for all of it, which slots bring anywhere, go first."""
    flags = "".join(dict.fromkeys("".join(_FLAGS.findall(source))))
    return f"(?{flags})" + _FLAGS.sub("", source) if flags else source


@lru_cache(maxsize=_KEPT)  # asked seven times of each pattern of a pack, one after the other
def _parsed(source: str) -> Any:
    """A pattern without the names of its groups, of which ``regex`` lets several groups have the same."""
    return _parser.parse(_NAME.sub("(", standard(source)))


_NAME = late(r"(?<!\\)\(\?P<\w+>")
_FLAGS = late(r"(?<!\\)\(\?([imsx]+)\)")
_PLAIN = (_sre.LITERAL, _sre.NOT_LITERAL, _sre.ANY, _sre.IN, _sre.GROUPREF)
_EDGES = (_sre.AT_BOUNDARY, _sre.AT_NON_BOUNDARY)
_LINE_ENDS = (_sre.AT_BEGINNING, _sre.AT_END)
_END = (_sre.AT, _sre.AT_END)
_SETS = (_sre.NEGATE, _sre.RANGE)
_DIGIT, _ZERO_TO_NINE = _sre.CATEGORY_DIGIT, (ord("0"), ord("9"))
FIGURES = "0123456789零〇一二两三四五六七八九十百千万壹贰叁肆伍陆柒捌玖拾佰"
_BLIND = (_sre.CATEGORY_DIGIT, _sre.CATEGORY_WORD, _sre.CATEGORY_NOT_SPACE)  #: classes without the newline


def linewise(source: str) -> tuple[bool, bool]:
    """Whether the matches in joined lines are those in the single lines, as long as none holds a newline; can none?

    So for anchors under (?m) only, and when nothing that is looked at outside the match could be a newline.
    """
    try:
        tree = _parsed(source)
    except (re.error, RecursionError, OverflowError):
        return False, False
    anchors = _EDGES + _LINE_ENDS if tree.state.flags & re.MULTILINE else _EDGES
    same = not tree.state.flags & re.DOTALL and _linewise(tree, anchors, inside=True)
    return same, same and _linewise(tree, anchors, inside=False)


def _linewise(tree: Any, anchors: tuple[Any, ...], inside: bool) -> bool:
    return all(_node_linewise(op, arg, anchors, inside) for op, arg in tree)


def _node_linewise(op: Any, arg: Any, anchors: tuple[Any, ...], inside: bool) -> bool:
    """``inside`` the match a newline may be met, for it will be seen there; not in what is only looked at."""
    if op in _PLAIN:
        return inside or not _meets_newline(op, arg)
    if op is _sre.AT:
        return arg in anchors
    if op is _sre.SUBPATTERN:
        return not arg[1] and _linewise(arg[3], anchors, inside)
    if op is _sre.BRANCH:
        return all(_linewise(branch, anchors, inside) for branch in arg[1])
    if op in (_sre.MAX_REPEAT, _sre.MIN_REPEAT):
        return _linewise(arg[2], anchors, inside)
    return op in (_sre.ASSERT, _sre.ASSERT_NOT) and all(
        _linewise(branch, anchors, False) for branch in _but_line_ends(*arg)
    )


def _but_line_ends(direction: int, tree: Any) -> Sequence[Any]:
    """The alternatives of what is looked for but a line's end: in (?=[。\\n]|$) newline and end of text are alike."""
    if direction < 0 or len(tree) != 1 or tree[0][0] is not _sre.BRANCH:
        return [tree]
    branches = tree[0][1][1]
    single = [branch for branch in branches if len(branch) == 1 and branch[0][0] in _PLAIN]
    newlines = [branch for branch in single if _meets_newline(*branch[0])]
    ends = [branch for branch in branches if list(branch) == [_END]]
    return [branch for branch in branches if branch not in (*newlines, *ends)] if newlines and ends else [tree]


def _meets_newline(op: Any, arg: Any) -> bool:
    if op is _sre.IN:
        negated = arg[0][0] is _sre.NEGATE
        return any(_holds_newline(kind, value) for kind, value in arg[negated:]) is not negated
    if op is _sre.ANY:
        return False
    return op is _sre.GROUPREF or (op is _sre.LITERAL) == (arg == 10)


def _holds_newline(kind: Any, value: Any) -> bool:
    if kind is _sre.CATEGORY:
        return value not in _BLIND
    first, last = value if isinstance(value, tuple) else (value, value)
    return bool(first <= 10 <= last)


def is_quick(source: str) -> bool:
    """Whether ``re`` has the same matches as ``regex``, and sooner, as it knows with which characters they begin."""
    try:
        tree = _parser.parse(standard(source))
    except (re.error, RecursionError, OverflowError):
        return False
    common = not tree.state.flags & ~(re.UNICODE | re.MULTILINE | re.DOTALL)
    return common and bool(beginnings(tree)) and all(map(_is_common, tree))


def _is_common(node: Any) -> bool:
    """Whether a node is the same to both: no fuzzy {}, sets in sets, tables of characters.

    Of repeats in endless repeats ``regex`` remembers where they failed, and ``re`` tries them again and again.
    """
    op, arg = node
    if op is _sre.LITERAL:
        return chr(arg) not in "[]{}"
    if op is _sre.IN:
        return all(kind in _SETS or what is _DIGIT or (kind is _sre.LITERAL and what != ord("[")) for kind, what in arg)
    if op is _sre.SUBPATTERN:
        return not arg[1] and not arg[2] and all(map(_is_common, arg[3]))
    if op is _sre.BRANCH:
        return all(_is_common(inner) for branch in arg[1] for inner in branch)
    if op in (_sre.MAX_REPEAT, _sre.MIN_REPEAT):
        return all(map(_is_common, arg[2])) and not (arg[1] is _sre.MAXREPEAT and _repeats(arg[2]))
    if op in (_sre.ASSERT, _sre.ASSERT_NOT):
        least, most = arg[1].getwidth()
        return (arg[0] > 0 or least == most) and all(map(_is_common, arg[1]))
    return op in (_sre.NOT_LITERAL, _sre.ANY) or (op is _sre.AT and arg in _LINE_ENDS)


def _repeats(tree: Any) -> bool:
    """Whether there is a repeat of one knows not how many in a tree, ``?`` aside."""
    for op, arg in tree:
        if op in (_sre.MAX_REPEAT, _sre.MIN_REPEAT) and arg[1] > arg[0] + 1:
            return True
        inner = arg[1] if op is _sre.BRANCH else [arg[-1]] if op in NESTED else []
        if any(map(_repeats, inner)):
            return True
    return False


def has_figure(source: str) -> bool:
    """Whether there is a figure, in digits or in words, in every match of ``source`` or right beside it."""
    try:
        return _has_figure(_parsed(source))
    except (re.error, RecursionError, OverflowError):
        return False


def _has_figure(tree: Any) -> bool:
    return any(_node_has_figure(op, arg) for op, arg in tree)


def _node_has_figure(op: Any, arg: Any) -> bool:
    if op is _sre.LITERAL:
        return chr(arg) in FIGURES
    if op is _sre.IN:
        return all(
            what in (_DIGIT, _ZERO_TO_NINE) or (kind is _sre.LITERAL and chr(what) in FIGURES) for kind, what in arg
        )
    if op is _sre.BRANCH:
        return all(map(_has_figure, arg[1]))
    if op in (_sre.MAX_REPEAT, _sre.MIN_REPEAT):
        return arg[0] >= 1 and _has_figure(arg[2])
    return op in (_sre.SUBPATTERN, _sre.ASSERT) and _has_figure(arg[-1])


def is_plain(source: str) -> bool:
    """Whether a text has a match if and only if it has one of the ``required_literals``."""
    return bool(required(source)) and not _LOOKS.search(source) and bool(_spelt_all(_parsed(source)))


_LOOKS = late(r"\(\?[=!<]|[\\^$]")  #: what may look around, or stand for more than itself
_MOST_WORDS = 48  #: alternatives that are still cheaper to look for than the pattern


def _needed(tree: Any) -> tuple[str, ...]:
    """The set of alternatives for a sequence that rules most texts out."""
    return max(_options(tree), key=_selects, default=())


def _options(tree: Any) -> list[tuple[str, ...]]:
    """All sets of alternatives that a sequence needs, in its order."""
    options: list[tuple[str, ...]] = []
    run: tuple[str, ...] = ("",)
    for op, arg in [*tree, (None, None)]:
        words = _spelt(op, arg)
        if op is _sre.ASSERT:
            options += _options(arg[1])
        if words and len(run) * len(words) <= _MOST_WORDS:
            run = tuple(one + other for one in run for other in words)
            continue
        once = _again(op, arg)
        if once and len(run) * len(once) <= _MOST_WORDS:
            run = tuple(one + other for one in run for other in once)
        options += [_least(run), *([] if words else _inside(op, arg))]
        run = words or once or ("",)
    return list(filter(None, options))


def _again(op: Any, arg: Any) -> tuple[str, ...]:
    """The texts of what is repeated, once or more: the first stands by what is before it, the last by what follows."""
    return _spelt_all(arg[2]) if op in (_sre.MAX_REPEAT, _sre.MIN_REPEAT) and arg[0] >= 1 else ()


def _least(words: Iterable[str]) -> tuple[str, ...]:
    """The words without those that hold another one; none when one is empty."""
    kept = dict.fromkeys(words)
    return () if "" in kept else tuple(w for w in kept if not any(other in w for other in kept if other != w))


def _spelt(op: Any, arg: Any) -> tuple[str, ...]:
    """All texts that a node can match, if they are few; what has no width matches the empty text."""
    if op is _sre.LITERAL:
        return (chr(arg),)
    if op is _sre.IN and len(arg) <= 12 and all(kind is _sre.LITERAL for kind, _ in arg):
        return tuple(chr(code) for _, code in arg)
    if op in NO_WIDTH:
        return ("",)
    if op is _sre.SUBPATTERN and arg[1] == 0:
        return _spelt_all(arg[3])
    if op is _sre.BRANCH:
        branches = [_spelt_all(branch) for branch in arg[1]]
        words = tuple(word for branch in branches for word in branch)
        return words if all(branches) and len(words) <= _MOST_WORDS else ()
    if op in (_sre.MAX_REPEAT, _sre.MIN_REPEAT) and arg[:2] == (0, 1) and (words := _spelt_all(arg[2])):
        return (*words, "")
    return ()


def _spelt_all(tree: Any) -> tuple[str, ...]:
    run: tuple[str, ...] = ("",)
    for op, arg in tree:
        words = _spelt(op, arg)
        if len(run) * len(words) > _MOST_WORDS:
            return ()
        run = tuple(one + other for one in run for other in words)
    return run


def _inside(op: Any, arg: Any) -> list[tuple[str, ...]]:
    """What a node that has no few texts needs at least."""
    if op is _sre.SUBPATTERN and arg[1] == 0:
        return _options(arg[3])
    if op is _sre.BRANCH:
        branches = [_needed(branch) for branch in arg[1]]
        words = _least(word for branch in branches for word in branch)
        return [words] if all(branches) and len(words) <= _MOST_WORDS else []
    if op in (_sre.MAX_REPEAT, _sre.MIN_REPEAT) and arg[0] >= 1:
        return _options(arg[2])
    return []


#: what every report says: such a word rules nothing out
EVERYWHERE = (
    "20年政府信息公开工作年度报告，主动公开政府信息。依申请公开政府信息情况、收到行政复议、行政诉讼。存在问题改进措施。"
    "月日至的条件镇乡因向对就在和与及为将（）"
)
#: what many reports say: a fifth of 250 complete ones and more
OFTEN = (
    "条例》，我镇 根据 要求 统计 内容 主要 组织 人员 文件 电话 计划 落实 通过 通知 更新 "
    "检查 审查 解读 公开申请 一年 结转 总数 总计 收费 收取 减免 费用 处理 发布 公开条 公布 "
    "公示 起诉 提起 维持 纠正 街道 社区 部门 单位 机关 机构 民政 没有 其中 提供 渠道 方式 "
    "形式 新收 发生 事项 地址：办理 办结 受理 说明 大厅 不足 制度 推进 管理 平台 中心 服务 "
    "审核 府办公室 予公开的 社会公 办法 规范性文件，起，申请，有收 需要 材料 调整 继续 "
    "政务公开栏 0件、投诉 信访 举报 咨询 建设 领导 建立 ，全 下年 属于 标准 项目 情形 的情 "
    "结果 议后 《条 学习 责任 法律 申请人 问题 总体 数据 未收 会议 目录 指南 com"
)


def _selects(words: tuple[str, ...]) -> tuple[bool, bool, int, int]:
    """How well a set of words rules texts out: nothing that stands everywhere, no single characters, few, long."""
    shortest = min(map(len, words))
    return not any(word in EVERYWHERE for word in words), shortest > 1, -len(words), shortest


def steps(source: str) -> int:
    """A bound on the ways in which a match can be tried from one place, ``ENDLESS`` where repeats have no end."""
    try:
        return min(_ways(_parsed(source)), ENDLESS)
    except (re.error, RecursionError, OverflowError):
        return ENDLESS


def _ways(tree: Any) -> int:
    total = 1
    for op, arg in tree:
        if op in (_sre.MAX_REPEAT, _sre.MIN_REPEAT):
            least, most, inner = arg
            endless = most is _sre.MAXREPEAT
            total *= ENDLESS if endless else 1 + (int(most) - int(least)) * _ways(inner) ** min(int(most), 2)
        elif op is _sre.BRANCH:
            total *= sum(map(_ways, arg[1]))
        elif op is _sre.SUBPATTERN:
            total *= _ways(arg[3])
        elif op in (_sre.ASSERT, _sre.ASSERT_NOT):
            total *= _ways(arg[1])
        elif op not in (_sre.LITERAL, _sre.NOT_LITERAL, _sre.IN, _sre.ANY, _sre.AT):
            return ENDLESS
        if total >= ENDLESS:
            return ENDLESS
    return total


def repeats(source: str) -> int:
    """The product of the counted repeats along the deepest nesting, as a bound on the compiled size."""

    def walk(tree: Any) -> int:
        most = 1
        for op, arg in tree:
            if op in (_sre.MAX_REPEAT, _sre.MIN_REPEAT):
                inner = walk(arg[2])
                count = arg[1] if arg[1] is not _sre.MAXREPEAT else arg[0]
                most = max(most, inner * max(int(count), 1))
            elif op is _sre.SUBPATTERN:
                most = max(most, walk(arg[3]))
            elif op is _sre.BRANCH:
                most = max(most, *(walk(branch) for branch in arg[1]))
        return most

    try:
        return walk(_parsed(source))
    except (re.error, RecursionError, OverflowError):
        return 1
