"""docker compose as the test uses it: one project of its own, on ports that are free, gone afterwards."""

import json
import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

EVERY_PROFILE: Final = ("--profile", "bots", "--profile", "scale", "--profile", "load")
ROOT: Final = Path(__file__).resolve().parents[2]
BUILD_S: Final = 1_200.0


def free_port() -> int:
    """A port on this machine that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Engine(Struct, frozen=True):
    """One compose project."""

    project: str
    api_port: int
    kafka_port: int
    more_api_port: int

    @property
    def url(self) -> str:
        """The API, as a game on this machine reaches it."""
        return f"http://127.0.0.1:{self.api_port}"

    def compose(self, *words: str, timeout_s: float = 180.0, well: tuple[int, ...] = (0,)) -> str:
        """`docker compose WORDS`; what it printed. Raises with the engine's own words when it ends otherwise."""
        command = ("docker", "compose", "--project-name", self.project, *words)
        ports = {
            "WHITEWATER_API_PORT": str(self.api_port),
            "WHITEWATER_KAFKA_PORT": str(self.kafka_port),
            "WHITEWATER_API_MORE_PORT": str(self.more_api_port),
        }
        return run(command, timeout_s, ports, well)

    def down(self) -> None:
        """Everything of the project ends, volumes too."""
        self.compose(*EVERY_PROFILE, "down", "--volumes", "--remove-orphans")

    def containers(self) -> dict[str, list[dict[str, Any]]]:
        """Everything the engine knows about each container, by service; containers that ended are among them."""
        names = self.compose(*EVERY_PROFILE, "ps", "--all", "--quiet").split()
        found: dict[str, list[dict[str, Any]]] = {}
        for container in json.loads(run(("docker", "inspect", *names), 30.0)) if names else []:
            found.setdefault(container["Config"]["Labels"]["com.docker.compose.service"], []).append(container)
        return found


def run(
    command: tuple[str, ...], timeout_s: float, environment: dict[str, str] | None = None, well: tuple[int, ...] = (0,)
) -> str:
    """What a program printed. Raises with what it said when it fails."""
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | (environment or {}), timeout=timeout_s, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode in well, (
        f"{' '.join(command)}: {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    )
    return done.stdout


def told(url: str) -> Any:  # noqa: ANN401 - JSON of any shape
    """What an HTTP address answers, from JSON."""
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 - an address of our own on this machine
        return json.load(answer)


def comes_true(fact: Callable[[], bool], within_s: float) -> bool:
    """Whether `fact` is true at some moment within `within_s`."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if fact():
            return True
        time.sleep(0.5)  # noqa: TID251 - a fact outside is polled, with a deadline
    return fact()
