"""The supervisor with small processes in place of the big ones: what falls stands up again, nothing stays behind."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Self

import psutil
import pytest

from infra.local import health
from infra.local.faults import PortTakenError
from infra.local.parts import Part
from infra.local.supervisor import Supervisor

SLEEPERS = Path(__file__).with_name("sleepers.py")


class Running:
    """A supervisor with two sleeping children."""

    def __init__(self, home: Path, *shape: str) -> None:
        self.home = home
        self.shape = shape

    def __enter__(self) -> Self:
        with (self.home / "said").open("wb") as said:
            self.process = subprocess.Popen(
                [sys.executable, str(SLEEPERS), str(self.home), *self.shape],
                stdin=subprocess.PIPE,
                stdout=said,
                start_new_session=True,
            )
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.stdin is not None:
            self.process.stdin.close()
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(timeout=30)

    def pids(self) -> list[int]:
        """Supervisor, first, second; waits until they are known."""
        pids = self.home / "pids"
        assert health.wait_until(lambda: pids.exists() and bool(pids.read_text()), within_s=30)
        return [int(pid) for pid in pids.read_text().split()]


def _gone(pids: list[int]) -> bool:
    return all(not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE for pid in pids)


@pytest.mark.parametrize("request_to_stop", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_request_to_stop_ends_every_child_first(tmp_path: Path, request_to_stop: signal.Signals) -> None:
    """Ctrl-C, `down` and a closed terminal are all the same to it."""
    with Running(tmp_path, "quiet") as running:
        pids = running.pids()
        os.kill(pids[0], request_to_stop)
        assert running.process.wait(timeout=30) == 0
        assert _gone(pids)


@pytest.mark.parametrize("shape", ["quiet", "twice"])
def test_a_supervisor_killed_outright_leaves_no_child(tmp_path: Path, shape: str) -> None:
    """Kill -9: no handler of its own can run, so the warden does it, also for children of a second start."""
    with Running(tmp_path, shape) as running:
        pids = running.pids()
        os.kill(pids[0], signal.SIGKILL)
        running.process.wait(timeout=30)
        assert health.wait_until(lambda: _gone(pids), within_s=15)


def test_even_children_that_ignore_a_polite_word_do_not_outlive_a_killed_supervisor(tmp_path: Path) -> None:
    """The warden asks first, and then does not ask."""
    with Running(tmp_path, "stubborn") as running:
        pids = running.pids()
        os.kill(pids[0], signal.SIGKILL)
        running.process.wait(timeout=30)
        assert health.wait_until(lambda: _gone(pids), within_s=20)


def test_the_supervisor_ends_when_its_owner_is_gone(tmp_path: Path) -> None:
    """The owner's end of the pipe closes with its last breath."""
    with Running(tmp_path, "owned") as running:
        pids = running.pids()
        assert running.process.stdin is not None
        running.process.stdin.close()
        assert running.process.wait(timeout=30) == 0
        assert _gone(pids)


def test_a_child_that_falls_is_started_again(tmp_path: Path) -> None:
    """Killed, and a tenth of a second later there is another one; the neighbour never noticed."""
    with Running(tmp_path, "quiet") as running:
        _, first, second = running.pids()
        os.kill(first, signal.SIGKILL)
        assert health.wait_until(lambda: running.pids()[1] != first, within_s=15)
        assert running.pids()[2] == second
        assert "first fell with code -9: again in 0.1 s" in (tmp_path / "said").read_text()


def test_a_child_that_cannot_stand_ends_the_start_with_a_sentence(tmp_path: Path) -> None:
    """It names the part, its code and the log to read."""
    with Running(tmp_path, "falling") as running:
        assert running.process.wait(timeout=30) == 3
        said = (tmp_path / "said").read_text()
        assert f"The part first ended with code 7: read {tmp_path / 'first.log'}" in said


def test_another_stacks_answer_is_not_taken_for_ones_own(tmp_path: Path) -> None:
    """Two stacks chose the same port: whoever comes second finds an answer there, and is not well by it."""
    with (
        socket.create_server((health.HOST, 0)) as anothers,
        Running(tmp_path, "late", str(anothers.getsockname()[1])) as running,
    ):
        assert running.process.wait(timeout=30) == 3
    assert (tmp_path / "first.log").read_text() == "up\n"
    assert "The part first was not well within 2 s" in (tmp_path / "said").read_text()


def test_a_port_that_was_taken_and_is_free_again_is_still_the_cause(tmp_path: Path) -> None:
    """Whoever had it leaves before anybody looks: the part's own last words count, and other ports are worth a try."""
    with socket.create_server((health.HOST, 0)) as anothers:
        port = anothers.getsockname()[1]
        body = "import socket, sys; socket.create_server(('127.0.0.1', int(sys.argv[1])))"
        supervisor = Supervisor(tmp_path, lambda _: None)
        supervisor.start(
            Part("first", (sys.executable, "-c", body, str(port)), health.answers, within_s=20.0, port=port)
        )
        assert health.wait_until(lambda: "in use" in (tmp_path / "first.log").read_text(), within_s=20)
    assert health.is_free(port)
    with pytest.raises(PortTakenError, match="first ended with code 1"):
        supervisor.await_well("first")
