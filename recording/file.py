"""The file of a recording: compressed by zstd, or plain where its name ends in `.jsonl`; either is read.

While it is written it is called `NAME.unfinished`, and it gets its name in one move when its end is in it. What was
written is pushed out every second or so: of a recorder that was killed, the unfinished file is readable up to there.
"""

import errno
import io
import os
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from time import monotonic
from typing import IO, Final

import zstandard
from msgspec import Struct

from recording.format import (
    BrokenOffError,
    Header,
    Message,
    is_header,
    read,
    read_header,
    write,
    write_end,
    write_header,
)

PLAIN: Final = ".jsonl"
MAGIC: Final = b"\x28\xb5\x2f\xfd"
LEVEL: Final = 3
PUSH_S: Final = 1.0
SOME: Final = 5
LONGEST_LINE: Final = 4 * 1024 * 1024
"""A message is at most a mebibyte, in base64 a third more; what has no line end for so long is no recording."""


def unfinished(path: Path) -> Path:
    """What a recording is called while it is written."""
    return path.with_name(path.name + ".unfinished")


class Writer:
    """Takes messages down; whoever closes it has a whole recording."""

    def __init__(self, path: Path, header: Header) -> None:
        """Raises `OSError`; `FileExistsError` when there is such a file already: no recording is written over."""
        for there in (path, unfinished(path)):
            if there.exists():
                raise FileExistsError(errno.EEXIST, f"{there.name} is there already", str(there))
        self._path = path
        self._file = unfinished(path).open("xb")
        self._out: IO[bytes] | zstandard.ZstdCompressionWriter = self._file
        if path.suffix != PLAIN:
            self._out = zstandard.ZstdCompressor(level=LEVEL).stream_writer(self._file, closefd=False)
        self.messages = 0
        self._out.write(write_header(header))
        self._push()

    def write(self, message: Message) -> None:
        """One more."""
        self._out.write(write(message))
        self.messages += 1

    def push(self) -> None:
        """Lets what was written so far be readable, if it is time for that again."""
        if monotonic() - self._pushed_s >= PUSH_S:
            self._push()

    def _push(self) -> None:
        self._out.flush()
        self._file.flush()
        self._pushed_s = monotonic()

    def close(self) -> int:
        """Writes the end and gives the file its name; answers with its size in bytes."""
        self._out.write(write_end(self.messages))
        if self._out is not self._file:
            self._out.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        size = self._file.tell()
        self._file.close()
        unfinished(self._path).rename(self._path)
        return size


class Recording(Struct, frozen=True):
    """A recording that can be read as often as one likes."""

    path: Path
    header: Header

    def messages(self) -> Iterator[Message]:
        """From the first one on. Raises `BrokenOffError` after the last whole one, `OSError`."""
        with self.path.open("rb") as file:
            lines = plain(file)
            next(lines)
            yield from read(lines)


def find(path: Path) -> Recording:
    """The recording in `path`. Raises `NotARecordingError` and `OSError`."""
    with path.open("rb") as file:
        return Recording(path, read_header(next(plain(file), b"")))


def plain(file: IO[bytes]) -> Iterator[bytes]:
    """The lines of `file`, unpacked where zstd packed them; what is damaged or cut off there ends them."""
    ahead = file.peek(len(MAGIC)) if isinstance(file, io.BufferedReader) else b""
    if ahead[: len(MAGIC)] != MAGIC:
        yield from iter(lambda: file.readline(LONGEST_LINE), b"")
        return
    unpacked = io.BufferedReader(zstandard.ZstdDecompressor().stream_reader(file, closefd=False))
    try:
        yield from iter(lambda: unpacked.readline(LONGEST_LINE), b"")
    except zstandard.ZstdError:
        return


def events(file: IO[bytes]) -> tuple[Iterable[bytes], bool]:
    """The lines of `file`, for a filter: of a recording its messages alone; and whether it is one.

    Raises `NotARecordingError` for a recording of a later format; reading on may raise `BrokenOffError`.
    """
    lines = plain(file)
    first = next(lines, b"")
    if not is_header(first):
        return _again(first, lines), False
    read_header(first)
    return (message.value for message in read(lines)), True


def _again(first: bytes, lines: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from lines


class Contents(Struct, frozen=True):
    """What is in a recording, found by reading it once."""

    messages: int
    players: int
    first: int
    """Timestamp of the earliest, in milliseconds since 1970."""
    last: int
    some: tuple[str, ...]
    """Players who come first."""

    @property
    def seconds(self) -> float:
        """From the first message to the last."""
        return (self.last - self.first) / 1000.0


def contents(messages: Iterable[Message]) -> tuple[Contents, BrokenOffError | None]:
    """Counts `messages`; and what ended them early, if something did."""
    players: dict[str, None] = {}
    count = first = last = 0
    why = None
    try:
        for message in messages:
            first = min(first, message.at) if count else message.at
            last = max(last, message.at)
            players[message.key] = None
            count += 1
    except BrokenOffError as fault:
        why = fault
    return Contents(count, len(players), first, last, tuple(islice(players, SOME))), why
