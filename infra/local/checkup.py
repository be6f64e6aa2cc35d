"""What the local stack needs of a machine, looked at one by one, each with the command that mends it."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal

from msgspec import Struct

from infra.local import health, jars, kafka, parts, redis, stack
from infra.local.faults import CannotStartError

ROOM_MB: Final = 500
PYTHONS: Final = ((3, 11), (3, 12))
BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DISPLAYS: Final = ("DISPLAY", "WAYLAND_DISPLAY")


class Finding(Struct, frozen=True):
    """One thing that was looked at."""

    what: str
    state: Literal["fine", "wish", "lack"]
    """A wish is done without; a lack is not."""
    mend: str = ""
    """The command that mends it."""


def examine(home: Path) -> list[Finding]:
    """Everything the stack, the game and the tests need."""
    return [python(), room(home), java(), kafka_jars(), a_redis(), *ports(home), display(), browser()]


def python(version: tuple[int, ...] = sys.version_info[:2]) -> Finding:
    """The interpreter is one that every wheel is made for."""
    words = ".".join(str(part) for part in version)
    if version in PYTHONS:
        return Finding(f"Python {words}", "fine")
    return Finding(f"Python {words}, where 3.11 or 3.12 is needed", "lack", "make clean demo PYTHON=python3.12")


def room(home: Path) -> Finding:
    """There is room for logs, topics and runs."""
    folder = next(place for place in (home, *home.parents) if place.exists())
    free_mb = shutil.disk_usage(folder).free // 1_000_000
    if not os.access(folder, os.W_OK):
        return Finding(f"{folder} cannot be written", "lack", "export WHITEWATER_HOME=/a/folder/of/yours")
    if free_mb < ROOM_MB:
        return Finding(
            f"{free_mb} MB free in {folder}, where {ROOM_MB} are needed",
            "lack",
            "export WHITEWATER_HOME=/a/roomier/folder",
        )
    return Finding(f"{free_mb} MB free in {folder}", "fine")


def java() -> Finding:
    """The Java in the wheel is there."""
    try:
        return Finding(f"Java at {kafka.java()}", "fine")
    except CannotStartError as fault:
        return Finding(str(fault), "lack", "make clean demo")


def kafka_jars(cache: Path | None = None) -> Finding:
    """Kafka's jars are there and are the ones of the lock, or can be fetched."""
    folder = jars.folder_in(cache or jars.cache_folder())
    if not folder.is_dir():
        return Finding("Kafka's jars will be fetched at the first start (45 MB)", "wish", "whitewater up")
    try:
        jars.check(jars.read_lock(), folder)
    except CannotStartError as fault:
        return Finding(str(fault), "lack", f"rm -r '{folder}'")
    return Finding(f"Kafka's jars in {folder}, all as the lock says", "fine")


def a_redis() -> Finding:
    """There is a Redis to start."""
    try:
        return Finding(f"Redis at {redis.executable()}", "fine")
    except CannotStartError as fault:
        return Finding(str(fault), "lack", "make clean demo")


def ports(home: Path) -> Iterator[Finding]:
    """The usual ports are free, or our own stack has them."""
    if stack.is_held(home):
        yield Finding(f"the stack runs in {home}", "fine")
        return
    usual = {"Kafka": kafka.USUAL_PORT, "Redis": redis.USUAL_PORT, "the API": parts.USUAL_API_PORT}
    for name, port in usual.items():
        if health.is_free(port):
            yield Finding(f"port {port} is free for {name}", "fine")
        else:
            yield Finding(f"port {port} is taken: {name} will get another one", "wish", f"lsof -i :{port}")


def display() -> Finding:
    """A person could play here."""
    if sys.platform == "darwin" or any(name in os.environ for name in DISPLAYS):
        return Finding("a display to play on", "fine")
    return Finding("no display: the demo plays headless and keeps a picture", "wish", "export DISPLAY=:0")


def browser() -> Finding:
    """The browser that only the test of the live page needs."""
    for name in BROWSERS:
        if found := shutil.which(name):
            return Finding(f"a browser for the tests at {found}", "fine")
    return Finding("no Chromium, which only the test of the live page needs", "wish", "apt-get install chromium")
