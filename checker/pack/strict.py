"""YAML of the packs, read strictly: the part of YAML 1.2 that nobody can misread.

Built from the event stream, so that nothing is constructed before it is counted: at most 20 levels, 100 aliases and
100,000 values, no merge keys, no repeated keys, no tags beyond plain data, keys always texts. ``no``, ``012``,
``12:30`` and ``2024-01-01`` stay texts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from ..late import late
from .fault import BadPack

MAX_DEPTH = 20
MAX_ALIASES = 100
MAX_VALUES = 100_000
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INT = late(r"[-+]?(?:0|[1-9]\d{0,17})")
_FLOAT = late(r"[-+]?(?:0|[1-9]\d{0,17})\.\d{1,18}")
_PREFIX = "tag:yaml.org,2002:"

Path = tuple[str | int, ...]


@dataclass(slots=True)
class Source:
    """One file of a pack: its value, and the place (line, column from 1) of every key and item in it."""

    file: str
    value: Any = None
    marks: dict[Path, tuple[int, int]] = field(default_factory=dict)
    begun: dict[Path, Any] = field(default_factory=dict)  #: the mappings, as far as they were read

    def fault(self, code: str, message: str, path: Path = (), rule: str | None = None) -> BadPack:
        """A BadPack at the place of ``path``, or of the nearest thing around it; of the rule in which that stands."""
        known = next((path[:end] for end in range(len(path), -1, -1) if path[:end] in self.marks), ())
        line, column = self.marks.get(known, (1, 1))
        inner = path[2:] if path[:1] in (("rules",), ("change",)) else path
        key = ".".join(str(part + 1) if isinstance(part, int) else part for part in inner)
        return BadPack(code, message, self.file, rule or self.rule(path), key or None, line, column)

    def rule(self, path: Path) -> str | None:
        """The id of the rule in which ``path`` is, as it is written there; None outside of a rule."""
        if path[:1] == ("change",) and len(path) > 1:
            return str(path[1])
        id = self.begun.get(path[:2], {}).get("id") if path[:1] in (("rules",), ("disable",)) else None
        return id if isinstance(id, str) and id else None


def read(data: bytes, file: str) -> Source:
    """The one YAML document in ``data``. Raises BadPack."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"文件不是 UTF-8 编码（第 {error.start + 1} 个字节），请另存为 UTF-8"
        raise BadPack("pack-encoding", message, file) from None
    source = Source(file)
    try:
        _Builder(source, yaml.parse(text, Loader=_LOADER)).document()
    except yaml.YAMLError as error:
        raise _plain(error, text, file) from None
    return source


def _plain(error: yaml.YAMLError, text: str, file: str) -> BadPack:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = str(getattr(error, "problem", None) or error)
    line, column = (mark.line + 1, mark.column + 1) if mark else (None, None)
    if mark and "\t" in (*text.split("\n"), "", "")[mark.line][: mark.column + 1]:
        return BadPack("yaml-tab", "缩进只能用空格，这里有制表符（Tab）", file, line=line, column=column)
    if "control characters" in problem or "special characters" in problem:
        return BadPack("yaml", "文件里有看不见的控制字符，请删除", file, line=line, column=column)
    if "undefined alias" in problem:
        return BadPack("yaml-alias", "引用的锚点不存在", file, line=line, column=column)
    return BadPack(
        "yaml",
        "这里不合 YAML 写法，请检查缩进、冒号和括号；含 : # 或以 [ { * & ! % @ 开头的文字要加引号",
        file,
        line=line,
        column=column,
    )


@dataclass(slots=True)
class _Built:
    """A value, how many values it holds, how deep it goes."""

    value: Any
    size: int = 1
    height: int = 0


