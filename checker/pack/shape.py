"""The shape of a pack: its JSON Schema, the first thing that breaks it in plain words, and values made ready to use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .fault import suggestion

_TYPES = {
    "object": "键值对",
    "array": "列表（用 - 或 [ ]）",
    "string": "文字（数字、日期请加引号）",
    "integer": "整数",
    "number": "数",
    "boolean": "true 或 false",
    "null": "空",
}

Path = tuple[str | int, ...]
Convert = Callable[[Any, Path], Any]


class Shape:
    """``pack.schema.json``: validation of one value against one definition, and conversion along it."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self.defs: Mapping[str, Any] = schema["$defs"]
        self.kinds: Mapping[str, Any] = self.defs["kinds"]
        self.head: Mapping[str, Any] = self.defs["head"]["properties"]
        self._validators: dict[str, Any] = {}

    def fault(self, value: Any, name: str) -> tuple[str, Path] | None:
        """What first breaks the definition ``name`` (``head``, ``kinds/presence``): a Chinese clause and its path."""
        if name not in self._validators:
            self._validators[name] = validator({"$ref": f"#/$defs/{name}", "$defs": self.defs})
        return first_fault(self._validators[name], value)

    def convert(self, value: Any, schema: Mapping[str, Any], converters: Mapping[str, Convert], path: Path) -> Any:
        """``value`` with everything that a ``$ref`` of ``converters`` marks put through it, lists as tuples."""
        name = schema.get("$ref", "").rpartition("/")[2]
        if name in converters:
            return converters[name](value, path)
        if name == "scopes":
            return (value,) if isinstance(value, str) else tuple(value)
        if name:
            return self.convert(value, self.defs[name], converters, path)
        if isinstance(value, dict) and not ("properties" in schema or "additionalProperties" in schema):
            return self._branch(value, schema, converters, path)
        if isinstance(value, dict):
            named, rest = schema.get("properties", {}), schema.get("additionalProperties") or {}
            return {k: self.convert(v, named.get(k, rest), converters, (*path, k)) for k, v in value.items()}
        if "anyOf" in schema or "oneOf" in schema:
            return self._branch(value, schema, converters, path)
        if isinstance(value, list):
            items = schema.get("items", {})
            return tuple(self.convert(v, items, converters, (*path, at)) for at, v in enumerate(value))
        return value

    def _branch(self, value: Any, schema: Mapping[str, Any], converters: Mapping[str, Convert], path: Path) -> Any:
        """Converted along the first alternative of ``schema`` that takes values of this type."""
        kind = "object" if isinstance(value, dict) else "array" if isinstance(value, list) else "string"
        for option in schema.get("anyOf", schema.get("oneOf", ())):
            target = self.defs[option["$ref"].rpartition("/")[2]] if "$ref" in option else option
            if target.get("type", "string") == kind:
                return self.convert(value, option, converters, path)
        return value


def validator(schema: Mapping[str, Any]) -> Any:
    """A JSON Schema made ready to check values against."""
    from jsonschema import Draft202012Validator

    return Draft202012Validator(schema)


def first_fault(checks: Any, value: Any) -> tuple[str, Path] | None:
    """What first breaks a schema: a Chinese clause and the path of the value at fault.

    A key that nobody knows goes before one that is missing: it may be the missing one, misspelt.
    """
    errors = sorted(checks.iter_errors(value), key=lambda e: ([str(p) for p in e.path], e.validator in _OF_LACK))
    return _plain(errors[0]) if errors else None


#: what a schema says when a key is missing
_OF_LACK = ("required", "anyOf", "oneOf")


def _plain(error: Any) -> tuple[str, Path]:
    """One jsonschema error as a Chinese clause and the path of the value at fault."""
    path = tuple(error.absolute_path)
    keyword, wanted, value = error.validator, error.validator_value, error.instance
    if keyword in ("anyOf", "oneOf"):
        return _alternatives(error, path)
    if keyword == "required":
        missing = [key for key in wanted if key not in value]
        close = suggestion(missing[0], [key for key in value if key not in error.schema.get("properties", {})])
        return "缺少 " + "、".join(missing) + close.replace("是不是", "是不是写成了"), path
    if keyword == "additionalProperties":
        known = error.schema.get("properties", {})
        extra = next(key for key in value if key not in known)
        return f"没有名为“{extra}”的键{suggestion(extra, known)}", (*path, extra)
    hint = error.schema.get("description") if keyword == "pattern" else None
    return _SENTENCES.get(keyword, _other)(wanted, value) + (f"，应是{hint}" if hint else ""), path


def _alternatives(error: Any, path: Path) -> tuple[str, Path]:
    """A value that fits none of several shapes, or too many of them."""
    options = error.validator_value
    if all(set(option) == {"required"} for option in options):
        keys = [key for option in options for key in option["required"]]
        only = "只能" if error.validator == "oneOf" else "至少要"
        return f"{'、'.join(keys)} {only}写一项", path
    inner = [e for e in error.context if e.validator != "type"]
    return _plain(max(inner, key=lambda e: len(e.absolute_path))) if inner else ("这里的写法不对", path)


def _type(wanted: Any, value: Any) -> str:
    names = [wanted] if isinstance(wanted, str) else list(wanted)
    return f"应是{'或'.join(_TYPES[name] for name in names)}，而不是“{str(value)[:20]}”"


def _enum(wanted: Any, value: Any) -> str:
    hint = suggestion(value, wanted) or f"，可用的有：{'、'.join(map(str, wanted))}"
    return f"“{str(value)[:30]}”不在可用的值之内{hint}"


def _other(_wanted: Any, value: Any) -> str:
    return f"“{str(value)[:30]}”的写法不对"


_SENTENCES: dict[str, Callable[[Any, Any], str]] = {
    "type": _type,
    "enum": _enum,
    "minItems": lambda wanted, _: f"至少要有 {wanted} 项",
    "maxItems": lambda wanted, _: f"最多 {wanted} 项",
    "minProperties": lambda wanted, _: f"至少要有 {wanted} 个键",
    "maxProperties": lambda wanted, _: f"最多 {wanted} 个键",
    "minLength": lambda *_: "不能为空",
    "uniqueItems": lambda *_: "有重复的项",
    "minimum": lambda wanted, value: f"{value} 太小，不能小于 {wanted}",
    "maximum": lambda wanted, value: f"{value} 太大，不能大于 {wanted}",
}


def substituted(value: Any, names: Mapping[str, str]) -> Any:
    """``value`` with ``$col`` in every text replaced by ``names["col"]``."""
    if isinstance(value, str):
        for name, member in names.items():
            value = value.replace(f"${name}", member)
        return value
    if isinstance(value, dict):
        return {key: substituted(item, names) for key, item in value.items()}
    return [substituted(item, names) for item in value] if isinstance(value, list) else value
