"""The disk behind the outbox: crashes, damage, several games, no room."""

import logging
import os
from errno import ENOSPC
from pathlib import Path
from typing import BinaryIO

import pytest

from producers.spool import SEGMENT_EVENTS, Spool, open_spool
from tests.producers.told import kill, line


def _drain(spool: Spool) -> list[bytes]:
    lines = []
    while len(spool):
        found, events = spool.first()
        assert len(found) == events
        lines += found
        spool.discard_first()
    return lines


def _segments(home: Path) -> list[Path]:
    return sorted(home.rglob("*.jsonl"))


def test_what_is_put_down_is_taken_up_in_order(tmp_path: Path) -> None:
    """Three appends, one reading; then the disk is empty."""
    spool = Spool(tmp_path)
    lines = [line("p", number) for number in range(1, 7)]
    for start in (0, 2, 4):
        spool.append(lines[start : start + 2])
    assert len(spool) == 6
    assert _drain(spool) == lines
    assert (len(spool), spool.size, _segments(tmp_path)) == (0, 0, [])
    spool.close()


def test_a_spool_grows_by_segments_so_that_it_can_shrink_by_segments(tmp_path: Path) -> None:
    """2,500 events are three files; delivering a third of them frees a third of the disk."""
    spool = Spool(tmp_path)
    for start in range(1, 2_501, 100):
        spool.append([line("p", number) for number in range(start, start + 100)])
    assert len(_segments(tmp_path)) == 3
    assert spool.first()[1] == SEGMENT_EVENTS
    spool.discard_first()
    assert (len(spool), len(_segments(tmp_path))) == (1_500, 2)
    spool.close()


def test_reading_the_newest_segment_ends_it_so_that_later_events_stay_behind(tmp_path: Path) -> None:
    """What is added while a segment is being delivered is not deleted with it."""
    spool = Spool(tmp_path)
    spool.append([line("p", 1)])
    assert spool.first() == ([line("p", 1)], 1)
    spool.append([line("p", 2)])
    spool.discard_first()
    assert _drain(spool) == [line("p", 2)]
    spool.close()


def test_what_a_former_run_left_comes_first(tmp_path: Path) -> None:
    """Closed and opened again: the old event, then the new one."""
    former = Spool(tmp_path)
    former.append([line("p", 1)])
    former.close()
    spool = Spool(tmp_path)
    spool.append([line("p", 2)])
    assert _drain(spool) == [line("p", 1), line("p", 2)]
    spool.close()


def test_a_crash_costs_nothing_that_was_put_down(tmp_path: Path) -> None:
    """The process ends without closing: only its lock is let go."""
    crashed = Spool(tmp_path)
    crashed.append([line("p", 1), line("p", 2)])
    kill(crashed)
    spool = Spool(tmp_path)
    assert _drain(spool) == [line("p", 1), line("p", 2)]
    spool.close()


@pytest.mark.parametrize("damage", [b'{"half":"a li', b"\x00" * 512, b"\xff\xfe\n\x00\n"])
def test_a_damaged_tail_is_cut_with_one_line_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, damage: bytes
) -> None:
    """A power cut leaves half a line, or a block of zeroes: what stands before it is good."""
    former = Spool(tmp_path)
    former.append([line("p", 1), line("p", 2)])
    former.close()
    with _segments(tmp_path)[0].open("ab") as file:
        file.write(damage)
    with caplog.at_level(logging.WARNING):
        spool = Spool(tmp_path)
    assert [record.getMessage().startswith(f"cut {len(damage)} damaged bytes") for record in caplog.records] == [True]
    assert _drain(spool) == [line("p", 1), line("p", 2)]
    spool.close()


def test_a_segment_that_is_nothing_but_damage_goes(tmp_path: Path) -> None:
    """A file of zeroes holds no event."""
    (tmp_path / "1").mkdir()
    (tmp_path / "1" / "000000000001.jsonl").write_bytes(b"\x00" * 100)
    spool = Spool(tmp_path)
    assert (len(spool), _segments(tmp_path)) == (0, [])
    spool.close()


def test_a_segment_that_vanished_is_told_as_events_without_lines(tmp_path: Path) -> None:
    """Somebody deleted a file: its events are missing, the rest is not."""
    spool = Spool(tmp_path)
    spool.append([line("p", 1), line("p", 2)])
    spool.seal()
    _segments(tmp_path)[0].unlink()
    assert spool.first() == ([], 2)
    spool.discard_first()
    assert len(spool) == 0
    spool.close()


def test_two_games_share_a_home_and_nothing_else(tmp_path: Path) -> None:
    """The second game does not see, deliver or delete what the first one, still running, has put down."""
    first, second = Spool(tmp_path), Spool(tmp_path)
    first.append([line("p", 1)])
    second.append([line("q", 1)])
    assert _drain(second) == [line("q", 1)]
    assert _drain(first) == [line("p", 1)]
    first.close()
    second.close()


def test_what_a_dead_neighbour_left_is_taken_over(tmp_path: Path) -> None:
    """Two games ran at once, both left something; the one that runs now delivers both."""
    first, second = Spool(tmp_path), Spool(tmp_path)
    first.append([line("p", 1)])
    second.append([line("q", 1)])
    first.close()
    second.close()
    spool = Spool(tmp_path)
    assert _drain(spool) == [line("p", 1), line("q", 1)]
    spool.close()


def test_more_than_the_bound_is_refused_whole(tmp_path: Path) -> None:
    """Room for two lines: the third is refused and the two stay as they are."""
    spool = Spool(tmp_path, most_bytes=2 * len(line("p", 1)) + 2)
    spool.append([line("p", 1), line("p", 2)])
    with pytest.raises(OSError, match="holds its"):
        spool.append([line("p", 3)])
    assert _drain(spool) == [line("p", 1), line("p", 2)]
    spool.close()


def test_a_home_that_cannot_be_written_is_one_sentence(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A file stands where the folder should be: no spool, and play goes on."""
    (tmp_path / "home").write_text("not a folder")
    with caplog.at_level(logging.WARNING):
        assert open_spool(tmp_path / "home") is None
    assert len(caplog.records) == 1
    assert "play goes on" in caplog.text


class Full:
    """A file on a disk that takes 10 more bytes, and then says so or just stops."""

    def __init__(self, file: BinaryIO, *, says_so: bool) -> None:
        self.truncate = file.truncate
        self.seek = file.seek
        self._file = file
        self._says_so = says_so

    def write(self, blob: bytes) -> int:
        """Take 10 bytes."""
        written = self._file.write(blob[:10])
        if self._says_so:
            raise OSError(ENOSPC, os.strerror(ENOSPC))
        return written


@pytest.mark.parametrize("says_so", [True, False])
def test_an_append_that_the_disk_took_part_of_leaves_no_part(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    says_so: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    """Ten bytes of the second event fit: they are taken back, and the next append is whole."""
    spool = Spool(tmp_path)
    spool.append([line("p", 1)])
    file = spool._file()
    monkeypatch.setattr(spool, "_open", Full(file, says_so=says_so))
    with pytest.raises(OSError, match=os.strerror(ENOSPC)):
        spool.append([line("p", 2)])
    monkeypatch.setattr(spool, "_open", file)
    spool.append([line("p", 3)])
    assert _drain(spool) == [line("p", 1), line("p", 3)]
    spool.close()
