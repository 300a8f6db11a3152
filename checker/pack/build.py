"""Files in, a verified ``Pack`` out: what all rules share, the layers of local packs, and who may change what."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Any, TypeVar

from checker import factmap
from checker.model import (
    Change,
    Clause,
    Disabled,
    ElementSpec,
    Era,
    EraSpec,
    Layer,
    Pack,
    Policy,
    Rule,
    Severity,
)
from checker.patterns import BadPattern

from . import overlay
from .fault import BadPack, suggestion
from .files import NATIONAL
from .rule import Converters, Known, Maker
from .shape import Path, Shape
from .strict import Source, read

_T = TypeVar("_T")
MAX_RULES = 2000


def build(files: Sequence[tuple[str, bytes]], digest: str) -> Pack:
    """The pack made of (name, content) pairs as ``files.snapshot`` gives them. Raises BadPack."""
    named = dict(files)
    shape = Shape(_json(named, "rules/pack.schema.json"))
    slots = _part(_read(named, "rules/slots.yaml"), lambda source: source.value["slots"])
    forms = _part(_read(named, "rules/forms.yaml"), lambda source: source.value["forms"])
    facts = _part(_read(named, "rules/facts.yaml"), lambda source: factmap.build(source.value, slots, forms))
    basis = _part(_read(named, "rules/basis.yaml"), _basis)
    eras = _part(_read(named, "rules/eras.yaml"), _eras)
    head = _read(named, "rules/national/pack.yaml")
    _shaped(shape, head, "pack", head.value, ())
    policy = head.value["weights"]
    national = Layer(head.value["name"], head.value["version"], head.file)
    builder = _Rules(Known(shape, facts, slots, basis), dict(head.value["topics"]), policy, [national])
    builder.elements = {raw["name"]: raw for raw in head.value["elements"]}
    rest = [read(data, name) for name, data in files if name.endswith((".yaml", ".yml")) and name not in _COMMON]
    for source in rest:
        builder.file(source, {str(PurePath(each.file).parent) for each in rest})
    for name, source, path in builder.named:
        _known(name, source, path, builder)
    rules = builder.sorted()
    elements = tuple(_element(shape, head, at, raw, builder) for at, raw in enumerate(head.value["elements"]))
    return Pack(
        name="＋".join(layer.name for layer in builder.layers),
        version="＋".join(layer.version for layer in builder.layers if layer.version),
        digest=digest,
        rules=rules,
        facts=facts,
        basis=basis,
        eras=eras,
        elements=elements,
        policy=_policy(head, builder),
        topics=builder.topics,
        layers=tuple(builder.layers),
    )


_COMMON = (
    "rules/slots.yaml",
    "rules/facts.yaml",
    "rules/forms.yaml",
    "rules/basis.yaml",
    "rules/eras.yaml",
    "rules/national/pack.yaml",
)


def _read(named: Mapping[str, bytes], name: str) -> Source:
    if name not in named:
        raise BadPack("pack-missing", "缺少这个文件", name)
    source = read(named[name], name)
    if not isinstance(source.value, dict):
        raise source.fault("pack-shape", "文件应是键值对")
    return source


def _json(named: Mapping[str, bytes], name: str) -> Any:
    try:
        return json.loads(named[name])
    except (KeyError, ValueError):
        raise BadPack("pack-missing", "缺少这个文件，或者它已损坏", name) from None


def _shaped(shape: Shape, source: Source, name: str, value: Any, path: Path, rule: str | None = None) -> None:
    if fault := shape.fault(value, name):
        message, inner = fault
        raise source.fault("pack-shape", message, (*path, *inner), rule)


def _part(source: Source, make: Callable[[Source], _T]) -> _T:
    """What ``make`` makes of a file that all rules share; whatever it trips over is that file's fault."""
    try:
        return make(source)
    except BadPattern as error:
        raise source.fault(error.code, str(error)) from None
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise source.fault("pack-shape", f"文件的写法不对（{error}）") from None


def _basis(source: Source) -> dict[str, Clause]:
    """Clauses by ``document#clause``."""
    clauses = {}
    for name, document in source.value.get("documents", {}).items():
        start, end = (_iso(source, name, document, key) for key in ("from", "to"))
        for key, text in document.get("clauses", {}).items():
            full = f"{name}#{key}"
            clauses[full] = Clause(full, document["title"], document.get("number", ""), text, start, end)
    return clauses


def _iso(source: Source, name: str, document: Mapping[str, Any], key: str) -> dt.date | None:
    text = document.get(key)
    try:
        return dt.date.fromisoformat(text) if text else None
    except (ValueError, TypeError):
        raise source.fault("pack-shape", f"“{text}”不是 2008-05-01 这样的日期", ("documents", name, key)) from None


def _eras(source: Source) -> tuple[EraSpec, ...]:
    return tuple(
        EraSpec(raw["id"], raw["title"], raw["years"][0], raw["years"][1], tuple(raw.get("basis", ())))
        for raw in source.value["eras"]
    )


