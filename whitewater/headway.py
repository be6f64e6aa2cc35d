"""How far an experiment is: a bar that moves on a terminal, a line now and then anywhere else."""

import time
from types import TracebackType
from typing import Final, Self

from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from experiments.cells import Plan, cells_of, lives
from experiments.runner import Progress

LINE_EVERY_S: Final = 10.0


class Headway:
    """Shows what it is told, for as long as it is entered."""

    def __init__(self, console: Console, plan: Plan) -> None:
        self.at = Progress()
        self._console = console
        self._cells = len(cells_of(plan))
        self._lives = lives(plan)
        self._began_s = self._said_s = time.monotonic()
        self._bar = Bar(
            TextColumn("{task.completed:.1f} of {task.total:.0f} cells"),
            BarColumn(),
            TextColumn("{task.fields[speed]}"),
            TimeRemainingColumn(),
            console=console,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task("", total=self._cells, speed="")

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def tell(self, at: Progress) -> None:
        """Takes in how far it is."""
        self.at = at
        now_s = time.monotonic()
        speed = f"{at.rounds / max(now_s - self._began_s, 1e-3):,.0f} rounds a second"
        self._bar.update(self._task, completed=self._done(), speed=speed)
        if not self._console.is_terminal and now_s - self._said_s > LINE_EVERY_S:
            self._said_s = now_s
            self._console.print(f"{self._done():.1f} of {self._cells} cells, {speed}")

    def _done(self) -> float:
        """In cells: those that are whole, and the lived part of those under way."""
        return min(self.at.whole + self.at.players / self._lives, float(self._cells))
