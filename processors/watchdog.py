"""Says when a worker can do nothing any more but stop: it is worth less than the one that is started in its place.

Four things were seen to last for ever or to do harm, and none of them ends a worker by itself: a commit whose
search for the group's coordinator hangs after a broker's death; a worker that is in its group but never gets ready; a
producer that has failed for good; and one that was frozen for longer than the broker is patient, which wakes up and
believes that its partitions are still its own. Time stands still for the first two while Kafka does not answer.
"""

from collections.abc import Callable
from time import monotonic
from typing import Final, cast

from aiokafka import AIOKafkaProducer

from processors.batching import ChunkedApp, Consumer
from processors.recovery import Tables

SESSION_S: Final = 6.0
"""How long the broker waits for a silent worker before it gives its partitions away. Faust's own: 60 s."""
COMMIT_S: Final = 20.0
READY_S: Final = 40.0
"""A rebalance takes 10 s at most (its time-out), and a recovery moves all the while."""


class StuckError(Exception):
    """The worker can do nothing any more but stop; the text says what it waits for."""


class Watchdog:
    """Looks at one worker from time to time."""

    def __init__(
        self,
        app: ChunkedApp,
        producer: AIOKafkaProducer,
        ready: Callable[[], bool],
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._app = app
        self._producer = producer
        self._ready = ready
        self._clock = clock
        self._since: dict[str, tuple[object, float]] = {}
        self._seen_s: float | None = None
        self._frozen = False

    def frozen(self) -> bool:
        """Whether nothing here was asked for longer than the broker waits: then everything held may be old."""
        now_s = self._clock()
        self._frozen = self._frozen or (self._seen_s is not None and now_s - self._seen_s > SESSION_S)
        self._seen_s = now_s
        return self._frozen

    def stuck(self, *, kafka_answers: bool) -> str | None:
        """What it has waited for too long, in words."""
        if self.frozen():
            return f"this worker stood still for more than {SESSION_S:.0f} s: its partitions are somebody else's by now"
        sender = self._producer._sender.sender_task  # noqa: SLF001 - aiokafka has no public word for it
        if sender is not None and sender.done():
            return "the producer has failed for good, and nothing more can be told"
        if not kafka_answers:
            self._since.clear()
            return None
        commit = cast("Consumer", self._app.consumer)._commit_fut  # noqa: SLF001 - Faust has no public word for it
        if self._unmoved_s("commit", commit) > COMMIT_S:
            return f"a commit has not ended for {COMMIT_S:.0f} s although Kafka answers"
        if self._unmoved_s("ready", None if self._ready() else self._progress()) > READY_S:
            return f"this worker has not come nearer to being ready for {READY_S:.0f} s although Kafka answers"
        return None

    def _progress(self) -> object:
        read = cast("Tables", self._app.tables).recovery.active_offsets
        return self._app.consumer_generation_id, sum(offset or 0 for offset in read.values())

    def _unmoved_s(self, what: str, thing: object | None) -> float:
        """For how long `thing` is the same; 0 for nothing."""
        now_s = self._clock()
        before = self._since.get(what)
        if thing is None or before is None or before[0] != thing:
            self._since[what] = (thing, now_s)
            return 0.0
        return now_s - before[1]
