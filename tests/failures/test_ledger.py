"""Which entries are open, told by hand."""

from datetime import UTC, datetime

from contract.codec import encode
from contract.failures import EventFailed, Failure, FailureSettled, Reason, Settlement
from failures.ledger import Ledger, Place, Wanted


def refused(name: str, reason: Reason, minute: int, subject: str = "heron") -> bytes:
    """A refusal, at so many minutes past noon."""
    failure = Failure(reason=reason, detail="", original=b"\x00" * 9, topic="player-events", partition=0, offset=0)
    return encode(EventFailed(id=name, source="/test", subject=subject, time=noon(minute), data=failure))


def settled(name: str, reason: Reason) -> bytes:
    """That it was replayed."""
    data = Settlement(failure=name, reason=reason, how="replayed", by="rekey", events=1)
    return encode(FailureSettled(id=name, source="/test", subject="heron", time=noon(50), data=data))


def noon(minute: int) -> datetime:
    """A minute past noon."""
    return datetime(2026, 11, 23, 12, minute, tzinfo=UTC)


def told(*records: bytes) -> Ledger:
    """The ledger of these records, in one partition."""
    ledger = Ledger()
    for offset, record in enumerate(records):
        ledger.note(Place(0, offset), record)
    return ledger


THREE = (
    refused("a", Reason.WRONG_KEY, 1),
    refused("b", Reason.WRONG_KEY, 3, "ibis"),
    refused("c", Reason.TOO_OLD, 2),
    settled("a", Reason.WRONG_KEY),
)


def test_open_is_what_failed_and_was_not_settled() -> None:
    """Of three one was settled; the newest comes first."""
    ledger = told(*THREE)
    assert [entry.id for entry in ledger.open()] == ["b", "c"]
    assert ledger.counts() == {Reason.WRONG_KEY: (1, 1), Reason.TOO_OLD: (1, 0)}
    assert ledger.settled["a"].by == "rekey"


def test_a_refusal_told_twice_counts_once_and_so_does_a_settlement() -> None:
    """A worker that crashed tells it again, also after somebody has settled it; its first place stays."""
    ledger = told(*THREE, THREE[0], THREE[1], THREE[3])
    assert ledger.counts() == {Reason.WRONG_KEY: (1, 1), Reason.TOO_OLD: (1, 0)}
    assert ledger.entries["b"].place == Place(0, 1)


def test_entries_are_chosen_by_reason_time_and_player() -> None:
    """Each alone, and together."""
    ledger = told(*THREE)
    chosen = {
        "reason": Wanted(reason=Reason.WRONG_KEY),
        "since": Wanted(since=noon(3)),
        "player": Wanted(player="heron"),
        "none": Wanted(reason=Reason.TOO_OLD, player="ibis"),
    }
    found = {name: [entry.id for entry in ledger.open(wanted)] for name, wanted in chosen.items()}
    assert found == {"reason": ["b"], "since": ["b"], "player": ["c"], "none": []}
    assert ledger.counts(chosen["player"]) == {Reason.WRONG_KEY: (0, 1), Reason.TOO_OLD: (1, 0)}


def test_what_is_neither_is_counted_as_foreign() -> None:
    """Noise, nothing at all, and a message of another type stop nobody."""
    ledger = told(b"", b"\xff", b"7", THREE[0].replace(b"event.failed", b"event.passed"))
    assert (ledger.foreign, ledger.open()) == (4, [])
