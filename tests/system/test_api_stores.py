"""The engagement API while its stores come and go: it says which is away, goes on, and recovers by itself."""

import asyncio
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.asyncio.client import connect

from infra.local import health, redis
from tests.system import api_process as outside
from tests.system import postgres

pytestmark = pytest.mark.system


class OwnRedis:
    """A Redis of one test's own, on one port, that can be stopped and started."""

    def __init__(self, folder: Path) -> None:
        self.server = redis.prepare(folder, health.any_free_port())
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Up, when this returns."""
        self.process = subprocess.Popen(self.server.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        outside.until(lambda: health.answers(self.server.port), 10)

    def kill(self) -> None:
        """As a power cut does it."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()


@pytest.fixture(name="own_redis")
def _own_redis(tmp_path: Path) -> Iterator[OwnRedis]:
    """Up at first."""
    server = OwnRedis(tmp_path)
    server.start()
    yield server
    server.kill()


def away(api: outside.Api) -> list[str]:
    """The dependencies that do not answer, as readiness tells it."""
    told = outside.readiness(api)
    return sorted(name for name, answer in told["dependencies"].items() if not answer["ready"]) if told else ["api"]


async def test_redis_goes_and_comes_back(kafka: str, own_redis: OwnRedis, tmp_path: Path) -> None:
    """While it is away readiness says so and the player hears every goal; afterwards the present is right again."""
    environment = {
        "WHITEWATER_KAFKA": kafka,
        "WHITEWATER_REDIS": own_redis.server.url,
        "DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path / 'history.db'}",
    }
    with outside.running(tmp_path, environment) as api:
        async with connect(api.river) as river, outside.speaking(kafka) as producer:
            await river.send(json.dumps({"follow": ["p-no-redis"]}))
            for sequence in (1, 2, 3):
                if sequence == 2:
                    own_redis.kill()
                    outside.until(lambda: away(api) == ["redis"], 10, api)
                    assert api.get("/v1/players").status_code == 503
                if sequence == 3:
                    own_redis.start()
                    outside.until(lambda: away(api) == [], 10, api)
                await outside.say(producer, outside.lost("p-no-redis", sequence, sequence))
                goal = json.loads(await asyncio.wait_for(river.recv(), 15))
                assert goal["data"]["revision"] == sequence
        outside.until(lambda: api.newest_cause("p-no-redis") == 3, 10, api)
        present = outside.until(lambda: api.get("/v1/players/p-no-redis").json().get("goal"), 10, api)
        assert present["data"]["revision"] == 3


async def test_the_history_may_be_postgresql_and_may_go_away(kafka: str, redis_url: str, tmp_path: Path) -> None:
    """Goals reach the player while PostgreSQL is down; when it is back every one of them is in it."""
    with postgres.running() as server:
        environment = {"WHITEWATER_KAFKA": kafka, "WHITEWATER_REDIS": redis_url, "DATABASE_URL": server.url}
        with outside.running(tmp_path, environment) as api:
            async with connect(api.river) as river, outside.speaking(kafka) as producer:
                await river.send(json.dumps({"follow": ["p-pg"]}))
                for sequence in (1, 2, 3):
                    if sequence == 2:
                        server.stop()
                        outside.until(lambda: away(api) == ["sql"], 15, api)
                    await outside.say(producer, outside.lost("p-pg", sequence, sequence))
                    goal = json.loads(await asyncio.wait_for(river.recv(), 15))
                    assert goal["data"]["revision"] == sequence
            assert api.get("/v1/players/p-pg/decisions").status_code == 503
            server.start()
            outside.until(lambda: away(api) == [] and api.newest_cause("p-pg") == 3, 20, api)
            assert [goal["data"]["revision"] for goal in api.decisions("p-pg")] == [3, 2, 1]
