"""Where a result goes: what is no place for it is refused, and a file appears whole or not at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from checker.cause import cause
from checker.cli.exits import INTERRUPTED, UNREAD, USAGE, stop

if TYPE_CHECKING:
    from collections.abc import Callable


def refuse_output(output: Path, paths: list[Path]) -> None:
    """Stops when ``output`` is no place for a result: a folder, a link, or a file that is to be checked."""
    name = str(output)
    try:
        os.lstat(output)
    except FileNotFoundError:
        pass
    except OSError as error:
        stop(USAGE, f"--output {name} 不能写入：{cause(error)}；请另给一个文件名。")
    if os.path.islink(output):
        stop(USAGE, f"--output {name} 是一个链接，不写入；请给出文件本身。")
    if os.path.exists(output) and not os.path.isfile(output):
        stop(USAGE, f"--output {name} 不是普通文件，不能写入；请另给一个文件名。")
    if os.path.exists(output) and not os.access(output, os.W_OK):
        stop(UNREAD, f"--output {name} 是只读文件，没有写入；请另给一个文件名。")
    if not os.path.isdir(output.parent):
        stop(USAGE, f"--output {name}：它所在的文件夹不存在，请先建好文件夹。")
    if os.path.exists(output) and any(same_file(path, output) for path in found_reports(paths)):
        stop(USAGE, f"--output {name} 也是要检查的文件，不能覆盖；请另给一个文件名。")


def refuse_suffix(output: Path, suffixes: tuple[str, ...]) -> None:
    if output.suffix.lower() not in suffixes:
        stop(USAGE, f"--output {output}：文件名应以 {'、'.join(suffixes)} 结尾。")


def refuse_existing(output: Path, force: bool) -> None:
    if os.path.exists(output) and not force:
        stop(USAGE, f"--output {output} 已经有了，没有覆盖；要覆盖请加 --force，或者另给一个文件名。")


def found_reports(paths: list[Path]) -> Iterator[Path]:
    """The files to check in these files and folders."""
    from checker.batch import find

    return find(paths)


def same_file(path: Path, other: Path) -> bool:
    try:
        return path.samefile(other)
    except OSError:
        return False


def deliver_file(output: Path, content: bytes) -> None:
    """Writes a file that a command made, whole or not at all."""
    with destination(output) as write:
        write(content)


@contextmanager
def destination(output: Path | None) -> Iterator[Callable[[Any], object]]:
    """Where the result goes. A file appears whole or not at all; a reader of stdout that has gone is no error."""
    try:
        if output:
            with replacing(output) as write:
                yield write
        else:
            yield sys.stdout.write
            sys.stdout.flush()
    except BrokenPipeError:
        hush()
    except OSError as error:
        hush()
        name = f" {output}" if output else ""
        stop(UNREAD, f"结果没有写成{name}：{cause(error)}；原有文件未动。")
    except KeyboardInterrupt:
        stop(INTERRUPTED, "已中断，结果不完整。")


def hush() -> None:
    """Lets the interpreter's last flush of stdout go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def replacing(output: Path) -> Iterator[Callable[[str | bytes], object]]:
    """Writes beside ``output`` and moves into place at the end; the old file stays untouched when anything fails."""
    with beside(output) as temporary, open(temporary, "xb") as file:
        yield lambda part: file.write(part if isinstance(part, bytes) else part.encode("utf-8", "backslashreplace"))


@contextmanager
def beside(output: Path) -> Iterator[Path]:
    """A path for a file that takes the place of ``output`` once it is whole."""
    temporary = output.with_name(f".nianbao-{os.getpid()}.tmp")
    try:
        yield temporary
        with open(temporary, "rb+") as file:
            os.fsync(file.fileno())
        os.replace(temporary, output)
    finally:
        temporary.unlink(missing_ok=True)
