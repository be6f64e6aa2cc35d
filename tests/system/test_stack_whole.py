"""The whole stack by the command: up, seen to be well, mended when a part falls, down, and nothing left of it."""

import json
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from infra.local import health, kafka, stack
from tests.system import command

REACH_MB = 900


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder in which a stack runs; Kafka's usual port is somebody else's, as on many a machine."""
    folder = tmp_path_factory.mktemp("home")
    with socket.socket() as somebody:
        somebody.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if health.is_free(kafka.USUAL_PORT):
            somebody.bind((health.HOST, kafka.USUAL_PORT))
            somebody.listen()
        up = command.run(folder, "up", "--json")
        assert up.returncode == 0, up.stderr
        yield folder
    command.run(folder, "down")
    assert health.wait_until(lambda: not command.of_this_home(folder), within_s=20)


def _running(home: Path) -> stack.Stack:
    running = stack.read(home)
    assert running is not None
    return running


def test_a_taken_port_is_gone_around_and_told(home: Path) -> None:
    """Kafka's usual port was taken: it listens elsewhere, and every other verb knows where."""
    assert _running(home).kafka != f"{health.HOST}:{kafka.USUAL_PORT}"
    assert f"port {kafka.USUAL_PORT} is taken: kafka gets" in (home / "logs" / "supervisor.log").read_text()


def test_every_part_is_well_and_the_whole_weighs_less_than_900_mb(home: Path) -> None:
    """At rest; the demo weighs itself."""
    status = command.run(home, "status", "--json")
    assert status.returncode == 0, status.stderr
    told = json.loads(status.stdout)
    assert told["well"]
    assert set(told["parts"]) == {"supervisor", "kafka", "redis", "worker", "api"}
    assert 0 < told["memory_mb"] < REACH_MB


def test_no_part_listens_on_another_address_than_this_machines_own(home: Path) -> None:
    """Asked of the system: every listening socket of every process of the stack, and there is one for each part."""
    running = _running(home)
    listening = {
        name: {door.laddr.ip for door in psutil.Process(pid).net_connections() if door.status == psutil.CONN_LISTEN}
        for name, pid in running.pids.items()
    }
    assert {name for name, addresses in listening.items() if addresses} == {"kafka", "redis", "worker", "api"}
    assert set().union(*listening.values()) <= {"127.0.0.1", "::ffff:127.0.0.1"}


def test_up_finds_the_stack_that_runs(home: Path) -> None:
    """A second `up` starts nothing."""
    before = _running(home).pids
    again = command.run(home, "up", "--json")
    assert again.returncode == 0
    assert json.loads(again.stdout)["pids"] == before


def test_bots_leave_a_summary_in_which_nothing_is_lost_or_doubled(home: Path) -> None:
    """Counted from what was acknowledged against what the topic and the state hold."""
    bots = command.run(home, "bots", "--players", "5", "--for", "4s", "--persona", "novice", "--json")
    summary = json.loads(bots.stdout)
    assert (summary["lost"], summary["doubled"], summary["failed"]) == (0, 0, 0)
    assert summary["acked"] == summary["offered"] > 0
    assert json.loads((home / "runs" / "latest" / "summary.json").read_text()) == summary


def test_watch_tells_what_happens_as_lines_of_json(home: Path) -> None:
    """What the live page shows, for a program to read."""
    with command.started(home, "watch", "--json", "--seconds", "20") as watching:
        command.run(home, "bots", "--players", "3", "--for", "4s")
        watching.send_signal(signal.SIGINT)
        said, _ = watching.communicate(timeout=60)
    types = {json.loads(line)["type"] for line in said.splitlines() if line.startswith("{")}
    assert types == {"whitewater.signal.updated", "whitewater.adaptation.decided"}


@pytest.mark.parametrize("name", ["worker", "api"])
def test_a_part_that_is_killed_stands_up_again(home: Path, name: str) -> None:
    """Another process, well again, and `stack.json` names it."""
    fallen = _running(home).pids[name]
    os.kill(fallen, signal.SIGKILL)
    assert health.wait_until(lambda: _running(home).pids[name] != fallen, within_s=30)
    assert health.wait_until(lambda: command.run(home, "status").returncode == 0, within_s=60)


def test_down_leaves_nothing_and_says_so_twice(home: Path) -> None:
    """No process, no `stack.json`; a second `down` finds nothing to do; an `up` afterwards works on the same folder."""
    assert command.run(home, "down").stdout == "the stack is down\n"
    assert not command.of_this_home(home)
    assert not (home / "stack.json").exists()
    assert "no stack runs" in command.run(home, "down").stdout
    assert command.run(home, "status").returncode == 3
    assert command.run(home, "up").returncode == 0


def test_a_supervisor_that_is_killed_outright_takes_the_whole_stack_along(home: Path) -> None:
    """Kill -9 of the one process that knows all others."""
    os.kill(_running(home).pids["supervisor"], signal.SIGKILL)
    assert health.wait_until(lambda: not command.of_this_home(home), within_s=30)
    assert stack.read(home) is None
