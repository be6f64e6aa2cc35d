"""What may be lost, and what never: the outbox decides by counting alone.

Events wait in two places, in this order: on disk (spooled), then in memory (waiting). What leaves, leaves from the
front; what comes, comes at the back of memory; memory moves behind the disk as a whole. So the order is kept
whatever happens, and the decisions need numbers only. The bytes themselves are the emitter's and the spool's affair.

Strokes are given up first, from half of what may be held, so that outcomes always find room: a lost stroke blurs a
rate, a lost outcome falsifies a belief. At the bound itself anything is given up, and counted apart, because that
breaks the promise. The heartbeat tells the sum.
"""

from typing import Final

from msgspec import Struct
from msgspec.structs import replace

MEMORY_EVENTS: Final = 20_000
SPOOL_EVENTS: Final = 200_000
STROKES_SHARE: Final = 0.5


class Outbox(Struct, frozen=True, gc=False):
    """The counts of one process's events that have not been acknowledged."""

    waiting: int = 0
    """In memory, those in flight included."""
    spooled: int = 0
    """On disk."""
    dropped: int = 0
    """Strokes given up."""
    lost: int = 0
    """Anything else given up: only at the bound, or for a damaged disk."""
    disk: bool = True
    """The disk takes what it is given."""
    memory_events: int = MEMORY_EVENTS
    spool_events: int = SPOOL_EVENTS

    @property
    def held(self) -> int:
        """Events that still have to leave."""
        return self.waiting + self.spooled


EMPTY: Final = Outbox()


def found(empty: Outbox, on_disk: int, *, disk: bool) -> Outbox:
    """The outbox a process begins with: what a former run left on disk waits before everything else."""
    return replace(empty, spooled=on_disk, disk=disk)


def offer(outbox: Outbox, *, stroke: bool) -> tuple[Outbox, bool]:
    """The outbox after one more event came, and whether the event is kept."""
    if outbox.disk:
        held, bound = outbox.waiting + outbox.spooled, outbox.spool_events
    else:
        held, bound = outbox.waiting, outbox.memory_events
    if stroke and held >= bound * STROKES_SHARE:
        return replace(outbox, dropped=outbox.dropped + 1), False
    if held >= bound:
        return replace(outbox, lost=outbox.lost + 1), False
    return replace(outbox, waiting=outbox.waiting + 1), True


def should_spool(outbox: Outbox, *, away: bool) -> bool:
    """Whether memory should move to disk now: when nobody takes it, or when there is too much of it."""
    return outbox.waiting > 0 and (away or outbox.waiting >= outbox.memory_events)


def spooled(outbox: Outbox, events: int) -> Outbox:
    """The outbox after the front of memory, `events` of it, moved to the back of the disk."""
    return replace(outbox, waiting=outbox.waiting - events, spooled=outbox.spooled + events, disk=True)


def disk_refused(outbox: Outbox) -> Outbox:
    """The outbox after the disk did not take what it was given: memory is all there is, until the disk takes some."""
    return replace(outbox, disk=False)


def delivered(outbox: Outbox, events: int, *, from_disk: bool) -> Outbox:
    """The outbox after the stream acknowledged the front, `events` of it."""
    if from_disk:
        return replace(outbox, spooled=outbox.spooled - events)
    return replace(outbox, waiting=outbox.waiting - events)


def unreadable(outbox: Outbox, events: int) -> Outbox:
    """The outbox after `events` lines of the spool's front turned out to be damaged."""
    return replace(outbox, spooled=outbox.spooled - events, lost=outbox.lost + events)
