"""Measures the knob, makes its table, and measures what it made; then says what bots of every skill do on it.

    python -m experiments.calibrate [--seed 4] [--workers 2]

Three stages, each on rounds of its own: `shape` (skill 0 on every raw setting) makes the table, `check` (skill 0 on 20
difficulties) estimates alpha on it, `grid` (every skill on every difficulty) is the psychometric curve that fast mode
draws from. Some minutes on two cores. The same seed plays the same rounds, so the same files come out.

It writes `KNOBS` into game_client/river.py, everything measured into experiments/measured.json, and of that what hearts
read into experiments/measured.py.
"""

import argparse
import re
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from math import exp
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
from msgspec import Struct
from rich.progress import Progress

from experiments.autoplay import ENDS, Cell, Tally, played
from experiments.knob import (
    SETTINGS,
    SHAPE,
    Array,
    Slope,
    difficulty_of,
    logits_of,
    slope_of,
    smoothed,
    table_from,
)
from game_client.river import Knob

SEED: Final = 4
SHAPE_RUNS: Final = 2000
"""A round in 500 would move the table by a tenth of a logit or two; these keep it within half of that."""
CHECK: Final = tuple(round(-2.85 + 0.3 * step, 2) for step in range(20))
CHECK_RUNS: Final = 500
SKILLS: Final = tuple(-4.0 + 0.5 * step for step in range(17))
DIFFICULTIES: Final = tuple(-3.0 + 0.5 * step for step in range(13))
GRID_RUNS: Final = 400
BATCH: Final = 50
"""Rounds handed to a worker at a time."""

HERE: Final = Path(__file__).parent
RIVER: Final = HERE.parent / "game_client" / "river.py"
TABLE: Final = re.compile(r"(?<=\nKNOBS: Final = \(\n).*?(?=\n\)\n)", re.DOTALL)

Tallies = list[Tally]


class Measured(Struct, frozen=True):
    """Everything that was measured, as experiments/measured.json keeps it; rows of a grid are skills."""

    command: str
    seed: int
    settings: tuple[float, ...]
    settings_runs: int
    settings_cleared: tuple[int, ...]
    knobs: tuple[Knob, ...]
    check_difficulties: tuple[float, ...]
    check_runs: int
    check_cleared: tuple[int, ...]
    check: Slope
    skills: tuple[float, ...]
    difficulties: tuple[float, ...]
    grid_runs: int
    grid_cleared: tuple[tuple[int, ...], ...]
    grid: Slope
    """Over the whole grid, one alpha for both: how well bots follow Rasch's form."""
    logits: tuple[tuple[float, ...], ...]
    """Of the grid made monotone."""
    cleared_s: tuple[float, ...]
    """Mean active seconds of a round cleared, by difficulty, over players of skill N(0, 1)."""
    lost_s: tuple[float, ...]
    lost_by: tuple[tuple[float, float, float], ...]
    """Of rounds lost, the shares that ended by rock, gates and time, by difficulty, over the same players."""


def measure(seed: int, workers: int) -> Measured:
    """All three stages, with a bar for each."""
    with ProcessPoolExecutor(workers) as pool, Progress() as bars:
        shape = [Cell(f"{seed}/shape/{at}", 0.0, at, 0, SHAPE_RUNS, SHAPE) for at in SETTINGS]
        won = [tally.cleared for tally in _play("shape", shape, pool, bars)]
        knobs = table_from(*difficulty_of(SETTINGS, won, SHAPE_RUNS))
        check = [Cell(f"{seed}/check/{at}", 0.0, at, 0, CHECK_RUNS, knobs) for at in CHECK]
        checked = [tally.cleared for tally in _play("check", check, pool, bars)]
        pairs = [(skill, at) for skill in SKILLS for at in DIFFICULTIES]
        grid = [Cell(f"{seed}/grid/{skill}/{at}", skill, at, 0, GRID_RUNS, knobs) for skill, at in pairs]
        tallies = _play("grid", grid, pool, bars)
    cleared = np.array([tally.cleared for tally in tallies]).reshape(len(SKILLS), -1)
    cleared_s, lost_s, lost_by = _rounds(tallies)
    return Measured(
        command=f"python -m experiments.calibrate --seed {seed}",
        seed=seed,
        settings=SETTINGS,
        settings_runs=SHAPE_RUNS,
        settings_cleared=tuple(won),
        knobs=knobs,
        check_difficulties=CHECK,
        check_runs=CHECK_RUNS,
        check_cleared=tuple(checked),
        check=slope_of([-at for at in CHECK], checked, CHECK_RUNS),
        skills=SKILLS,
        difficulties=DIFFICULTIES,
        grid_runs=GRID_RUNS,
        grid_cleared=tuple(tuple(row) for row in cleared.tolist()),
        grid=slope_of([skill - at for skill, at in pairs], cleared.ravel().tolist(), GRID_RUNS),
        logits=tuple(tuple(row) for row in logits_of(smoothed(cleared / GRID_RUNS), GRID_RUNS).round(3).tolist()),
        cleared_s=cleared_s,
        lost_s=lost_s,
        lost_by=lost_by,
    )


