"""What is found in cells whose truth was written by hand."""

from functools import cache

import msgspec
import numpy as np
import pytest

from experiments.evidence import Assigned
from experiments.judgement import judge_family
from experiments.results import Comparison, Results, harms
from experiments.sentences import sentence
from tests.experiments.invented import SHAKEN, TERMS, cell, results


@cache
def found() -> Results:
    """A win, a null and a harm with F1, and what only one third suffers; the indifferent beside them."""
    lifts = {"P1": SHAKEN, "P2": 0.1, "P3": 0.2, "P4": -0.1}
    of_f1 = [cell(lifts, seed=seed, unlucky={"P3": -0.1}) for seed in (1, 2)]
    of_f7 = [cell({"P1": 0.0, "P2": 0.0}, family="F7", seed=seed, people=297) for seed in (1, 2)]
    return results(*of_f1, *of_f7)


def of(family: str, policy: str) -> Comparison:
    """One comparison."""
    return next(each for each in found().comparisons if (each.family, each.policy) == (family, policy))


def test_a_win_a_null_and_a_harm_are_told_apart() -> None:
    """Lifts of 10 %, of nothing but noise, and of -10 %."""
    assert [of("F1", policy).everyone.verdict for policy in ("P2", "P1", "P4")] == ["better", "not shown", "harmful"]
    assert of("F1", "P2").everyone.lift == pytest.approx(0.1, abs=0.003)
    assert of("F1", "P4").everyone.lift == pytest.approx(-0.1, abs=0.003)


def test_no_arm_hides_harm_in_an_average() -> None:
    """P3 is good on average, and bad for the third that is least able: that is found, and told with the harms."""
    assert of("F1", "P3").everyone.verdict == "better"
    verdicts = {group.name: group.estimate.verdict for group in of("F1", "P3").groups}
    assert verdicts["lowest third"] == "harmful"
    assert verdicts["middle third"] == verdicts["highest third"] == "better"
    assert ("P3", "lowest third") in {(harm.policy, harm.group and harm.group.name) for harm in harms(found())}


def test_the_worst_harm_is_told_first() -> None:
    """Sorted by lift, whole arms and groups alike."""
    lifts = [harm.estimate.lift for harm in harms(found())]
    assert lifts == sorted(lifts)
    assert len(lifts) == 7  # P4, its three thirds and two personas, and P3's lowest third


def test_the_indifferent_differ_by_exactly_nothing() -> None:
    """Not about zero: zero, with an interval of no width, and every pair the same."""
    for policy in ("P1", "P2"):
        everyone = of("F7", policy).everyone
        assert (everyone.lift, everyone.low, everyone.high, everyone.verdict) == (0.0, 0.0, 0.0, "nothing")
    assert [(same.against, same.pairs, same.different) for same in found().same] == [("P1", 590, 0), ("P2", 590, 0)]


def test_the_control_played_again_is_an_a_a_check_and_no_contender() -> None:
    """An arm `again` that did the same is no comparison; one that did not is counted pair by pair."""
    honest, broken = cell({"P2": 0.1, "again": 0.0}), cell({"P2": 0.1, "again": SHAKEN})
    assert [(same.against, same.different) for same in results(honest).same] == [("again", 0)]
    assert results(broken).same[0].different == 298
    assert [each.policy for each in results(broken).comparisons] == ["P2"]


def test_pairs_are_as_many_as_the_smallest_arm_has_players() -> None:
    """Five arms of 300, 299, ... 296 in two seeds: 592 pairs."""
    assert of("F1", "P2").everyone.players == 592


def test_pairs_see_what_strangers_cannot() -> None:
    """The same 2 %: as pairs beyond doubt, as unrelated people not."""
    small = results(cell({"P2": 0.02})).comparisons[0]
    assert small.everyone.verdict == "better"
    assert small.field.plain.low < 0.0 < small.field.plain.high
    assert small.field.cuped.high - small.field.cuped.low < small.field.plain.high - small.field.plain.low


def test_holm_only_ever_makes_less_sure() -> None:
    """Every p after Holm is at least the p before it."""
    everyone = [each.everyone for each in found().comparisons]
    groups = [group.estimate for each in found().comparisons for group in each.groups]
    assert all(each.p_adjusted >= each.p for each in everyone + groups)


def test_a_group_of_a_few_players_is_no_group() -> None:
    """Sixty-one players, sixty pairs: thirds of twenty are too few to be told, two personas of thirty are not."""
    told = results(cell({"P2": 0.1}, people=61)).comparisons[0].groups
    assert [(group.name, group.estimate.players) for group in told] == [("novice", 30), ("expert", 30)]


def test_of_a_handful_nothing_is_said() -> None:
    """Nine pairs drawn again may be nobody at all; they are shown, and not judged."""
    everyone = results(cell({"P2": 0.5}, people=10)).comparisons[0].everyone
    assert (everyone.players, everyone.verdict) == (9, "not shown")
    assert "but so few pairs cannot tell" in sentence("F1", "P2", everyone)
    assert results(cell({"P2": 0.5}, people=2)).comparisons[0].everyone.lift == pytest.approx(0.5, abs=0.05)


def test_a_policy_that_not_every_cell_played_is_left_out() -> None:
    """A run stopped half way cannot flatter whom it began with."""
    unlike = [cell({"P2": 0.1, "P3": 0.1}, seed=1), cell({"P2": 0.1}, seed=2)]
    assert [each.policy for each in results(*unlike).comparisons] == ["P2"]


def test_the_control_alone_is_described_and_compared_with_nobody() -> None:
    """No contender, no comparison, no fault."""
    alone = results(cell({}))
    assert alone.comparisons == ()
    assert [arm.policy for arm in alone.arms] == ["P0"]


@pytest.mark.parametrize(("counts", "p", "alarm"), [((44_700, 45_489), 0.0086, False), ((44_000, 46_189), 0.0, True)])
def test_a_broken_split_rings_and_that_of_cookie_cats_does_not(
    counts: tuple[int, int], p: float, *, alarm: bool
) -> None:
    """Cookie Cats: 394.5 players off on either side of 45,094.5 is a chi-square of 6.90, p = .0086."""
    made = cell({})
    arms = {policy: Assigned(count, count, 0.5) for policy, count in zip(("P0", "P2"), counts, strict=True)}
    made = msgspec.structs.replace(made, meta=msgspec.structs.replace(made.meta, arms=arms))
    (split,) = results(made).splits
    assert split.p == pytest.approx(p, abs=5e-5)
    assert split.alarm is alarm


def test_an_arm_is_described_by_its_rounds() -> None:
    """Four players of 10, 20, 30 and 40 rounds, half of them in flow and ten overshoots: .5, and 10 in 100 rounds."""
    made = cell({}, people=4)
    rounds = np.array([10, 20, 30, 40])
    arm = msgspec.structs.replace(
        made.arms["P0"], rounds=rounds, flow=rounds // 2, overshoots=rounds // 10, reversals=np.array([0, 0, 1, 2])
    )
    (told,) = judge_family([msgspec.structs.replace(made, arms={"P0": arm})], TERMS).arms
    assert (told.rounds, told.flow, told.overshoots, told.reversals) == (25.0, 0.5, 10.0, 3.0)


def test_the_same_cells_and_dice_give_the_same_results() -> None:
    """To the last digit, and in JSON."""
    once, again = (msgspec.json.encode(results(cell({"P2": 0.1}))) for _ in range(2))
    assert once == again
