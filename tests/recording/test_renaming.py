"""New people who play the same: names get a mark, times move, and nothing else of an event changes."""

from datetime import timedelta

import msgspec
import pytest

from contract.codec import Unreadable, read_event, read_events
from recording.renaming import cut, mark_of, moved
from tests.contract.recorded import EVENTS, NOW, ROCK

MARK = mark_of("5a17c0", 3)


def test_a_mark_is_the_salt_and_the_number_of_the_copy() -> None:
    """Short, and no character of it has to be escaped in an address."""
    assert MARK == "~5a17c03"


@pytest.mark.parametrize("kind", EVENTS)
def test_a_marked_event_is_the_same_event_of_somebody_else(kind: str) -> None:
    """Player, session, the session before, and the id; a replay held the paddle. All else is as it was."""
    event = read_event(EVENTS[kind], NOW)
    again = read_event(cut(event.subject, EVENTS[kind]).marked(MARK.encode()), NOW)  # type: ignore[union-attr]
    assert not isinstance(event, Unreadable)
    assert not isinstance(again, Unreadable)
    before = msgspec.to_builtins(event)
    for name in ("subject", "sessionid", "id"):
        before[name] += MARK
    if before["data"].get("previous_session"):
        before["data"]["previous_session"] += MARK
    assert msgspec.to_builtins(again) == before | {"playerkind": "replay"}


def test_the_key_is_marked_as_the_player_is() -> None:
    """Or the event would be refused for its key."""
    piece = cut("p-5d1c7a", ROCK)
    assert piece.key + MARK == msgspec.json.decode(piece.marked(MARK.encode()))["subject"] == "p-5d1c7a~5a17c03"


def test_a_name_that_leaves_no_room_for_a_mark_becomes_a_digest() -> None:
    """64 characters are all that a name may have; the same name gives the same digest."""
    long = "x" * 64
    event = ROCK.replace(b"p-5d1c7a", long.encode())
    piece = cut(long, event)
    again = read_event(piece.marked(MARK.encode()), NOW)
    assert not isinstance(again, Unreadable)
    assert again.subject == piece.key + MARK
    assert len(piece.key) == 32


def test_every_event_of_an_array_is_marked() -> None:
    """A crowd sends several in one message."""
    value = b"[" + ROCK + b"," + EVENTS["gate.passed"] + b"]"
    found = read_events(cut("p-5d1c7a", value).marked(MARK.encode()), NOW)
    assert {each.subject for each in found if not isinstance(each, Unreadable)} == {"p-5d1c7a~5a17c03"}
    assert len(found) == 2


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"no json",
        b'{"subject":3}',
        b"[17]",
        b"\x00{}",
        b'{"a":"\x00"}',
        b'{"data":{"deep":{"previous_session":"s"}}}',
        b'{"time":"9999-12-31T23:59:59Z","subject":"heron"}',
    ],
)
def test_what_is_no_event_stays_as_it_is(value: bytes) -> None:
    """It is refused again, and for the same reason."""
    assert cut("heron", value, timedelta(hours=1)).marked(MARK.encode()) == value
    assert moved(value, timedelta(hours=1)) == value


def test_time_moves_and_nothing_else() -> None:
    """By an hour and a half, through midnight."""
    assert moved(ROCK, timedelta(hours=24)) == ROCK.replace(b"2026-11-23T", b"2026-11-24T")