def _policy(source: Source, rules: _Rules) -> Policy:
    raw = source.value
    grades = sorted(raw["grades"].items(), key=lambda item: -item[1])
    forms = {name: tuple(ids) for name, ids in raw["forms"].items()}
    ceilings = raw.get("ceilings", {})
    for name in ceilings:
        _known(name, source, ("ceilings",), rules)
    unread = raw.get("unread_ceiling", 100)
    return Policy(raw["weights"], tuple(grades), raw["coverage_floor"], forms, ceilings, unread)


def _element(shape: Shape, source: Source, at: int, raw: Mapping[str, Any], rules: _Rules) -> ElementSpec:
    path: Path = ("elements", at)
    schema = shape.defs["element"]
    converted = shape.convert(raw, schema, {"fact": Converters(rules.known, source, None).fact}, path)
    for era, names in raw["rules"].items():
        for name in names:
            _known(name, source, (*path, "rules", era), rules)
    required: tuple[Era, ...] = tuple(raw["required"])
    for layer in rules.layers:
        required = layer.required.get(raw["name"], required)
    facts = converted["facts"]
    unit = next((rules.known.facts.specs[name].unit for names in facts.values() for name in names), "")
    return ElementSpec(raw["name"], raw["title"], facts, converted["rules"], required, raw.get("local", False), unit)


def _known(name: str, source: Source, path: Path, rules: _Rules) -> None:
    if name not in rules.places:
        raise source.fault("unknown-rule", f"没有编号为“{name}”的规则{suggestion(name, rules.places)}", path)


