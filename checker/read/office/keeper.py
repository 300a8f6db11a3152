"""A program of its own: runs a command in a process group, and ends all of it in time, or when its own parent is gone.

    python keeper.py SECONDS FOLDER COMMAND...

Standard input is the parent: when it closes, the group is killed and FOLDER removed, for nobody else is left to do it.
Exit code: that of the command, 124 when the time was up.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading

_MEMORY = 4 << 30  #: bytes of address space


def main(seconds: float, folder: str, command: list[str]) -> int:
    _unbound()
    nowhere, orphaned = subprocess.DEVNULL, threading.Event()
    with subprocess.Popen(command, stdin=nowhere, stdout=nowhere, stderr=nowhere, start_new_session=True) as process:
        threading.Thread(target=_watch, args=(process, orphaned), daemon=True).start()
        try:
            code = process.wait(seconds)
        except subprocess.TimeoutExpired:
            code = 124
        finally:
            _end(process)
    if orphaned.is_set():
        shutil.rmtree(folder, ignore_errors=True)
    return code


def _watch(process: "subprocess.Popen[bytes]", orphaned: threading.Event) -> None:
    while os.read(0, 1024):
        pass
    orphaned.set()
    _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End the command and whatever it started."""
    if sys.platform == "win32":
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False)
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def _unbound() -> None:
    """A worker is bound for a parser of ours: far too tightly for an office suite."""
    if sys.platform != "win32":
        import resource

        bounds = {resource.RLIMIT_AS: _MEMORY, resource.RLIMIT_CPU: resource.RLIM_INFINITY, resource.RLIMIT_CORE: 0}
        for what, bound in bounds.items():
            hard = resource.getrlimit(what)[1]
            within = hard if bound < 0 else bound if hard < 0 else min(bound, hard)
            with contextlib.suppress(OSError, ValueError):
                resource.setrlimit(what, (within, hard))


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]), sys.argv[2], sys.argv[3:]))
