"""Whose play is kept, and in which order partitions are told."""

from collections import deque

from recording.choice import Choice, chosen, in_time
from tests.contract.recorded import EVENTS, ROCK
from tests.recording.lines import message

THEIRS = message(key="p-5d1c7a", value=ROCK)
ANOTHER = ROCK.replace(b"s-91aa02", b"s-000000")


def test_nobody_named_is_everybody() -> None:
    """Even what is no event."""
    assert chosen(message(value=b"no json"), Choice()) is not None
    assert Choice().words == "everybody"


def test_a_player_is_known_by_the_key() -> None:
    """Others are left out."""
    assert chosen(THEIRS, Choice(players=frozenset({"p-5d1c7a"}))) is THEIRS
    assert chosen(THEIRS, Choice(players=frozenset({"heron"}))) is None


def test_a_session_is_looked_for_in_every_event_of_an_array() -> None:
    """What stays are the bytes that were sent; an array of one session is not touched at all."""
    theirs = Choice(sessions=frozenset({"s-91aa02"}))
    mixed = message(value=b"[" + ROCK + b"," + ANOTHER + b"," + EVENTS["gate.passed"] + b"]")
    kept = chosen(mixed, theirs)
    assert kept is not None
    assert kept.value == b"[" + ROCK + b"," + EVENTS["gate.passed"] + b"]"
    whole = message(value=b"[" + ROCK + b"]")
    assert chosen(whole, theirs) is whole
    assert chosen(message(value=ANOTHER), theirs) is None
    assert chosen(message(value=b"[" + ANOTHER + b"]"), theirs) is None
    assert [chosen(message(value=value), theirs) for value in (b"no json", b"[no", b"[]", b"17")] == [None] * 4


def test_partitions_are_told_in_order_of_time() -> None:
    """As far as is sure: partition 2 has more to come and nothing here, so what is later than its last waits."""
    waiting = {1: deque(map(message, (10, 40))), 2: deque(map(message, (20, 30)))}
    assert [each.at for each in in_time(waiting, [2])] == [10, 20, 30]
    assert [each.at for each in in_time(waiting, [2])] == []
    assert [each.at for each in in_time(waiting, [])] == [40]


def test_within_a_partition_the_order_is_the_topics() -> None:
    """Whatever a producer's clock said."""
    waiting = {1: deque(map(message, (30, 10))), 2: deque([message(20)])}
    assert [each.at for each in in_time(waiting, [])] == [20, 30, 10]
