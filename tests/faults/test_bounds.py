"""The bounds of memory, where who comes to a run has a share in them."""

from msgspec.structs import replace

from faults.bounds import memory_and_disk_are_bounded
from faults.evidence import Process
from tests.faults.sound import PLAN, evidence


def test_frames_wait_for_each_reader_that_never_reads() -> None:
    """An API that grew by 200 MB is too large for thirteen events, and not for a hundred sleepers; at 500 it is."""
    grown = replace(evidence(), parts={"api": Process(280.0, 80.0)})
    assert [each.sentence for each in memory_and_disk_are_bounded(PLAN, grown)] == [
        "api grew by 200 MB over 13 events, 160 at the most"
    ]
    slept_at = replace(PLAN, sleepers=100)
    assert not list(memory_and_disk_are_bounded(slept_at, grown))
    assert list(memory_and_disk_are_bounded(slept_at, replace(evidence(), parts={"api": Process(580.0, 80.0)})))
