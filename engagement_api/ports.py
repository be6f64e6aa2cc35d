"""What the loop and the routes need of the stores: the ports. `live` and `history` are the doors behind them.

A store that is away raises; which errors mean *away* is said here, so that nobody else needs to know the libraries.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Protocol

from aiokafka.errors import KafkaError
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from contract.adaptations import AdaptationDecided
from contract.signals import SignalUpdated
from engagement_api.policy.bandit import Posterior
from engagement_api.record import Record
from engagement_api.scoreboard import Running, Tally
from engagement_api.state import State
from engagement_api.trial import Trial

AWAY: Final = (RedisError, SQLAlchemyError, KafkaError, OSError, TimeoutError)
"""A dependency did not do what it was asked; it may later."""


class Present(Protocol):
    """What is true now, shared by all processes, expiring."""

    async def states(self, players: Sequence[str]) -> Mapping[str, State]:
        """The states known here."""
        ...

    async def tell(self, records: Sequence[Record]) -> None:
        """Make these the present and tell every process."""
        ...

    async def unkept(self) -> list[Record]:
        """What the history may not have."""
        ...

    async def kept(self, records: Sequence[Record]) -> None:
        """The history has these."""
        ...

    async def feel(self, beliefs: Mapping[str, bytes], now: datetime) -> None:
        """Note the newest belief about each player."""
        ...

    async def players(self) -> list[SignalUpdated]:
        """Who was seen last, and what is believed."""
        ...

    async def signals(self, player: str) -> SignalUpdated | None:
        """What is believed about one player."""
        ...

    async def goals(self, players: Sequence[str]) -> list[AdaptationDecided]:
        """The present goals."""
        ...

    async def forget(self, player: str) -> None:
        """Have nothing of this player any more, and tell every process."""
        ...

    async def held(self, player: str) -> Mapping[str, Sequence[Any]]:
        """Everything of this player, by where it is."""
        ...

    async def turned(self) -> None:
        """Tell every process that the switch was turned, or a trial started or stopped."""
        ...

    async def ping(self) -> None:
        """Answer or raise."""
        ...


class Past(Protocol):
    """What was decided."""

    async def keep(self, records: Sequence[Record]) -> None:
        """Keep these; keeping twice is keeping once."""
        ...

    async def states(self, players: Sequence[str]) -> Mapping[str, State]:
        """The newest states."""
        ...

    async def decisions(self, player: str, limit: int) -> list[AdaptationDecided]:
        """The newest goals, newest first."""
        ...

    async def forget(self, player: str) -> None:
        """Have nothing of this player any more."""
        ...

    async def held(self, player: str) -> Mapping[str, Sequence[Any]]:
        """Everything of this player, by where it is."""
        ...

    async def posterior(self) -> Posterior:
        """What the bandit learned, of everybody together."""
        ...

    async def adapting(self) -> bool:
        """How the switch stands."""
        ...

    async def turn(self, now: datetime, *, adapting: bool) -> None:
        """Turn the switch."""
        ...

    async def running(self) -> Running | None:
        """The trial that runs."""
        ...

    async def trial(self, name: str) -> Trial | None:
        """A trial that was ever run."""
        ...

    async def run_this(self, now: datetime, trial: Trial | None) -> None:
        """Start a trial, or stop the running one."""
        ...

    async def tallies(self, trial: str) -> Mapping[str, Tally]:
        """What each arm has counted."""
        ...

    async def ping(self) -> None:
        """Answer or raise."""
        ...


class Stream(Protocol):
    """Kafka, as far as what was decided goes back to it."""

    async def publish(self, records: Sequence[Record]) -> None:
        """Every goal is on the topic when this returns."""
        ...

    async def bury(self, player: str) -> None:
        """The topic says that there are no goals of this player, when this returns."""
        ...

    async def commit(self, offsets: Mapping[object, int]) -> None:
        """Everything before these offsets needs not be heard again."""
        ...

    async def ping(self) -> None:
        """Answer or raise."""
        ...
