"""`whitewater fault list | run | storm`: hurt a stack of its own on purpose, and hear whether every promise held.

The site is a process of its own (`python -m faults`) with a pipe to this one: it ends when this one does, however that
ends. Nothing of the local stack is touched. Exit code 99 says that a promise was broken.
"""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Final

import msgspec
import typer
from rich.console import Console

from faults.__main__ import FAULTS, LONG, Outcome, Plan, Refused, Said, Told, draw, read
from faults.__main__ import storm as storm_of
from whitewater import fault_figures as figures
from whitewater import runs, say
from whitewater.crowd import seconds
from whitewater.manners import THRESHOLD, UNREACHABLE, USAGE, FailedError
from whitewater.settings import home

ENDS_WITHIN_S: Final = 40.0
PLANS: Final = "plans.json"
LOG: Final = "site.log"
Named = Annotated[
    list[str] | None,
    typer.Option("--fault", metavar="FAULT", help="As `fault list` names it; again for more."),
]
Seed = Annotated[int, typer.Option(min=0, help="The same fault and seed make the same plan.")]
Runs = Annotated[int, typer.Option("--runs", min=1, max=1_000, help="So many of each, with the seeds from --seed on.")]
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
Out = Annotated[Path | None, typer.Option(help="A folder for a copy of the results.")]
fault = typer.Typer(help="Hurt a stack of its own, and check every promise.", no_args_is_help=True)


@fault.command("list")
def list_(*, json: Json = False) -> None:
    """Every fault there is."""
    known = {name: " ".join((made.__doc__ or "").split()) for name, made in (FAULTS | LONG).items()}
    if json:
        say.put(known)
        return
    for name, sentence in known.items():
        say.console().print(f"{name:16} {sentence}{missing(name)}", markup=False)


@fault.command()
def run(*, named: Named = None, seed: Seed = 1, times: Runs = 1, json: Json = False, out: Out = None) -> None:
    """Do runs of one fault, of several, or of all of them but the longest."""
    console = say.console(json=json)
    wanted = _wanted(console, named)
    plans = [draw(name, number) for name in wanted for number in range(seed, seed + times)]
    _do(console, plans, json=json, out=out)


@fault.command()
def storm(
    *,
    duration: Annotated[str, typer.Option("--for", metavar="TIME", help="How long: 60s, 20m.")] = "20m",
    every: Annotated[str, typer.Option(metavar="TIME", help="Between two faults.")] = "10s",
    seed: Seed = 1,
    json: Json = False,
    out: Out = None,
) -> None:
    """Random faults, one after the other, while a crowd plays."""
    _do(say.console(json=json), [storm_of(seed, seconds(duration), seconds(every))], json=json, out=out)


def missing(name: str) -> str:
    """What this machine lacks for a fault, as the end of a sentence; empty where it lacks nothing."""
    if name == "database-killed" and find_spec("pgserver") is None:
        return " (needs pgserver: make install-dev)"
    return ""


def _wanted(console: Console, named: Sequence[str] | None) -> list[str]:
    for name in named or ():
        if name not in FAULTS | LONG:
            sentence = f"There is no fault {name}: name one of {', '.join(FAULTS | LONG)}."
            raise FailedError(sentence, USAGE)
        if lack := missing(name):
            sentence = f"The fault {name} cannot be done here{lack}."
            raise FailedError(sentence, USAGE)
    for name in FAULTS if not named else ():
        if lack := missing(name):
            console.print(f"{name} is left out{lack}", markup=False)
    return list(named or (name for name in FAULTS if not missing(name)))


def _do(console: Console, plans: Sequence[Plan], *, json: bool, out: Path | None) -> None:
    with runs.kept(home(), "fault", datetime.now(UTC)) as kept:
        outcomes = []
        for told in _told(plans, kept.unfinished):
            match told:
                case Said(sentence):
                    console.print(f"  {sentence}", markup=False, style="dim")
                case Refused(sentence):
                    left = kept.folder.with_name(f"{kept.folder.name}-refused")
                    kept.unfinished.rename(left)  # the sentence names a log in it
                    raise FailedError(sentence.replace(str(kept.unfinished.resolve()), str(left)), UNREACHABLE)
                case Outcome() as outcome:
                    outcomes.append(outcome)
                    for line in figures.lines(outcome, len(outcomes), len(plans)):
                        console.print(line, markup=False)
        if len(outcomes) < len(plans):
            story = (kept.unfinished / LOG).read_text(errors="replace").strip().splitlines()
            sentence = f"The site ended after {len(outcomes)} of {len(plans)} runs: {story[-1] if story else 'no word'}"
            raise FailedError(sentence, UNREACHABLE)
        summary = figures.summary(outcomes)
        say.write(kept.unfinished / "summary.json", msgspec.to_builtins(summary))
        figures.tidy(kept.unfinished, whole=any(outcome.verdict.violations for outcome in outcomes))
    if out is not None:
        figures.copy(kept.folder, out)
    if json:
        say.put(msgspec.to_builtins(summary))
    else:
        console.print(figures.table(summary))
    console.print(f"kept in {kept.folder}", markup=False)
    if any(each.violations for each in summary.faults.values()):
        raise typer.Exit(THRESHOLD)


def _told(plans: Sequence[Plan], folder: Path) -> Iterator[Told]:
    """Everything that the site tells, to its end."""
    asked = folder / PLANS
    asked.write_bytes(msgspec.json.encode(plans))
    with _site(asked, folder) as process:
        for line in process.stdout or ():
            yield read(line)


@contextmanager
def _site(asked: Path, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "faults", str(asked), str(folder)]
    with (folder / LOG).open("wb") as log:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, start_new_session=True
        )
    try:
        yield process
    finally:
        for end in (process.stdin, process.stdout):
            if end is not None:
                end.close()
        try:
            process.wait(ENDS_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()  # its warden ends the rest
            process.wait()
