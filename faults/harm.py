"""What can be done to one process: kill it, freeze it, wake it, ask it to leave, leave its disk no room.

Whether it was done is looked at, because a fault that was not done would prove anything. It knows no part by name.
"""

import os
import resource
import signal
from contextlib import suppress
from typing import Final

import psutil

from infra.local import health

SIGNALS: Final = {
    "kill": signal.SIGKILL, "stop": signal.SIGTERM, "freeze": signal.SIGSTOP, "thaw": signal.SIGCONT
}  # fmt: skip
DEAD: Final = (psutil.STATUS_DEAD, psutil.STATUS_ZOMBIE)
SEEN: Final = {"kill": DEAD, "freeze": (psutil.STATUS_STOPPED, *DEAD)}
"""What the process is afterwards; one that was asked to leave takes its time."""
WITHIN_S: Final = 5.0


class UnhurtError(Exception):
    """A process is as it was."""


def send(pid: int | None, act: str) -> None:
    """Does `act` to the process, if there is one; returns when it shows. Raises `UnhurtError` when it does not."""
    if pid is None:
        return
    with suppress(ProcessLookupError):
        os.kill(pid, SIGNALS[act])
    if act in SEEN and not health.wait_until(lambda: _status(pid) in SEEN[act], within_s=WITHIN_S):
        sentence = f"the process {pid} is {_status(pid)} {WITHIN_S:.0f} s after `{act}`"
        raise UnhurtError(sentence)


def leave_room(pid: int | None, *, room: bool) -> None:
    """Whether the process may write to files: the nearest to a full disk that needs no disk.

    The kernel answers EFBIG, not ENOSPC, and a signal that Python and Java ignore; what is open stays open.
    """
    if pid is not None:
        most_bytes = resource.RLIM_INFINITY if room else 0
        with suppress(ProcessLookupError):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (most_bytes, resource.RLIM_INFINITY))


def _status(pid: int) -> str:
    try:
        return psutil.Process(pid).status()
    except psutil.NoSuchProcess:
        return psutil.STATUS_DEAD
