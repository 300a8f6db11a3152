"""One rule from its YAML: every name, pattern, formula, placeholder and example of it is looked at."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from checker.factmap import FactMap
from checker.formula import BadFormula, Formula, parse
from checker.late import late
from checker.model import (
    LAST,
    Call,
    Clause,
    Era,
    Example,
    Level,
    Names,
    Rank,
    Remedy,
    Rule,
    Severity,
    Turn,
    Twin,
    VerdictState,
)
from checker.patterns import BadPattern, Pattern

from .fault import BadPack, suggestion
from .shape import Convert, Path, Shape, substituted
from .strict import Source

ALWAYS = ("quote", "year", "place")  #: placeholders that any message may use
_STATES = ("pass", "fail", "review", "unknown", "n/a")
_PLACEHOLDER = late(r"\{([^{}]*)\}")


@dataclass(slots=True)
class Known:
    """What a rule may name. ``patterns``: those of all rules so far, by what is written."""

    shape: Shape
    facts: FactMap
    slots: Mapping[str, str]
    basis: dict[str, Clause]
    patterns: dict[str, Pattern] = field(default_factory=dict)


@dataclass(slots=True)
class Converters:
    """Converters of marked values; each refuses what it does not know, at the place where it stands."""

    known: Known
    source: Source
    id: str | None

    def all(self) -> Mapping[str, Convert]:
        return {"fact": self.fact, "formula": self.formula, "pattern": self.pattern}

    def fact(self, name: str, path: Path) -> str:
        known = self.known.facts.specs
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
            if text not in self.known.patterns:
                pattern = Pattern(text, self.known.slots)
                pattern.check()
                self.known.patterns[text] = pattern
        except BadPattern as error:
            raise self.source.fault(error.code, str(error), path, self.id) from None
        return self.known.patterns[text]


@dataclass(slots=True)
class Maker:
    """One rule on its way from YAML to ``Rule``."""

    known: Known
    source: Source
    path: Path
    raw: Mapping[str, Any]

    @property
    def names(self) -> Converters:
        return Converters(self.known, self.source, self.raw["id"])

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
            yields_to=tuple(raw.get("yields_to", ())),
            repair=self.repair(turns[0].call),
            file=self.source.file,
            line=line,
        )

    def check_clauses(self) -> None:
        for at, key in enumerate(self.raw["basis"]):
            if key not in self.known.basis:
                hint = suggestion(key, self.known.basis)
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
            "zero": call.kind == "table" and params["check"] in ("blanks", "filled", "some"),
            "digits": call.kind == "punctuation" or (call.kind == "table" and params["check"] == "numbers"),
            "replace": call.kind == "wording",
        }
        if not fits[how]:
            raise self.fault("pack-shape", f"检查方式 {call.kind} 的规则不能用 repair: {how}", "repair")
        if isinstance(given, str):
            return Remedy(how)  # type: ignore[arg-type]
        names, path = self.names, (*self.path, "repair")
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

    def levels(self) -> tuple[tuple[Level, ...], Mapping[Rank, Any]]:
        given = self.raw.get("levels", [])
        return ((), given) if isinstance(given, dict) else (tuple(given), {})

    def turns(self) -> tuple[Turn, ...]:
        """One turn, or one for each member of the axis."""
        for variable, axis in self.raw.get("each", {}).items():
            if axis not in self.known.facts.axes:
                hint = suggestion(axis, self.known.facts.axes)
                raise self.fault("unknown-axis", f"facts.yaml 里没有名为“{axis}”的轴{hint}", "each", variable)
            titles = self.known.facts.titles.get(axis, {})
            members = self.known.facts.axes[axis]
            return tuple(
                self.turn(member, {variable: member}, {variable: titles.get(member, member)}) for member in members
            )
        return (self.turn("", {}, {}),)

    def turn(self, subject: str, names: Mapping[str, str], shown: Mapping[str, str]) -> Turn:
        params = {key: value for key, value in self.raw.items() if key not in self.known.shape.head}
        call = self.call(self.raw["kind"], params, names, ())
        guard = self.raw.get("when")
        inner = {key: value for key, value in guard.items() if key != "kind"} if guard else {}
        when = self.call(guard["kind"], inner, names, ("when",)) if guard else None
        return Turn(call, when, subject, shown)

    def call(self, kind: str, params: dict[str, Any], names: Mapping[str, str], where: Path) -> Call:
        shape = self.known.shape
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
        converters = self.names.all()
        return Call(kind, shape.convert(params, shape.kinds[kind], converters, (*self.path, *where)))

    def check_placeholders(self, turn: Turn) -> None:
        known = {*ALWAYS, *turn.names, *self.known.shape.kinds[turn.call.kind].get("values", ())}
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
        names = self.names
        for name in payload:
            names.fact(name, (*self.path, "examples", at, states[0], name))
        state = cast(VerdictState, states[0])
        expect = raw.get("expect", {})
        roster = Names(*(tuple(raw["names"].get(key, ())) for key in ("own", "others"))) if "names" in raw else None
        twins = tuple(Twin(**twin) for twin in raw["twins"]) if "twins" in raw else None
        return Example(state, payload, text, raw.get("year"), raw.get("level"), expect, raw.get("last"), twins, roster)
