"""find-max as it is made, on runs that nobody made: what a try says, what a search shows, and when it ends."""

import asyncio

from bots.__main__ import Reader
from load.gathering import STAGES, Seconds
from load.plan import News, Plan, Ran, Target, Watch
from load.profiles import make
from load.search import Bounds
from load.seek import seek, tried
from load.timeline import Judged, Moment
from tests.load.invented import loaded

TARGET = Target(server="here", kafka="", river=None, reader=Reader("", lambda _: {}), group="")
PLAN = Plan(
    profile="find-max", schedule=make("find-max", 100, 60.0), thresholds=(), target=TARGET, bounds=Bounds(20, 80)
)
HELD = (Judged("lost==0", 0.0, holds=True),)
BROKEN = (Judged("e2e_ms:p99<250", 900.0, holds=False),)


class Stack:
    """One that holds up to so many players; every run on it lasts a minute, of which the last second is at 60 s."""

    def __init__(self, most: int, stop_after: int = 99, *, drains: bool = True, away: str = "") -> None:
        self.most = most
        self.stop_after = stop_after
        self.drains = drains
        self.away = away
        self.asked: list[int] = []

    async def __call__(self, plan: Plan, watch: Watch, stop: asyncio.Event) -> Ran:
        """A run of `plan`."""
        players = plan.schedule[-1].players
        self.asked.append(players)
        came = loaded(
            schedule=plan.schedule, thresholds=HELD if players <= self.most else BROKEN, gave_first="the worker (slow)",
            events_per_s=7.0 * players,
        )  # fmt: skip
        watch(came.moments[-1])
        if len(self.asked) == self.stop_after:
            stop.set()
        return Ran(came, {stage: Seconds() for stage in STAGES}, self.drains, away=self.away)


async def sought(stack: Stack) -> tuple[Ran, list[News]]:
    """A search on it, and what was told."""
    told: list[News] = []
    assert PLAN.bounds is not None
    return await seek(PLAN, PLAN.bounds, told.append, asyncio.Event(), stack), told


async def test_a_search_shows_the_highest_that_held_and_the_seconds_of_all_its_tries() -> None:
    """20, 40, 80 fails, 60, 70 fails, 65 fails, 62 fails (under 5 % left), 60 again: eight minutes on one line."""
    stack = Stack(60)
    ran, told = await sought(stack)
    assert stack.asked == [20, 40, 80, 60, 70, 65, 62, 60]
    assert ran.loaded.highest == ran.loaded.tries[-1]
    assert ran.loaded.highest is not None
    assert (ran.loaded.highest.players, ran.loaded.events_per_s) == (60, 420.0)
    assert ran.loaded.gave_first == "the worker (slow)"  # what stands between 60 and more
    assert len(ran.loaded.moments) == 8 * 60
    assert [moment.at_s for moment in told if isinstance(moment, Moment)] == [
        60.0 * (number + 1) for number in range(8)
    ]
    assert told[-1] == "The highest that held: 60 players, 420 events a second; 62 did not."


async def test_a_try_that_was_stopped_half_way_is_no_try() -> None:
    """The second one: what was found until then is told."""
    ran, _ = await sought(Stack(60, stop_after=2))
    assert [one.players for one in ran.loaded.tries] == [20]


async def test_a_search_ends_where_a_backlog_does_not_drain() -> None:
    """What is left of one try would be the next one's lag."""
    stack = Stack(60, drains=False)
    _, told = await sought(stack)
    assert stack.asked == [20]
    assert "What the last try left was not folded in time: the search ends here." in told


async def test_a_try_that_nobody_could_count_is_no_try_and_the_last() -> None:
    """Kafka went away: nothing is said to hold, and the sentence is there for the end."""
    stack = Stack(60, away="Kafka went away.")
    ran, told = await sought(stack)
    assert stack.asked == [20]
    assert (ran.loaded.tries, ran.counted, ran.away) == ((), False, "Kafka went away.")
    assert not [words for words in told if isinstance(words, str) and words.startswith("20 players, ")]


def test_a_try_whose_generator_was_late_says_nothing_of_the_stack() -> None:
    """Whatever its thresholds say."""
    late = loaded(thresholds=HELD, late_starts=50, ticks=1000, gave_first="the generator (5.0% of its steps were late)")
    assert (tried(5, late).holds, tried(5, late).why) == (False, "the generator (5.0% of its steps were late)")
