"""What a topic sets for itself, changed for a moment and put back whatever happens.

`segment.ms=1` closes a segment with the next record. It is nothing that anybody would choose, so it also says, after a
crash, that somebody was killed before things were put back: then they are put back to what is `usual`. All settings of
a topic go to the broker at once, because aiokafka knows that request alone.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Final

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import for_code

AGAIN_S: Final = 0.1
SETTLE_S: Final = 0.3
"""A setting that is there is in force a moment later."""
OWN: Final = 1
"""How Kafka marks a setting that is the topic's own."""
CLOSE: Final = {"segment.ms": "1"}
COMPACT: Final = {
    **CLOSE,
    "min.cleanable.dirty.ratio": "0.0",
    "max.compaction.lag.ms": "1",
    "delete.retention.ms": "0",
}


class TopicSettings:
    """The settings of every topic, by one admin client."""

    def __init__(self, admin: AIOKafkaAdminClient) -> None:
        self._admin = admin

    @asynccontextmanager
    async def set(self, topic: str, changed: Mapping[str, str], usual: Mapping[str, str]) -> AsyncIterator[None]:
        """The topic has these settings for the length of a block, and its own again after it."""
        own = await self.of(topic)
        if own.get("segment.ms") == CLOSE["segment.ms"]:  # somebody was killed in this very place
            own = {name: value for name, value in own.items() if name not in COMPACT} | {
                name: value for name, value in usual.items() if name in COMPACT
            }
        try:
            await self._alter(topic, own | dict(changed))
            while (await self.of(topic)).get("segment.ms") != changed["segment.ms"]:  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(AGAIN_S)
            await asyncio.sleep(SETTLE_S)
            yield
        finally:
            await asyncio.shield(self._alter(topic, own))

    async def of(self, topic: str) -> dict[str, str]:
        """What the topic sets for itself."""
        (answer,) = await self._admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic)])
        return {name: value for name, value, _, source, *_ in answer.resources[0][4] if source == OWN}

    async def _alter(self, topic: str, settings: Mapping[str, str]) -> None:
        resource = ConfigResource(ConfigResourceType.TOPIC, topic, dict(settings))
        (answer,) = await self._admin.alter_configs([resource])
        for code, words, *_ in answer.resources:
            if code:
                fault = f"the settings of {topic}: {words}"
                raise for_code(code)(fault)
