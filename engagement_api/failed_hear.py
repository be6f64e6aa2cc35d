"""What was refused, heard from the broker: a small consumer without a group, for every process.

It begins where the topic begins, four weeks ago at most, and goes on from there; a broker that is away costs nothing
but news. A long past is read a little at a time, so that whoever is played with now does not wait for it.
"""

import asyncio
import logging
from typing import Final

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from contract.topics import FAILED_EVENTS
from engagement_api.failed import Kept, Refusals

AGAIN_S: Final = 2.0
TOGETHER: Final = 200
"""Messages at a time: a millisecond's work."""
BREATH_S: Final = 0.01
"""Between two full helpings: at most 20,000 a second, a sixth of a core."""
log = logging.getLogger(__name__)


class Aside:
    """Listens, and keeps the count."""

    def __init__(self, kafka: str) -> None:
        self._kafka = kafka
        self._next: dict[TopicPartition, int] = {}
        self._refusals = Refusals()

    def kept(self) -> Kept:
        """How it stands."""
        return self._refusals.kept()

    def forget(self, player: str) -> None:
        """Show nothing of this player's any more."""
        self._refusals.forget(player)

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
                log.warning("What %s refuses is not heard (%r); asked again every %s s.", self._kafka, fault, AGAIN_S)
            finally:
                await consumer.stop()
            await asyncio.sleep(AGAIN_S)

    async def _listen(self, consumer: AIOKafkaConsumer) -> None:
        places = [TopicPartition(FAILED_EVENTS.name, lane) for lane in range(FAILED_EVENTS.partitions)]
        consumer.assign(places)
        for place, first in (await consumer.beginning_offsets(places)).items():
            consumer.seek(place, max(first, self._next.get(place, 0)))
        while True:
            for place, records in (await consumer.getmany(timeout_ms=1_000, max_records=TOGETHER)).items():
                self._refusals.take([record.value for record in records if record.value])
                self._next[place] = records[-1].offset + 1
                if len(records) == TOGETHER:
                    await asyncio.sleep(BREATH_S)
