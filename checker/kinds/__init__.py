"""The closed list of check kinds: each a function ``kind(case, *, <parameters>) -> Iterable[Outcome]``.

A kind's keyword-only parameters are those of its definition in ``rules/pack.schema.json``. It yields outcomes and words
nothing, does no I/O, reads no clock and holds no state.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from ..model import Outcome
from .across import likeness, recurring, unchanged
from .equations import identity
from .facts import agreement, date, format, number, presence
from .others import level_words, private, strangers
from .outline import section, sequence
from .prose import density, punctuation, typos, years
from .sums import itemised
from .tables import table
from .tallies import tally
from .timing import period, timeline
from .words import statement, wording

KINDS: Mapping[str, Callable[..., Iterable[Outcome]]] = {
    "agreement": agreement,
    "date": date,
    "density": density,
    "format": format,
    "identity": identity,
    "itemised": itemised,
    "level_words": level_words,
    "likeness": likeness,
    "number": number,
    "period": period,
    "presence": presence,
    "recurring": recurring,
    "section": section,
    "sequence": sequence,
    "private": private,
    "punctuation": punctuation,
    "statement": statement,
    "strangers": strangers,
    "table": table,
    "tally": tally,
    "timeline": timeline,
    "typos": typos,
    "unchanged": unchanged,
    "wording": wording,
    "years": years,
}
