"""When the figures of a partition are told, and when they are not."""

from collections.abc import Callable, Iterable

import pytest
from aiokafka.errors import KafkaConnectionError

from contract.codec import encode, read_fleet
from contract.fleet import FleetTold
from processors.fleet import Fleet
from processors.logbook import Logbook
from tests.processors.river import START, event, started
from tests.processors.test_fleet import BEGAN_S, counts


class Shelf:
    """Where logbooks are kept: what was told last, and whether anybody is there to take it."""

    def __init__(self, kept: dict[int, bytes] | None = None) -> None:
        self.kept = dict(kept or {})
        self.told: list[tuple[int, bytes]] = []
        self.away = self.full = False
        self.meanwhile: Callable[[], None] = lambda: None

    async def newest(self, numbers: Iterable[int]) -> dict[int, bytes]:
        """What was told last."""
        if self.away:
            raise KafkaConnectionError
        self.meanwhile()
        return {number: self.kept[number] for number in numbers if number in self.kept}

    async def write(self, messages: list[tuple[int, bytes, bytes]]) -> None:
        """Take it."""
        if self.full:
            raise KafkaConnectionError
        self.told += [(number, key) for number, key, _ in messages]
        self.kept |= {number: value for number, _, value in messages}

    def started(self, number: int) -> int:
        """How many players started rapid 1, as it was told last."""
        told = read_fleet(self.kept[number])
        assert isinstance(told, FleetTold)
        return counts(told)["started_rapid", 1]


def fleet(number: int, *players: str) -> Fleet:
    """One partition on which these players started the first rapid."""
    made = Fleet(number)
    for player in players:
        made.note(event(started(), 1, 0, player=player), BEGAN_S, BEGAN_S)
    return made


def opened(shelf: Shelf, *fleets: Fleet) -> Logbook:
    """The logbook of these."""
    logbook = Logbook(shelf.newest, shelf.write)
    for each in fleets:
        logbook.open(each)
    return logbook


async def test_what_changed_is_told_once_under_its_number() -> None:
    """Two partitions, of which one saw somebody: one message; and none when nothing happened since."""
    shelf = Shelf()
    logbook = opened(shelf, fleet(3, "ann"), fleet(4))
    await logbook._tell()
    await logbook._tell()
    assert shelf.told == [(3, b"3")]
    assert shelf.started(3) == 1


async def test_nothing_is_told_before_the_predecessor_was_heard() -> None:
    """Kafka is away: silence, for the newest message must hold all. Then both crowds, and who was in both once."""
    shelf = Shelf({3: encode(fleet(3, "ann", "bob").told(START))})
    shelf.away = True
    logbook = opened(shelf, fleet(3, "bob", "cy"))
    await logbook._tell()
    assert shelf.told == []
    shelf.away = False
    await logbook._tell()
    assert shelf.started(3) == 3


async def test_a_partition_that_comes_while_others_are_read_waits_its_turn() -> None:
    """Partition 4 is given to us while 3 is read: 4 is told in the next round, when its own past is known."""
    shelf = Shelf({4: encode(fleet(4, "dan").told(START))})
    logbook = opened(shelf, fleet(3, "ann"))
    shelf.meanwhile = lambda: logbook.open(fleet(4, "eve"))
    await logbook._tell()
    assert shelf.told == [(3, b"3")]
    shelf.meanwhile = lambda: None
    await logbook._tell()
    assert shelf.started(4) == 2


async def test_what_did_not_get_out_is_told_the_next_time() -> None:
    """The broker took nothing; the same figures are still owed."""
    shelf = Shelf()
    shelf.full = True
    logbook = opened(shelf, fleet(3, "ann"))
    await logbook._tell()
    shelf.full = False
    await logbook._tell()
    assert shelf.started(3) == 1


async def test_figures_that_nobody_can_read_begin_anew(caplog: pytest.LogCaptureFixture) -> None:
    """Bytes of another program: a warning, and what is seen from now on."""
    shelf = Shelf({3: b"not figures"})
    await opened(shelf, fleet(3, "ann"))._tell()
    assert shelf.started(3) == 1
    assert "begin anew" in caplog.text


async def test_a_partition_that_is_given_up_is_told_first_and_never_again() -> None:
    """Whoever has it next reads all of it; a late word from here would hide theirs."""
    shelf, mine = Shelf(), fleet(3, "ann")
    logbook = opened(shelf, mine)
    await logbook.close()
    mine.note(event(started(), 1, 0, player="bob"), BEGAN_S, BEGAN_S)
    await logbook._tell()
    assert shelf.told == [(3, b"3")]
    assert shelf.started(3) == 1
