"""An installed nianbao runs: from a wheel, from an editable install and from the checkout, each with its own rules."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

from checker import __version__

ROOT = Path(__file__).parent.parent
SEED = ROOT / "seeds" / "004_14d34a97cf6986a8.txt"


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Runs a command away from the checkout, with caches of its own; what it said comes with its failure."""
    env = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "COVERAGE_PROCESS_START")}
    env |= {"XDG_CACHE_HOME": str(cwd / "cache"), "PYTHONUTF8": "1"}
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, f"{command}: {done.returncode}\n{done.stdout}{done.stderr}"
    return done


def room(folder: Path) -> Path:
    """The python of a new environment that sees the runtime libraries of this one, but not its nianbao first."""
    venv.create(folder, with_pip=False)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    paths = {"base": str(folder), "platbase": str(folder)}
    site = Path(sysconfig.get_path("purelib", scheme="venv", vars=paths))
    (site / "zz_runtime.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return python


def install(python: Path, *what: str | Path, cwd: Path) -> Path:
    """Installs without any look at a registry; the folder of the commands."""
    pip = (sys.executable, "-m", "pip", "--python", python, "install", "-q", "--no-index", "--no-deps")
    run(*pip, "--no-build-isolation", "--no-cache-dir", *what, cwd=cwd)
    return python.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], cwd=ROOT, check=True)
    (found,) = folder.glob("*.whl")
    return found


def rules_used(python: Path, cwd: Path) -> Path:
    code = "from checker.pack.files import rules_home; print(rules_home())"
    return Path(run(python, "-c", code, cwd=cwd).stdout.strip())


def verdicts(command: Path, cwd: Path) -> int:
    """How many rules the command ``nianbao`` judged one seed by."""
    result = json.loads(run(command, "check", SEED, "--format", "json", "--fail-on", "never", cwd=cwd).stdout)
    return len({verdict["rule"] for report in result["reports"] for verdict in report["verdicts"]})


def test_a_wheel_brings_its_rules(wheel: Path, tmp_path: Path) -> None:
    python = room(tmp_path / "venv")
    commands = install(python, wheel, cwd=tmp_path)
    home = rules_used(python, tmp_path)
    assert home.name == "_rules"
    assert home.is_relative_to(tmp_path)
    assert verdicts(commands / "nianbao", tmp_path) > 50
    assert __version__ in run(commands / "nianbao", "--version", cwd=tmp_path).stdout


def test_an_editable_install_uses_the_rules_of_the_checkout(tmp_path: Path) -> None:
    python = room(tmp_path / "venv")
    commands = install(python, "-e", ROOT, cwd=tmp_path)
    assert rules_used(python, tmp_path) == ROOT / "rules"
    assert verdicts(commands / "nianbao", tmp_path) > 50


def test_a_checkout_uses_its_rules(tmp_path: Path) -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); from checker.pack.files import rules_home; print(rules_home())"
    )
    assert Path(run(sys.executable, "-c", code, cwd=tmp_path).stdout.strip()) == ROOT / "rules"


def test_a_wheel_holds_the_package_and_the_rules_and_nothing_else(wheel: Path) -> None:
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    rules = {f"checker/_rules/{path.relative_to(ROOT / 'rules').as_posix()}" for path in (ROOT / "rules").rglob("*.*")}
    code = {
        path.relative_to(ROOT).as_posix()
        for kind in ("py", "json", "html", "css", "js")
        for path in (ROOT / "checker").rglob(f"*.{kind}")
    }
    assert names == rules | code
    assert any(name.endswith("/licenses/LICENSE") for name in zipfile.ZipFile(wheel).namelist())


# --- locks ------------------------------------------------------------------------------------------------------------

PIN = re.compile(
    r"^([a-z0-9-]+)==(\S+)((?: ; [^\\\n]+)?) \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE
)


def pins(name: str) -> dict[str, str]:
    return {match[1]: match[2] for match in PIN.finditer((ROOT / name).read_text(encoding="utf-8"))}


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-ocr.lock", "requirements-dev.lock"])
def test_locks_are_hashed_pins_and_nothing_else(name: str) -> None:
    """No registry, no address, no option, no unhashed line."""
    text = (ROOT / name).read_text(encoding="utf-8")
    assert len(pins(name)) > 15
    assert PIN.sub("", text) == ""


def test_locks_hold_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [re.split(r"[><=~ ]", need)[0].lower() for need in project["project"]["dependencies"]]
    dev = [re.split(r"[><=~ ]", need)[0].lower() for need in project["dependency-groups"]["dev"]]
    assert set(wanted) <= pins("requirements.lock").keys()
    assert set(dev) <= pins("requirements-dev.lock").keys()
    assert pins("requirements.lock").items() <= pins("requirements-ocr.lock").items()
    assert pins("requirements-ocr.lock").items() <= pins("requirements-dev.lock").items()
