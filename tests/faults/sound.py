"""A small run in which every promise was kept, made by the hearts in memory; a test breaks one thing in it."""

from datetime import timedelta
from typing import Final

from contract.adaptations import AdaptationDecided
from contract.codec import Unreadable, encode, read_failure, read_signal
from contract.events import Event, Fact, SessionStarted
from contract.failures import EventFailed
from contract.signals import SignalUpdated
from engagement_api.judge import Rules, judge
from engagement_api.state import State
from faults.checker import check
from faults.evidence import Evidence, Process, Record
from faults.history import Entry, Followed, Frame, History, Op
from faults.plan import Plan, Step
from faults.verdict import Violation
from processors.partition import Partition
from tests.processors.river import START, event, started, stroke, swamped

ALDER: Final = ("p-alder", "s-alder")
BIRCH: Final = ("p-birch", "s-birch")
PLAN: Final = Plan(fault="worker-killed", seed=1, steps=(Step(1.0, "kill", "worker"),))
EVENTS: Final = 6
"""Of each of the two players: a session, two rounds, and a stroke."""


def facts() -> list[tuple[float, Fact]]:
    """What each of them did."""
    begun = SessionStarted("linux", "bot", "1", True, None)  # noqa: FBT003 - a fact by position
    return [
        (0.0, begun),
        (1.0, started()),
        (9.0, swamped()),
        (10.0, started(1, 2)),
        (19.0, swamped(1, 2)),
        (20.0, stroke()),
    ]


def played() -> list[Event]:
    """Both of them, in turns."""
    return [
        event(fact, number, at_s, session=session, player=player)
        for number, (at_s, fact) in enumerate(facts(), start=1)
        for player, session in (ALDER, BIRCH)
    ]


def lain(values: list[tuple[str, bytes]]) -> list[Record]:
    """A log of one partition: a message a second."""
    since_s = START.timestamp()
    return [Record(0, at, key.encode(), value, since_s + at) for at, (key, value) in enumerate(values)]


def log() -> list[Record]:
    """Everything they said, and one message that is none."""
    return lain([(each.subject, encode(each)) for each in played()] + [(ALDER[0], b"{half a mess")])


def evidence(records: list[Record] | None = None) -> Evidence:
    """What is found when nothing went wrong with `records`."""
    records = log() if records is None else records
    partition, found = Partition(0, lambda _: None), _Found()
    for record in records:
        taken = partition.take([record], START + timedelta(seconds=record.at_s - START.timestamp()))
        for _, refusal in taken.refused:
            found.refuse(refusal)
        for _, belief in (*taken.beliefs, *partition.untold(None, START + timedelta(seconds=30))):
            found.hear(belief or b"")
    rows = {player: [goal for _, goal in found.goals if goal.subject == player][::-1] for player, _ in (ALDER, BIRCH)}
    return Evidence(
        log=records,
        state={key.decode(): raw for key, raw in partition.snapshots() if raw is not None},
        failed=found.failed,
        beliefs=found.beliefs,
        goals=found.goals,
        history=rows,
        live={player: goals[0] for player, goals in rows.items()},
        players=frozenset(rows),
        parts={"worker": Process(80.0, 70.0), "kafka": Process(700.0, 600.0)},
        longest_emit_s=0.001,
        recovered_s=2.0,
    )


def history(found: Evidence, *more: Entry) -> History:
    """What clients saw of it: everything acknowledged, and each reader told of the one they asked for."""
    ops = [Op(kind, 0.0, each.sessionid, each.sequence) for each in played() for kind in ("invoke", "ok")]
    asked = [Followed(0, ALDER[:1]), Followed(1, BIRCH[:1])]
    frames = [Frame(1.0, int(goal.subject == BIRCH[0]), encode(goal).decode()) for _, goal in found.goals]
    return History([*ops, *asked, *frames, *more])


def broken(found: Evidence, *more: Entry, plan: Plan = PLAN, seen: History | None = None) -> list[Violation]:
    """Every promise that the checker finds broken."""
    return list(check(plan, history(found, *more) if seen is None else seen, found).violations)


class _Found:
    """What the parts say while the log is folded."""

    def __init__(self) -> None:
        self.beliefs: list[tuple[Record, SignalUpdated]] = []
        self.goals: list[tuple[Record, AdaptationDecided]] = []
        self.failed: list[EventFailed] = []
        self._states: dict[str, State] = {}

    def refuse(self, raw: bytes) -> None:
        failed = read_failure(raw)
        assert not isinstance(failed, Unreadable)
        self.failed.append(failed)

    def hear(self, raw: bytes) -> None:
        belief = read_signal(raw)
        assert not isinstance(belief, Unreadable)
        self.beliefs.append((_record(len(self.beliefs), belief.subject, raw), belief))
        moment = belief.time + timedelta(seconds=0.1)
        verdict = judge(belief, self._states.get(belief.subject, State()), Rules(), moment)
        if verdict.goal is not None:
            self._states[belief.subject] = verdict.state
            self.goals.append((_record(len(self.goals), belief.subject, b""), verdict.goal))


def _record(offset: int, player: str, raw: bytes) -> Record:
    return Record(0, offset, player.encode(), raw, START.timestamp() + offset)
