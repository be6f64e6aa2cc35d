"""The loop: beliefs come in, the river is told. Everything on this short path costs a player time.

For each fetched batch: read the states that are not in memory (one MGET), judge every belief in order, write what was
decided to Redis (one pipeline), push it to the sockets of this process. Topic, history and offsets follow in `keep`.

States stay in memory while this process owns the player's partition, and are forgotten when partitions move. With Redis
away the loop goes on from memory and the history; what Redis missed is told to it again when it is back.

A player who is to be forgotten stands between beliefs, and has its turn there: everything heard before is settled, the
player leaves every store, and only then the loop goes on. It waits for each store meanwhile, or what it hears next
could be judged by what should be forgotten.
"""

import asyncio
import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Final, Protocol

from msgspec import Struct

from contract.codec import Unreadable, encode, read_signal
from contract.signals import SignalUpdated
from engagement_api.followers import Followers
from engagement_api.judge import Rules, judge
from engagement_api.keep import Batch, Keeper
from engagement_api.meters import Meters
from engagement_api.ports import AWAY, Past, Present
from engagement_api.record import Record
from engagement_api.state import State

AGAIN_S: Final = 1.0
"""How long Redis is left in peace after it did not answer: its time-out is on the short path."""
log = logging.getLogger(__name__)


class Forget(Struct, frozen=True):
    """The word that a player is to be forgotten."""

    player: str


class Fetched(Struct, frozen=True):
    """One fetched batch: the messages in order per player, and the offset behind the last one of each partition."""

    messages: Sequence[bytes | Forget]
    offsets: Mapping[object, int]


class Source(Protocol):
    """Where beliefs come from."""

    async def fetch(self) -> Fetched:
        """The next messages, as soon as there are any."""
        ...


