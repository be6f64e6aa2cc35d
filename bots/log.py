"""What was believed and decided while a crowd played, read back from the topics when everybody is home.

It remembers where the two topics ended when the run began, and reads from there on until nothing new comes. One
player's messages lie in one partition, so their order is the order in which they were told; between players there is
none, and nobody needs one.
"""

from collections.abc import Collection
from typing import Final, Self

from msgspec import Struct

from bots.ledger import from_now_on
from contract.adaptations import AdaptationDecided
from contract.codec import Unreadable, read_adaptation, read_signal
from contract.signals import SignalUpdated
from contract.topics import ADAPTATIONS, ENGAGEMENT_SIGNALS

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
        self._consumer = await from_now_on(self._kafka, (ENGAGEMENT_SIGNALS.name, ADAPTATIONS.name))
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
