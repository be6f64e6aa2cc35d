"""What whoever looks at a running trial all day is told: how often of an effect that is there, and of one that is not.

    python benchmarks/peeking.py [--json [FILE]]

Players come over the first half of a trial, live so many rounds (a mixture of geometrics, mean 12) and play them at
their own speed, so that the counts grow between two looks, as they do on the page. Eighty looks a trial. For each
`tau2` of `msprt` the share of trials whose p is ever below .05; beside it an ordinary p, made for one look.
"""

import sys
from pathlib import Path
from typing import Final

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.answer import answer, options
from engagement_api.standing import difference, msprt

TAU2: Final = (0.25, 1.0, 4.0, 25.0)
LOOKS: Final = np.linspace(0.02, 2.0, 80)
TRIALS: Final = 400
NO_EFFECT: Final = ((200, 0.0), (2_000, 0.0))
EFFECTS: Final = ((2_000, 0.10), (10_000, 0.05))


def told(dice: np.random.Generator, players: int, lift: float) -> list[bool]:
    """Whether one trial of two arms is ever told to differ, for each of `TAU2` and for the ordinary p."""
    arms = []
    for more in (0.0, lift):
        mean = dice.gamma(1.58, 12.0 / 1.58, players) * (1.0 + more)
        life = dice.geometric(1.0 / (1.0 + mean))
        arms.append((dice.uniform(0.0, 1.0, players), life, dice.uniform(40.0, 120.0, players)))
    found = [False] * (len(TAU2) + 1)
    for look in LOOKS:
        both: list[float] = []
        for came, life, speed in arms:
            here = came <= look
            rounds = np.minimum(life[here], np.floor((look - came[here]) * speed[here]))
            if rounds.size < 2:
                break
            both += [int(rounds.size), float(rounds.mean()), float(rounds.var(ddof=1))]
        else:
            seen = difference(*both)  # type: ignore[arg-type] # two samples, flat
            ordinary = seen is not None and seen.mean**2 > 1.96**2 * seen.variance
            now = [msprt(*both, tau2) < 0.05 for tau2 in TAU2] + [ordinary]  # type: ignore[arg-type,call-arg] # as above
            found = [one or other for one, other in zip(found, now, strict=True)]
    return found


def main() -> None:
    """Print the figures, and keep them where that is asked."""
    given = options(__doc__).parse_args()
    dice = np.random.default_rng(20261123)
    figures = {}
    names = [*(f"tau2 {tau2:g}" for tau2 in TAU2), "ordinary p"]
    for players, lift in (*NO_EFFECT, *EFFECTS):
        share = np.mean([told(dice, players, lift) for _ in range(TRIALS)], axis=0)
        name = f"{players} players an arm, lift {lift:.0%}"
        figures[name] = dict(zip(names, (round(float(value), 3) for value in share), strict=True))
    answer(figures, given.json)


if __name__ == "__main__":
    main()
