"""Lost and doubled, reckoned from runs of numbers: what was acknowledged against what was found of it.

An acknowledged event that is not on the topic, or was never folded, is *lost*; one folded more often than once is
*doubled*. A refused event lies on failed-events and is neither. Sequences come almost in order, so six million events
are a few thousand runs, and the whole is a walk along two rows of them. It refuses to know where anything was found.

The whole is said in one equation as well: what came *in* (acknowledged, or found on the topic although its answer was
lost) is what was *accepted* (folded) and what *failed* (lies on failed-events and was not replayed since). It holds
over all sessions together; lost and doubled are told for each alone, so that one's surplus hides nobody's loss.

Strange: the state knows a number per session, not which events: it is compared with the different, unrefused events on
the topic.
"""

from collections.abc import Mapping

from msgspec import Struct

from producers.account import Account, Runs

Acknowledged = Mapping[str, Runs]
"""Per session, the sequences that the broker acknowledged."""


class Verdict(Struct, frozen=True):
    """The count."""

    lost: int
    doubled: int
    failed: int
    repeated: int
    """Copies on the topic beyond the first: harmless, because they are folded once."""
    came: int = 0
    """Different events that were acknowledged, or lie on the topic: the *in* of in = accepted + failed."""
    accepted: int = 0
    """Different events in the state."""


class Holdings(Struct):
    """What was found, for the sessions in question."""

    on_topic: Account
    refused: Account
    folded: dict[str, int]


def reckon(acknowledged: Acknowledged, found: Holdings) -> Verdict:
    """Holds the acknowledged sequences of each session against what was found of them."""
    lost = doubled = distinct = came = accepted = 0
    on_topic, refused = found.on_topic.runs(), found.refused.runs()
    for session, promised in acknowledged.items():
        seen = on_topic.get(session, ())
        foldable = size(seen) - shared(seen, refused.get(session, ()))
        folded = found.folded.get(session, 0)
        lost += size(promised) - shared(promised, seen) + max(foldable - folded, 0)
        doubled += max(folded - foldable, 0)
        distinct += size(seen)
        came += size(promised) + size(seen) - shared(promised, seen)
        accepted += folded
    failed = sum(size(runs) for session, runs in refused.items() if session in acknowledged)
    return Verdict(lost, doubled, failed, found.on_topic.events - distinct, came, accepted)


def size(runs: Runs) -> int:
    """How many numbers there are."""
    return sum(last - first + 1 for first, last in runs)


def shared(some: Runs, others: Runs) -> int:
    """How many numbers are in both."""
    both = here = there = 0
    while here < len(some) and there < len(others):
        (first, last), (other_first, other_last) = some[here], others[there]
        both += max(min(last, other_last) - max(first, other_first) + 1, 0)
        if last < other_last:
            here += 1
        else:
            there += 1
    return both
