"""Says why a fault did not bite, if it did not: a run that hurt nobody proves nothing.

That a process died or froze is seen to by the site; what is asked here is whether it was in the middle of something.
Kafka's own timestamps and the recorder's say so, of one machine's clock.
"""

from collections.abc import Iterator
from typing import Final

from faults.evidence import Evidence
from faults.history import History, Injected
from faults.plan import Plan

BEFORE_S: Final = 1.0
"""Nothing told so shortly before a worker's death is in a snapshot, or hardly anything: one is written each second."""
UNKEPT_S: Final = 0.1
"""The API commits so often at the most: what it heard later is not kept when it dies."""
BACKLOG: Final = 100
"""Events that must wait when the first worker is back."""


def blunt(plan: Plan, history: History, evidence: Evidence) -> str | None:
    """Why this run proves nothing, in a sentence; None when it does."""
    return next(_flaws(plan, history, evidence), None)


def _flaws(plan: Plan, history: History, evidence: Evidence) -> Iterator[str]:
    told_s = sorted(history.invoked.values())
    steps = [each for each in history.injected if each.what != "mended"]
    hurt = [each for each in steps if each.what.split()[0] in ("kill", "lose", "stop", "freeze", "fill")]
    for each in hurt:
        if not any(each.at_s - BEFORE_S < at_s < each.at_s for at_s in told_s):
            yield f"nobody told anything in the second before `{each.what}`"
        if not any(at_s > each.at_s for at_s in told_s):
            yield f"nobody told anything after `{each.what}`"
        if each.what == "kill api" and not any(
            each.at_s - UNKEPT_S < record.at_s < each.at_s for record, _ in evidence.beliefs
        ):
            yield "the API had kept everything that it had heard when it was killed"
    if plan.fault == "workers-killed":
        yield from _no_backlog(steps, evidence)
    if plan.fault == "worker-frozen":
        yield from _not_taken_over(steps, history, evidence)


def _no_backlog(steps: list[Injected], evidence: Evidence) -> Iterator[str]:
    gone_s = max(each.at_s for each in steps if each.what.startswith("lose"))
    back_s = min(each.at_s for each in steps if each.what.startswith("bring back"))
    waiting = sum(gone_s < record.at_s < back_s for record in evidence.log)
    if waiting < BACKLOG:
        yield f"only {waiting} events came while there was no worker"


def _not_taken_over(steps: list[Injected], history: History, evidence: Evidence) -> Iterator[str]:
    """Every partition that was told something in the freeze has a belief about it from before the thaw."""
    frozen_s, thawed_s = (next(each.at_s for each in steps if each.what.startswith(act)) for act in ("freeze", "thaw"))
    invoked = history.invoked
    told = {record.partition for record in evidence.log if frozen_s < record.at_s < thawed_s}
    believed = {
        record.partition
        for record, belief in evidence.beliefs
        if record.at_s < thawed_s and invoked.get((belief.sessionid, belief.sequence), 0.0) > frozen_s
    }
    if left := sorted(told - believed):
        yield f"partitions {left} were still the frozen worker's when it woke up"