@dataclass(slots=True)
class _Rules:
    """The rules of all files so far, and the packs that they come from."""

    known: Known
    topics: dict[str, str]
    weights: Mapping[Severity, int]
    layers: list[Layer]
    elements: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  #: as the national pack has them
    rules: dict[str, Rule] = field(default_factory=dict)
    raws: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    named: list[tuple[str, Source, Path]] = field(default_factory=list)  #: rules that others name, which may come later

    def file(self, source: Source, folders: Set[str]) -> None:
        """Take one file: rules, or the head of a local pack. ``folders``: where all the files lie."""
        top = source.value
        if isinstance(top, dict) and "name" in top:
            self.head(source, folders)
        elif not isinstance(top, dict) or not isinstance(top.get("rules"), list) or len(top) > 1:
            extra = next((key for key in top if key != "rules"), None) if isinstance(top, dict) else None
            message = (
                f"没有名为“{extra}”的键，规则文件只有 rules（本地规则包的 name、change 等写在有 name 的那个文件里）"
                if extra
                else "规则文件应以 rules: 开头，下面是规则列表"
            )
            raise source.fault("pack-shape", message, (extra,) if extra else ())
        elif not source.file.startswith("rules/national/"):
            self.layer(source)
        for at, raw in enumerate(top.get("rules", ())):
            self.rule(source, at, raw)

    def layer(self, source: Source) -> None:
        """Rules without a head of their own belong to the pack of their folder, or are a pack without a name."""
        last = PurePath(self.layers[-1].file)
        if len(self.layers) == 1 or last.parent != PurePath(source.file).parent:
            self.layers.append(Layer(PurePath(source.file).stem, file=source.file))

    def head(self, source: Source, folders: Set[str]) -> None:
        """The head of a local pack: what it stands on, changes, turns off."""
        top = source.value
        _shaped(self.known.shape, source, "overlay", top, ())
        base = top.get("extends", NATIONAL)
        if base != NATIONAL and str(PurePath(source.file).parent / base) not in folders:
            raise source.fault("pack-path", "extends 要顶格单独写一行，如 extends: 市规则", ("extends",))
        prefix = top.get("prefix", "")
        if prefix in self.topics or (not prefix and top.get("rules")):
            used = f"{prefix} 已经有了，换一个" if prefix else "自己的规则要有自己的编号开头，如 prefix: YC"
            raise source.fault("pack-shape", used, ("prefix",))
        self.known.basis |= self.documents(source)
        layer = Layer(top["name"], top["version"], source.file, prefix)
        if prefix:
            self.topics[prefix] = top["name"]
        changes = tuple(self.change(source, name, changed, layer) for name, changed in top.get("change", {}).items())
        disabled = tuple(self.disable(source, at, raw, layer) for at, raw in enumerate(top.get("disable", ())))
        for name, eras in top.get("elements", {}).items():
            self.element(source, name, eras)
        required = {name: tuple(eras) for name, eras in top.get("elements", {}).items()}
        self.layers.append(replace(layer, changes=changes, disabled=disabled, required=required))

    def free(self) -> set[str]:
        """The rules that a local pack may soften, too: those of elements that no printed form has."""
        own = (raw["rules"].values() for raw in self.elements.values() if raw.get("local"))
        return {rule for eras in own for rules in eras for rule in rules}

    def element(self, source: Source, name: str, eras: Sequence[Era]) -> None:
        """Refuse an element that is not there, and one asked for in fewer eras unless a local pack may do that."""
        path: Path = ("elements", name)
        if name not in self.elements:
            hint = suggestion(name, self.elements)
            raise source.fault("pack-shape", f"七项要素里没有“{name}”{hint}", path)
        raw = self.elements[name]
        if not raw.get("local") and not set(eras) >= set(raw["required"]):
            raise source.fault("softened", f"“{raw['title']}”是条例或格式要求写的，本地规则不能少要求", path)

    def documents(self, source: Source) -> dict[str, Clause]:
        """The local documents that its rules rest on; a national one keeps its meaning."""
        found = _basis(source)
        known = {key.partition("#")[0] for key in self.known.basis}
        for name in source.value.get("documents", {}):
            if name in known:
                raise source.fault("duplicate-id", f"依据 {name} 已经有了，换一个名字", ("documents", name))
        return found

    def change(self, source: Source, name: str, changed: Mapping[str, Any], layer: Layer) -> Change:
        """Put a changed rule in the place of the one that it was, if it is a whole rule still, and no milder."""
        path: Path = ("change", name)
        if name not in self.rules:
            raise source.fault("unknown-rule", f"没有编号为“{name}”的规则{suggestion(name, self.rules)}", path, name)
        for key in changed:
            if key in overlay.FIXED:
                message = f"{key} 不能改；要换一种查法，请停用这一条（disable），另写一条自己的规则"
                raise source.fault("pack-shape", message, (*path, key), name)
        old, raw = self.rules[name], {**self.raws[name], **changed}
        _shaped(self.known.shape, source, "head", raw, path, name)
        new = Maker(self.known, source, path, raw).rule(old.line)
        self.name(source, changed, path)
        milder = tuple(overlay.softened(old, new, self.weights, changed))
        if milder and name not in self.free():
            message = f"规则 {name} 只能改得更严，不能放宽；确实不适用的，写在 disable 里，说明理由和期限"
            raise source.fault("softened", message, (*path, milder[0]), name)
        softer = (*milder, *overlay.looser(self.raws[name], changed))
        made = Change(layer.name, name, tuple(changed), softer)
        self.raws[name] = raw
        self.rules[name] = replace(new, file=old.file, pack=old.pack, changes=(*old.changes, made))
        return made

    def disable(self, source: Source, at: int, raw: Mapping[str, Any], layer: Layer) -> Disabled:
        name, path = raw["id"], ("disable", at)
        if name not in self.rules:
            raise source.fault("unknown-rule", f"没有编号为“{name}”的规则{suggestion(name, self.rules)}", (*path, "id"))
        until = overlay.date(raw["until"])
        if until is None:
            raise source.fault("pack-shape", f"“{raw['until']}”不是 2026-12-31 这样的日期", (*path, "until"), name)
        made = Disabled(layer.name, name, raw["reason"], until)
        self.rules[name] = replace(self.rules[name], disabled=made)
        return made

    def rule(self, source: Source, at: int, raw: Any) -> None:
        name = raw.get("id") if isinstance(raw, dict) and isinstance(raw.get("id"), str) else None
        path: Path = ("rules", at)
        _shaped(self.known.shape, source, "head", raw, path, name)
        if name in self.places:
            raise source.fault("duplicate-id", f"编号 {name} 已用在 {self.places[name]}", (*path, "id"), name)
        layer = self.layers[-1]
        if layer.prefix and not raw["id"].startswith(f"{layer.prefix}-"):
            message = f"“{layer.name}”自己的规则，编号应以 {layer.prefix}- 开头"
            raise source.fault("pack-shape", message, (*path, "id"), name)
        line = source.marks[path][0]
        self.places[raw["id"]] = f"{source.file} 第{line}行"
        self.raws[raw["id"]] = raw
        self.name(source, raw, path)
        self.rules[raw["id"]] = replace(Maker(self.known, source, path, raw).rule(line), pack=layer.name)
        if len(self.rules) > MAX_RULES:
            raise source.fault("pack-size", f"规则超过 {MAX_RULES} 条", path, name)

    def name(self, source: Source, raw: Mapping[str, Any], path: Path) -> None:
        self.named += [(name, source, (*path, "yields_to", at)) for at, name in enumerate(raw.get("yields_to", ()))]

    def sorted(self) -> tuple[Rule, ...]:
        """In catalogue order: topic, then number; topics that the catalogue does not have come last."""
        known = {topic: at for at, topic in enumerate(self.topics)}
        keyed = [
            ((known.get(r.topic, len(known)), r.topic, int(r.id.rpartition("-")[2])), r) for r in self.rules.values()
        ]
        return tuple(rule for _, rule in sorted(keyed, key=lambda item: item[0]))
