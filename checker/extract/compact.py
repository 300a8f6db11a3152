"""Raw wording -> the compact text that patterns see, and the way back. See docs/design.md section 2."""

from __future__ import annotations

from checker.late import late
from checker.model import Line, Origin

_PLAIN = {code + 0xFEE0: code for code in (*range(0x30, 0x3A), *range(0x41, 0x5B), *range(0x61, 0x7B))}
_PLAIN |= {ord(full): ord(half) for full, half in zip("．－％／＋＝＠＿～", ".-%/+=@_~", strict=True)}
_PLAIN |= {ord(half): ord(full) for half, full in zip(";()!?", "；（）！？", strict=True)}
#: of the usual words in traditional characters (行政復議, 收費, 問題), those that no simplified text has
_TRADITIONAL = (
    "復議訴訟開請費減問題進動時條數無沒會發與關應結轉對處導個萬電話郵編區縣鎮鄉務報總計統號點網機構單書業員據規範類設專欄聞佈"
    "傳門辦產徵檢複製維糾錯決審銷經濟從為這內間簡稱歷現將黨眾長當備項於過際隨領體寫屬廣強執標權監確積級組給續繼聯職舉見視認證"
    "負責資財贊階擬圍實後來還種難響選達運護變調論質農險"
)
_SIMPLIFIED = (
    "复议诉讼开请费减问题进动时条数无没会发与关应结转对处导个万电话邮编区县镇乡务报总计统号点网机构单书业员据规范类设专栏闻布"
    "传门办产征检复制维纠错决审销经济从为这内间简称历现将党众长当备项于过际随领体写属广强执标权监确积级组给续继联职举见视认证"
    "负责资财赞阶拟围实后来还种难响选达运护变调论质农险"
)
_PLAIN |= {ord(old): ord(new) for old, new in zip(_TRADITIONAL, _SIMPLIFIED, strict=True)}
#: what _PLAIN changes: to look for it takes a tenth of the time of translating a line
_CHANGED = late(f"[０-９Ａ-Ｚａ-ｚ．－％／＋＝＠＿～;()!?{_TRADITIONAL}]")
_COMMA = late(r"(?<!\d),|,(?!\d)")
_COLON = late(r":(?!//)(?!\d\d(?!\d))|(?<!\d):(?!//)")
_INVISIBLE = "\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\x00-\x08\x0e-\x1f\x7f-\x9f"
_POINT = late(r"(?<=[\u4e00-\u9fff）])\.(?![\w])")
_DROP = late(rf"[{_INVISIBLE}]+|[\s\u3000]+")
_WORDS = late(r"[0-9A-Za-z]")


def compact(raw: str) -> tuple[str, tuple[int, ...] | None]:
    """The compact form of one paragraph, and for each of its characters the offset in ``raw``.

    The offsets are None when nothing was dropped.
    """
    text = raw.translate(_PLAIN) if _CHANGED.search(raw) else raw
    if "," in text:
        text = _COMMA.sub("，", text)
    if "." in text:
        text = _POINT.sub("。", text)
    if ":" in text:
        text = _COLON.sub("：", text)
    if " " not in text and text.isprintable():  # what is dropped is no printable character, the blank aside
        return text, None
    pieces: list[str] = []
    starts: list[int] = []
    at = 0
    for gap in _DROP.finditer(text):
        pieces.append(text[at : gap.start()])
        starts.extend(range(at, gap.start()))
        at = gap.end()
        blank = gap[0].isspace() and gap.start() > 0 and at < len(text)
        if blank and _WORDS.match(text[gap.start() - 1]) and _WORDS.match(text[at]):
            pieces.append(" ")
            starts.append(gap.start())
    if not at:
        return text, None
    pieces.append(text[at:])
    starts.extend(range(at, len(text)))
    return "".join(pieces), tuple(starts)


def line(raw: str, number: int = 1, **place: object) -> Line:
    """A Line over ``raw`` that began on source line ``number``."""
    text, starts = compact(raw)
    return Line(text, raw, (Origin(0, number),), starts=starts, **place)  # type: ignore[arg-type]
