"""What is known of every player while a crowd plays: the newest belief, the newest answer of the river, and how fast.

A heart: news in, board out. `watch` and `demo` show the same board; how it looks is `table`'s business.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from contract.adaptations import Adaptation, AdaptationDecided
from contract.envelope import PlayerKind
from contract.signals import Signals, SignalUpdated

LATENCIES: Final = 2_000
"""So many of the newest are remembered."""


class Row(Struct, frozen=True):
    """One player."""

    player: str
    kind: PlayerKind | None = None
    signals: Signals | None = None
    goal: Adaptation | None = None
    answered_ms: float | None = None
    """From the event behind the newest answer to its deciding."""
    seen: datetime | None = None


class Board(Struct, frozen=True):
    """All players, and what the river did altogether."""

    rows: Mapping[str, Row] = {}
    beliefs: int = 0
    answers: int = 0
    latencies_ms: tuple[float, ...] = ()


def hear(board: Board, news: SignalUpdated | AdaptationDecided) -> Board:
    """The board after one piece of news."""
    row = board.rows.get(news.subject, Row(news.subject))
    match news:
        case SignalUpdated():
            row = replace(row, kind=news.playerkind, signals=news.data, seen=news.time)
            return replace(board, rows={**board.rows, news.subject: row}, beliefs=board.beliefs + 1)
        case AdaptationDecided():
            answered_ms = (news.time - news.data.cause.time).total_seconds() * 1000
            row = replace(row, goal=news.data, answered_ms=answered_ms, seen=news.time)
            return replace(
                board,
                rows={**board.rows, news.subject: row},
                answers=board.answers + 1,
                latencies_ms=(*board.latencies_ms[1 - LATENCIES :], answered_ms),
            )


def of_interest(board: Board, most: int, first: str | None = None) -> list[Row]:
    """At most `most` rows: `first` on top, then people, then whoever was seen last."""
    rows = [row for row in board.rows.values() if row.seen is not None]
    rows.sort(key=lambda row: row.seen.timestamp() if row.seen else 0.0, reverse=True)
    rows.sort(key=lambda row: (row.player != first, row.kind != "human"))
    return rows[:most]


def percentile(values: tuple[float, ...], share: float) -> float | None:
    """The value that `share` (0 to 1) of them do not exceed; None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]
