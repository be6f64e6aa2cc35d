"""Everything about one player: exported, or erased step by step. The steps may be repeated, and a next run goes on.

1. The word (a tombstone) goes to player-events; the worker forgets, tells the API, and writes its own tombstone.
2. The API forgets, erases Redis and SQL, and says so on adaptations.
3. When both groups have committed what was there, the logs are rewritten, or compacted, without the player.
4. One looks again, everywhere, and writes down what is left.
"""

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from aiokafka.structs import TopicPartition
from msgspec import Struct

from contract.topics import ADAPTATIONS, ENGAGEMENT_SIGNALS, FAILED_EVENTS, PLAYER_EVENTS
from privacy.belongs import owns, rest
from privacy.logs import BrokenOffError, Logs, before_of
from privacy.receipt import Part, Receipt, Store, name_of

WITHIN_S: Final = 60.0
COMPACTED_S: Final = 90.0
"""The broker looks every 15 s for what it may compact, and needs to look twice."""
Held = Callable[[str], Awaitable[Mapping[str, Mapping[str, Sequence[Any]]]]]
"""What other stores hold of a player: by store, by place in it."""


class Around(Struct, frozen=True):
    """What the system around the logs is called, and how it is asked."""

    changelog: str
    """The topic of the worker's players: the newest value per key."""
    changelog_settings: Mapping[str, str]
    workers: str
    """Their group."""
    deciders: str
    """The API's group."""
    held: Held
    at: Callable[[str], None] = lambda _: None
    """Told of each step; a test ends the world there."""


class _Log(Struct, frozen=True):
    topic: str
    usual: Mapping[str, str]
    group: str | None
    compacted: bool


class _Asked(Struct, frozen=True):
    """A player, and up to where the player's records are to go, where that is known."""

    player: str
    bounds: dict[TopicPartition, int]

    def theirs(self, record: Any) -> bool:  # noqa: ANN401 - aiokafka has no types
        """Whether anything of the record is the player's, and of the time before the word."""
        before = before_of(record)
        lay = record.offset if before is None else before
        late = lay > self.bounds.get(TopicPartition(record.topic, record.partition), lay)
        return not late and owns(self.player, record.key, record.value)

    def keep(self, record: Any) -> bytes | None:  # noqa: ANN401 - aiokafka has no types
        """What of a record stays."""
        value: bytes | None = record.value
        return rest(self.player, record.key, value) if self.theirs(record) else value


def _logs(around: Around) -> list[_Log]:
    return [
        _Log(PLAYER_EVENTS.name, PLAYER_EVENTS.config, around.workers, compacted=False),
        _Log(ENGAGEMENT_SIGNALS.name, ENGAGEMENT_SIGNALS.config, around.deciders, compacted=False),
        _Log(FAILED_EVENTS.name, FAILED_EVENTS.config, None, compacted=False),
        _Log(ADAPTATIONS.name, ADAPTATIONS.config, None, compacted=True),
        _Log(around.changelog, around.changelog_settings, None, compacted=True),
    ]


async def export(logs: Logs, player: str, around: Around) -> dict[str, Any]:
    """Every record and every row of `player`, as far as they can be read; bytes of another kind in Latin-1."""
    kafka: dict[str, list[Any]] = {}
    for log in _logs(around):
        for place in await logs.places(log.topic):
            async for record in logs.read(place):
                if owns(player, record.key, record.value):
                    kafka.setdefault(log.topic, []).append(_shown(record))
    return {"player": player, "kafka": kafka, **await around.held(player)}


def _shown(record: Any) -> dict[str, Any]:  # noqa: ANN401 - aiokafka has no types
    at = datetime.fromtimestamp(record.timestamp / 1000, UTC).isoformat()
    value = (
        None
        if record.value is None
        else record.value.decode("utf-8" if record.value[:1] in b"{[" else "latin-1", "replace")
    )
    return {"partition": record.partition, "offset": record.offset, "time": at, "value": value}


