"""Days on the river made by hand: who came when, folded by as many workers as a test likes, read as the page reads."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from contract.codec import encode
from contract.events import Event, Fact
from engagement_api.fleet import Figures, figures, opened
from processors.partition import Partition
from tests.processors.river import event, stroke

NOON = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
"""Of day 0."""


class Record(Struct, frozen=True):
    """A record as it lies in its partition."""

    offset: int
    key: bytes | None
    value: bytes | None
    headers: tuple[()] = ()


def noon(day: int) -> datetime:
    """Noon of that day."""
    return NOON + timedelta(days=day)


def visit(player: str, day: int, *facts: Fact, session: str = "") -> list[Event]:
    """A session at noon of `day`, one fact a second; a single stroke if none is named."""
    told = facts or (stroke(),)
    name = session or f"{player}-day-{day}"
    return [event(fact, n, float(n), session=name, player=player, start=noon(day)) for n, fact in enumerate(told, 1)]


class Worker:
    """Some partitions, folded event by event as they come; `restart` is a death with no word and no state."""

    def __init__(self, *numbers: int) -> None:
        self.partitions = {number: Partition(number, lambda _: None) for number in numbers}
        self._offset = 0

    def fold(self, number: int, events: Iterable[Event], late_s: float = 0.0) -> None:
        """Each event in a batch of its own, taken up `late_s` after it happened."""
        for each in events:
            self._offset += 1
            record = Record(self._offset, each.subject.encode(), encode(each))
            taken = self.partitions[number].take([record], each.time + timedelta(seconds=late_s))
            assert not taken.refused

    def tells(self, now: datetime) -> list[bytes]:
        """What each partition tells."""
        return [encode(partition.fleet.told(now)) for partition in self.partitions.values()]


def read(told: Iterable[bytes], now: datetime) -> Figures:
    """The figures of all that was told."""
    return figures([opened(raw) for raw in told], now)
