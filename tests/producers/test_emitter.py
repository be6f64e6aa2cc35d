"""The pump between everybody who tells and the stream, on a clock that jumps."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from producers.emitter import Emitter
from producers.spool import Spool
from tests.producers.jumping import JumpingLoop, moments
from tests.producers.shore import Shore
from tests.producers.told import told


@pytest.fixture
def loop() -> Iterator[JumpingLoop]:
    """A loop on which nobody waits."""
    loop = JumpingLoop()
    yield loop
    loop.close()


def test_events_arrive_once_and_in_order(loop: JumpingLoop) -> None:
    """Three events to a stream that is there."""
    shore = Shore()

    async def play() -> None:
        async with Emitter(shore, None) as emitter:
            for number in (1, 2, 3):
                emitter.emit(told("p", number))
        assert emitter.account.runs() == {"s-p": ((1, 3),)}
        assert sum(times for _, times in emitter.account.news_ms()) == 3

    loop.run(play())
    assert shore.sequences("p") == [1, 2, 3]


def test_a_crowd_lingers_so_that_events_travel_together(loop: JumpingLoop) -> None:
    """Events 4 ms apart, 10 ms of patience: they leave in two calls, not in six."""
    shore = Shore()

    async def play() -> None:
        async with Emitter(shore, None, linger_ms=10) as emitter:
            await moments(0.001)
            for number in range(1, 7):
                emitter.emit(told("p", number))
                await moments(0.004)
            await moments(0.020)

    loop.run(play())
    assert shore.calls == [3, 3]


def test_no_call_is_larger_than_the_stream_allows(loop: JumpingLoop, tmp_path: Path) -> None:
    """Seven events, from memory and from disk, to a stream that takes three at a time."""
    shore = Shore(most=3)
    shore.there = False

    async def play() -> None:
        async with Emitter(shore, Spool(tmp_path)) as emitter:
            for number in range(1, 8):
                emitter.emit(told("p", number))
            await moments(2)
            shore.there = True
            await moments(10)
            for number in range(8, 15):
                emitter.emit(told("p", number))

    loop.run(play())
    assert shore.calls == [3, 3, 1, 3, 3, 1]
    assert shore.sequences("p") == list(range(1, 15))


def test_a_stream_away_at_the_start_gets_everything_later(
    loop: JumpingLoop, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Two sentences in the log, one when it is away and one when it is back; the events lie on disk meanwhile."""
    shore = Shore()
    shore.there = False

    async def play() -> None:
        async with Emitter(shore, Spool(tmp_path)) as emitter:
            for number in range(1, 31):
                emitter.emit(told("p", number))
                await moments(1)
            assert emitter.state == "away"
            assert emitter.outbox.spooled >= 29
            shore.there = True
            await moments(10)
            assert (emitter.state, emitter.outbox.held) == ("connected", 0)

    with caplog.at_level(logging.WARNING):
        loop.run(play())
    assert shore.sequences("p") == list(range(1, 31))
    assert ["nobody on the shore; events wait" in caplog.messages[0], "the stream is back" in caplog.messages[1]] == [
        True,
        True,
    ]
    assert len(caplog.messages) == 2


def test_what_the_stream_returns_is_sent_again_in_order(loop: JumpingLoop) -> None:
    """It takes two of five; the other three come after them, before anything newer."""
    shore = Shore()
    shore.takes = 2

    async def play() -> None:
        async with Emitter(shore, None) as emitter:
            for number in range(1, 6):
                emitter.emit(told("p", number))
            await moments(0.01)
            emitter.emit(told("p", 6))
            await moments(5)

    loop.run(play())
    assert shore.sequences("p") == [1, 2, 3, 4, 5, 6]


def test_an_answer_that_is_slow_moves_everything_to_disk_and_still_counts(loop: JumpingLoop, tmp_path: Path) -> None:
    """After a second the flight lies on disk too; when its answer comes, it is deleted there and not sent again."""
    shore = Shore()
    shore.slow_s = 4.0

    async def play() -> None:
        async with Emitter(shore, Spool(tmp_path)) as emitter:
            emitter.emit(told("p", 1))
            await moments(0.5)
            emitter.emit(told("p", 2))
            await moments(2)
            assert (emitter.state, emitter.outbox.spooled) == ("away", 2)
            await moments(10)
            assert emitter.outbox.held == 0

    loop.run(play())
    assert shore.sequences("p") == [1, 2]
    assert list(tmp_path.rglob("*.jsonl")) == []


def test_what_cannot_leave_before_the_end_is_delivered_by_the_next_run_first(
    loop: JumpingLoop, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The game ends while the stream is away; the next game brings the old events, then its own."""
    shore = Shore()

    async def play(first: int) -> None:
        async with Emitter(shore, Spool(tmp_path)) as emitter:
            emitter.emit(told("p", first))
            emitter.emit(told("p", first + 1))

    shore.there = False
    loop.run(play(1))
    assert "2 events wait for the next start" in caplog.text
    shore.there = True
    loop.run(play(3))
    assert shore.sequences("p") == [1, 2, 3, 4]


def test_without_a_spool_what_cannot_leave_is_given_up_in_one_sentence(
    loop: JumpingLoop, caplog: pytest.LogCaptureFixture
) -> None:
    """No disk, no stream, end of the game."""
    shore = Shore()
    shore.there = False

    async def play() -> None:
        async with Emitter(shore, None) as emitter:
            emitter.emit(told("p", 1))

    loop.run(play())
    assert "1 given up with this process" in caplog.messages[-1]
