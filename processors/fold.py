"""Events in, beliefs out, with no broker: the same heart as a filter over lines of JSON.

Each line is one event of a player, or an array of them, as one Kafka message would carry it. If it changed something it
is answered by `signal.updated`: for every event that the river may answer, and once more if others came after it. It is
answered by one `event.failed` for every event that was refused, with its line, counted from 0, as the offset.
Strange: a line's own time stands in for the clock, because a recording is old by nature and must give the same answers
for ever; a line whose time cannot be read is given that of the line before.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Final

import msgspec
from msgspec import Struct

from processors.partition import Partition

BEFORE: Final = datetime.fromtimestamp(0, UTC)


class _Line(Struct, frozen=True):
    offset: int
    key: bytes | None
    value: bytes | None
    headers: tuple[()] = ()


class _First(Struct, frozen=True):
    subject: str
    time: datetime


_glance: msgspec.json.Decoder[_First | list[_First]] = msgspec.json.Decoder(_First | list[_First])


def fold(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The answers to `lines`, encoded, without line ends. Empty lines are passed over."""
    partition, now = Partition(0, lambda _: None), BEFORE
    for offset, line in enumerate(lines):
        value = line.strip()
        if not value:
            continue
        key, now = _at_a_glance(value, now)
        taken = partition.take([_Line(offset, key, value)], now)
        yield from (answer for _, answer in taken.refused)
        yield from (answer for _, answer in (*taken.beliefs, *partition.untold(None, now)) if answer is not None)


def _at_a_glance(value: bytes, before: datetime) -> tuple[bytes, datetime]:
    """Whose line this is, and when; where that cannot be read, the fold will say why."""
    try:
        seen = _glance.decode(value)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return b"", before
    first = seen if isinstance(seen, _First) else next(iter(seen), None)
    if first is None or first.time.tzinfo is None:
        return b"", before
    return first.subject.encode(), first.time
