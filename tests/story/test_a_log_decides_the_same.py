"""However Kafka cuts a log into fetches, and however late it is read: the same decisions, one by one."""

from datetime import timedelta

import pytest

from contract.adaptations import AdaptationDecided
from contract.codec import Unreadable, read_signal
from engagement_api.judge import Rules, judge
from engagement_api.state import State
from processors.partition import Partition
from tests.story.river_loop import NOON, Game, Record, Watchers, nobody


def played() -> list[bytes]:
    """A sitting with real water, runs of wins and losses, and a wish to be left alone for a while."""
    game = Game("p-1", nobody, Watchers())
    game.round()
    game.rounds_of("WWLLLLWLL")
    game.choose(consent=False)
    game.round()
    game.choose(consent=True)
    game.rounds_of("LLWW")
    game.come_back(timedelta(hours=2))
    game.rounds_of("WLW")
    return game.log


LOG = played()


def decided(events_a_fetch: int) -> list[AdaptationDecided]:
    """What is decided when the log is read within a second, three hours later, in fetches of this size."""
    partition, state, now = Partition(0, recall=lambda _: None), State(), NOON + timedelta(hours=3)
    goals = []
    for first in range(0, len(LOG), events_a_fetch):
        chunk = enumerate(LOG[first : first + events_a_fetch], first)
        now += timedelta(seconds=events_a_fetch / len(LOG))
        for _, raw in partition.take([Record(offset, b"p-1", value) for offset, value in chunk], now).beliefs:
            belief = read_signal(raw)
            assert not isinstance(belief, Unreadable)
            verdict = judge(belief, state, Rules(), now)
            state = verdict.state
            goals += [verdict.goal] if verdict.goal else []
    return goals


@pytest.mark.parametrize("events_a_fetch", [2, 7, 100, len(LOG)])
def test_the_size_of_a_fetch_decides_nothing(events_a_fetch: int) -> None:
    """Everything but the time of deciding, and what follows from it, is as if each event had come alone."""

    def essence(goal: AdaptationDecided) -> tuple[object, ...]:
        data = goal.data
        return (
            data.revision,
            data.difficulty,
            data.pace,
            data.hint,
            data.reward,
            data.because,
            data.evidence,
            data.cause,
        )

    alone = decided(1)
    assert len(alone) > 15
    assert any(goal.data.hint for goal in alone)
    assert list(map(essence, decided(events_a_fetch))) == list(map(essence, alone))
