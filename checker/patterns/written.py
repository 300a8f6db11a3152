"""A pattern as a pack writes it: its slots filled in, and what is wrong with it in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from checker.late import late

MAX_EXPANDED = 20_000  #: characters after slots are filled in
_SLOT = late(r"(?<!\\p)(?<!\\P)\{([a-z][a-z0-9_]*)\}")


class BadPattern(ValueError):
    """A pattern that a pack must not hold; ``code``: ``regex``, ``regex-too-big``, ``regex-empty``, ``regex-slot``."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


#: how an engine begins to say what is wrong -> in words
_WRONG: Mapping[str, str] = {
    "missing )": "左括号没有配上右括号",
    "unbalanced parenthesis": "多了一个右括号",
    "unterminated character set": "左方括号没有配上右方括号",
    "min repeat greater": "重复次数 {m,n} 里，前一个数比后一个大",
    "nothing to repeat": "重复记号（* + ? {}）前面没有可以重复的字",
    "multiple repeat": "两个重复记号连在一起",
    "bad escape": "反斜杠后面的写法不对",
    "bad character range": "方括号里的范围前后颠倒",
    "unknown property": "没有这种字符类别（\\p{…}）",
    "unknown extension": "“(?”后面的写法不认识",
    "unknown group": "引用了没有的分组",
    "invalid group reference": "引用了没有的分组",
    "bad character in group name": "分组的名称只能用字母、数字和下划线，不能以数字开头",
    "missing >": "分组的名称后面少了“>”",
}


def expand(source: str, slots: Mapping[str, str]) -> str:
    """``source`` with its slots filled in; a slot's own text may name other slots."""
    for _ in range(6):
        if not _SLOT.search(source):
            return source
        try:
            source = _SLOT.sub(lambda m: f"(?:{slots[m[1]]})", source)
        except KeyError as error:
            raise BadPattern("regex-slot", f"没有名为 {error.args[0]} 的槽位{_near(error.args[0], slots)}") from None
        if len(source) > MAX_EXPANDED:
            raise BadPattern("regex-too-big", f"展开后超过 {MAX_EXPANDED} 个字符")
    raise BadPattern("regex-slot", "槽位互相引用，展开没有尽头")


def _near(name: str, slots: Mapping[str, str]) -> str:
    from difflib import get_close_matches  # only a misspelt name needs it

    close = get_close_matches(name, list(slots), n=1, cutoff=0.6)
    return f"，是不是“{close[0]}”？" if close else ""


def wrong(error: Any, as_written: bool) -> str:
    """What the engine has against a pattern, in Chinese, and where, as long as it searches what was written."""
    said = next((words for start, words in _WRONG.items() if str(error.msg).startswith(start)), "写法不对")
    return f"{said}（第 {error.pos + 1} 个字符处）" if as_written and error.pos is not None else said
