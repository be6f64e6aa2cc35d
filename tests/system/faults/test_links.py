"""Faults between the parts and in what is sent, three seeds each."""

from pathlib import Path

from tests.system.faults.runs import every_promise_holds


def test_links_and_messages_may_be_bad(tmp_path: Path) -> None:
    """Links cut or slow, poison, copies in disorder, wrong clocks, readers who never read: all promises hold."""
    every_promise_holds(tmp_path, "partition", "slow-link", "poison", "duplicates", "clock-skew", "slow-readers")
