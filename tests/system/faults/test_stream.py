"""Faults of the broker and of the stream, three seeds each."""

from pathlib import Path

from tests.system.faults.runs import every_promise_holds


def test_the_broker_may_be_killed_and_the_stream_away(tmp_path: Path) -> None:
    """The broker, a link with a hundred thousand events waiting behind it, full disks: all of it arrives."""
    every_promise_holds(tmp_path, "broker-killed", "stream-away", "disk-full")
