"""Events to fold, made by hand: a session that counts its own sequence, with the time of day told in seconds."""

import random
from datetime import UTC, datetime, timedelta
from typing import Final, get_args

from contract.events import (
    EVENT_OF,
    Action,
    Event,
    Fact,
    GatePassed,
    RapidFinished,
    RapidStarted,
    RockHit,
    RockPassed,
    SessionHeartbeat,
    SessionStarted,
    StrokeMade,
)
from contract.signals import Signals
from processors.player import Player, signals, step

ACTIONS: Final[tuple[Action, ...]] = get_args(Action)
START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DAY_S: Final = 86_400.0


def event(
    fact: Fact, sequence: int, at_s: float, *, session: str = "s-1", player: str = "p-1", start: datetime = START
) -> Event:
    """`fact` in its envelope, `at_s` seconds after nine in the morning, or after `start`."""
    return EVENT_OF[type(fact)](
        id=f"{session}-{sequence}",
        source="/whitewater/game/test",
        subject=player,
        time=start + timedelta(seconds=at_s),
        sessionid=session,
        sequence=sequence,
        playerkind="bot",
        data=fact,
    )


def told(*facts: tuple[float, Fact], session: str = "s-1", first: int = 1) -> list[Event]:
    """One session's events, from (seconds, fact) pairs."""
    return [event(fact, first + n, at_s, session=session) for n, (at_s, fact) in enumerate(facts)]


def folded(events: list[Event], player: Player | None = None) -> Player:
    """The player after all of `events`."""
    player = player or Player()
    for each in events:
        player, _ = step(player, each)
    return player


def believed(*facts: tuple[float, Fact]) -> Signals:
    """What is believed after one session of (seconds, fact) pairs."""
    return signals(folded(told(*facts)))


def beat() -> SessionHeartbeat:
    """A sign of life, which moves the clock and nothing else."""
    return SessionHeartbeat(True, 60.0, 50.0, 0, 0)  # noqa: FBT003 - a fact by position


def stroke(weight: int = 1, action: Action = "left") -> StrokeMade:
    """A stroke."""
    return StrokeMade(action, None, weight)


def started(rapid: int = 1, attempt: int = 1, difficulty: float = 0.0) -> RapidStarted:
    """A round begins."""
    return RapidStarted(rapid, attempt, difficulty, "III", 7)


def cleared(rapid: int = 1, attempt: int = 1, difficulty: float = 0.0) -> RapidFinished:
    """A round was cleared."""
    return RapidFinished(rapid, attempt, "cleared", 20.0, 100, 1.0, 4, 4, 3, difficulty)


def swamped(rapid: int = 1, attempt: int = 1, difficulty: float = 0.0, by: str | None = "rock") -> RapidFinished:
    """A round was lost."""
    return RapidFinished(rapid, attempt, "swamped", 20.0, 10, 0.5, 4, 1, 0, difficulty, by)  # type: ignore[arg-type]  # a test may name any cause


def played(player: str, session: str, events: int, start: datetime, dice: random.Random) -> list[Event]:
    """A long session as a paddler might have it: rounds of strokes, near misses, knocks and gates."""
    facts: list[tuple[float, Fact]] = [(0.0, SessionStarted("linux", "bot", "1", True, None))]  # noqa: FBT003 - a fact by position
    rapid, at_s = 0, 0.0
    while len(facts) < events:
        rapid += 1
        facts.append((at_s, started(rapid)))
        for _ in range(dice.randint(10, 40)):
            at_s += dice.uniform(0.1, 0.6)
            happened: list[Fact] = [RockPassed(0.1, 3.0, 1.2), RockHit(0.1, 3.0, 1, 2), GatePassed(1, 0.1, 2)]
            facts.append((at_s, stroke(1, dice.choice(ACTIONS)) if dice.random() < 0.7 else dice.choice(happened)))
        facts.append((at_s, cleared(rapid) if dice.random() < 0.6 else swamped(rapid)))
        at_s += 2.0
    return [
        event(fact, n, at_s, session=session, player=player, start=start)
        for n, (at_s, fact) in enumerate(facts[:events], start=1)
    ]
