"""The loop with stores in memory: who is told, what is kept, and what a crash or an absence changes."""

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from contract.codec import encode, read_adaptation
from contract.signals import SignalUpdated
from engagement_api.followers import Followers, Reader
from engagement_api.judge import Rules
from engagement_api.keep import Keeper
from engagement_api.listen import Fetched, Listener
from engagement_api.meters import Meters
from tests.engagement_api.beliefs import NOON, belief, finished
from tests.engagement_api.stores import FakePast, FakePresent, FakeStream


class NoSource:
    """Beliefs are handed in by the test."""

    async def fetch(self) -> Fetched:
        """Never asked."""
        raise AssertionError


class Loop:
    """One process's loop around the given stores; another one around the same stores is the process after a crash."""

    def __init__(self, live: FakePresent, history: FakePast) -> None:
        self.live, self.history = live, history
        self.stream = FakeStream(history)
        self.meters = Meters()
        self.followers = Followers()
        self.keeper = Keeper(self.stream, live, history, self.meters)
        self.listener = Listener(
            NoSource(), live, history, self.keeper, self.followers, meters=self.meters, rules=Rules()
        )
        self.reader = Reader()
        self.offset = 0

    async def hear(self, *signals: SignalUpdated) -> None:
        """Each in a batch of its own, at the moment it is told."""
        for signal in signals:
            self.offset += 1
            await self.listener.hear(Fetched([encode(signal)], {"partition": self.offset}), signal.time)

    def follow(self, *players: str) -> None:
        """Somebody follows these."""
        self.followers.follow(self.reader, players)

    async def told(self) -> list[int]:
        """The revisions that the follower was given."""
        goals = [read_adaptation(frame.encode()) for frame in await self.reader.next_frames()]
        return [goal.data.revision for goal in goals]  # type: ignore[union-attr] # our own bytes

    async def start(self) -> "Loop":
        """The keeper works from here on, once it has looked for what a killed process left."""
        self.working = asyncio.create_task(self.keeper.run())
        await self.keeper.mended.wait()
        return self

    async def settle(self) -> None:
        """Let the keeper work until nothing waits, and end it."""
        await self.keeper.settle()
        self.working.cancel()
        await asyncio.gather(self.working, return_exceptions=True)


def metric(meters: Meters, line: str) -> bool:
    """Whether Prometheus would read this line."""
    return line in meters.exposed().decode().splitlines()


async def until(fact: Callable[[], object]) -> None:
    """Lets everything else go on until a fact holds."""
    async with asyncio.timeout(5):
        while not fact():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(asyncio.Event().wait(), 0.01)


async def test_who_follows_is_told_before_anything_is_kept() -> None:
    """The push does not wait for the history."""
    loop = Loop(FakePresent(), FakePast())
    loop.follow("p-followed")
    await loop.hear(belief(1), finished(1, cleared=False))
    assert await loop.told() == [1, 2]
    assert loop.history.rows == {}


async def test_offsets_are_committed_only_when_the_rows_are_kept() -> None:
    """At the commit both rows are in the history and on the topic, and Redis knows that they are."""
    loop = await Loop(FakePresent(), FakePast()).start()
    await loop.hear(belief(1), finished(1, cleared=False))
    await loop.settle()
    assert (loop.stream.committed, loop.stream.too_early) == ({"partition": 2}, [])
    assert [record.revision for record in loop.stream.topic] == [1, 2]
    assert loop.live.left == {}
    assert loop.live.felt.keys() == {"p-followed"}


async def test_of_more_beliefs_than_redis_is_given_at_once_the_longest_waiting_go_first() -> None:
    """A write takes 200: of 201 players the last one is felt by the next write."""
    writes: list[list[str]] = []

    class Present(FakePresent):
        async def feel(self, beliefs: Mapping[str, bytes], now: datetime) -> None:
            writes.append([*beliefs])
            await super().feel(beliefs, now)

    loop = Loop(Present(), FakePast())
    players = [f"p-{n:03d}" for n in range(201)]
    await loop.hear(*(belief(1, player=player) for player in players))
    await loop.start()
    await until(lambda: len(writes) == 2)
    await loop.settle()
    assert writes == [players[:200], players[200:]]


async def test_the_same_beliefs_again_decide_nothing_again() -> None:
    """A process that died before the commit hears the batch again: the next one knows it was judged."""
    live, history = FakePresent(), FakePast()
    first = Loop(live, history)
    await first.hear(belief(1), finished(1, cleared=False))
    second = await Loop(live, history).start()
    await second.hear(belief(1), finished(1, cleared=False))
    await second.settle()
    assert [record.revision for record in history.rows.values()] == [1, 2]
    assert [record.revision for record in second.stream.topic] == [1, 2]
    assert live.left == {}


