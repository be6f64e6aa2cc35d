"""A stack of two children that only sleep, for test_stack_supervisor: `python sleepers.py FOLDER SHAPE [PORT]`.

The shape is one of: quiet; twice (everything is stopped and started again); stubborn (its children ignore SIGTERM);
falling (they end at once); owned (it ends with whoever started it); late (they say that they are up, and PORT, which
should be theirs, is another's).
"""

import sys
from functools import partial
from pathlib import Path

from infra.local import guard, health
from infra.local.faults import CannotStartError
from infra.local.parts import Part
from infra.local.supervisor import Supervisor

SLEEP = """
import socket, sys, time
door = socket.create_server(("127.0.0.1", int(sys.argv[1])))
print("up", flush=True)
time.sleep(600)
"""
BODIES = {
    "stubborn": "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)" + SLEEP,
    "falling": "raise SystemExit(7)",
    "late": "import time; print('up', flush=True); time.sleep(600)",
}


def main() -> int:
    """Run until asked to stop."""
    folder, shape = Path(sys.argv[1]), sys.argv[2]
    guard.stop_on_request()
    if shape == "owned":
        guard.stop_with_owner()
    with guard.guarded():
        supervisor = Supervisor(folder, lambda words: print(words, flush=True))  # noqa: T201 - its log
        try:
            if shape == "twice":
                bring_up(supervisor, folder, shape)
                supervisor.stop_all()
            run(supervisor, folder, shape)
        except CannotStartError as fault:
            print(fault, flush=True)  # noqa: T201 - the last line of its log
            return 3
        finally:
            supervisor.stop_all()
    return 0


def says_up(log: Path, _port: int) -> bool:
    """True once a child has written that it is up."""
    return "up" in log.read_text()


def bring_up(supervisor: Supervisor, folder: Path, shape: str) -> None:
    """Two children, told apart by their names alone."""
    for name in ("first", "second"):
        is_up = partial(says_up, folder / f"{name}.log")
        port = int(sys.argv[3]) if sys.argv[3:] else health.any_free_port()
        command = (sys.executable, "-c", BODIES.get(shape, SLEEP), str(port))
        part = Part(name, command, is_up, within_s=2.0 if shape == "late" else 20.0, port=port)
        supervisor.start(part)
        supervisor.await_well(name)


def run(supervisor: Supervisor, folder: Path, shape: str) -> None:
    """Both children, minded until somebody asks for the end."""
    bring_up(supervisor, folder, shape)

    def show() -> None:
        fresh = folder / "pids.new"
        fresh.write_text(" ".join(map(str, supervisor.pids.values())))
        fresh.replace(folder / "pids")

    show()
    supervisor.watch(show)


if __name__ == "__main__":
    sys.exit(main())
