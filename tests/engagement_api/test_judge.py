"""One belief in, one goal out, or none: what the river becomes, when, and what it says about it."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from engagement_api.judge import Rules, judge
from engagement_api.state import State
from tests.engagement_api.beliefs import HELD_OUT, NOON, belief, finished, goal_of, judged


def test_the_first_belief_of_a_session_brings_a_first_goal() -> None:
    """It is the river as it stands: nothing was judged yet, so nothing changes."""
    (verdict,) = judged(State(), belief())
    goal = goal_of(verdict)
    assert (goal.revision, goal.difficulty, goal.grade, goal.pace) == (1, -1.6, "I", 1.0)
    assert goal.cause == belief().cause
    assert goal.expires - NOON == timedelta(minutes=30)


def test_a_lost_round_makes_the_river_easier_at_once() -> None:
    """Rapid 1 again, 0.30 below its -1.60."""
    verdict = judged(State(), belief(), finished(1, cleared=False))[-1]
    assert goal_of(verdict).difficulty == pytest.approx(-1.9)
    assert goal_of(verdict).because == "That one got the better of you: the next rapid is easier."


def test_a_cleared_round_makes_the_river_harder_at_once() -> None:
    """Rapid 2 as drawn is -1.38, and a tenth above is -1.28."""
    verdict = judged(State(), belief(), finished(1, cleared=True))[-1]
    assert goal_of(verdict).difficulty == pytest.approx(-1.28)
    assert goal_of(verdict).because == "You cleared that one: the next rapid is harder."


def test_a_belief_heard_twice_is_judged_once() -> None:
    """Kafka delivers at least once; the second time nothing happens."""
    signals = [belief(), finished(1, cleared=False)]
    verdicts = judged(State(), *signals, *signals)
    assert [verdict.goal is not None for verdict in verdicts] == [True, True, False, False]
    assert verdicts[-1].state == verdicts[1].state


def test_a_belief_about_a_session_that_was_left_is_too_late() -> None:
    """A replay from the middle of the last session opens no session."""
    old, new = belief(session="s-1"), belief(session="s-2")
    assert [verdict.goal is not None for verdict in judged(State(), old, new, belief(9, session="s-1"))] == [
        True,
        True,
        False,
    ]


def test_within_a_round_the_pace_follows_and_the_difficulty_stays() -> None:
    """Relaxing thins the threats out to 0.3; the next rapid stays what it was."""
    start, relaxed, again = judged(State(), belief(1), belief(2, pace_state="relax"), belief(3, pace_state="build_up"))
    assert goal_of(relaxed).pace == 0.3
    assert goal_of(relaxed).difficulty == goal_of(start).difficulty
    assert goal_of(relaxed).because == "That was a lot at once: fewer rocks for a moment."
    assert goal_of(again).pace == 1.0
    assert goal_of(again).because == "You have caught your breath: the river picks up again."


def test_a_belief_that_asks_for_nothing_new_brings_no_goal() -> None:
    """The same pace, no round over: no revision."""
    assert judged(State(), belief(1), belief(2))[-1].goal is None


def test_a_policy_that_speaks_within_a_round_is_not_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Difficulty changes between rounds, whatever a policy wishes."""
    from engagement_api import weigh as court  # noqa: PLC0415 - the module, whose table of policies is replaced
    from engagement_api.policy.wish import Wish  # noqa: PLC0415 - only this test wishes by itself

    monkeypatch.setitem(court.POLICIES, "P2", lambda *_: Wish(2.0, "Because I say so"))
    verdict = judged(State(), belief(1), belief(2, pace_state="fade"))[-1]
    assert verdict.rails == ("between_rounds",)
    assert goal_of(verdict).difficulty == pytest.approx(-1.6)


def test_a_player_who_opts_out_gets_the_curve_at_once() -> None:
    """No step, no rail: the river lets go within the round, and says so."""
    state = State(revision=4, session="s-1", sequence=1, rounds_judged=3, offset=-0.7, arm="adaptive", pace=0.3)
    (verdict,) = judged(state, belief(2, rounds=3, session_rounds=3, rapid=2, consent=False))
    goal = goal_of(verdict)
    assert (goal.difficulty, goal.pace, goal.policy) == (-1.38, 1.0, "P0")
    assert goal.because == "You asked the river to leave you alone."
    assert verdict.rails == ("opted_out",)


def test_a_player_left_alone_stays_on_the_curve() -> None:
    """Losing changes nothing, no hint comes, and the pace does not follow."""
    verdicts = judged(
        State(),
        belief(consent=False),
        *(
            finished(n, cleared=False, consent=False, losses_alike=n, lost_by="rock", pace_state="relax")
            for n in (1, 2, 3)
        ),
    )
    assert [(goal_of(v).difficulty, goal_of(v).pace, goal_of(v).hint) for v in verdicts] == [(-1.6, 1.0, None)] * 4


def test_an_old_wish_to_be_left_alone_is_honoured_too() -> None:
    """Staleness is no excuse."""
    (_, verdict) = judged(State(), belief(1), belief(2, consent=False), late_s=45)
    assert goal_of(verdict).policy == "P0"


