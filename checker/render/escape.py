"""What came from a file, made harmless: for a terminal, Markdown, JSON, XML, a build server; personal numbers masked.

For each danger a function; a renderer applies exactly one of them to every text that it did not write
itself, file names included.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from checker.late import late

#: controls (C0, DEL, C1), soft hyphen, zero-width, bidi overrides, line separators, surrogates, tags
_UNSEEN = late(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
#: by hand: the standard library's own loads its whole network code at each start
_XML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})
#: what JSON would print raw although it moves a cursor or turns a line round
_UNSAFE_JSON = late(
    "[\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
_NO_XML = late("[\ufffe\uffff]")
_ASCII = json.JSONEncoder(allow_nan=False)
_EXACT = json.JSONEncoder(allow_nan=False, ensure_ascii=False)
_MARKDOWN = late(r"[\\`*_\[\]<>#|!~&]")
_MOBILE = late(r"(?<![0-9０-９])([1１][3-9３-９][0-9０-９])[0-9０-９]{4}([0-9０-９]{4})(?![0-9０-９])")
_RESIDENT_ID = late(
    r"(?<![0-9０-９])([1-9１-９][0-9０-９]{5})[0-9０-９]{8}([0-9０-９]{3}[0-9０-９XxＸｘ])(?![0-9０-９])"
)


def visible(text: str) -> str:
    """``text`` with everything unseen written out: ESC as ␛, a bidi override as \\u{202e}, a stray byte as \\xff."""
    return _UNSEEN.sub(_picture, text)


def _picture(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    if 0xDC80 <= code <= 0xDCFF:  # a byte of a file name that is no UTF-8 (surrogateescape)
        return f"\\x{code - 0xDC00:02x}"
    return f"\\u{{{code:x}}}"


def terminal(text: str) -> str:
    """``visible``, and no workflow command (``::error::``, ``##vso[``) left in it, wherever a line may break."""
    return visible(text).replace("::", "：：").replace("##", "＃＃")


def command(text: str) -> str:
    """``text`` as the words of a workflow command: on one line, and no command of its own."""
    return terminal(text).replace("%", "%25")


def command_value(text: str) -> str:
    """``text`` as the value of a property of a workflow command, where colons and commas part."""
    return command(text).replace(":", "%3A").replace(",", "%2C")


def xml(text: str) -> str:
    """``visible``, as the text of an element or the value of an attribute; without what no XML may hold."""
    shown = _NO_XML.sub("\N{REPLACEMENT CHARACTER}", visible(text))
    return shown.translate(_XML)


def markdown(text: str) -> str:
    """``visible``, and no mark of Markdown left active: no table bar, link, tag, emphasis or automatic address.

    A @ stands in a code span: it makes no address and calls nobody, and it stays the sign that it is.
    """
    escaped = _MARKDOWN.sub(lambda match: "\\" + match[0], visible(text))
    return escaped.replace("://", ":\\//").replace("www.", "www\\.").replace("@", "`@`")


def code(text: str) -> str:
    """``text`` as a code span: exact wording, nothing in it active.

    Only a bar becomes ｜: Markdown readers disagree on what an escaped bar in a table's code span is.
    """
    shown = visible(text).replace("|", "｜")
    fence = "`" * (max((len(run) for run in re.findall("`+", shown)), default=0) + 1)
    pad = " " if shown[:1] in ("`", " ") or shown[-1:] in ("`", " ") else ""
    return f"{fence}{pad}{shown}{pad}{fence}" if shown else ""


_LONG_NUMBER = late("[0-9０-９]{11}")


def masked(text: str) -> str:
    """``text`` with the middle of mobile numbers and resident ids starred: what a shared result may quote."""
    if len(text) < 11 or not _LONG_NUMBER.search(text):
        return text
    return _RESIDENT_ID.sub(r"\1********\2", _MOBILE.sub(r"\1****\2", text))


def masked_all(value: Any) -> Any:
    """``value``, plain data, with personal numbers masked in all of its texts."""
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, Mapping):
        return {key: masked_all(inner) for key, inner in value.items()}
    return [masked_all(inner) for inner in value] if isinstance(value, list | tuple) else value


def masked_json(value: object) -> str:
    """``json_text`` of ``masked_all``; what has no long number at all, as most reports, is not gone through."""
    text = json_text(value)
    return json_text(masked_all(value)) if _LONG_NUMBER.search(text) else text


def json_text(value: object, *, ascii_only: bool = False) -> str:
    """``value`` as one line of JSON: exact when parsed, harmless when printed.

    ``ascii_only`` is for consoles that are not UTF-8: their own replacement would not be JSON any more.
    """
    if ascii_only:
        return _ASCII.encode(value)
    dumped = _encoded(value)
    return dumped if dumped.isprintable() else _UNSAFE_JSON.sub(_json_escape, dumped)


def _encoded(value: object) -> str:
    """As ``json`` writes it; an encoder made once writes a small value in half the time."""
    return "".join(_QUICK(value, 0)) if _QUICK else _EXACT.encode(value)


def _quick() -> Any:
    make = json.encoder.c_make_encoder  # type: ignore[attr-defined]
    return make and make(None, _EXACT.default, json.encoder.encode_basestring, None, ": ", ", ", False, False, False)


_QUICK = _quick()


def _json_escape(match: re.Match[str]) -> str:
    return json.dumps(match[0])[1:-1]
