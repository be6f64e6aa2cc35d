"""The API's post to Kafka: what remote players sent is safe on the broker when `send` returns, or `LostPostError`.

One producer of its own (acks=all, idempotent), apart from the one of the goals, so that a flood at the gate delays no
goal. Letters of one player travel in the order given. Nothing waits for longer than `PATIENCE_S`, and no more than
`WAITING` requests at once: whoever comes while Kafka is away hears so, and keeps what it has.

Strange: what was given up may still arrive, because aiokafka goes on trying with what it was handed once. The sender
sends it again, and the sequence in every event makes that harmless. How much aiokafka may hold so is bounded by itself:
one batch per partition, and behind a full one whoever sends waits here.
"""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final, Protocol

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from contract.topics import FAILED_EVENTS
from engagement_api.gate import Letter

PATIENCE_S: Final = 4.0
AGAIN_S: Final = 0.5
GOODBYE_S: Final = 1.0
WAITING: Final = 64
log = logging.getLogger(__name__)


class LostPostError(Exception):
    """Not every letter was acknowledged in time; the text is one sentence for the sender."""


class Post(Protocol):
    """What the gate needs of Kafka."""

    async def send(self, letters: Sequence[Letter]) -> None:
        """Every letter is safe when this returns; raises `LostPostError` when one may not be."""


class KafkaPost:
    """The post to one Kafka cluster; `run` keeps it connected."""

    def __init__(self, address: str, *, patience_s: float = PATIENCE_S) -> None:
        self._address = address
        self._patience_s = patience_s
        self._producer: Any = None
        self._broken = asyncio.Event()
        self._waiting = 0

    async def run(self) -> None:
        """Connect, and anew whenever the producer has failed for good; until cancelled."""
        producer: Any = None
        try:
            while True:
                producer = AIOKafkaProducer(
                    bootstrap_servers=self._address,
                    acks="all",
                    enable_idempotence=True,
                    linger_ms=0,
                    max_request_size=FAILED_EVENTS.message_bytes,
                )
                try:
                    await producer.start()
                except KafkaError:
                    pass  # the consumer says once that there is no Kafka
                else:
                    self._broken.clear()
                    self._producer = producer
                    await self._broken.wait()
                self._producer = None
                await _stop(producer)
                await asyncio.sleep(AGAIN_S)
        finally:
            self._producer = None
            await _stop(producer)

    async def send(self, letters: Sequence[Letter]) -> None:
        producer = self._producer  # one for all letters: another may be in its place before the last is handed over
        if producer is None or self._waiting >= WAITING:
            raise LostPostError(_AWAY)
        self._waiting += 1
        answers: list[asyncio.Future[Any]] = []
        try:
            async with asyncio.timeout(self._patience_s):
                for letter in letters:
                    answer = await producer.send(letter.topic, letter.value, key=letter.key)
                    answer.add_done_callback(_look)
                    answers.append(answer)
                if answers:
                    await asyncio.wait(answers)
            for answer in answers:
                answer.result()
        except TimeoutError as fault:
            raise LostPostError(_AWAY) from fault
        except KafkaError as fault:
            log.warning("A letter of a remote player was not taken (%r); connecting anew.", fault)
            if producer is self._producer:  # not the one that has taken its place since
                self._broken.set()
            raise LostPostError(_AWAY) from fault
        finally:
            self._waiting -= 1


_AWAY: Final = "Kafka is away, so nothing of this was accepted. Send it again: what comes twice counts once."


def _look(answer: asyncio.Future[Any]) -> None:
    """Look at an answer that nobody awaits any more, or asyncio complains about its exception."""
    if not answer.cancelled():
        answer.exception()


async def _stop(producer: Any) -> None:  # noqa: ANN401 - aiokafka has no types
    """Let go, also of what can never be flushed."""
    if producer is not None:
        with suppress(KafkaError, TimeoutError):
            await asyncio.wait_for(producer.stop(), GOODBYE_S)
