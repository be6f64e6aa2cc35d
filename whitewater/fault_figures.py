"""What fault runs came to: a line for each run, a row for each fault, and `summary.json`."""

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct
from rich.table import Table

from faults.__main__ import Outcome
from whitewater.manners import FailedError


class Violated(Struct, frozen=True):
    """One broken promise, of one run."""

    seed: int
    promise: str
    sentence: str
    kept: str
    """The file with everything that was seen and found, in the run's folder."""


class Figures(Struct, frozen=True, kw_only=True):
    """Everything about one fault's runs together."""

    runs: int
    acknowledged: int
    lost: int
    doubled: int
    failed: int
    repeated: int
    decided: int
    longest_recovery_s: float | None
    recovery_of: str | None
    """What was waited for: a belief, a goal, a delivery, a frame."""
    longest_run_s: float
    blunt: tuple[str, ...]
    """Why a run proves nothing, one sentence for each of those that hurt nobody in the middle of anything."""
    violations: tuple[Violated, ...]


class Summary(Struct, frozen=True):
    """Each fault by its name."""

    faults: dict[str, Figures]


def summary(outcomes: Iterable[Outcome]) -> Summary:
    """The figures of each fault over its runs."""
    of: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        of.setdefault(outcome.plan.fault, []).append(outcome)
    return Summary({name: _figures(each) for name, each in of.items()})


def _figures(outcomes: list[Outcome]) -> Figures:
    verdicts = [outcome.verdict for outcome in outcomes]
    recoveries = [outcome.recovery for outcome in outcomes if outcome.recovery is not None]
    longest = max(recoveries, key=lambda each: each.seconds, default=None)
    return Figures(
        runs=len(outcomes),
        acknowledged=sum(each.acknowledged for each in verdicts),
        lost=sum(each.lost for each in verdicts),
        doubled=sum(each.doubled for each in verdicts),
        failed=sum(each.failed for each in verdicts),
        repeated=sum(each.repeated for each in verdicts),
        decided=sum(each.decided for each in verdicts),
        longest_recovery_s=None if longest is None else longest.seconds,
        recovery_of=None if longest is None else longest.of,
        longest_run_s=max(outcome.seconds for outcome in outcomes),
        blunt=tuple(f"--seed {each.plan.seed}: {each.blunt}" for each in outcomes if each.blunt is not None),
        violations=tuple(
            Violated(outcome.plan.seed, violation.of, violation.sentence, Path(outcome.kept).name)
            for outcome in outcomes
            for violation in outcome.verdict.violations
        ),
    )


def lines(outcome: Outcome, number: int, of: int) -> Iterator[str]:
    """What a run is told as: one line, and one for each broken promise."""
    plan, verdict = outcome.plan, outcome.verdict
    felt = "" if outcome.recovery is None else f", {outcome.recovery.of} after {outcome.recovery.seconds:.1f} s"
    told = f"{verdict.acknowledged} acknowledged, {verdict.lost} lost, {verdict.doubled} doubled{felt}"
    yield f"{number}/{of} {plan.fault} --seed {plan.seed}: {told} ({outcome.seconds:.0f} s)"
    if outcome.blunt is not None:
        yield f"    proves nothing: {outcome.blunt}"
    for violation in verdict.violations:
        yield f"    {violation.of} broken: {violation.sentence}"


def table(whole: Summary) -> Table:
    """A row for each fault."""
    shown = Table(box=None)
    for column in ("fault", "runs", "acknowledged", "lost", "doubled", "failed", "longest recovery", "violations"):
        shown.add_column(column, justify="left" if column == "fault" else "right")
    for name, each in whole.faults.items():
        felt = "-" if each.longest_recovery_s is None else f"{each.longest_recovery_s:.1f} s ({each.recovery_of})"
        counts = (each.runs, each.acknowledged, each.lost, each.doubled, each.failed)
        shown.add_row(name, *map(str, counts), felt, str(len(each.violations)))
    return shown


def tidy(folder: Path, *, whole: bool) -> None:
    """Leaves what is worth reading: of every site its logs, and those only where a promise was broken."""
    for site in folder.glob("site-*-*"):
        if whole:
            shutil.move(site / "logs", folder / f"{site.name}-logs")
        shutil.rmtree(site, ignore_errors=True)
    (folder / "logs").rmdir() if (folder / "logs").is_dir() else None


def copy(folder: Path, out: Path) -> None:
    """The run's folder once more, at `out`. Raises `FailedError`."""
    try:
        shutil.copytree(folder, out, dirs_exist_ok=True)
    except OSError as fault:
        sentence = f"The results could not be copied to {out} ({fault.strerror}): they are in {folder}."
        raise FailedError(sentence) from fault
