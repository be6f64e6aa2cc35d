"""I5: what came in is what was accepted, what was a repeat and what was refused, and each refusal is kept once.

Counted in three ways that know nothing of each other: messages by their own marks on the log, what the workers keep of
each session, and the entries on the topic of failures, taken once by their id however often they were written.
"""

from collections.abc import Iterator

from faults.differ import first_difference
from faults.effects import few
from faults.evidence import Evidence
from faults.replay import Replay, places
from faults.verdict import Violation


def in_is_accepted_and_failed(evidence: Evidence, replay: Replay, accepted: int) -> Iterator[Violation]:
    """`accepted` is what the workers' state says was taken."""
    kept = {failed.id: failed for failed in evidence.failed}
    came = sum(max(len(places(record.value)), 1) for record in evidence.log if record.value is not None)
    if came != accepted + replay.repeated + len(kept):
        reckoned = f"{accepted} accepted + {replay.repeated} repeated + {len(kept)} failed"
        yield Violation("I5", f"{came} messages came in, and that is not {reckoned}")
    found = []
    for due in replay.refused:
        ours = kept.get(due.id)
        if ours is None:
            found.append(f"{due.id} was refused ({due.data.reason}) and is not kept")
        elif differs := first_difference(ours.data, due.data):
            found.append(f"{due.id} is kept otherwise than it was refused: {differs}")
    strangers = kept.keys() - {due.id for due in replay.refused}
    found += [f"{name} is kept as refused, and there was nothing to refuse" for name in sorted(strangers)]
    for failed in evidence.failed:
        if differs := first_difference(failed.data, kept[failed.id].data):
            found.append(f"{failed.id} is kept twice with two contents: {differs}")
    yield from few("I5", found)
