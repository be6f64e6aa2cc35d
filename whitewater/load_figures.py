"""The end of a load run on the screen: its figures, its thresholds, how it searched, and its exit code."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from load.timeline import Loaded
from load.words import Outcome, fault_words, headline, number, outcome
from whitewater import crowd
from whitewater.manners import DONE, SATURATED, THRESHOLD


def exit_code(loaded: Loaded) -> int:
    """Figures of a generator that was late are void, whatever they say."""
    codes: dict[Outcome, int] = {"held": DONE, "failed": THRESHOLD, "void": SATURATED}
    return codes[outcome(loaded)]


def figures(loaded: Loaded) -> Iterator[RenderableType]:
    """What a person wants to know, in order."""
    yield crowd.figures(loaded)
    if loaded.thresholds:
        yield _thresholds(loaded)
    for fault in loaded.faults:
        yield Text(fault_words(fault))
    if loaded.tries:
        yield _tries(loaded)
    yield Text(headline(loaded) + ".", style="bold")


def _thresholds(loaded: Loaded) -> Table:
    table = Table(show_header=False, box=None, padding=(0, 2))
    for each in loaded.thresholds:
        mark = Text("✓", style="green") if each.holds else Text("✗", style="bold red")
        measured = "nothing measured" if each.measured is None else number(each.measured)
        table.add_row(mark, Text(each.text), Text(measured))
    return table


def _tries(loaded: Loaded) -> Table:
    table = Table("try", "players", "events/s", "", box=None, padding=(0, 2))
    for place, one in enumerate(loaded.tries, 1):
        mark = Text("✓ " if one.holds else "✗ ", style="green" if one.holds else "bold red")
        table.add_row(str(place), str(one.players), f"{one.events_per_s:.0f}", mark + Text(one.why))
    return table
