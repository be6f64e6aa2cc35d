"""The sentences follow from the numbers, whichever they are."""

import re
from functools import cache

import msgspec
import pytest

from experiments.results import Comparison, Conduct, Estimate, Field, Graph, Group, Interval, Results, Same, Split
from experiments.sentences import chance, counted, listed, percent, sentence, span
from experiments.words import markdown, sections
from tests.experiments.invented import cell, results

WIN = Estimate(
    lift=0.042, low=0.039, high=0.046, by_seed=(0.04, 0.044), se_players=0.002, se_seeds=0.002, p=0.0,
    p_adjusted=0.0004, players=40_000, verdict="better",
)  # fmt: skip
NULL = msgspec.structs.replace(
    WIN, lift=0.002, low=-0.003, high=0.007, by_seed=(0.004, 0.0), p_adjusted=0.41, verdict="not shown"
)
HARM = msgspec.structs.replace(WIN, lift=-0.031, low=-0.04, high=-0.022, by_seed=(-0.031,), verdict="harmful")
SAME = msgspec.structs.replace(WIN, lift=0.0, low=0.0, high=0.0, verdict="nothing")


@cache
def plain() -> Results:
    """What was found in one cell, to be told otherwise."""
    return results(cell({"P2": 0.1}))


def told(everyone: Estimate, group: Estimate = NULL) -> Results:
    """What was found when P2 came out like this with F1, and its experts like that."""
    groups = (Group("persona", "expert", group),)
    comparison = msgspec.structs.replace(plain().comparisons[0], everyone=everyone, groups=groups)
    return msgspec.structs.replace(plain(), comparisons=(comparison,))


def points(of: Results, title: str) -> str:
    """What stands below a heading."""
    return "\n".join(next(section.points for section in sections(of) if section.title == title))


BEAT = (
    "P2 beat the control with F1: its players played 4.2 % more rounds than under the control (95 % interval 3.9 to 4.6"
    " % more; p < .001 after Holm; 2 seeds, 4.0 to 4.4 % more; 40,000 pairs). That is within the 0.3 % to 9.0 % that"
    " published trials report."
)
UNSHOWN = (
    "P2 was not shown to differ with F1: its players played 0.2 % more rounds than under the control, which chance"
    " alone may do (95 % interval 0.3 % fewer to 0.7 % more; p = .410 after Holm; 2 seeds, 0.0 to 0.4 % more; 40,000"
    " pairs)."
)
HARMED = (
    "P2 HARMED with F1: its players played 3.1 % fewer rounds than under the control (95 % interval 2.2 to 4.0 % fewer;"
    " p < .001 after Holm; 1 seed only; 40,000 pairs)."
)
NOTHING = "P2 changed nothing with F1: each of 40,000 pairs did the very same."


@pytest.mark.parametrize(("estimate", "words"), [(WIN, BEAT), (NULL, UNSHOWN), (HARM, HARMED), (SAME, NOTHING)])
def test_a_win_a_null_a_harm_and_an_exact_zero_have_their_sentence(estimate: Estimate, words: str) -> None:
    """Four sentences and no fifth; the numbers are those of the estimate."""
    assert sentence("F1", "P2", estimate) == words


def test_harm_that_holm_would_excuse_is_told_as_what_may_have_been() -> None:
    """An interval below zero among eighty others is told, and not as certain."""
    assert sentence("F1", "P2", msgspec.structs.replace(HARM, p_adjusted=0.7)).startswith("P2 MAY HAVE HARMED with F1")


def test_a_win_that_holm_does_not_grant_says_so() -> None:
    """The interval lies above zero, but too many questions were asked."""
    unsure = msgspec.structs.replace(WIN, p_adjusted=0.07, verdict="not shown")
    assert "which is not enough among as many questions and between these seeds" in sentence("F1", "P2", unsure)


@pytest.mark.parametrize(
    ("lift", "words"), [(0.25, "above the 0.3 % to 9.0 %"), (0.001, "below the 0.3 %"), (0.05, "within the 0.3 %")]
)
def test_a_win_is_held_against_what_others_published(lift: float, words: str) -> None:
    """A lift far above the band is a reason for doubt, and the sentence says so."""
    said = sentence("F1", "P2", msgspec.structs.replace(WIN, lift=lift))
    assert words in said
    assert ("more about these bots than about the policy" in said) is (lift > 0.09)


