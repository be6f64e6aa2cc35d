"""One of several players is erased from real Kafka, Redis and SQL: no byte is left, and others have what they had."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from msgspec import Struct
from redis.asyncio import Redis

from contract.codec import encode
from contract.topics import ADAPTATIONS, ENGAGEMENT_SIGNALS, FAILED_EVENTS, PLAYER_EVENTS
from engagement_api.kafka import GROUP
from privacy.erase import Around, erase, export
from privacy.logs import Logs
from processors.state import APP, CHANGELOG
from tests.system import api_process as outside
from tests.system.worker_process import (
    WorkerProcess,
    caught_up,
    crowd,
    everything,
    kept,
    messages,
    replayed,
    send,
    until,
    working,
)
from whitewater.privacy import CHANGELOG_SETTINGS

TOPICS = (PLAYER_EVENTS.name, ENGAGEMENT_SIGNALS.name, ADAPTATIONS.name, FAILED_EVENTS.name, CHANGELOG)


def around(api: outside.Api, at: Any = lambda _: None) -> Around:  # noqa: ANN401 - a callback
    """The system as the command knows it."""

    async def held(player: str) -> Mapping[str, Mapping[str, Sequence[Any]]]:
        answer: Mapping[str, Mapping[str, Sequence[Any]]] = api.get(f"/v1/held?player={player}").json()
        return answer

    return Around(CHANGELOG, CHANGELOG_SETTINGS, APP, GROUP, held, at)


async def traces(kafka: str, redis_url: str, database: Path, names: Sequence[bytes]) -> list[str]:
    """Where any of these names stands in any byte of any store."""
    found = []
    for topic in TOPICS:
        for record in await everything(kafka, topic):
            raw = b"%b%b%b" % (record.key or b"", record.value or b"", repr(record.headers).encode())
            found += [f"{topic}/{record.partition}@{record.offset}" for name in names if name in raw]
    async with Redis.from_url(redis_url) as redis:
        async for key in redis.scan_iter():
            raw = key + (await redis.dump(key) or b"")
            found += [f"redis {key!r}" for name in names if name in raw]
    for path in database.parent.glob(f"{database.name}*"):
        found += [path.name for name in names if name in path.read_bytes()]
    return found


@asynccontextmanager
async def quick(kafka: str) -> AsyncIterator[None]:
    """The broker looks four times a second for what it may compact, as nobody waits 15 s in a test."""
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    resource = ConfigResource(ConfigResourceType.BROKER, "1", {"log.cleaner.backoff.ms": "250"})
    try:
        await admin.alter_configs([resource])
        yield
        await admin.alter_configs([ConfigResource(ConfigResourceType.BROKER, "1", {})])
    finally:
        await admin.close()


class Played(Struct, frozen=True):
    """Six players have played: the worker and the API that heard them."""

    worker: WorkerProcess
    api: outside.Api
    database: Path


@asynccontextmanager
async def played(kafka: str, redis_url: str, folder: Path, name: str) -> AsyncIterator[Played]:
    """720 events of six players, and three of the first under the key of the second."""
    database = folder / "history.db"
    environment = {
        "WHITEWATER_KAFKA": kafka,
        "WHITEWATER_REDIS": redis_url,
        "DATABASE_URL": f"sqlite+aiosqlite:///{database}",
    }
    events = crowd(name, 6, 120)
    wrong_key = [(f"{name}-1".encode(), encode(event)) for event in events if event.subject == f"{name}-0"][:3]
    async with quick(kafka), working(kafka, folder / "worker.log") as worker:
        await until(lambda: worker.has(8), 30, "the worker ready")
        with outside.running(folder, environment) as api:
            await send(kafka, [*messages(events), *wrong_key])
            await until(lambda: _folded(worker, 720), 30, "all folded")
            await until(lambda: caught_up(kafka), 30, "every state written")
            outside.until(lambda: api.decisions(f"{name}-0"), 20, api)
            yield Played(worker, api, database)


async def test_a_player_is_erased_from_every_store_and_others_have_what_they_had(
    kafka: str, redis_url: str, tmp_path: Path
) -> None:
    """Pseudonym and session are in no byte; others' states are equal; what was written meanwhile is there once."""
    async with played(kafka, redis_url, tmp_path, "erased") as all_of_it, Logs.open(kafka) as logs:
        api, names = all_of_it.api, (b"erased-0", b"s-erased-0")
        before = await kept(kafka, "erased-")
        handed_out = await export(logs, "erased-0", around(api))
        assert len(handed_out["kafka"][PLAYER_EVENTS.name]) == 123
        assert len(handed_out["kafka"][FAILED_EVENTS.name]) == 3
        assert handed_out["sql"]["decisions"]
        own = {topic: await logs.settings.of(topic) for topic in TOPICS}
        writing = asyncio.create_task(_write_on(kafka))
        receipt = await erase(logs, "erased-0", around(api))
        written = await writing
        assert {store.name: store.left for store in receipt.stores if store.left} == {}
        assert await traces(kafka, redis_url, all_of_it.database, names) == []
        assert {topic: await logs.settings.of(topic) for topic in TOPICS} == own
        await until(lambda: _folded(all_of_it.worker, 720 + written), 30, "what was written meanwhile is folded")
        await _others_have_what_they_had(kafka, "erased", before)
        assert sum(s.events for p in (await kept(kafka, "writing-")).values() for s in p.heard) == written
        on_log = {r.value for r in await everything(kafka, PLAYER_EVENTS.name) if (r.key or b"")[:8] == b"writing-"}
        assert len(on_log) == written


