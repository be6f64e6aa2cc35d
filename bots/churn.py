"""When a bot has had enough: churn families, one small class each, behind one protocol.

After every finished round a family is told the `Round` and answers with the chance of leaving for good; the caller
throws the dice. There is one instance per player. It gets dice when it is made, draws from them what its player is
like, and may remember what it was told; the same dice and the same rounds give the same answers. docs/bots.md is the
protocol in words, and shows how a family is loaded from a file outside this project.

It refuses to know the river, the mind and who decides about the river. Strange: `Round.chance` is a latent, so a family
knows more about its player than anybody who judges the loop may; it stays inside the bot.

F1 persistence and boredom (Roohi, Relas, Takatalo, Heiskanen and Hämäläinen, "Predicting Game Difficulty and Churn
Without Players", CHI PLAY 2020) with the boredom of Viljanen, Airola, Heikkonen and Pahikkala ("Playtime Measurement
with Survival Analysis", IEEE Transactions on Games, 2018); F2 the last three outcomes (Chen, Xue, Kolen, Aghdaie,
Zaman, Sun and Seif El-Nasr, "EOMM: An Engagement Optimized Matchmaking Framework", WWW 2017); F7 indifferent: a Weibull
lifetime that nothing on the river changes. What is ours in them: docs/decisions/when-bots-leave.md.
"""

import random
from math import exp
from typing import Final, Protocol

from msgspec import Struct


class Round(Struct, frozen=True, gc=False):
    """A round that has just ended, as its player lived it."""

    number: int
    """Rounds finished in this life, this one included: 1, 2, 3, ..."""
    rapid: int
    """From 1."""
    attempt: int
    """At this rapid, from 1."""
    cleared: bool
    difficulty: float
    """Logits."""
    chance: float
    """How likely this player, with its present skill, was to clear it: 0 to 1."""
    active_s: float
    """Seconds the round took, pauses not counted."""
    played_s: float
    """The same of the whole life, this round included."""
    history: str
    """Outcomes, W or L, newest last, this round included; at most ten: "WWL"."""
    session_rounds: int
    """Rounds finished in this sitting, this one included."""


class Family(Protocol):
    """One player's way of leaving."""

    def __init__(self, dice: random.Random, /) -> None:
        """A player; what it is like is drawn from `dice`, which are its own."""

    def leaves(self, played: Round, /) -> float:
        """The chance, 0 to 1, of leaving for good after this round."""


class BadFamilyError(ValueError):
    """A family that cannot be used; the text is one sentence for whoever wrote it."""


def ask(family: Family, played: Round) -> float:
    """The family's answer, held to its promise.

    Raises `BadFamilyError` when it is no chance, or when there is none because the family raised something.
    """
    try:
        chance = family.leaves(played)
    except Exception as fault:
        sentence = f"{_named(family)} fails in round {played.number}: {type(fault).__name__}: {fault}."
        raise BadFamilyError(sentence) from fault
    if not isinstance(chance, float | int) or not 0.0 <= chance <= 1.0:
        sentence = f"{_named(family)} answers {chance!r} after round {played.number}; a chance is a number from 0 to 1."
        raise BadFamilyError(sentence)
    return chance


def _named(family: Family) -> str:
    return f"The family {type(family).__name__!r}"


class Patience:
    """What a persona does where no family says when: it leaves after so many rounds lost in a row, or never (None)."""

    __slots__ = ("_rounds",)

    def __init__(self, rounds: int | None) -> None:
        self._rounds = rounds

    def leaves(self, played: Round, /) -> float:
        """Certainly, or not at all."""
        lost = len(played.history) - len(played.history.rstrip("L"))
        return float(self._rounds is not None and lost >= self._rounds)


