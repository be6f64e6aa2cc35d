"""The engagement API on real Kafka, Redis and SQL: told before it is kept, kept before it is acknowledged."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from redis.asyncio import Redis
from websockets.asyncio.client import ClientConnection, connect

from tests.system import api_process as outside

pytestmark = pytest.mark.system


@pytest.fixture(name="environment")
def _environment(kafka: str, redis_url: str, tmp_path: Path) -> dict[str, str]:
    """Where everything is, with a SQLite file of this test's own."""
    return {
        "WHITEWATER_KAFKA": kafka,
        "WHITEWATER_REDIS": redis_url,
        "DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path / 'history.db'}",
    }


@pytest.fixture(name="api")
def _api(environment: dict[str, str], tmp_path: Path) -> Iterator[outside.Api]:
    """A running API."""
    with outside.running(tmp_path, environment) as api:
        yield api


async def follow(river: ClientConnection, *players: str) -> None:
    """Ask to hear of these players."""
    await river.send(json.dumps({"follow": players}))


async def hear(river: ClientConnection, within_s: float = 10) -> outside.Goal:
    """The next goal."""
    return json.loads(await asyncio.wait_for(river.recv(), within_s))  # type: ignore[no-any-return] # JSON


async def test_a_lost_round_reaches_the_player_and_is_kept_everywhere(kafka: str, api: outside.Api) -> None:
    """One belief in: one frame on the WebSocket, one row, one message on the topic, all the same goal."""
    async with connect(api.river) as river, outside.speaking(kafka) as producer:
        await follow(river, "p-everywhere")
        await outside.say(producer, outside.lost("p-everywhere", 7, 1))
        goal = await hear(river)
    assert goal["data"]["revision"] == 1
    assert outside.until(lambda: api.decisions("p-everywhere"), 10, api) == [goal]
    assert [kept.id for kept in await outside.published(kafka, "p-everywhere")] == [goal["id"]]
    assert api.stop() == 0


async def test_the_present_goal_comes_at_once_to_whoever_comes_back(kafka: str, api: outside.Api) -> None:
    """A game that lost its connection hears the newest goal before anything new happens."""
    async with outside.speaking(kafka) as producer:
        await outside.say(producer, outside.lost("p-back", 7, 1), outside.lost("p-back", 9, 2))
    outside.until(lambda: len(api.decisions("p-back")) == 2, 10, api)
    for _ in range(2):
        async with connect(api.river) as river:
            await follow(river, "p-back")
            assert (await hear(river))["data"]["revision"] == 2


async def test_the_goal_finds_the_process_that_holds_the_player(
    kafka: str, environment: dict[str, str], tmp_path: Path
) -> None:
    """Two APIs share the partitions; wherever the sockets are, everybody hears of every goal."""
    players = [f"p-two-{number}" for number in range(24)]
    with outside.running(tmp_path, environment) as one, outside.running(tmp_path, environment) as two:

        def shared() -> bool:
            owned = [len(outside.readiness(api)["partitions"]) for api in (one, two)]
            return sum(owned) == 8 and 0 not in owned

        outside.until(shared, 30, two)
        for round_, api in enumerate((one, two), start=1):
            async with connect(api.river) as river, outside.speaking(kafka) as producer:
                await follow(river, *players)
                await outside.say(producer, *(outside.lost(player, 10 * round_, round_) for player in players))
                waiting = set(players)
                while waiting:
                    goal = await hear(river)
                    if goal["data"]["revision"] == round_:
                        waiting.discard(goal["subject"])
        assert all('decisions_total{arm="adaptive",policy="P2"}' in api.metrics() for api in (one, two))


