"""One player's life in fast mode: through a burn-in that is the same for all, and on under every policy.

Two things alone are invented here. How a round ends is a coin held against the psychometric curve that was measured on
the real game (`experiments.curve`); whether the player leaves is a coin held against the churn family. All between is
the very code that runs: events are folded by `processors.player`, beliefs weighed by `engagement_api.weigh`.

Every coin belongs to one player and one round and is thrown before the first (common random numbers, Law, Simulation
Modeling and Analysis, 5th ed. 2015, section 11.2): the k-th player of every arm has the same mind and the same luck, so
arms differ by what their policies did and by nothing else.

What it leaves out, and the report says so: strokes, rocks, pauses, hints and rewards. A round tells how it ended, which
is all that a policy judges by, and lasts as long as such rounds last on average. That it began is not told: no decision
would be another (a test shows it), and fifty million beginnings cost three minutes.
"""

import random
from collections.abc import Sequence
from copy import copy
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from bots import mind
from bots.churn import Family, Round, ask
from bots.mind import SITTING_ROUNDS, Latents, draw_latents
from contract.course import chance_of_clearing, designed_difficulty, difficulty_for
from contract.events import EVENT_OF, AnyFact, RapidFinished, SessionEnded, SessionStarted
from contract.signals import SignalUpdated
from engagement_api.policy.wish import Lesson
from engagement_api.state import State
from engagement_api.trial import HELD_OUT, branch_of, untried
from engagement_api.weigh import Rules, weigh
from experiments.curve import chance, round_s
from processors.player import Player, advance, signals

BEGINNING: Final = datetime(2026, 1, 1, tzinfo=UTC)
ABSENCE_S: Final = 20 * 3600.0
"""Until the next sitting, on average: nearly every day. Ours."""
BREATHER_S: Final = 1.4
HAIR: Final = 1e-6
"""Logits; sums of tenths are not tenths."""
SOURCE: Final = "/whitewater/experiments"
BUILD: Final = "experiment"


class Fate(Struct, frozen=True):
    """A player's luck, one coin in [0, 1) for each round."""

    ends: tuple[float, ...]
    leaves: tuple[float, ...]
    rises: tuple[float, ...]


class Born(Struct, frozen=True):
    """A player before the first round."""

    latents: Latents
    fate: Fate
    seed: str

    def family(self, of: type[Family]) -> Family:
        """A fresh churn family of this player's own: the same however often it is asked for."""
        return of(random.Random(f"{self.seed}/leaves"))


class Played(Struct, frozen=True, gc=False):
    """One round as an experiment sees it; difficulties and offsets in logits."""

    felt: Round
    """What the player knows of it; `felt.chance` is the true chance of clearing."""
    predicted: float
    """The chance of clearing it, as the skill signal had it before."""
    aim: float
    """The difficulty this player would clear three times in four."""
    before: float
    """What the next rapid would be, had the offset from the designer's curve stayed."""
    after: float
    """What it will be."""
    left: bool


class Life:
    """A player at play in one world: what changes from round to round."""

    __slots__ = (
        "attempt", "believed", "born", "difficulty", "family", "lessons", "lived", "name", "now_s", "rapid", "rules",
        "sequence", "session", "signals", "sitting", "state",
    )  # fmt: skip

    def __init__(self, born: Born, name: str, family: Family, rules: Rules) -> None:
        self.born, self.name, self.family, self.rules = born, name, family, rules
        self.lived = mind.Life(born.latents, SITTING_ROUNDS)
        self.believed, self.state = Player(), State()
        self.signals = signals(self.believed)
        self.lessons: tuple[Lesson, ...] = ()
        self.rapid = self.attempt = 1
        self.difficulty = designed_difficulty(1)
        self.sequence = self.sitting = 0
        self.session = ""
        self.now_s = 0.0

    @property
    def rounds(self) -> int:
        """Finished so far."""
        return self.lived.rounds

    def fork(self, rules: Rules, before: Sequence[Round], of: type[Family]) -> "Life":
        """The same life, going on under other `rules`; the family hears again what was `before`."""
        family = self.born.family(of)
        for each in before:
            family.leaves(each)
        other = copy(self)
        other.family, other.rules, other.lessons = family, rules, ()
        return other


