"""For every rail something that makes it bite, and its counter on /metrics that says it did."""

import pytest

from contract.signals import SignalUpdated
from engagement_api.guardrails import RAILS, Rail
from engagement_api.judge import Rules
from engagement_api.meters import Meters
from engagement_api.policy.wish import Wish
from engagement_api.state import State
from engagement_api.weigh import POLICIES
from tests.engagement_api.beliefs import HELD_OUT, NOON, belief, finished, judged

STRONG = {"skill": 3.0, "skill_sigma": 0.0}
ALIKE = {"losses_alike": 2, "lost_by": "rock"}


def sitting(**told: object) -> State:
    """A player in the middle of a session who stands like this."""
    return State(**{"revision": 1, "session": "s-1", "arm": "adaptive", "trial": "none", **told})  # type: ignore[arg-type] # fields of a state


BITES: dict[Rail, tuple[State, SignalUpdated, Rules]] = {
    "range": (sitting(offset=1.3, session_offset=1.3, heading=1), finished(9, cleared=True, **STRONG), Rules()),
    "odds": (sitting(asked=0.6), finished(5, cleared=True, skill=-3.0), Rules()),
    "dead_band": (sitting(), finished(9, cleared=False, skill=-0.55, skill_sigma=0.0), Rules()),
    "reversal": (sitting(offset=-0.3, asked=-0.3, heading=-1), finished(1, cleared=True), Rules()),
    "round_step": (sitting(), finished(9, cleared=True, **STRONG), Rules()),
    "session_sum": (sitting(offset=0.7, heading=1), finished(9, cleared=True, **STRONG), Rules()),
    "between_rounds": (sitting(), belief(2, pace_state="relax"), Rules("P1")),
    "hint_gap": (sitting(hints=1, hinted_at=NOON), finished(1, cleared=False, **ALIKE), Rules()),
    "hint_count": (sitting(hints=3), finished(1, cleared=False, **ALIKE), Rules()),
    "reward_gap": (sitting(rewarded_round=8), finished(9, cleared=True, attempt=3), Rules()),
    "stale": (sitting(), finished(1, cleared=True), Rules()),
    "drift": (sitting(offset=0.5), finished(1, cleared=True), Rules()),
    "switched_off": (sitting(), finished(1, cleared=True), Rules(adapting=False)),
    "opted_out": (sitting(), finished(1, cleared=True, consent=False), Rules()),
    "held_out": (State(), finished(1, cleared=True, player=HELD_OUT), Rules()),
}
"""A state, a belief and the rules under which each rail has a part in what comes of it."""
LATE_S: dict[Rail, float] = {"stale": 11.0, "drift": 61.0}


def test_there_is_a_bite_for_every_rail() -> None:
    """A new rail is shown to bite before it is trusted."""
    assert BITES.keys() == {*RAILS}


@pytest.mark.parametrize("rail", RAILS)
def test_a_rail_that_bites_is_counted(rail: Rail, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once, and under its own name; `between_rounds` needs a policy that speaks within a round, so there is one."""
    state, signal, rules = BITES[rail]
    monkeypatch.setitem(POLICIES, "P1", lambda *_: Wish(2.0, "Because I say so"))
    (verdict,) = judged(state, signal, rules=rules, late_s=LATE_S.get(rail, 0.0))
    assert rail in verdict.rails
    assert verdict.goal is None or verdict.goal.data.evidence[f"rail_{rail}"] == 1.0
    meters = Meters()
    meters.tripped(verdict.rails)
    assert f'whitewater_guardrail_total{{rail="{rail}"}} 1.0' in meters.exposed().decode().splitlines()


@pytest.mark.parametrize("rail", RAILS)
def test_a_rail_that_does_not_bite_is_on_the_page_with_zero(rail: Rail) -> None:
    """A counter that is only there once it counted cannot be watched."""
    assert f'whitewater_guardrail_total{{rail="{rail}"}} 0.0' in Meters().exposed().decode().splitlines()
