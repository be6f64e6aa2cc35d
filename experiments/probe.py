"""How soon does the river give way? Players for whom it is far too hard, each policy, round by round.

No trial and no burn-in here: a new player sits down whose skill lies `BELOW` logits under the river's first difficulty,
and neither leaves nor learns. What is counted is the round after which the river is easier than its designer drew it.
"""

from statistics import fmean, median
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from bots.churn import Patience
from bots.mind import Latents
from contract.course import designed_difficulty
from contract.graph import Graph
from engagement_api.trial import PolicyName
from engagement_api.weigh import Rules
from experiments.life import HAIR, Life, bear, not_held_out, play

BELOW: Final = 1.5
ROUNDS: Final = 30


class Easing(Struct, frozen=True):
    """Rounds until the first easing, over many players."""

    players: int
    eased: int
    """How many of them were given an easier river within `ROUNDS` rounds."""
    median: float | None
    mean: float | None
    """Of those who were."""


def first_easing(policy: PolicyName, players: int, graph: Graph | None = None) -> Easing:
    """Rounds until a player `BELOW` logits under the river has it easier than designed."""
    rules = Rules(policy, graph=graph)
    found = [at for number in range(players) if (at := _eased(rules, number)) is not None]
    return Easing(players, len(found), median(found) if found else None, round(fmean(found), 2) if found else None)


def _eased(rules: Rules, number: int) -> int | None:
    born = bear(0, number, ROUNDS)
    weak = Latents(designed_difficulty(1) - BELOW, born.latents.persona, gain=0.0, pace=1.0, tiring=0.0)
    life = Life(replace(born, latents=weak), not_held_out(f"probe-{number}"), Patience(None), rules)
    for _ in range(ROUNDS):
        play(life)
        if life.state.offset < -HAIR:
            return life.rounds
    return None
