"""The disk behind the outbox: JSON lines in numbered segments, oldest first.

A line is an event's own wire bytes (JSON never holds a raw newline), so `cat` reads it and `whitewater fold` folds it.
A segment is written at its end only, sealed, delivered whole and then deleted: there is no cursor to keep and nothing
is ever rewritten. A crash between delivery and deletion delivers one segment twice, and the sequence numbers in it make
that harmless.

How safe: every append is in the operating system's hands before it returns, so a crash of the game costs nothing. A
segment is forced to the disk when it is sealed and when the spool is closed, so a power cut costs the open segment at
most. Forcing every append would cost milliseconds each, and this is a game's telemetry.

Strange: several games may share one home. Each claims a numbered directory by a lock that dies with its process, and
takes over what stands in directories that nobody holds: that is how a former run's events are delivered.
"""

import fcntl
import logging
import os
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from errno import ENOSPC
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import BinaryIO, Final

from msgspec import DecodeError, Raw, Struct, json

SEGMENT_EVENTS: Final = 1_000
SPOOL_BYTES: Final = 256 * 1024 * 1024
SUFFIX: Final = ".jsonl"

_log = logging.getLogger(__name__)


class _Segment(Struct):
    path: Path
    events: int
    size: int


class Spool:
    """Events of this run and of former ones that have not been delivered."""

    def __init__(self, home: Path, *, most_bytes: int = SPOOL_BYTES) -> None:
        """Claim a directory under `home` and find what former runs left; a damaged tail is cut."""
        self._most_bytes = most_bytes
        self._open: BinaryIO | None = None
        self._segments: deque[_Segment] = deque()
        self._home, self._lock = _claim(home)
        _take_over(home, self._home)
        for path in sorted(self._home.glob("*" + SUFFIX)):
            self._find(path)
        newest = int(self._segments[-1].path.stem) if self._segments else 0
        self._numbers = count(newest + 1)

    def __len__(self) -> int:
        return sum(segment.events for segment in self._segments)

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return sum(segment.size for segment in self._segments)

    def append(self, lines: Sequence[bytes]) -> None:
        """Put events behind all others: all of them, or none and `OSError`."""
        blob = b"\n".join(lines) + b"\n"
        if self.size + len(blob) > self._most_bytes:
            sentence = f"the spool {self._home} holds its {self._most_bytes} bytes"
            raise OSError(sentence)
        file = self._file()
        segment = self._segments[-1]
        try:
            if file.write(blob) < len(blob):
                raise OSError(ENOSPC, os.strerror(ENOSPC), str(segment.path))  # noqa: TRY301 - cut off below, as any
        except OSError:
            with suppress(OSError):
                file.truncate(segment.size)
                file.seek(segment.size)
            raise
        segment.events += len(lines)
        segment.size += len(blob)
        if segment.events >= SEGMENT_EVENTS:
            self.seal()

    def seal(self) -> None:
        """End the open segment, on disk for good; the next append begins another."""
        if self._open is not None:
            file, self._open = self._open, None
            with suppress(OSError), file:
                os.fsync(file.fileno())

    def first(self) -> tuple[list[bytes], int]:
        """The lines of the oldest segment, which stays until `discard_first`, and how many it should have."""
        segment = self._segments[0]
        if len(self._segments) == 1:
            self.seal()
        try:
            return segment.path.read_bytes().split(b"\n")[:-1], segment.events
        except OSError:
            return [], segment.events

    def discard_first(self) -> None:
        """Delete the oldest segment."""
        self._segments.popleft().path.unlink(missing_ok=True)

    def close(self) -> None:
        """Force what is open to the disk and let others have the directory."""
        self.seal()
        self._lock.close()

    def _file(self) -> BinaryIO:
        if self._open is None:
            path = self._home / f"{next(self._numbers):012}{SUFFIX}"
            self._open = path.open("wb", buffering=0)
            self._segments.append(_Segment(path, 0, 0))
        return self._open

    def _find(self, path: Path) -> None:
        lines = BytesIO(path.read_bytes()).readlines()
        size = sum(map(len, lines))
        whole = len(lines)
        while whole and not _readable(lines[whole - 1]):
            whole -= 1
        kept = sum(map(len, lines[:whole]))
        if kept < size:
            _log.warning("cut %d damaged bytes off the end of %s; %d events stay", size - kept, path, whole)
            os.truncate(path, kept)
        if whole:
            self._segments.append(_Segment(path, whole, kept))
        else:
            path.unlink()


def open_spool(home: Path) -> Spool | None:
    """The spool under `home`, or None when there cannot be one: a disk that is full or not ours stops nobody."""
    try:
        return Spool(home)
    except OSError as fault:
        _log.warning("no spool (%s); play goes on, events wait in memory", fault)
        return None


def _readable(line: bytes) -> bool:
    try:
        json.decode(line, type=dict[str, Raw])
    except DecodeError:
        return False
    return line.endswith(b"\n")


def _claim(home: Path) -> tuple[Path, BinaryIO]:
    """The first numbered directory that no living process holds, and the lock on it."""
    for number in count(1):
        lock = _locked(home / str(number))
        if lock is not None:
            return home / str(number), lock
    raise AssertionError


def _locked(directory: Path) -> BinaryIO | None:
    directory.mkdir(parents=True, exist_ok=True)
    lock = (directory / "lock").open("wb")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        return None
    return lock


def _take_over(home: Path, mine: Path) -> None:
    """Move what dead processes left in other directories into mine, behind what is there."""
    newest = max((int(path.stem) for path in mine.glob("*" + SUFFIX)), default=0)
    numbers = count(newest + 1)
    for other in sorted(home.iterdir()):
        left = sorted(other.glob("*" + SUFFIX)) if other != mine else []
        lock = _locked(other) if left else None
        if lock is not None:
            with lock:
                for path in left:
                    path.rename(mine / f"{next(numbers):012}{SUFFIX}")
