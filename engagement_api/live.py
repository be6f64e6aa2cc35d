"""What is true now: the door to Redis. Everything here expires, and all of it can be had again from the history.

Several commands always travel as one pipeline. Beside the present goal stands the *unkept* hash: a decision is in it
from the moment a player may have been told until the history has it, so that a process killed in between leaves no gap.
Messages between the API's processes travel on channels; `channels` reads them.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
import redis.exceptions
from redis.asyncio import BlockingConnectionPool, ConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from contract.adaptations import AdaptationDecided
from contract.codec import encode, encode_all
from contract.signals import SignalUpdated
from engagement_api.record import Record
from engagement_api.state import State

PRESENT_S: Final = 30 * 60
"""How long a belief and a goal stay: a session ends after 30 minutes without an event."""
STATE_S: Final = 7 * 86_400
TIMEOUT_S: Final = 1.0
AT_ONCE: Final = 16
"""Questions from outside that Redis is asked at the same time; the next ones wait, up to that time-out."""
SHOWN: Final = 200
"""Players a listing shows at most."""
SIGNALS: Final = "whitewater:signals:"
GOAL: Final = "whitewater:goal:"
STATE: Final = "whitewater:state:"
PLAYERS: Final = "whitewater:players"
UNKEPT: Final = "whitewater:unkept"
RIVER: Final = "whitewater:river:"
"""Channel per player: the goal, for whichever process holds the player's socket."""
FELT: Final = "whitewater:felt"
"""Channel: an array of the newest beliefs, for open pages."""
DECIDED: Final = "whitewater:decided"
"""Channel: an array of the newest goals, for open pages."""
SWITCH: Final = "whitewater:switch"
"""Channel: the switch was turned, or a trial started or stopped; look it up."""
FORGOTTEN: Final = "whitewater:forgotten"
"""Channel: the name of a player who is nobody any more."""
SAMPLE: Final = 50
"""Beliefs of one batch that open pages are told."""

_Command = bytes | str | Iterable[bytes]
_signal = msgspec.json.Decoder(SignalUpdated)
_goal = msgspec.json.Decoder(AdaptationDecided)
_state = msgspec.json.Decoder(State)
_record = msgspec.json.Decoder(Record)


class Connection(redis.asyncio.Connection):
    """A connection that says it is lost in redis-py's words.

    For a write in the moment until a reset is noticed uvloop raises RuntimeError; redis-py expects OSError.
    """

    async def send_packed_command(self, command: _Command, check_health: bool = True) -> None:  # noqa: FBT001, FBT002
        """Sends, or raises `redis.exceptions.ConnectionError`."""
        try:
            await super().send_packed_command(command, check_health)
        except RuntimeError as fault:
            raise redis.exceptions.ConnectionError(str(fault)) from fault


def open_redis(url: str) -> Redis:
    """A client that gives up after a second and tries a broken connection once more; connects when first used."""
    return Redis.from_pool(ConnectionPool.from_url(url, connection_class=Connection, **_patience()))


def open_redis_for_all(url: str) -> Redis:
    """A client for questions from outside, of which any number may come at once.

    It has connections of its own, and a question waits for one of them: redis-py's own answer to the hundred and first
    is an error, also to the loop, if that shared them.
    """
    pool = BlockingConnectionPool.from_url(
        url, connection_class=Connection, max_connections=AT_ONCE, timeout=TIMEOUT_S, **_patience()
    )
    return Redis.from_pool(pool)


def _patience() -> dict[str, Any]:
    return {"socket_timeout": TIMEOUT_S, "socket_connect_timeout": TIMEOUT_S, "retry": Retry(NoBackoff(), 1)}


