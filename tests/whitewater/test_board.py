"""The board: what is known of every player while a crowd plays."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

from contract.adaptations import Adaptation, AdaptationDecided
from contract.envelope import Cause, PlayerKind
from contract.signals import Signals, SignalUpdated
from whitewater import news
from whitewater.board import Board, hear, of_interest, percentile
from whitewater.table import cells, line

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


def belief(player: str, kind: PlayerKind = "bot", at_s: float = 0.0) -> SignalUpdated:
    """What is believed about `player`, `at_s` seconds after noon."""
    return SignalUpdated(
        id="1",
        source="test",
        subject=player,
        time=NOON + timedelta(seconds=at_s),
        playerkind=kind,
        sessionid="s",
        sequence=1,
        causetime=NOON,
        because="rapid.finished",
        data=Signals(
            apm=41.6,
            idle_share=0.1,
            success=0.625,
            skill=-0.5,
            skill_sigma=0.4,
            flow_gap=0.2,
            streak=-2,
            last3=0,
            rounds=3,
            difficulty=0.1,
            in_round=True,
            rapid=2,
            attempt=1,
            stuck_s=12.0,
            intensity=0.3,
            pace_state="build_up",
        ),
    )


def answer(player: str, after_ms: float) -> AdaptationDecided:
    """The river's answer to `player`, decided `after_ms` after its cause at noon."""
    return AdaptationDecided(
        id="2",
        source="test",
        subject=player,
        time=NOON + timedelta(milliseconds=after_ms),
        data=Adaptation(
            revision=1,
            difficulty=-0.2,
            grade="II",
            pace=0.5,
            because="You were swamped twice.",
            evidence={"streak": -2.0},
            policy="P2",
            arm="P2",
            expires=NOON + timedelta(hours=1),
            cause=Cause("s", 1, NOON),
        ),
    )


def test_a_belief_and_an_answer_meet_in_one_row() -> None:
    """The newest of each, in words."""
    board = hear(hear(Board(), belief("ann")), answer("ann", 12.0))
    row = board.rows["ann"]
    assert cells(row) == ("ann", "II", "-0.50", "62%", "42", "-2", "build up", "12 ms", "You were swamped twice.")


def test_an_answer_may_come_before_any_belief() -> None:
    """The stream is for onlookers: it begins in the middle."""
    row = hear(Board(), answer("ann", 5.0)).rows["ann"]
    assert cells(row, "ann")[:3] == ("ann (autopilot)", "II", "")


def test_the_first_stands_on_top_then_people_then_whoever_was_seen_last() -> None:
    """Four rows, three shown."""
    board = Board()
    for told in (belief("mine"), belief("old", at_s=1), belief("new", at_s=9), belief("eve", "human", at_s=2)):
        board = hear(board, told)
    assert [row.player for row in of_interest(board, 3, first="mine")] == ["mine", "eve", "new"]


def test_the_line_tells_counts_and_latency() -> None:
    """Four answers after 10, 20, 30 and 40 ms: half of them within 30."""
    board = hear(Board(), belief("ann"))
    for after_ms in (10.0, 20.0, 30.0, 40.0):
        board = hear(board, answer("ann", after_ms))
    assert line(board) == "1 players, 1 beliefs told, 4 answers of the river, answered after 30 ms (p99 40 ms)"


def test_a_percentile_of_nothing_is_nothing() -> None:
    """And of one value that value."""
    assert percentile((), 0.5) is None
    assert percentile((7.0,), 0.99) == 7.0


async def test_server_sent_events_are_read_piece_by_piece() -> None:
    """A name, data over two lines, a comment, an event without data."""

    async def lines() -> AsyncIterator[str]:
        for each in ("event: signals", "data: [", "data: ]", "", ": a comment", "event: nothing", "", "data: x", ""):
            yield each

    assert [pair async for pair in news.events(lines())] == [("signals", "[]"), ("", "x")]
    assert news.read("signals", "[]") == []
    assert news.read("weather", "rain") == []
