"""What our pages share: templates escaped by default, styles with the policy that lets only them in, text with marks.

A page is one file, asks nothing of the network and runs no script but its own. Whatever came from a report goes
through ``show``.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from checker.late import late
from checker.render.escape import masked, visible
from checker.render.marked import Data, Text, marked

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

_ACTIVE = late("[<>&\u2028\u2029\ud800-\udfff]")


@cache
def environment() -> Environment:
    """The templates of ``checker/render/templates``; ``show`` makes text visible and masks personal numbers."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader("checker.render", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["show"] = show
    return made


def show(text: object) -> str:
    """Text of a report as it may stand in a shared page, still to be escaped."""
    return visible(masked(str(text)))


def fill(template: str, **values: Any) -> str:
    """A template filled in."""
    return environment().get_template(template).render(**values)


@cache
def style(*names: str) -> str:
    """Style sheets of the templates' folder, as one text."""
    loader, found = environment().loader, environment()
    assert loader is not None
    return "\n".join(loader.get_source(found, name)[0].strip() for name in names)


def stream(template: str, **values: Any) -> Iterator[str]:
    """A template filled in, in parts: what it loops over is fetched as it goes."""
    parts = environment().get_template(template).stream(**values)
    parts.enable_buffering(64)
    return iter(parts)


def policy(css: str, script: str = "") -> str:
    """The content of a page's Content-Security-Policy: this style, this script, and nothing else."""
    own = f" script-src {_hashed(script)};" if script else ""
    return f"default-src 'none'; style-src {_hashed(css)};{own} base-uri 'none'; form-action 'none'"


def _hashed(source: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()}'"


def script_json(value: object) -> Markup:
    """``value`` as JSON between script tags: nothing in it ends the element or a line."""
    from markupsafe import Markup

    dumped = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup(_ACTIVE.sub(lambda match: f"\\u{ord(match[0]):04x}", dumped))


def text(source: Sequence[Data], findings: Sequence[Data], prefix: str = "") -> tuple[str, Sequence[tuple[str, ...]]]:
    """A report's text and tables as HTML with its findings marked, to be styled by ``marked.css``.

    ``source``: as of ``marked.blocks``; ``findings``: verdicts as in JSON, gravest first. The number of finding n (from
    1) links to ``#<prefix>f<n>``. The second result: for each finding the ids to link to, none when it has no place.
    """
    found: Text = marked(source, findings, prefix)
    html = fill("marked.html", blocks=found.blocks, findings=findings, prefix=prefix, kind=kind)
    return html, found.places


def kind(verdict: Data) -> str:
    """What a finding is called: its severity when it failed, else ``review``, ``broken`` or ``waived``."""
    return str(verdict["severity"] if verdict["state"] == "fail" else verdict["state"])
