"""P2, the target: a river this paddler clears three times in four. The default policy.

A known paddler gets the difficulty at which the Rasch model predicts p* = 0.75:
`d = theta - kappa sigma - logit(p*) / alpha` (Klinkenberg, Straatemeier and van der Maas, Computers & Education 57,
2011, section 2.2). `kappa sigma` is ours: while the skill is uncertain, err to the easy side.

An unknown one climbs a weighted up-down staircase: after a cleared round `delta` harder, after a lost one
`delta p* / (1 - p*)` easier, which settles where p* of the rounds are cleared (Kaernbach, Perception & Psychophysics
49, 1991). The staircase climbs on what it asked for (`State.asked`), not on what the guardrails gave: were it to climb
on the latter, a refused step down would be forgotten and the river would creep upwards under a paddler who loses every
other round.
"""

from typing import Final

from contract.course import designed_difficulty, difficulty_for
from contract.signals import Signals, SignalUpdated
from engagement_api.policy.wish import Wish, is_answered, next_rapid, was_cleared, was_given_up
from engagement_api.state import State

TARGET: Final = 0.75
"""p*, the share of rounds to be cleared (Klinkenberg 2011)."""
KAPPA: Final = 0.25
"""Ours: a new skill (sigma about 1) is taken a quarter of a logit low."""
COLD_ROUNDS: Final = 5
"""Ours: the staircase leads for this many rounds, then the estimate does."""
DELTA: Final = 0.10
"""Logits up after a cleared round. Ours: the largest whose step down, 0.30, the guardrails let through in one piece."""
DOWN: Final = DELTA * TARGET / (1 - TARGET)
TARGETED: Final = (("target", TARGET),)
LEAD: Final = 0.60
"""Logits the staircase may run ahead of what was given, or its way back would be as long as the refusals were many."""


def decide(signal: SignalUpdated, state: State) -> Wish | None:
    """The difficulty of which this paddler should clear the share p*, after every finished round."""
    signals = signal.data
    if is_answered(signal, state):
        return None
    if signals.rounds <= COLD_ROUNDS:
        return staircase(signals, state)
    return Wish(difficulty_of(signals, TARGET), _record(signals), evidence=TARGETED)


def difficulty_of(signals: Signals, chance: float) -> float:
    """`theta - kappa sigma - logit(chance) / alpha`, in logits."""
    return difficulty_for(signals.skill - KAPPA * signals.skill_sigma, chance)


def staircase(signals: Signals, state: State) -> Wish:
    """One step up or down from what was asked for last; none after a round that was given up."""
    curve = designed_difficulty(next_rapid(signals))
    step, because = _step(signals)
    level = min(max(state.asked + step, state.offset - LEAD), state.offset + LEAD)
    return Wish(curve + level, because, evidence=TARGETED)


def _step(signals: Signals) -> tuple[float, str]:
    if was_cleared(signals):
        return DELTA, "You cleared that one"
    if was_given_up(signals):
        return 0.0, "You left that one before its end"
    return -DOWN, "That one got the better of you"


def _record(signals: Signals) -> str:
    if signals.streak >= 3:
        return f"You cleared {signals.streak} in a row"
    if signals.streak <= -2:
        return f"The river won {-signals.streak} times in a row"
    return f"You clear about {round(signals.success * 10)} runs in 10"
