"""Events to tell, for any player at any place in its session; and the death of the process that tells them."""

from datetime import UTC, datetime

from contract.codec import encode
from contract.events import EVENT_OF, Event, RockHit, StrokeMade
from producers.port import Parcel, read_parcel
from producers.spool import Spool

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
STROKE = StrokeMade("left", None)
ROCK = RockHit(0.4, 12.0, 1, 2)


def told(player: str, sequence: int, *, stroke: bool = False, at: datetime = NOON) -> Event:
    """The `sequence`-th event of a player; its session is named after the player."""
    fact = STROKE if stroke else ROCK
    return EVENT_OF[type(fact)](
        id=f"{player}-{sequence}",
        source="/whitewater/test",
        subject=player,
        time=at,
        sessionid=f"s-{player}",
        sequence=sequence,
        playerkind="bot",
        data=fact,
    )


def line(player: str, sequence: int) -> bytes:
    """The same as it travels and as it lies on disk."""
    return encode(told(player, sequence))


def parcel(player: str, sequence: int) -> Parcel:
    """The same on its way."""
    found = read_parcel(line(player, sequence))
    assert found is not None
    return found


def kill(spool: Spool) -> None:
    """What a kill -9 does to a spool: files and lock are let go, nothing is forced to the disk or written any more."""
    if spool._open is not None:
        spool._open.close()
    spool._lock.close()
