"""When a worker is given up: a commit that hangs, a recovery that stands still, and a sleep that was too long."""

from types import SimpleNamespace
from typing import cast

from processors.batching import ChunkedApp
from processors.watchdog import COMMIT_S, READY_S, SESSION_S, Watchdog

TURN_S = 2.0


class Task:
    """The producer's, which never ends by itself."""

    ended = False

    def done(self) -> bool:
        """Whether it has."""
        return self.ended


class Worker:
    """What the watchdog looks at, and a clock that is turned by hand."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.ready = True
        self.consumer = SimpleNamespace(_commit_fut=None)
        self.recovery = SimpleNamespace(active_offsets={"changelog-0": None})
        tables = SimpleNamespace(recovery=self.recovery)
        app = SimpleNamespace(consumer=self.consumer, tables=tables, consumer_generation_id=1)
        self.sender = SimpleNamespace(sender_task=Task())
        producer = SimpleNamespace(_sender=self.sender)
        self.watchdog = Watchdog(cast("ChunkedApp", app), producer, lambda: self.ready, lambda: self.now_s)

    def wait(self, seconds: float, *, kafka_answers: bool = True) -> str | None:
        """Looks every two seconds for so long; the last answer."""
        answer = self.watchdog.stuck(kafka_answers=kafka_answers)
        for _ in range(int(seconds / TURN_S)):
            self.now_s += TURN_S
            answer = self.watchdog.stuck(kafka_answers=kafka_answers)
        return answer


def test_a_worker_that_does_its_work_is_left_alone() -> None:
    """Commits come and go."""
    worker = Worker()
    for _ in range(20):
        worker.consumer._commit_fut = object()
        assert worker.wait(COMMIT_S / 2) is None


def test_a_commit_that_hangs_is_given_up_only_while_kafka_answers() -> None:
    """Its time begins anew when Kafka is back."""
    worker = Worker()
    worker.consumer._commit_fut = object()
    assert worker.wait(COMMIT_S * 3, kafka_answers=False) is None
    assert worker.wait(COMMIT_S) is None
    assert "a commit has not ended" in (worker.wait(TURN_S) or "")


def test_a_worker_that_never_gets_ready_is_given_up_unless_its_recovery_moves() -> None:
    """A long changelog is no fault."""
    worker = Worker()
    worker.ready = False
    for offset in range(5):
        worker.recovery.active_offsets["changelog-0"] = offset
        assert worker.wait(READY_S) is None
    assert "not come nearer to being ready" in (worker.wait(TURN_S) or "")


def test_a_worker_that_slept_longer_than_the_broker_waits_never_writes_again() -> None:
    """Asked at once after it woke, and ever after: its partitions may be somebody else's."""
    worker = Worker()
    assert not worker.watchdog.frozen()
    worker.now_s += SESSION_S
    assert not worker.watchdog.frozen()
    worker.now_s += SESSION_S + 0.1
    assert worker.watchdog.frozen()
    assert worker.watchdog.frozen()
    assert "stood still" in (worker.wait(0.0) or "")


def test_the_time_before_the_first_look_is_no_sleep() -> None:
    """Kafka may have let the worker wait."""
    worker = Worker()
    worker.now_s += 10 * SESSION_S
    assert not worker.watchdog.frozen()


def test_a_worker_whose_producer_has_failed_is_given_up_at_once() -> None:
    """Every later send would be refused, and every retry with it."""
    worker = Worker()
    assert worker.wait(TURN_S) is None
    worker.sender.sender_task.ended = True
    assert "failed for good" in (worker.wait(0.0) or "")
