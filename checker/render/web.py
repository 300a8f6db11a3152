"""What our pages share: templates escaped by default, styles with the policy that lets only them in, text with marks.

A page is one file, asks nothing of the network and runs no script. Whatever came from a report goes through ``show``.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from checker.render.escape import masked, visible
from checker.render.marked import Data, Text, marked

if TYPE_CHECKING:
    from jinja2 import Environment


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


def policy(css: str) -> str:
    """The content of a page's Content-Security-Policy: this style and nothing else."""
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def text(source: Sequence[Data], findings: Sequence[Data], prefix: str = "") -> tuple[str, Sequence[tuple[str, ...]]]:
    """A report's text and tables as HTML with its findings marked, to be styled by ``marked.css``.

    ``source``: as of ``marked.blocks``; ``findings``: verdicts as in JSON, gravest first. The number of finding n (from
    1) links to ``#<prefix>f<n>``. The second result: for each finding the ids to link to, none when it has no place.
    """
    found: Text = marked(source, findings, prefix)
    html = fill("marked.html", blocks=found.blocks, findings=findings, prefix=prefix, kind=kind)
    return html, found.places


def kind(verdict: Data) -> str:
    """What a finding is called: its severity when it failed, else ``review`` or ``broken``."""
    return str(verdict["severity"] if verdict["state"] == "fail" else verdict["state"])