def bear(seed: int, number: int, rounds: int) -> Born:
    """The `number`-th player of `seed`, with coins for so many rounds."""
    name = f"{seed}/{number}"
    dice = random.Random(name)
    latents = draw_latents(dice)
    coins = [tuple(dice.random() for _ in range(rounds)) for _ in range(3)]
    return Born(latents, Fate(*coins), name)


def not_held_out(name: str) -> str:
    """`name`, or one made of it, that the API does not hold out: fast mode has nobody to protect."""
    while branch_of(name, untried("P0")) is HELD_OUT:
        name += "x"
    return name


def play(life: Life) -> Played:
    """One round: begun, ended, folded, judged, and felt."""
    fate, at = life.born.fate, life.rounds
    if life.lived.session_rounds == 0:
        _sit_down(life)
    difficulty, rapid, attempt, offset = life.difficulty, life.rapid, life.attempt, life.state.offset
    able = life.lived.skill
    true, predicted = chance(able, difficulty), chance_of_clearing(life.signals.skill, difficulty)
    cleared = fate.ends[at] < true
    took_s = round_s(difficulty, cleared=cleared)
    _paddle(life, took_s, cleared=cleared)
    lived = life.lived
    felt = Round(
        number=lived.rounds,
        rapid=rapid,
        attempt=attempt,
        cleared=cleared,
        difficulty=difficulty,
        chance=true,
        active_s=took_s,
        played_s=lived.played_s,
        history=lived.history,
        session_rounds=lived.session_rounds,
    )
    left = fate.leaves[at] < ask(life.family, felt)
    curve = designed_difficulty(life.rapid)
    if fate.rises[at] * lived.sitting_rounds < 1.0:
        _get_up(life)
    return Played(felt, predicted, difficulty_for(able, 0.75), curve + offset, life.difficulty, left)


def _sit_down(life: Life) -> None:
    """A sitting begins: told, and judged, as a game's first event is."""
    life.sitting += 1
    life.session, life.sequence = f"s{life.sitting}", 0
    _tell(life, SessionStarted("headless", "bot", BUILD, consent=True, previous_session=None))
    _judge(life, "session.started")


def _get_up(life: Life) -> None:
    """A sitting is over; the next one is about a day away."""
    _tell(life, SessionEnded("quit", active_s=life.lived.played_s, rapids=life.lived.session_rounds))
    life.lived = replace(life.lived, session_rounds=0)
    life.now_s += ABSENCE_S


def _paddle(life: Life, took_s: float, *, cleared: bool) -> None:
    """The round is told when it is over, and what follows from it is asked."""
    rapid, attempt, difficulty = life.rapid, life.attempt, life.difficulty
    life.now_s += took_s
    life.lived = mind.live(life.lived, cleared=cleared, active_s=took_s)
    life.rapid, life.attempt = (rapid + 1, 1) if cleared else (rapid, attempt + 1)
    outcome: Literal["cleared", "swamped"] = "cleared" if cleared else "swamped"
    _tell(life, RapidFinished(rapid, attempt, outcome, took_s, 0, float(cleared), 0, 0, 0, difficulty))
    _judge(life, "rapid.finished")
    life.now_s += BREATHER_S


def _tell(life: Life, fact: AnyFact) -> None:
    life.sequence += 1
    event = EVENT_OF[type(fact)](  # type: ignore[call-arg] # each class made for a fact has its dataschema as default
        id="",
        source=SOURCE,
        subject=life.name,
        time=BEGINNING + timedelta(seconds=life.now_s),
        sessionid=life.session,
        sequence=life.sequence,
        playerkind="bot",
        data=fact,
    )
    life.believed = advance(life.believed, event)


def _judge(life: Life, because: str) -> None:
    """What is believed now, and the difficulty that follows; the goal's words are nobody's business here."""
    now = BEGINNING + timedelta(seconds=life.now_s)
    life.signals = signals(life.believed)
    signal = SignalUpdated(
        id="",
        source=SOURCE,
        subject=life.name,
        time=now,
        playerkind="bot",
        sessionid=life.session,
        sequence=life.sequence,
        causetime=now,
        because=because,
        data=life.signals,
    )
    weighed = weigh(signal, life.state, life.rules, now)
    life.state, life.lessons = weighed.state, weighed.lessons
    if weighed.aim is not None:
        life.difficulty = weighed.aim.difficulty
