"""The Kafka door: parcels become one batch per partition, and one request per broker.

The key is the player, and the partition is the one that every Kafka client would choose (murmur2), so a player's events
stay in order whoever sends them. aiokafka's `send` makes a future and a handful of awaits for each event; batches built
here and handed over whole cost a quarter of that (benchmarks/produce.py).

acks=all and the idempotent producer, because aiokafka's defaults (acks=1, none) lose and repeat. While one producer
lives, its retries repeat nothing in the log, so it is given `patience_s` to get through a broker's restart by itself.
Only then, or when the broker refuses for good, is it given up, and what was in flight is sent again by the next one:
it may be in the log twice, and the sequence in every event makes that harmless.

Strange: aiokafka has no way to give up. `stop` waits for the flush of what can never leave, so `_abandon` reaches
inside: first the sender, lest it deliver behind our back, then the connections, then the futures.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, Final

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from aiokafka.partitioner import murmur2
from aiokafka.producer.message_accumulator import BatchBuilder

from contract.topics import PLAYER_EVENTS
from producers.emitter import Emitter
from producers.port import AwayError, Parcel
from producers.spool import open_spool

START_S: Final = 10.0
PATIENCE_S: Final = 30.0
BATCH_BYTES: Final = 900 * 1024
"""Below the 1 MiB that a broker takes by default, with room for what surrounds the records."""
WINDOW_EVENTS: Final = 2_000
KNOWN_PLAYERS: Final = 100_000
GIVE_UP_S: Final = 1.0

_Answer = asyncio.Future[Any]

Address = Callable[[], Awaitable[str]]
"""Says where Kafka is (host:port) each time a connection is begun; raises `AwayError` when nobody knows."""


def at(address: str) -> Address:
    """An address that is known beforehand."""

    async def known() -> str:
        return address

    return known


def kafka_emitter(address: str | Address, *, spool: Path | None, linger_ms: float = 0.0) -> Emitter:
    """An emitter to the topic of player events; enter it with `async with`, then `emit`."""
    stream = KafkaStream(at(address) if isinstance(address, str) else address)
    return Emitter(stream, None if spool is None else open_spool(spool), linger_ms=linger_ms)


def partition_of(key: bytes, partitions: int) -> int:
    """The partition of a key, as every Kafka client's default partitioner chooses it."""
    return int((murmur2(key) & 0x7FFFFFFF) % partitions)


class KafkaStream:
    """The topic of player events on one Kafka cluster, as a `producers.port.Stream`."""

    most = WINDOW_EVENTS

    def __init__(self, address: Address, *, topic: str = PLAYER_EVENTS.name, patience_s: float = PATIENCE_S) -> None:
        self._address = address
        self._topic = topic
        self._patience_s = patience_s
        self._producer: AIOKafkaProducer | None = None
        self._partitions = 0
        self._places: dict[str, tuple[int, bytes]] = {}

    async def start(self) -> None:
        # aiokafka writes a line for every attempt while a broker is away; the emitter says it once.
        logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
        address = await self._address()
        self._producer = AIOKafkaProducer(
            bootstrap_servers=address, acks="all", enable_idempotence=True, linger_ms=0, max_batch_size=BATCH_BYTES
        )
        try:
            async with asyncio.timeout(START_S):
                await self._producer.start()
                partitions = len(await self._producer.partitions_for(self._topic))
        except (KafkaError, OSError, TimeoutError) as fault:
            await self.stop()
            sentence = f"no {self._topic} on Kafka at {address} ({type(fault).__name__})"
            raise AwayError(sentence) from fault
        except asyncio.CancelledError:
            await self.stop()
            raise
        if partitions != self._partitions:
            self._partitions = partitions
            self._places.clear()

    async def send(self, parcels: Sequence[Parcel]) -> Sequence[Parcel]:
        """Deliver in rounds of one batch per partition; usually one round takes everything."""
        rest = list(parcels)
        while rest:
            sent, rest = await self._round(rest)
            if failed := await self._failed(sent):
                back = {id(parcel) for parcel in (*failed, *rest)}
                return [parcel for parcel in parcels if id(parcel) in back]
        return []

    async def stop(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            await _abandon(producer)

    async def _round(self, parcels: Sequence[Parcel]) -> tuple[list[tuple[_Answer, list[Parcel]]], list[Parcel]]:
        """One batch per partition on its way, with its answer; and the parcels that found their batch full."""
        producer = self._producer
        if producer is None:
            raise AssertionError
        batches: dict[int, tuple[BatchBuilder, list[Parcel]]] = {}
        rest: list[Parcel] = []
        for parcel in parcels:
            partition, key = self._places.get(parcel.player) or self._place(parcel.player)
            batch = batches.get(partition)
            if batch is None:
                batch = batches[partition] = (producer.create_batch(), [])
            if batch[0].append(timestamp=None, key=key, value=parcel.value) is None:
                rest.append(parcel)
            else:
                batch[1].append(parcel)
        sent: list[tuple[_Answer, list[Parcel]]] = []
        for partition, (builder, inside) in batches.items():
            try:
                answer = await producer.send_batch(builder, self._topic, partition=partition)
            except KafkaError as fault:  # a producer that has failed for good says so here
                answer = asyncio.get_running_loop().create_future()
                answer.set_exception(fault)
            answer.add_done_callback(_look)
            sent.append((answer, inside))
        return sent, rest

    async def _failed(self, sent: list[tuple[_Answer, list[Parcel]]]) -> list[Parcel]:
        """The parcels whose batch was refused, or not answered within our patience."""
        await asyncio.wait([answer for answer, _ in sent], timeout=self._patience_s)
        return [
            parcel
            for answer, inside in sent
            if not answer.done() or answer.exception() is not None
            for parcel in inside
        ]

    def _place(self, player: str) -> tuple[int, bytes]:
        """The partition and key of a player; remembered, because murmur2 in Python costs more than all the rest."""
        if len(self._places) >= KNOWN_PLAYERS:
            self._places.clear()
        key = player.encode()
        self._places[player] = place = (partition_of(key, self._partitions), key)
        return place


def _look(answer: _Answer) -> None:
    """Look at an answer that nobody awaits any more, or asyncio complains about its exception."""
    if not answer.cancelled():
        answer.exception()


async def _abandon(producer: AIOKafkaProducer) -> None:
    sender = producer._sender.sender_task  # noqa: SLF001 - no public way to give up, see above
    if sender is not None and not sender.done():
        sender.cancel()
        await producer.client.close()
        if not (await asyncio.wait({sender}, timeout=GIVE_UP_S))[0]:
            sender.cancel()
            await asyncio.wait({sender}, timeout=GIVE_UP_S)
    gathered = producer._message_accumulator  # noqa: SLF001 - the same
    pending = gathered._pending_batches  # noqa: SLF001
    # A batch that was tried and put back into line is no longer pending, yet when it is settled aiokafka takes it from
    # there, and the event loop would complain of the KeyError on the player's terminal.
    pending.update(chain.from_iterable(gathered._batches.values()))  # noqa: SLF001
    for batch in pending:
        batch.done_noack()
    await producer.stop()
