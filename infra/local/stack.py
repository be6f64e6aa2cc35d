"""Where the local stack is: the folder it lives in, and the file every other verb reads.

`stack.json` exists only while the whole stack is up: it is written last, in one move, and removed first. Whether a
stack is running at all is told by a lock on `stack.lock` that the kernel takes back from a dead process, so that no
stale file can be mistaken for a living stack.
"""

import fcntl
import os
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from infra.local.faults import CannotStartError

FILE: Final = "stack.json"
LOCK: Final = "stack.lock"
FAULT: Final = "! "
"""What stands in the supervisor's log before the sentence that says why it gave up."""


class Settings(Struct, frozen=True):
    """What may be said about the local stack before it starts."""

    home: Path = Path(".whitewater")
    database_url: str = ""
    """SQLAlchemy's address of the history; empty: an SQLite file in `home`."""
    workers: int = 1


class Stack(Struct, frozen=True):
    """A running stack: addresses of its parts, and the process of each."""

    kafka: str
    redis: str
    database: str
    api: str
    pids: dict[str, int]
    workers: dict[str, int] = {}
    """The port of each worker's health and metrics."""


def unwritable(home: Path, fault: OSError) -> CannotStartError:
    """What to raise when `home` does not take what a stack has to keep."""
    return CannotStartError(
        f"The folder {home.resolve()} cannot be written ({fault.strerror}): make room or set WHITEWATER_HOME."
    )


def logs(home: Path) -> Path:
    """Where each part's words are kept."""
    return home / "logs"


def read(home: Path) -> Stack | None:
    """The stack that runs in `home`, or None when none does or when it is not whole yet."""
    if not is_held(home):
        return None
    try:
        return msgspec.json.decode((home / FILE).read_bytes(), type=Stack)
    except FileNotFoundError:
        return None


def write(home: Path, stack: Stack) -> None:
    """Says that the stack is whole; a reader sees all of it or none of it."""
    fresh = home / f"{FILE}.new"
    fresh.write_bytes(msgspec.json.format(msgspec.json.encode(stack)) + b"\n")
    fresh.replace(home / FILE)


def forget(home: Path) -> None:
    """Says that the stack is no longer whole."""
    (home / FILE).unlink(missing_ok=True)


def hold(home: Path) -> int:
    """Takes the right to run the one stack of `home`, until this process ends or closes the descriptor it gets.

    It is best left to the process's end: whoever sees that the right is free then sees nobody who still has to leave.
    Raises `CannotStartError` while another process has it, or when there is no room.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(home / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as fault:
        raise unwritable(home, fault) from fault
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as fault:
        os.close(descriptor)
        sentence = f"A stack already runs in {home.resolve()}: use it, or stop it with `whitewater down`."
        raise CannotStartError(sentence) from fault
    os.ftruncate(descriptor, 0)
    os.write(descriptor, str(os.getpid()).encode())
    return descriptor


def holder(home: Path) -> int:
    """The process that holds the stack of `home`; only meaningful while it is held."""
    return int((home / LOCK).read_text())


def is_held(home: Path) -> bool:
    """True while some process runs, starts or stops a stack in `home`."""
    try:
        descriptor = os.open(home / LOCK, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        return False
    finally:
        os.close(descriptor)
