"""textlint with the presence patterns of the pack as one rule file, in a folder of its own."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

RULE = """
const facts = %s.map(([id, patterns]) => [id, patterns.map((source) => new RegExp(source, "m"))]);
module.exports = (context) => {
  const { Syntax, RuleError, report, getSource } = context;
  return {
    [Syntax.Document](node) {
      const text = getSource(node);
      for (const [id, patterns] of facts) {
        if (!patterns.some((pattern) => pattern.test(text))) report(node, new RuleError("missing " + id));
      }
    },
  };
};
"""


def install(folder: Path) -> tuple[str, ...] | None:
    """The command that lints a folder given to it, or None when npm is missing or fails."""
    npm, home = shutil.which("npm"), folder / "textlint"
    if npm is None:
        return None
    (home / "rules").mkdir(parents=True)
    (home / "package.json").write_text('{"private": true}', encoding="utf-8")
    done = subprocess.run([npm, "install", "--silent", "--no-audit", "--no-fund", "textlint"], cwd=home, check=False)
    if done.returncode:
        return None
    (home / "rules" / "presence.js").write_text(RULE % json.dumps(presence(), ensure_ascii=False), encoding="utf-8")
    (home / ".textlintrc.json").write_text('{"rules": {"presence": true}}', encoding="utf-8")
    options = ("--config", str(home / ".textlintrc.json"), "--rulesdir", str(home / "rules"), "--format", "json")
    return (str(home / "node_modules/.bin/textlint"), *options)


def presence() -> list[tuple[str, list[str]]]:
    """Fact -> its patterns as JavaScript writes them; a pattern that JavaScript cannot express is left out."""
    from checker import pack

    found = []
    for spec in pack.load().facts.readable:
        sources = [script(r.patterns[0].expanded) for r in spec.readings if r.patterns and not r.under]
        if kept := [source for source in sources if source]:
            found.append((spec.id, kept))
    return found


def script(source: str) -> str | None:
    """A Python pattern as a JavaScript one; names of groups go, since JavaScript wants them unique."""
    if re.search(r"\(\?P=|\(\?[>(]|\\p\{|[*+?]\+", source):
        return None
    return re.sub(r"\(\?P<\w+>", "(", source).replace("(?m)", "")
