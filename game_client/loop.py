"""Listen, advance, tell, draw: sixty times a second until the player gets up.

The loop knows neither pygame nor the network: it declares the two ports it needs, a `Window` and a `Wire`, and whatever
stands behind them may be a null. Nothing here waits but for the next frame: a wire that is away costs what a wire that
is there costs, and how long telling took is measured beside the frame.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from random import Random
from typing import Final, Literal, Protocol

from hdrh.histogram import HdrHistogram
from msgspec import Struct
from msgspec.structs import replace

from contract.adaptations import AdaptationDecided
from contract.events import AnyFact, ErrorRaised, Event
from game_client.frame import Input, frame
from game_client.journal import Journal, sample, stamp
from game_client.scene import Best, Link, Preferences, Scene
from game_client.session import Session, get_up
from game_client.state import Happening

FRAME_S: Final = 1 / 60
HIGHEST_US: Final = 60_000_000

__all__ = ["FRAME_S", "Clock", "Input", "Summary", "Window", "Wire", "play"]


class Window(Protocol):
    """Where the player looks and presses keys."""

    def listen(self) -> Input:
        """What the player did since last asked."""

    def draw(self, scene: Scene) -> None:
        """Show the scene, by now."""

    def hear(self, happenings: Sequence[Happening]) -> None:
        """Let what happened be heard."""

    def close(self) -> None:
        """Give the screen back."""


class Wire(Protocol):
    """The way to whoever watches. No call of it waits for anybody."""

    def tell(self, event: Event) -> None:
        """Take one event; it leaves when it can."""

    def heard(self) -> list[AdaptationDecided]:
        """The goals that came since last asked."""

    def link(self) -> Link:
        """How the wire is doing."""

    def close(self) -> None:
        """Let what waits leave, or keep it for the next time."""


class Clock(Protocol):
    """Time, handed in: a test's goes as fast as it likes."""

    def now(self) -> datetime:
        """The instant, for events."""

    def seconds(self) -> float:
        """Seconds that only ever rise, for frames."""

    def rest(self, until: float) -> None:
        """Let the processor go until then."""


class Summary(Struct, frozen=True, kw_only=True):
    """What a sitting came to."""

    player: str
    session: str
    events: int
    """Told; also the highest sequence."""
    rounds: int
    score: int
    active_s: float
    frames: int
    frame_p50_ms: float
    frame_p99_ms: float
    """Of the work in a frame; the rest of its 16.7 ms was free."""
    telling_p99_ms: float
    """Of that, what went into telling and hearing."""
    loop_ms: float | None
    """From the event behind the newest goal to its taking, when one came."""
    link: str
    waiting: int
    dropped: int


def play(
    session: Session,
    opening: tuple[AnyFact, ...],
    journal: Journal,
    *,
    window: Window,
    wire: Wire,
    clock: Clock,
    fresh_id: Callable[[], str],
    dice: Random,
    seconds: float | None = None,
    keep: Callable[[Preferences, tuple[Best, ...]], str | None] = lambda _preferences, _bests: None,
    interrupted: Callable[[], bool] = lambda: False,
) -> Summary:
    """One sitting, from telling the `opening` to its end, at the latest after `seconds` or when `interrupted`.

    `keep` is told what should outlast the sitting, and answers with a sentence when it could not.
    """
    frames, telling = HdrHistogram(1, HIGHEST_US, 3), HdrHistogram(1, HIGHEST_US, 3)

    def tell(facts: tuple[AnyFact, ...]) -> None:
        nonlocal journal
        journal, facts = sample(journal, facts)
        for fact in facts:
            journal, event = stamp(journal, fact, clock.now(), fresh_id())
            wire.tell(event)

    tell(opening)
    kept = (session.scene.preferences, session.scene.bests)
    began = before = clock.seconds()
    while session.ended is None:
        begun = clock.seconds()
        seen = window.listen()
        wired = clock.seconds()
        heard, link = wire.heard(), wire.link()
        wire_s = clock.seconds() - wired
        session, told = frame(session, seen, heard, link=link, elapsed_s=begun - before, now=clock.now(), dice=dice)
        if session.ended is None and (reason := _time_to_go(begun - began, seconds, interrupted())):
            session, parting = get_up(session, reason)
            told += parting
        if kept != (session.scene.preferences, session.scene.bests):
            kept = (session.scene.preferences, session.scene.bests)
            if fault := keep(*kept):
                told += (ErrorRaised("warning", "keep", fault[:500]),)
        wired = clock.seconds()
        journal = replace(journal, kind="bot" if session.scene.autopilot else "human")
        tell(told)
        wire_s += clock.seconds() - wired
        window.hear(told)
        window.draw(session.scene)
        before = begun
        frames.record_value(_us(clock.seconds() - begun))
        telling.record_value(_us(wire_s))
        clock.rest(begun + FRAME_S)
    return _summary(session, journal, wire.link(), frames, telling)


def _time_to_go(
    passed_s: float,
    seconds: float | None,
    interrupted: bool,  # noqa: FBT001 - a fact among facts
) -> Literal["closed", "timeout"] | None:
    if interrupted:
        return "closed"
    return "timeout" if seconds is not None and passed_s >= seconds else None


def _us(seconds: float) -> int:
    return min(max(round(seconds * 1e6), 1), HIGHEST_US)


def _summary(session: Session, journal: Journal, link: Link, frames: HdrHistogram, telling: HdrHistogram) -> Summary:
    scene = session.scene
    return Summary(
        player=journal.player,
        session=journal.session,
        events=journal.sequence,
        rounds=session.rounds,
        score=scene.world.score,
        active_s=round(session.active_s, 3),
        frames=frames.get_total_count(),
        frame_p50_ms=frames.get_value_at_percentile(50) / 1e3,
        frame_p99_ms=frames.get_value_at_percentile(99) / 1e3,
        telling_p99_ms=telling.get_value_at_percentile(99) / 1e3,
        loop_ms=scene.loop_ms,
        link=link.state,
        waiting=link.waiting,
        dropped=link.dropped,
    )
