"""What was believed and decided while a crowd played, read back from the topics when everybody is home.

It remembers where the two topics ended when the run began, and reads from there on until nothing new comes about the
players in question: somebody else may play on. One player's messages lie in one partition, so their order is the order
in which they were told; between players there is none, and nobody needs one.
"""

import asyncio
from collections.abc import Callable, Collection
from typing import Final, Self

from aiokafka import AIOKafkaConsumer
from msgspec import Struct

from bots.ledger import from_now_on
from contract.adaptations import AdaptationDecided
from contract.codec import Unreadable, read_adaptation, read_signal
from contract.signals import SignalUpdated
from contract.topics import ADAPTATIONS, ENGAGEMENT_SIGNALS

POLL_MS: Final = 500
QUIET_S: Final = 3.0
"""When so long nothing came about our players, everything was told: a worker tells at least every second."""


class Told(Struct, frozen=True):
    """Of the players in question, in order for each of them."""

    beliefs: tuple[SignalUpdated, ...]
    goals: tuple[AdaptationDecided, ...]


class Log:
    """The two topics from now on; `clock` is seconds that only ever rise."""

    def __init__(self, consumer: AIOKafkaConsumer, clock: Callable[[], float]) -> None:
        self._consumer = consumer
        self._clock = clock

    @classmethod
    async def open(cls, kafka: str) -> Self:
        """Remembers the present end of both topics. Raises `NobodyThereError`."""
        consumer = await from_now_on(kafka, (ENGAGEMENT_SIGNALS.name, ADAPTATIONS.name))
        return cls(consumer, asyncio.get_running_loop().time)

    async def close(self) -> None:
        """Lets go of the broker."""
        await self._consumer.stop()

    async def read(self, players: Collection[str]) -> Told:
        """Everything about `players` since the log was opened, once nothing new about them comes."""
        beliefs: list[SignalUpdated] = []
        goals: list[AdaptationDecided] = []
        heard_s = self._clock()
        while self._clock() - heard_s < QUIET_S:
            for records in (await self._consumer.getmany(timeout_ms=POLL_MS)).values():
                for record in records:
                    told = (
                        read_adaptation(record.value or b"")
                        if record.topic == ADAPTATIONS.name
                        else read_signal(record.value or b"")
                    )
                    if isinstance(told, Unreadable) or told.subject not in players:
                        continue
                    heard_s = self._clock()
                    if isinstance(told, AdaptationDecided):
                        goals.append(told)
                    else:
                        beliefs.append(told)
        return Told(tuple(beliefs), tuple(goals))