class _Builder:
    """Events in, plain data out."""

    def __init__(self, source: Source, events: Iterator[Any]) -> None:
        self.source, self.events = source, events
        self.anchors: dict[str, _Built] = {}
        self.aliases = 0

    def document(self) -> None:
        next(self.events)  # stream start
        if isinstance(next(self.events), yaml.StreamEndEvent):
            return
        self.source.value = self.node(next(self.events), (), 0).value
        next(self.events)  # document end
        event = next(self.events)
        if not isinstance(event, yaml.StreamEndEvent):
            raise self.fault("yaml", "一个文件里只能有一份 YAML（不能有 --- 分隔的第二份）", event)

    def fault(self, code: str, message: str, event: Any, path: Path = ()) -> BadPack:
        mark, rule = event.start_mark, self.source.rule(path)
        return BadPack(code, message, self.source.file, rule, line=mark.line + 1, column=mark.column + 1)

    def node(self, event: Any, path: Path, depth: int) -> _Built:
        self.source.marks.setdefault(path, (event.start_mark.line + 1, event.start_mark.column + 1))
        built = self.alias(event) if isinstance(event, yaml.AliasEvent) else self.fresh(event, path, depth)
        if depth + built.height > MAX_DEPTH:
            raise self.fault("yaml-depth", f"嵌套超过 {MAX_DEPTH} 层", event)
        if built.size > MAX_VALUES:
            raise self.fault("yaml-alias", f"展开后超过 {MAX_VALUES} 个值", event)
        return built

    def alias(self, event: Any) -> _Built:
        self.aliases += 1
        if self.aliases > MAX_ALIASES:
            raise self.fault("yaml-alias", f"别名（*）超过 {MAX_ALIASES} 个", event)
        if event.anchor not in self.anchors:
            raise self.fault("yaml-alias", "引用的锚点不存在，或者引用了自己", event)
        return self.anchors[event.anchor]

    def fresh(self, event: Any, path: Path, depth: int) -> _Built:
        if depth > MAX_DEPTH:
            raise self.fault("yaml-depth", f"嵌套超过 {MAX_DEPTH} 层", event)
        if isinstance(event, yaml.ScalarEvent):
            built = _Built(self.scalar(event))
        elif isinstance(event, yaml.SequenceStartEvent):
            self.tagged(event, "seq")
            built = self.sequence(path, depth)
        else:
            self.tagged(event, "map")
            built = self.mapping(path, depth)
        if event.anchor:
            self.anchors[event.anchor] = built
        return built

    def sequence(self, path: Path, depth: int) -> _Built:
        built = _Built([])
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            self.add(built, self.node(event, (*path, len(built.value)), depth + 1))
        return built

    def mapping(self, path: Path, depth: int) -> _Built:
        items: dict[str, Any] = {}
        self.source.begun[path] = items
        built = _Built(items)
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self.key(event, items, path)
            self.source.marks[(*path, key)] = (event.start_mark.line + 1, event.start_mark.column + 1)
            child = self.node(next(self.events), (*path, key), depth + 1)
            items[key] = child.value
            self.add(built, child, keep=False)
        return built

    def add(self, built: _Built, child: _Built, *, keep: bool = True) -> None:
        if keep:
            built.value.append(child.value)
        built.size += child.size
        built.height = max(built.height, child.height + 1)

    def key(self, event: Any, items: dict[str, Any], path: Path) -> str:
        if not isinstance(event, yaml.ScalarEvent) or not event.value:
            raise self.fault("yaml", "键只能是一个词", event)
        key: str = event.value
        if key == "<<" and event.implicit[0]:
            raise self.fault("yaml-merge", "不能用合并键（<<）", event)
        if key in items:
            line, column = self.source.marks[(*path, key)]
            message = f"键“{key}”重复，第一次在第{line}行第{column}列"
            raise self.fault("yaml-duplicate", message, event, path)
        return key

    def tagged(self, event: Any, kind: str) -> None:
        """Refuse any tag but the one that the value has anyway."""
        if event.tag not in (None, "!", _PREFIX + kind):
            raise self.fault("yaml-tag", f"不能用标签 {event.tag}", event)

    def scalar(self, event: Any) -> Any:
        if event.implicit[0]:
            return plain(event.value)
        if event.tag in (None, "!", _PREFIX + "str"):
            return event.value
        value = plain(event.value)
        kind = {type(None): "null", bool: "bool", int: "int", float: "float"}.get(type(value))
        self.tagged(event, kind or "str")
        return value


def plain(text: str) -> Any:
    """An unquoted word as YAML 1.2 means it, less its rare forms: null, true, false, decimal numbers, or itself."""
    if text in ("", "~", "null"):
        return None
    if text in ("true", "false"):
        return text == "true"
    if _INT.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text
