"""Fakes of the ports: stores in memory that can be away, and the parts of an application around them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from litestar.testing import TestClient

from contract.adaptations import AdaptationDecided
from contract.codec import Unreadable, encode, read_signal
from contract.signals import SignalUpdated
from engagement_api.access import Guarding
from engagement_api.app import Parts
from engagement_api.followers import Followers
from engagement_api.gate_routes import Gate
from engagement_api.judge import Rules
from engagement_api.meters import Meters
from engagement_api.onlookers import Onlookers
from engagement_api.policy.bandit import Posterior, learned
from engagement_api.readiness import Readiness, look
from engagement_api.record import Record
from engagement_api.river import River
from engagement_api.scoreboard import Running, Tally
from engagement_api.state import State
from engagement_api.trial import Trial
from engagement_api.trials import Trials
from tests.engagement_api.afar import FakePost, Unhurried
from tests.engagement_api.beliefs import belief, finished, judged
from tests.producers.told import NOON

Client = TestClient  # type: ignore[type-arg] # any application


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
        self.asked: Callable[[], None] = lambda: None
        """What happens while somebody's state is looked up."""

    async def states(self, players: Sequence[str]) -> Mapping[str, State]:
        await self.ping()
        self.asked()
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

    async def forget(self, player: str) -> None:
        await self.ping()
        for of_player in (self.known, self.newest, self.felt):
            of_player.pop(player, None)  # type: ignore[attr-defined] # each is a dictionary by player
        self.left = {key: record for key, record in self.left.items() if key[0] != player}

    async def held(self, player: str) -> Mapping[str, Sequence[object]]:
        await self.ping()
        return {"goal": [self.newest[player].id]} if player in self.newest else {}

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
        self.boats: dict[str, str] = {}

    async def claim(self, player: str, key: str, now: datetime) -> bool:  # noqa: ARG002 - nobody asks since when
        await self.ping()
        return self.boats.setdefault(player, key) == key

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

    async def forget(self, player: str) -> None:
        await self.ping()
        self.rows = {key: record for key, record in self.rows.items() if key[0] != player}

    async def held(self, player: str) -> Mapping[str, Sequence[object]]:
        await self.ping()
        rows = [record.goal.id for key, record in self.rows.items() if key[0] == player]
        return {"decisions": rows} if rows else {}

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
        self.buried: list[str] = []
        self.committed: dict[object, int] = {}
        self.too_early: list[int] = []
        """Offsets committed before as many rows were kept: every belief of these tests brings one."""

    async def publish(self, records: Sequence[Record]) -> None:
        await self.ping()
        self.topic.extend(records)

    async def bury(self, player: str) -> None:
        await self.ping()
        self.buried.append(player)

    async def commit(self, offsets: Mapping[object, int]) -> None:
        await self.ping()
        self.committed.update(offsets)
        self.too_early += [offset for offset in offsets.values() if len(self._past.rows) < offset]


class NoChannels:
    """No other process."""

    async def follow(self, players: list[str]) -> None:
        """Nothing to do."""

    async def unfollow(self, players: list[str]) -> None:
        """Nothing to do."""


class Ruled:
    """As much of a listener as the follower of the trial looks at."""

    rules = Rules()


class Stores:
    """A present and a past in which one player lost one round."""

    def __init__(self) -> None:
        self.live, self.history, self.followers, self.meters = FakePresent(), FakePast(), Followers(), Meters()
        signal = finished(1, cleared=False, player="p-1")
        verdicts = judged(State(), belief(1, player="p-1"), signal)
        for record in (Record(verdict.goal, verdict.state) for verdict in verdicts if verdict.goal is not None):
            self.history.rows[record.player, record.revision] = record
            self.live.newest[record.player] = record.goal
        self.live.felt["p-1"] = encode(signal)
        self.listener, self.post, self.rates = Ruled(), FakePost(), Unhurried()
        self.trials = Trials(self.history, self.live, self.listener)  # type: ignore[arg-type] # its rules are all that is used

    async def readiness(self) -> Readiness:
        return await look({"redis": self.live.ping, "sql": self.history.ping}, [0, 1], "The graph is that of nobody.")

    async def turn(self, on: bool) -> None:  # noqa: FBT001 - a switch is on or off
        await self.history.ping()
        self.history.on = on

    def parts(self, guarding: Guarding | None = None) -> Parts:
        """What the routes need."""
        river = River(self.followers, NoChannels(), self.live, self.meters, guarding)  # type: ignore[arg-type] # the two methods used
        return Parts(
            self.live, self.history, river, Onlookers(), self.meters, self.readiness, lambda: self.history.on,
            self.turn, "stream.example:9092", self.trials, gate=Gate(self.post, self.history, self.rates, lambda: NOON),
        )  # fmt: skip
