"""A first draft of a local pack or a rule, as YAML that a person goes on with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .editor import MODELINE

#: the kinds that a draft can be of: nine in ten local rules are one of them
KINDS = {
    "statement": "应当写到这层意思（写几种说法，有一种就算写了）",
    "wording": "不应当出现这样的文字",
    "presence": "报告里应当有这一项（写事实的名称，如 fees）",
}


def pack(name: str, prefix: str, document: Mapping[str, Any], schema: str) -> str:
    """A file that holds a local pack: its head, its document, and no rule yet. ``schema``: where editors find it."""
    head = {"name": name, "version": "0.1.0", "extends": "national", "prefix": prefix}
    return MODELINE.format(path=schema) + _yaml(head) + _yaml({"documents": {prefix.lower(): document}}) + "rules:\n"


def rule(
    id: str,
    title: str,
    kind: str,
    words: Sequence[str],
    scope: Sequence[str],
    basis: str,
    severity: str,
    eras: Sequence[str],
    message: str,
    fix: str,
    right: Sequence[str],
    wrong: Sequence[str],
    year: int,
    level: str | None = None,
) -> str:
    """A rule with its examples, to stand under ``rules:``. ``right`` and ``wrong``: wording that passes and fails."""
    about: dict[str, Any] = {"id": id, "title": title, "kind": kind}
    if kind == "presence":
        about["facts"] = list(words)
    else:
        about["scope"] = list(scope)
        about["any_of" if kind == "statement" else "forbid"] = list(words)
    about |= {"basis": [basis], "eras": list(eras), "severity": severity}
    if level:
        about["levels"] = [level]
    about |= {"message": message, "fix": fix}
    about["examples"] = [
        {state: {"text": text}, "year": year} | ({"level": level} if level else {})
        for state, texts in (("pass", right), ("fail", wrong))
        for text in texts
    ]
    return "".join(f"  {line}\n" if line else "\n" for line in _yaml([about]).splitlines())


def _yaml(value: Any) -> str:
    import yaml

    class Dumper(yaml.SafeDumper):
        """Texts of several lines as they are, lists set in from their key."""

        def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
            del indentless
            super().increase_indent(flow, False)

    def text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
        style = "|" if "\n" in value else None
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style)

    Dumper.add_representer(str, text)
    return yaml.dump(value, Dumper=Dumper, allow_unicode=True, sort_keys=False, width=110)
