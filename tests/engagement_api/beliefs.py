"""Beliefs made by hand: a plain one, and what a test changes of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from contract.adaptations import Adaptation
from contract.signals import Signals, SignalUpdated
from engagement_api.judge import Rules, Verdict, judge
from engagement_api.state import State

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
PLAIN: dict[str, Any] = {
    "apm": 60.0, "idle_share": 0.1, "success": 0.5, "skill": 0.0, "skill_sigma": 1.0, "flow_gap": 0.0, "streak": 0,
    "last3": 0, "rounds": 0, "session_rounds": 0, "difficulty": -1.6, "in_round": True, "rapid": 1, "attempt": 1,
    "stuck_s": 0.0, "intensity": 0.2, "pace_state": "build_up",
}  # fmt: skip
FOLLOWED = "p-followed"
"""A player of the adaptive arm."""
HELD_OUT = "p-2"
"""A player of the other arm; `test_trial` holds both to it."""


def belief(
    sequence: int = 1, *, player: str = FOLLOWED, session: str = "s-1", at_s: float = 0.0, **told: object
) -> SignalUpdated:
    """A belief told `at_s` seconds after noon because of event `sequence`."""
    at = NOON + timedelta(seconds=at_s)
    return SignalUpdated(
        id=f"{player[:20]}-{session}-{sequence}",
        source="/tests",
        subject=player,
        time=at,
        playerkind="human",
        sessionid=session,
        sequence=sequence,
        causetime=at,
        because="rapid.finished",
        data=Signals(**{**PLAIN, **told}),
    )


def finished(rounds: int, *, cleared: bool, rapid: int = 1, **told: object) -> SignalUpdated:
    """A belief at the end of the `rounds`-th round, thirty seconds after the one before."""
    how: dict[str, Any] = {
        "rounds": rounds,
        "session_rounds": rounds,
        "in_round": False,
        "rapid": rapid,
        "last3": int(cleared),
        "newest_outcome": "cleared" if cleared else "swamped",
        "streak": 1 if cleared else -1,
        "at_s": 30.0 * rounds,
        "sequence": 100 * rounds,
    }
    return belief(**{**how, **told})


def judged(state: State, *signals: SignalUpdated, rules: Rules | None = None, late_s: float = 0.0) -> list[Verdict]:
    """Every verdict on `signals` in order, each given `late_s` after it was told."""
    verdicts = []
    for signal in signals:
        verdicts.append(judge(signal, state, rules or Rules(), signal.time + timedelta(seconds=late_s)))
        state = verdicts[-1].state
    return verdicts


def goal_of(verdict: Verdict) -> Adaptation:
    """The goal there must be."""
    assert verdict.goal is not None
    return verdict.goal.data
