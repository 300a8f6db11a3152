"""Old word processor files (.doc, .wps, .rtf, .odt): LibreOffice makes a .docx of them, which is read as any other.

LibreOffice says that all went well when it did not, and makes text of anything: what a file is gets decided here before
it is asked, and only the file that it should have written counts. Each call has a profile of its own, macros and
links switched off, and a keeper that ends it in time.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from checker.model import Document, Unreadable
from checker.read.archive import Archive, parse_xml
from checker.read.limits import LIMITS, Limits, ask_for
from checker.read.office import ole
from checker.read.office.docx import parse_docx

_SAVE = "请用 Word 或 WPS 打开，另存为 .docx 后重新检查。"
_TIME_UP = 124
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse">
<value>3</value></prop><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
<prop oor:name="DisableActiveContent" oor:op="fuse"><value>true</value></prop>
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update">
<prop oor:name="Link" oor:op="fuse"><value>2</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetProxyType" oor:op="fuse"><value>2</value></prop>
<prop oor:name="ooInetHTTPProxyName" oor:op="fuse"><value>127.0.0.1</value></prop>
<prop oor:name="ooInetHTTPProxyPort" oor:op="fuse"><value>9</value></prop>
<prop oor:name="ooInetHTTPSProxyName" oor:op="fuse"><value>127.0.0.1</value></prop>
<prop oor:name="ooInetHTTPSProxyPort" oor:op="fuse"><value>9</value></prop></item>
</oor:items>
"""


def parse_legacy(data: bytes, source: str, limits: Limits = LIMITS, *, suffix: str) -> Document:
    """A file that LibreOffice knows by ``suffix`` (doc, rtf, odt) as a Document.

    Raises Unreadable: those of ``converted`` and ``parse_docx``, ``doc-damaged``, ``encrypted``.
    """
    return replace(parse_docx(as_docx(data, limits, suffix), source, limits, recalculated=True), format=suffix)


def as_docx(data: bytes, limits: Limits, suffix: str) -> bytes:
    """The .docx that such a file becomes. Raises Unreadable: those of ``converted``, ``doc-damaged``, ``encrypted``."""
    if suffix == "doc":
        _require_word(data)
    elif suffix == "odt":
        _require_text(data, limits)
    return converted(data, suffix, limits)


def _require_word(data: bytes) -> None:
    """A document that Word or WPS wrote, by its main stream, and one without a password."""
    main = ole.streams(data).get("WordDocument", b"")
    if int.from_bytes(main[:2], "little") not in (0xA5EC, 0xA5DC):
        raise Unreadable("doc-damaged", "文件有损坏，里面没有 Word 文档的正文。", _SAVE)
    if main[11] & 1:
        raise Unreadable(
            "encrypted", "这个 Word 文档加了密码，读不了。", "请用 Word 或 WPS 打开，取消密码并另存后重新检查。"
        )


def _require_text(data: bytes, limits: Limits) -> None:
    """A package that cannot do more harm in LibreOffice than it could here, and one without a password."""
    package = Archive(data, limits)
    if b"encryption-data" in (package.read("META-INF/manifest.xml") or b""):
        raise Unreadable(
            "encrypted", "这个文档加了密码，读不了。", "请用 WPS 或 LibreOffice 打开，取消密码并另存后重新检查。"
        )
    for part in ("content.xml", "styles.xml"):
        if text := package.read(part):
            parse_xml(text, limits)


def converted(data: bytes, suffix: str, limits: Limits = LIMITS) -> bytes:
    """The .docx that LibreOffice makes of ``data``.

    Raises Unreadable ``no-libreoffice conversion-timeout conversion too-big``.
    """
    program = next(_programs(), None)
    if program is None:
        message = "这种文档（.doc、.wps、.rtf、.odt）要借助 LibreOffice 来读，这台电脑上没有找到它。"
        remedy = "请安装 LibreOffice（免费）后重新检查；或者用 Word、WPS 打开，另存为 .docx 后重新检查。"
        raise Unreadable("no-libreoffice", message, remedy)
    ask_for(limits.office)
    with tempfile.TemporaryDirectory(prefix="nianbao-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / f"in.{suffix}").write_bytes(data)
        user = folder / "profile" / "user"
        user.mkdir(parents=True)
        (user / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
        code = _run(program, folder, suffix, limits)
        made = folder / "out" / "in.docx"
        if code == _TIME_UP:
            message = f"LibreOffice 转换这个文件用了超过 {limits.office_wall:.0f} 秒，已停止。"
            raise Unreadable("conversion-timeout", message, _SAVE)
        if not made.is_file() or not made.stat().st_size:
            raise Unreadable("conversion", "LibreOffice 打不开这个文件，可能已经损坏。", _SAVE)
        if made.stat().st_size > limits.file_size:
            raise Unreadable(
                "too-big", "文件转换以后太大，没有读取。", "请去掉图片等附件，只保留报告正文，另存后重新检查。"
            )
        return made.read_bytes()


def _run(program: str, folder: Path, suffix: str, limits: Limits) -> int:
    """Let LibreOffice convert ``folder``/in.``suffix``, under a keeper; the exit code, which says little."""
    command = [
        program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore", "--nologo",
        "--nodefault", "--nolockcheck", "--nofirststartwizard", "--convert-to", "docx:MS Word 2007 XML",
        "--outdir", str(folder / "out"), str(folder / f"in.{suffix}"),
    ]  # fmt: skip
    keeper = [sys.executable, "-I", str(Path(__file__).with_name("keeper.py")), str(limits.office_wall), str(folder)]
    nowhere = subprocess.DEVNULL
    process = subprocess.Popen(
        [*keeper, *command], stdin=subprocess.PIPE, stdout=nowhere, stderr=nowhere, cwd=folder, env=_environment(folder)
    )
    try:
        return process.wait(limits.office_wall + 10)
    except subprocess.TimeoutExpired:
        return _TIME_UP
    finally:
        assert process.stdin
        process.stdin.close()  # the keeper ends LibreOffice, if it still runs, and itself
        process.wait()


def _environment(folder: Path) -> Mapping[str, str]:
    """What LibreOffice needs to start, and no way to the network."""
    kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    nowhere = "http://127.0.0.1:9"
    return {**kept, "HOME": str(folder), "http_proxy": nowhere, "https_proxy": nowhere, "SAL_USE_VCLPLUGIN": "svp"}


def _programs() -> Iterator[str]:
    """Where LibreOffice may be: the usual places of Windows and macOS, then the PATH (never the current folder)."""
    for variable in ("ProgramFiles", "ProgramFiles(x86)"):
        if sys.platform == "win32" and (base := os.environ.get(variable)):
            yield from _there(Path(base) / "LibreOffice" / "program" / "soffice.com")
    if sys.platform == "darwin":
        yield from _there(Path("/Applications/LibreOffice.app/Contents/MacOS/soffice"))
    for name in ("soffice", "libreoffice"):
        found = shutil.which(name)
        if found and Path(found).is_absolute() and Path(found).parent != Path.cwd():
            yield found


def _there(path: Path) -> Iterator[str]:
    if path.is_file():
        yield str(path)