def _play(stage: str, cells: Sequence[Cell], pool: ProcessPoolExecutor, bars: Progress) -> Tallies:
    """What became of each cell, played in batches by whoever is free."""
    tallies = [Tally() for _ in cells]
    batches = [
        (number, msgspec.structs.replace(cell, first=first, runs=min(BATCH, cell.runs - first)))
        for number, cell in enumerate(cells)
        for first in range(0, cell.runs, BATCH)
    ]
    bar = bars.add_task(stage, total=sum(cell.runs for cell in cells))
    for (number, batch), tally in zip(batches, pool.map(played, [batch for _, batch in batches]), strict=True):
        tallies[number] += tally
        bars.advance(bar, batch.runs)
    return tallies


def _rounds(tallies: Tallies) -> tuple[tuple[float, ...], tuple[float, ...], tuple[tuple[float, float, float], ...]]:
    """How long rounds last and how they are lost, by difficulty; skills weigh as much as N(0, 1) has of them."""
    weights = np.array([exp(-skill * skill / 2.0) for skill in SKILLS])

    def mixed(values: Iterable[float]) -> Array:
        return np.asarray(weights @ np.fromiter(values, float).reshape(len(SKILLS), -1))

    won, lost = mixed(t.cleared for t in tallies), mixed(sum(t.lost_by) for t in tallies)
    by = np.column_stack([mixed(t.lost_by[end] for t in tallies) / lost for end in range(len(ENDS))])
    return (
        tuple((mixed(t.cleared_s for t in tallies) / won).round(2).tolist()),
        tuple((mixed(t.lost_s for t in tallies) / lost).round(2).tolist()),
        tuple((rock, gates, time) for rock, gates, time in by.round(3).tolist()),
    )


def knob_rows(knobs: Sequence[Knob]) -> str:
    """The table as river.py has it, a line a row."""
    return "\n".join(f"    Knob({', '.join(map(str, msgspec.structs.astuple(knob)))})," for knob in knobs)


def record(measured: Measured) -> str:
    """experiments/measured.json, a line a field: short enough to be read, and a change shows which it was."""
    fields = msgspec.structs.asdict(measured)
    lines = (f'"{name}": {msgspec.json.encode(field).decode()}' for name, field in fields.items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


def values_for_hearts(measured: Measured) -> str:
    """experiments/measured.py."""
    lines = [
        '"""What bots did on the river, as values that a heart can read; measured.json beside it has the counts.',
        "",
        f"Written by `{measured.command}`, never by hand.",
        '"""',
        "",
        "from typing import Final",
        "",
        f"SKILLS: Final = {measured.skills}",
        f"DIFFICULTIES: Final = {measured.difficulties}",
        "LOGITS: Final = (",
        *(f"    {row}," for row in measured.logits),
        ")",
        '"""Log odds of clearing a round, monotone; a row a skill, a column a difficulty."""',
        f"CLEARED_S: Final = {measured.cleared_s}",
        '"""Active seconds of a round cleared, by difficulty."""',
        f"LOST_S: Final = {measured.lost_s}",
        "LOST_BY: Final = (",
        *(f"    {row}," for row in measured.lost_by),
        ")",
        '"""Of rounds lost, the shares that ended by rock, gates and time, by difficulty."""',
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    """Measures, writes the three files, and says what came out."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seed", type=int, default=SEED)
    options.add_argument("--workers", type=int, default=2)
    given = options.parse_args()
    measured = measure(given.seed, given.workers)
    river = RIVER.read_text(encoding="utf-8")
    RIVER.write_text(TABLE.sub(lambda _: knob_rows(measured.knobs), river), encoding="utf-8")
    (HERE / "measured.py").write_text(values_for_hearts(measured), encoding="utf-8")
    (HERE / "measured.json").write_text(record(measured), encoding="utf-8")
    print(f"alpha at skill 0: {measured.check}\nalpha over the grid: {measured.grid}")  # noqa: T201 - its answer


if __name__ == "__main__":
    main()
