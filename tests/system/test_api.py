"""The engagement API on real Kafka, Redis and SQL: told before it is kept, kept before it is acknowledged."""

import asyncio
import json
import socket
from pathlib import Path

import httpx
import pytest
from redis.asyncio import Redis
from websockets.asyncio.client import connect

from infra.local import health
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


async def test_a_lost_round_reaches_the_player_and_is_kept_everywhere(
    kafka: str, environment: dict[str, str], tmp_path: Path
) -> None:
    """One belief in: one frame on the WebSocket, one row, one message on the topic, all the same goal."""
    with outside.running(tmp_path, environment) as api:
        async with connect(api.river) as river, outside.speaking(kafka) as producer:
            await river.send(json.dumps({"follow": ["p-everywhere"]}))
            await outside.say(producer, outside.lost("p-everywhere", 7, 1))
            goal = json.loads(await asyncio.wait_for(river.recv(), 10))
        assert goal["data"]["revision"] == 1
        rows = outside.until(lambda: httpx.get(api.url + "/v1/players/p-everywhere/decisions").json(), 10, api)
        assert rows == [goal]
        assert [kept.id for kept in await outside.published(kafka, "p-everywhere")] == [goal["id"]]
        assert api.stop() == 0


async def test_the_present_goal_comes_at_once_to_whoever_comes_back(
    kafka: str, environment: dict[str, str], tmp_path: Path
) -> None:
    """A game that lost its connection hears the newest goal before anything new happens."""
    with outside.running(tmp_path, environment) as api:
        async with outside.speaking(kafka) as producer:
            await outside.say(producer, outside.lost("p-back", 7, 1), outside.lost("p-back", 9, 2))
        outside.until(lambda: len(httpx.get(api.url + "/v1/players/p-back/decisions").json()) == 2, 10, api)
        for _ in range(2):
            async with connect(api.river) as river:
                await river.send(json.dumps({"follow": ["p-back"]}))
                assert json.loads(await asyncio.wait_for(river.recv(), 5))["data"]["revision"] == 2


