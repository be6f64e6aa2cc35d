"""Makes `.venv` as the locks say, or finds that it already is: `python3 infra/install.py demo` (or `dev`, or `bench`).

It runs before anything is installed, on whatever Python the machine has: only the standard library here, and nothing
newer than Python 3.6 at import, so that a wrong Python is told in a sentence and not by a traceback.

The stamp inside `.venv` holds the hash of the lock it was made from. While it matches, nothing is run and no network is
touched. When it does not, `.venv` is made anew from nothing: an interrupted install leaves no stamp, hence no half.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[1]
LOCKS = {
    "demo": HOUSE / "requirements.lock",
    "dev": HOUSE / "requirements-dev.lock",
    "bench": HOUSE / "requirements-bench.lock",
}
"""Each holds what the one before it does, and more."""
OLDEST, NEWEST = (3, 11), (3, 12)
ROOM_MB = 1500
USAGE, UNREACHABLE, INTERRUPTED = 2, 3, 130


class NotPossibleError(Exception):
    """This machine lacks something; the text says what, and what to do."""

    def __init__(self, sentence: str, code: int = UNREACHABLE) -> None:
        super().__init__(sentence)
        self.code = code


def main(arguments: "list[str]") -> int:
    """Install what `arguments` ask for; answers with the exit code."""
    kind = arguments[0] if arguments else "demo"
    folder = HOUSE / ".venv"
    try:
        check_python(sys.version_info[:2])
        if not is_fresh(folder, kind):
            check_room(HOUSE)
            install(folder, kind)
    except NotPossibleError as fault:
        sys.stderr.write(f"{fault}\n")
        return fault.code
    except OSError as fault:
        sys.stderr.write(f"{folder} could not be made ({fault.strerror}): make room and run again.\n")
        return UNREACHABLE
    except KeyboardInterrupt:
        sys.stderr.write("Interrupted: the next run starts the installation again.\n")
        return INTERRUPTED
    return 0


def check_python(version: "tuple[int, ...]") -> None:
    """Raises `NotPossibleError` for a Python that the wheels are not made for."""
    if not OLDEST <= version <= NEWEST:
        found = ".".join(str(part) for part in version)
        sentence = (
            f"This is Python {found} ({sys.executable}), and whitewater needs 3.11 or 3.12: install one of them, "
            "or name it with `make PYTHON=/path/to/python3.12 ...`."
        )
        raise NotPossibleError(sentence, USAGE)


def check_room(folder: Path) -> None:
    """Raises `NotPossibleError` when the disk is nearly full."""
    free_mb = shutil.disk_usage(folder).free // 1_000_000
    if free_mb < ROOM_MB:
        sentence = (
            f"There are {free_mb} MB free in {folder}, and whitewater needs {ROOM_MB} MB: make room and run again."
        )
        raise NotPossibleError(sentence)


def fingerprint(lock: Path) -> str:
    """What a `.venv` made from this lock is stamped with."""
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def is_fresh(folder: Path, kind: str) -> bool:
    """True if `folder` holds what `kind` needs: what it was made for may be more than that."""
    kinds = list(LOCKS)[list(LOCKS).index(kind) :]
    stamps = {each: folder / f"{each}.stamp" for each in kinds}
    return (folder / "bin" / "python").exists() and any(
        stamp.exists() and stamp.read_text() == fingerprint(LOCKS[each]) for each, stamp in stamps.items()
    )


def install(folder: Path, kind: str) -> None:
    """Makes `folder` from nothing, checked hash by hash.

    Raises `NotPossibleError` when a step fails.
    """
    lock = LOCKS[kind]
    sys.stdout.write(f"making .venv from {lock.name} (this once; a minute or two on a slow line)\n")
    sys.stdout.flush()
    shutil.rmtree(folder, ignore_errors=True)
    # Not `sys.executable`: where the old .venv is active, that has just been removed.
    outside = getattr(sys, "_base_executable", sys.executable)
    venv = [outside, "-m", "venv", *(["--without-pip"] if shutil.which("uv") else []), str(folder)]
    run(venv, f"{outside} cannot make a virtual environment: install the package python3-venv, or uv")
    python = str(folder / "bin" / "python")
    uv = shutil.which("uv") or fetch_uv(folder, python)
    offline = "the packages could not be fetched: connect this machine to the internet for the first run"
    into = [uv, "pip", "install", "--python", python]
    run([*into, "--require-hashes", "--requirement", str(lock)], offline)
    run([*into, "--no-build-isolation", "--no-deps", "--editable", str(HOUSE)], "whitewater itself cannot be installed")
    (folder / f"{kind}.stamp").write_text(fingerprint(lock))


def fetch_uv(folder: Path, python: str) -> str:
    """The installer, from its own small lock, into the `.venv` it will fill."""
    wanted = ["--require-hashes", "--requirement", str(HOUSE / "infra" / "uv.txt")]
    quiet = ["--quiet", "--disable-pip-version-check", "--retries", "1"]
    offline = "the installer uv could not be fetched: connect this machine to the internet for the first run"
    run([python, "-m", "pip", "install", *quiet, *wanted], offline)
    return str(folder / "bin" / "uv")


def run(command: "list[str]", what_failed: str) -> None:
    """Runs one step, its words shown.

    Raises `NotPossibleError`, saying `what_failed`, when it fails.
    """
    # The machine's own certificates: a house with its own authority is common where workshops are held.
    environment = dict(os.environ, UV_SYSTEM_CERTS="1")
    done = subprocess.run(command, check=False, cwd=HOUSE, env=environment)
    if done.returncode != 0:
        sentence = (
            f"{what_failed[0].upper()}{what_failed[1:]} (`{' '.join(command[:4])} ...` ended with {done.returncode})."
        )
        raise NotPossibleError(sentence)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
