"""What was repaired in a file, one line each, for the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from checker.render import grid
from checker.render.escape import masked, terminal
from checker.render.view import View, place

if TYPE_CHECKING:
    from checker.repair import Repair


def listing(done: Sequence[Repair], left: Sequence[Repair], output: str, view: View) -> str:
    """Every repair with its rule, its place, the old wording and the new one; then what was left to the clerk."""
    if done:
        text = f"已写成 {terminal(output)}，改了 {len(done)} 处，都是修订，请在“审阅”里逐处接受或拒绝：\n\n"
        text += _table(done, view)
    else:
        text = f"没有可以自动修改的地方，{terminal(output)} 与原文档内容相同。\n"
    if left:
        text += f"\n另有 {len(left)} 处在文本框、域或别人没有接受的修订里，没有改，请手工修改：\n\n"
        text += _table(left, view)
    return text


def _table(repairs: Iterable[Repair], view: View) -> str:
    widths = grid.spread(view.width, (6, -12, -8, -8))
    rows = [[each.rule, place(each.where), _shown(each.old), _shown(each.new)] for each in repairs]
    return grid.heading(["规则", "位置", "原来", "改成"], widths) + "".join(
        grid.row([terminal(cell) for cell in row], widths) for row in rows
    )


def _shown(words: str) -> str:
    return masked(words) or "（空）"
