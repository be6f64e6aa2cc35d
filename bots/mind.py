"""What a bot is like inside, and how that changes while it plays: skill, learning, tiring, and the persona it shows.

Skill is in logits, the scale of `contract.course`: a player of skill s clears difficulty d with log odds s - d. It
starts from N(0, 1), grows towards a ceiling as practice goes on, exponentially (Heathcote, Brown and Mewhort, "The
power law repealed", Psychonomic Bulletin & Review 7, 2000: a single learner follows an exponential, the power law is
what averaging makes of many), and falls a little with every round of one sitting (Sapienza, Zeng, Bessi, Lerman and
Ferrara, "Individual performance in team-based online games", Royal Society Open Science 5, 2018). How much and how
fast is ours: docs/decisions/what-practice-does.md.

It refuses to know the river and the clock: rounds are counted by whoever plays. Bots in real time and the fast mode of
an experiment read the same functions. Latents are drawn from the bot's own dice and never leave it.
"""

import random
from math import exp, inf
from typing import Final

from msgspec import Struct


class Persona(Struct, frozen=True):
    """A kind of player: where its skill is drawn from, and its habits, as chances per look."""

    skill: float
    """Mean, in logits."""
    spread: float
    fidget: float = 0.0
    """A stroke that nothing asked for."""
    dream: float = 0.0
    """It takes its hands off for a while."""
    pause: float = 0.0
    """It pauses the game for a while."""
    patience: int | None = None
    """Rounds lost in a row after which it leaves, where no family says when; None stays for ever."""


PERSONAS: Final[dict[str, Persona]] = {
    "novice": Persona(skill=-1.2, spread=0.4),
    "expert": Persona(skill=1.5, spread=0.4),
    "idler": Persona(skill=0.0, spread=0.6, dream=0.02, pause=0.006),
    "hasty": Persona(skill=0.0, spread=0.6, fidget=0.4),
    "quitter": Persona(skill=-0.6, spread=0.6, patience=3),
}
NAMES: Final = tuple(PERSONAS)
HISTORY: Final = 10
"""Outcomes that a player still feels."""

GAIN: Final = (0.4, 1.2)
"""Logits learned at most, uniform over the population; ours, like the next two."""
PACE: Final = (20.0, 60.0)
"""Rounds until 63 % of it are learned."""
TIRING: Final = (0.0, 0.02)
"""Logits lost per round of a sitting: at most a quarter of a logit in a sitting of twelve."""
SITTING_ROUNDS: Final = 12.0
"""Mean rounds of a sitting, five minutes and a half of play; geometric, because nobody counts them. Ours."""


class Latents(Struct, frozen=True, gc=False):
    """What one player is like; nobody else ever reads it."""

    skill: float
    """Logits before the first round."""
    persona: str
    gain: float
    """Logits learned at most."""
    pace: float
    """Rounds to learn 63 % of them."""
    tiring: float
    """Logits lost per round of a sitting."""


def draw_latents(dice: random.Random, persona: str | None = None) -> Latents:
    """A player from its own dice: of the whole population, or of one `persona`.

    Over the population skill is N(0, 1) and the persona is drawn afterwards, with a probability proportional to its
    density at that skill: so personas differ in skill as they should, and all of them together are N(0, 1) still.
    """
    if persona is None:
        skill = dice.gauss(0.0, 1.0)
        persona = dice.choices(NAMES, [_density(kind, skill) for kind in PERSONAS.values()])[0]
    else:
        skill = dice.gauss(PERSONAS[persona].skill, PERSONAS[persona].spread)
    return Latents(skill, persona, dice.uniform(*GAIN), dice.uniform(*PACE), dice.uniform(*TIRING))


def skill_at(latents: Latents, rounds: int, session_rounds: int) -> float:
    """Skill in logits after so many `rounds` of life, `session_rounds` of them in this sitting (both from 0)."""
    learned = latents.gain * (1.0 - exp(-rounds / latents.pace))
    return latents.skill + learned - latents.tiring * session_rounds


class Life(Struct, frozen=True, gc=False):
    """A player so far: what it is like, and what it has lived through."""

    latents: Latents
    sitting_rounds: float = inf
    """Mean rounds of a sitting; infinite: it never takes a break."""
    rounds: int = 0
    """Finished in this life."""
    session_rounds: int = 0
    """Finished in this sitting."""
    played_s: float = 0.0
    """Active seconds of all rounds."""
    history: str = ""
    """The newest outcomes, W or L, newest last."""

    @property
    def skill(self) -> float:
        """Logits, now."""
        return skill_at(self.latents, self.rounds, self.session_rounds)


def live(life: Life, *, cleared: bool, active_s: float) -> Life:
    """The life with one round more, of so many active seconds; made anew, for `replace` costs an experiment 3 %."""
    return Life(
        latents=life.latents,
        sitting_rounds=life.sitting_rounds,
        rounds=life.rounds + 1,
        session_rounds=life.session_rounds + 1,
        played_s=life.played_s + active_s,
        history=(life.history + "LW"[cleared])[-HISTORY:],
    )


def _density(persona: Persona, skill: float) -> float:
    """The normal density, less a factor that all personas share."""
    off = (skill - persona.skill) / persona.spread
    return exp(-0.5 * off * off) / persona.spread
