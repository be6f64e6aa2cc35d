"""The live screen of a load run: what is asked of the river this second, how it answers, and what was ended on purpose.

On a terminal it renews itself, in 80 columns; anywhere else it is one plain line every five seconds. It keeps no clock:
a moment says itself which second it was. Strange: percentiles are those of the last second and not of the run, because
a screen is for noticing; the run's own are in the report.
"""

from collections import deque
from collections.abc import Sequence
from types import TracebackType
from typing import Final, Protocol, Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from bots.report import Spread
from bots.schedule import Schedule, most
from load.plan import News
from load.timeline import Fault, Judged, Moment
from load.words import STAGES, fault_words, length, ms, number, share

PER_S: Final = 2
LINE_EVERY_S: Final = 5.0
REMEMBERED: Final = 30
"""Seconds that a sparkline shows."""
WIDE: Final = 60
"""Columns of the time line."""
YET: Final = "not well yet"
BARS: Final = "▁▂▃▄▅▆▇█"
PLAIN_BARS: Final = "_.-=+*%#"
"""For terminals that know ASCII only."""


class Planned(Protocol):
    """What the screen wants to know of a plan."""

    @property
    def profile(self) -> str:
        """Its name."""

    @property
    def schedule(self) -> Schedule:
        """How many players when."""


