"""Faust's recovery of tables, less its one way of stopping in silence; and the table, restored chunk by chunk.

Before a table is restored Faust asks the broker where its changelog begins and ends, and gives each answer 15 s. When
one takes longer, mode's `wait_first` reports that the service was stopped, the recovery believes it and ends, and the
worker stays in its group for ever, neither ready nor fallen. Here that is a crash: whoever watches over the worker
starts it again, and it asks anew. It refuses to try again in place, because what was half asked may still be answered.
"""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, cast

import faust
from aiokafka.structs import ConsumerRecord
from faust.exceptions import ConsistencyError
from faust.tables.manager import TableManager
from faust.tables.recovery import Recovery, ServiceStopped
from faust.types import EventT

from processors.batching import Chunk


class UnansweredError(ConsistencyError):
    """The broker did not say in time where a changelog begins or ends."""


class Recovering(Recovery):
    """A recovery that is done, is begun anew, or ends the worker."""

    async def _wait(self, coro: Any, timeout: Any = None) -> None:  # noqa: ANN401, ASYNC109 - Faust's own signature
        try:
            await super()._wait(coro, timeout)
        except ServiceStopped:
            if self.should_stop or timeout is None:
                raise
            sentence = f"the broker left a question about the changelog unanswered for {timeout:.0f} s"
            raise UnansweredError(sentence) from None


class Tables(TableManager):
    """Faust's tables, with that recovery."""

    @property
    def recovery(self) -> Recovery:
        """The one recovery of these tables."""
        if self._recovery is None:
            self._recovery = Recovering(self.app, self, beacon=self.beacon, loop=self.loop)
        return self._recovery


class _Entry(NamedTuple):
    """One record of a changelog, as the store takes it from an event."""

    key: bytes
    value: bytes | None
    message: ConsumerRecord


class Recalled(faust.Table[bytes, bytes]):
    """A table whose changelog comes in chunks (give it the schema `AsFetched`): one event brings many entries.

    Of two values for one key the one folded further counts (`offset_of`), not the later: a worker that was frozen and
    woke up may have written after whoever took its partitions over.
    """

    offset_of: Callable[[bytes], int] = staticmethod(lambda _: 0)

    def apply_changelog_batch(self, batch: Iterable[EventT[Any]]) -> None:
        chunks = (cast("Chunk", event.value) for event in batch)
        records = (record for chunk in chunks for record in chunk)
        entries = (_Entry(record.key, record.value, record) for record in records if self._is_news(record))
        super().apply_changelog_batch(cast("Iterable[EventT[Any]]", entries))  # all that is looked at of an event

    def _is_news(self, record: ConsumerRecord) -> bool:
        held = cast("Any", self.data).data.get(record.key)
        return not (held and record.value) or self.offset_of(record.value) >= self.offset_of(held)

    def drop(self, key: bytes) -> None:
        """Have nothing under `key` any more; the changelog is told by whoever calls this."""
        cast("Any", self.data).data.pop(key, None)