async def test_an_api_killed_in_the_middle_decides_nothing_twice_and_loses_nothing(
    kafka: str, environment: dict[str, str], tmp_path: Path
) -> None:
    """Kill -9 under 600 beliefs: then every player has every revision once, in the history and on the topic."""
    players = [f"p-killed-{number}" for number in range(20)]
    with outside.running(tmp_path, environment) as api:
        async with outside.speaking(kafka) as producer:
            for sequence in range(1, 31):
                await outside.say(producer, *(outside.lost(player, sequence, sequence) for player in players))
                if sequence == 15:
                    api.kill()
    with outside.running(tmp_path, environment) as api:
        async with outside.speaking(kafka) as producer:  # what waited may be stale by now; the next belief is not
            await outside.say(producer, *(outside.lost(player, 31, 31) for player in players))
        outside.until(lambda: all(api.newest_cause(player) == 31 for player in players), 30, api)
        for player in players:
            goals = api.decisions(player)
            assert [goal["data"]["revision"] for goal in goals] == [*range(len(goals), 0, -1)]
            sequences = [goal["data"]["cause"]["sequence"] for goal in goals]
            assert sequences == sorted(set(sequences), reverse=True)
        on_topic = {goal.data.revision: goal.data.difficulty for goal in await outside.published(kafka, players[0])}
        assert on_topic == {goal["data"]["revision"]: goal["data"]["difficulty"] for goal in api.decisions(players[0])}


async def test_a_flushed_redis_is_filled_again_from_the_history(
    kafka: str, redis_url: str, environment: dict[str, str], tmp_path: Path
) -> None:
    """Everything in Redis is gone and the API restarts: the next goal has the next revision."""
    async with outside.speaking(kafka) as producer:
        with outside.running(tmp_path, environment) as api:
            await outside.say(producer, outside.lost("p-flushed", 1, 1))
            outside.until(lambda: api.newest_cause("p-flushed") == 1, 10, api)
        async with Redis.from_url(redis_url) as redis:
            await redis.flushall()
        with outside.running(tmp_path, environment) as api:
            await outside.say(producer, outside.lost("p-flushed", 2, 2))
            outside.until(lambda: api.newest_cause("p-flushed") == 2, 10, api)
            assert [goal["data"]["revision"] for goal in api.decisions("p-flushed")] == [2, 1]


async def test_a_reader_that_does_not_read_is_cut_and_harms_nobody(kafka: str, api: outside.Api) -> None:
    """One socket sleeps while 2,000 goals come; it is cut, and another reader of the same player hears them all."""
    paces = ("relax", "build_up")
    with closing(outside.sleeping_reader(api, "p-busy")):
        async with connect(api.river) as river, outside.speaking(kafka) as producer:
            await follow(river, "p-busy")
            heard = []
            for start in range(1, 2_001, 100):
                beliefs = [outside.belief("p-busy", n, pace_state=paces[n % 2]) for n in range(start, start + 100)]
                await outside.say(producer, *beliefs)
                heard += [(await hear(river))["data"]["cause"]["sequence"] for _ in beliefs]
        assert heard == [*range(1, 2_001)]
        outside.until(lambda: "whitewater_readers_cut_total 1.0" in api.metrics(), 15, api)


async def test_a_client_that_asks_for_too_much_is_told_why(api: outside.Api) -> None:
    """5,001 players, words unknown, and a page of another origin: each refused, each with its reason."""
    for words in ({"follow": [f"p-{n}" for n in range(5_001)]}, {"please": ["p-1"]}, {"follow": [7]}):
        async with connect(api.river) as river:
            await river.send(json.dumps(words))
            await asyncio.wait_for(river.wait_closed(), 5)
            assert river.close_code == 1008
            assert river.close_reason
    with pytest.raises(Exception, match="403"):
        await connect(api.river, origin="https://elsewhere.example")  # type: ignore[arg-type] # a plain str is one


async def test_the_switch_reaches_every_process(kafka: str, environment: dict[str, str], tmp_path: Path) -> None:
    """Turned off at one API, it is off at the other, and after a restart; then a loss changes nothing."""
    with outside.running(tmp_path, environment) as one, outside.running(tmp_path, environment) as two:
        assert one.turn(on=False) == {"on": False}
        outside.until(lambda: httpx.get(two.url + "/v1/adaptation").json() == {"on": False}, 5, two)
    with outside.running(tmp_path, environment) as api:
        async with connect(api.river) as river, outside.speaking(kafka) as producer:
            await follow(river, "p-switch")
            await outside.say(producer, outside.lost("p-switch", 1, 1))
            goal = (await hear(river))["data"]
        assert (goal["policy"], goal["difficulty"]) == ("P0", -1.6)
        assert api.turn(on=True) == {"on": True}
