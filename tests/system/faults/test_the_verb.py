"""`whitewater fault` as a process: what it refuses, and that nothing outlives it, however it ends."""

import signal
import time
from pathlib import Path

import psutil
import pytest

from infra.local import health
from tests.system import command

ENDS_WITHIN_S = 40.0


def test_a_fault_that_nobody_knows_is_refused_in_one_sentence(tmp_path: Path) -> None:
    """The names that there are are told, and nothing is started."""
    ran = command.run(tmp_path, "fault", "run", "--fault", "earthquake")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("There is no fault earthquake: name one of worker-killed, ")
    assert ran.stderr.count("\n") == 1


@pytest.mark.parametrize("whom", ["the verb, by Ctrl-C", "the site, by kill -9"])
def test_nothing_outlives_a_run_that_is_ended(tmp_path: Path, whom: str) -> None:
    """Half of the parts are there; then somebody ends it, all of them go, and no folder says there was a run."""
    with command.started(tmp_path, "fault", "run", "--fault", "poison") as process:
        assert health.wait_until(lambda: len(command.of_this_home(tmp_path)) >= 4, within_s=60.0)
        if whom == "the verb, by Ctrl-C":
            process.send_signal(signal.SIGINT)
        else:
            (site,) = psutil.Process(process.pid).children()
            site.kill()
        said, _ = process.communicate(timeout=ENDS_WITHIN_S)
    assert process.returncode == (130 if whom == "the verb, by Ctrl-C" else 3)
    assert "Traceback" not in said
    deadline = time.monotonic() + ENDS_WITHIN_S
    while command.of_this_home(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert command.of_this_home(tmp_path) == []
    assert [*(tmp_path / "runs").iterdir()] == []
