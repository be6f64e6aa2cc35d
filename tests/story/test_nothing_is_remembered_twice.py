"""A bot's sitting under each policy, replayed from its bytes: the same beliefs and the same decisions."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

import pytest

from contract.codec import encode, read_event
from contract.events import Event
from engagement_api.judge import Rules
from engagement_api.trial import PolicyName
from tests.story.arms import POLICIES, under
from tests.story.bot_hands import BotsHands
from tests.story.river_loop import NOON, Game, Watchers

AN_HOUR: Final = timedelta(hours=1)


def heard(log: Iterable[bytes], rules: Rules) -> Watchers:
    """Watchers that heard this log and nothing else, and restart after every hundredth event."""
    watchers = Watchers(rules)
    for number, raw in enumerate(log, 1):
        event = read_event(raw, NOON + AN_HOUR)
        assert isinstance(event, Event)
        watchers.hear(event.subject, raw, event.time)
        if number % 100 == 0:
            watchers.restart()
    return watchers


@pytest.mark.parametrize("policy", POLICIES)
def test_a_sitting_replayed_is_believed_and_decided_as_it_was(policy: PolicyName) -> None:
    """Sixteen rounds, some of them really paddled: every belief and every goal again, byte for byte."""
    game = Game("ada", BotsHands("hasty", 5), Watchers(under(policy)))
    game.rounds_of("WLWWLWWLWWLW")
    for _ in range(4):
        game.round()
    again = heard(game.log, under(policy))
    assert len(again.goals) >= 16
    assert [encode(goal) for goal in again.goals] == [encode(goal) for goal in game.watchers.goals]
    assert [encode(belief) for belief in again.beliefs] == [encode(belief) for belief in game.watchers.beliefs]
    assert again.rules.posterior == game.watchers.rules.posterior
