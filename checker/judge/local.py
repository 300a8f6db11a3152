"""What local packs do to the national one, in words: no result keeps silent about it."""

from __future__ import annotations

from checker.model import Layer, Note, Pack, dated, named


def local_rules(pack: Pack) -> tuple[Note, ...]:
    """One note for each local pack."""
    return tuple(Note("local-rules", _about(layer, pack)) for layer in pack.layers[1:])


def _about(layer: Layer, pack: Pack) -> str:
    own = [rule for rule in pack.rules if rule.pack == layer.name]
    heavy = [rule.id for rule in own if (rule.weight or 0) > pack.policy.weights["must"]]
    parts = (
        [f"自己的规则 {len(own)} 条" + (f"（{'、'.join(heavy)} 的分值比必改的规则还高）" if heavy else "")]
        if own
        else []
    )
    softer = [f"{change.rule}（{'、'.join(named(change.softer))}）" for change in layer.changes if change.softer]
    changed = [f"{change.rule}（{'、'.join(named(change.keys))}）" for change in layer.changes if not change.softer]
    off = [f"{each.rule}（至{dated(each.until)}，{each.reason}）" for each in layer.disabled if not each.over]
    over = [f"{each.rule}（{dated(each.until)}到期）" for each in layer.disabled if each.over]
    names = {spec.name: spec.title for spec in pack.elements}
    asked = [f"{names.get(name, name)}（{'、'.join(eras) or '都不必备'}）" for name, eras in layer.required.items()]
    listed = {"调整了": changed, "放宽了": softer, "停用了": off, "停用期满、已经恢复的": over, "必备的时期改为": asked}
    parts += [f"{word} {'、'.join(items)}" for word, items in listed.items() if items]
    return f"用了本地规则“{layer.name}”{layer.version}：{'；'.join(parts) or '没有改动规则'}。"
