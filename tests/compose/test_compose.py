"""The loop in containers: built, brought up, locked down, played against, and gone without a trace.

Run by `make compose-test`; it needs a Docker engine and is no part of `make test`.
"""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.compose.engine import BUILD_S, Engine, comes_true, free_port, run, told

LONG_LIVED: Final = {"kafka": 1, "redis": 1, "postgres": 1, "api": 1, "worker": 2}
ONE_SHOT: Final = ("topics", "tables")
MEBIBYTE: Final = 1024 * 1024


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """The whole stack, up and healthy; whatever happens, nothing of it stays."""
    engine = Engine(f"whitewater-test-{os.getpid()}", free_port(), free_port(), free_port())
    try:
        engine.compose("up", "--build", "--wait", "--wait-timeout", "300", timeout_s=BUILD_S)
        yield engine
    finally:
        engine.down()


def players(engine: Engine) -> set[str]:
    """Everybody of whom the API has heard lately; who has long gone is not among them."""
    return {player["signals"]["subject"] for player in told(f"{engine.url}/v1/players")}


def test_everything_that_stays_up_is_healthy(engine: Engine) -> None:
    """Kafka, Redis, PostgreSQL, the API and two workers answer for themselves."""
    found = engine.containers()
    well = {name: [one["State"]["Health"]["Status"] for one in found[name]] for name in LONG_LIVED}
    assert well == {name: ["healthy"] * count for name, count in LONG_LIVED.items()}


def test_what_runs_once_has_ended_well(engine: Engine) -> None:
    """The topics and the tables were made."""
    found = engine.containers()
    assert {name: found[name][0]["State"]["ExitCode"] for name in ONE_SHOT} == dict.fromkeys(ONE_SHOT, 0)


def test_the_api_says_it_is_ready(engine: Engine) -> None:
    """It reaches Kafka, Redis and SQL."""
    assert told(f"{engine.url}/ready")["ready"] is True


def test_only_this_machine_can_reach_a_port(engine: Engine) -> None:
    """Two ports are published, the API's and Kafka's, both on the loopback address."""
    bound = {
        (name, int(port.partition("/")[0]), door["HostIp"], int(door["HostPort"]))
        for name, containers in engine.containers().items()
        for one in containers
        for port, doors in one["NetworkSettings"]["Ports"].items()
        for door in doors or []
    }
    assert bound == {
        ("api", engine.api_port, "127.0.0.1", engine.api_port),
        ("kafka", engine.kafka_port, "127.0.0.1", engine.kafka_port),
    }


def test_no_container_may_do_more_than_it_must(engine: Engine) -> None:
    """Each has a read-only disk, no capability, no way to gain one, and a limit of memory."""
    for name, containers in engine.containers().items():
        for rules in (one["HostConfig"] for one in containers):
            assert rules["ReadonlyRootfs"], name
            assert rules["CapDrop"] == ["ALL"], name
            assert not rules["CapAdd"], name
            assert "no-new-privileges:true" in rules["SecurityOpt"], name
            assert 0 < rules["Memory"] <= 1024 * MEBIBYTE, name


@pytest.mark.parametrize("name", LONG_LIVED)
def test_nobody_is_root(engine: Engine, name: str) -> None:
    """Asked inside, every container that stays up names another user."""
    assert int(engine.compose("exec", "-T", name, "id", "-u")) > 0


def test_a_demo_on_this_machine_is_answered(engine: Engine, tmp_path: Path) -> None:
    """The autopilot and ten bots play against the containers, and the river changes for somebody."""
    demo = (sys.executable, "-m", "whitewater", "demo", "--json", "--seconds", "20", "--players", "10")
    summary = json.loads(
        run((*demo, "--server", engine.url), 180.0, {"WHITEWATER_HOME": str(tmp_path), "SDL_VIDEODRIVER": "dummy"})
    )
    assert summary["acked"] == summary["sent"] > 0
    assert summary["adaptations"]["applied"] > 0
    assert (summary["lost"], summary["doubled"]) == (0, 0)


def test_bots_in_a_container_join_in_and_go_home_when_told(engine: Engine) -> None:
    """Fifty come by the same door as games on this machine; a stop ends them early, with a report."""
    before = players(engine)
    engine.compose("up", "--detach", "--no-deps", "bots")
    assert comes_true(lambda: len(players(engine) - before) >= 50, within_s=60.0)
    engine.compose("stop", "--timeout", "30", "bots")
    said = engine.compose("logs", "--no-log-prefix", "bots")
    report = json.loads(said[said.index("{") :])
    assert report["acked"] == report["sent"] > 0
    assert engine.containers()["bots"][0]["State"]["ExitCode"] in {0, 4}  # 4: this machine was too busy for its figures


def test_down_leaves_nothing(engine: Engine) -> None:
    """No container, volume or network of the project stays."""
    engine.down()
    label = f"label=com.docker.compose.project={engine.project}"
    left = [run(("docker", kind, "ls", "--quiet", "--filter", label, *all_), 30.0) for kind, *all_ in (
        ("container", "--all"), ("volume",), ("network",),
    )]  # fmt: skip
    assert left == ["", "", ""]
