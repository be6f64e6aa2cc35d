"""What a supervisor wraps around itself, so that no way of ending it leaves a process behind.

Three ways: a signal asks it to stop; its owner (a `demo`) dies and the pipe between them closes; it is killed outright,
and the warden does what it no longer can.

Strange: a request to stop is raised as `SystemExit` wherever the program happens to be, so that every wait ends at once
and every `finally` is run. A second request changes nothing.
"""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Final

from infra.local import warden

REQUESTS: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
STAY: Final = b"stay"
STDIN: Final = 0


@contextmanager
def guarded() -> Iterator[None]:
    """Leads a process group of its own that cannot outlive this process."""
    if os.getpgrp() != os.getpid():
        os.setsid()
    script = [sys.executable, "-I", "-S", warden.__file__, str(os.getpgrp())]
    watcher = subprocess.Popen(script, stdin=subprocess.PIPE, start_new_session=True)
    try:
        yield
    finally:
        with suppress(BrokenPipeError):
            watcher.communicate(warden.GOODBYE)


def stop_on_request() -> None:
    """From here on a signal that asks this process to stop raises `SystemExit`, once."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        for request in REQUESTS:
            signal.signal(request, signal.SIG_IGN)
        raise SystemExit(0)

    for request in REQUESTS:
        signal.signal(request, stop)


def stop_with_owner() -> None:
    """Asks this process to stop when standard input closes, unless whoever started it said `STAY` first."""

    def wait() -> None:
        # Not through sys.stdin: its lock, held by a thread that waits, would break the interpreter's own end.
        if os.read(STDIN, len(STAY)) != STAY:
            os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, name="owner", daemon=True).start()
