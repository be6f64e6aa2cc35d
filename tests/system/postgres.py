"""A real PostgreSQL of a test's own; what it is made of is told in faults/postgres.py."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from faults.postgres import Cluster


class Postgres:
    """One server on one port; it can be stopped and started."""

    def __init__(self, folder: Path) -> None:
        self._cluster = Cluster(folder)

    @property
    def url(self) -> str:
        """Its address, as DATABASE_URL takes it."""
        return self._cluster.url()

    def start(self) -> None:
        """Up, when this returns."""
        options = " ".join(self._cluster.options)
        self._cluster.run("pg_ctl", "start", "-w", "-o", options, "-l", str(self._cluster.log))

    def stop(self) -> None:
        """Down at once, in the middle of whatever it did."""
        self._cluster.run("pg_ctl", "stop", "-w", "-m", "immediate")


@contextmanager
def running() -> Iterator[Postgres]:
    """A server for the length of a block, in a folder that goes away."""
    with tempfile.TemporaryDirectory(prefix="postgres-") as folder:
        server = Postgres(Path(folder))
        server.start()
        try:
            yield server
        finally:
            server.stop()
