"""HTML."""

from __future__ import annotations

from checker.model import Document
from checker.read.limits import LIMITS, Limits
from checker.read.text import parse_text


def parse_html(text: str, source: str, limits: Limits = LIMITS) -> Document:
    return parse_text(text, source, limits)