class Live:
    """The present: every player's belief, goal and state, and who was seen last."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def states(self, players: Sequence[str]) -> dict[str, State]:
        """The states of those of `players` that are known here."""
        found = await self._redis.mget([STATE + player for player in players])
        return {player: _state.decode(raw) for player, raw in zip(players, found, strict=True) if raw}

    async def tell(self, records: Sequence[Record]) -> None:
        """Every record is the present, is in the unkept hash, and is told to the process that holds the player."""
        pipe = self._redis.pipeline(transaction=True)
        for record in records:
            goal = encode(record.goal)
            pipe.set(GOAL + record.player, goal, ex=PRESENT_S)
            pipe.set(STATE + record.player, msgspec.json.encode(record.state), ex=STATE_S)
            pipe.hset(UNKEPT, f"{record.player}/{record.revision}", msgspec.json.encode(record))
            pipe.publish(RIVER + record.player, goal)
        pipe.publish(DECIDED, encode_all([record.goal for record in records[-SAMPLE:]]))
        await pipe.execute()

    async def unkept(self) -> list[Record]:
        """Decisions the history may not have: what a process left that was killed."""
        return [_record.decode(raw) for raw in await self._redis.hvals(UNKEPT)]

    async def kept(self, records: Sequence[Record]) -> None:
        """The history has these now."""
        if records:
            await self._redis.hdel(UNKEPT, *(f"{record.player}/{record.revision}" for record in records))

    async def feel(self, beliefs: Mapping[str, bytes], now: datetime) -> None:
        """The newest belief about each player, and that they were seen now."""
        pipe = self._redis.pipeline(transaction=False)
        for player, raw in beliefs.items():
            pipe.set(SIGNALS + player, raw, ex=PRESENT_S)
        pipe.zadd(PLAYERS, dict.fromkeys(beliefs, now.timestamp()))
        pipe.zremrangebyscore(PLAYERS, "-inf", now.timestamp() - PRESENT_S)
        pipe.publish(FELT, b"[" + b",".join(list(beliefs.values())[-SAMPLE:]) + b"]")
        await pipe.execute()

    async def players(self) -> list[SignalUpdated]:
        """The newest belief about each of the players seen last, newest first, at most `SHOWN`."""
        names: list[bytes] = await self._redis.zrevrange(PLAYERS, 0, SHOWN - 1)  # type: ignore[assignment] # no scores
        found = await self._redis.mget([SIGNALS + name.decode() for name in names]) if names else []
        return [_signal.decode(raw) for raw in found if raw]

    async def signals(self, player: str) -> SignalUpdated | None:
        """What is believed about `player` now."""
        raw = await self._redis.get(SIGNALS + player)
        return _signal.decode(raw) if raw else None

    async def goals(self, players: Sequence[str]) -> list[AdaptationDecided]:
        """The present goals of those of `players` that have one."""
        found = await self._redis.mget([GOAL + player for player in players]) if players else []
        return [_goal.decode(raw) for raw in found if raw]

    async def forget(self, player: str) -> None:
        """Nothing here holds this player any more, and every process hears of it."""
        unkept = await self._unkept_of(player)
        pipe = self._redis.pipeline(transaction=True)
        pipe.delete(SIGNALS + player, GOAL + player, STATE + player)
        pipe.zrem(PLAYERS, player)
        if unkept:
            pipe.hdel(UNKEPT, *unkept)
        pipe.publish(FORGOTTEN, player)
        await pipe.execute()

    async def held(self, player: str) -> dict[str, list[Any]]:
        """Everything here of this player, by its key; what is JSON as it is."""
        names = [SIGNALS + player, GOAL + player, STATE + player]
        found = zip(names, await self._redis.mget(names), strict=True)
        seen = await self._redis.zscore(PLAYERS, player)
        unkept = (await self._unkept_of(player)).values()
        return {
            **{name: [msgspec.json.decode(raw)] for name, raw in found if raw},
            **({PLAYERS: [seen]} if seen is not None else {}),
            **({UNKEPT: [msgspec.json.decode(raw) for raw in unkept]} if unkept else {}),
        }

    async def _unkept_of(self, player: str) -> dict[str, bytes]:
        """A name may hold any character but is followed by the last slash and a revision."""
        everybody: dict[bytes, bytes] = await self._redis.hgetall(UNKEPT)  # type: ignore[assignment] # not decoded
        fields = {name.decode(): raw for name, raw in everybody.items()}
        return {name: raw for name, raw in fields.items() if name.rpartition("/")[0] == player}

    async def turned(self) -> None:
        """Tell every process that the switch was turned, or a trial started or stopped."""
        await self._redis.publish(SWITCH, b"")

    async def ping(self) -> None:
        """Returns when Redis answers; raises when not."""
        await self._redis.ping()

    async def close(self) -> None:
        """Gives every connection back."""
        await self._redis.aclose()
