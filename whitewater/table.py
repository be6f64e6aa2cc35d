"""How a board looks: a table where there is a terminal, a line where there is none."""

from rich.table import Table

from whitewater.board import Board, Row, of_interest, percentile

ROWS = 16


def table(board: Board, title: str, first: str | None = None) -> Table:
    """The players of most interest, each with what is believed and how the river answered."""
    shown = Table(title=title, caption=line(board), title_justify="left", caption_justify="left", expand=True)
    shown.add_column("player", no_wrap=True)
    for name in ("class", "skill", "success", "apm", "run", "pace", "answer"):
        shown.add_column(name, justify="right", no_wrap=True)
    shown.add_column("because", ratio=1, no_wrap=True)
    for row in of_interest(board, ROWS, first):
        shown.add_row(*cells(row, first), style="bold cyan" if row.player == first else None)
    return shown


def cells(row: Row, first: str | None = None) -> tuple[str, ...]:
    """One player's row, in words."""
    name = f"{row.player} (autopilot)" if row.player == first else row.player
    goal, signals = row.goal, row.signals
    believed = ("", "", "", "", "")
    if signals is not None:
        believed = (
            f"{signals.skill:+.2f}",
            f"{signals.success:.0%}",
            f"{signals.apm:.0f}",
            f"{signals.streak:+d}",
            signals.pace_state.replace("_", " "),
        )
    answered = "" if row.answered_ms is None else f"{row.answered_ms:.0f} ms"
    return (name, goal.grade if goal else "", *believed, answered, goal.because if goal else "")


def line(board: Board) -> str:
    """The board in one line."""
    middle, slow = percentile(board.latencies_ms, 0.5), percentile(board.latencies_ms, 0.99)
    latency = "" if middle is None or slow is None else f", answered after {middle:.0f} ms (p99 {slow:.0f} ms)"
    return f"{len(board.rows)} players, {board.beliefs} beliefs told, {board.answers} answers of the river{latency}"
