"""The door to Maven: fetches jars by coordinate through jgo, which needs neither Maven nor Java.

Only `write_lock` asks what Kafka depends on; everybody else fetches exactly what the lock names. jgo warns of a wrong
checksum and goes on, so what it brings is not believed before `jars.check`.

Strange: the jars are collected in a folder beside the final one, which gets its name in one move at the end. An
interrupted download leaves nothing that looks whole.
"""

import os
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import requests
from jgo.maven import Artifact, MavenContext, PythonResolver

from infra.local.faults import CannotStartError
from infra.local.jars import LOCK, Jar, check, sha256

WANTED: Final = (
    "org.apache.kafka:kafka_2.13:4.3.0",
    "org.apache.logging.log4j:log4j-slf4j-impl:2.25.4",  # without it Kafka's own words go nowhere
)
AT_ONCE: Final = 8


def fetch_all(jars: list[Jar], folder: Path, tell: Callable[[str], None]) -> None:
    """Fetches `jars`, checks them, and makes `folder` of them; there is never half a folder.

    Raises `CannotStartError` when they cannot be had.
    """
    whose = folder.name.partition("-")[0].capitalize()
    tell(f"fetching {whose}: {len(jars)} jars, tens of MB, once")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="fetching-", dir=folder.parent, ignore_cleanup_errors=True) as staging:
            whole = _fetch_into(Path(staging), jars, tell)
            check(jars, whole)
            _settle(whole, folder)
    except (requests.RequestException, RuntimeError) as fault:
        sentence = (
            f"{whose}'s jars could not be fetched ({type(fault).__name__}): connect this machine to the internet for "
            f"the first start, or copy the folder {folder} from another one."
        )
        raise CannotStartError(sentence) from fault
    except OSError as fault:
        sentence = f"{whose}'s jars could not be kept in {folder.parent} ({fault.strerror}): make room there."
        raise CannotStartError(sentence) from fault


def _fetch_into(staging: Path, jars: list[Jar], tell: Callable[[str], None]) -> Path:
    context = MavenContext(repo_cache=staging / "maven", resolver=PythonResolver())
    whole = staging / "whole"
    whole.mkdir()
    pool = ThreadPoolExecutor(AT_ONCE)
    try:
        for done, path in enumerate(pool.map(lambda jar: _fetch(context, jar), jars), start=1):
            path.rename(whole / path.name)
            if done % 12 == 0:
                tell(f"fetched {done} of {len(jars)} jars")
    finally:
        pool.shutdown(cancel_futures=True)  # asked to stop, only what is on its way is waited for
    return whole


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
            Jar(f"{artifact.groupId}:{artifact.artifactId}:{artifact.version}", sha256(artifact.resolve()))
            for artifact in chosen.values()
        ]
    head = f"# What {WANTED[0]} runs on. Written by `make lock`; every jar is checked against it before Kafka starts."
    _write(lock, head, jars)
    return jars


def write_lock_of(wanted: tuple[str, ...], lock: Path, head: str) -> None:
    """Fetches the jars `wanted`, and nothing that they ask for, and writes the hash of each to `lock` below `head`."""
    with tempfile.TemporaryDirectory() as folder:
        context = MavenContext(repo_cache=Path(folder), resolver=PythonResolver())
        _write(lock, head, [Jar(name, sha256(_fetch(context, Jar(name, "")))) for name in wanted])


def _write(lock: Path, head: str, jars: list[Jar]) -> None:
    lines = [f"{jar.coordinate} {jar.sha256}" for jar in sorted(jars, key=lambda jar: jar.coordinate)]
    lock.write_text("\n".join([head, *lines]) + "\n")
