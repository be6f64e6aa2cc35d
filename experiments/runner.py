"""What an experiment lacks is played, on as many processes as there are; what is done stays done.

An experiment may be stopped at any moment, by a Ctrl-C or by the mains, and
the same command goes on from the cells that are whole; a cell that was under way is played again from its start.

Strange: processes are spawned, not forked, because the parent draws a progress bar in a thread; they ignore the Ctrl-C
that a terminal sends to everybody, and stop when they are told to, or when their parent is gone. The pool minds the
processes that it knew when something was last submitted, and may miss the one which that brought up: hence one last
piece of no work, or a death there would go unseen until a cell ends.
"""

import multiprocessing as mp
import os
import platform
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from importlib.metadata import version
from multiprocessing.synchronize import Event
from pathlib import Path
from queue import Empty
from typing import Any, Final, Protocol

from msgspec import Struct

from bots.families import load_family
from contract.graph import FEATURES
from experiments import cells
from experiments.cells import Cell, Origin, Plan, Play
from experiments.folder import CannotRunError, is_whole, keep, settle

VERSIONS: Final = ("whitewater", "numpy", "scipy", "statsmodels", "lifelines")
LOOK_S: Final = 0.2


class InterruptedRunError(Exception):
    """Somebody stopped it; so many cells are whole."""

    def __init__(self, done: int, total: int) -> None:
        super().__init__(f"{done} of {total} cells")
        self.done = done
        self.total = total


class Progress(Struct, frozen=True):
    """How far it is."""

    whole: int = 0
    """Cells that were there before."""
    players: int = 0
    """That lived their lives in this run."""
    rounds: int = 0


class Job(Struct, frozen=True):
    """What every process has to know."""

    out: Path
    plan: Plan
    live: Play
    """A function of a module, or it could not be handed to another process."""


class Told(Protocol):
    """Where a process says how far it is: the player and round counts of one more chunk."""

    def put(self, counts: tuple[int, int]) -> None: ...


def run(job: Job, processes: int, watch: Callable[[Progress], None]) -> None:
    """Plays every cell that the folder lacks, and tells `watch` how far it is.

    Raises `InterruptedRunError`, `folder.CannotRunError`, and what a family raises (`bots.families.BadFamilyError`).
    """
    everything = cells.cells_of(job.plan)
    todo = settle(job.out, job.plan)
    teller = _Teller(watch, len(everything) - len(todo))
    try:
        if processes == 1 or len(todo) <= 1:
            for cell in todo:
                make(cell, job, teller)
        else:
            _share_out(todo, job, min(processes, len(todo)), teller)
    except KeyboardInterrupt as fault:
        raise InterruptedRunError(sum(is_whole(job.out, cell) for cell in everything), len(everything)) from fault


def make(cell: Cell, job: Job, tell: Callable[[int, int], None]) -> None:
    """Plays one cell and writes it down."""
    plan = job.plan
    began_s = time.monotonic()
    family = load_family(plan.families[cell.family])
    played = cells.play(cell, plan, family, job.live, tell)
    fitted = played.fitted
    origin = Origin(
        family=cell.family,
        seed=cell.seed,
        policies=tuple(plan.policies),
        players=plan.players,
        horizon=plan.horizon,
        burn_in=plan.burn_in,
        arms=played.arms,
        refusal=fitted.refusal if fitted else None,
        slope=fitted.slope if fitted else None,
        coefficients=dict(zip(FEATURES, fitted.coefficients, strict=False)) if fitted else {},
        cohort_rounds=fitted.rounds if fitted else 0,
        leavings=fitted.leavings if fitted else 0,
        posterior=played.posterior,
        rounds_total=played.rounds,
        seconds=round(time.monotonic() - began_s, 3),
        versions={name: version(name) for name in VERSIONS} | {"python": platform.python_version()},
    )
    keep(job.out, cell, played.columns, origin)


class _Teller:
    """Adds up what every process says."""

    def __init__(self, watch: Callable[[Progress], None], whole: int) -> None:
        self._watch = watch
        self._at = Progress(whole)
        watch(self._at)

    def __call__(self, players: int, rounds: int) -> None:
        self._at = Progress(self._at.whole, self._at.players + players, self._at.rounds + rounds)
        self._watch(self._at)


def _share_out(todo: list[Cell], job: Job, processes: int, teller: _Teller) -> None:
    spawn = mp.get_context("spawn")
    told, stop = spawn.Queue(), spawn.Event()
    with ProcessPoolExecutor(processes, spawn, _begin, (told, stop)) as pool:
        try:
            with deaf():
                pending: set[Future[None]] = {pool.submit(_work, cell, job) for cell in todo}
                pending.add(pool.submit(_nothing))
            while pending:
                done, pending = wait(pending, LOOK_S, FIRST_COMPLETED)
                _listen(told, teller)
                for future in done:
                    future.result()
            _listen(told, teller)
        except BrokenProcessPool as fault:
            sentence = "A process was killed, as it happens where memory is short: try fewer with --processes."
            raise CannotRunError(sentence) from fault
        finally:
            stop.set()
            pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def deaf() -> Iterator[None]:
    """What is started inside never hears a Ctrl-C, not even before it can say so itself; we do, when it has started."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _listen(told: Any, teller: _Teller) -> None:  # noqa: ANN401 - a queue of a context has no type of its own
    while True:
        try:
            teller(*told.get_nowait())
        except Empty:
            return


_told: Told
_stop: Event


class _StoppedError(Exception):
    """The parent wants no more."""


def _begin(told: Told, stop: Event) -> None:
    """What a process does first: it minds its parent and nobody else."""
    global _told, _stop
    _told, _stop = told, stop
    threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()


def _end_with_parent() -> None:
    parent = mp.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _nothing() -> None:
    """Said last, for the pool to look around once more."""


def _work(cell: Cell, job: Job) -> None:
    def tell(players: int, rounds: int) -> None:
        if _stop.is_set():
            raise _StoppedError
        _told.put((players, rounds))

    make(cell, job, tell)
