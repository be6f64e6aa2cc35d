"""Who decides: the arm's policy after the burn-in, live, unless the switch, a wish or a bad graph says otherwise."""

import pytest
from msgspec.structs import replace

from contract.graph import FEATURES, PLACES, Fit, Graph
from engagement_api.judge import Rules
from engagement_api.state import State
from engagement_api.trial import Branch, PolicyName, Trial
from engagement_api.weigh import POLICIES
from tests.engagement_api.beliefs import HELD_OUT, belief, finished, goal_of, judged

TRIED = Trial("tried", (Branch("ranked", "P1", 1.0),), burn_in=10)


def refused() -> Graph:
    """A graph that wants 0.9 of everybody, and foretells too badly to be asked."""
    fit = Fit("by hand", 0, 0, 0, slope=0.5, slope_low=0.4, slope_high=0.6, command="by hand")
    return Graph("1", (0.0,) * len(FEATURES), (0.9,) * len(PLACES), fit)


def test_every_arm_begins_with_the_designers_river() -> None:
    """Ten rounds of burn-in under P0, and the goal after the tenth is the first that the arm's policy makes."""
    signals = [finished(n, cleared=False) for n in range(1, 12)]
    goals = [goal_of(verdict) for verdict in judged(State(), *signals, rules=Rules("P2", trial=TRIED))]
    assert [goal.policy for goal in goals] == ["P0"] * 9 + ["P1"] * 2
    assert [goal.exposed for goal in goals] == [False] * 9 + [True] * 2
    assert [goal.difficulty for goal in goals] == [-1.6] * 9 + [pytest.approx(-1.9), pytest.approx(-2.2)]
    assert {(goal.trial, goal.arm) for goal in goals} == {("tried", "ranked")}


def test_the_held_out_are_exposed_to_the_designers_river_as_the_others_are_to_their_arm() -> None:
    """From the same round on, or nobody could be compared with them."""
    signals = [finished(n, cleared=False, player=HELD_OUT) for n in range(9, 12)]
    goals = [goal_of(verdict) for verdict in judged(State(), *signals, rules=Rules("P2", trial=TRIED))]
    assert [(goal.policy, goal.arm, goal.trial, goal.exposed) for goal in goals] == [
        ("P0", "held_out", "tried", exposed) for exposed in (False, True, True)
    ]


def test_only_a_finished_round_exposes() -> None:
    """The pace and a session's begin are the same in every arm; a goal about them is nobody's policy."""
    verdicts = judged(
        State(), belief(1, rounds=20), belief(2, rounds=20, pace_state="relax"), finished(21, cleared=True)
    )
    assert [goal_of(verdict).exposed for verdict in verdicts] == [True, False, True]


def test_a_policy_is_changed_live_and_the_river_goes_on_from_where_it_is() -> None:
    """The trial begins between two rounds: the next goal is its arm's, one step from the last."""
    before = judged(State(), *(finished(n, cleared=False) for n in range(1, 3)))[-1].state
    trial = Trial("at once", (Branch("drawn", "P0", 1.0),))
    (after,) = judged(before, finished(3, cleared=False), rules=Rules("P2", trial=trial))
    assert (goal_of(after).trial, goal_of(after).arm, goal_of(after).policy) == ("at once", "drawn", "P0")
    assert (before.offset, after.state.offset) == (pytest.approx(-0.6), pytest.approx(-0.3))
    (stopped,) = judged(after.state, finished(4, cleared=False), rules=Rules("P2"))
    assert (goal_of(stopped).trial, goal_of(stopped).arm, goal_of(stopped).policy) == ("none", "adaptive", "P2")


