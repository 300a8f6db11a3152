"""Sources in, a verified ``Pack`` out: every name, pattern, formula, placeholder and example of it is looked at."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Any, TypeVar, cast

from checker import factmap
from checker.formula import BadFormula, Formula, parse
from checker.late import late
from checker.model import (
    LAST,
    Call,
    Change,
    Clause,
    Disabled,
    ElementSpec,
    Era,
    EraSpec,
    Example,
    Layer,
    Level,
    Names,
    Pack,
    Policy,
    Remedy,
    Rule,
    Severity,
    Turn,
    Twin,
    VerdictState,
)
from checker.patterns import BadPattern, Pattern

from . import overlay
from .fault import BadPack, suggestion
from .files import NATIONAL
from .shape import Convert, Path, Shape, substituted
from .strict import Source, read

_T = TypeVar("_T")
MAX_RULES = 2000
ALWAYS = ("quote", "year", "place")  #: placeholders that any message may use
_STATES = ("pass", "fail", "review", "unknown", "n/a")
_PLACEHOLDER = late(r"\{([^{}]*)\}")


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
    builder = _Rules(shape, facts, slots, basis, dict(head.value["topics"]), policy, [national])
    builder.elements = {raw["name"]: raw for raw in head.value["elements"]}
    rest = [read(data, name) for name, data in files if name.endswith((".yaml", ".yml")) and name not in _COMMON]
    for source in rest:
        builder.file(source, {str(PurePath(each.file).parent) for each in rest})
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
    converted = shape.convert(raw, schema, {"fact": rules.at(source, None).fact}, path)
    for era, names in raw["rules"].items():
        for name in names:
            _known(name, source, (*path, "rules", era), rules)
    required: tuple[Era, ...] = tuple(raw["required"])
    for layer in rules.layers:
        required = layer.required.get(raw["name"], required)
    return ElementSpec(
        raw["name"], raw["title"], converted["facts"], converted["rules"], required, raw.get("local", False)
    )


def _known(name: str, source: Source, path: Path, rules: _Rules) -> None:
    if name not in rules.places:
        raise source.fault("unknown-rule", f"没有编号为“{name}”的规则{suggestion(name, rules.places)}", path)


@dataclass(slots=True)
class _Rules:
    """The rules of all files so far, the packs that they come from, and the names that they may use."""

    shape: Shape
    facts: factmap.FactMap
    slots: Mapping[str, str]
    basis: dict[str, Clause]
    topics: dict[str, str]
    weights: Mapping[Severity, int]
    layers: list[Layer]
    elements: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  #: as the national pack has them
    rules: dict[str, Rule] = field(default_factory=dict)
    raws: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    patterns: dict[str, Pattern] = field(default_factory=dict)

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
        _shaped(self.shape, source, "overlay", top, ())
        base = top.get("extends", NATIONAL)
        if base != NATIONAL and str(PurePath(source.file).parent / base) not in folders:
            raise source.fault("pack-path", "extends 要顶格单独写一行，如 extends: 市规则", ("extends",))
        prefix = top.get("prefix", "")
        if prefix in self.topics or (not prefix and top.get("rules")):
            used = f"{prefix} 已经有了，换一个" if prefix else "自己的规则要有自己的编号开头，如 prefix: YC"
            raise source.fault("pack-shape", used, ("prefix",))
        self.basis |= self.documents(source)
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
        known = {key.partition("#")[0] for key in self.basis}
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
        _shaped(self.shape, source, "head", raw, path, name)
        new = _Maker(self, source, path, raw).rule(old.line)
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
        _shaped(self.shape, source, "head", raw, path, name)
        if name in self.places:
            raise source.fault("duplicate-id", f"编号 {name} 已用在 {self.places[name]}", (*path, "id"), name)
        layer = self.layers[-1]
        if layer.prefix and not raw["id"].startswith(f"{layer.prefix}-"):
            message = f"“{layer.name}”自己的规则，编号应以 {layer.prefix}- 开头"
            raise source.fault("pack-shape", message, (*path, "id"), name)
        line = source.marks[path][0]
        self.places[raw["id"]] = f"{source.file} 第{line}行"
        self.raws[raw["id"]] = raw
        self.rules[raw["id"]] = replace(_Maker(self, source, path, raw).rule(line), pack=layer.name)
        if len(self.rules) > MAX_RULES:
            raise source.fault("pack-size", f"规则超过 {MAX_RULES} 条", path, name)

    def sorted(self) -> tuple[Rule, ...]:
        """In catalogue order: topic, then number; topics that the catalogue does not have come last."""
        known = {topic: at for at, topic in enumerate(self.topics)}
        keyed = [
            ((known.get(r.topic, len(known)), r.topic, int(r.id.rpartition("-")[2])), r) for r in self.rules.values()
        ]
        return tuple(rule for _, rule in sorted(keyed, key=lambda item: item[0]))

    def at(self, source: Source, rule: str | None) -> _Names:
        return _Names(self, source, rule)


@dataclass(slots=True)
class _Names:
    """Converters of marked values; each refuses what it does not know, at the place where it stands."""

    rules: _Rules
    source: Source
    id: str | None

    def all(self) -> Mapping[str, Convert]:
        return {"fact": self.fact, "formula": self.formula, "pattern": self.pattern}

    def fact(self, name: str, path: Path) -> str:
        known = self.rules.facts.specs
        if name.removeprefix(LAST) not in known:
            message = f"没有名为“{name}”的事实{suggestion(name, known)}"
            raise self.source.fault("unknown-fact", message, path, self.id)
        return name

    def formula(self, text: str, path: Path) -> Formula:
        try:
            formula = parse(text)
        except BadFormula as error:
            raise self.source.fault("formula", str(error), path, self.id) from None
        for name in formula.names:
            self.fact(name, path)
        return formula

    def pattern(self, text: str, path: Path) -> Pattern:
        try:
            if text not in self.rules.patterns:
                pattern = Pattern(text, self.rules.slots)
                pattern.check()
                self.rules.patterns[text] = pattern
        except BadPattern as error:
            raise self.source.fault(error.code, str(error), path, self.id) from None
        return self.rules.patterns[text]


@dataclass(slots=True)
class _Maker:
    """One rule on its way from YAML to ``Rule``."""

    rules: _Rules
    source: Source
    path: Path
    raw: Mapping[str, Any]

    def fault(self, code: str, message: str, *key: str | int) -> BadPack:
        return self.source.fault(code, message, (*self.path, *key), self.raw["id"])

    def rule(self, line: int) -> Rule:
        raw = self.raw
        eras = tuple(raw["eras"])
        self.check_clauses()
        turns = self.turns()
        self.check_against(turns)
        self.check_placeholders(turns[0])
        only, other = self.levels()
        return Rule(
            id=raw["id"],
            title=raw["title"],
            turns=turns,
            basis=tuple(raw["basis"]),
            eras=eras,
            severity=self.severity(eras),
            message=raw["message"],
            fix=raw["fix"],
            examples=self.examples(),
            years=self.years(),
            levels=only,
            by_level=other,
            weight=raw.get("weight"),
            confidence=raw.get("confidence", "high"),
            against=raw.get("against"),
            repair=self.repair(turns[0].call),
            file=self.source.file,
            line=line,
        )

    def check_clauses(self) -> None:
        for at, key in enumerate(self.raw["basis"]):
            if key not in self.rules.basis:
                hint = suggestion(key, self.rules.basis)
                raise self.fault("unknown-clause", f"basis.yaml 里没有依据“{key}”{hint}", "basis", at)

    def check_against(self, turns: Sequence[Turn]) -> None:
        """A formula over last year's facts asks for the word ``against``, so that its absence is said, not guessed."""
        for key in ("left", "right", "fact"):
            value = turns[0].call.params.get(key, "")
            names = value.names if isinstance(value, Formula) else (value,)
            if self.raw.get("against") != "last" and any(str(name).startswith(LAST) for name in names):
                raise self.fault("pack-shape", "用到上一年度的事实（last.），应写明 against: last", key)

    def repair(self, call: Call) -> Remedy | None:
        """What may be repaired without thought; only where the kind tells what stands there and what should."""
        given = self.raw.get("repair")
        if given is None:
            return None
        how = given if isinstance(given, str) else "replace"
        params = call.params
        fits = {
            "total": call.kind == "identity" and params["relation"] == "=" and len(params["left"].names) == 1,
            "zero": call.kind == "table" and params["check"] == "blanks",
            "digits": call.kind == "punctuation" or (call.kind == "table" and params["check"] == "numbers"),
            "replace": call.kind == "wording",
        }
        if not fits[how]:
            raise self.fault("pack-shape", f"检查方式 {call.kind} 的规则不能用 repair: {how}", "repair")
        if isinstance(given, str):
            return Remedy(how)  # type: ignore[arg-type]
        names, path = self.rules.at(self.source, self.raw["id"]), (*self.path, "repair")
        pairs = ((each["old"], each["new"], (*path, "replace", at, "old")) for at, each in enumerate(given["replace"]))
        words = tuple((names.pattern(old, place), new) for old, new, place in pairs)
        unless = names.pattern(given["unless"], (*path, "unless")) if "unless" in given else None
        return Remedy("replace", words, unless)

    def severity(self, eras: Sequence[Era]) -> Mapping[Era, Severity]:
        given = self.raw["severity"]
        if isinstance(given, str):
            return dict.fromkeys(eras, cast(Severity, given))
        if set(given) != set(eras):
            raise self.fault("pack-shape", f"severity 的时期（{'、'.join(given)}）应与 eras 一致", "severity")
        return cast(Mapping[Era, Severity], given)

    def years(self) -> tuple[int | None, int | None]:
        first, last = self.raw.get("years", (None, None))
        if first and last and first > last:
            raise self.fault("pack-shape", "years 的首年晚于末年", "years")
        return first, last

    def levels(self) -> tuple[tuple[Level, ...], Mapping[Level, Any]]:
        given = self.raw.get("levels", [])
        return ((), given) if isinstance(given, dict) else (tuple(given), {})

    def turns(self) -> tuple[Turn, ...]:
        """One turn, or one for each member of the axis."""
        for variable, axis in self.raw.get("each", {}).items():
            if axis not in self.rules.facts.axes:
                hint = suggestion(axis, self.rules.facts.axes)
                raise self.fault("unknown-axis", f"facts.yaml 里没有名为“{axis}”的轴{hint}", "each", variable)
            titles = self.rules.facts.titles.get(axis, {})
            members = self.rules.facts.axes[axis]
            return tuple(
                self.turn(member, {variable: member}, {variable: titles.get(member, member)}) for member in members
            )
        return (self.turn("", {}, {}),)

    def turn(self, subject: str, names: Mapping[str, str], shown: Mapping[str, str]) -> Turn:
        params = {key: value for key, value in self.raw.items() if key not in self.rules.shape.head}
        call = self.call(self.raw["kind"], params, names, ())
        guard = self.raw.get("when")
        inner = {key: value for key, value in guard.items() if key != "kind"} if guard else {}
        when = self.call(guard["kind"], inner, names, ("when",)) if guard else None
        return Turn(call, when, subject, shown)

    def call(self, kind: str, params: dict[str, Any], names: Mapping[str, str], where: Path) -> Call:
        shape = self.rules.shape
        if kind not in shape.kinds:
            raise self.fault(
                "unknown-kind", f"没有名为“{kind}”的检查方式{suggestion(kind, shape.kinds)}", *where, "kind"
            )
        params = substituted(params, names)
        if fault := shape.fault(params, f"kinds/{kind}"):
            message, inner = fault
            if not where and inner and inner[-1] not in shape.kinds[kind]["properties"] and "没有名为" in message:
                message = (
                    f"没有名为“{inner[-1]}”的键{suggestion(inner[-1], [*shape.head, *shape.kinds[kind]['properties']])}"
                )
            raise self.fault("pack-shape", f"{message}（检查方式 {kind}）", *where, *inner)
        converters = self.rules.at(self.source, self.raw["id"]).all()
        return Call(kind, shape.convert(params, shape.kinds[kind], converters, (*self.path, *where)))

    def check_placeholders(self, turn: Turn) -> None:
        known = {*ALWAYS, *turn.names, *self.rules.shape.kinds[turn.call.kind].get("values", ())}
        for key in ("message", "fix"):
            text = self.raw[key]
            for name in _PLACEHOLDER.findall(text):
                if name not in known:
                    hint = suggestion(name, known) or f"，可用的有：{'、'.join(sorted(known))}"
                    raise self.fault("placeholder", f"没有东西能填 {{{name}}}{hint}", key)
            if re.search(r"[{}]", _PLACEHOLDER.sub("", text)):
                raise self.fault("placeholder", "花括号不成对", key)

    def examples(self) -> tuple[Example, ...]:
        made = tuple(self.example(at, raw) for at, raw in enumerate(self.raw["examples"]))
        wrong = ("fail", "review") if self.raw.get("confidence") == "low" else ("fail",)
        for states, word in ((("pass",), "应当通过"), (wrong, "应当不通过")):
            if not any(example.state in states for example in made):
                raise self.fault("examples", f"至少要有一个{word}的例子（{'或'.join(states)}）", "examples")
        return made

    def example(self, at: int, raw: Mapping[str, Any]) -> Example:
        states = [state for state in _STATES if state in raw]
        if len(states) != 1:
            raise self.fault("examples", f"一个例子只写一种结果：{'、'.join(_STATES)}", "examples", at)
        payload = dict(raw[states[0]])
        text = payload.pop("text", None)
        if text is not None and not isinstance(text, str):
            raise self.fault("examples", "text 应是文字", "examples", at, states[0], "text")
        names = self.rules.at(self.source, self.raw["id"])
        for name in payload:
            names.fact(name, (*self.path, "examples", at, states[0], name))
        state = cast(VerdictState, states[0])
        expect = raw.get("expect", {})
        roster = Names(*(tuple(raw["names"].get(key, ())) for key in ("own", "others"))) if "names" in raw else None
        twins = tuple(Twin(**twin) for twin in raw["twins"]) if "twins" in raw else None
        return Example(state, payload, text, raw.get("year"), raw.get("level"), expect, raw.get("last"), twins, roster)
