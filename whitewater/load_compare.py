"""`whitewater load compare A B`: what of two runs is better, worse, or not to be told apart."""

import re
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.table import Table

from load.comparison import Comparison, Row
from load.comparison import compare as compared
from load.timeline import Loaded
from load.words import number
from whitewater import say
from whitewater.manners import SATURATED, THRESHOLD, USAGE, FailedError

STYLES = {"better": "green", "worse": "bold red", "same": "", "not judged": "dim"}


def compare(
    a: Annotated[Path, typer.Argument(help="A load run's folder, or its summary.json: what was.", metavar="A")],
    b: Annotated[Path, typer.Argument(help="Another one: what is now.", metavar="B")],
    *,
    worse_than: Annotated[
        str | None, typer.Option(help="A share like 10%: exit 99 if a row of B is worse by more.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON document instead of a table.")] = False,
) -> None:
    """Hold two load runs against each other, row by row."""
    band = None if worse_than is None else _share(worse_than)
    found = compared(read(a), read(b), band)
    if json:
        say.put(msgspec.to_builtins(found))
    else:
        _show(found)
    if band is None:
        return
    if found.void:
        sentence = "Nothing can be said: the load generator was saturated in one of the runs, so its figures are void."
        raise FailedError(sentence, SATURATED)
    if found.worse:
        rows = ", ".join(row.name for row in found.worse)
        sentence = f"Worse by more than {worse_than}: {rows}."
        raise FailedError(sentence, THRESHOLD)


def read(path: Path) -> Loaded:
    """The load run of a folder or of its `summary.json`. Raises `FailedError`."""
    file = path / "summary.json" if path.is_dir() else path
    try:
        return msgspec.json.decode(file.read_bytes(), type=Loaded)
    except OSError as fault:
        sentence = f"{file} cannot be read ({fault.strerror}): name the folder of a load run or its summary.json."
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        sentence = f"{file} is no summary of a load run ({fault}): name the folder of one or its summary.json."
    raise FailedError(sentence, USAGE)


def _share(text: str) -> float:
    if not re.fullmatch(r"\d{1,4}(\.\d{1,4})?%", text.strip()) or not (share := float(text.strip()[:-1]) / 100):
        sentence = f"--worse-than takes a share above zero like 10%, not {text!r}."
        raise FailedError(sentence, USAGE)
    return share


def _show(found: Comparison) -> None:
    console = say.console()
    table = Table(box=None, pad_edge=False)
    for name in ("", "A", "B", "B/A", ""):
        table.add_column(name, justify="left" if not name else "right")
    for row in found.rows:
        table.add_row(*_cells(row), style=STYLES[row.verdict])
    console.print(table)
    for difference in found.differences:
        console.print(f"- {difference}", markup=False)
    console.print(found.hint, markup=False)


def _cells(row: Row) -> tuple[str, ...]:
    ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
    verdict = row.verdict if row.verdict != "same" or not row.band else f"same within {row.band:.0%}"
    return f"{row.name} {row.unit}".strip(), number(row.a), number(row.b), ratio, verdict
