"""Fakes of the ports: stores in memory that can be away."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from contract.adaptations import AdaptationDecided
from contract.codec import Unreadable, read_signal
from contract.signals import SignalUpdated
from engagement_api.policy.bandit import Posterior, learned
from engagement_api.record import Record
from engagement_api.scoreboard import Running, Tally
from engagement_api.state import State
from engagement_api.trial import Trial


class Store:
    """Something that is there, or is away."""

    away = False

    async def ping(self) -> None:
        """Answers, unless it is away."""
        if self.away:
            sentence = "away by order of the test"
            raise ConnectionError(sentence)


class FakePresent(Store):
    """The present, in a few dictionaries."""

    def __init__(self) -> None:
        self.known: dict[str, State] = {}
        self.newest: dict[str, AdaptationDecided] = {}
        self.left: dict[tuple[str, int], Record] = {}
        self.felt: dict[str, bytes] = {}
        self.turns = 0

    async def states(self, players: Sequence[str]) -> Mapping[str, State]:
        await self.ping()
        return {player: self.known[player] for player in players if player in self.known}

    async def tell(self, records: Sequence[Record]) -> None:
        await self.ping()
        for record in records:
            self.known[record.player] = record.state
            self.newest[record.player] = record.goal
            self.left[record.player, record.revision] = record

    async def unkept(self) -> list[Record]:
        await self.ping()
        return [*self.left.values()]

    async def kept(self, records: Sequence[Record]) -> None:
        await self.ping()
        for record in records:
            self.left.pop((record.player, record.revision), None)

    async def feel(self, beliefs: Mapping[str, bytes], now: datetime) -> None:  # noqa: ARG002 - nothing expires here
        await self.ping()
        self.felt.update(beliefs)

    async def players(self) -> list[SignalUpdated]:
        await self.ping()
        signals = [read_signal(raw) for raw in self.felt.values()]
        return [signal for signal in signals if not isinstance(signal, Unreadable)]

    async def signals(self, player: str) -> SignalUpdated | None:
        return next((signal for signal in await self.players() if signal.subject == player), None)

    async def goals(self, players: Sequence[str]) -> list[AdaptationDecided]:
        await self.ping()
        return [self.newest[player] for player in players if player in self.newest]

    async def turned(self) -> None:
        await self.ping()
        self.turns += 1


class FakePast(Store):
    """The history, in a dictionary."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, int], Record] = {}
        self.on = True
        self.trials: list[tuple[datetime, Trial | None]] = []
        self.counted: dict[str, Tally] = {}

    async def keep(self, records: Sequence[Record]) -> None:
        await self.ping()
        for record in records:
            self.rows.setdefault((record.player, record.revision), record)

    async def states(self, players: Sequence[str]) -> Mapping[str, State]:
        await self.ping()
        return {
            player: self.rows[max(key for key in self.rows if key[0] == player)].state for player in self._who(players)
        }

    def _who(self, players: Sequence[str]) -> set[str]:
        return {player for player, _ in self.rows} & set(players)

    async def decisions(self, player: str, limit: int) -> list[AdaptationDecided]:
        await self.ping()
        mine = sorted((key for key in self.rows if key[0] == player), reverse=True)
        return [self.rows[key].goal for key in mine[:limit]]

    async def posterior(self) -> Posterior:
        await self.ping()
        return learned(Posterior(), *(lesson for record in self.rows.values() for lesson in record.lessons))

    async def adapting(self) -> bool:
        await self.ping()
        return self.on

    async def turn(self, now: datetime, *, adapting: bool) -> None:  # noqa: ARG002 - only the newest turn is asked for
        await self.ping()
        self.on = adapting

    async def running(self) -> Running | None:
        await self.ping()
        trial = self.trials[-1][1] if self.trials else None
        return None if trial is None else Running(trial, min(at for at, started in self.trials if started == trial))

    async def trial(self, name: str) -> Trial | None:
        await self.ping()
        return next((trial for _, trial in self.trials if trial is not None and trial.name == name), None)

    async def run_this(self, now: datetime, trial: Trial | None) -> None:
        await self.ping()
        self.trials.append((now, trial))

    async def tallies(self, trial: str) -> Mapping[str, Tally]:  # noqa: ARG002 - one trial counts in these tests
        await self.ping()
        return self.counted


class FakeStream(Store):
    """The topic and the offsets, and in which order things were done."""

    def __init__(self, past: FakePast) -> None:
        self._past = past
        self.topic: list[Record] = []
        self.committed: dict[object, int] = {}
        self.too_early: list[int] = []
        """Offsets committed before as many rows were kept: every belief of these tests brings one."""

    async def publish(self, records: Sequence[Record]) -> None:
        await self.ping()
        self.topic.extend(records)

    async def commit(self, offsets: Mapping[object, int]) -> None:
        await self.ping()
        self.committed.update(offsets)
        self.too_early += [offset for offset in offsets.values() if len(self._past.rows) < offset]
