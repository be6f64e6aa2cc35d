"""Plans of links, messages, clocks and readers: repeatable, and none of them so mild that it proves nothing."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from contract.events import Event
from faults.catalogue import FAULTS, LONG, draw
from faults.crowd import Skewed
from faults.elements import CUT, SPOOLED
from faults.plan import Mangling, Plan
from faults.sleepers import ASKS
from producers.outbox import EMPTY, STROKES_SHARE, Outbox
from tests.producers.told import told

OURS = ("stream-away", "partition", "slow-link", "poison", "duplicates", "clock-skew", "slow-readers")
SEEDS = range(1, 21)
SESSION_S = 6.0
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


class Kept:
    """A shore that keeps what it is told."""

    outbox: Outbox = EMPTY

    def __init__(self) -> None:
        self.told: list[Event] = []

    def emit(self, event: Event) -> None:
        """Keeps it."""
        self.told.append(event)


def plans(fault: str) -> list[Plan]:
    """Its plans for as many seeds as are run."""
    return [draw(fault, seed) for seed in SEEDS]


@pytest.mark.parametrize("fault", [*OURS, *LONG])
def test_a_name_and_a_seed_are_always_the_same_plan(fault: str) -> None:
    """And the plan says its own name and seed, so that whoever reads of it can have it again."""
    assert plans(fault) == plans(fault)
    assert [(plan.fault, plan.seed) for plan in plans(fault)] == [(fault, seed) for seed in SEEDS]


@pytest.mark.parametrize("fault", OURS)
def test_every_step_is_done_while_the_crowd_plays(fault: str) -> None:
    """After the end nobody would notice."""
    assert all(0.0 < step.at_s < plan.seconds for plan in plans(fault) for step in plan.steps)


def test_the_ten_minutes_are_only_done_when_asked_for() -> None:
    """Ten minutes of play at its own pace, with nothing but the link's return at its end, among no others."""
    plan = draw("stream-away-10m", 1)
    away_s = plan.seconds - plan.steps[0].at_s
    assert (away_s, plan.pace, len(plan.steps), plan.game, plan.bulk) == (600.0, 1.0, 1, True, 100_000)
    assert not FAULTS.keys() & LONG.keys()


def test_a_hundred_thousand_events_fit_the_outbox_before_it_gives_up_strokes() -> None:
    """Strokes are given up from half of what may be held: 100,000 of 200,000."""
    assert EMPTY.spool_events * STROKES_SHARE >= SPOOLED
    assert all(plan.bulk == SPOOLED and plan.spooled and plan.game for plan in plans("stream-away"))


def test_twenty_seeds_cut_every_link_and_outlast_every_patience() -> None:
    """Each of six links, by reset and by silence; for less than a group's session of 6 s, and for more."""
    cuts = [plan.steps for plan in plans("partition")]
    assert {cut.on for cut, _ in cuts} == set(CUT)
    assert {cut.act for cut, _ in cuts} == {"reset", "silence"}
    lengths = [mend.at_s - cut.at_s for cut, mend in cuts]
    assert min(lengths) < SESSION_S < max(lengths)


def test_poison_is_rarer_than_a_thousandth_and_still_comes_several_times() -> None:
    """Some 5 events a player and second of play, ten of these in one: 56 players tell 10,000 in 5 s, and 10 are bad."""
    for plan in plans("poison"):
        assert plan.mangling.poison == 0.001
        assert plan.players * 4 * plan.seconds * plan.pace * plan.mangling.poison > 5


def test_sleepers_ask_for_more_than_every_buffer_holds_and_for_no_more_than_is_allowed() -> None:
    """A third of 36 goals of 0.7 KB, 36 times over: 302 KB. A socket holds 128 KB, a transport 64."""
    for plan in plans("slow-readers"):
        assert ASKS * plan.players / 3 * 700 > 3 * 64 * 1024
        assert 100 <= plan.sleepers <= 140
    assert ASKS < 100


def test_clocks_are_wrong_by_a_day_or_set_back() -> None:
    """Odd seeds: a day, either way. Even ones: back by half a minute, an hour or a day, in the middle."""
    odd, even = plans("clock-skew")[::2], plans("clock-skew")[1::2]
    assert {plan.mangling.skew_s for plan in odd} == {86_400.0}
    assert {plan.mangling.set_back_s for plan in even} == {30.0, 3_600.0, 86_400.0}


def test_a_wrong_clock_stays_as_wrong_as_it_is() -> None:
    """Of thirty players some are a day ahead, some a day behind and some right, each always by the same."""
    kept = Kept()
    shore = Skewed(kept, Mangling(skew_s=86_400.0), 1, NOON)  # type: ignore[arg-type]
    for sequence in (1, 2):
        for player in range(30):
            shore.emit(told(f"p-{player}", sequence, at=NOON))
    off = [event.time - NOON for event in kept.told]
    assert set(off) == {timedelta(days=-1), timedelta(0), timedelta(days=1)}
    assert off[:30] == off[30:]


def test_a_clock_is_set_back_in_the_middle_and_not_before() -> None:
    """A second before, everybody is right; from the middle on, some are an hour behind."""
    kept = Kept()
    shore = Skewed(kept, Mangling(set_back_s=3_600.0), 1, NOON)  # type: ignore[arg-type]
    second = timedelta(seconds=1)
    for player in range(30):
        shore.emit(told(f"p-{player}", 1, at=NOON - second))
    for player in range(30):
        shore.emit(told(f"p-{player}", 2, at=NOON + second))
    assert {event.time for event in kept.told[:30]} == {NOON - second}
    assert {event.time for event in kept.told[30:]} == {NOON + second, NOON + second - timedelta(hours=1)}


def test_links_are_slow_in_pairs() -> None:
    """Two different links, equally late, by no more than half a second."""
    for plan in plans("slow-link"):
        first, second = plan.steps
        assert first.on != second.on
        assert 0.0 < first.value == second.value < 0.5


def test_dice_decide_and_nothing_else() -> None:
    """The same dice give the same plan, whatever was drawn before from others."""
    random.seed(1)
    one = draw("partition", 3)
    random.seed(2)
    assert draw("partition", 3) == one
