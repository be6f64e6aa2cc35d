"""What `whitewater experiment` does: checks what was asked, plays it, shows how far it is, and has it judged.

A file of its own because it needs scientific Python, and the verb's `--help` does not.
"""

import hashlib
import os
import random
import time
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct
from rich.table import Table

from bots.churn import FAMILIES as OURS
from bots.families import BadFamilyError, load_family
from contract.graph import FEATURES
from experiments.cells import Plan
from experiments.evidence import BadCellError
from experiments.fit import fit as fitted
from experiments.folder import CannotRunError, OtherPlanError, logs
from experiments.lives import play_all
from experiments.report import report as reported
from experiments.runner import InterruptedRunError, Job, Progress
from experiments.runner import run as played
from whitewater import say
from whitewater.headway import Headway
from whitewater.manners import INTERRUPTED, THRESHOLD, UNREACHABLE, USAGE, FailedError
from whitewater.policies import policies_of
from whitewater.settings import home

FAMILIES: Final = tuple(OURS)
FIRST_WORDS: Final = 12
PLAYERS: Final = 20_000
BURN_IN: Final = 10


class Asked(Struct, frozen=True, kw_only=True):
    """An experiment as somebody wrote it on the command line."""

    families: tuple[str, ...]
    policies: tuple[str, ...]
    players: int
    seeds: int
    horizon: int
    burn_in: int


def run(asked: Asked, out: Path | None, processes: int | None) -> None:
    """Plays what was asked for, as far as it is not there yet, and reports. Raises `FailedError`."""
    console, folder, began_s = say.console(), out or home() / "experiment", time.monotonic()
    try:
        plan = plan_of(asked)
        with Headway(console, plan) as headway:
            played(Job(folder, plan, play_all), processes or os.cpu_count() or 1, headway.tell)
    except InterruptedRunError as fault:
        sentence = f"Interrupted: {fault} are kept in {folder}; the same command goes on from there."
        raise FailedError(sentence, INTERRUPTED) from fault
    except (BadFamilyError, OtherPlanError) as fault:
        raise FailedError(str(fault), USAGE) from fault
    except CannotRunError as fault:
        raise FailedError(str(fault), UNREACHABLE) from fault
    console.print(_speed(headway.at, time.monotonic() - began_s))
    report(folder)


def report(folder: Path) -> None:
    """Judges a folder and prints the first words of what was found. Raises `FailedError`."""
    console = say.console()
    try:
        page = reported(folder)
        said = (folder / "words.md").read_text(encoding="utf-8").strip().splitlines()
    except BadCellError as fault:
        sentence = f"There is no report: {fault}."
        raise FailedError(sentence, USAGE) from fault
    except OSError as fault:
        sentence = f"The report cannot be written to {folder} ({fault.strerror}): make room there."
        raise FailedError(sentence) from fault
    console.print("\n".join(said[:FIRST_WORDS]), markup=False)
    console.print(f"all of it: {page}", markup=False)


def fit(cells: Path, out: Path) -> None:
    """Fits the graph of all cohorts in `cells` and writes it to `out`. Raises `FailedError`."""
    console = say.console()
    try:
        rows = logs(cells)
    except CannotRunError as fault:
        raise FailedError(str(fault), USAGE) from fault
    found = fitted(
        rows, random.Random("published"), "the exploration cohorts", f"whitewater experiment fit --cells {cells}"
    )
    if found.coefficients:
        console.print(_coefficients(found.coefficients))
    if found.graph is None:
        sentence = f"Nothing is published. {found.refusal}"
        raise FailedError(sentence, THRESHOLD)
    try:
        out.write_bytes(msgspec.json.format(msgspec.json.encode(found.graph)) + b"\n")
    except OSError as fault:
        sentence = f"The graph cannot be written to {out} ({fault.strerror}): name another file with --out."
        raise FailedError(sentence) from fault
    of = found.graph.fit
    console.print(
        f"{of.players} players, {of.rounds} rounds, {of.leavings} leavings; slope on held-out players {of.slope:.2f} "
        f"({of.slope_low:.2f} to {of.slope_high:.2f}); the graph is in {out}",
        markup=False,
    )


def plan_of(asked: Asked) -> Plan:
    """What was asked for, checked. Raises `FailedError` and `BadFamilyError`."""
    families, sources = {}, {}
    for which in dict.fromkeys(asked.families):
        load_family(which)
        file, colon, name = which.rpartition(":")
        if name in families or (colon and name in FAMILIES):
            sentence = f"Two families are called {name!r}: give the class in {file} another name."
            raise FailedError(sentence, USAGE)
        families[name] = f"{Path(file).resolve()}:{name}" if colon else name
        if colon:
            sources[name] = hashlib.sha256(Path(file).read_bytes()).hexdigest()
    return Plan(
        families=families,
        sources=sources,
        policies=policies_of(asked.policies),
        players=asked.players,
        seeds=asked.seeds,
        horizon=asked.horizon,
        burn_in=asked.burn_in,
    )


def _speed(at: Progress, took_s: float) -> str:
    if not at.rounds:
        return "every cell was there already"
    return f"{at.rounds} rounds in {took_s:.0f} s, {at.rounds / took_s:.0f} a second"


def _coefficients(of: tuple[float, ...]) -> Table:
    """As they stand in processors/signals/hazard.py."""
    table = Table(show_header=False, box=None)
    for name, value in zip(FEATURES, of, strict=True):
        table.add_row(name, f"{value:+.4f}")
    return table
