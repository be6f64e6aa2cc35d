"""The engagement API on real Kafka, Redis and SQL: told before it is kept, kept before it is acknowledged."""

import asyncio
import json
from pathlib import Path

import httpx
import pytest
from websockets.asyncio.client import connect

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
        async with connect(api.river) as socket, outside.speaking(kafka) as producer:
            await socket.send(json.dumps({"follow": ["p-everywhere"]}))
            await outside.say(producer, outside.lost("p-everywhere", 7, 1))
            goal = json.loads(await asyncio.wait_for(socket.recv(), 10))
        assert goal["data"]["revision"] == 1
        rows = outside.until(lambda: httpx.get(api.url + "/v1/players/p-everywhere/decisions").json(), 10, api)
        assert rows == [goal]
        assert [kept.id for kept in await outside.published(kafka, "p-everywhere")] == [goal["id"]]
        assert api.stop() == 0
