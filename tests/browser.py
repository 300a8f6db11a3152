"""Our pages in a real browser: a Chromium that notes every request and every complaint, and judges accessibility."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")


@contextmanager
def chromium() -> Iterator[Any]:
    """A headless Chromium (playwright's ``Browser``)."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        path = shutil.which("chromium")
        assert path, "chromium is not installed"
        browser = play.chromium.launch(executable_path=path, args=[*_QUIET, "--disable-sync", "--no-first-run"])
        yield browser
        browser.close()


@contextmanager
def opened(browser: Any, path: Path, width: int = 1200) -> Iterator[tuple[Any, list[str], list[str]]]:
    """The page at ``path``, the addresses that it asked for beside itself, what the console complained of."""
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(path.as_uri())
    asked.remove(path.as_uri())
    yield page, asked, said
    context.close()


def violations(page: Any) -> list[str]:
    """What axe-core holds against the page: rule, and where."""
    from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {node['html'][:120]}" for each in found for node in each["nodes"]]
