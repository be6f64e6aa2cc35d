"""An experiment on several processes, as a person starts and stops it."""

import signal
from pathlib import Path

import psutil
import pytest

from infra.local import health
from tests.system.command import of_this_home, run, started

pytestmark = pytest.mark.system

SMALL = ("experiment", "run", "--players", "150", "--seeds", "2", "--horizon", "20", "--family", "F2", "--family", "F7")
LONG = ("experiment", "run", "--players", "20000", "--seeds", "2", "--family", "F7", "--processes", "2")


def whole(out: Path) -> list[str]:
    """The cells that are whole."""
    return sorted(path.stem for path in (out / "cells").glob("*.json"))


def columns(out: Path) -> list[bytes]:
    """Everything that was played, cell by cell."""
    return [path.read_bytes() for path in sorted((out / "cells").glob("*.npz"))]


def test_two_processes_play_what_one_would(tmp_path: Path) -> None:
    """The very same bytes: who plays a cell does not matter."""
    for processes in ("1", "2"):
        said = run(tmp_path, *SMALL, "--processes", processes, "--out", str(tmp_path / processes))
        assert said.returncode == 0, said.stderr
        assert "rounds in" in said.stdout
    assert whole(tmp_path / "1") == whole(tmp_path / "2") == ["F2-0", "F2-1", "F7-0", "F7-1"]
    assert columns(tmp_path / "1") == columns(tmp_path / "2")


@pytest.mark.parametrize("request_to_stop", [signal.SIGINT, signal.SIGTERM])
def test_a_request_to_stop_ends_every_process_soon_and_says_what_is_kept(
    tmp_path: Path, request_to_stop: signal.Signals
) -> None:
    """Code 130; nothing stays behind, and no half of a cell."""
    out = tmp_path / "out"
    with started(tmp_path, *LONG, "--out", str(out)) as process:
        assert health.wait_until(lambda: len(of_this_home(tmp_path)) >= 4, within_s=60)  # with the resource tracker
        process.send_signal(request_to_stop)
        said, _ = process.communicate(timeout=30)
    assert process.returncode == 130
    assert f"Interrupted: 0 of 2 cells are kept in {out}; the same command goes on from there." in said
    assert "Traceback" not in said
    assert health.wait_until(lambda: not of_this_home(tmp_path), within_s=10)
    assert {path.name for path in out.rglob("*")} == {"plan.json", "cells"}


def test_no_process_outlives_a_parent_that_is_killed(tmp_path: Path) -> None:
    """Not even when it is killed outright."""
    with started(tmp_path, *LONG, "--out", str(tmp_path / "out")) as process:
        assert health.wait_until(lambda: len(of_this_home(tmp_path)) >= 4, within_s=60)
        process.kill()
        process.communicate(timeout=30)
    assert health.wait_until(lambda: not of_this_home(tmp_path), within_s=15)


def players(process: int) -> list[psutil.Process]:
    """The processes that play cells, oldest first: the resource tracker is none of them."""
    children = [one for one in psutil.process_iter(["ppid", "cmdline"]) if one.info["ppid"] == process]
    spawned = [one for one in children if "spawn_main" in " ".join(one.info["cmdline"] or ())]
    return sorted(spawned, key=psutil.Process.create_time)


@pytest.mark.parametrize("which", [0, 1])
def test_a_process_that_is_killed_is_one_sentence(tmp_path: Path, which: int) -> None:
    """As the kernel does it where memory is short; the first or the last of them, and soon."""
    with started(tmp_path, *LONG, "--out", str(tmp_path / "out")) as process:
        assert health.wait_until(lambda: len(players(process.pid)) == 2, within_s=60)
        players(process.pid)[which].kill()
        said, _ = process.communicate(timeout=20)
    assert process.returncode == 3
    assert "A process was killed, as it happens where memory is short: try fewer with --processes." in said
    assert "Traceback" not in said
