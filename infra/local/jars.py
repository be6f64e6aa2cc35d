"""Kafka's jars: fetched by Maven coordinate, checked one by one against a lock, kept where a second clone finds them.

`kafka.lock` names every jar and its SHA-256. It was written by `write_lock` (`make lock`), the only code here that asks
what Kafka depends on; everybody else fetches exactly what the lock names, many at a time, and touches no network once
that is done. A jar that differs from the lock is refused, wherever it came from: jgo itself only warns.

Strange: the jars are collected in a folder beside the final one and the folder is renamed at the end, so that an
interrupted download leaves nothing that looks whole.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import platformdirs
import requests
from jgo.maven import Artifact, MavenContext, PythonResolver
from msgspec import Struct

from infra.local.faults import CannotStartError

WANTED: Final = (
    "org.apache.kafka:kafka_2.13:4.3.0",
    "org.apache.logging.log4j:log4j-slf4j-impl:2.25.4",  # without it Kafka's own words go nowhere
)
LOCK: Final = Path(__file__).with_name("kafka.lock")
CHUNK_BYTES: Final = 1 << 20
AT_ONCE: Final = 8


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


def class_path(cache: Path, tell: Callable[[str], None], lock: Path = LOCK) -> list[Path]:
    """Every jar of the lock, checked, in the lock's order; fetched first when they are not in `cache`.

    Raises `CannotStartError` for a jar that cannot be fetched or is not the one in the lock.
    """
    jars = read_lock(lock)
    folder = cache / f"kafka-{_sha256(lock)[:16]}"
    if not folder.is_dir():
        _fetch_all(jars, folder, tell)
    check(jars, folder)
    return [folder / jar.file for jar in jars]


def check(jars: Iterable[Jar], folder: Path) -> None:
    """Raises `CannotStartError` for the first jar that is missing in `folder` or differs from its hash."""
    for jar in jars:
        path = folder / jar.file
        if not path.is_file():
            sentence = f"The jar {path} is missing: delete the folder {folder} and start again to fetch it."
            raise CannotStartError(sentence)
        if (found := _sha256(path)) != jar.sha256:
            sentence = (
                f"The jar {path} has SHA-256 {found[:16]}... where the lock says {jar.sha256[:16]}...: it is refused; "
                f"delete the folder {folder} and start again, and do not trust the source if it happens twice."
            )
            raise CannotStartError(sentence)


def write_lock(lock: Path = LOCK) -> list[Jar]:
    """Asks Maven Central what Kafka needs, fetches it, and writes coordinate and hash of each jar to `lock`."""
    with tempfile.TemporaryDirectory() as folder:
        context = MavenContext(repo_cache=Path(folder), resolver=PythonResolver())
        chosen: dict[str, Artifact] = {}
        for coordinate in WANTED:  # one at a time: together, the logging library's wishes would override Kafka's own
            inputs, needed = context.resolver.resolve([context.create_dependency(coordinate)])
            for dependency in [*inputs, *needed]:
                if dependency.scope != "test":
                    chosen.setdefault(f"{dependency.groupId}:{dependency.artifactId}", dependency.artifact)
        jars = [
            Jar(f"{artifact.groupId}:{artifact.artifactId}:{artifact.version}", _sha256(artifact.resolve()))
            for artifact in chosen.values()
        ]
    jars.sort(key=lambda jar: jar.coordinate)
    lines = [
        f"# What {WANTED[0]} runs on. Written by `make lock`; every jar is checked against it before Kafka starts."
    ]
    lock.write_text("\n".join(lines + [f"{jar.coordinate} {jar.sha256}" for jar in jars]) + "\n")
    return jars


def _fetch_all(jars: list[Jar], folder: Path, tell: Callable[[str], None]) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix="fetching-", dir=folder.parent))
    tell(f"fetching Kafka: {len(jars)} jars, about 45 MB, once")
    try:
        context = MavenContext(repo_cache=staging / "maven", resolver=PythonResolver())
        whole = staging / "whole"
        whole.mkdir()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for done, path in enumerate(pool.map(lambda jar: _fetch(context, jar), jars), start=1):
                path.rename(whole / path.name)
                if done % 12 == 0:
                    tell(f"fetching Kafka: {done} of {len(jars)} jars")
        check(jars, whole)
        _settle(whole, folder)
    except (requests.RequestException, RuntimeError) as fault:
        sentence = (
            f"Kafka's jars could not be fetched ({type(fault).__name__}): connect this machine to the internet for the "
            f"first start, or copy the folder {folder} from another one."
        )
        raise CannotStartError(sentence) from fault
    except OSError as fault:
        sentence = f"Kafka's jars could not be kept in {folder.parent} ({fault.strerror}): make room there."
        raise CannotStartError(sentence) from fault
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _fetch(context: MavenContext, jar: Jar) -> Path:
    group, artifact, version = jar.coordinate.split(":")
    path: Path = context.project(group, artifact).at_version(version).artifact().resolve()
    return path


def _settle(whole: Path, folder: Path) -> None:
    try:
        os.rename(whole, folder)  # noqa: PTH104 - the point is that this call is atomic
    except OSError:
        if not folder.is_dir():
            raise
        # Another clone was faster; its folder is checked like ours.


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
