"""Whose a figure of the text is: the report's own organ's, another's, or the region's (全县120件，我镇11件)."""

from __future__ import annotations

from typing import Literal

from checker.late import late
from checker.model import Level

Organ = tuple[str, Level | None]  #: whose report it is: name and level
NOBODY: Organ = "", None

_REGION = late(r"全(?P<kind>[省市县区旗州盟镇乡])(?![^。；，\n]{0,4}(?:第|范围内))")
#: the organ itself, with a figure of its own or none; of 本级、本机关、我办 nobody knows whether they are the region
_OWN = late(
    r"(?:[我本](?P<kind>[镇乡局委厅院县区市旗州])|我(?P<street>街)道?|(?P<open>[我本]办|本级|本机关|本单位|本部门|局机关))"
    r"(?:本级|机关|道)?(?=[^。；，\n\d]{0,14}\d|[^。；，\n\d]{0,8}(?:没有|未|无))"
)

#: another organ that does something, up to the figure: 县财政局收到申请, 邻近的沙溪乡收到, 全县13个乡镇共收到
_OTHER = late(
    r"(?:\A|[。；，：\n])(?:20\d\d年度?|同期|另外|另|据)?(?:"
    r"(?P<name>[省市县区旗州][\u4e00-\u9fff]{2,12}?(?:局|委员会|委|办公室|厅))(?:机关|本级)?"
    r"|(?P<wide>全[省市县区旗州盟](?!统一|首|公共|率先|政务服务|[\u4e00-\u9fff]{0,6}(?:平台|网站)))"
    r"|(?:邻近的?|相邻的?|邻|[省市县区旗州]上其[他它]|其[他它]|兄弟)[\u4e00-\u9fff]{0,4}?(?:乡镇|[乡镇县街]道?|单位|部门)(?!的)"
    r"|[省市县区旗州][上里](?=20\d\d|全年|共))"
    r"(?=[^。；，]{0,24}?(?:收到|受理|接收|接到|公开|公布|发布|制发|制定|出台|印发|作出|办结|答复|发生|被提起|被申请))"
)
_MANY = late(r"全.(?:\d+个|各|所有|[\u4e00-\u9fff]{0,8}系统)")
_WITHIN = {"镇", "乡", "街道"}  #: levels of organs that no region is
_OBJECT = ("涉及", "关于", "向", "对", "给", "由")


def another(head: str, organ: Organ) -> bool:
    """Whether a figure is not of ``organ`` but of another, as its sentence up to there tells.

    The departments of a county are parts of it: what they did is not another's in the county's own report.
    """
    place, level = organ
    if not place or (level not in _WITHIN and level != "部门"):
        return False
    found = next(reversed(list(_OTHER.finditer(head))), None)
    if found is None or (found["name"] and set(found["name"][1:]) <= {*place}):
        return False
    if found["wide"] and level not in _WITHIN and not _MANY.match(head, found.start("wide")):
        return False
    own = _OWN.search(head + "1", found.end())  # the figure itself stands behind
    return own is None or head.endswith(_OBJECT, 0, own.start())


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
