"""What a run leaves behind: a folder of its own, never half of one.

A run writes into `runs/.<utc>-<verb>` and the folder gets its name in one move at the end; `runs/latest` points to the
newest that is whole. A run that did not end well leaves nothing.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from whitewater.manners import FailedError


class Run(Struct, frozen=True):
    """One run's folder, while it is written and when it is whole."""

    unfinished: Path
    folder: Path


@contextmanager
def kept(home: Path, verb: str, now: datetime) -> Iterator[Run]:
    """A folder to write into, which gets its name when the block ends well.

    Raises `FailedError` when there is no room for it.
    """
    name = f"{now:%Y%m%dT%H%M%S}-{verb}"
    runs = home / "runs"
    run = Run(runs / f".{name}", runs / name)
    try:
        run.unfinished.mkdir(parents=True)
    except OSError as fault:
        sentence = f"The run cannot be kept in {runs} ({fault.strerror}): make room there or set WHITEWATER_HOME."
        raise FailedError(sentence) from fault
    try:
        yield run
        run.unfinished.rename(run.folder)
        _point(runs / "latest", name)
    finally:
        shutil.rmtree(run.unfinished, ignore_errors=True)


def _point(latest: Path, name: str) -> None:
    fresh = latest.with_name(".latest")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(name)
    fresh.replace(latest)
