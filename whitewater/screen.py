"""The live display: a table that renews itself on a terminal, a line now and then anywhere else."""

import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from rich.console import Console
from rich.live import Live
from rich.table import Table

from contract.adaptations import AdaptationDecided
from contract.codec import encode
from contract.signals import SignalUpdated
from whitewater import board as boards
from whitewater.table import line, table

PER_S: Final = 2
LINE_EVERY_S: Final = 5.0


class Screen:
    """Shows the board that `heard` keeps up to date, for as long as it is entered."""

    def __init__(self, console: Console, title: str, first: str | None = None) -> None:
        self.board = boards.Board()
        self._console = console
        self._title = title
        self._first = first
        self._said_s = time.monotonic()
        self._words: list[str] = []
        self._live = Live(console=console, get_renderable=self._table, refresh_per_second=PER_S, transient=False)

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._console.is_terminal:
            self._live.stop()
        else:
            self.say(line(self.board))

    def heard(self, news: SignalUpdated | AdaptationDecided) -> None:
        """Takes in one piece of news, and shows it in time."""
        self.board = boards.hear(self.board, news)
        if not self._console.is_terminal and time.monotonic() - self._said_s > LINE_EVERY_S:
            self._said_s = time.monotonic()
            self.say(line(self.board))

    def say(self, words: str) -> None:
        """A sentence above the table."""
        self._words.append(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} {words}")
        self._console.print(words, markup=False)

    def keep(self, log: Path) -> None:
        """Writes down what was said, and how the board looked in the end."""
        log.write_text("\n".join([*self._words, ""]), encoding="utf-8")

    def _table(self) -> Table:
        return table(self.board, self._title, self._first)


def as_line(news: SignalUpdated | AdaptationDecided) -> None:
    """One message as a line of JSON on standard output."""
    sys.stdout.buffer.write(encode(news) + b"\n")
    sys.stdout.buffer.flush()
