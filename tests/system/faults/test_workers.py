"""Faults of the workers, three seeds each."""

from pathlib import Path

from tests.system.faults.runs import every_promise_holds


def test_workers_may_be_killed_lost_or_frozen(tmp_path: Path) -> None:
    """One, one for good, all with a backlog, one that wakes up a zombie: every event has its effect once."""
    every_promise_holds(tmp_path, "worker-killed", "worker-lost", "workers-killed", "worker-frozen")
