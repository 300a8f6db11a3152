"""Names of organs, taken apart: 砚川县青石镇人民政府 is 青石镇 of 砚川县, however it is written."""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator

from checker.late import late

_AREA = late(r"[省市县区旗州盟]")
#: what may be left out at the end of a name, and how one kind of office writes itself in several ways
_ENDS = (
    (late(r"(?<=[镇乡木道])(?:人民政府|政府)?(?:党政综合办公室|党政办公室|党政办|办公室)$"), ""),
    (late(r"(?<=[镇乡木省市县区旗州盟])(?:人民)?政府$"), ""),
    (late(r"(?:街道?)?办事处$|街道?办$"), "街道"),
)
#: what is left of a name cut in its middle: 老城区街道 is no 街道 of 老城区
_KINDS = frozenset(("街道", "中心", "苏木", "委员会", "开发区", "管委会", "民族乡", "分局"))
_DESK = late(
    r"(?:本|我)?(?:镇|乡|街道|县|区|市|局)?(?:党政|综合|政府|人民政府|党政综合|信息公开)*(?:办公室|办|科|股|中心)"
)
_TOWN = late(r"(?:镇|乡|苏木|街道)$")


def folded(name: str) -> str:
    """A name as it is compared: half-width, without blanks, brackets and what governments add at the end."""
    text = re.sub(r"\(.*?\)|\s", "", unicodedata.normalize("NFKC", name))
    for pattern, end in _ENDS:
        text = pattern.sub(end, text)
    return text


def splits(name: str) -> Iterator[tuple[str, str]]:
    """Every way to read a name as (area before it, the office's own name), the whole name first.

    砚川县市场监督管理局 gives ("", all of it), (砚川县, 市场监督管理局), and (砚川县市, ...), which nobody has.
    """
    text = folded(name)
    if text:
        yield "", text
    for match in _AREA.finditer(text):
        core = text[match.end() :]
        if match.start() and len(core) >= 2 and core not in _KINDS:
            yield text[: match.end()], core


def is_desk(name: str) -> bool:
    """Whether a name says only which desk answers the phone (党政办公室), and not of which office."""
    return bool(_DESK.fullmatch(folded(name)))


class Index:
    """Offices by their names, with and without the area before them. ``county``: the area of names that have none.

    Twenty bytes a name, since a province has many: a hash of 64 bits stands for the name, in order.
    """

    def __init__(self, county: str = "") -> None:
        self.county = folded(county)
        self.areas: Counter[str] = Counter()  #: what stands before names, and how often
        self._places = {self.county: 0}  #: every area, numbered
        self._marks, self._offices, self._where = array("q"), array("I"), array("I")

    def add(self, name: str, office: int) -> None:
        """``office`` is called so, among others."""
        for area, core in splits(name):
            at = bisect_right(self._marks, hash(core))
            self._marks.insert(at, hash(core))
            self._offices.insert(at, office)
            self._where.insert(at, self._places.setdefault(area or self.county, len(self._places)))
            if area:
                self.areas[area] += 1

    def exact(self, core: str) -> set[int]:
        """The offices of which a name, or its end after the area, reads so."""
        return set(self._offices[self._met(core)])

    def find(self, name: str) -> set[int]:
        """The offices that can be meant: those of the longest part of the name that anyone has."""
        for area, core in splits(name):
            met = self._met(core)
            if offices := self._offices[met]:
                places = list(self._places)
                pairs = zip(self._where[met], offices, strict=True)
                if found := {office for place, office in pairs if _agree(area, places[place], core)}:
                    return found
        return set()

    def _met(self, core: str) -> slice:
        """Where the offices stand of which a name, or its end, reads so."""
        return slice(bisect_left(self._marks, hash(core)), bisect_right(self._marks, hash(core)))


def one_office(name: str, other: str) -> bool:
    """Whether two names can be those of one office."""
    return any(core == its and _agree(area, place, core) for area, core in splits(other) for place, its in splits(name))


def _agree(one: str, other: str, core: str) -> bool:
    """Whether two areas can be the same: one is not written, or the shorter is the end of the longer.

    A city before a town may be the prefecture, which says nothing of the county; a bureau of the city is another one.
    """
    if not one or not other or one.endswith(other) or other.endswith(one):
        return True
    return bool(_TOWN.search(core)) and (one[-1] in "省市州盟" or other[-1] in "省市州盟")
