"""The command as a person runs it: a process of its own, in a folder of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

COMMAND = (sys.executable, "-m", "whitewater")


def environment(home: Path) -> dict[str, str]:
    """This process's own, with another home, no display, and no word of other servers."""
    named = {name: value for name, value in os.environ.items() if not name.startswith("WHITEWATER_")}
    return named | {"WHITEWATER_HOME": str(home), "SDL_VIDEODRIVER": "dummy", "SDL_AUDIODRIVER": "dummy"}


def run(home: Path, *words: str, within_s: float = 120.0) -> subprocess.CompletedProcess[str]:
    """`whitewater WORDS` from start to end."""
    return subprocess.run(
        [*COMMAND, *words],
        env=environment(home),
        capture_output=True,
        text=True,
        timeout=within_s,
        check=False,
        stdin=subprocess.DEVNULL,
    )


@contextmanager
def started(home: Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    """`whitewater WORDS`, started; ended with the block if it has not ended by itself."""
    with subprocess.Popen(
        [*COMMAND, *words],
        env=environment(home),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()
                process.communicate()


def of_this_home(home: Path) -> list[int]:
    """Every living process that was told that its home is `home`, or lies in it: whatever a run there started."""
    found = []
    for process in psutil.process_iter():
        try:
            told = process.environ().get("WHITEWATER_HOME", "")
            alive = process.status() != psutil.STATUS_ZOMBIE
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
        if alive and told and Path(told).is_relative_to(home):
            found.append(process.pid)
    return found
