"""Kafka's jars: checked one by one against a lock, kept where a second clone of this repository finds them.

`kafka.lock` names every jar and its SHA-256. A jar that differs is refused, wherever it came from. `maven` fetches what
is missing, many jars at a time; once that is done no network is touched. Any lock of the same form can be named instead
(infra/operators.py).
"""

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

import platformdirs
from msgspec import Struct

from infra.local.faults import CannotStartError

LOCK: Final = Path(__file__).with_name("kafka.lock")


class Jar(Struct, frozen=True):
    """One line of the lock."""

    coordinate: str
    """`group:artifact:version`."""
    sha256: str

    @property
    def file(self) -> str:
        """The name of its file."""
        _, artifact, version = self.coordinate.split(":")
        return f"{artifact}-{version}.jar"


def read_lock(lock: Path = LOCK) -> list[Jar]:
    """The jars that the lock names, in its order."""
    lines = (line for line in lock.read_text().splitlines() if line and not line.startswith("#"))
    return [Jar(*line.split()) for line in lines]


def cache_folder() -> Path:
    """Where fetched things stay, for every clone of this repository of this user."""
    return platformdirs.user_cache_path("whitewater", appauthor=False)


def folder_in(cache: Path, lock: Path = LOCK) -> Path:
    """Where in `cache` the jars of this very lock are."""
    return cache / f"{lock.stem}-{sha256(lock)[:16]}"


def class_path(cache: Path, tell: Callable[[str], None], lock: Path = LOCK) -> list[Path]:
    """Every jar of the lock, checked, in the lock's order; fetched first when they are not in `cache`.

    Raises `CannotStartError` for a jar that cannot be fetched or is not the one in the lock.
    """
    jars = read_lock(lock)
    folder = folder_in(cache, lock)
    if not folder.is_dir():
        from infra.local import maven  # noqa: PLC0415 - only the first start on a machine needs it

        maven.fetch_all(jars, folder, tell)
    check(jars, folder)
    return [folder / jar.file for jar in jars]


def check(jars: Iterable[Jar], folder: Path) -> None:
    """Raises `CannotStartError` for the first jar that is missing in `folder` or differs from its hash."""
    for jar in jars:
        path = folder / jar.file
        if not path.is_file():
            sentence = f"The jar {path} is missing: delete the folder {folder} and start again to fetch it."
            raise CannotStartError(sentence)
        if (found := sha256(path)) != jar.sha256:
            sentence = (
                f"The jar {path} has SHA-256 {found[:16]}... where the lock says {jar.sha256[:16]}...: it is refused; "
                f"delete the folder {folder} and start again, and do not trust the source if it happens twice."
            )
            raise CannotStartError(sentence)


def sha256(path: Path) -> str:
    """The file's hash, as the lock writes it."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
