"""Refusals and settlements put on their topic by hand, for the page."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from contract.codec import encode
from contract.failures import EventFailed, Failure, FailureSettled, Reason, Settlement
from contract.topics import FAILED_EVENTS
from tests.system.api_process import speaking


def refuse(kafka: str, name: str, player: str, original: str) -> None:
    """Something of a player's is no JSON."""
    data = Failure(
        reason=Reason.NOT_JSON, detail="no", original=original.encode(), topic="player-events", partition=0, offset=0
    )
    _put(kafka, EventFailed(id=name, source="/test", subject=player, time=datetime.now(UTC), data=data))


def settle(kafka: str, name: str, player: str) -> None:
    """Somebody has looked, and dropped it."""
    data = Settlement(failure=name, reason=Reason.NOT_JSON, how="dropped", by="nobody")
    _put(kafka, FailureSettled(id=name, source="/test", subject=player, time=datetime.now(UTC), data=data))


def _put(kafka: str, message: EventFailed | FailureSettled) -> None:
    async def told() -> None:
        async with speaking(kafka) as producer:
            await producer.send_and_wait(FAILED_EVENTS.name, encode(message), key=message.subject.encode())

    with ThreadPoolExecutor(1) as elsewhere:  # this thread's event loop is the browser's
        elsewhere.submit(lambda: asyncio.run(told())).result()