async def erase(logs: Logs, player: str, around: Around) -> Receipt:
    """`player` has left everything; the receipt. Raises `BrokenOffError`; run again, it goes on."""
    asked_at = datetime.now(UTC)
    everything = _logs(around)
    found = {log.topic: await _find(logs, log, _Asked(player, {})) for log in everything}
    held = await around.held(player)
    around.at("looked")
    asked = _Asked(player, {})
    place, offset = await logs.say(PLAYER_EVENTS.name, player)
    asked.bounds[place] = offset
    around.at("said")
    await _passed_on(logs, asked, place, around)
    around.at("passed on")
    stores = []
    for log in everything:
        parts = await (_compact if log.compacted else _rewrite)(logs, log, asked, around)
        left = sum((await _find(logs, log, asked)).values())
        many = sum(found[log.topic].values())
        how = "compacted" if log.compacted else "rewritten"
        stores.append(Store(f"kafka {log.topic}", how, many, max(many - left, 0), left, tuple(parts)))
    after = await around.held(player)
    for store, places in held.items():
        many, left = _many(places), _many(after[store])
        stores.append(Store(store, "erased by the engagement API", many, max(many - left, 0), left))
    return Receipt(
        player_sha256=name_of(player), asked_at=asked_at, finished_at=datetime.now(UTC), stores=tuple(stores)
    )


def _many(places: Mapping[str, Sequence[Any]]) -> int:
    return sum(len(rows) for rows in places.values())


async def _find(logs: Logs, log: _Log, asked: _Asked) -> dict[TopicPartition, int]:
    """How many records of the player lie in which partition."""
    found: dict[TopicPartition, int] = {}
    for place in await logs.places(log.topic):
        async for record in logs.read(place):
            if asked.theirs(record):
                found[place] = found.get(place, 0) + 1
    return found


async def _passed_on(logs: Logs, asked: _Asked, place: TopicPartition, around: Around) -> None:
    """The word has gone through the worker and the API, and lies at the end of all that was told before it."""
    await logs.had(around.workers, place, asked.bounds[place] + 1, WITHIN_S)
    told = await _word(logs, asked.player, ENGAGEMENT_SIGNALS.name)
    if told is None:
        sentence = "The worker has heard that a player is to be forgotten, and did not say so: run it again."
        raise BrokenOffError(sentence)
    asked.bounds[told[0]] = told[1]
    await logs.had(around.deciders, told[0], told[1] + 1, WITHIN_S)
    for topic in (ADAPTATIONS.name, around.changelog):
        if (last := await _word(logs, asked.player, topic)) is not None:
            asked.bounds[last[0]] = last[1]


async def _word(logs: Logs, player: str, topic: str) -> tuple[TopicPartition, int] | None:
    """The newest word that the player is to be forgotten, on a topic."""
    newest = None
    for place in await logs.places(topic):
        async for record in logs.read(place):
            if record.key == player.encode() and record.value is None and before_of(record) is None:
                newest = (place, record.offset)
    return newest


async def _rewrite(logs: Logs, log: _Log, asked: _Asked, around: Around) -> list[Part]:
    """Every partition in which there is anything of the player, anew without it."""
    where = sorted(await _find(logs, log, asked))
    if not where:
        return []
    parts = []
    marks = await logs.mark(where, log.usual)
    around.at(f"{log.topic}: closed")
    for place, end in marks.items():
        began_s = time.monotonic()
        if log.group is not None:
            await logs.had(log.group, place, end, WITHIN_S)
        done = await logs.rewrite(place, end, asked.keep, lambda step: around.at(f"{log.topic}: {step}"))
        parts.append(Part(place.partition, done.removed, done.copied, round(time.monotonic() - began_s, 3)))
    return parts


async def _compact(logs: Logs, log: _Log, asked: _Asked, around: Around) -> list[Part]:
    """The broker compacts every partition in which there is anything of the player, now."""
    where = await _find(logs, log, asked)
    if not where:
        return []
    began_s = time.monotonic()
    await logs.compact(sorted(where), log.usual, lambda record: not asked.theirs(record), COMPACTED_S)
    around.at(f"{log.topic}: compacted")
    took_s = round(time.monotonic() - began_s, 3)
    return [Part(place.partition, removed, 0, took_s) for place, removed in sorted(where.items())]
