"""Listen, advance, tell, draw: sixty times a second until the player gets up.

The loop knows neither pygame nor the network: it declares the two ports it needs, a `Window` and a `Wire`, and whatever
stands behind them may be a null. Nothing here waits but for the next frame: a wire that is away costs what a wire that
is there costs, and how long telling took is measured beside the frame.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from random import Random
from typing import Final, Protocol

from hdrh.histogram import HdrHistogram
from msgspec import Struct
from msgspec.structs import replace

from contract.adaptations import AdaptationDecided
from contract.events import AnyFact, ErrorRaised, Event
from game_client.frame import Input, frame
from game_client.journal import Journal, sample, stamp, thin
from game_client.scene import Best, Link, Preferences, Scene
from game_client.session import Session, get_up
from game_client.state import Happening

FRAME_S: Final = 1 / 60
HIGHEST_US: Final = 60_000_000

__all__ = ["FRAME_S", "Clock", "Doors", "Input", "Summary", "Window", "Wire", "play"]


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


class Doors(Struct, frozen=True, kw_only=True):
    """Everything real, or standing in for it."""

    window: Window
    wire: Wire
    clock: Clock
    fresh_id: Callable[[], str]
    """A new id for every event."""
    keep: Callable[[Preferences, tuple[Best, ...], int], str | None] = lambda _preferences, _bests, _rapid: None
    """Told what should outlast the sitting; answers with a sentence when it could not keep it."""
    interrupted: Callable[[], bool] = lambda: False
    """Whether somebody asked the game to end."""


class _Pen:
    """Writes the journal and lets the wire take it; notes how long a frame waited for that."""

    def __init__(self, journal: Journal, doors: Doors) -> None:
        self.journal = journal
        self.spent_s = HdrHistogram(1, HIGHEST_US, 3)
        self._doors = doors

    def hear(self) -> tuple[list[AdaptationDecided], Link, float]:
        """What came over the wire, how the wire is, and the seconds that asking took."""
        began = self._doors.clock.seconds()
        heard, link = self._doors.wire.heard(), self._doors.wire.link()
        self.journal = thin(self.journal, link.waiting)
        return heard, link, self._doors.clock.seconds() - began

    def tell(self, facts: tuple[AnyFact, ...], *, autopilot: bool, heard_s: float = 0.0) -> None:
        """Stamp the facts, in order, by whoever holds the paddle, and let them go."""
        doors = self._doors
        began = doors.clock.seconds()
        self.journal = replace(self.journal, kind="bot" if autopilot else "human")
        self.journal, facts = sample(self.journal, facts)
        for fact in facts:
            self.journal, event = stamp(self.journal, fact, doors.clock.now(), doors.fresh_id())
            doors.wire.tell(event)
        self.spent_s.record_value(_us(doors.clock.seconds() - began + heard_s))


def play(
    session: Session,
    opening: tuple[AnyFact, ...],
    journal: Journal,
    doors: Doors,
    dice: Random,
    *,
    seconds: float | None = None,
) -> Summary:
    """One sitting, from telling the `opening` to its end, at the latest after `seconds` or when interrupted.

    A fault of the game's own is told before it ends the game.
    """
    pen, frames = _Pen(journal, doors), HdrHistogram(1, HIGHEST_US, 3)
    pen.tell(opening, autopilot=session.scene.autopilot)
    began = before = doors.clock.seconds()
    try:
        while session.ended is None:
            begun = doors.clock.seconds()
            late = seconds is not None and begun - began >= seconds
            session = _turn(session, pen, doors, dice, elapsed_s=begun - before, late=late)
            before = begun
            frames.record_value(_us(doors.clock.seconds() - begun))
            doors.clock.rest(begun + FRAME_S)
    except Exception as fault:
        failed = ErrorRaised("critical", type(fault).__name__[:64], str(fault)[:500])
        pen.tell((failed,), autopilot=session.scene.autopilot)
        raise
    return _summary(session, pen, doors.wire.link(), frames)


def _turn(session: Session, pen: _Pen, doors: Doors, dice: Random, *, elapsed_s: float, late: bool) -> Session:
    """One frame: listen, advance, tell, draw."""
    seen = doors.window.listen()
    heard, link, heard_s = pen.hear()
    kept = _to_keep(session)
    session, told = frame(session, seen, heard, link=link, elapsed_s=elapsed_s, now=doors.clock.now(), dice=dice)
    if session.ended is None and (late or doors.interrupted()):
        session, parting = get_up(session, "timeout" if late else "closed")
        told += parting
    to_keep = _to_keep(session)
    if to_keep != kept and (fault := doors.keep(*to_keep)):
        told += (ErrorRaised("warning", "keep", fault[:500]),)
    pen.tell(told, autopilot=session.scene.autopilot, heard_s=heard_s)
    doors.window.hear(told)
    doors.window.draw(session.scene)
    return session


def _to_keep(session: Session) -> tuple[Preferences, tuple[Best, ...], int]:
    """What should outlast the sitting: as a player likes it, what was best, and the rapid that waits."""
    return session.scene.preferences, session.scene.bests, session.scene.world.next_rapid


def _us(seconds: float) -> int:
    return min(max(round(seconds * 1e6), 1), HIGHEST_US)


def _summary(session: Session, pen: _Pen, link: Link, frames: HdrHistogram) -> Summary:
    scene, journal, telling = session.scene, pen.journal, pen.spent_s
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
