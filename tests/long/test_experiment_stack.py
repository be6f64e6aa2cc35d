"""An experiment on the stack itself: real bots, real Kafka, arms split, and the log judged once more."""

import json
from pathlib import Path

import pytest

from tests.system.command import of_this_home, run

pytestmark = pytest.mark.system


def test_a_log_replayed_gives_the_decisions_that_were_made(tmp_path: Path) -> None:
    """Every one of them, whichever arm; the stack that came up for it is gone afterwards, and the log is kept."""
    said = run(tmp_path, "experiment", "run", "--stack", "--players", "12", "--for", "30s", within_s=240)
    assert said.returncode == 0, said.stdout + said.stderr
    kept = tmp_path / "runs" / "latest"
    replayed = json.loads((kept / "replay.json").read_text())
    assert replayed["decisions"] >= 12
    assert replayed["equal"] == replayed["decisions"]
    goals = [json.loads(line)["data"] for line in (kept / "adaptations.jsonl").read_text().splitlines()]
    assert len({goal["arm"] for goal in goals}) > 1
    assert {goal["trial"] for goal in goals} == {json.loads((kept / "trial.json").read_text())["name"]}
    assert not of_this_home(tmp_path)
