"""A crowd that was recorded once is sung by others, and nobody who reads its events can tell."""

from datetime import UTC, datetime
from functools import cache

from benchmarks.chorus import Voice, backlog, by_heart, in_turn, recorded, singers
from contract.codec import Unreadable, read_event
from contract.events import RapidFinished
from producers.port import Parcel

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@cache
def voices() -> list[Voice]:
    """Two bots' sessions of 40 s."""
    return recorded(bots=2, seconds=40.0)


def sung(seconds: float, players: int = 3) -> list[Parcel]:
    """What so many sing by heart in so many seconds, who all come in within one."""
    score = by_heart(singers(voices(), players), 1.0, "run")
    return [parcel for tick in range(round(seconds * 100)) for parcel in score(tick, NOON.isoformat().encode())]


def test_everything_that_is_sung_is_an_event() -> None:
    """The wire reads each, and it says of itself what the parcel says."""
    for parcel in sung(5.0):
        event = read_event(parcel.value, NOON)
        assert not isinstance(event, Unreadable), event
        assert (event.subject, event.sessionid, event.sequence) == (parcel.player, parcel.session, parcel.sequence)
        assert event.time == NOON


def test_each_session_is_counted_from_one_without_a_gap() -> None:
    """Also the first one, which is joined in the midst, and the one after it."""
    sessions: dict[str, list[int]] = {}
    for parcel in sung(60.0):
        sessions.setdefault(parcel.session, []).append(parcel.sequence)
    assert len(sessions) >= 6  # three players, and a voice is no longer than 40 s
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in sessions.values())


def test_some_rounds_end_in_the_first_seconds() -> None:
    """As in a crowd that has been playing for long, where the next end is never a whole round away."""
    ended = [read_event(parcel.value, NOON) for parcel in sung(6.0, players=40)]
    assert any(isinstance(event.data, RapidFinished) for event in ended if not isinstance(event, Unreadable))


def test_in_turn_everybody_sings_once_before_anybody_twice() -> None:
    """300 a second are three a tick of 10 ms: after three ticks nine have sung, in order."""
    score = in_turn(singers(voices(), 6), 300.0, "run")
    players = [parcel.player for tick in range(3) for parcel in score(tick, b"")]
    assert players == [f"c-{number:06d}" for number in (0, 1, 2, 3, 4, 5, 0, 1, 2)]


def test_a_backlog_is_as_long_as_was_asked() -> None:
    """Seven events of three players: two each and one more."""
    assert [parcel.sequence for parcel in backlog(singers(voices(), 3), 7, "run")] == [1, 1, 1, 2, 2, 2, 3]