def test_a_player_who_opts_in_again_is_followed_from_the_curve() -> None:
    """The river comes back without a jump."""
    verdicts = judged(State(), belief(1, consent=False), belief(2))
    assert goal_of(verdicts[-1]).because == "The river follows you again, from where you stand."
    assert goal_of(verdicts[-1]).difficulty == -1.6


def test_the_switch_turns_everything_off_at_once() -> None:
    """Everybody has the curve with the next belief, and is told why."""
    state = State(revision=4, session="s-1", sequence=1, rounds_judged=3, offset=-0.7, arm="adaptive")
    (verdict,) = judged(state, belief(2, rounds=3, session_rounds=3), rules=Rules(adapting=False))
    assert (goal_of(verdict).difficulty, verdict.rails) == (-1.6, ("switched_off",))
    assert "switched off" in goal_of(verdict).because


def test_a_held_out_player_has_the_designers_river() -> None:
    """Losing five rounds changes nothing for the other arm, and every goal says which arm it is."""
    verdicts = judged(State(), *(finished(n, cleared=False, player=HELD_OUT) for n in range(1, 6)))
    goals = [goal_of(verdict) for verdict in verdicts]
    assert [(goal.difficulty, goal.policy, goal.arm) for goal in goals] == [(-1.6, "P0", "held_out")] * 5
    assert all("held_out" in verdict.rails for verdict in verdicts)


def test_the_pace_follows_a_held_out_player_too() -> None:
    """Pacing is the same in every arm."""
    assert goal_of(judged(State(), belief(player=HELD_OUT, pace_state="relax"))[0]).pace == 0.3


def test_a_stale_belief_keeps_the_last_decision() -> None:
    """Eleven seconds late, a lost round changes nothing yet; the next fresh belief about it does."""
    state = judged(State(), belief())[0].state
    (late,) = judged(state, finished(1, cleared=False), late_s=11)
    assert (late.goal, late.rails, late.state) == (None, ("stale",), state)
    (fresh,) = judged(state, replace(finished(1, cleared=False), time=NOON))
    assert goal_of(fresh).difficulty == pytest.approx(-1.9)


def test_a_lost_belief_leads_home_to_the_curve() -> None:
    """Over a minute late nothing of it is trusted: 0.30 back towards the designer's river."""
    state = State(revision=4, session="s-1", sequence=1, offset=-0.7, session_offset=-0.7, arm="adaptive")
    (verdict,) = judged(state, finished(1, cleared=False), late_s=61)
    assert verdict.state.offset == pytest.approx(-0.4)
    assert verdict.rails == ("drift",)


def test_two_losses_alike_bring_a_hint() -> None:
    """The second round lost to rocks brings the words for rocks; the goal and the sentence both carry it."""
    first, second = judged(
        State(),
        finished(1, cleared=False, losses_alike=1, lost_by="rock"),
        finished(2, cleared=False, losses_alike=2, lost_by="rock"),
    )
    assert goal_of(first).hint is None
    assert goal_of(second).hint == "look_ahead"
    assert goal_of(second).because.endswith("A hint: look past the next rock to the one behind it.")


def test_what_the_processor_suggests_goes_before_what_we_would_say() -> None:
    """Who watched the runs knows better than a table."""
    told = {"losses_alike": 2, "lost_by": "rock", "suggested_hint": "brake_early"}
    assert goal_of(judged(State(), finished(2, cleared=False, **told))[0]).hint == "brake_early"


@pytest.mark.parametrize(
    ("told", "reward"),
    [
        ({"cleared": True, "attempt": 3}, "calm_water"),
        ({"cleared": False, "attempt": 4, "streak": -4}, "spare_hull"),
        ({"cleared": False, "attempt": 3, "streak": -2}, None),
        ({"cleared": True, "streak": 5}, "golden_line"),
        ({"cleared": True, "streak": 4}, None),
        ({"cleared": False, "attempt": 2}, None),
    ],
)
def test_effort_and_progress_are_rewarded(told: dict[str, int], reward: str | None) -> None:
    """The third attempt and every fifth clear in a row; luck earns nothing, and neither does a third one given up."""
    signal = finished(9, **told)  # type: ignore[arg-type] # one of the cases names `cleared`
    goal = goal_of(judged(State(), signal)[0])
    assert goal.reward == reward
    assert ("You earned" in goal.because) == (reward is not None)


def test_a_goal_has_the_same_id_however_often_it_is_made() -> None:
    """Decided again after a crash, it is recognised."""
    ids = {judge(finished(1, cleared=False), State(), Rules(), NOON).goal.id for _ in range(3)}  # type: ignore[union-attr] # decided
    assert len(ids) == 1


def test_a_goal_shows_what_it_rests_on() -> None:
    """The values, and each rail that had a part, by name."""
    verdict = judged(State(offset=0.0), finished(9, cleared=True, skill=2.0, skill_sigma=0.4))[0]
    evidence = goal_of(verdict).evidence
    assert (evidence["skill"], evidence["skill_sigma"], evidence["rounds"]) == (2.0, 0.4, 9.0)
    assert evidence["rail_round_step"] == 1.0
