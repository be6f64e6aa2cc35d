"""Every fact is stamped once, in order, with who and when."""

from datetime import timedelta

from msgspec.structs import replace

from contract.codec import encode, read_event
from contract.events import GatePassed, RapidStarted, SessionEnded, StrokeMade
from game_client.journal import Journal, sample, stamp, thin
from tests.game_client.props import NOON

FRESH = Journal("p-1", "s-1", "/whitewater/game/here")


def test_the_first_event_is_number_one_and_the_next_is_two() -> None:
    """The sequence rises by one for every event of the session."""
    journal, first = stamp(FRESH, RapidStarted(1, 1, 0.0, "IV", 7), NOON, "id-1")
    journal, second = stamp(journal, GatePassed(1, 0.1, 1), NOON + timedelta(seconds=3), "id-2")
    assert (first.sequence, second.sequence, journal.sequence) == (1, 2, 2)


def test_an_event_says_who_when_and_with_what_paddle() -> None:
    """The envelope is filled from the journal; the fact is carried as it is."""
    _, event = stamp(FRESH, SessionEnded("quit", 12.5, 1), NOON, "id-1")
    assert (event.subject, event.sessionid, event.source) == ("p-1", "s-1", "/whitewater/game/here")
    assert (event.id, event.time, event.playerkind) == ("id-1", NOON, "human")
    assert event.data == SessionEnded("quit", 12.5, 1)


def test_what_is_stamped_can_be_read_by_everybody() -> None:
    """Through bytes and back it is the same event."""
    _, event = stamp(FRESH, GatePassed(1, -1.0, 1), NOON, "id-1")
    assert read_event(encode(event), NOON) == event


def test_of_many_strokes_one_in_so_many_is_kept_and_says_so() -> None:
    """Of seven, one in three are two; what is no stroke always stays."""
    strokes = (StrokeMade("left", None),) * 7
    journal, kept = sample(replace(FRESH, every=3), (*strokes, GatePassed(1, 0.0, 1)))
    assert kept == (StrokeMade("left", None, 3), StrokeMade("left", None, 3), GatePassed(1, 0.0, 1))
    journal, kept = sample(journal, strokes[:2])
    assert kept == (StrokeMade("left", None, 3),)
    assert journal.strokes == 9


def test_unless_told_to_nothing_is_sampled() -> None:
    """All strokes, untouched."""
    strokes = (StrokeMade("left", None),) * 7
    assert sample(FRESH, strokes) == (FRESH, strokes)


def test_strokes_are_thinned_while_a_thousand_events_wait_and_no_longer() -> None:
    """From 1,000 in line one stroke in four is told; with one fewer, every one."""
    assert [thin(FRESH, waiting).every for waiting in (0, 999, 1_000, 50_000)] == [1, 1, 4, 4]
    assert thin(thin(FRESH, 1_000), 999) == FRESH
