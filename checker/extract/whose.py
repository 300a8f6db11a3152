"""Whose a figure of the text is: the report's own organ's, or that of the region around it (全县120件，我镇11件)."""

from __future__ import annotations

from typing import Literal

from checker.late import late

_REGION = late(r"全(?P<kind>[省市县区旗州盟镇乡])(?![^。；，\n]{0,4}(?:第|范围内))")
#: the organ itself, with a figure of its own or none; of 本级、本机关、我办 nobody knows whether they are the region
_OWN = late(
    r"(?:[我本](?P<kind>[镇乡局委厅院县区市旗州])|我(?P<street>街)道?|(?P<open>[我本]办|本级|本机关|本单位|本部门|局机关))"
    r"(?:本级|机关|道)?(?=[^。；，\n\d]{0,14}\d|[^。；，\n\d]{0,8}(?:没有|未|无))"
)


def wider(text: str, head: tuple[int, int], stop: int) -> Literal["", "region", "open"]:
    """Of whom the figure after ``head`` (its sentence up to there) is, where the text up to ``stop`` tells two apart.

    ``region``: of one that the organ is a part of. ``open``: of one that may be the report's own, or not.
    """
    begin, end = head
    regions = list(_REGION.finditer(text, begin, end))
    if not regions or _OWN.search(text, regions[-1].end(), end):
        return ""
    named = regions[-1]
    start = text.rfind("\n", 0, begin) + 1
    own = [match for span in ((start, named.start()), (end, stop)) for match in _OWN.finditer(text, *span)]
    kinds = {match["kind"] or match["street"] for match in own if not match["open"]}
    if kinds - {named["kind"]}:
        return "region"
    return "open" if own and not kinds else ""


def ours(text: str, begin: int, stop: int) -> tuple[int, int] | None:
    """Where after ``begin`` the organ itself is named, with a figure of its own behind."""
    match = _OWN.search(text, begin, stop)
    return match.span() if match else None
