"""What the policies wish for, in numbers worked out by hand; the bandit has a file of its own."""

from math import log, nan

import pytest
from msgspec.json import encode
from msgspec.structs import replace

from contract.graph import PLACES, Fit, Graph, number_of, place_of
from engagement_api.policy import designer, graph, rank, target
from engagement_api.policy.wish import next_rapid
from engagement_api.published import graph_file
from engagement_api.state import Memory, State
from engagement_api.weigh import POLICIES, Rule, Rules
from tests.engagement_api.beliefs import belief, finished


@pytest.mark.parametrize(
    ("rapid", "difficulty"),
    [(1, -1.6), (2, -1.38), (5, -0.72), (6, -1.27), (10, -0.39), (11, -0.94), (100, 2.4)],
)
def test_the_designer_draws_a_saw_tooth(rapid: int, difficulty: float) -> None:
    """Up 0.22 for five rapids, then down 0.55 to the next tooth, which starts 0.33 above the last; never over 2.4."""
    wish = designer.decide(finished(1, cleared=False, rapid=rapid), State())
    assert wish is not None
    assert wish.difficulty == pytest.approx(difficulty)


def test_a_cleared_rapid_is_followed_by_the_next_one() -> None:
    """The wish is for the rapid that will be paddled, not for the one that was, also in the next session."""
    assert next_rapid(finished(1, cleared=True, rapid=5).data) == 6
    assert next_rapid(finished(1, cleared=False, rapid=5).data) == 5
    assert next_rapid(belief(rapid=5, rounds=9, session_rounds=3, newest_outcome="cleared").data) == 5
    assert next_rapid(finished(9, cleared=True, rapid=5, session_rounds=0).data) == 6


def test_a_rapid_given_up_after_cleared_ones_is_the_one_that_waits() -> None:
    """The last three outcomes say nothing of it: they are still three cleared rounds."""
    assert next_rapid(finished(9, cleared=False, rapid=5, last3=7).data) == 5


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
def test_no_policy_wishes_before_a_round_is_over(policy: Rule) -> None:
    """A wish answers a finished round; one that was answered already asks for nothing."""
    assert policy(belief(rounds=7), State(rounds_judged=7), Rules()) is None


@pytest.mark.parametrize(
    ("skill", "sigma", "difficulty"),
    [(0.0, 0.0, -log(3)), (1.0, 0.4, 0.9 - log(3)), (-0.5, 1.0, -0.75 - log(3))],
)
def test_a_known_paddler_gets_the_river_they_clear_three_times_in_four(
    skill: float, sigma: float, difficulty: float
) -> None:
    """Theta - 0.25 sigma - ln 3, for logit(0.75) = ln 3."""
    wish = target.decide(finished(6, cleared=True, skill=skill, skill_sigma=sigma), State())
    assert wish is not None
    assert wish.difficulty == pytest.approx(difficulty)


def test_an_unknown_paddler_climbs_a_tenth_after_a_cleared_round() -> None:
    """Rapid 2 is drawn at -1.38, and a tenth above is -1.28."""
    wish = target.decide(finished(1, cleared=True), State())
    assert wish is not None
    assert wish.difficulty == pytest.approx(-1.28)


def test_an_unknown_paddler_steps_down_three_tenths_after_a_lost_round() -> None:
    """0.10 x 0.75 / 0.25 = 0.30 below the -1.60 of rapid 1."""
    wish = target.decide(finished(1, cleared=False), State())
    assert wish is not None
    assert wish.difficulty == pytest.approx(-1.9)


@pytest.mark.parametrize(
    ("rounds", "because"), [(1, "You left that one before its end"), (9, "You clear about 5 runs in 10")]
)
def test_a_round_given_up_is_no_step_of_the_target(rounds: int, because: str) -> None:
    """The staircase stands where it stood, at -0.6 from rapid 1's -1.60; the estimate is asked as it is."""
    wish = target.decide(
        finished(rounds, cleared=False, newest_outcome="abandoned", skill=-1.95 + log(3)),
        State(asked=-0.6, offset=-0.6),
    )
    assert wish is not None
    assert (wish.because, wish.difficulty) == (because, pytest.approx(-2.2))


def test_a_round_given_up_moves_no_rank() -> None:
    """Rank 4, one step below the designer's -1.60, as before."""
    wish = rank.decide(finished(9, cleared=False, newest_outcome="abandoned"), State(memory=Memory(bar=4500)))
    assert wish is not None
    assert (wish.memory.bar, wish.because, wish.difficulty) == (4500, "You keep rank 4 of 10", pytest.approx(-1.9))


def test_a_refused_step_is_not_forgotten() -> None:
    """Asked for -0.20 and given +0.10, the staircase goes on from what it asked: a cleared round asks for -0.10."""
    wish = target.decide(finished(3, cleared=True), State(asked=-0.2, offset=0.1))
    assert wish is not None
    assert wish.difficulty == pytest.approx(-1.38 - 0.1)


def test_the_staircase_does_not_run_away_from_the_river() -> None:
    """However many refusals there were, it asks for at most 0.60 from where the river is."""
    wish = target.decide(finished(3, cleared=False), State(asked=-1.4, offset=0.0))
    assert wish is not None
    assert wish.difficulty == pytest.approx(-1.6 - 0.6)