async def test_the_goal_finds_the_process_that_holds_the_player(
    kafka: str, environment: dict[str, str], tmp_path: Path
) -> None:
    """Of two APIs one decides; the player's socket is on the other for half of the players, and all are told once."""
    players = [f"p-two-{number}" for number in range(24)]
    with outside.running(tmp_path, environment) as one, outside.running(tmp_path, environment) as two:
        shared = lambda: [len(httpx.get(api.url + "/ready").json()["partitions"]) for api in (one, two)]  # noqa: E731 - asked again and again
        outside.until(lambda: sum(shared()) == 8 and 0 not in shared(), 30, two)
        for api in (one, two):
            async with connect(api.river) as river, outside.speaking(kafka) as producer:
                await river.send(json.dumps({"follow": players}))
                sequence = 10 if api is one else 20
                await asyncio.sleep(0.3)
                await outside.say(producer, *(outside.lost(player, sequence, sequence // 10) for player in players))
                goals = [json.loads(await asyncio.wait_for(river.recv(), 10)) for _ in players]
                while {goal["data"]["cause"]["sequence"] for goal in goals} != {sequence}:
                    goals = [*goals[1:], json.loads(await asyncio.wait_for(river.recv(), 10))]
                assert sorted(goal["subject"] for goal in goals) == sorted(players)
        decided = [httpx.get(api.url + "/metrics").text for api in (one, two)]
        assert all('whitewater_decisions_total{arm="adaptive",policy="P2"}' in text for text in decided)


async def test_an_api_killed_in_the_middle_decides_nothing_twice_and_loses_nothing(
    kafka: str, environment: dict[str, str], tmp_path: Path
) -> None:
    """Kill -9 under 600 beliefs: afterwards every player has every revision once, in history and on the topic."""
    players = [f"p-killed-{number}" for number in range(20)]
    with outside.running(tmp_path, environment) as api:
        async with outside.speaking(kafka) as producer:
            for sequence in range(1, 31):
                await outside.say(producer, *(outside.lost(player, sequence, sequence) for player in players))
                if sequence == 15:
                    api.kill()
    with outside.running(tmp_path, environment) as api:
        newest = lambda player: httpx.get(f"{api.url}/v1/players/{player}/decisions?limit=1000").json()  # noqa: E731 - asked again and again
        heard = lambda: [newest(player)[:1] for player in players]  # noqa: E731 - asked again and again
        outside.until(lambda: all(goal and goal[0]["data"]["cause"]["sequence"] == 30 for goal in heard()), 30, api)
        for player in players:
            goals = newest(player)
            assert [goal["data"]["revision"] for goal in goals] == [*range(len(goals), 0, -1)]
            sequences = [goal["data"]["cause"]["sequence"] for goal in goals]
            assert sequences == sorted(set(sequences), reverse=True)
        on_topic = await outside.published(kafka, players[0])
        kept = {goal["data"]["revision"]: goal["data"]["difficulty"] for goal in newest(players[0])}
        assert {goal.data.revision: goal.data.difficulty for goal in on_topic} == kept


async def test_a_flushed_redis_is_filled_again_from_the_history(
    kafka: str, redis_url: str, environment: dict[str, str], tmp_path: Path
) -> None:
    """Everything in Redis is gone and the API restarts: the next goal has the next revision."""
    async with outside.speaking(kafka) as producer:
        with outside.running(tmp_path, environment) as api:
            await outside.say(producer, outside.lost("p-flushed", 1, 1))
            outside.until(lambda: httpx.get(api.url + "/v1/players/p-flushed/decisions").json(), 10, api)
        async with Redis.from_url(redis_url) as redis:
            await redis.flushall()
        with outside.running(tmp_path, environment) as api:
            await outside.say(producer, outside.lost("p-flushed", 2, 2))
            goals = lambda: httpx.get(api.url + "/v1/players/p-flushed/decisions").json()  # noqa: E731 - asked again and again
            outside.until(lambda: len(goals()) == 2, 10, api)
            assert [goal["data"]["revision"] for goal in goals()] == [2, 1]
            assert goals()[0]["data"]["evidence"]["rounds"] == 2.0


async def test_a_reader_that_does_not_read_is_cut_and_harms_nobody(
    kafka: str, environment: dict[str, str], tmp_path: Path
) -> None:
    """One socket sleeps while 6,000 goals come; it is cut, and another reader of the same player hears the last one."""
    with outside.running(tmp_path, environment) as api:
        sleeper = socket_that_sleeps(api, "p-busy")
        async with connect(api.river) as river, outside.speaking(kafka) as producer:
            await river.send(json.dumps({"follow": ["p-busy"]}))
            last = 0
            for start in range(1, 6_001, 100):
                paces = ("relax", "build_up")
                beliefs = [outside.belief("p-busy", n, pace_state=paces[n % 2]) for n in range(start, start + 100)]
                await outside.say(producer, *beliefs)
                while last < start + 99:
                    last = json.loads(await asyncio.wait_for(river.recv(), 10))["data"]["cause"]["sequence"]
            assert last == 6_000
        outside.until(lambda: "whitewater_readers_cut_total 1.0" in httpx.get(api.url + "/metrics").text, 10, api)
        sleeper.close()


def socket_that_sleeps(api: outside.Api, player: str) -> socket.socket:
    """A WebSocket client in small letters: it shakes hands, follows a player, and never reads again."""
    host, port = api.url.removeprefix("http://").split(":")
    raw = socket.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    raw.connect((host, int(port)))
    lines = ["GET /v1/river HTTP/1.1", f"Host: {host}:{port}", "Upgrade: websocket", "Connection: Upgrade"]
    raw.sendall("\r\n".join([*lines, f"Sec-WebSocket-Key: {'A' * 22}==", "Sec-WebSocket-Version: 13", "", ""]).encode())
    while b"\r\n\r\n" not in raw.recv(4096):
        continue
    text = json.dumps({"follow": [player]}).encode()
    raw.sendall(bytes([0x81, 0x80 | len(text), 0, 0, 0, 0]) + text)  # a final text frame, masked with four zeros
    return raw


async def test_readiness_says_which_dependency_is_away(kafka: str, environment: dict[str, str], tmp_path: Path) -> None:
    """Without Redis: 503, Redis by name, and the others are well; the players' goals go on."""
    nowhere = {**environment, "WHITEWATER_REDIS": f"redis://127.0.0.1:{health.any_free_port()}/0"}
    api = outside.start(tmp_path, nowhere, ready=False)
    try:
        dependencies = outside.until(lambda: outside.readiness(api), 20, api)
        outside.until(lambda: outside.readiness(api)["dependencies"]["kafka"]["ready"], 20, api)
        dependencies = outside.readiness(api)["dependencies"]
        assert {name: answer["ready"] for name, answer in dependencies.items()} == {
            "kafka": True,
            "redis": False,
            "sql": True,
        }
        assert httpx.get(api.url + "/ready").status_code == 503
        assert httpx.get(api.url + "/v1/players").status_code == 503
        async with connect(api.river) as river, outside.speaking(kafka) as producer:
            await river.send(json.dumps({"follow": ["p-no-redis"]}))
            await asyncio.sleep(0.5)
            await outside.say(producer, outside.lost("p-no-redis", 1, 1))
            assert json.loads(await asyncio.wait_for(river.recv(), 15))["data"]["revision"] == 1
    finally:
        api.process.kill()
        api.process.wait()
