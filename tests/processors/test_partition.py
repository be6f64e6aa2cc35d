"""Chunks of records folded into the players of one partition, with no Kafka."""

import random
from datetime import timedelta

import msgspec
import pytest
from msgspec import Struct

from contract.codec import encode, encode_all, read_failure, read_signal
from contract.events import Event, RockHit
from contract.failures import EventFailed, Reason
from contract.signals import SignalUpdated
from processors import partition as rooms
from processors.partition import Partition, Taken
from processors.player import Player
from processors.state import read
from tests.processors.river import START, cleared, event, played, stroke, told

NOW = START + timedelta(seconds=30)


class Record(Struct, frozen=True):
    """A record as it lies in its partition."""

    offset: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()


def records(events: list[Event], first: int = 0) -> list[Record]:
    """Each event in a record of its own, keyed as it should be."""
    return [Record(first + n, each.subject.encode(), encode(each)) for n, each in enumerate(events)]


def newcomers(number: int = 0) -> Partition:
    """A partition of which nothing is known yet."""
    return Partition(number, lambda _: None)


def failures(taken: Taken) -> list[EventFailed]:
    """What was refused, read back."""
    read_back = [read_failure(raw) for _, raw in taken.refused]
    assert all(isinstance(each, EventFailed) for each in read_back)
    return [each for each in read_back if isinstance(each, EventFailed)]


def beliefs(taken: Taken) -> list[SignalUpdated]:
    """What is to be told, read back."""
    read_back = [read_signal(raw) for _, raw in taken.beliefs]
    return [each for each in read_back if isinstance(each, SignalUpdated)]


def test_a_chunk_tells_whatever_the_river_may_answer_one_by_one() -> None:
    """A newcomer and a finished round of one player, a newcomer, and a stroke that waits: three beliefs."""
    one = told((0, stroke()), (5, cleared()), (6, stroke()))
    other = [event(stroke(), 1, 1, player="p-2", session="s-2")]
    taken = newcomers().take(records([*one, *other]), NOW)
    first, second, third = beliefs(taken)
    assert (first.subject, first.cause.sequence, first.because) == ("p-1", 1, "stroke.made")
    assert (second.subject, second.cause.sequence, second.because) == ("p-1", 2, "rapid.finished")
    assert (first.data.rounds, second.data.rounds) == (0, 1)
    assert (third.subject, third.because) == ("p-2", "stroke.made")
    assert taken.folded == 4


def test_what_waits_is_told_of_its_newest_event() -> None:
    """The game measures its loop by it."""
    partition = newcomers()
    (at_once,) = beliefs(partition.take(records(told((0, stroke()), (1, stroke()))), NOW))
    (belief,) = (read_signal(raw) for _, raw in partition.untold(10, NOW))
    assert isinstance(belief, SignalUpdated)
    assert at_once.cause.sequence == 1
    assert (belief.cause.sequence, belief.cause.time) == (2, START + timedelta(seconds=1))


def test_strokes_wait_in_line_and_the_longest_waiting_is_told_first() -> None:
    """Three players sat down, then stroked twice, p-2 first: nobody is told of it at once, and the line has three."""
    partition = newcomers()
    sat = [event(stroke(), 1, 0, player=f"p-{n}", session=f"s-{n}") for n in (1, 2, 3)]
    assert len(beliefs(partition.take(records(sat), NOW))) == 3
    strokes = [event(stroke(), k, k, player=f"p-{n}", session=f"s-{n}") for k in (2, 3) for n in (2, 1, 3)]
    assert partition.take(records(strokes[:3], 3), NOW).beliefs == []
    assert partition.take(records(strokes[3:], 6), NOW).beliefs == []
    first, rest = partition.untold(1, NOW), partition.untold(9, NOW)
    told_of = [(belief.subject, belief.cause.sequence) for belief in beliefs(Taken([*first, *rest], []))]
    assert told_of == [("p-2", 3), ("p-1", 3), ("p-3", 3)]
    assert partition.untold(9, NOW) == []


def test_a_finished_round_takes_a_waiting_player_out_of_the_line() -> None:
    """What waited is in the belief that the round made; it is not told twice."""
    partition = newcomers()
    one, two, three = told((0, stroke()), (1, stroke()), (5, cleared()))
    partition.take(records([one]), NOW)
    partition.take(records([two], 1), NOW)
    (belief,) = beliefs(partition.take(records([three], 2), NOW))
    assert belief.because == "rapid.finished"
    assert partition.untold(9, NOW) == []


def test_another_pace_is_told_at_once_and_only_once() -> None:
    """Swamped is as tense as it gets: the rock that does it turns the pace to its peak, the stroke after it waits."""
    partition = newcomers()
    sat, swamped, after, later = told((0, stroke()), (1, RockHit(0.5, 40.0, 2, 0)), (2, stroke()), (6, stroke()))
    partition.take(records([sat]), NOW)
    (belief,) = beliefs(partition.take(records([swamped], 1), NOW))
    assert (belief.because, belief.data.pace_state) == ("rock.hit", "peak")
    assert partition.take(records([after], 2), NOW).beliefs == []
    (faded,) = beliefs(partition.take(records([later], 3), NOW))  # four seconds of peak are over
    assert (faded.because, faded.data.pace_state) == ("stroke.made", "fade")


