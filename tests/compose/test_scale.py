"""More of the same on one machine: workers share the partitions, two APIs the players, and one may die.

Run by `make compose-test`, after the plain stack of test_compose.py.
"""

import json
import os
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Final

import pytest

from tests.compose.engine import BUILD_S, EVERY_PROFILE, Engine, comes_true, free_port, run, told

SCALE: Final = ("--profile", "scale")
ASK: Final = "import urllib.request as u; print(u.urlopen('http://127.0.0.1:8090/ready', timeout=5).read().decode())"
ALL: Final = list(range(8))


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """Four workers and two APIs, healthy; whatever happens, nothing of them stays."""
    engine = Engine(f"whitewater-scale-{os.getpid()}", free_port(), free_port(), free_port())
    try:
        engine.compose(*SCALE, "up", "--build", "--wait", "--wait-timeout", "300", timeout_s=BUILD_S)
        yield engine
    finally:
        engine.down()


def workers(engine: Engine) -> list[str]:
    """The containers of the workers that run."""
    found = engine.containers()
    return [
        one["Id"] for name in ("worker", "more-workers") for one in found[name] if one["State"]["Status"] == "running"
    ]


def shares(engine: Engine) -> list[list[int]]:
    """The partitions that each running worker says it has; fewer lists while one cannot say."""
    said = []
    for container in workers(engine):
        try:
            said.append(json.loads(run(("docker", "exec", container, "python", "-c", ASK), 30.0))["partitions"])
        except AssertionError:
            continue  # not ready, which it says with another status: asked again
    return said


def are_shared(engine: Engine, among: int) -> bool:
    """Whether so many workers have partitions, all eight of them, none twice."""
    found = shares(engine)
    return len([share for share in found if share]) == among and sorted(chain(*found)) == ALL


def test_the_file_is_valid_with_every_profile(engine: Engine) -> None:
    """The command reads it, and resolves what refers to something else."""
    services = json.loads(engine.compose(*EVERY_PROFILE, "config", "--format", "json"))["services"]
    assert {"more-workers", "more-api", "load", "bots", "worker", "api"} <= services.keys()


def test_four_workers_share_the_partitions(engine: Engine) -> None:
    """Each has its two, and nobody's are had twice."""
    assert comes_true(lambda: are_shared(engine, among=4), within_s=60.0)


def test_both_apis_are_ready_and_decide_for_different_players(engine: Engine) -> None:
    """They are one group: the partitions of the beliefs are shared out between them."""
    said = [told(f"http://127.0.0.1:{port}/ready") for port in (engine.api_port, engine.more_api_port)]
    assert [one["ready"] for one in said] == [True, True]
    assert sorted(said[0]["partitions"] + said[1]["partitions"]) == ALL
    assert said[0]["partitions"]
    assert said[1]["partitions"]


def test_a_crowd_at_the_second_api_hears_what_the_first_decided(engine: Engine, tmp_path: Path) -> None:
    """Ten bots and the autopilot all sit at the second; goals reach more of them than it decides for."""
    demo = (sys.executable, "-m", "whitewater", "demo", "--json", "--seconds", "20", "--players", "10")
    where = {"WHITEWATER_HOME": str(tmp_path), "SDL_VIDEODRIVER": "dummy"}
    summary = json.loads(run((*demo, "--server", f"http://127.0.0.1:{engine.more_api_port}"), 180.0, where))
    assert summary["acked"] == summary["sent"] > 0
    assert (summary["lost"], summary["doubled"]) == (0, 0)
    assert summary["adaptations"]["applied"] >= 10


def test_a_load_run_in_a_container_is_judged(engine: Engine) -> None:
    """Nothing is lost and nothing doubled; 4 is a machine that was too busy for its figures."""
    said = engine.compose(*SCALE, "--profile", "load", "run", "--rm", "--no-deps", "load",
                          "--to", "20", "--for", "10s", "--json", timeout_s=240.0, well=(0, 4))  # fmt: skip
    summary = json.loads(said[said.index("{") :])
    assert summary["lost"] == summary["doubled"] == 0


def test_when_a_worker_dies_the_others_take_its_partitions(engine: Engine) -> None:
    """Killed, not asked: eight partitions among the three that are left, and nobody has to do anything."""
    run(("docker", "kill", workers(engine)[0]), 30.0)
    assert comes_true(lambda: are_shared(engine, among=3), within_s=60.0)
