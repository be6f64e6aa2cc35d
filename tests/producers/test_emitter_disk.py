"""The emitter and its disk: full, damaged, or filled for ten minutes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from producers.emitter import Emitter
from producers.outbox import Outbox
from producers.spool import Spool
from tests.producers.jumping import JumpingLoop, moments
from tests.producers.shore import Shore
from tests.producers.told import line, told


@pytest.fixture
def loop() -> Iterator[JumpingLoop]:
    """A loop on which nobody waits."""
    loop = JumpingLoop()
    yield loop
    loop.close()


class FullDisk(Spool):
    """A spool whose disk has no room while `full`."""

    full = True

    def append(self, lines: list[bytes]) -> None:  # type: ignore[override] - a list is what it is given
        """Refuse, or do as a spool does."""
        if self.full:
            fault = "No space left on device"
            raise OSError(fault)
        super().append(lines)


def test_a_full_disk_is_one_sentence_and_memory_is_the_bound(
    loop: JumpingLoop, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Room for four in memory: outcomes stay, later strokes go, and when there is room again all moves to disk."""
    shore, disk = Shore(), FullDisk(tmp_path)
    shore.there = False

    async def play() -> None:
        async with Emitter(shore, disk, empty=Outbox(memory_events=4, spool_events=100)) as emitter:
            emitter.emit(told("p", 1))
            await moments(3)
            emitter.emit(told("p", 2))
            emitter.emit(told("p", 3, stroke=True))
            emitter.emit(told("p", 4))
            await moments(3)
            assert (emitter.outbox.waiting, emitter.outbox.spooled, emitter.outbox.dropped) == (3, 0, 1)
            disk.full = False
            await moments(3)
            assert (emitter.outbox.waiting, emitter.outbox.spooled) == (0, 3)
            shore.there = True
            await moments(10)

    loop.run(play())
    assert shore.sequences("p") == [1, 2, 4]
    assert sum("the disk takes no more events" in message for message in caplog.messages) == 1


def test_damaged_lines_in_the_spool_are_counted_as_lost_and_the_rest_arrives(
    loop: JumpingLoop, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The second of three lines is no event."""
    spool = Spool(tmp_path)
    spool.append([line("p", 1), b'{"no":"event"}', line("p", 3)])
    shore = Shore()

    async def play() -> None:
        async with Emitter(shore, spool) as emitter:
            await moments(1)
            assert (emitter.outbox.held, emitter.outbox.lost) == (0, 1)

    loop.run(play())
    assert shore.sequences("p") == [1, 3]
    assert "1 damaged events" in caplog.text


def test_too_much_for_memory_goes_to_disk_though_the_stream_is_there(loop: JumpingLoop, tmp_path: Path) -> None:
    """Memory is bounded at ten: a burst of fifty passes through the disk, in order."""
    shore = Shore(most=5)

    async def play() -> None:
        async with Emitter(shore, Spool(tmp_path), empty=Outbox(memory_events=10, spool_events=100)) as emitter:
            await moments(0.01)
            for number in range(1, 51):
                emitter.emit(told("p", number))
            await moments(1)
            assert emitter.outbox.held == 0

    loop.run(play())
    assert shore.sequences("p") == list(range(1, 51))


def test_ten_minutes_without_a_stream_cost_a_crowd_nothing_but_strokes(loop: JumpingLoop, tmp_path: Path) -> None:
    """200 outcomes a second for ten minutes are 120,000: all of them wait on disk and arrive in order."""
    shore = Shore()
    shore.there = False

    async def play() -> None:
        async with Emitter(shore, Spool(tmp_path)) as emitter:
            for second in range(600):
                for number in range(200 * second + 1, 200 * second + 201):
                    emitter.emit(told("p", number))
                await moments(1)
            assert (emitter.outbox.held, emitter.outbox.lost) == (120_000, 0)
            assert emitter.outbox.waiting <= 400
            shore.there = True
            await moments(10)

    loop.run(play())
    assert shore.sequences("p") == list(range(1, 120_001))