async def test_the_same_beliefs_give_the_same_goals() -> None:
    """Two loops that never met decide alike, byte for byte."""
    goals = []
    for _ in range(2):
        loop = await Loop(FakePresent(), FakePast()).start()
        await loop.hear(belief(1), *(finished(n, cleared=n % 3 > 0, rapid=n) for n in range(1, 20)))
        await loop.settle()
        goals.append([encode(record.goal) for record in loop.stream.topic])
    assert goals[0] == goals[1]
    assert len(goals[0]) == 20


async def test_a_flushed_redis_is_no_new_player() -> None:
    """The state comes from the history; the next revision is the third."""
    history = FakePast()
    before = await Loop(FakePresent(), history).start()
    await before.hear(belief(1), finished(1, cleared=False))
    await before.settle()
    after = Loop(FakePresent(), history)
    after.follow("p-followed")
    await after.hear(finished(2, cleared=False))
    assert await after.told() == [3]


async def test_of_two_stores_the_one_that_knows_more_is_believed() -> None:
    """Redis was away for a while and is behind: the history's higher revision wins."""
    live, history = FakePresent(), FakePast()
    loop = await Loop(live, history).start()
    await loop.hear(belief(1))
    old = dict(live.known)
    await loop.hear(finished(1, cleared=False))
    await loop.settle()
    live.known = old
    restarted = Loop(live, history)
    restarted.follow("p-followed")
    await restarted.hear(finished(2, cleared=False))
    assert await restarted.told() == [3]


async def test_with_redis_away_players_are_told_and_redis_hears_of_it_later() -> None:
    """The missed goal is told to Redis as soon as it is back, without a new belief."""
    loop = Loop(FakePresent(), FakePast())
    loop.follow("p-followed")
    loop.live.away = True
    await loop.hear(belief(1))
    assert await loop.told() == [1]
    assert metric(loop.meters, 'whitewater_store_faults_total{store="redis"} 2.0')
    loop.live.away = False
    catching_up = asyncio.create_task(loop.listener.catch_up())
    await until(lambda: "p-followed" in loop.live.newest)
    catching_up.cancel()


async def test_with_sql_away_a_new_player_is_told_and_an_old_one_waits() -> None:
    """Whose rounds are all of this session is new; whoever paddled before must be looked up first."""
    loop = Loop(FakePresent(), FakePast())
    loop.follow("p-new", "p-old")
    loop.history.away = True
    await loop.hear(belief(1, player="p-new"), belief(1, player="p-old", rounds=9))
    assert await loop.told() == [1]
    loop.history.away = False
    await loop.hear(belief(2, player="p-old", rounds=9))
    assert await loop.told() == [1]


async def test_decisions_wait_for_the_history_and_nothing_is_committed_meanwhile() -> None:
    """With SQL away the goal is on the topic and the offset is not; with SQL back both are."""
    loop = await Loop(FakePresent(), FakePast()).start()
    loop.history.away = True
    await loop.hear(belief(1))
    await until(lambda: loop.stream.topic)
    await until(lambda: metric(loop.meters, 'whitewater_store_faults_total{store="sql"} 2.0'))
    assert loop.stream.committed == {}
    assert metric(loop.meters, "whitewater_rows_waiting 1.0")
    loop.history.away = False
    await loop.settle()
    assert loop.stream.committed == {"partition": 1}
    assert len(loop.history.rows) == 1


async def test_what_is_no_belief_is_counted_and_harms_nobody() -> None:
    """Bytes that mean nothing stand between two beliefs; both are heard."""
    loop = Loop(FakePresent(), FakePast())
    loop.follow("p-followed")
    raw: Sequence[bytes] = [encode(belief(1)), b"\xff{", encode(finished(1, cleared=True, at_s=0.0))]
    await loop.listener.hear(Fetched(raw, {"partition": 3}), NOON)
    assert await loop.told() == [1, 2]
    assert metric(loop.meters, "whitewater_unreadable_total 1.0")


async def test_every_rail_that_bites_is_counted() -> None:
    """Three clear runs of a strong paddler ask for more than a round may give, the third for more than a session."""
    loop = Loop(FakePresent(), FakePast())
    await loop.hear(belief(1), *(finished(n, cleared=True, skill=2.0) for n in range(6, 9)))
    assert metric(loop.meters, 'whitewater_guardrail_total{rail="round_step"} 3.0')
    assert metric(loop.meters, 'whitewater_guardrail_total{rail="session_sum"} 1.0')
    assert metric(loop.meters, 'whitewater_guardrail_total{rail="hint_gap"} 0.0')
