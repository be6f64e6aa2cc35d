"""Fetches what is held against a history: every topic from where the run began, and what the API says of each player.

It asks from outside: raw readers on the broker's own door and the API's HTTP. Whether workers and API have come to the
end is asked as well, of the group's commits, because nothing may be counted before.
"""

import asyncio
import time
from collections.abc import Iterable, Mapping
from typing import Final

import httpx
import msgspec
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from contract.adaptations import AdaptationDecided
from contract.codec import Unreadable, read_adaptation, read_failure, read_signal
from contract.topics import ADAPTATIONS, ENGAGEMENT_SIGNALS, FAILED_EVENTS, PLAYER_EVENTS
from faults.evidence import Record
from processors.state import APP, CHANGELOG

TOPICS: Final = (PLAYER_EVENTS.name, ENGAGEMENT_SIGNALS.name, ADAPTATIONS.name, FAILED_EVENTS.name, CHANGELOG)
GROUPS: Final = {APP: PLAYER_EVENTS.name, "engagement-api": ENGAGEMENT_SIGNALS.name}
"""Who must have come to the end of what."""
AGAIN_S: Final = 0.2
ANSWERS_WITHIN_S: Final = 30.0
NOT_NOW: Final = frozenset({httpx.codes.TOO_MANY_REQUESTS, httpx.codes.SERVICE_UNAVAILABLE})
Marks = Mapping[TopicPartition, int]


async def ends(kafka: str, topics: Iterable[str] = TOPICS) -> Marks:
    """Where the topics end now. Raises `KafkaError`."""
    consumer = AIOKafkaConsumer(*topics, bootstrap_servers=kafka)
    await consumer.start()
    try:
        found = {TopicPartition(topic, n) for topic in topics for n in consumer.partitions_for_topic(topic) or ()}
        return dict(await consumer.end_offsets(found))
    finally:
        await consumer.stop()


async def read(kafka: str, since: Marks) -> dict[str, list[Record]]:
    """Every record of every topic from `since` to now, in order per partition."""
    until = await ends(kafka)
    found: dict[str, list[Record]] = {topic: [] for topic in TOPICS}
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka, auto_offset_reset="earliest")
    await consumer.start()
    try:
        consumer.assign(list(until))
        for place in until:
            consumer.seek(place, since.get(place, 0))
        for place, end in until.items():
            while await consumer.position(place) < end:
                for record in (await consumer.getmany(place, timeout_ms=200)).get(place, ()):
                    found[record.topic].append(
                        Record(record.partition, record.offset, record.key, record.value, record.timestamp / 1000)
                    )
    finally:
        await consumer.stop()
    return found


async def caught_up(kafka: str) -> bool:
    """Whether workers and API have committed everything that there is for them."""
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    try:
        await admin.start()
        for group, topic in GROUPS.items():
            committed = await admin.list_consumer_group_offsets(group)
            for place, end in (await ends(kafka, [topic])).items():
                if end and (place not in committed or committed[place].offset < end):
                    return False
    except (KafkaError, OSError):
        return False
    finally:
        await admin.close()
    return True


async def until_caught_up(kafka: str, within_s: float) -> bool:
    """Whether they had come to the end within that time, and stayed there: the API's end moves with the workers'."""
    try:
        async with asyncio.timeout(within_s):
            quiet = 0
            while quiet < 2:
                quiet = quiet + 1 if await caught_up(kafka) else 0
                await asyncio.sleep(AGAIN_S)
    except TimeoutError:
        return False
    return True


def readable(found: Mapping[str, list[Record]]) -> dict[str, list[tuple[Record, msgspec.Struct]]]:
    """Beliefs, goals and failures among the records; what cannot be read is a fault of ours and raises."""
    readers = {
        ENGAGEMENT_SIGNALS.name: read_signal,
        ADAPTATIONS.name: read_adaptation,
        FAILED_EVENTS.name: read_failure,
    }
    told: dict[str, list[tuple[Record, msgspec.Struct]]] = {}
    for topic, reader in readers.items():
        told[topic] = []
        for record in found[topic]:
            message = reader(record.value or b"")
            if isinstance(message, Unreadable):
                raise TypeError(message.detail)
            told[topic].append((record, message))
    return told


async def ask(
    api: str, players: Iterable[str]
) -> tuple[dict[str, list[AdaptationDecided]], dict[str, AdaptationDecided | None]]:
    """Of each player what SQL holds, newest first, and the present goal. Raises `httpx.HTTPError`."""
    kept: dict[str, list[AdaptationDecided]] = {}
    live: dict[str, AdaptationDecided | None] = {}
    async with httpx.AsyncClient(base_url=api, timeout=30.0, trust_env=False) as client:
        for player in players:
            rows = (await _answer(client, f"/v1/players/{player}/decisions?limit=1000")).raise_for_status()
            kept[player] = msgspec.json.decode(rows.content, type=list[AdaptationDecided])
            now = await _answer(client, f"/v1/players/{player}")
            nobody = now.status_code == httpx.codes.NOT_FOUND
            goal = None if nobody else msgspec.json.decode(now.raise_for_status().content)["goal"]
            live[player] = None if goal is None else msgspec.convert(goal, AdaptationDecided)
    return kept, live


async def _answer(client: httpx.AsyncClient, path: str) -> httpx.Response:
    """The API's answer; where it says that it has none just now, it is asked again and not taken at that word."""
    deadline = time.monotonic() + ANSWERS_WITHIN_S
    while True:
        answer = await client.get(path)
        if answer.status_code not in NOT_NOW or time.monotonic() > deadline:
            return answer
        await asyncio.sleep(AGAIN_S)