@pytest.mark.parametrize(
    ("streak", "success", "words"),
    [
        (4, 0.9, "You cleared 4 in a row"),
        (-2, 0.4, "The river won 2 times in a row"),
        (1, 0.72, "You clear about 7 runs in 10"),
    ],
)
def test_the_reason_can_be_read_by_a_player(streak: int, success: float, words: str) -> None:
    """No logits, no names of signals."""
    wish = target.decide(finished(9, cleared=streak > 0, streak=streak, success=success), State())
    assert wish is not None
    assert wish.because == words


@pytest.mark.parametrize(
    ("bar", "cleared", "after"),
    [
        (5500, True, 5900),
        (5500, False, 4500),
        (8250, True, 8450),
        (8250, False, 6750),
        (2750, True, 3350),
        (2750, False, 2250),
        (1100, False, 1000),
        (10_950, True, 10_954),
    ],
)
def test_the_rank_pulls_back_to_its_middle(bar: int, cleared: bool, after: int) -> None:  # noqa: FBT001 - a table of cases
    """In the middle 400 up and 1,000 down; half as high again 200 and 1,500, at half of it 600 and 500."""
    assert rank.bar_after(bar, cleared=cleared) == after


@pytest.mark.parametrize(
    ("bar", "cleared", "difficulty", "because"),
    [
        (5500, True, -1.38, "You keep rank 5 of 10"),
        (5700, True, -1.08, "You rise to rank 6 of 10"),
        (5500, False, -1.9, "You fall to rank 4 of 10"),
        (1000, False, -2.8, "You keep rank 1 of 10"),
    ],
)
def test_a_rank_is_worth_three_tenths(bar: int, cleared: bool, difficulty: float, because: str) -> None:  # noqa: FBT001 - a table of cases
    """From the fifth, which is the designer's river: rapid 2 at -1.38 after a clear, rapid 1 at -1.60 again."""
    wish = rank.decide(finished(9, cleared=cleared), State(memory=Memory(bar=bar)))
    assert wish is not None
    assert (wish.difficulty, wish.because) == (pytest.approx(difficulty), because)
    assert wish.memory.bar == rank.bar_after(bar, cleared=cleared)


def test_a_rank_stands_still_for_who_clears_five_rounds_in_seven() -> None:
    """5 x 400 = 2 x 1,000: the ratio of the stars, in the middle; the bar ends within half a rank of it."""
    bar = 5500
    for number in range(700):
        bar = rank.bar_after(bar, cleared=number % 7 not in (2, 5))
    assert bar == pytest.approx(5500, abs=500)


def table(wanted: float, **other: float) -> Graph:
    """A graph that wants 0.5 everywhere, but `wanted` of who has 0.75, cleared last and lost before, first attempt."""
    place = number_of(place_of(0.75, 0b101, 1, cleared=True))
    chances = [wanted if number == place else 0.5 for number in range(len(PLACES))]
    fit = Fit("by hand", 0, 0, 0, other.get("slope", 1.0), 1.0, 1.0, "by hand")
    return Graph("1", (0.0,) * 10, tuple(chances), fit)


def test_the_graph_is_asked_for_the_place_a_paddler_stands_in() -> None:
    """It wants 0.9 there: d = 1 - 0.25 x 0.4 - ln 9; one who lost the last round stands elsewhere, at ln 1 = 0."""
    told = {"skill": 1.0, "skill_sigma": 0.4, "success": 0.75}
    there = graph.decide(finished(9, cleared=True, last3=0b101, **told), State(), table(0.9))
    elsewhere = graph.decide(finished(9, cleared=False, last3=0b100, **told), State(), table(0.9))
    assert there is not None
    assert elsewhere is not None
    assert there.difficulty == pytest.approx(0.9 - log(9))
    assert elsewhere.difficulty == pytest.approx(0.9)
    assert there.because.endswith("stayed longest when they cleared 90 runs in 100")


def test_the_graph_lets_a_new_paddler_climb_the_staircase() -> None:
    """Who has five rounds or fewer stands nowhere yet: 0.30 down after a lost one."""
    wish = graph.decide(finished(5, cleared=False), State(), table(0.9))
    assert wish is not None
    assert wish.difficulty == pytest.approx(-1.9)


@pytest.mark.parametrize(("slope", "trusted"), [(0.79, False), (0.8, True), (1.25, True), (1.26, False), (nan, False)])
def test_a_graph_that_foretells_badly_is_refused(slope: float, trusted: bool) -> None:  # noqa: FBT001 - a table of cases
    """Outside 0.8 to 1.25 on players it was not fitted on, and the sentence says so."""
    flaw = graph.flaw_of(table(0.9, slope=slope))
    assert (flaw is None) == trusted
    assert trusted or f"{slope:.2f}, outside 0.8 to 1.25" in str(flaw)


@pytest.mark.parametrize(
    ("raw", "wrong"),
    [
        (b"{", "truncated"),
        (encode(replace(table(0.9), wanted=(0.5,))), "1 places and 10 coefficients, not 352 and 10"),
        (encode(table(1.0)), "between 0 and 1"),
    ],
)
def test_a_file_that_is_no_graph_says_what_is_wrong(raw: bytes, wrong: str) -> None:
    """Not when somebody paddles, but when it is read."""
    with pytest.raises(graph.UnreadableGraphError, match=wrong):
        graph.read_graph(raw)


def test_the_published_graph_can_be_used() -> None:
    """Whichever was fitted last: it is one, and it may be trusted."""
    assert graph.flaw_of(graph.read_graph(graph_file())) is None
