"""A cell: who is assigned where, who is whose twin, and what is kept of them."""

import numpy as np
import pytest

from bots.churn import LastThree
from engagement_api.policy.bandit import Posterior
from engagement_api.trial import branch_of
from experiments.cells import CHUNK, COHORT, Cell, Plan, assign, cells_of, chunks, lives, play, trial_of
from experiments.evidence import KINDS
from tests.experiments.players import AFTER, Foretold, plan

CELL = Cell("F2", 1)
BOTH = plan(players=600)
GRAPH = plan(("P0", "P3", "P4"), players=600)


def nobody(_players: int, _rounds: int) -> None:
    """Nobody waits."""


def test_cells_come_seed_by_seed() -> None:
    """Half an experiment shows every family."""
    assert [cell.name for cell in cells_of(BOTH)] == ["F2-0", "F7-0", "F2-1", "F7-1"]


def test_every_arm_is_promised_the_same_share_and_the_cohort_a_tenth() -> None:
    """0.9 over three arms, and all of it over two where nobody explores."""
    shares = {arm.name: arm.share for arm in trial_of(CELL, GRAPH).arms}
    assert shares == pytest.approx({"P0": 0.3, "P3": 0.3, "P4": 0.3, "explore": 0.1})
    assert [arm.share for arm in trial_of(CELL, BOTH).arms] == [0.5, 0.5]


@pytest.mark.parametrize(("asked", "pool"), [(BOTH, 1264), (GRAPH, 2106)])
def test_players_are_assigned_as_the_trial_would_in_the_world(asked: Plan, pool: int) -> None:
    """600 / .5 / .95 = 1263.2 names make two arms of about 600; 600 / .3 / .95 = 2105.3 make three and a cohort."""
    counts = assign(CELL, asked)
    branches = [branch_of(f"x1-{number}", trial_of(CELL, asked)) for number in range(pool)]
    assert counts == {arm: sum(branch is not None and branch.name == arm for branch in branches) for arm in counts}
    assert sum(counts.values()) < pool, "one in twenty is held out"
    assert len(set(counts.values())) > 1, "a hash is no dealer of cards"
    for arm in asked.policies:
        assert counts[arm] == pytest.approx(600, abs=5 * 600**0.5)


def test_another_family_shuffles_the_players_anew() -> None:
    """Or one unlucky split would be every cell's."""
    assert assign(CELL, BOTH) != assign(Cell("F7", 1), BOTH)


def test_a_bar_counts_arms_and_cohort() -> None:
    """600 who live three times, and a cohort of 0.1 / 0.3 times as many."""
    assert lives(BOTH) == 600
    assert lives(GRAPH) == 800


def test_players_come_in_chunks() -> None:
    """The last one smaller, none twice."""
    assert list(chunks(0, 2 * CHUNK + 1)) == [range(CHUNK), range(CHUNK, 2 * CHUNK), range(2 * CHUNK, 2 * CHUNK + 1)]
    assert list(chunks(0, 0)) == []


def test_the_kth_player_of_every_arm_is_the_same_one() -> None:
    """Twins differ by their policy's rounds and by nothing else, as far as the smaller arm goes."""
    outcome = play(CELL, BOTH, LastThree, Foretold(), nobody)
    control, target = outcome.columns["P0/rounds"], outcome.columns["P2/rounds"]
    pairs = min(len(control), len(target))
    assert (target[:pairs] - control[:pairs] == 2).all()
    assert (outcome.columns["P0/persona"][:pairs] == outcome.columns["P2/persona"][:pairs]).all()


def test_who_left_before_exposure_was_assigned_and_is_in_no_column() -> None:
    """Of players 0 to n - 1 every fourth, beginning with the first: n // 4 rounded up."""
    outcome = play(CELL, BOTH, LastThree, Foretold(), nobody)
    for policy in BOTH.policies:
        arm = outcome.arms[policy]
        assert arm.assigned == assign(CELL, BOTH)[policy]
        assert arm.exposed == arm.assigned - -(-arm.assigned // AFTER)
        assert all(outcome.columns[f"{policy}/{kind}"].shape == (arm.exposed,) for kind in KINDS)
        assert arm.share == 0.5


def test_what_the_bandit_learned_goes_from_chunk_to_chunk() -> None:
    """One pull a chunk; the exploration cohort teaches it nothing."""
    live = Foretold()
    outcome = play(CELL, GRAPH, LastThree, live, nobody)
    playing = [posterior.pulls[0] for _, _, policies, posterior, _ in live.asked if policies != ("explore",)]
    assert playing == list(range(len(playing)))
    assert outcome.posterior == Posterior((len(playing), 0, 0, 0, 0))


def test_the_cohort_comes_first_and_is_nobodys_twin() -> None:
    """Or the graph would have been fitted on the luck that it is judged by."""
    live = Foretold()
    outcome = play(CELL, GRAPH, LastThree, live, nobody)
    exploring = [numbers for _, numbers, policies, _, _ in live.asked if policies == ("explore",)]
    assert live.asked[0][2] == ("explore",)
    assert min(exploring[0]) == COHORT
    assert sum(map(len, exploring)) == len(outcome.columns["explore/log"]) == assign(CELL, GRAPH)["explore"]


def test_a_refused_graph_is_handed_to_nobody() -> None:
    """Nobody left the cohort, so there is nothing to fit; P3 falls back, and the reason is kept."""
    live = Foretold()
    outcome = play(CELL, GRAPH, LastThree, live, nobody)
    assert outcome.fitted is not None
    assert "too few" in (outcome.fitted.refusal or "")
    assert {graph for *_, graph in live.asked} == {None}


def test_whoever_waits_is_told_of_every_player_and_round() -> None:
    """One round each in these lives."""
    told: list[tuple[int, int]] = []
    outcome = play(CELL, GRAPH, LastThree, Foretold(), lambda players, rounds: told.append((players, rounds)))
    counts = assign(CELL, GRAPH)
    assert sum(players for players, _ in told) == counts.pop("explore") + max(counts.values())
    assert sum(rounds for _, rounds in told) == outcome.rounds


def test_without_a_graph_policy_nobody_explores() -> None:
    """And no log is kept."""
    live = Foretold()
    outcome = play(CELL, BOTH, LastThree, live, nobody)
    assert "explore/log" not in outcome.columns
    assert outcome.fitted is None
    assert {policies for _, _, policies, _, _ in live.asked} == {("P0", "P2")}
    assert np.isin([number for _, numbers, *_ in live.asked for number in numbers], range(700)).all()
