"""What one partition counts, what it forgets, and what it is told of."""

import random
from datetime import timedelta

import pytest
from datasketches import hll_sketch

from contract.codec import encode
from contract.fleet import FleetTold
from processors.fleet import DAYS, MINUTES, RAPIDS, Fleet, WrongSketchError
from processors.partition import Partition
from tests.processors.river import START, cleared, event, played, started, stroke, told
from tests.processors.test_partition import NOW, records

BEGAN_S = START.timestamp()
DAY = int(BEGAN_S // 86_400)
MINUTE = int(BEGAN_S // 60)


def counts(told_: FleetTold) -> dict[tuple[str, int], int]:
    """What the sketches answer."""
    return {
        (tally.counted, tally.of): round(hll_sketch.deserialize(tally.sketch).get_estimate())
        for tally in told_.data.tallies
    }


def test_one_event_says_who_is_here_since_when() -> None:
    """A player's first stroke: seen that day and that minute, in one session, and begun that day."""
    fleet = Fleet(3)
    assert not fleet.changed
    fleet.note(event(stroke(), 1, 0), BEGAN_S, BEGAN_S)
    assert fleet.changed
    message = fleet.told(START)
    assert not fleet.changed
    assert (message.subject, message.data.partition) == ("3", 3)
    assert counts(message) == {
        ("seen_on_day", DAY): 1,
        ("sessions_on_day", DAY): 1,
        ("began_on_day", DAY): 1,
        ("seen_in_minute", MINUTE): 1,
        ("sessions_in_minute", MINUTE): 1,
    }


@pytest.mark.parametrize(("days_ago", "counted"), [(1, "back_after_1_day"), (7, "back_after_7_days")])
def test_who_comes_back_is_counted_under_the_day_they_began(days_ago: int, counted: str) -> None:
    """One and seven days later, whatever the time of day."""
    fleet = Fleet(0)
    fleet.note(event(stroke(), 1, 0), BEGAN_S - days_ago * 86_400 + 3_600 * 5, BEGAN_S)
    assert counts(fleet.told(START))[counted, DAY - days_ago] == 1


@pytest.mark.parametrize("days_ago", [2, 6, 8, 30])
def test_on_other_days_a_player_is_no_sign_of_retention(days_ago: int) -> None:
    """Classic retention asks for the very day."""
    fleet = Fleet(0)
    fleet.note(event(stroke(), 1, 0), BEGAN_S - days_ago * 86_400, BEGAN_S)
    assert {counted for counted, _ in counts(fleet.told(START)) if "back" in counted or "began" in counted} == set()


def test_days_and_minutes_are_forgotten_and_the_funnel_is_not() -> None:
    """Seen on day 0: still told 35 days later, and on the next no more; what was cleared stays."""
    fleet = Fleet(0)
    fleet.note(event(started(), 1, 0), BEGAN_S, BEGAN_S)
    fleet.note(event(cleared(), 2, 0), BEGAN_S, BEGAN_S)
    kept = counts(fleet.told(START + timedelta(days=DAYS)))
    assert kept["seen_on_day", DAY] == 1
    assert ("seen_in_minute", MINUTE) not in kept
    late = fleet.told(START + timedelta(days=DAYS + 1))
    assert counts(late) == {("started_rapid", 1): 1, ("cleared_rapid", 1): 1}
    assert late.data.lags == ()


def test_an_old_event_is_of_its_own_day_and_of_no_minute() -> None:
    """A backlog of yesterday makes nobody present."""
    fleet = Fleet(0)
    fleet.note(event(stroke(), 1, 0), BEGAN_S, BEGAN_S + 86_400)
    found = counts(fleet.told(START + timedelta(days=1)))
    assert found["seen_on_day", DAY] == 1
    assert not [counted for counted, _ in found if counted.endswith("_minute")]


def test_it_stays_small_whatever_comes() -> None:
    """100 rapids and 200 days leave at most 36 days, 11 minutes and 30 rapids."""
    fleet = Fleet(0)
    for day in range(200):
        at = START + timedelta(days=day)
        fleet.note(event(started(day % 100 + 1), 1, 0, start=at), at.timestamp(), at.timestamp())
        fleet.told(at)
    found = list(counts(fleet.told(START + timedelta(days=199))))
    assert len([of for counted, of in found if counted == "seen_on_day"]) == DAYS + 1
    assert len([of for counted, of in found if counted == "started_rapid"]) == RAPIDS
    assert len([of for counted, of in found if counted == "seen_in_minute"]) <= MINUTES + 1


def test_a_crowd_fits_in_one_message() -> None:
    """A sketch grows to some 2 KiB and no further, so all that there can be, in base64, stay under the broker's MiB."""
    fleet = Fleet(0)
    for n in range(3_000):
        fleet.note(event(started(), 1, 0, player=f"p-{n}"), BEGAN_S, BEGAN_S)
    largest = max(len(tally.sketch) for tally in fleet.told(START).data.tallies)
    assert largest == pytest.approx(2_048, rel=0.1)  # 4,096 registers of 4 bits
    sketches = 5 * (DAYS + 1) + 2 * RAPIDS + 2 * (MINUTES + 1)
    assert largest * sketches * 4 / 3 < 1024 * 1024


def test_what_was_told_is_taken_in_whole() -> None:
    """Three players there, two of them and another here: four, and the latencies of both."""
    there, here = Fleet(0), Fleet(0)
    for fleet, players in ((there, ("a", "b", "c")), (here, ("b", "c", "d"))):
        for player in players:
            fleet.note(event(stroke(), 1, 0, player=player), BEGAN_S, BEGAN_S)
    here.merge(encode(there.told(START)))
    assert counts(here.told(START))["seen_on_day", DAY] == 4


@pytest.mark.parametrize("part", ["tallies", "lags", "all"])
def test_nonsense_is_refused_before_any_of_it_is_taken_in(part: str) -> None:
    """Bytes that are no sketch, or no message: an error that says so, and the fleet as it was."""
    there, here = Fleet(0), Fleet(0)
    there.note(event(stroke(), 1, 0), BEGAN_S, BEGAN_S)
    raw = encode(there.told(START))
    key = {"tallies": b'"of":', "lags": b'"minute":', "all": b"{"}[part]
    head, _, tail = raw.rpartition(key)
    spoilt = head if part == "all" else head + key + tail.replace(b'"sketch":"', b'"sketch":"AAAA', 1)
    with pytest.raises(WrongSketchError):
        here.merge(spoilt)
    assert here.told(START).data.tallies == ()


def test_a_partition_notes_a_player_once_a_batch_and_every_turn() -> None:
    """Ten strokes in a batch are one latency; a round begun and ended among them are two more; repeats are none."""
    strokes = told(*((float(n), stroke()) for n in range(10)))
    partition = Partition(0, lambda _: None)
    partition.take(records(strokes), NOW)
    partition.take(records(strokes), NOW)
    assert _lags(partition) == 1
    rounds = told((11.0, stroke()), (12.0, started()), (13.0, stroke()), (14.0, cleared()), first=11)
    partition.take(records(rounds), NOW)
    assert _lags(partition) == 4


def test_the_order_of_batches_makes_no_difference_to_a_count() -> None:
    """The same sessions folded one by one, or woven together in one batch, answer the same."""
    dice = random.Random(3)
    sessions = [played(f"p-{n}", f"s-{n}", 60, START, dice) for n in range(12)]
    apart, woven = Partition(0, lambda _: None), Partition(0, lambda _: None)
    now = START + timedelta(minutes=2)
    for session in sessions:
        apart.take(records(session), now)
    woven.take(records([each for moment in zip(*sessions, strict=True) for each in moment]), now)
    one, other = counts(apart.fleet.told(now)), counts(woven.fleet.told(now))
    assert {name: n for name, n in one.items() if "minute" not in name[0]} == {
        name: n for name, n in other.items() if "minute" not in name[0]
    }
    assert one["seen_on_day", DAY] == 12


def _lags(partition: Partition) -> int:
    again = Fleet(9)
    again.merge(encode(partition.fleet.told(NOW)))
    return sum(times.total_count for times in again._lags.values())