class BrokenOffHereError(Exception):
    """The world ends at a step."""


async def test_an_erasure_broken_off_anywhere_is_finished_by_the_next_and_a_worker_may_die_in_it(
    kafka: str, redis_url: str, tmp_path: Path
) -> None:
    """Ended at its first step, at its second, and so on; the worker is killed while records are copied."""
    async with played(kafka, redis_url, tmp_path, "broken") as all_of_it, Logs.open(kafka) as logs:
        before, worker = await kept(kafka, "broken-"), all_of_it.worker
        own = {topic: await logs.settings.of(topic) for topic in TOPICS}
        for last in range(40):
            steps: list[str] = []

            def at(step: str, steps: list[str] = steps, last: int = last) -> None:
                steps.append(step)
                if step == "player-events: copied" and worker.process.poll() is None:
                    worker.kill()
                if len(steps) > last:
                    raise BrokenOffHereError

            async with working(kafka, tmp_path / f"worker-{last}.log"):
                try:
                    receipt = await erase(logs, "broken-0", around(all_of_it.api, at))
                except BrokenOffHereError:
                    continue
                break
        assert last > 8
        assert receipt.left == 0
        assert await traces(kafka, redis_url, all_of_it.database, (b"broken-0", b"s-broken-0")) == []
        assert {topic: await logs.settings.of(topic) for topic in TOPICS} == own
        await _others_have_what_they_had(kafka, "broken", before)


async def test_settings_that_a_killed_erasure_left_are_put_back_by_the_next(kafka: str) -> None:
    """A segment of a millisecond is nobody's wish: after the next change of it the topic is as the contract has it."""
    async with Logs.open(kafka) as logs:
        own = await logs.settings.of(FAILED_EVENTS.name)
        await logs.settings._alter(FAILED_EVENTS.name, own | {"segment.ms": "1"})
        await until(lambda: _closing(logs), 10, "the setting is there")
        await logs.mark((await logs.places(FAILED_EVENTS.name))[:1], FAILED_EVENTS.config)
        assert await logs.settings.of(FAILED_EVENTS.name) == own


async def _closing(logs: Logs) -> bool:
    return (await logs.settings.of(FAILED_EVENTS.name)).get("segment.ms") == "1"


async def _others_have_what_they_had(kafka: str, name: str, before: Mapping[str, Any]) -> None:
    others = {player: state for player, state in before.items() if player != f"{name}-0"}
    assert await kept(kafka, f"{name}-") == others
    assert await replayed(kafka, f"{name}-") == others


async def _folded(worker: WorkerProcess, events: int) -> bool:
    return await worker.folded() >= events


async def _write_on(kafka: str) -> int:
    """Somebody plays all the while; how many events were acknowledged."""
    events = messages(crowd("writing", 8, 60))
    for first in range(0, len(events), 20):
        await send(kafka, events[first : first + 20])
        await asyncio.sleep(0.1)
    return len(events)
