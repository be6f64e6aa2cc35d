"""Who counts for an arm, from when on, and that telling it again changes nothing."""

import random
from datetime import timedelta

from msgspec.structs import replace

from engagement_api.exposure import Exposure, exposures_of, merged
from tests.engagement_api.beliefs import NOON
from tests.engagement_api.trialled import SPRING, blurred, decided

EARLY = Exposure("spring", "p-1", "on target", "bot", NOON, 5, 2)
LATE = Exposure("spring", "p-1", "on target", "bot", NOON + timedelta(minutes=1), 6, 4)


def test_a_player_counts_from_the_first_goal_of_the_arms_own_policy() -> None:
    """Three rounds judged in one batch: exposed after the first, two rounds since."""
    records = decided("p-1", 1, 2, 3)
    (exposure,) = exposures_of(records).begun
    assert (exposure.trial, exposure.player, exposure.playerkind) == ("spring", "p-1", "bot")
    assert exposure.arm == records[0].goal.data.arm
    assert exposure.exposed_at == NOON + timedelta(minutes=1)
    assert (exposure.rounds_before, exposure.rounds) == (1, 2)


def test_in_the_burn_in_nobody_counts() -> None:
    """Ten rounds for everybody alike: nine judged expose nobody, the tenth does."""
    slow = replace(SPRING, burn_in=10)
    assert exposures_of(decided("p-1", *range(1, 10), trial=slow)).begun == []
    (exposure,) = exposures_of(decided("p-1", *range(1, 13), trial=slow)).begun
    assert (exposure.rounds_before, exposure.rounds) == (10, 2)


def test_who_plays_under_no_trial_is_in_none() -> None:
    """The name that stands for no trial is never counted."""
    outside = [blurred(record, trial="none") for record in decided("p-1", 1, 2)]
    assert exposures_of(outside).begun == []
    assert exposures_of(outside).reached == {}


def test_who_is_left_alone_after_exposure_counts_on() -> None:
    """A goal that exposes nobody tells how far its player came: an arm cannot win by driving people out."""
    first, second = decided("p-1", 1, 2)
    told = exposures_of([blurred(second, exposed=False)])
    assert told.begun == []
    assert told.reached == {("spring", "p-1"): 2}
    (exposure,) = exposures_of([first, blurred(second, exposed=False)]).begun
    assert exposure.rounds == 1


def test_of_two_tellings_the_earlier_beginning_and_the_later_end_hold() -> None:
    """After round 5 with 2 more, and after round 6 with 4 more: after round 5 with 5 more."""
    assert merged(EARLY, LATE) == merged(LATE, EARLY) == replace(EARLY, rounds=5)
    assert merged(EARLY, EARLY) == EARLY


def test_the_order_of_a_batch_does_not_matter() -> None:
    """Shuffled and doubled, the same exposures."""
    records = [record for name in ("p-1", "p-3", "p-4") for record in decided(name, 1, 2, 3, 5)]
    shuffled = records * 2
    random.Random(3).shuffle(shuffled)
    in_order = {exposure.player: exposure for exposure in exposures_of(records).begun}
    assert {exposure.player: exposure for exposure in exposures_of(shuffled).begun} == in_order
