"""The worker's heart as a filter over lines."""

from datetime import UTC, datetime

from contract.codec import encode, encode_all, read_failure, read_signal
from contract.failures import EventFailed, Reason
from contract.signals import SignalUpdated
from processors.fold import fold
from tests.processors.river import cleared, event, stroke, told


def test_the_filter_answers_a_recording_line_by_line() -> None:
    """One belief per line that changed something, one failure per refusal, none for an empty line or a repeat."""
    events = told((0, stroke()), (3, stroke()), (5, cleared()))
    lines = [encode(events[0]) + b"\n", b"\n", b"rubbish\n", *map(encode, (*events[1:], events[2]))]
    answers = list(fold(lines))
    kinds = [type(read_signal(each)).__name__ for each in answers]
    assert kinds == ["SignalUpdated", "Unreadable", "SignalUpdated", "SignalUpdated"]
    refused = read_failure(answers[1])
    assert isinstance(refused, EventFailed)
    assert (refused.data.reason, refused.data.offset) == (Reason.NOT_JSON, 2)
    last = read_signal(answers[3])
    assert isinstance(last, SignalUpdated)
    assert last.time == events[2].time
    assert list(fold(lines)) == answers


def test_the_filter_takes_a_recording_of_any_age() -> None:
    """A line's own time is its clock."""
    then = event(stroke(), 1, 0, start=datetime(2019, 1, 1, tzinfo=UTC))
    assert [type(read_signal(each)).__name__ for each in fold([encode(then)])] == ["SignalUpdated"]


def test_a_line_of_several_events_is_answered_as_a_fetch_of_them_is() -> None:
    """Somebody sat down, finished a round and stroked once more: two turns, and a stroke that would have waited."""
    line = encode_all(told((0, stroke()), (5, cleared()), (6, stroke())))
    answers = [read_signal(each) for each in fold([line])]
    assert [each.sequence for each in answers if isinstance(each, SignalUpdated)] == [1, 2, 3]
