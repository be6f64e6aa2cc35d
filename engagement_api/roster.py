"""The newest figures of every partition, heard from the broker: a small consumer without a group, for every process.

It begins at the last message of each partition, which holds all that the ones before it held, and listens on. Figures
are put together when they are asked for, at most every `FRESH_S`. A broker that is away costs nothing but news; a
message that cannot be read leaves the one before it standing.
"""

import asyncio
import logging
import time
from datetime import UTC, datetime
from typing import Final

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from contract.topics import FLEET_FIGURES
from engagement_api.fleet import Figures, Opened, WrongSketchError, figures, opened

AGAIN_S: Final = 2.0
FRESH_S: Final = 1.0
log = logging.getLogger(__name__)


class Roster:
    """What every partition told last."""

    def __init__(self, kafka: str) -> None:
        self._kafka = kafka
        self._newest: dict[int, Opened] = {}
        self._figures: Figures | None = None
        self._asked_s = 0.0

    def figures(self) -> Figures:
        """Everybody together, as it is known now."""
        now_s = time.monotonic()
        if self._figures is None or now_s - self._asked_s > FRESH_S:
            self._figures, self._asked_s = figures(list(self._newest.values()), datetime.now(UTC)), now_s
        return self._figures

    async def run(self) -> None:
        """Listen, until cancelled."""
        while True:
            consumer = AIOKafkaConsumer(
                bootstrap_servers=self._kafka, enable_auto_commit=False, auto_offset_reset="earliest"
            )
            try:
                await consumer.start()
                await self._listen(consumer)
            except KafkaError as fault:
                log.warning("No fleet figures from %s (%r); asked again every %s s.", self._kafka, fault, AGAIN_S)
            finally:
                await consumer.stop()
            await asyncio.sleep(AGAIN_S)

    async def _listen(self, consumer: AIOKafkaConsumer) -> None:
        places = [TopicPartition(FLEET_FIGURES.name, number) for number in range(FLEET_FIGURES.partitions)]
        consumer.assign(places)
        first, end = await consumer.beginning_offsets(places), await consumer.end_offsets(places)
        for place in places:
            consumer.seek(place, max(end[place] - 1, first[place]))
        while True:
            for place, records in (await consumer.getmany(timeout_ms=1_000)).items():
                self._take(place.partition, records[-1].value or b"")

    def _take(self, partition: int, raw: bytes) -> None:
        try:
            self._newest[partition] = opened(raw)
        except WrongSketchError as fault:
            log.warning("The figures of partition %d stay as they were: %s", partition, fault)
