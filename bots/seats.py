"""A seat of the fleet, and the player who comes to it: who it is, what it is like, and when it leaves.

Names are new in every run and say nothing. All else comes from the run's seed and the player's number, so the same seed
sends out the same crowd, whoever leaves when.
"""

import math
import random
from typing import Final

import uuid_utils
from msgspec import Struct

from bots.churn import Family, Patience
from bots.mind import NAMES, PERSONAS, SITTING_ROUNDS, Life, draw_latents
from bots.sitting import Sitting
from game_client.journal import Journal

SOURCE: Final = "/whitewater/bots"
FREE_S: Final = 5.0
"""How long a seat stays free on average until somebody new comes; exponential, for strangers do not queue. Ours."""
ABSENCE_S: Final = 60.0
"""A break, on average: a day squeezed into a minute, so that a run sees players come back. Exponential; ours."""


class Crowd(Struct, frozen=True):
    """What the players of a run have in common."""

    seed: int
    persona: str | None
    family: type[Family] | None


class Seat:
    """One player's place: the only thing in a fleet that changes."""

    __slots__ = ("dice", "due_s", "family", "journal", "life", "place", "player", "revision", "sitting")

    def __init__(self, player: str, life: Life, family: Family, dice: random.Random, place: int) -> None:
        self.player = player
        self.life = life
        self.family = family
        self.dice = dice
        self.place = place
        self.due_s = math.inf
        """When it sits down next, as long as no other plan is made."""
        self.revision = 0
        self.journal = a_journal(player)
        self.sitting: Sitting | None = None


def a_journal(player: str) -> Journal:
    """The story of a session that has not begun."""
    return Journal(player=player, session=f"s-{uuid_utils.uuid4().hex[:16]}", source=SOURCE, kind="bot")


def reserve(crowd: Crowd, number: int, place: int = 0) -> Seat:
    """A seat for the `number`-th player of the run, at this `place` of its fleet."""
    dice, own = random.Random(f"{crowd.seed}/{number}"), random.Random(f"{crowd.seed}/{number}/leaves")
    persona, sitting_rounds = crowd.persona, SITTING_ROUNDS
    if crowd.family is None:
        persona, sitting_rounds = persona or NAMES[number % len(NAMES)], math.inf
    latents = draw_latents(dice, persona)
    family = crowd.family(own) if crowd.family else Patience(PERSONAS[latents.persona].patience)
    return Seat(f"b-{uuid_utils.uuid4().hex[:12]}", Life(latents, sitting_rounds), family, dice, place)


def absence_s(dice: random.Random) -> float:
    """How long a break is this time."""
    return dice.expovariate(1.0 / ABSENCE_S)


def vacancy_s(dice: random.Random) -> float:
    """How long a seat stays free this time."""
    return dice.expovariate(1.0 / FREE_S)
