"""A PostgreSQL of a run's own, from the programs that the wheel `pgserver` carries; the system itself needs none.

Only the wheel's files are used: its own start-up writes outside the run's folder. What is strange: PostgreSQL refuses
to run as root. There it runs as `nobody`, from a copy of the programs that nobody may read, in a folder that nobody
may enter; and because whoever watches over it must hold the postmaster itself, a shell in between would be the wrong
process to kill, a line of Python becomes nobody and then PostgreSQL.
"""

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from infra.local import health
from infra.local.faults import CannotStartError

NOBODY: Final = 65_534
BECOME: Final = (
    "import os, sys; user = int(sys.argv[1]); os.setgroups([]); os.setgid(user); os.setuid(user); os.chdir('/'); "
    "os.execv(sys.argv[2], sys.argv[2:])"
)


class Cluster:
    """One server's files on disk, and how to start it on a port of its own."""

    def __init__(self, folder: Path) -> None:
        """Makes the cluster in `folder`. Raises `CannotStartError` where the wheel is missing."""
        spec = find_spec("pgserver")
        if spec is None or not spec.submodule_search_locations:
            text = "There is no PostgreSQL on this machine: `make` installs the wheel pgserver that carries it."
            raise CannotStartError(text)
        self._programs = Path(spec.submodule_search_locations[0]) / "pginstall"
        self._user = NOBODY if os.geteuid() == 0 else None
        self._folder = folder
        self.port = health.any_free_port()
        if self._user is not None:
            packages = self._programs.parents[1]
            for part in ("pgserver/pginstall", "pgserver.libs"):
                shutil.copytree(packages / part, folder / part)
            self._programs = folder / "pgserver" / "pginstall"
            os.chown(folder, self._user, self._user)
        self.run("initdb", "--auth=trust", "--encoding=utf8", "--no-sync", "-U", "river")

    @property
    def command(self) -> tuple[str, ...]:
        """Becomes the postmaster."""
        start = (str(self._programs / "bin" / "postgres"), "-D", str(self._folder / "cluster"), *self.options)
        return start if self._user is None else (sys.executable, "-c", BECOME, str(self._user), *start)

    @property
    def options(self) -> tuple[str, ...]:
        """On 127.0.0.1 only, and waiting for no disk: what ends here is a process and never the machine."""
        return ("-h", health.HOST, "-p", str(self.port), "-k", str(self._folder), "-F")

    @property
    def log(self) -> Path:
        """Where a server may write what it says."""
        return self._folder / "log"

    def url(self, port: int | None = None) -> str:
        """Its address as DATABASE_URL takes it; by another port, if a proxy stands there."""
        return f"postgresql+psycopg://river@{health.HOST}:{port or self.port}/postgres"

    def run(self, program: str, *words: str) -> None:
        """Runs one of PostgreSQL's programs on the cluster. Raises `CalledProcessError`."""
        command = [str(self._programs / "bin" / program), "-D", str(self._folder / "cluster"), *words]
        with (self._folder / "out").open("ab") as out:
            subprocess.run(command, user=self._user, stdout=out, stderr=out, check=True, cwd="/")