def test_a_player_keeps_the_arm_they_have_while_the_trial_runs() -> None:
    """Where the shares are changed on the way, who is seated stays seated."""
    half = Trial("half", (Branch("a", "P0", 1.0), Branch("b", "P2", 0.0)))
    state = judged(State(), finished(1, cleared=False), rules=Rules(trial=half))[-1].state
    turned = Trial("half", (Branch("a", "P0", 0.0), Branch("b", "P2", 1.0)))
    (verdict,) = judged(state, finished(2, cleared=False), rules=Rules(trial=turned))
    assert goal_of(verdict).arm == "a"


def test_whom_a_trial_leaves_over_plays_as_if_there_were_none() -> None:
    """Under the API's own policy and outside the count."""
    nobody = Trial("nobody", (Branch("a", "P0", 0.0),))
    goal = goal_of(judged(State(), finished(1, cleared=False), rules=Rules("P2", trial=nobody))[0])
    assert (goal.trial, goal.arm, goal.policy) == ("none", "adaptive", "P2")


@pytest.mark.parametrize("policy", [*POLICIES])
def test_the_switch_and_a_players_wish_beat_every_arm(policy: PolicyName) -> None:
    """With the very next belief, within a round, whatever is tried: the curve, and no exposure."""
    state = State(revision=4, session="s-1", sequence=1, rounds_judged=30, offset=-0.7, arm="a", trial="t")
    trial = Trial("t", (Branch("a", policy, 1.0),))
    for adapting, consent in ((False, True), (True, False)):
        rules = Rules(adapting=adapting, trial=trial)
        (verdict,) = judged(state, belief(2, rounds=30, session_rounds=9, consent=consent), rules=rules)
        goal = goal_of(verdict)
        assert (goal.difficulty, goal.policy, goal.exposed, goal.arm) == (-1.6, "P0", False, "a")


def test_every_goal_says_what_the_designer_would_have_done() -> None:
    """The control's decision in the shadow: rapid 2 is drawn at -1.38, the staircase asks for a tenth more."""
    goal = goal_of(judged(State(), finished(1, cleared=True))[0])
    assert (goal.control, goal.difficulty) == (-1.38, pytest.approx(-1.28))


@pytest.mark.parametrize("graph", [None, refused()])
def test_without_a_graph_to_be_trusted_the_target_decides_and_says_so(graph: Graph | None) -> None:
    """P3's arm plays under P2, by name, in words and in the evidence."""
    (verdict,) = judged(State(), finished(9, cleared=True, skill_sigma=0.0), rules=Rules("P3", graph=graph))
    goal = goal_of(verdict)
    assert (goal.policy, goal.exposed, goal.evidence["graph_refused"]) == ("P2", True, 1.0)
    assert goal.because.endswith("(The graph cannot be trusted now, so the target decides.)")


def test_with_a_graph_the_graph_decides() -> None:
    """Skill 0 wants d = -ln 9 for 0.9; the first step towards it from -1.38 is 0.30."""
    graph = replace(refused(), fit=replace(refused().fit, slope=1.0))
    (verdict,) = judged(State(), finished(9, cleared=True, skill_sigma=0.0), rules=Rules("P3", graph=graph))
    goal = goal_of(verdict)
    assert (goal.policy, goal.difficulty) == ("P3", pytest.approx(-1.68))
    assert (goal.evidence["target"], goal.evidence["asked_offset"]) == (0.9, pytest.approx(-0.817, abs=1e-3))
    assert goal.because.startswith("Paddlers who stood where you stand stayed longest")


def test_what_the_bandit_learned_is_told_to_the_caller() -> None:
    """A block begun under P4 is a pull; exploring tells nothing, and both log their chance."""
    four = judged(State(), finished(9, cleared=True), rules=Rules("P4"))[0]
    explored = judged(State(), finished(9, cleared=True), rules=Rules("explore"))[0]
    assert [lesson.stayed for lesson in four.lessons] == [False]
    assert explored.lessons == ()
    assert goal_of(four).propensity == goal_of(explored).propensity == pytest.approx(0.2)
    assert goal_of(explored).because.startswith("The river tries how you like to clear ")
