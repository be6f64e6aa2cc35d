"""A worker that is broken on purpose: `python -m tests.system.faults.mutated_worker MUTATION MARKER`.

It is the real worker, front door and all, with one thing in it replaced. The product knows nothing of this: nothing in
it can be switched to misbehave.
"""

import os
import signal
import sys
from pathlib import Path
from typing import Final

from contract.codec import Unreadable
from contract.events import Event
from contract.failures import Reason
from processors import __main__ as worker
from processors import partition
from processors.app import Worker
from processors.partition import Partition
from processors.player import Player, advance
from processors.window import Heard

UNLUCKY: Final = 40
"""The sequence of the event that breaks the fold."""


def forget_what_was_heard(_: Path) -> None:
    """Dedupe is broken: no number was ever heard before."""
    Heard.has = lambda _self, _sequence: False  # type: ignore[method-assign]


def died_first(marker: Path) -> bool:
    """Whether this is the first worker that dies of it; whoever comes after lives."""
    first = not marker.exists()
    marker.touch()
    return first


def acknowledge_early(marker: Path) -> None:
    """Chunks are acknowledged and committed before what they did is written; once, the worker dies in between."""
    late = Worker.snapshot

    async def early(self: Worker) -> None:
        async with self._writing:
            covered, self._done = self._done, []
            for message in covered:
                message.ack(self.app.consumer)
            await self.app.consumer.commit()
            if covered and died_first(marker):
                os.kill(os.getpid(), signal.SIGKILL)
        await late(self)

    Worker.snapshot = early  # type: ignore[method-assign]


def swallow_an_error(_: Path) -> None:
    """An event breaks the fold, and nobody is told: it is passed over without a word."""
    fold = Partition._fold

    def fails(player: Player, event: Event) -> Player:
        if event.sequence == UNLUCKY:
            raise RuntimeError
        return advance(player, event)

    def silent(self: Partition, *taken: object) -> Unreadable | None:
        refused = fold(self, *taken)  # type: ignore[arg-type]
        return None if refused is not None and refused.reason is Reason.FOLD_FAILED else refused

    partition.advance = fails  # type: ignore[attr-defined]
    Partition._fold = silent  # type: ignore[assignment, method-assign]


MUTATIONS: Final = {
    mutation.__name__: mutation for mutation in (forget_what_was_heard, acknowledge_early, swallow_an_error)
}


if __name__ == "__main__":
    MUTATIONS[sys.argv[1]](Path(sys.argv[2]))
    sys.exit(worker.main())
