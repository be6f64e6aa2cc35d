"""Fast mode: the very code that runs, on players whose minds are known."""

import random
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import pytest

from bots.churn import FAMILIES, Round
from contract.course import designed_difficulty, grade_of
from contract.events import RapidStarted
from contract.signals import Signals
from engagement_api.policy.bandit import Posterior
from engagement_api.trial import HELD_OUT, PolicyName, branch_of, untried
from engagement_api.weigh import Rules
from experiments.cells import Plan
from experiments.life import Life, _paddle, _tell, bear, not_held_out, play
from experiments.lives import Stub, play_all
from experiments.probe import first_easing
from processors.player import signals

POLICIES: Final[tuple[PolicyName, ...]] = ("P0", "P1", "P2", "P4")


class Staying:
    """A family of players who never leave, and remember what they were told."""

    def __init__(self, dice: random.Random, /) -> None:
        self.told: list[Round] = []
        self.first = dice.random()

    def leaves(self, played: Round, /) -> float:
        """Never."""
        self.told.append(played)
        return 0.0


def plan(policies: tuple[PolicyName, ...] = POLICIES, *, horizon: int = 8, burn_in: int = 4) -> Plan:
    """A small plan."""
    return Plan(
        families={}, sources={}, policies=policies, players=20, seeds=1, horizon=horizon, burn_in=burn_in
    )  # fmt: skip


def lived(name: str, policies: tuple[PolicyName, ...] = POLICIES, players: int = 20) -> dict[PolicyName, list[Stub]]:
    """What is left of `players` of a family under each policy."""
    chunk = play_all(3, range(players), FAMILIES[name], policies, plan(policies), Posterior(), None)
    return {policy: [stub for stub in stubs if isinstance(stub, Stub)] for policy, stubs in chunk.stubs.items()}


def a_life(policy: PolicyName = "P2", number: int = 5, rounds: int = 30) -> tuple[Life, Staying]:
    """A life that nobody leaves."""
    born = bear(1, number, rounds)
    family = born.family(Staying)
    assert isinstance(family, Staying)
    return Life(born, not_held_out(f"t{number}"), family, Rules(policy)), family


def paddle_begun(life: Life, took_s: float, *, cleared: bool) -> None:
    """A round whose beginning is told too."""
    _tell(life, RapidStarted(life.rapid, life.attempt, life.difficulty, grade_of(life.difficulty), 0))
    _paddle(life, took_s, cleared=cleared)


def test_the_same_policy_twice_gives_exactly_the_same_lives() -> None:
    """Common random numbers: an A/A difference is not small, it is none."""
    assert lived("F1", ("P2",)) == lived("F1", ("P2",))


def test_the_indifferent_play_as_many_rounds_whatever_the_policy() -> None:
    """F7 reads only how many rounds it has played, and every arm has the same coins."""
    arms = lived("F7")
    assert {policy: [stub.rounds for stub in stubs] for policy, stubs in arms.items()} == {
        policy: [stub.rounds for stub in arms["P0"]] for policy in POLICIES
    }


def test_whoever_is_exposed_in_one_arm_is_exposed_in_all_with_the_same_burn_in() -> None:
    """The burn-in is P0's in every arm, so nobody's first rounds depend on where they were sent."""
    arms = lived("F2")
    assert len({tuple((stub.before, stub.third, stub.persona) for stub in stubs) for stubs in arms.values()}) == 1


def test_in_the_burn_in_the_river_is_the_designers() -> None:
    """Ten rounds under a trial of P2: every difficulty is the curve's."""
    life, family = a_life("P0")
    for _ in range(10):
        play(life)
    assert [each.difficulty for each in family.told] == pytest.approx(
        [designed_difficulty(r.rapid) for r in family.told]
    )


def test_a_family_is_told_what_happened_round_by_round() -> None:
    """Numbers rise by one, a cleared rapid leads to the next, a lost one to another attempt, time only grows."""
    life, family = a_life()
    for _ in range(25):
        play(life)
    told: Sequence[Round] = family.told
    assert [each.number for each in told] == list(range(1, 26))
    for before, after in pairwise(told):
        expected = (before.rapid + 1, 1) if before.cleared else (before.rapid, before.attempt + 1)
        assert (after.rapid, after.attempt) == expected
        assert after.played_s == pytest.approx(before.played_s + after.active_s)
        assert after.history[-1] == "LW"[after.cleared]
        assert len(after.history) == min(after.number, 10)
    assert {each.session_rounds for each in told} >= {1, 2}


def test_what_a_fast_life_believes_is_what_the_fold_believes() -> None:
    """The beliefs that steer it are those of the very same fold: as many rounds, in its own words."""
    life, _ = a_life()
    for _ in range(12):
        play(life)
    believed: Signals = signals(life.believed)
    assert believed.rounds == 12
    assert believed.skill == life.signals.skill


@pytest.mark.parametrize("policy", ["P0", "P1", "P2"])
def test_telling_how_rounds_begin_would_change_no_decision(policy: PolicyName, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sixty rounds over several sittings, told with and without their beginnings: the same rivers.

    P4's dice are shaken by the number of the event, so they fall otherwise, and by the same chances.
    """
    told = []
    for paddle in (_paddle, paddle_begun):
        monkeypatch.setattr("experiments.life._paddle", paddle)
        life, _ = a_life(policy, number=7, rounds=60)
        told.append([(played.felt.difficulty, played.after) for played in (play(life) for _ in range(60))])
    assert told[0] == told[1]


def test_a_fork_hears_the_burn_in_again_and_goes_its_own_way() -> None:
    """The family of a fork has been told the same rounds, by dice that begin anew; the first life is not moved."""
    life, family = a_life()
    before = [play(life).felt for _ in range(6)]
    fork = life.fork(Rules("P2"), before, Staying)
    assert isinstance(fork.family, Staying)
    assert (fork.family.told, fork.family.first) == (before, family.first)
    play(fork)
    assert (life.rounds, fork.rounds) == (6, 7)


def test_nobody_in_fast_mode_is_held_out() -> None:
    """Of two hundred names some would be; each gets another."""
    names = [f"x0-{number}" for number in range(200)]
    assert any(branch_of(name, untried("P2")) is HELD_OUT for name in names)
    assert not any(branch_of(not_held_out(name), untried("P2")) is HELD_OUT for name in names)


def test_the_exploration_cohort_is_logged_round_by_round() -> None:
    """A row for every round lived, burn-in included, and nobody's row says left but the last."""
    chunk = play_all(3, range(12), FAMILIES["F2"], ("explore",), plan(("explore",)), Posterior(), None)
    assert len(chunk.rows) == chunk.rounds > 50
    for one, following in pairwise(chunk.rows):
        assert not one[-1] or one[0] != following[0]


def test_the_bandit_learns_from_block_to_block() -> None:
    """Twelve who never leave: blocks begin after 6, 14 and 22 of their 24 rounds, and two are played to the end."""
    chunk = play_all(3, range(12), Staying, ("P4",), plan(("P4",), horizon=20), Posterior(), None)
    assert sum(chunk.posterior.pulls) == 12 * 3
    assert sum(chunk.posterior.stays) == 12 * 2


@pytest.mark.parametrize("policy", ["P1", "P2"])
def test_a_river_far_too_hard_gives_way_within_two_rounds(policy: PolicyName) -> None:
    """A player 1.5 logit below the river loses its first rounds; under the designer's nothing gives way."""
    easing = first_easing(policy, 40)
    assert easing.eased == 40
    assert easing.median is not None
    assert easing.median <= 2
    assert first_easing("P0", 5).eased == 0
