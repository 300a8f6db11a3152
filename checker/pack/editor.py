"""The JSON Schema for editors: what ``pack.schema.json`` says, with the parameters of each kind where that kind stands.

The loader asks the kind first and validates against its definition alone, since a choice of thirty gives thirty errors
for one slip. An editor wants one schema that completes and underlines as one writes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .files import read, rules_home

#: the first line of every pack file, as editors with a YAML language server understand it
MODELINE = "# yaml-language-server: $schema={path}\n"


def schema() -> str:
    """The schema as text, one file."""
    source = json.loads(read(rules_home() / "pack.schema.json", "rules/pack.schema.json"))
    return json.dumps(editor(source), ensure_ascii=False, indent=1) + "\n"


def editor(source: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of every file of a pack: the national head, a local head, or rules."""
    defs = dict(source["$defs"])
    kinds: Mapping[str, Any] = defs.pop("kinds")
    defs |= {f"kind-{name}": kind for name, kind in kinds.items()}  # under a name of its own: "format" is a keyword
    head = defs["head"]["properties"]
    rule = {
        "allOf": [{"$ref": "#/$defs/head"}, *(_branch(name, kind, head) for name, kind in kinds.items())],
        "properties": {"kind": {"enum": sorted(kinds)}},
    }
    rules = {"type": "array", "items": {"$ref": "#/$defs/rule"}}
    overlay = {**defs["overlay"], "properties": {**defs["overlay"]["properties"], "rules": rules}}
    plain = {**defs["rulefile"], "properties": {"rules": rules}}
    return {
        "$schema": source["$schema"],
        "title": source["title"],
        "if": {"required": ["weights"]},
        "then": {"$ref": "#/$defs/pack"},
        "else": {
            "if": {"required": ["name"]},
            "then": {"$ref": "#/$defs/overlay"},
            "else": {"$ref": "#/$defs/rulefile"},
        },
        "$defs": {**defs, "rule": rule, "overlay": overlay, "rulefile": plain},
    }


def _branch(name: str, kind: Mapping[str, Any], head: Mapping[str, Any]) -> dict[str, Any]:
    """For a rule of this kind: its parameters, and no key that neither the head nor the kind has."""
    own = {key: {"$ref": f"#/$defs/kind-{name}/properties/{key}"} for key in kind["properties"]}
    then: dict[str, Any] = {"properties": own, "propertyNames": {"enum": [*head, *own]}}
    if kind.get("required"):
        then["required"] = kind["required"]
    return {"if": {"properties": {"kind": {"const": name}}, "required": ["kind"]}, "then": then}
