"""Those beside the crowd: a real game must have its frames, one who reads must hear in time, who never reads is cut.

The bounds are of a promise: a busy machine must not break them. A game that waited for a stream that is away would wait
for a time-out, and the shortest there is one second: sixty frames. What a game really had is a figure of the verdict.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from contract.codec import Unreadable, read_events
from faults.evidence import Evidence, Record
from faults.history import History
from faults.plan import Plan
from faults.verdict import Played, Violation

TELLING_MS: Final = 1000 / 60
"""What telling and hearing may take of a frame, 99 times in 100: no more than there is."""
FRAMES_PER_S: Final = 57.0
"""Of 60, in a run that lasts a minute or more. In a shorter one the processor belongs to a broker, two workers, a crowd
and 100,000 events at once, and what a game gets of it says something about the machine alone."""
LASTS_S: Final = 60.0
CUT_SHARE: Final = 0.5
"""On a busy machine some are filled too late in the run for a server to have given them up."""
FRAME_LATE_S: Final = 4.0
"""From the decision's place in the log to the frame of somebody who reads, while hundreds do not: less than the
5 s that a server waits for one of those."""


def played(evidence: Evidence) -> Played | None:
    """The figures of the game that played along; None where none did, or where it did not end in order."""
    sitting = evidence.sitting
    if sitting is None:
        return None
    key = sitting.player.encode()
    times = [at for record in evidence.log if record.key == key for at in _times(record)]
    seconds = (max(times) - min(times)).total_seconds() if times else 0.0
    rate = sitting.frames / seconds if seconds else 0.0
    return Played(round(seconds, 1), round(rate, 1), sitting.frame_p99_ms, sitting.telling_p99_ms)


def a_game_has_its_frames(plan: Plan, evidence: Evidence) -> Iterator[Violation]:
    """The real game ended in order, gave nothing up, was not made to wait and had its frames."""
    if not plan.game:
        return
    figures, sitting = played(evidence), evidence.sitting
    if figures is None or sitting is None:
        yield Violation("I6", "the game left no summary")
        return
    if figures.telling_p99_ms > TELLING_MS:
        yield Violation("I6", f"telling took the game {figures.telling_p99_ms:.1f} ms of a frame (p99)")
    if plan.seconds >= LASTS_S and figures.frames_per_s < FRAMES_PER_S:
        yield Violation("I6", f"the game had {figures.frames_per_s:.1f} frames a second")
    if sitting.dropped:
        yield Violation("I6", f"the game gave {sitting.dropped} events up")


def sleepers_are_cut(plan: Plan, history: History, evidence: Evidence) -> Iterator[Violation]:
    """Whoever never reads is cut, and whoever reads beside them hears in time."""
    if not plan.sleepers:
        return
    if evidence.cut < plan.sleepers * CUT_SHARE:
        yield Violation("I8", f"{plan.sleepers - evidence.cut} of {plan.sleepers} who never read were not cut")
    late_s = longest_lateness_s(history, evidence)
    if late_s > FRAME_LATE_S:
        yield Violation("I6", f"a frame came {late_s:.1f} s late to somebody who reads")


def longest_lateness_s(history: History, evidence: Evidence) -> float:
    """The longest from a decision's place in the log to its first frame; 0 where each came sooner."""
    came: dict[str, float] = {}
    for frame in history.frames:
        came.setdefault(frame.text, frame.at_s)
    told = {(record.value or b"").decode(): record.at_s for record, _ in evidence.goals}
    return max((came[text] - at_s for text, at_s in told.items() if text in came), default=0.0)


def _times(record: Record) -> Iterator[datetime]:
    now = datetime.fromtimestamp(record.at_s, UTC)
    return (event.time for event in read_events(record.value or b"", now) if not isinstance(event, Unreadable))