def test_a_pace_that_was_told_with_a_round_is_not_told_again() -> None:
    """Swamped at second 1, so the peak is over at 5: the round that ends at 6 says so, and the stroke at 7 waits."""
    partition = newcomers()
    sat, swamped, finished, after = told((0, stroke()), (1, RockHit(0.5, 40.0, 2, 0)), (6, cleared()), (7, stroke()))
    partition.take(records([sat, swamped]), NOW)
    (belief,) = beliefs(partition.take(records([finished], 2), NOW))
    assert (belief.because, belief.data.pace_state) == ("rapid.finished", "fade")
    assert partition.take(records([after], 3), NOW).beliefs == []


def test_repeats_in_a_chunk_tell_nothing() -> None:
    """The same chunk again: no belief, no snapshot, no refusal."""
    partition, chunk = newcomers(), records(told((0, stroke()), (1, stroke())))
    partition.take(chunk, NOW)
    assert len(partition.snapshots()) == 1
    again = partition.take(chunk, NOW)
    assert (again.repeated, again.folded, again.beliefs, again.refused) == (2, 0, [], [])
    assert partition.snapshots() == []


def test_everything_refused_says_why_and_keeps_the_bytes() -> None:
    """Five ways to be wrong, each with the bytes as they came, and the good event between them is folded."""
    good, other = told((0, stroke()), (1, stroke()))
    old = msgspec.structs.replace(good, time=START - timedelta(days=8))
    chunk = [
        Record(10, b"p-1", b"not json"),
        Record(11, None, None),
        Record(12, b"p-2", encode(other)),
        Record(13, b"p-1", encode(good)),
        Record(14, b"p-1", encode(old)),
        Record(15, None, encode(other)),
    ]
    taken = newcomers(3).take(chunk, NOW)
    assert taken.folded == 1
    refused = failures(taken)
    assert [(each.data.offset, each.data.reason) for each in refused] == [
        (10, Reason.NOT_JSON),
        (11, Reason.NOT_JSON),
        (12, Reason.WRONG_KEY),
        (14, Reason.TOO_OLD),
        (15, Reason.WRONG_KEY),
    ]
    assert [each.data.original for each in refused] == [
        (record.value or b"") for record in chunk if record.offset != 13
    ]
    assert {each.data.partition for each in refused} == {3}
    assert [each.subject for each in refused] == ["p-1", "unknown", "p-2", "p-1", "unknown"]


def test_one_bad_event_in_an_array_costs_only_itself() -> None:
    """An array of three, the middle one somebody else's: it alone is refused, with its place."""
    first, last = told((0, stroke()), (1, stroke()))
    stranger = event(stroke(), 1, 0, player="p-9")
    taken = newcomers().take([Record(5, b"p-1", encode_all([first, stranger, last]))], NOW)
    (refused,) = failures(taken)
    assert taken.folded == 2
    assert (refused.data.reason, refused.data.position) == (Reason.WRONG_KEY, 1)
    assert refused.data.original == encode(stranger)
    assert refused.id == "player-events-0-5-1"


def test_an_event_too_old_to_judge_is_refused_unless_it_was_delivered_before() -> None:
    """After a crash old events come again below the offset that the state covers: they are repeats, not failures."""
    events = told(*((n / 10, stroke()) for n in range(400)))
    partition = newcomers()
    partition.take(records(events), NOW)
    ((key, raw),) = partition.snapshots()
    recalled = Partition(0, {key: raw}.get)
    again = recalled.take(records(events), NOW)
    assert (again.repeated, again.refused) == (400, [])
    stranger = recalled.take(records(events[:1], first=400), NOW)
    assert [each.data.reason for each in failures(stranger)] == [Reason.OUT_OF_WINDOW]


def test_an_event_that_breaks_the_fold_is_kept_and_the_next_one_folded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug in a formula must not stop the river."""
    advance = rooms.advance

    def breaks(player: Player, told_: Event) -> Player:
        if told_.sequence == 1:
            raise ZeroDivisionError
        return advance(player, told_)

    monkeypatch.setattr(rooms, "advance", breaks)
    taken = newcomers().take(records(told((0, stroke()), (1, stroke()))), NOW)
    assert [each.data.reason for each in failures(taken)] == [Reason.FOLD_FAILED]
    assert taken.folded == 1


def test_a_worker_that_died_anywhere_gives_the_same_players() -> None:
    """Kill it after any chunk, with any older snapshot: the effect of every event is had once."""
    dice = random.Random(11)
    events = [each for n in range(3) for each in played(f"p-{n}", f"s-{n}", 300, START, dice)]
    dice.shuffle(events)
    events.sort(key=lambda each: each.sequence)
    log = records(events)
    whole = newcomers()
    whole.take(log, NOW)
    expected = {key: read(raw) for key, raw in whole.snapshots()}
    for _ in range(20):
        table: dict[bytes, bytes] = {}
        partition, at, committed = Partition(0, table.get), 0, 0
        while at < len(log):
            size = dice.randint(1, 120)
            partition.take(log[at : at + size], NOW)
            at += size
            if dice.random() < 0.4:
                snapshots = partition.snapshots()
                table.update(dice.sample(snapshots, k=dice.randint(0, len(snapshots))))  # died while writing
                if dice.random() < 0.5:
                    table.update(snapshots)
                    committed = at
                    continue
                partition, at = Partition(0, table.get), committed
        table.update(partition.snapshots())
        assert {key: read(raw) for key, raw in table.items()} == expected


def test_snapshots_that_did_not_get_out_are_owed_again() -> None:
    """The broker was away; the next snapshot has them."""
    partition = newcomers()
    partition.take(records(told((0, stroke()))), NOW)
    (owed,) = partition.snapshots()
    partition.unwritten([owed[0]])
    assert partition.snapshots() == [owed]
