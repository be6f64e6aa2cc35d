"""The main job, on the real stack: `whitewater demo`, its summary, and what an interruption leaves (nothing)."""

import json
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from infra.local import health
from tests.system import command

REACH_MB = 900


def test_a_demo_on_a_bare_folder_plays_counts_and_cleans_up(tmp_path: Path) -> None:
    """Nothing runs before, nothing runs after; in between every event was counted and the river answered."""
    demo = command.run(tmp_path, "demo", "--seconds", "8", "--players", "6", "--json")
    assert demo.returncode == 0, demo.stderr
    summary = json.loads(demo.stdout)
    assert (summary["lost"], summary["doubled"], summary["failed"]) == (0, 0, 0)
    assert summary["acked"] == summary["offered"] > 0
    assert summary["adaptations"]["applied"] > 0
    assert summary["play"]["events"] > 0
    assert summary["in"] == summary["accepted"] == summary["acked"] + summary["play"]["events"]
    assert summary["memory_mb"] < REACH_MB
    assert summary["first_adaptation_s"] > 0
    assert not command.of_this_home(tmp_path)


def test_a_demo_keeps_its_summary_its_log_and_a_picture(tmp_path: Path) -> None:
    """Under `runs/latest`, and no unfinished folder beside it."""
    said = command.run(tmp_path, "demo", "--seconds", "6", "--players", "3")
    assert said.returncode == 0, said.stderr
    kept = tmp_path / "runs" / "latest"
    assert json.loads((kept / "summary.json").read_text())["lost"] == 0
    assert "paddles for 6 s among 3 bots" in (kept / "log").read_text()
    assert [picture.suffix for picture in (kept / "screenshots").iterdir()] == [".png"]
    assert {each.name for each in (tmp_path / "runs").iterdir()} == {"latest", kept.resolve().name}
    assert "0 lost, 0 doubled" in said.stdout


def _as_it_starts(home: Path) -> bool:
    return (home / "logs" / "supervisor.log").exists()


def _half_up(home: Path) -> bool:
    return (home / "logs" / "worker.log").exists()


def _at_play(home: Path) -> bool:
    return any((home / "runs").glob(".*-demo/game.log"))


@pytest.mark.parametrize(
    ("word", "moment"),
    [
        (signal.SIGINT, _as_it_starts),
        (signal.SIGINT, _half_up),
        (signal.SIGINT, _at_play),
        (signal.SIGTERM, _as_it_starts),
        (signal.SIGTERM, _at_play),
    ],
)
def test_interrupted_at_any_moment_a_demo_leaves_no_process_and_nothing_half_written(
    tmp_path: Path, word: signal.Signals, moment: Callable[[Path], bool]
) -> None:
    """Ctrl-C as the stack starts, half-way up, and in the middle of play."""
    with command.started(tmp_path, "demo", "--seconds", "60", "--players", "3") as demo:
        assert health.wait_until(lambda: moment(tmp_path), within_s=90), "the moment never came"
        demo.send_signal(word)
        said, _ = demo.communicate(timeout=60)
    assert demo.returncode == 130, said
    assert "Traceback" not in said
    # A supervisor that is interrupted before its first breath leaves a warden, which needs a moment to see it.
    assert health.wait_until(lambda: not command.of_this_home(tmp_path), within_s=10)
    assert not (tmp_path / "stack.json").exists()
    assert not list(tmp_path.glob("runs/*"))


def test_a_demo_that_is_killed_outright_takes_its_stack_along(tmp_path: Path) -> None:
    """The pipe between them closes with it, and so does the one to the game."""
    with command.started(tmp_path, "demo", "--seconds", "60", "--players", "3") as demo:
        assert health.wait_until(lambda: _at_play(tmp_path), within_s=90)
        demo.kill()
    assert health.wait_until(lambda: not command.of_this_home(tmp_path), within_s=60)


def test_a_demo_uses_the_stack_that_runs_and_leaves_it_running(tmp_path: Path) -> None:
    """It takes down only what it brought up."""
    assert command.run(tmp_path, "up").returncode == 0
    try:
        before = command.run(tmp_path, "status", "--json").stdout
        assert command.run(tmp_path, "demo", "--seconds", "5", "--players", "2").returncode == 0
        after = command.run(tmp_path, "status", "--json").stdout
        assert [part["pid"] for part in json.loads(before)["parts"].values()] == [
            part["pid"] for part in json.loads(after)["parts"].values()
        ]
    finally:
        command.run(tmp_path, "down")
    assert not command.of_this_home(tmp_path)
