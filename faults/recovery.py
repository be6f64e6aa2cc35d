"""How long a fault was felt, told for each kind of fault by what people would notice first.

| hurt | measured |
| --- | --- |
| a worker, the broker | the longest that an event told since then waited for a belief that follows from it |
| the API, Redis, the database | the longest that one waited for a goal, and until `/ready` said yes again |
| the game's link | from the link's return to the last acknowledgement of what was told before it |
| the river's link | from its return to the first frame |

A kill is felt from the kill on. What lasts (a cut, a freeze, a full disk, a part that stays away) is felt from its end,
unless another worker is there to take over: then from its beginning. The times are Kafka's own timestamps and the
recorder's, of one machine's clock.
"""

from collections.abc import Iterator
from typing import Final, Literal

from msgspec import Struct

from faults.evidence import Evidence
from faults.history import Frame, History, Ready
from faults.plan import Plan, Step

What = Literal["belief", "goal", "delivery", "frame"]
ENDS: Final = {"freeze": "thaw", "reset": "mend", "silence": "mend", "slow": "mend", "fill": "make room"}
AT_ONCE: Final = ("kill", "stop")


class Recovery(Struct, frozen=True):
    """How long it took until what was measured was there again."""

    of: What
    seconds: float


def recovery(history: History, evidence: Evidence, plan: Plan) -> Recovery | None:
    """The longest of the run's faults; None where none of them could be felt in this way."""
    invoked = history.invoked
    found = []
    for since_s, step in _felt(history, plan):
        match what := _measured_by(step):
            case "belief":
                seconds = _longest_wait(_beliefs(evidence), invoked, since_s)
            case "goal":
                goal_s = _longest_wait(_goals(evidence), invoked, since_s)
                ready_s = _until_ready(history, since_s)
                seconds = max((each for each in (goal_s, ready_s) if each is not None), default=None)
            case "delivery":
                seconds = _delivered(history, invoked, since_s)
            case "frame":
                seconds = _first_frame(history, since_s)
        if seconds is not None:
            found.append(Recovery(what, round(seconds, 2)))
    return max(found, key=lambda each: each.seconds, default=None)


def _measured_by(step: Step) -> What:
    if step.on in ("game", "river"):
        return "delivery" if step.on == "game" else "frame"
    return "goal" if step.on in ("api", "redis", "database") else "belief"


def _felt(history: History, plan: Plan) -> Iterator[tuple[float, Step]]:
    """Each fault of the plan and from when on it is measured."""
    steps = sorted(plan.steps, key=lambda step: step.at_s)
    done = [(each.at_s, step) for each, step in zip(history.injected, steps, strict=False)]
    over_s = history.injected[-1].at_s if history.injected else 0.0
    for place, (at_s, step) in enumerate(done):
        taken_over = step.on.startswith("worker") and plan.workers > 1
        end = "bring back" if step.act == "lose" else ENDS.get(step.act)
        ended_s = next((when for when, later in done[place:] if later.act == end and later.on == step.on), over_s)
        if step.act in AT_ONCE or (step.act == "lose" and ended_s == over_s):
            yield at_s, step
        elif end is not None:
            yield (at_s if taken_over and step.act in ("freeze", "reset", "silence") else ended_s), step


def _beliefs(evidence: Evidence) -> Iterator[tuple[float, tuple[str, int]]]:
    return ((record.at_s, (told.sessionid, told.sequence)) for record, told in evidence.beliefs)


def _goals(evidence: Evidence) -> Iterator[tuple[float, tuple[str, int]]]:
    return ((record.at_s, (told.data.cause.session, told.data.cause.sequence)) for record, told in evidence.goals)


def _longest_wait(
    effects: Iterator[tuple[float, tuple[str, int]]], invoked: dict[tuple[str, int], float], since_s: float
) -> float | None:
    """The longest from an event's telling, after `since_s`, to its first effect."""
    first: dict[tuple[str, int], float] = {}
    for at_s, cause in effects:
        if invoked.get(cause, 0.0) >= since_s:
            first.setdefault(cause, at_s)
    return max((at_s - invoked[cause] for cause, at_s in first.items()), default=None)


def _until_ready(history: History, since_s: float) -> float | None:
    looks = [each for each in history.entries if isinstance(each, Ready) and each.at_s >= since_s]
    unwell = next((place for place, look in enumerate(looks) if not look.well), None)
    if unwell is None:
        return None
    return next((look.at_s - since_s for look in looks[unwell:] if look.well), None)


def _delivered(history: History, invoked: dict[tuple[str, int], float], since_s: float) -> float | None:
    late = [op.at_s - since_s for op in history.ops("ok") if invoked.get((op.session, op.sequence), since_s) < since_s]
    return max(0.0, *late) if late else None


def _first_frame(history: History, since_s: float) -> float | None:
    frames = (each.at_s - since_s for each in history.entries if isinstance(each, Frame) and each.at_s >= since_s)
    return next(frames, None)
