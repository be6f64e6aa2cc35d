"""The game as a process of its own: it opens, plays, is interrupted at any moment, and leaves whole files behind."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from game_client.__main__ import NobodyToPlayError, Options, run
from game_client.keep import FILE, Kept
from game_client.loop import Summary
from infra.local import health

pytestmark = pytest.mark.system

PLAY = (
    "import sys; from pathlib import Path; from game_client.__main__ import Options, run; "
    "run(Options(server='http://127.0.0.1:1', autopilot=True, seconds=60.0, out=Path(sys.argv[1])))"
)


def _environment(home: Path) -> dict[str, str]:
    displays = {"DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER"}
    kept = {name: value for name, value in os.environ.items() if name not in displays}
    return {**kept, "WHITEWATER_HOME": str(home)}


def test_interrupted_in_the_middle_of_a_rapid_it_ends_in_order(tmp_path: Path) -> None:
    """SIGINT after some seconds of play without a server: exit 0, a summary, a picture, and every event on disk."""
    home, out = tmp_path / "home", tmp_path / "out"
    with (tmp_path / "log").open("wb") as log:
        game = subprocess.Popen([sys.executable, "-c", PLAY, str(out)], env=_environment(home), stdout=log, stderr=log)
    spooled = lambda: [path for path in home.glob("spool/**/*") if path.is_file() and path.stat().st_size > 2000]  # noqa: E731 - asked again and again
    try:
        assert health.wait_until(lambda: bool(spooled()), within_s=60, unless=lambda: game.poll() is not None)
        game.send_signal(signal.SIGINT)
        assert game.wait(timeout=30) == 0, (tmp_path / "log").read_text()
    finally:
        game.kill()
        game.wait()
    summary = msgspec.json.decode((out / "play.json").read_bytes(), type=Summary)
    assert (out / "play.png").read_bytes().startswith(b"\x89PNG")
    kept = msgspec.json.decode((home / FILE).read_bytes(), type=Kept)
    assert summary.link == "away"
    assert summary.telling_p99_ms < 50.0, "a frame waited for a wire that is away"
    assert (kept.player, kept.last_session) == (summary.player, summary.session)
    lines = [line for path in spooled() for line in path.read_bytes().splitlines() if line.startswith(b"{")]
    events = [json.loads(line) for line in lines]
    assert [event["sequence"] for event in events] == list(range(1, summary.events + 1))
    assert events[-1]["data"] == {"reason": "closed", "active_s": summary.active_s, "rapids": summary.rounds}


def test_without_a_display_somebody_must_be_asked_to_paddle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence that says what to do, before anything is opened or written."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setenv("WHITEWATER_HOME", str(tmp_path / "home"))
    with pytest.raises(NobodyToPlayError, match="Add --autopilot and --seconds"):
        run(Options(alone=True))
    assert not (tmp_path / "home").exists()
