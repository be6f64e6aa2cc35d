"""What the API's processes tell each other: the reading end of Redis pub/sub.

One connection listens to every channel this process cares for. It never gives up: a Redis that went away is asked again
every half second, and redis-py then subscribes to everything anew. What was said in between is lost, and does not
matter: followers get the present goal again when the connection is back.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import Final

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError

from contract.adaptations import AdaptationDecided
from contract.codec import Unreadable, read_adaptation
from engagement_api.followers import Followers
from engagement_api.live import DECIDED, FELT, FORGOTTEN, RIVER, SWITCH
from engagement_api.meters import Meters
from engagement_api.onlookers import Onlookers

AGAIN_S: Final = 0.5
POLL_S: Final = 5.0
_goals = msgspec.json.Decoder(list[AdaptationDecided])
log = logging.getLogger(__name__)


class Channels:
    """Goals for followers, news for onlookers, and the turns of switch and trial, from every process to this one."""

    def __init__(
        self,
        redis: Redis,
        followers: Followers,
        onlookers: Onlookers,
        meters: Meters,
        turned: Callable[[], Awaitable[None]],
        *,
        forget: Callable[[str], None],
    ) -> None:
        self._redis = redis
        self._pubsub = redis.pubsub(ignore_subscribe_messages=True)
        self._followers = followers
        self._onlookers = onlookers
        self._meters = meters
        self._turned = turned
        self._forget = forget

    async def follow(self, players: Iterable[str]) -> None:
        """Hear of these players from now on."""
        if names := [RIVER + player for player in players]:
            await self._pubsub.subscribe(*names)

    async def unfollow(self, players: Iterable[str]) -> None:
        """Hear of these players no more."""
        if names := [RIVER + player for player in players]:
            await self._pubsub.unsubscribe(*names)

    async def run(self) -> None:
        """Listen for ever."""
        while True:
            try:
                await self._pubsub.subscribe(FELT, DECIDED, SWITCH, FORGOTTEN)
                await self.follow(self._followers.followed)
                await self._turned()
                await self._listen()
            except (RedisError, OSError) as fault:
                self._meters.faults.labels("redis").inc()
                log.warning("Redis went away (%s); its channels are asked for again every %s s.", fault, AGAIN_S)
                await asyncio.sleep(AGAIN_S)

    async def _listen(self) -> None:
        while True:
            message = await self._pubsub.get_message(timeout=POLL_S)
            if message is not None:
                await self._hear(message["channel"].decode(), message["data"])

    async def _hear(self, channel: str, raw: bytes) -> None:
        if channel == SWITCH:
            await self._turned()
        elif channel == FORGOTTEN:
            self._forget(raw.decode())
        elif channel == FELT:
            self._onlookers.tell("signals", raw.decode())
        elif channel == DECIDED:
            for goal in _goals.decode(raw):
                self._meters.took(goal)
            self._onlookers.tell("decisions", raw.decode())
        else:
            told = read_adaptation(raw)
            if not isinstance(told, Unreadable):
                self._followers.tell(told.subject, told.data.revision, raw.decode())
