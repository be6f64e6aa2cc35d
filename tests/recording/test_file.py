"""The file: compressed or plain, whole or marked, and never written over."""

from pathlib import Path

import pytest

from recording.file import Writer, contents, events, find, unfinished
from recording.format import BrokenOffError, NotARecordingError, write_header
from tests.recording.lines import HEADER, message, recorded

TOLD = [message(1_000, "heron"), message(61_000, "otter", b"no json"), message(4_000, "heron", b'{"a":1}')]


@pytest.fixture(params=["play.jsonl.zst", "play.jsonl"])
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A recording of three messages."""
    path = tmp_path / str(request.param)
    writer = Writer(path, HEADER)
    for each in TOLD:
        writer.write(each)
    assert not path.exists()
    assert unfinished(path).exists()
    assert writer.close() == path.stat().st_size
    return path


def test_what_is_written_is_read(file: Path) -> None:
    """As often as one likes; by then the unfinished file is gone, and it says what is inside."""
    recording = find(file)
    assert recording.header == HEADER
    assert list(recording.messages()) == list(recording.messages()) == TOLD
    assert not unfinished(file).exists()
    inside, why = contents(recording.messages())
    assert why is None
    assert inside.some == ("heron", "otter")
    assert (inside.messages, inside.players, inside.first, inside.last, inside.seconds) == (3, 2, 1_000, 61_000, 60.0)


def test_only_a_name_in_jsonl_is_written_plain(file: Path) -> None:
    """Anything else is compressed; both are told apart by what is in them, not by their names."""
    plain = file.read_bytes() == recorded(*TOLD)
    assert plain == (file.suffix == ".jsonl")
    other = file.rename(file.with_name("renamed"))
    assert list(find(other).messages()) == TOLD


def test_a_recording_that_was_cut_says_how_much_is_whole(file: Path) -> None:
    """However it was packed."""
    file.write_bytes(file.read_bytes()[:-4])
    inside, why = contents(find(file).messages())
    assert isinstance(why, BrokenOffError)
    assert f"breaks off after {inside.messages} whole messages" in str(why)


def test_no_recording_is_written_over(file: Path) -> None:
    """It may be all that is left of that day."""
    with pytest.raises(FileExistsError):
        Writer(file, HEADER)
    assert list(find(file).messages()) == TOLD


def test_another_file_is_no_recording(tmp_path: Path) -> None:
    """Nor is an empty one, nor one that only begins like something packed."""
    for content in (b"", b"{}\n", b"\x28\xb5\x2f\xfdnothing that was ever packed"):
        other = tmp_path / "other"
        other.write_bytes(content)
        with pytest.raises(NotARecordingError):
            find(other)


def test_a_filter_is_given_the_messages_alone(file: Path) -> None:
    """And of any other file its lines."""
    with file.open("rb") as opened:
        lines, is_one = events(opened)
        assert (list(lines), is_one) == ([b"{}", b"no json", b'{"a":1}'], True)
    file.write_bytes(b"one\ntwo\n")
    with file.open("rb") as opened:
        lines, is_one = events(opened)
        assert (list(lines), is_one) == ([b"one\n", b"two\n"], False)


def test_a_header_alone_is_a_recording_that_breaks_off(tmp_path: Path) -> None:
    """Somebody pulled the plug at once."""
    path = tmp_path / "short.jsonl"
    path.write_bytes(write_header(HEADER))
    inside, why = contents(find(path).messages())
    assert (inside.messages, str(why)) == (0, "it breaks off after 0 whole messages (it has no end)")