class Screen:
    """Shows what it has heard, for as long as it is entered."""

    def __init__(self, console: Console, plan: Planned) -> None:
        self._console = console
        self._plan = plan
        self._moments: deque[Moment] = deque(maxlen=REMEMBERED)
        self._faults: dict[tuple[str, float], Fault] = {}
        self._judged: tuple[Judged, ...] = ()
        self._said_s = 0.0
        self._ticks = self._late = 0
        self._live = Live(console=console, get_renderable=self.view, refresh_per_second=PER_S, transient=False)

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._console.is_terminal:
            self._live.stop()

    def heard(self, news: News) -> None:
        """Takes in one piece of news, and shows it in time."""
        match news:
            case Moment():
                self._moments.append(news)
                self._ticks += news.ticks
                self._late += news.late
                if news.at_s // LINE_EVERY_S > self._said_s // LINE_EVERY_S:  # not "5 s later": that would drift
                    self._said_s = news.at_s
                    self._plainly(self._line(news))
            case Fault():
                self._faults[news.part, news.at_s] = news
                self._plainly(fault_words(news, YET))
            case str():
                self._console.print(news, markup=False)
            case _:
                self._judged = news

    def _plainly(self, words: str) -> None:
        if not self._console.is_terminal:
            self._console.print(words, markup=False, soft_wrap=True)

    def _line(self, now: Moment) -> str:
        return (
            f"{now.at_s:.0f} s: {now.players:,} players, offered {now.offered:,}/s, acked {now.acked:,}/s, "
            f"lag {number(now.lag)}, adaptation p50 {ms(now.adaptation.p50)} p99 {ms(now.adaptation.p99)}, "
            f"{now.applied:,} adaptations/s, failed {now.failed:,}, dropped {now.dropped:,}, late {self._late_share()}"
        )

    def _late_share(self) -> str:
        return share(self._late / max(self._ticks, 1))

    def view(self) -> RenderableType:
        """The screen as it stands."""
        if not self._moments:
            return Text(f"load, {self._plan.profile}: nobody plays yet")
        now = self._moments[-1]
        return Group(
            self._head(now),
            self._rows(now),
            *self._small(now),
            *self._time_line(now),
            *map(self._threshold, self._judged),
        )

    def _head(self, now: Moment) -> RenderableType:
        """Of a search nobody knows how long it takes, nor how high it goes."""
        head = Table.grid(expand=True)
        head.add_column(no_wrap=True)
        head.add_column(justify="right", no_wrap=True)
        if self._plan.profile == "find-max":
            head.add_row(Text(f"load, find-max: {now.players:,} players wanted", style="bold"), length(now.at_s))
            return head
        whole_s = self._plan.schedule[-1].at_s
        words = f"load, {self._plan.profile}: {now.players:,} of {most(self._plan.schedule):,} players wanted"
        head.add_row(Text(words, style="bold"), f"{length(now.at_s)}, {length(max(whole_s - now.at_s, 0))} left")
        bar = Table.grid(expand=True)
        bar.add_row(ProgressBar(total=max(whole_s, 1), completed=min(now.at_s, whole_s)))
        return Group(head, bar)

    def _rows(self, now: Moment) -> Table:
        table = Table.grid(padding=(0, 2))
        table.add_column(style="bold", no_wrap=True)
        table.add_column(no_wrap=True)
        table.add_column(no_wrap=True, style="cyan")
        moments = self._moments
        table.add_row("offered", f"{now.offered:,}/s", self._sparkline([m.offered for m in moments]))
        table.add_row("acked", f"{now.acked:,}/s", self._sparkline([m.acked for m in moments]))
        table.add_row("lag", number(now.lag), self._sparkline([m.lag for m in moments]))
        for stage in STAGES:
            spreads: list[Spread] = [getattr(m, stage) for m in moments]
            words = f"p50 {ms(spreads[-1].p50)}  p99 {ms(spreads[-1].p99)}"
            table.add_row(stage, words, self._sparkline([spread.p99 for spread in spreads]))
        goals = f"{now.decided:,}/s decided, {now.applied:,}/s applied"
        table.add_row("adaptations", goals, self._sparkline([m.applied for m in moments]))
        return table

    def _small(self, now: Moment) -> list[Text]:
        """What needs more room than a column has."""
        bad = "bold red" if now.failed or now.dropped else ""
        errors = f"{now.failed:,} failed, {now.dropped:,} dropped, {self._late_share()} of the steps late"
        cores = " ".join(f"{part} {used:.{1 if used >= 10 else 2}f}" for part, used in now.cores.items()) or "not seen"
        return [
            Text.assemble(("errors       ", "bold"), (errors, bad)),
            Text.assemble(("cores        ", "bold"), cores),
        ]

    def _time_line(self, now: Moment) -> list[Text]:
        """Where a part ended (x) and how long it was away (~), on the run's whole length."""
        if not self._faults:
            return []
        whole_s = max(self._plan.schedule[-1].at_s, now.at_s, 1.0)
        line = ["-"] * WIDE
        for fault in self._faults.values():
            begin = min(int(fault.at_s / whole_s * WIDE), WIDE - 1)
            away_s = now.at_s - fault.at_s if fault.back_s is None else fault.back_s
            until = min(int((fault.at_s + away_s) / whole_s * WIDE), WIDE - 1)
            line[begin : until + 1] = ["x", *"~" * (until - begin)]
        return [
            Text.assemble(("faults       ", "bold"), "".join(line)),
            *(Text(f"  x {fault_words(each, YET)}") for each in self._faults.values()),
        ]

    @staticmethod
    def _threshold(each: Judged) -> Text:
        if each.measured is None:
            return Text(f"not yet      {each.text}", no_wrap=True)
        mark, style = ("holds", "green") if each.holds else ("broken", "bold red")
        return Text.assemble((f"{mark:<13}", style), f"{each.text}  ({number(each.measured)} so far)", no_wrap=True)

    def _sparkline(self, values: Sequence[float | None]) -> str:
        return sparkline(values, PLAIN_BARS if self._console.options.ascii_only else BARS)


def sparkline(values: Sequence[float | None], bars: str = BARS) -> str:
    """The values as bars from zero to the largest; a space where there is none."""
    top = max((value for value in values if value is not None), default=0.0)
    return "".join(
        " " if value is None else bars[min(int(value / top * len(bars)), len(bars) - 1) if top else 0]
        for value in values
    )
