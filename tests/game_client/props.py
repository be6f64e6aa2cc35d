"""What these tests put on stage: rivers laid stone by stone, a null window, a wire in memory, a clock that leaps."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from random import Random

from msgspec.structs import replace

from contract.adaptations import Adaptation, AdaptationDecided
from contract.envelope import Cause
from contract.events import AnyFact, Event, SessionStarted
from game_client.frame import Input
from game_client.journal import Journal
from game_client.loop import Doors, Summary, play
from game_client.scene import Best, Link, Preferences, Scene
from game_client.session import sit_down
from game_client.state import HULL, STEP_S, Happening, Held, Kayak, Rapid, World
from game_client.world import advance

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
STARTED = SessionStarted("test", "keyboard", "0", consent=True, previous_session=None)


QUIET = Rapid(
    number=1,
    attempt=1,
    seed=1,
    difficulty=0.2,
    grade="IV",
    length=100.0,
    current=5.0,
    rocks=(),
    gates=(),
    eddies=(),
)


def laid(**river: object) -> World:
    """A round on a river laid by hand, with these fields of its rapid: the kayak at (0, 0), in a current of 5 m/s."""
    rapid = replace(QUIET, **river)
    return World(
        rapid=rapid,
        kayak=Kayak(0.0, 0.0, 0.0, rapid.current, 0.0, HULL),
        phase="running",
        outcome=None,
        swamped_by=None,
        clock=0.0,
        score=0,
        best=0,
        combo=0,
        gates_passed=0,
        gates_missed=0,
        pace=1.0,
        goal=None,
        consent=True,
        ahead=rapid.rocks,
        next_rock=len(rapid.rocks),
    )


def at(world: World, x: float, y: float) -> World:
    """The same world with the kayak elsewhere."""
    return replace(world, kayak=replace(world.kayak, x=x, y=y))


def steps(world: World, held: Held = 0, count: int = 1) -> tuple[World, list[Happening]]:
    """The world after so many steps, and all that happened on the way."""
    told: list[Happening] = []
    dice = Random(0)
    for _ in range(count):
        world, happened = advance(world, held, STEP_S, dice)
        told += happened
    return world, told


def to_the_end(world: World, held: Callable[[World], Held] = lambda _: 0) -> tuple[World, list[Happening]]:
    """The world when its round is over."""
    told: list[Happening] = []
    dice = Random(0)
    while world.phase == "running":
        world, happened = advance(world, held(world), STEP_S, dice)
        told += happened
    return world, told


def goal(revision: int, **fields: object) -> Adaptation:
    """A goal decided 40 ms before noon, good for an hour."""
    plain = Adaptation(
        revision=revision,
        difficulty=0.5,
        grade="IV",
        pace=0.4,
        because="You cleared three in a row.",
        evidence={"success": 0.9},
        policy="P2",
        arm="target",
        expires=NOON + timedelta(hours=1),
        cause=Cause("s-1", 7, NOON - timedelta(milliseconds=40)),
    )
    return replace(plain, **fields)


def decided(adaptation: Adaptation) -> AdaptationDecided:
    """The goal as it comes over the wire."""
    return AdaptationDecided(id="a", source="/test", subject="p-1", time=NOON, data=adaptation)


class LeapingClock:
    """Rests by being there already."""

    def __init__(self) -> None:
        self.at_s = 0.0

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.at_s)

    def seconds(self) -> float:
        return self.at_s

    def rest(self, until: float) -> None:
        self.at_s = until


class NullWindow:
    """Draws nothing; plays back what a player did, frame by frame, and then closes."""

    def __init__(self, script: Iterable[Input]) -> None:
        self._script = iter(script)
        self.scenes: list[Scene] = []
        self.heard: list[Happening] = []

    def listen(self) -> Input:
        return next(self._script, Input(closed=True))

    def draw(self, scene: Scene) -> None:
        self.scenes.append(scene)

    def hear(self, happenings: Sequence[Happening]) -> None:
        self.heard += happenings

    def close(self) -> None:
        """Nothing is open."""


class MemoryWire:
    """Keeps what it is told, and brings a goal after the event that a test waits for."""

    def __init__(self, answer: Callable[[Event], AdaptationDecided | None] = lambda _: None) -> None:
        self._answer = answer
        self._goals: list[AdaptationDecided] = []
        self.events: list[Event] = []
        self.state = Link("connected")

    @property
    def facts(self) -> list[AnyFact]:
        """What was told, without envelopes."""
        return [event.data for event in self.events]

    def tell(self, event: Event) -> None:
        self.events.append(event)
        if goal_decided := self._answer(event):
            self._goals.append(goal_decided)

    def heard(self) -> list[AdaptationDecided]:
        goals, self._goals = self._goals, []
        return goals

    def link(self) -> Link:
        return self.state

    def close(self) -> None:
        """Nothing is open."""


def sitting(
    window: NullWindow,
    wire: MemoryWire,
    *,
    autopilot: bool = False,
    seconds: float | None = None,
    preferences: Preferences | None = None,
    bests: tuple[Best, ...] = (),
    kept: list[tuple[Preferences, tuple[Best, ...]]] | None = None,
) -> Summary:
    """A whole sitting with these doors; seed 1."""
    dice = Random(1)
    session = sit_down(preferences or Preferences(), bests, dice, autopilot=autopilot)
    shelf = kept if kept is not None else []
    return play(session, (STARTED,), Journal("p-1", "s-1", "/test"), doors(window, wire, shelf), dice, seconds=seconds)


def doors(window: NullWindow, wire: MemoryWire, shelf: list[tuple[Preferences, tuple[Best, ...]]]) -> Doors:
    """Nothing real: a clock that leaps, ids that count, a shelf that is a list."""
    return Doors(
        window=window,
        wire=wire,
        clock=LeapingClock(),
        fresh_id=iter(map(str, range(1_000_000))).__next__,
        keep=lambda preferences, bests, _rapid: shelf.append((preferences, bests)),
    )
