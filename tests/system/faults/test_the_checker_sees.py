"""Three mutations of the real worker, each on a real stack: the checker must say which promise is broken."""

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from faults.verdict import Verdict

pytestmark = pytest.mark.system


def test_three_mutations_of_the_worker_are_seen_for_what_they_are(tmp_path: Path) -> None:
    """Dedupe broken: doubled. Acknowledged too early, and killed: lost. An error swallowed: not accounted for."""
    with (tmp_path / "site.log").open("wb") as log:
        site = subprocess.Popen(
            [sys.executable, "-m", "tests.system.faults.mutated_site", str(tmp_path / "home")],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
        )  # fmt: skip
    with site:
        said = site.stdout.read() if site.stdout else b""
    assert site.returncode == 0, (tmp_path / "site.log").read_text()
    verdicts = msgspec.json.decode(said, type=dict[str, Verdict])
    broken = {mutation: {violation.of for violation in verdict.violations} for mutation, verdict in verdicts.items()}
    assert "I2" in broken["forget_what_was_heard"]
    assert verdicts["forget_what_was_heard"].doubled > 0
    assert "I2" in broken["acknowledge_early"]
    assert verdicts["acknowledge_early"].lost > 0
    assert "I5" in broken["swallow_an_error"]
    assert verdicts["swallow_an_error"].lost > 0
