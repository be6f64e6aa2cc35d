"""A crowd whose events are kept, for tests: no clock, no waiting, no Kafka."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bots.churn import Family
from bots.fleet import SLOT_S, Fleet, Options
from bots.report import Tally
from bots.schedule import Schedule
from contract.adaptations import Adaptation, AdaptationDecided
from contract.envelope import Cause
from contract.events import Event, Hint, Reward
from producers.outbox import Outbox

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Bank:
    """A shore that keeps every event."""

    def __init__(self) -> None:
        self.outbox = Outbox()
        self.events: list[Event] = []

    def emit(self, event: Event) -> None:
        """Keeps it."""
        self.events.append(event)


def crowd(
    players: int,
    seconds: float,
    clock: Callable[[], float] = lambda: 0.0,
    persona: str | None = None,
    family: type[Family] | None = None,
    *,
    schedule: Schedule = (),
    share: tuple[int, int] = (0, 1),
) -> tuple[Fleet, Bank, Tally]:
    """A fleet, where its events go, and what it counts."""
    bank, tally = Bank(), Tally()
    options = Options(players=players, seconds=seconds, persona=persona, family=family, schedule=schedule, share=share)
    return Fleet(options, bank, tally, clock, NOON), bank, tally


def played(
    players: int, seconds: float, persona: str | None = None, family: type[Family] | None = None
) -> tuple[Fleet, Bank, Tally]:
    """A crowd that has played so long, without a clock and without waiting."""
    fleet, bank, tally = crowd(players, seconds, persona=persona, family=family)
    for slot in range(round(seconds / SLOT_S)):
        fleet.play_slot(slot, late=False)
    fleet.everybody_up(seconds)
    return fleet, bank, tally


def goal(
    player: str, session: str, revision: int = 1, hint: Hint | None = None, reward: Reward | None = None
) -> AdaptationDecided:
    """A goal for one player, caused by the first event of its session."""
    return AdaptationDecided(
        id="a", source="/api", subject=player, time=NOON,
        data=Adaptation(
            revision=revision, difficulty=-1.0, grade="II", pace=0.5, hint=hint, reward=reward, because="",
            evidence={}, policy="P2", arm="adaptive", expires=NOON + timedelta(hours=1), cause=Cause(session, 1, NOON),
        ),
    )  # fmt: skip