class Listener:
    """The loop of one process, and the states of the players it owns."""

    def __init__(
        self,
        source: Source,
        live: Present,
        history: Past,
        keeper: Keeper,
        followers: Followers,
        *,
        meters: Meters,
        rules: Rules,
    ) -> None:
        self._source = source
        self._live = live
        self._history = history
        self._keeper = keeper
        self._followers = followers
        self._meters = meters
        self.rules = rules
        self._states: dict[str, State] = {}
        self._missed: dict[str, Record] = {}
        self._live_again = 0.0
        self._presenting = asyncio.Lock()

    def forget(self) -> None:
        """Partitions moved: somebody else may decide for these players now. A batch under way keeps what it knew."""
        self._states = {}

    async def run(self) -> None:
        """Listen for ever."""
        while True:
            fetched = await self._source.fetch()
            await self.hear(fetched, datetime.now(UTC))

    async def catch_up(self) -> None:
        """Tell Redis, when it is back, what it missed; it may be long until the next goal would."""
        while True:
            await asyncio.sleep(AGAIN_S)
            await self._make_present([])

    async def hear(self, fetched: Fetched, now: datetime) -> None:
        """One batch: judged, told, and handed to the keeper."""
        last: Batch | None = None
        for part in _parts(fetched.messages):
            if last is not None:
                await self._keeper.put(last)
            last = await self._forget(part, now) if isinstance(part, Forget) else await self._hear(part, now)
        records, beliefs = (last.records, last.beliefs) if last else ([], {})
        await self._keeper.put(Batch(records, beliefs, fetched.offsets, now))

    async def _hear(self, messages: Sequence[bytes], now: datetime) -> Batch:
        signals, states = self._read(messages), self._states
        await self._remember(signals, states)
        records = self._judge(signals, states, now)
        if records:
            await self._tell(records)
        return Batch(records, {signal.subject: raw for signal, raw in signals}, {}, now)

    async def _forget(self, word: Forget, now: datetime) -> Batch:
        async with self._presenting:
            self.forget_one(word.player)
        await self._keeper.forget(word.player)
        return Batch([], {}, {}, now)

    def forget_one(self, player: str) -> None:
        """This player is nobody any more: not in memory, and not to whoever follows."""
        self._states.pop(player, None)
        self._missed.pop(player, None)
        self._followers.begin_anew(player)

    def _read(self, messages: Sequence[bytes]) -> list[tuple[SignalUpdated, bytes]]:
        signals = []
        for raw in messages:
            signal = read_signal(raw)
            if isinstance(signal, Unreadable):
                self._meters.unreadable.inc()
                log.warning("A message on the signals topic is no belief: %s", signal.detail)
            else:
                signals.append((signal, raw))
        self._meters.signals.inc(len(signals))
        return signals

    async def _remember(self, signals: Sequence[tuple[SignalUpdated, bytes]], states: dict[str, State]) -> None:
        """Have a state for everybody in the batch who may be judged."""
        strangers = [*{signal.subject for signal, _ in signals} - states.keys()]
        while strangers:
            if await self._look_up(strangers, signals, states):
                return
            await asyncio.sleep(AGAIN_S)

    async def _look_up(
        self, strangers: list[str], signals: Sequence[tuple[SignalUpdated, bytes]], states: dict[str, State]
    ) -> bool:
        """Ask both stores, the higher revision wins: whichever was away for a while is behind."""
        answers: dict[str, Mapping[str, State]] = {}
        for name, store in (("redis", self._live), ("sql", self._history)):
            try:
                answers[name] = await store.states(strangers)
            except AWAY as fault:
                self._meters.faults.labels(name).inc()
                log.warning("%s did not say how %s players stand: %s", name, len(strangers), fault)
        for player in strangers:
            found = [known[player] for known in answers.values() if player in known]
            if found:
                states[player] = max(found, key=lambda state: state.revision)
            elif "sql" in answers or _is_new(player, signals):
                states[player] = State()
        return bool(answers)

    def _judge(
        self, signals: Sequence[tuple[SignalUpdated, bytes]], states: dict[str, State], now: datetime
    ) -> list[Record]:
        records = []
        for signal, _ in signals:
            state = states.get(signal.subject)
            if state is None:
                continue
            verdict = judge(signal, state, self.rules, now)
            self._meters.tripped(verdict.rails)
            if verdict.goal is not None:
                states[signal.subject] = verdict.state
                records.append(Record(verdict.goal, verdict.state, signal.playerkind, verdict.lessons))
                self._meters.decisions.labels(verdict.goal.data.policy, verdict.goal.data.arm).inc()
        return records

    async def _tell(self, records: list[Record]) -> None:
        await self._make_present(records)
        for record in records:
            self._followers.tell(record.player, record.revision, encode(record.goal).decode())
            cause = record.goal.data.cause.time
            self._meters.latency.observe(max((datetime.now(UTC) - cause).total_seconds(), 0.0))

    async def _make_present(self, records: list[Record]) -> None:
        clock = asyncio.get_running_loop().time
        async with self._presenting:
            due = [*self._missed.values(), *records]
            self._missed |= {record.player: record for record in records}
            if not due or clock() < self._live_again:
                return
            try:
                await self._live.tell(due)
            except AWAY as fault:
                self._live_again = clock() + AGAIN_S
                self._meters.faults.labels("redis").inc()
                log.warning("Redis did not take %s goals (%s); players are told all the same.", len(due), fault)
            else:
                self._missed = {}


def _parts(messages: Sequence[bytes | Forget]) -> Iterator[Sequence[bytes] | Forget]:
    """The beliefs up to a word, the word, the beliefs after it."""
    for words, run in groupby(messages, lambda message: isinstance(message, Forget)):
        if words:
            yield from (each for each in run if isinstance(each, Forget))
        else:
            yield [each for each in run if isinstance(each, bytes)]


def _is_new(player: str, signals: Sequence[tuple[SignalUpdated, bytes]]) -> bool:
    """Everything this player ever finished was in this session: with SQL away there is nothing to look up."""
    return all(signal.data.rounds == signal.data.session_rounds for signal, _ in signals if signal.subject == player)
