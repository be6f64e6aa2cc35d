"""Starts and stops a stack from outside: what `up`, `down` and `demo` do.

The stack is a process of its own, started with a pipe to whoever started it. When the pipe closes the stack ends, so a
`demo` that is killed takes its stack along, and so does an `up` that is interrupted half-way; an `up` that got what it
wanted tells the stack to stay.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from infra.local import guard, health, stack
from infra.local.faults import CannotStartError

STARTS_WITHIN_S: Final = 600.0
"""The first start fetches Kafka, over whatever line there is; each part has a much shorter patience of its own."""
ENDS_WITHIN_S: Final = 60.0


@contextmanager
def borrowed(home: Path, tell: Callable[[str], None]) -> Iterator[stack.Stack]:
    """A stack to use for a while: the one that runs, or else one that ends when this does.

    Raises `CannotStartError` when there is none and none can be started.
    """
    if stack.is_held(home):
        yield _someone_elses(home)
        return
    process = _spawn(home)
    try:
        yield _await_whole(home, process, tell)
    finally:
        _end(process)


def up(home: Path, tell: Callable[[str], None]) -> stack.Stack:
    """A stack that runs on after this process.

    Raises `CannotStartError` when it cannot be started.
    """
    if stack.is_held(home):
        return _someone_elses(home)
    process = _spawn(home)
    try:
        whole = _await_whole(home, process, tell)
        if process.stdin is not None:
            process.stdin.write(guard.STAY)
            process.stdin.close()
    except BaseException:
        _end(process)
        raise
    return whole


def down(home: Path) -> bool:
    """Stops the stack in `home` and returns when nothing of it is left; False when there was none.

    Raises `CannotStartError` when it does not stop.
    """
    if not stack.is_held(home):
        return False
    os.kill(stack.holder(home), signal.SIGTERM)
    if not health.wait_until(lambda: not stack.is_held(home), within_s=ENDS_WITHIN_S):
        sentence = f"The stack in {home.resolve()} does not stop: end the process {stack.holder(home)} by hand."
        raise CannotStartError(sentence)
    return True


def log(home: Path) -> Path:
    """What the supervisor says."""
    return stack.logs(home) / "supervisor.log"


def _spawn(home: Path) -> subprocess.Popen[bytes]:
    try:
        stack.logs(home).mkdir(parents=True, exist_ok=True)
        with log(home).open("wb") as out:
            return subprocess.Popen(
                [sys.executable, "-m", "infra.local", "--with-owner"],
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=out,
                env=os.environ | {"WHITEWATER_HOME": str(home.resolve())},
                start_new_session=True,
            )
    except OSError as fault:
        raise stack.unwritable(home, fault) from fault


def _await_whole(home: Path, process: subprocess.Popen[bytes], tell: Callable[[str], None]) -> stack.Stack:
    with log(home).open(encoding="utf-8") as said:
        health.wait_until(
            lambda: _relay(said, tell) or stack.read(home) is not None,
            within_s=STARTS_WITHIN_S,
            unless=lambda: process.poll() is not None,
        )
    whole = stack.read(home)
    if whole is None:
        words = log(home).read_text(encoding="utf-8").splitlines() or [" it said nothing"]
        raise CannotStartError(words[-1].partition(" ")[2].removeprefix(stack.FAULT))
    return whole


def _relay(said: IO[str], tell: Callable[[str], None]) -> bool:
    """Passes on what the supervisor said since the last look, without its time; never the fact that is waited for."""
    for line in said:
        words = line.rstrip().partition(" ")[2]
        if not words.startswith(stack.FAULT):  # that one is raised
            tell(words)
    return False


def _someone_elses(home: Path) -> stack.Stack:
    health.wait_until(
        lambda: stack.read(home) is not None, within_s=STARTS_WITHIN_S, unless=lambda: not stack.is_held(home)
    )
    running = stack.read(home)
    if running is None:
        sentence = f"The stack that was starting in {home.resolve()} gave up: read {log(home)} and start again."
        raise CannotStartError(sentence)
    return running


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait()
