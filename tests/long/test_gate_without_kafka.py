"""The gate for remote games while Kafka is killed under it: what it says that it took is on the log."""

import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from contract.codec import encode
from engagement_api.tokens import Caller, Key, issue
from tests.producers.told import told
from tests.system import api_process as outside
from tests.system.ashore import Broker, log_of, sequences_of

pytestmark = pytest.mark.system
KEYS = (Key("k1", "r" * 43),)
PATIENT_S = 8.0
BACK_S = 60.0


@pytest.fixture(name="broker")
def _broker(tmp_path: Path) -> Iterator[Broker]:
    """A broker that is not started yet."""
    broker = Broker(tmp_path / "broker")
    yield broker
    broker.kill()


async def test_what_kafka_did_not_take_is_not_accepted_and_comes_again(
    broker: Broker, redis_url: str, tmp_path: Path
) -> None:
    """200, then 503 with a Retry-After while there is no broker, then 200; all accepted is on the log."""
    await broker.up()
    environment = {
        "WHITEWATER_KAFKA": broker.address,
        "WHITEWATER_REDIS": redis_url,
        "DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path}/boats.db",
        "WHITEWATER_TOKEN_KEYS": f"{KEYS[0].kid}:{KEYS[0].secret}",
    }
    with outside.running(tmp_path, environment) as api:
        assert [await _send(api, number) for number in (1, 2)] == [200, 200]
        broker.kill()
        began = time.monotonic()
        assert [await _send(api, number) for number in (3, 4)] == [503, 503]
        assert time.monotonic() - began < 2 * PATIENT_S
        broker.start()
        until = time.monotonic() + BACK_S
        while (code := await _send(api, 3)) == 503 and time.monotonic() < until:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.2)
        assert [code, await _send(api, 4)] == [200, 200]
    (sequences,) = sequences_of(await log_of(broker.address, {"p-remote"})).values()
    assert sorted(set(sequences)) == [1, 2, 3, 4]


async def _send(api: outside.Api, sequence: int) -> int:
    """Tells of one event; the code of the answer, which says all that it must."""
    now = datetime.now(UTC)
    token = issue(KEYS, Caller("player", "p-remote"), now)
    async with httpx.AsyncClient(timeout=PATIENT_S) as client:
        answer = await client.post(
            api.url + "/v1/events",
            content=encode(told("p-remote", sequence, at=now)),
            headers={"Authorization": f"Bearer {token}"},
        )
    if answer.status_code == 200:
        assert answer.json()["accepted"] == 1
    else:
        assert int(answer.headers["retry-after"]) >= 1
        assert "accepted" not in answer.json()
    return answer.status_code
