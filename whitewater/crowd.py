"""What verbs with a crowd share: whose river it is, how the state is counted, and what a duration and a result mean."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from math import inf
from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table

from bots.__main__ import Reader
from bots.report import Summary
from infra.local import launch, stack
from processors.state import CHANGELOG, read
from whitewater.manners import DONE, SATURATED, THRESHOLD, USAGE, FailedError
from whitewater.settings import home, settings

UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


@contextmanager
def river(console: Console, asked: str | None) -> Iterator[tuple[str, stack.Stack | None]]:
    """The API's address for a while: as `asked`, as the environment says, or that of a stack here, which comes along.

    The stack comes up for it if none runs; raises `CannotStartError` when none can be started.
    """
    if elsewhere := asked or settings().server:
        yield elsewhere.rstrip("/"), None
        return
    with launch.borrowed(home(), lambda words: console.print(words, style="dim", markup=False)) as local:
        yield local.api, local


def folded(value: bytes) -> Mapping[str, int]:
    """From one value of the workers' changelog: how many different events of each session were folded."""
    return {heard.session: heard.events for heard in read(value).heard}


def reader() -> Reader:
    """Where and how the workers' state is read."""
    return Reader(CHANGELOG, folded)


def seconds(duration: str) -> float:
    """`90`, `90s`, `1.5m` in seconds.

    Raises `FailedError` for anything else.
    """
    number = duration.rstrip("msh")
    try:
        found = float(number) * UNITS[duration[len(number) :] or "s"]
    except (ValueError, KeyError):
        found = -1.0
    if 0 <= found < inf:  # floats know `nan`, too, which is neither
        return found
    sentence = f"{duration!r} is no duration: write a number and one of ms, s, m, h, like 60s."
    raise FailedError(sentence, USAGE)


def imbalance(summary: Summary) -> str:
    """Where in = accepted + failed does not hold, the sentence that says so; empty where it does, or nobody counted."""
    off = summary.unaccounted
    if not off:
        return ""
    what = f"{off} are unaccounted for" if off > 0 else f"{-off} are there too often"
    return (
        f"The run does not add up: {summary.came} events came in, {summary.accepted} were accepted and "
        f"{summary.failed} refused, so {what}. Look for errors in the workers' logs (`whitewater status` names them)."
    )


def must_add_up(summary: Summary) -> None:
    """Raises `FailedError` with the sentence, and exit code 99, where in = accepted + failed does not hold."""
    if sentence := imbalance(summary):
        raise FailedError(sentence, THRESHOLD)


def exit_code(summary: Summary) -> int:
    """What a run's figures mean for whoever started it."""
    if summary.lost or summary.doubled or summary.unaccounted:
        return THRESHOLD
    return SATURATED if summary.saturated else DONE


def figures(summary: Summary) -> Table:
    """The summary for a person."""
    table = Table(show_header=False, box=None, padding=(0, 2))
    counts = f"{summary.offered} offered, {summary.acked} acknowledged, {summary.events_per_s:.0f} a second"
    kept = f"{_count(summary.lost)} lost, {_count(summary.doubled)} doubled, {_count(summary.failed)} refused"
    goals = summary.adaptations
    table.add_row("events", counts)
    if summary.left or summary.sittings > summary.players:
        came = f"{summary.players} in {summary.sittings} sittings, {summary.left} left for good ({summary.family})"
        table.add_row("players", came)
    table.add_row("counted", kept)
    if summary.came is not None:
        sign = "≠" if summary.unaccounted else "="
        sums = f"{summary.came} in {sign} {summary.accepted} accepted + {summary.failed} refused"
        table.add_row("in = accepted + failed", sums)
    table.add_row("river", f"{goals.decided} answers, {goals.applied} applied, {goals.rejected} out of date")
    for name in ("accept", "signal", "adaptation"):
        spread = getattr(summary.latency_ms, name)
        if spread.n:
            words = f"p50 {spread.p50:.1f} ms, p99 {spread.p99:.1f} ms, longest {spread.max:.0f} ms ({spread.n})"
            table.add_row(
                {"accept": "acknowledged after", "signal": "believed after"}.get(name, "river changed after"), words
            )
    if summary.late_starts:
        table.add_row("late", f"{summary.late_starts} of {summary.ticks} steps began more than 10 ms late")
    return table


def as_json(summary: Summary) -> dict[str, Any]:
    """The summary for a program."""
    return dict(msgspec.to_builtins(summary))


def _count(number: int | None) -> str:
    return "not counted:" if number is None else str(number)
