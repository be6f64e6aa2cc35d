"""Record and replay by Typer's own runner: what is refused, and a recording read by the filters with no broker."""

import json
from datetime import UTC, datetime
from math import inf
from pathlib import Path

import pytest
from typer.testing import CliRunner

from recording.format import FORMAT, Message
from tests.contract.recorded import EVENTS
from tests.recording.lines import message, recorded
from whitewater.__main__ import build
from whitewater.manners import SATURATED, USAGE, FailedError
from whitewater.record import asked, during, past
from whitewater.replay import Replayed, exit_code, speed_of

PLAYED = ("session.started", "rapid.started", "rock.hit", "gate.passed", "rapid.finished", "session.ended")


@pytest.fixture(autouse=True)
def _bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home in which nothing runs, and no word of a server."""
    monkeypatch.setenv("WHITEWATER_HOME", str(tmp_path))
    monkeypatch.delenv("WHITEWATER_SERVER", raising=False)


def sitting(at: int) -> list[Message]:
    """A short sitting, beginning at `at` ms since 1970."""
    return [message(at + number, "p-5d1c7a", EVENTS[kind]) for number, kind in enumerate(PLAYED)]


def a_file(folder: Path, content: bytes) -> str:
    """A file of these bytes."""
    path = folder / "play.jsonl"
    path.write_bytes(content)
    return str(path)


def refused(*words: str) -> FailedError:
    """What a verb says when it does not do it."""
    said = CliRunner().invoke(build((words[0],)), words)
    assert isinstance(said.exception, FailedError), said.output
    return said.exception


def test_a_recording_folds_and_decides_without_a_broker(tmp_path: Path) -> None:
    """Twice the same answers, and deciding a recording is deciding what folding it says."""
    file = a_file(tmp_path, recorded(*sitting(0)))
    run = CliRunner().invoke
    folded, again = (run(build(("fold",)), ["fold", file]).stdout for _ in range(2))
    assert folded == again
    assert "whitewater.rapid.finished" not in folded
    assert '"because":"rapid.finished"' in folded
    piped = run(build(("decide",)), ["decide", "-"], input=folded).stdout
    decided = run(build(("decide",)), ["decide", file]).stdout
    assert piped == decided
    assert [json.loads(line)["subject"] for line in decided.splitlines()] == ["p-5d1c7a"] * len(decided.splitlines())
    assert decided


def test_a_recording_through_a_pipe_is_known_too(tmp_path: Path) -> None:
    """By what is in it."""
    file = a_file(tmp_path, recorded(*sitting(0)))
    run = CliRunner().invoke
    straight = run(build(("fold",)), ["fold", file]).stdout_bytes
    assert run(build(("fold",)), ["fold", "-"], input=Path(file).read_bytes()).stdout_bytes == straight


@pytest.mark.parametrize("verb", ["fold", "decide", "replay"])
def test_a_recording_that_breaks_off_is_said_to(verb: str, tmp_path: Path) -> None:
    """With how much is whole."""
    fault = refused(verb, a_file(tmp_path, recorded(*sitting(0))[:-30]))
    assert "it breaks off after 5 whole messages" in str(fault)
    assert fault.code == USAGE


def test_a_recording_of_a_later_version_is_refused(tmp_path: Path) -> None:
    """By everybody who would read it."""
    later = recorded().replace(b'{"recording":1', b'{"recording":%d' % (FORMAT + 1))
    for verb in ("fold", "replay"):
        assert "it is of format 2, and this version reads up to 1" in str(refused(verb, a_file(tmp_path, later)))


@pytest.mark.parametrize(
    ("content", "says"),
    [(recorded(), "holds no messages"), (EVENTS["rock.hit"], "does not begin as a recording does")],
)
def test_a_file_with_nothing_to_replay_is_refused(content: bytes, says: str, tmp_path: Path) -> None:
    """In a sentence."""
    assert says in str(refused("replay", a_file(tmp_path, content)))


def test_a_recording_older_than_workers_take_needs_another_time(tmp_path: Path) -> None:
    """Seven days, and the way out is told."""
    said = str(refused("replay", a_file(tmp_path, recorded(*sitting(1_000_000)))))
    assert "The recording is of 1970-01-01 00:16 UTC" in said
    assert "--event-time now" in said


def test_events_from_too_far_ahead_are_not_sent(tmp_path: Path) -> None:
    """An hour in no time: the last would say a time an hour ahead, and workers take five minutes."""
    file = a_file(tmp_path, recorded(message(0), message(3_600_000)))
    assert "3600 s ahead" in str(refused("replay", file, "--event-time", "now", "--speed", "max"))


def test_another_ones_river_is_not_replayed_into_unasked(tmp_path: Path) -> None:
    """Whoever owns it says so."""
    now_ms = int(datetime.now(UTC).timestamp() * 1000)
    file = a_file(tmp_path, recorded(*sitting(now_ms)))
    fault = refused("replay", file, "--server", "http://example.org")
    assert "--i-own-this-target" in str(fault)
    assert fault.code == USAGE


@pytest.mark.parametrize("words", ["0", "-1", "fast", "inf", "nan", ""])
def test_what_is_no_speed_is_refused(words: str) -> None:
    """With what would be one."""
    with pytest.raises(FailedError, match="is no speed: write 1"):
        speed_of(words)


def test_a_speed_is_a_number_or_the_greatest() -> None:
    """With an x or without."""
    assert [speed_of(words) for words in ("1", "10x", "0.5", "max")] == [1.0, 10.0, 0.5, inf]


def test_what_names_nobody_is_recorded_from_now_on() -> None:
    """Who names somebody wants what there is of them; a duration after a beginning ends there."""
    assert asked(None, None, None, named=False)[0].since == inf
    assert asked(None, None, None, named=False)[0].until is None
    assert asked(None, None, None, named=True)[0].since is None
    assert asked("60s", None, None, named=True)[0].since == inf
    span, _ = asked("2m", "2026-11-23T00:00:00Z", None, named=False)
    assert (span.since, span.until) == (1_795_392_000.0, 1_795_392_120.0)


def test_a_beginning_is_a_moment_or_so_long_ago() -> None:
    """A moment without a zone is UTC."""
    assert past("10m", 1_000.0) == 400.0
    assert past("1970-01-01T00:01:00", 1_000.0) == past("1970-01-01T01:01:00+01:00", 0.0) == 60.0


def test_a_run_is_recorded_by_its_folder(tmp_path: Path) -> None:
    """From its name to its summary; the latest is the latest that played, and no run is not guessed."""
    for name in ("19700101T000140-bots", "19700101T000300-record"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "summary.json").write_text("{}")
    span, words = during(tmp_path, "latest")
    assert (span.since, words) == (100.0, "the run 19700101T000140-bots")
    assert span.until == (tmp_path / "19700101T000140-bots" / "summary.json").stat().st_mtime
    with pytest.raises(FailedError, match="There is no run yesterday"):
        during(tmp_path, "yesterday")
    with pytest.raises(FailedError, match="leave out --for and --since"):
        asked("60s", None, "latest", named=False)


def test_all_there_is_ends_now() -> None:
    """A minute after the beginning of all would be a minute of 1970."""
    with pytest.raises(FailedError, match="leave out --for"):
        asked("60s", "all", None, named=False)


def test_a_replay_that_left_late_was_none_at_that_speed() -> None:
    """More than one message in a hundred: the figures are void, as a crowd's would be."""

    def told(late: int) -> Replayed:
        return Replayed(
            file="f", speed=1.0, copies=1, salt="", offered=100, acked=100, late=late, seconds=1.0, events_per_s=100.0
        )

    assert (exit_code(told(1)), exit_code(told(2))) == (0, SATURATED)
