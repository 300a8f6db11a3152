"""The generated pages are fresh, and the pages in docs/ name every command, option, state and exit code."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import typer.main

from checker import docs
from checker.cli import COMMANDS, app, made
from checker.kinds import KINDS
from checker.model import Pack
from checker.pack import load
from checker.render import rulebook
from checker.render.view import WORDS

STATES = ("given", "absent", "blank", "malformed", "unread")
CHECK = "".join((Path(docs.FOLDER).parent / name).read_text(encoding="utf-8") for name in ("check.md", "gate.md"))


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load()


def test_generated_pages_are_fresh(pack: Pack) -> None:
    wanted = docs.pages(pack)
    written = {path.name: path.read_text(encoding="utf-8") for path in docs.FOLDER.glob("*.md")}
    assert sorted(written) == sorted(wanted), "run python -m checker.docs"
    stale = [name for name, text in wanted.items() if written[name] != text]
    assert not stale, "run python -m checker.docs"


def test_every_rule_has_its_part_and_every_link_leads_somewhere(pack: Pack) -> None:
    pages = docs.pages(pack)
    for rule in pack.rules:
        assert f'<a id="{rule.id.lower()}"></a>' in pages[f"{rule.topic.lower()}.md"]
    for text in pages.values():
        for name, anchor in re.findall(r"\]\(([a-z0-9]+\.md)(?:#([a-z0-9-]+))?\)", text):
            assert name in pages
            assert not anchor or f'<a id="{anchor}"></a>' in pages[name]


def test_every_clause_stands_on_the_clause_page(pack: Pack) -> None:
    text = docs.clause_page(pack).replace("\\", "")
    missing = [clause.clause for clause in pack.basis.values() if clause.clause not in text]
    assert not missing


def test_every_topic_has_a_title(pack: Pack) -> None:
    assert {rule.topic for rule in pack.rules} <= set(pack.topics)


def test_stale_pages_are_removed(pack: Pack, tmp_path: Path) -> None:
    (tmp_path / "gone.md").write_text("x", encoding="utf-8")
    docs.write(pack, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == set(docs.pages(pack))


def test_every_kind_is_explained() -> None:
    assert set(rulebook.KINDS) == set(KINDS)


def every_command() -> list[tuple[str, Any]]:
    """Every command by name, those below others too."""
    found = [(name, made(name)) for name in COMMANDS]
    for name, command in found:  # grows as we go
        found += [(f"{name} {child}", below) for child, below in getattr(command, "commands", {}).items()]
    return [("", typer.main.get_command(app)), *found]


def commands() -> list[tuple[str, list[str]]]:
    """Every command with its options, as the command line has them."""
    return [(name, [o for p in c.params for o in p.opts if o.startswith("-")]) for name, c in every_command()]


def pages_on(name: str) -> str:
    """All pages of docs/ that name a command; check.md for the program itself."""
    pages = (path.read_text(encoding="utf-8") for path in sorted(docs.FOLDER.parent.glob("*.md")))
    return "\n".join(page for page in pages if f"nianbao {name}" in page) if name else CHECK


@pytest.mark.parametrize(("name", "options"), commands())
def test_every_command_and_option_is_documented(name: str, options: list[str]) -> None:
    text = pages_on(name)
    assert text, name
    for option in options:
        assert re.search(rf"`(?:[^`]* )?{re.escape(option)}[ `]|nianbao [^\n]* {re.escape(option)}\b", text), option


def test_every_command_and_option_has_help() -> None:
    for _, command in every_command():
        assert command.help
        assert all(p.help for p in command.params if p.opts and p.opts[0].startswith("-") and p.name != "help")


@pytest.mark.parametrize(
    "word",
    ["must", "should", "info", "review", "broken", "pass", "fail", "unknown", "n/a", "waived", *STATES],
)
def test_every_state_is_explained(word: str) -> None:
    assert f"| {WORDS[word][0]} |" in CHECK or f"| {rulebook.STATES.get(word, '')} |" in CHECK


@pytest.mark.parametrize("code", [0, 1, 2, 3, 4, 5, 130])
def test_every_exit_code_is_explained(code: int) -> None:
    assert f"\n| {code} |" in CHECK
