"""Lost and doubled, reckoned on paper."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Literal

import pytest
from aiokafka import TopicPartition
from hypothesis import given
from hypothesis import strategies as st

from bots import ledger as ledgers
from bots.ledger import Ledger, NobodyThereError, Place, Refusals, places
from bots.reckoning import Acknowledged, Holdings, Verdict, shared, size
from bots.reckoning import reckon as reckon_runs
from contract.codec import encode
from contract.events import PlayPaused
from contract.failures import EventFailed, Failure, FailureSettled, Reason, Settlement
from producers.account import Account
from tests.processors.river import event


def _book(sequences: Mapping[str, Collection[int]]) -> Account:
    account = Account()
    for session, numbers in sequences.items():
        for number in numbers:
            account.enter(session, number)
    return account


def _found(
    on_topic: dict[str, list[int]], folded: dict[str, int], refused: dict[str, set[int]] | None = None
) -> Holdings:
    return Holdings(_book(on_topic), _book(refused or {}), folded)


def reckon(acknowledged: dict[str, list[int]], found: Holdings) -> Verdict:
    """The verdict on what was acknowledged one by one."""
    promised: Acknowledged = _book(acknowledged).runs()
    return reckon_runs(promised, found)


def test_everything_acknowledged_on_the_topic_and_folded_once_is_a_clean_book() -> None:
    """Three acknowledged, three there, three folded."""
    assert reckon({"s": [1, 2, 3]}, _found({"s": [1, 2, 3]}, {"s": 3})) == Verdict(0, 0, 0, 0, 3, 3)


def test_acknowledged_but_not_on_the_topic_is_lost() -> None:
    """The broker said yes to 3, and it is not there."""
    assert reckon({"s": [1, 2, 3]}, _found({"s": [1, 2]}, {"s": 2})).lost == 1


def test_on_the_topic_but_never_folded_is_lost() -> None:
    """Two of three reached the state; one did not."""
    assert reckon({"s": [1, 2, 3]}, _found({"s": [1, 2, 3]}, {"s": 2})).lost == 1
    assert reckon({"s": [1]}, _found({"s": [1]}, {})).lost == 1


def test_folded_more_often_than_there_are_events_is_doubled() -> None:
    """Three events cannot make four folds."""
    assert reckon({"s": [1, 2, 3]}, _found({"s": [1, 2, 3]}, {"s": 4})) == Verdict(0, 1, 0, 0, 3, 4)


def test_a_copy_on_the_topic_is_counted_but_is_no_doubling() -> None:
    """A retry may write an event twice; it is folded once."""
    assert reckon({"s": [1, 2]}, _found({"s": [1, 2, 2]}, {"s": 2})) == Verdict(0, 0, 0, 1, 2, 2)


def test_a_refused_event_is_neither_lost_nor_expected_in_the_state() -> None:
    """Event 2 lies on failed-events with its reason; two of three are folded."""
    assert reckon({"s": [1, 2, 3]}, _found({"s": [1, 2, 3]}, {"s": 2}, {"s": {2}})) == Verdict(0, 0, 1, 0, 3, 2)


def test_an_event_on_the_topic_whose_acknowledgement_never_came_is_no_doubling() -> None:
    """4 was written and folded, but its answer was lost: it is more than was promised, not twice."""
    assert reckon({"s": [1, 2, 3]}, _found({"s": [1, 2, 3, 4]}, {"s": 4})) == Verdict(0, 0, 0, 0, 4, 4)


def test_one_sessions_surplus_does_not_hide_anothers_loss() -> None:
    """Sessions are reckoned each for itself."""
    verdict = reckon({"a": [1, 2], "b": [1, 2]}, _found({"a": [1, 2], "b": [1, 2]}, {"a": 3, "b": 1}))
    assert (verdict.lost, verdict.doubled) == (1, 1)


def test_repeats_gaps_and_late_ones_are_told_apart() -> None:
    """Acknowledged 1-4 and 6-9, as 5 was given up. On the topic: 1-3, 2 again, 7-9, and 6 late; 8 refused; 5 folded.

    4 is missing: one lost. Seven are there, six of them for the state, which has five: one more lost. 2 is a copy.
    Eight came in; five accepted and one failed leave two unaccounted for.
    """
    found = _found({"s": [1, 2, 3, 2, 7, 8, 9, 6]}, {"s": 5}, {"s": {8}})
    assert found.on_topic.runs() == {"s": ((1, 3), (6, 9))}
    assert reckon({"s": [1, 2, 3, 4, 6, 7, 8, 9]}, found) == Verdict(
        lost=2, doubled=0, failed=1, repeated=1, came=8, accepted=5
    )


def test_what_was_refused_and_is_nowhere_on_the_topic_is_not_hidden() -> None:
    """Three in and three folded, and a refusal of a fourth that never came: 3 is not 3 + 1."""
    verdict = reckon({"s": [1, 2, 3]}, _found({"s": [1, 2, 3]}, {"s": 3}, {"s": {9}}))
    assert (verdict.lost, verdict.doubled) == (0, 0)
    assert (verdict.came, verdict.accepted, verdict.failed) == (3, 3, 1)


def refused(name: str, *sequences: int) -> bytes:
    """The refusal of a message with these events of session s-1."""
    original = b"[" + b",".join(b'{"sessionid":"s-1","sequence":%d}' % number for number in sequences) + b"]"
    failure = Failure(
        reason=Reason.TOO_MANY, detail="", original=original, topic="player-events", partition=0, offset=0
    )
    return encode(EventFailed(id=name, source="/test", subject="p", time=datetime.now(UTC), data=failure))


def settled(name: str, how: Literal["replayed", "dropped"]) -> bytes:
    """That somebody dealt with it."""
    data = Settlement(failure=name, reason=Reason.TOO_MANY, how=how, by="split")
    return encode(FailureSettled(id=name, source="/test", subject="p", time=datetime.now(UTC), data=data))


def test_a_refusal_counts_once_and_until_it_was_replayed() -> None:
    """Told twice after a crash it is two events, not four; dropped it is still refused; replayed it is not."""
    refusals, acknowledged = Refusals(), {"s-1": ((1, 9),)}
    for message in (refused("a", 1, 2), refused("b", 5), refused("a", 1, 2), settled("b", "dropped"), b"noise"):
        refusals.take(message, acknowledged)
    assert refusals.book().runs() == {"s-1": ((1, 2), (5, 5))}
    refusals.take(settled("a", "replayed"), acknowledged)
    assert refusals.book().runs() == {"s-1": ((5, 5),)}
    refusals.take(refused("c", 7), {"others": ((1, 9),)})
    assert refusals.book().events == 1


@given(st.sets(st.integers(1, 40)), st.sets(st.integers(1, 40)))
def test_what_two_rows_of_runs_share_is_what_their_numbers_share(some: set[int], others: set[int]) -> None:
    """Against sets, which are right and too large for six million events."""
    runs, other = _book({"s": some}).runs().get("s", ()), _book({"s": others}).runs().get("s", ())
    assert shared(runs, other) == len(some & others)
    assert size(runs) == len(some)


ONE, OTHER = b'{"sessionid":"s","sequence":1,"more":{"a":[1]}}', b'{"sequence":2,"sessionid":"t"}'


def test_where_events_stand_is_read_without_the_rest() -> None:
    """One event, or an array of them, in whatever order their attributes come."""
    assert places(ONE) == [Place("s", 1)]
    assert places(b"[" + ONE + b"," + OTHER + b"]") == [Place("s", 1), Place("t", 2)]


def test_what_looks_like_no_event_gets_the_slow_reading_that_everybody_gives_it() -> None:
    """A blank before an array hides the real event in it from the first look only; the stranger beside it is none."""
    real = encode(event(PlayPaused(), 3, 0, start=datetime.now(UTC)))
    assert places(b" [" + real + b", 7]") == [Place("s-1", 3)]
    assert places(b"nonsense") == []


class Silent:
    """A consumer whose broker says that there are five messages, and brings none."""

    place = TopicPartition("player-events", 0)

    def assignment(self) -> set[TopicPartition]:
        """The one partition."""
        return {self.place}

    async def end_offsets(self, _: set[TopicPartition]) -> dict[TopicPartition, int]:
        """Five messages."""
        return {self.place: 5}

    async def position(self, _: TopicPartition) -> int:
        """Still at the first."""
        return 0

    async def getmany(self, *_: TopicPartition, timeout_ms: int) -> dict[TopicPartition, list[object]]:  # noqa: ARG002 - it never waits
        """Nothing."""
        return {}


async def test_a_broker_that_falls_silent_ends_the_count_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """It dies between saying how much there is and bringing it: an audit must not wait for ever."""
    monkeypatch.setattr(ledgers, "SILENT_S", 0.0)
    book = Ledger("127.0.0.1:1", "state", lambda _: {})
    book._consumer = Silent()
    with pytest.raises(NobodyThereError, match="fell silent while the events were counted"):
        await book.audit({"s-1": ((1, 5),)})
