"""engagement: R(s), the rounds this player is still expected to play, 0 to 100.

    R(s) = 1 + w (1 - c^W) T(s^W) + (1 - w) (1 - c^L) T(s^L)

Xue, Wu, Kolen, Aghdaie and Zaman (WWW 2017 Companion, section 3): the value function of the progression graph of
`contract.graph`, for a player who goes on clearing rounds with chance w, over the next hundred rounds. w is what the
skill says of the present difficulty. c^L and c^W of the first step are this player's frustration and boredom; T, the
value of where either outcome leads, is solved backwards once per w and kept.

Strange: T is that of everybody's everyday standing (not new, not just back, not idle). These wear off within a few of
the hundred rounds, and a table per player would cost a thousand times more. T is kept for w in twentieths, because
this must cost a microsecond and a table costs ten thousand: `warm` makes them all.
"""

from functools import cache
from typing import Final

from contract.graph import ATTEMPTS, HORIZON, RUNGS, Fork, Standing, forks_of, solve
from processors.signals.hazard import PUBLISHED, Ahead
from processors.signals.told import Told

PARTS: Final = 20
"""Steps of w between 0 and 1."""
RUNG_PLACES: Final = 8 * ATTEMPTS
TELLS: Final = (Told("engagement", "rounds", f"the next {HORIZON} rounds"),)


@cache
def _forks() -> list[Fork]:
    """The graph of everybody's everyday standing."""
    return forks_of(PUBLISHED, Standing())


@cache
def table(part: int) -> tuple[float, ...]:
    """T for every place of the graph when rounds are cleared with chance `part` / 20; 99 rounds ahead."""
    return solve(_forks(), (part / PARTS,), HORIZON - 1).rounds


def warm() -> None:
    """Solve every table now, some 0.2 s of work, so that no player waits for one."""
    for part in range(PARTS + 1):
        table(part)


def expect(ahead: Ahead, chance: float, last3: int) -> float:
    """R for a player before the round `ahead`, which is cleared with `chance`; `last3` is as it is now."""
    rounds = table(round(chance * PARTS))
    bits = last3 << 1 & 7
    won = _between(rounds, ahead.if_cleared, bits | 1, 1)
    lost = _between(rounds, ahead.if_lost, bits, ahead.attempt + 1 if ahead.attempt < ATTEMPTS else ATTEMPTS)
    return 1.0 + chance * (1.0 - ahead.boredom) * won + (1.0 - chance) * (1.0 - ahead.frustration) * lost


def _between(rounds: tuple[float, ...], success: float, last3: int, attempt: int) -> float:
    """T between the two rungs that `success` lies between, along a straight line, as the graph itself does it."""
    rung = (RUNGS + 1) * success - 1.0
    low = int(rung) if rung < RUNGS - 1 else RUNGS - 2
    at = low * RUNG_PLACES + last3 * ATTEMPTS + attempt - 1  # number_of, without making a Place four times a round
    return rounds[at] + (rung - low) * (rounds[at + RUNG_PLACES] - rounds[at])
