"""Owns the processes of the stack: starts them, waits until they are well, starts the fallen again, ends them all.

It knows nothing of Kafka or Faust; a `Part` says how it starts and how it shows that it is well. All children live in
the supervisor's own process group, which is what the warden (`guard`) ends should the supervisor itself be killed.
"""

import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import psutil
from msgspec import Struct

from infra.local import health
from infra.local.faults import CannotStartError, PortTakenError
from infra.local.parts import Part
from infra.local.patience import wait_before_restart

BETWEEN_LOOKS_S: Final = 0.05
"""Between two looks at who fell: it is waited for twice, until a fall is seen and until the pause after it is over."""
GRACE_S: Final = 12.0
IN_USE: Final = "address already in use"
"""What every part writes, in these words or with a capital, when its port is somebody else's."""


class Child(Struct):
    """A part, its present process, and when its processes died."""

    part: Part
    process: subprocess.Popen[bytes]
    began: float
    """When it was first started, as `time.monotonic` counts."""
    deaths: tuple[float, ...] = ()
    again_at: float | None = None


class Supervisor:
    """The processes of one stack, in the order in which they were started."""

    def __init__(self, logs: Path, tell: Callable[[str], None]) -> None:
        self._logs = logs
        self._tell = tell
        self._children: dict[str, Child] = {}
        logs.mkdir(parents=True, exist_ok=True)

    @property
    def pids(self) -> dict[str, int]:
        """The present process of each part, and this one."""
        return {"supervisor": os.getpid()} | {name: child.process.pid for name, child in self._children.items()}

    def start(self, part: Part) -> None:
        """Starts `part` and does not wait for it."""
        process = self._spawn(part.name, part.command, part.environment, "wb")
        self._children[part.name] = Child(part, process, time.monotonic())

    def await_well(self, name: str) -> None:
        """Returns when the part is well.

        Raises `CannotStartError` when it dies first or takes too long, `PortTakenError` when its port was the cause.
        """
        child = self._children[name]

        def died() -> bool:
            return child.process.poll() is not None

        def well() -> bool:
            return _listens(child.process.pid, child.part.port) and child.part.is_well(child.part.port)

        if not health.wait_until(well, within_s=child.part.within_s, unless=died):
            code, patience = child.process.poll(), child.part.within_s
            how = f"was not well within {patience:.0f} s" if code is None else f"ended with code {code}"
            sentence = f"The part {name} {how}: read {self._log(name)} and start again."
            # The log is asked and not the port: whoever took it may be gone by now.
            was_taken = IN_USE in self._log(name).read_text(errors="replace").lower()
            raise (PortTakenError if was_taken else CannotStartError)(sentence)
        self._tell(f"{name} is well after {time.monotonic() - child.began:.1f} s")

    def run_once(self, name: str, command: tuple[str, ...], environment: Mapping[str, str]) -> None:
        """Runs a command of the stack's environment to its end.

        Raises `CannotStartError` when it fails.
        """
        process = self._spawn(name, command, environment, "wb")
        if process.wait() != 0:
            sentence = f"The step {name} ended with code {process.returncode}: read {self._log(name)} and start again."
            raise CannotStartError(sentence)

    def watch(self, told: Callable[[], None], over: Callable[[], bool] = lambda: False) -> None:
        """Starts again whatever falls, until asked to stop or `over`; `told` is called after each change of a process.

        Raises `CannotStartError` when a part falls again and again.
        """
        while not over():
            time.sleep(BETWEEN_LOOKS_S)
            now = time.monotonic()
            for name, child in tuple(self._children.items()):
                if self._children.get(name) is not child:
                    continue  # let go while this look went on
                if child.again_at is None and (code := child.process.poll()) is not None:
                    self._mourn(name, child, code, now)
                elif child.again_at is not None and now >= child.again_at:
                    child.again_at = None
                    child.process = self._spawn(name, child.part.command, child.part.environment, "ab")
                    told()

    def let_go(self, name: str) -> subprocess.Popen[bytes]:
        """Watches over a part no longer, and answers with its process: it is the caller's to end or to mourn."""
        return self._children.pop(name).process

    def forgive(self) -> None:
        """Deaths so far count no more: the next one is the first."""
        for child in self._children.values():
            child.deaths = ()

    def stop_all(self) -> None:
        """Ends every process of the stack, the stores after those who use them, and returns when none is left."""
        running = [child for child in self._children.values() if child.process.poll() is None]
        for last in (False, True):
            end([psutil.Process(child.process.pid) for child in running if child.part.ends_last is last])
        # A process whose start was interrupted before it was noted above is still a child of this one, and so is
        # the warden; but that one has a group of its own, and stays: the stack may be started once more.
        end([child for child in psutil.Process().children(recursive=True) if _is_of_our_group(child.pid)])
        for child in running:
            child.process.wait()
        self._children.clear()

    def _mourn(self, name: str, child: Child, code: int, now: float) -> None:
        child.deaths = (*child.deaths, now)
        wait_s = wait_before_restart(child.deaths, now)
        if wait_s is None:
            fell = f"The part {name} fell {len(child.deaths)} times, the last time with code {code}"
            sentence = f"{fell}: read {self._log(name)} and start again."
            raise CannotStartError(sentence)
        child.again_at = now + wait_s
        self._tell(f"{name} fell with code {code}: again in {wait_s:.1f} s")

    def _log(self, name: str) -> Path:
        return self._logs / f"{name}.log"

    def _spawn(
        self, name: str, command: tuple[str, ...], environment: Mapping[str, str], mode: str
    ) -> subprocess.Popen[bytes]:
        with self._log(name).open(mode) as log:
            return subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env={**os.environ, **environment}
            )


def end(processes: Sequence[psutil.Process], grace_s: float = GRACE_S) -> None:
    """Asks each process to end, waits, makes the stubborn ones end, and returns when none is left."""
    for process in processes:
        _send(process.terminate)
    _, stubborn = psutil.wait_procs(processes, timeout=grace_s)
    for process in stubborn:
        _send(process.kill)
    psutil.wait_procs(stubborn)


def _is_of_our_group(process: int) -> bool:
    try:
        return os.getpgid(process) == os.getpgrp()
    except ProcessLookupError:
        return False


def _send(word: Callable[[], None]) -> None:
    with suppress(psutil.NoSuchProcess):  # then it ended by itself, which is what was wanted
        word()


def _listens(process: int, port: int) -> bool:
    """True if it is this process, and nobody else, whose door `port` is."""
    try:
        doors = psutil.Process(process).net_connections(kind="tcp")
    except psutil.Error:
        return False
    return any(door.status == psutil.CONN_LISTEN and door.laddr.port == port for door in doors)
