"""Lines in, lines out: what `fold` and `decide` have in common as filters."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from recording.file import events
from recording.format import BrokenOffError, NotARecordingError
from whitewater.manners import USAGE, FailedError


@contextmanager
def opened(path: Path) -> Iterator[tuple[Iterable[bytes], bool]]:
    """The lines of `path`, or of standard input for `-`: of a recording its messages, and whether it is one.

    Raises `FailedError` when there is no such file, and when it is a recording that cannot be read to its end.
    """
    try:
        with _file(path) as file:
            yield events(file)
    except (NotARecordingError, BrokenOffError) as fault:
        sentence = f"The recording {path} cannot be read to its end: {fault}."
        raise FailedError(sentence, USAGE) from fault


@contextmanager
def _file(path: Path) -> Iterator[BinaryIO]:
    if str(path) == "-":
        yield sys.stdin.buffer
        return
    try:
        file = path.open("rb")
    except OSError as fault:
        sentence = (
            f"The file {path} cannot be read ({fault.strerror}): name a file of JSON lines, or - for standard input."
        )
        raise FailedError(sentence, USAGE) from fault
    with file:
        yield file


def put(lines: Iterable[bytes]) -> None:
    """Writes `lines` to standard output."""
    for line in lines:
        sys.stdout.buffer.write(line.rstrip(b"\n") + b"\n")
    sys.stdout.buffer.flush()
