"""How a trial stands, worked out by hand from a few players."""

import pytest
from msgspec.structs import replace

from engagement_api.scoreboard import Experiment, Running, Tally, control_of, stand
from engagement_api.trial import Branch, Trial
from tests.engagement_api.beliefs import NOON
from tests.engagement_api.trialled import SPRING

COUNTED = {
    "as drawn": Tally(4, 40, 432),
    "on target": Tally(2, 26, 340),
    "held_out": Tally(1, 9, 81),
}
"""Players of 6, 10, 10 and 14 rounds, of 12 and 14, and one of 9."""


def test_a_tally_knows_mean_and_variance() -> None:
    """By hand: 36 + 100 + 100 + 196 = 432 and a mean of 10: (432 - 400) / 3."""
    tally = Tally(4, 40, 432)
    assert tally.mean == 10.0
    assert tally.variance == pytest.approx(32 / 3)
    assert Tally(1, 9, 81).variance == Tally().variance == Tally().mean == 0.0


def test_without_a_trial_there_is_nothing_to_show() -> None:
    """All fields are there and empty."""
    assert stand(None, {}) == Experiment()


def test_every_arm_stands_beside_its_control() -> None:
    """Counts, means, lifts: 13 rounds over 10 are 30 %; the held out are an arm, and nobody's lift is made up."""
    told = stand(Running(SPRING, NOON), COUNTED)
    control, target, rank, held_out = told.arms
    assert [arm.n for arm in told.arms] == [4, 2, 0, 1]
    assert [arm.control for arm in told.arms] == [True, False, False, False]
    assert (control.rounds, control.lift, control.p) == (10.0, None, None)
    assert target.lift is not None
    assert target.lift.lift == pytest.approx(0.3)
    assert target.p is not None
    assert (rank.rounds, rank.lift, rank.p) == (0.0, None, 1.0)
    assert (held_out.policy, held_out.share, held_out.lift) == ("P0", 0.05, None)
    assert sum(arm.share for arm in told.arms) == pytest.approx(1.0)


def test_the_control_is_the_first_arm_with_the_designers_river() -> None:
    """Wherever it stands; without one it is the first arm."""
    assert control_of(SPRING).name == "as drawn"
    assert control_of(replace(SPRING, arms=SPRING.arms[::-1])).name == "as drawn"
    assert control_of(Trial("no control", (Branch("a", "P2", 0.5), Branch("b", "P1", 0.5)))).name == "a"


def test_an_arm_that_loses_players_rings_the_alarm() -> None:
    """Of 2,000 players 475, 285, 190 and 50 in each thousand are meant; an arm with a third fewer is seen."""
    meant = {"as drawn": 950, "on target": 570, "by rank": 380, "held_out": 100}
    whole = stand(Running(SPRING, NOON), {name: Tally(n, n, n) for name, n in meant.items()})
    assert whole.srm is not None
    assert (whole.srm.p, whole.srm.alarm) == (pytest.approx(1.0), False)
    broken = stand(Running(SPRING, NOON), {name: Tally(n, n, n) for name, n in (meant | {"by rank": 253}).items()})
    assert broken.srm is not None
    assert broken.srm.alarm
