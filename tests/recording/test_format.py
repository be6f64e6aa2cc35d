"""The lines of a recording: every message comes back to the byte, and what is no recording is told so."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recording.format import (
    FORMAT,
    BrokenOffError,
    Message,
    NotARecordingError,
    is_header,
    read,
    read_header,
    write,
    write_end,
    write_header,
)
from tests.contract.recorded import EVENTS
from tests.recording.lines import HEADER, message, recorded

MESSAGES = st.builds(
    Message,
    at=st.integers(0, 2**53),
    partition=st.integers(0, 1_000),
    key=st.text(max_size=70),
    value=st.one_of(st.binary(max_size=60), st.sampled_from([*EVENTS.values()])),
)
PIT = b'{"event":' + b"[" * 9_999


@given(st.lists(MESSAGES, max_size=5))
@settings(max_examples=40, deadline=None)
def test_whatever_was_on_the_wire_comes_back_to_the_byte(messages: list[Message]) -> None:
    """Events, garbage, nothing at all, and names that nobody should have."""
    header, *lines = recorded(*messages).splitlines(keepends=True) if messages else [write_header(HEADER), write_end(0)]
    assert read_header(header) == HEADER
    assert list(read(lines)) == messages


def test_an_event_stands_in_its_line_as_it_was_sent() -> None:
    """So that a person may read it and any tool may take it out."""
    event = EVENTS["rock.hit"]
    assert write(message(1_795_453_200_123, "p-5d1c7a", event)) == (
        b'{"at":1795453200123,"partition":3,"key":"p-5d1c7a","event":' + event + b"}\n"
    )


@pytest.mark.parametrize("value", [b"", b"no json", b'{"a":\n1}', b'{"a":"\xff"}', b'{"a"', b"17", b"[" * 9_999])
def test_what_cannot_stand_in_a_line_of_json_is_kept_all_the_same(value: bytes) -> None:
    """As base64; it was refused once, and is to be refused again."""
    line = write(message(value=value))
    assert b'"bytes":"' in line
    assert line.count(b"\n") == 1
    assert [each.value for each in read([line, write_end(1)])] == [value]


@pytest.mark.parametrize("cut", [b"", b'{"at":3,"partition":1,"ke', b"\x00\x00\n", PIT])
def test_a_recording_that_breaks_off_says_how_much_is_whole(cut: bytes) -> None:
    """And gives all of that first."""
    lines = [write(message(1)), write(message(2)), *([cut] if cut else [])]
    whole: list[Message] = []
    with pytest.raises(BrokenOffError, match="breaks off after 2 whole messages"):
        whole.extend(read(lines))
    assert [each.at for each in whole] == [1, 2]


def test_a_recording_that_lost_a_line_in_its_middle_is_found_out() -> None:
    """Its end counts what came before it."""
    with pytest.raises(BrokenOffError, match="it says that it holds 2 messages, and 1 are there"):
        list(read([write(message()), write_end(2)]))


@pytest.mark.parametrize("line", [b"", b"\x28\xb5\x2f\xfd", EVENTS["rock.hit"], b'{"recording":1}', PIT])
def test_another_file_is_no_recording(line: bytes) -> None:
    """Nothing, noise, a line of events, a header that lacks everything, and what is nested beyond all reading."""
    assert is_header(line) == (line == b'{"recording":1}')
    with pytest.raises(NotARecordingError, match="does not begin as a recording does"):
        read_header(line)


def test_a_recording_of_a_later_version_says_what_to_do() -> None:
    """Whatever else its header says."""
    line = b'{"recording":%d,"source":{"now":"an object"}}' % (FORMAT + 1)
    assert is_header(line)
    with pytest.raises(
        NotARecordingError, match="it is of format 2, and this version reads up to 1: bring Whitewater up"
    ):
        read_header(line)