def test_numbers_read_as_people_write_them() -> None:
    """Percentages without minus zero, spans without a sign twice, p as papers have it."""
    assert (percent(0.0416), percent(-0.00001, signed=True)) == ("4.2 %", "+0.0 %")
    assert (span(-0.046, -0.039, 1), span(-0.01, 0.02, 0)) == ("3.9 to 4.6 % fewer", "1 % fewer to 2 % more")
    assert (chance(0.0004), chance(0.041), chance(1.0)) == ("p < .001", "p = .041", "p = 1.000")
    assert (counted(1, "seed"), counted(1200, "pair")) == ("1 seed", "1,200 pairs")
    assert (listed(["F1"]), listed(["F1", "F2", "F7"]), listed([])) == ("F1", "F1, F2 and F7", "nothing")


def test_harm_is_told_before_anything_else_even_that_of_a_group_in_a_good_arm() -> None:
    """P2 wins, its experts lose: the page begins with the experts."""
    page = markdown(told(WIN, HARM))
    assert page.startswith("# What this experiment found\n\n## Harm\n- P2 HARMED with F1: its players of persona exp")
    assert page.index("HARMED") < page.index("beat the control")


def test_no_harm_is_said_with_how_many_were_looked_at() -> None:
    """Nothing found is only worth something with how hard was looked."""
    assert points(told(WIN), "Harm") == (
        "None was found: no interval lies below zero."
        " 1 comparison and 1 sub-group by skill and persona are what was looked at."
    )


def test_a_broken_split_and_an_a_a_difference_forbid_belief() -> None:
    """Both say so in the words that nobody overlooks."""
    broken = msgspec.structs.replace(
        told(WIN),
        splits=(Split("F1", 3, {"P0": 1, "P2": 99}, 0.0, alarm=True),),
        same=(Same("F1", "again", 100, 2), Same("F7", "P2", 100, 0), Same("F7", "P3", 100, 0)),
    )
    said = points(broken, "May the figures be believed?")
    assert "Do not believe this run: the arms have not the sizes they were promised, in F1 seed 3." in said
    assert (
        "Do not believe this run: the control played twice with F1 must be the very same, and 2 of 100 pairs differ."
        in said
    )
    assert "A/A is exactly zero, in each of 200 pairs: P2 and P3 against the control with F7." in said


def test_a_graph_that_was_refused_is_told_with_its_reason() -> None:
    """P3 then played without a graph of its own, which the reader must know."""
    graphs = (Graph("F1", 0, "the slope is 2.", (2.0, 1.8, 2.2)), Graph("F1", 1, None, (1.1, 1.0, 1.2)))
    said = points(msgspec.structs.replace(told(WIN), graphs=graphs), "May the figures be believed?")
    assert "P3 had no graph of its own with F1 in 1 seed, as in seed 0: the slope is 2." in said
    assert "The calibration slopes of P3's graphs are 1.10 to 1.10; 1 is right." in said


def test_the_trial_without_twins_and_the_flow_channel_are_told_beside_the_verdict() -> None:
    """What people could have shown, how long half stayed, and where the rounds lay."""
    of = told(WIN)
    comparison: Comparison = msgspec.structs.replace(
        of.comparisons[0], field=Field(Interval(0.04, -0.01, 0.09), Interval(0.04, 0.0, 0.08), 0.25, 1.6)
    )
    arm = Conduct(
        family="F1", policy="P2", assigned=9, exposed=9, rounds=20.0, flow=0.714, true_flow=0.6, overshoots=1.0,
        reversals=2.0, left=0.5,
    )  # fmt: skip
    said = points(msgspec.structs.replace(of, comparisons=(comparison,), arms=(arm,)), "With F1")
    assert "-1.0 % to +9.0 %, with CUPED +0.0 % to +8.0 % (the burn-in explains 25 % of the variance)" in said
    assert said.endswith("really had): P2 71.4 % (60.0 %).")


def test_what_was_not_shown_is_said_whatever_was_found() -> None:
    """Bots are no people, models are assumed, there is a horizon; and what was null is not called absent."""
    for estimate in (WIN, NULL, HARM, SAME):
        said = points(told(estimate), "What was not shown")
        assert all(word in said for word in ("not people", "assumptions", "after 100 rounds", "hints", "not joy"))
        assert ("no difference for P2 with F1" in said) is (estimate is NULL)


def test_no_page_claims_engagement() -> None:
    """Rounds are counted; that players are so much more engaged stands only where it is denied."""
    for estimate in (WIN, NULL, HARM, SAME):
        assert re.findall(r"[^.]*engaged", markdown(told(estimate)))[0].count("never") == 1
        assert len(re.findall(r"engage", markdown(told(estimate)))) == 1
