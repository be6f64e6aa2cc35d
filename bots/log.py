"""What was believed and decided while a crowd played, read back from the topics when everybody is home.

It remembers where the two topics ended when the run began, and reads from there on until nothing new comes. One
player's messages lie in one partition, so their order is the order in which they were told; between players there is
none, and nobody needs one.
"""

import asyncio
from collections.abc import Collection
from typing import Final, Self

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError
from msgspec import Struct

from bots.ledger import NobodyThereError
from contract.adaptations import AdaptationDecided
from contract.codec import Unreadable, read_adaptation, read_signal
from contract.signals import SignalUpdated
from contract.topics import ADAPTATIONS, ENGAGEMENT_SIGNALS

OPEN_S: Final = 10.0
QUIET_S: Final = 3.0
"""When so long nothing came, everything was told: a worker tells at least every second."""


class Told(Struct, frozen=True):
    """Of the players in question, in order for each of them."""

    beliefs: tuple[SignalUpdated, ...]
    goals: tuple[AdaptationDecided, ...]


class Log:
    """The two topics from now on."""

    def __init__(self, kafka: str) -> None:
        self._kafka = kafka

    async def open(self) -> Self:
        """Remembers the present end of both topics. Raises `NobodyThereError`."""
        self._consumer = AIOKafkaConsumer(
            ENGAGEMENT_SIGNALS.name,
            ADAPTATIONS.name,
            bootstrap_servers=self._kafka,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
        )
        try:
            async with asyncio.timeout(OPEN_S):
                await self._consumer.start()
                for place, end in (await self._consumer.end_offsets(self._consumer.assignment())).items():
                    self._consumer.seek(place, end)
        except (KafkaError, TimeoutError) as fault:
            await self._consumer.stop()
            sentence = f"Kafka at {self._kafka} did not show its topics ({type(fault).__name__}): is a worker up?"
            raise NobodyThereError(sentence) from fault
        return self

    async def close(self) -> None:
        """Lets go of the broker."""
        await self._consumer.stop()

    async def read(self, players: Collection[str]) -> Told:
        """Everything about `players` since the log was opened, once nothing new comes."""
        beliefs: list[SignalUpdated] = []
        goals: list[AdaptationDecided] = []
        while fetched := await self._consumer.getmany(timeout_ms=int(QUIET_S * 1000)):
            for place, records in fetched.items():
                for record in records:
                    if place.topic == ADAPTATIONS.name:
                        goal = read_adaptation(record.value)
                        if not isinstance(goal, Unreadable) and goal.subject in players:
                            goals.append(goal)
                    else:
                        belief = read_signal(record.value)
                        if not isinstance(belief, Unreadable) and belief.subject in players:
                            beliefs.append(belief)
        return Told(tuple(beliefs), tuple(goals))
