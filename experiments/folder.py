"""A folder that holds an experiment, cell by cell.

    OUT/plan.json               what was asked for; a folder holds one plan
    OUT/cells/F2-0.npz          what every player of every arm did, and the cohort's log
    OUT/cells/F2-0.json         the rest; it is written last, so a cell with it is whole

Every file gets its name in one move: what is there is whole.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

import msgspec
import numpy as np

from bots.mind import NAMES
from experiments.cells import Cell, Origin, Plan, cells_of
from experiments.fit import ROW, Rows


class CannotRunError(Exception):
    """The folder cannot take this experiment; the text says why and what to do."""


class OtherPlanError(CannotRunError):
    """The folder holds another experiment."""


def settle(out: Path, plan: Plan) -> list[Cell]:
    """Makes `out` the folder of `plan`, or finds that it is; answers with the cells that are still to be played.

    Raises `OtherPlanError`, and `CannotRunError` when nothing can be written there.
    """
    written = out / "plan.json"
    try:
        (out / "cells").mkdir(parents=True, exist_ok=True)
        if not written.exists():
            _write(written, lambda file: file.write(msgspec.json.format(msgspec.json.encode(plan))))
        held = written.read_bytes()
    except OSError as fault:
        sentence = f"The experiment cannot be kept in {out} ({fault.strerror}): name another folder with --out."
        raise CannotRunError(sentence) from fault
    if differing := _differing(held, plan):
        sentence = f"{out} holds an experiment with other {differing}: name another folder with --out, or delete it."
        raise OtherPlanError(sentence)
    return [cell for cell in cells_of(plan) if not is_whole(out, cell)]


def is_whole(out: Path, cell: Cell) -> bool:
    """Whether this cell was played to its end."""
    return (out / "cells" / f"{cell.name}.json").exists()


def keep(out: Path, cell: Cell, columns: Mapping[str, Any], origin: Origin) -> None:
    """Writes a cell: first its columns, then the page that says it is whole. Raises `CannotRunError`."""
    folder = out / "cells"
    arrays = {**columns, "personas": np.array(NAMES)}
    try:
        _write(folder / f"{cell.name}.npz", lambda file: np.savez_compressed(file, **arrays))
        page = msgspec.json.format(msgspec.json.encode(origin))
        _write(folder / f"{cell.name}.json", lambda file: file.write(page))
    except OSError as fault:
        sentence = f"The cell {cell.name} cannot be kept in {out} ({fault.strerror}): make room and run it again."
        raise CannotRunError(sentence) from fault


def logs(out: Path) -> Rows:
    """What the exploration cohorts of all cells in `out` did; every player has a number of their own.

    Raises `CannotRunError` when there are none.
    """
    found, players = [np.zeros(0, ROW)], 0
    try:
        for path in sorted((out / "cells").glob("*.npz")):
            with np.load(path) as columns:
                rows = columns["explore/log"] if "explore/log" in columns else found[0]
            names, rows["player"] = np.unique(rows["player"], return_inverse=True)
            rows["player"] += players
            players += len(names)
            found.append(rows)
    except (OSError, ValueError) as fault:
        sentence = f"The logs in {out} cannot be read ({fault}): play them again with `whitewater experiment run`."
        raise CannotRunError(sentence) from fault
    if not players:
        sentence = (
            f"No exploration cohort played in {out}: run `whitewater experiment run --policy P3 --out {out}` first."
        )
        raise CannotRunError(sentence)
    return np.concatenate(found)


def _write(path: Path, fill: Callable[[IO[bytes]], Any]) -> None:
    """A file that is there whole or not at all."""
    part = path.with_name(f".{path.name}.part")
    with part.open("wb") as file:
        fill(file)
    part.replace(path)


def _differing(held: bytes, plan: Plan) -> str | None:
    """In what a folder's plan differs from `plan`, in words; None when it does not."""
    asked = msgspec.to_builtins(plan)
    try:
        there = json.loads(held)
    except ValueError:
        return "settings (its plan.json cannot be read)"
    return ", ".join(name for name, value in json.loads(json.dumps(asked)).items() if there.get(name) != value) or None
