"""I6, I7 and I8: the game never waits, recovery ends, memory and disk are bounded. All bounds are ours, argued here.

They are bounds of a promise and not marks of quality: a machine with other work must not break one. Figures to be proud
of are reported (`longest recovery`), never asserted.
"""

from collections.abc import Iterator
from typing import Final

from faults.evidence import Evidence
from faults.plan import Plan
from faults.verdict import Violation
from producers.outbox import STROKES_SHARE

EMIT_S: Final = 0.75
"""What waits for a stream that is away waits for a time-out, and the shortest there is one second. A busy machine takes
the processor away for a quarter of one."""
RECOVERS_S: Final = 60.0
"""Four times the broker's reach, the longest of all."""
GROWS_MB: Final = 160.0
"""Of one part during one run, beside what each event leaves: queues have bounds, 16 chunks of 2,000 records in a worker
the largest, and an interpreter that folds for the first time loads what it needs."""
GROWS_KB_PER_EVENT: Final = 0.2
"""A player's state has one size however long they play. A tenth of an event's own size lets in new players and no log
of events."""
SLEEPER_MB: Final = 2.5
"""Of the API for each reader that never reads, until it is cut: 2,036 frames of 0.6 KB are being sent, as many wait."""
HEAP_PARTS: Final = {"kafka": 1_200.0, "database": 1_200.0}
"""Those that take what they are given, whole megabytes: 512 MB of heap and what a Java machine needs beside it."""
DISK_MB: Final = 300.0
"""Segments and indexes that Kafka sets up in advance for 44 partitions, and the write-ahead log of SQL."""
DISK_KB_PER_EVENT: Final = 20.0
"""An event lies on disk in 0.5 KB; a belief, a snapshot and a decision after every single one would be 6 KB; thrice."""


def the_game_never_waits(evidence: Evidence) -> Iterator[Violation]:
    """Handing over is quick, whatever is away, and nothing is given up while there is room."""
    if evidence.longest_emit_s > EMIT_S:
        yield Violation("I6", f"handing over one event took {evidence.longest_emit_s:.3f} s, {EMIT_S} s at the most")
    if evidence.lost:
        yield Violation("I6", f"{evidence.lost} events that are no strokes were given up")
    if evidence.dropped and evidence.held_share < STROKES_SHARE:
        full = f"the outbox was never fuller than {evidence.held_share:.0%}"
        yield Violation("I6", f"{evidence.dropped} strokes were given up, and {full}")


def recovery_ends(plan: Plan, evidence: Evidence) -> Iterator[Violation]:
    """Everything came to its end after all was mended, and in a bounded time."""
    if evidence.unsettled:
        yield Violation("I7", evidence.unsettled)
    if evidence.recovered_s is not None and evidence.recovered_s > RECOVERS_S:
        sentence = f"{plan.fault} was felt for {evidence.recovered_s:.1f} s, {RECOVERS_S:.0f} s at the most"
        yield Violation("I7", sentence)


def memory_and_disk_are_bounded(plan: Plan, evidence: Evidence) -> Iterator[Violation]:
    """What each part grew by in the run, what the home grew by, and that no spool is left."""
    events = len(evidence.log)
    for name, part in sorted(evidence.parts.items()):
        if name in HEAP_PARTS:
            if part.memory_mb > HEAP_PARTS[name]:
                yield Violation("I8", f"{name} used {part.memory_mb:.0f} MB, {HEAP_PARTS[name]:.0f} at the most")
            continue
        grew, may = part.memory_mb - part.before_mb, GROWS_MB + GROWS_KB_PER_EVENT * events / 1e3
        may += SLEEPER_MB * plan.sleepers if name == "api" else 0.0
        if grew > may:
            yield Violation("I8", f"{name} grew by {grew:.0f} MB over {events} events, {may:.0f} at the most")
    may = DISK_MB + DISK_KB_PER_EVENT * events / 1e3
    if evidence.disk_mb > may:
        yield Violation("I8", f"the home grew by {evidence.disk_mb:.0f} MB over {events} events, {may:.0f} at the most")
    if evidence.spool_left:
        yield Violation("I8", f"{evidence.spool_left} bytes are left in the spool, and everything was delivered")