PERSISTENCE_MEAN: Final = 10.0
PERSISTENCE_SPREAD: Final = 3.5
"""Attempts borne at one rapid, normal over the population; ours, see the decision."""
PERSISTENCE_NOISE: Final = 0.5
"""Attempts; how unsure the limit is from one time to the next (scale of a logistic distribution); ours."""
BOREDOM_SHAPE: Final = 1.58
BOREDOM_RATE_H: Final = 1.40
"""Each player's hazard per active hour is drawn from Gamma(1.58, rate 1.40 h); Viljanen et al. 2018."""
HOUR_S: Final = 3600.0


class Persistence:
    """F1: a player bears so many attempts at one rapid, and grows bored with active hours, whatever they bring.

    Difficulty drives away those who lose, boredom those who have just cleared (Roohi et al. 2020). Boredom gathers with
    active time, so that by itself it gives a Lomax playtime: median 1.40 (2^(1/1.58) - 1) = 0.77 h, mean 1.40 / 0.58 =
    2.41 h.
    """

    __slots__ = ("_boredom_per_s", "_persistence", "_since_s")

    def __init__(self, dice: random.Random, /) -> None:
        self._persistence = max(dice.gauss(PERSISTENCE_MEAN, PERSISTENCE_SPREAD), 1.0)
        self._boredom_per_s = dice.gammavariate(BOREDOM_SHAPE, 1.0 / BOREDOM_RATE_H) / HOUR_S
        self._since_s = 0.0

    def leaves(self, played: Round, /) -> float:
        """After a loss by attempts, after a clearing by the active time since the one before."""
        self._since_s += played.active_s
        if not played.cleared:
            return 1.0 / (1.0 + exp((self._persistence - played.attempt) / PERSISTENCE_NOISE))
        since_s, self._since_s = self._since_s, 0.0
        return 1.0 - exp(-self._boredom_per_s * since_s)


AFTER: Final[dict[str, float]] = {
    "LLL": 0.0510,
    "WWL": 0.0490,
    "LWL": 0.0465,
    "WLL": 0.0465,
    "WWW": 0.0370,
    "LLW": 0.0265,
    "LWW": 0.0265,
    "WLW": 0.0265,
}
"""Chance of leaving after the last three outcomes, newest last (Chen et al. 2017)."""
AFTER_FEW: Final[dict[str, float]] = {"L": 0.0465, "W": 0.0265}
"""The same before there are three: the rows of those whose three are nothing special; ours."""


class LastThree:
    """F2: nothing but the last three outcomes counts; everybody is alike."""

    __slots__ = ()

    def __init__(self, dice: random.Random, /) -> None:
        """Everybody is alike, so no dice are thrown."""

    def leaves(self, played: Round, /) -> float:
        """The published row."""
        last3 = played.history[-3:]
        return AFTER[last3] if len(last3) == 3 else AFTER_FEW[last3[-1]]


SHAPE: Final = 0.75
"""Of the Weibull lifetime: below 1, so those who have stayed long stay longer."""
SCALE_ROUNDS: Final = 21.0
"""Ours: with a mean of 21 Gamma(1 + 1/0.75) = 25.0 rounds a player lives about as long as one of F2."""


class Indifferent:
    """F7: a Weibull total play time that ignores everything that happens: the null control.

    Time is counted in rounds of 25 s, as long as they may have taken: a harder river ends rounds sooner, and a family
    that read the clock would not be indifferent.
    """

    __slots__ = ()

    def __init__(self, dice: random.Random, /) -> None:
        """Everybody is alike, so no dice are thrown."""

    def leaves(self, played: Round, /) -> float:
        """The chance that a lifetime which has reached the last round does not outlast this one."""
        before, now = ((played.number - 1) / SCALE_ROUNDS) ** SHAPE, (played.number / SCALE_ROUNDS) ** SHAPE
        return 1.0 - exp(before - now)


FAMILIES: Final[dict[str, type[Family]]] = {
    "F1": Persistence,
    "F2": LastThree,
    "F7": Indifferent,
}
"""The families of this project, by the names they are known by."""
