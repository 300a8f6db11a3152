"""Raw wording -> the compact text that patterns see, and the way back. See docs/design.md section 2."""

from __future__ import annotations

from checker.late import late
from checker.model import Line, Origin

_WIDTH = {code + 0xFEE0: code for code in (*range(0x30, 0x3A), *range(0x41, 0x5B), *range(0x61, 0x7B))}
_WIDTH |= {ord(full): ord(half) for full, half in zip("．－％／＋＝＠＿～", ".-%/+=@_~", strict=True)}
_WIDTH |= {ord(half): ord(full) for half, full in zip(";()!?", "；（）！？", strict=True)}
#: what _WIDTH changes: to look for it takes a tenth of the time of translating a line
_CHANGED = late("[０-９Ａ-Ｚａ-ｚ．－％／＋＝＠＿～;()!?]")
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
    text = raw.translate(_WIDTH) if _CHANGED.search(raw) else raw
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
