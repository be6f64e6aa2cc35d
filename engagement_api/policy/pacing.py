"""Pacing: how often threats come, when a hint helps, what effort earns. The same in every arm.

The pace follows the director of Left 4 Dead (M. Booth, The AI Systems of Left 4 Dead, AIIDE 2009 keynote): full while
tension builds and at its peak, less while it fades, little while the paddler rests. It thins threats out, it never
weakens one. Hints come after two losses with the same cause; rewards are for effort and progress, never for luck.
"""

from typing import Final, Literal

from contract.events import Hint, Reward
from contract.signals import PaceState, Signals
from engagement_api.policy.wish import was_cleared, was_given_up

PACES: Final[dict[PaceState, float]] = {"build_up": 1.0, "peak": 1.0, "fade": 0.6, "relax": 0.3}
"""Ours, in the order Booth gives: relax is sparse but never empty, a river without any rock reads as broken."""
ALIKE: Final = 2
PERSISTENT: Final = 3
"""Attempts after which clearing a rapid is effort worth a reward."""
RUN: Final = 5
"""Cleared rounds in a row that are progress worth a reward."""
HINTS: Final[dict[Literal["rock", "gates", "time"], Hint]] = {
    "rock": "look_ahead",
    "gates": "line_up_the_gate",
    "time": "stay_in_the_current",
}
HINT_WORDS: Final[dict[Hint, str]] = {
    "look_ahead": "look past the next rock to the one behind it",
    "use_the_eddy": "catch your breath in an eddy",
    "brake_early": "brake before the narrow place, not in it",
    "stay_in_the_current": "stay where the current is fastest",
    "line_up_the_gate": "line up with the gate before you reach it",
}
REWARD_WORDS: Final[dict[Reward, str]] = {
    "golden_line": "a golden line for a run of clean rapids",
    "calm_water": "calm water for not giving up",
    "spare_hull": "a spare hull for trying again",
}


def pace_of(signals: Signals) -> float:
    """How often threats should come now, 0 to 1."""
    return PACES[signals.pace_state]


def hint_of(signals: Signals) -> Hint | None:
    """A hint, once the last two rounds were lost the same way."""
    if signals.losses_alike < ALIKE or signals.lost_by is None or was_cleared(signals):
        return None
    return signals.suggested_hint or HINTS[signals.lost_by]


def reward_of(signals: Signals) -> Reward | None:
    """What the newest finished round earned, if anything: persistence first, then progress.

    Who gives a round up earns nothing by it, however long the run of losses before.
    """
    if was_given_up(signals):
        return None
    if signals.attempt >= PERSISTENT and not signals.in_round:
        if was_cleared(signals):
            return "calm_water"
        return "spare_hull" if signals.streak <= -PERSISTENT else None
    if was_cleared(signals) and signals.streak % RUN == 0:
        return "golden_line"
    return None
