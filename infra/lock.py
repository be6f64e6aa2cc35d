"""Writes every lock anew: Python packages, the installer itself, Kafka's and the operators' jars. `make lock` runs it.

The only program here that asks the world what is newest; everybody else installs what it wrote down.
"""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from infra import operators
from infra.local.maven import write_lock, write_lock_of

HOUSE: Final = Path(__file__).resolve().parents[1]
COMPILE: Final = ("pip", "compile", "--universal", "--generate-hashes", "--quiet", "--no-annotate", "--no-header")
BENCH: Final = "requirements-bench.lock"


def main() -> None:
    """Write every lock."""
    uv = shutil.which("uv") or str(Path(sys.executable).with_name("uv"))
    for words in (
        ("--output-file", "requirements.lock", "pyproject.toml"),
        ("--extra", "dev", "-c", "requirements.lock", "--output-file", "requirements-dev.lock", "pyproject.toml"),
        ("--output-file", "infra/uv.txt", "infra/uv.in"),
        ("--no-deps", "--output-file", "infra/kubernetes/keda.txt", "infra/kubernetes/keda.in"),
        # Quix Streams wants an older pydantic than the development lock holds: that lock is what this one begins with,
        # and departs from where it must, instead of a bound.
        ("--extra", "dev", "--extra", "bench", "--output-file", BENCH, "pyproject.toml"),
    ):
        if BENCH in words:
            shutil.copy(HOUSE / "requirements-dev.lock", HOUSE / BENCH)
        subprocess.run([uv, *COMPILE, *words], check=True, cwd=HOUSE)
    write_lock()
    write_lock_of(operators.WANTED, operators.STRIMZI, operators.HEAD)


if __name__ == "__main__":
    main()
