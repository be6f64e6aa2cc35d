"""A real PostgreSQL of a test's own, from the programs that the wheel `pgserver` carries.

Only its files are used: its own start-up writes outside the test's folder. PostgreSQL refuses to run as root; there it
runs as `nobody`, from a copy of the programs that nobody may read.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from infra.local import health

NOBODY = 65_534


class Postgres:
    """One server on one port; it can be stopped and started."""

    def __init__(self, folder: Path) -> None:
        spec = find_spec("pgserver")
        assert spec is not None, "The wheel pgserver is missing: make installs it."
        assert spec.submodule_search_locations
        self._programs = Path(spec.submodule_search_locations[0]) / "pginstall"
        self._user = NOBODY if os.geteuid() == 0 else None
        self._folder = folder
        self._port = health.any_free_port()
        if self._user is not None:
            packages = self._programs.parents[1]
            for part in ("pgserver/pginstall", "pgserver.libs"):
                shutil.copytree(packages / part, folder / part)
            self._programs = folder / "pgserver" / "pginstall"
            os.chown(folder, self._user, self._user)
        self._run("initdb", "--auth=trust", "--encoding=utf8", "--no-sync", "-U", "river")

    @property
    def url(self) -> str:
        """Its address, as DATABASE_URL takes it."""
        return f"postgresql+psycopg://river@127.0.0.1:{self._port}/postgres"

    def start(self) -> None:
        """Up, when this returns."""
        options = f"-h 127.0.0.1 -p {self._port} -k {self._folder} -F"
        self._run("pg_ctl", "start", "-w", "-o", options, "-l", str(self._folder / "log"))

    def stop(self) -> None:
        """Down at once, in the middle of whatever it did."""
        self._run("pg_ctl", "stop", "-w", "-m", "immediate")

    def _run(self, program: str, *words: str) -> None:
        command = [str(self._programs / "bin" / program), "-D", str(self._folder / "cluster"), *words]
        with (self._folder / "out").open("ab") as out:
            subprocess.run(command, user=self._user, stdout=out, stderr=out, check=True, cwd="/")


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
