"""What lies between the parts and what the crowd sends: links that are late or cut, copies, disorder, poison, clocks.

The patience of those who are cut off is drawn on both sides: a link is away for less than the 6 s after which a silent
member is put out of its group, or for more. A plan that could pass without hurting anybody is no plan: so many events
that poison is among them several times, so many sleepers that a server which waited for them would stand still.
"""

import random
from typing import Final

from faults.plan import Act, Link, Mangling, Plan, Step

DAY_S: Final = 86_400.0
SPOOLED: Final = 100_000
"""Events that wait for the stream, at the least."""
CUT: Final[tuple[Link, ...]] = ("game", "worker", "worker-2", "api", "redis", "river")
SHORT_S: Final = (0.5, 2.5)
LONG_S: Final = (6.5, 8.0)
"""Longer than a group's session and than every time-out on the short path."""
AFTERWARDS_S: Final = 2.0


def _away(dice: random.Random) -> Act:
    """A link that is away: its connections are reset, or nobody is told."""
    return dice.choice(("reset", "silence"))


def stream_away(dice: random.Random, seed: int) -> Plan:
    """The stream is away for a while, and what is told meanwhile waits on disk: a crowd's, a game's and very much."""
    return Plan(
        fault="stream-away",
        seed=seed,
        seconds=dice.uniform(5.0, 6.0),
        players=8,
        workers=2,
        steps=(Step(dice.uniform(0.5, 1.0), _away(dice), "game"),),
        spooled=True,
        bulk=SPOOLED,
        game=True,
    )


def stream_away_10m(dice: random.Random, seed: int) -> Plan:
    """The same for ten minutes, at the pace of play."""
    return Plan(
        fault="stream-away-10m",
        seed=seed,
        seconds=605.0,
        pace=1.0,
        workers=2,
        steps=(Step(5.0, _away(dice), "game"),),
        spooled=True,
        bulk=SPOOLED,
        game=True,
    )


def partition(dice: random.Random, seed: int) -> Plan:
    """One link, by the seed, is reset or silent, for a moment or for longer than anybody's patience."""
    on = CUT[seed % len(CUT)]
    at_s, for_s = dice.uniform(0.5, 1.5), dice.uniform(*dice.choice((SHORT_S, LONG_S)))
    return Plan(
        fault="partition",
        seed=seed,
        seconds=at_s + for_s + AFTERWARDS_S,
        workers=2,
        steps=(Step(at_s, _away(dice), on), Step(at_s + for_s, "mend", on)),
    )


def slow_link(dice: random.Random, seed: int) -> Plan:
    """Two links are late, with jitter, and narrow."""
    at_s, late_s = dice.uniform(0.5, 1.5), dice.uniform(0.05, 0.4)
    slow = dice.sample(CUT, 2)
    return Plan(
        fault="slow-link", seed=seed, workers=2, steps=tuple(Step(at_s, "slow", on, value=late_s) for on in slow)
    )


def poison(dice: random.Random, seed: int) -> Plan:
    """One message in a thousand is malformed, and there are enough of them for several."""
    return Plan(fault="poison", seed=seed, players=dice.randint(56, 72), workers=2, mangling=Mangling(poison=0.001))


def duplicates(dice: random.Random, seed: int) -> Plan:
    """Every message is sent one to five times, in disorder within 64."""
    return Plan(
        fault="duplicates",
        seed=seed,
        players=dice.randint(16, 32),
        workers=2,
        mangling=Mangling(copies=5, shuffled_in=64),
    )


def clock_skew(dice: random.Random, seed: int) -> Plan:
    """Clocks are wrong by a day, or are set back by up to one in the middle of play, by the seed."""
    back_s = dice.choice((30.0, 3_600.0, DAY_S))
    mangling = Mangling(skew_s=DAY_S) if seed % 2 else Mangling(set_back_s=back_s)
    return Plan(fault="clock-skew", seed=seed, workers=2, mangling=mangling)


def slow_readers(dice: random.Random, seed: int) -> Plan:
    """More than a hundred WebSockets follow everybody, ask again and again and never read."""
    return Plan(fault="slow-readers", seed=seed, seconds=8.0, players=36, workers=2, sleepers=dice.randint(100, 140))
