"""`whitewater experiment run | report | fit`: players with known minds under every policy, and what came of it.

`run` plays and then reports, `report` judges what was played once more, `fit` publishes the graph that P3 steers by.
"""

import hashlib
import os
import random
import time
from pathlib import Path
from typing import Annotated, Final, cast, get_args

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from bots.families import BadFamilyError, load_family
from contract.graph import FEATURES
from engagement_api.trial import PolicyName
from experiments.cells import Plan
from experiments.evidence import BadCellError
from experiments.fit import fit as fitted
from experiments.folder import CannotRunError, OtherPlanError, logs
from experiments.lives import play_all
from experiments.report import report as reported
from experiments.results import CONTROL
from experiments.runner import InterruptedRunError, Job, Progress
from experiments.runner import run as played
from whitewater import say
from whitewater.headway import Headway
from whitewater.manners import INTERRUPTED, THRESHOLD, UNREACHABLE, USAGE, FailedError
from whitewater.settings import home

FAMILIES: Final = ("F1", "F2", "F7")
POLICIES: Final = tuple(name for name in get_args(PolicyName) if name != "explore")
FIRST_WORDS: Final = 12

experiment = typer.Typer(help="Hold every policy against the designer's river, under players with known minds.")


@experiment.command()
def run(
    *,
    family: Annotated[list[str] | None, typer.Option(help="F1, F2, F7 or FILE.py:Name; again for more.")] = None,
    policy: Annotated[list[str] | None, typer.Option(help="P0 to P4; again for more. Default: all.")] = None,
    players: Annotated[int, typer.Option(min=1, help="In each arm, about.")] = 20_000,
    seeds: Annotated[int, typer.Option(min=1, help="How often, with other players.")] = 8,
    horizon: Annotated[int, typer.Option(min=1, help="Rounds after exposure that count.")] = 30,
    burn_in: Annotated[int, typer.Option(min=0, help="Rounds before it, the same in every arm.")] = 10,
    out: Annotated[Path | None, typer.Option(help="A folder; default: in WHITEWATER_HOME.")] = None,
    processes: Annotated[int | None, typer.Option(min=1, help="Default: one a core.")] = None,
) -> None:
    """Play every policy with every family, then report; what is done stays done, and the same command goes on."""
    console = say.console()
    folder = out or home() / "experiment"
    began_s = time.monotonic()
    try:
        plan = _plan(
            family or list(FAMILIES),
            policy or list(POLICIES),
            players=players,
            seeds=seeds,
            horizon=horizon,
            burn_in=burn_in,
        )
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
    _report(console, folder)


@experiment.command()
def report(folder: Annotated[Path, typer.Argument(help="What `run` was given as --out.")]) -> None:
    """Judge the cells of a folder once more, and write results, figure, page and words beside them."""
    _report(say.console(), folder)


@experiment.command()
def fit(
    *,
    cells: Annotated[Path, typer.Option(help="What `run` was given as --out, with P3 among its policies.")],
    out: Annotated[Path, typer.Option(help="Where the graph goes; the API reads engagement_api/policy/graph.json.")],
) -> None:
    """Fit one graph for the exploration cohorts of all cells, and publish it unless held-out players refute it."""
    console = say.console()
    try:
        rows = logs(cells)
    except CannotRunError as fault:
        raise FailedError(str(fault), USAGE) from fault
    found = fitted(rows, random.Random("published"), "every cell's exploration cohort", "whitewater experiment fit")
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
    console.print(f"{of.players} players, {of.rounds} rounds, {of.leavings} leavings; slope on held-out players")
    console.print(f"{of.slope:.2f} ({of.slope_low:.2f} to {of.slope_high:.2f}); the graph is in {out}")


def _plan(families: list[str], policies: list[str], *, players: int, seeds: int, horizon: int, burn_in: int) -> Plan:
    """What was asked for, checked. Raises `FailedError` and `BadFamilyError`."""
    for policy in policies:
        if policy not in POLICIES:
            sentence = f"There is no policy {policy!r} to play: there are {', '.join(POLICIES)}."
            raise FailedError(sentence, USAGE)
    if CONTROL not in policies:
        sentence = f"Without {CONTROL}, the designer's river, there is nothing to hold the others against: name it too."
        raise FailedError(sentence, USAGE)
    called: dict[str, str] = {}
    sources: dict[str, str] = {}
    for which in dict.fromkeys(families):
        load_family(which)
        file, colon, name = which.rpartition(":")
        if name in called or (colon and name in FAMILIES):
            sentence = f"Two families are called {name!r}: give the class in {file or which} another name."
            raise FailedError(sentence, USAGE)
        called[name] = f"{Path(file).resolve()}:{name}" if colon else name
        if colon:
            sources[name] = hashlib.sha256(Path(file).read_bytes()).hexdigest()
    return Plan(
        families=called,
        sources=sources,
        policies=tuple(cast("list[PolicyName]", sorted(set(policies)))),
        players=players,
        seeds=seeds,
        horizon=horizon,
        burn_in=burn_in,
    )


def _report(console: Console, folder: Path) -> None:
    try:
        page = reported(folder)
    except BadCellError as fault:
        sentence = f"There is no report: {fault}."
        raise FailedError(sentence, USAGE) from fault
    except OSError as fault:
        sentence = f"The report cannot be written to {folder} ({fault.strerror}): make room there."
        raise FailedError(sentence) from fault
    said = (folder / "words.md").read_text(encoding="utf-8").strip().splitlines()
    console.print("\n".join(said[:FIRST_WORDS]), markup=False)
    console.print(f"all of it: {page}", markup=False)


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
