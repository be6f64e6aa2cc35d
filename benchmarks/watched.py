"""The stack of a benchmark, watched: what its parts take in CPU and memory, and how far behind they are.

Figures are the kernel's, by process. Strange: a lag counts what is not *committed*; a worker commits once a second, so
a lag of about one second of events is a healthy one.
"""

import asyncio
import json
import os
import re
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, Final

import psutil
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from contract.topics import ENGAGEMENT_SIGNALS, PLAYER_EVENTS, Topic
from engagement_api.kafka import GROUP
from infra.local import health, launch
from infra.local import stack as stacks
from infra.local.faults import CannotStartError
from processors.state import APP

READERS: Final = {"worker": (APP, PLAYER_EVENTS), "api": (GROUP, ENGAGEMENT_SIGNALS)}
"""By part, its consumer group and the topic it reads."""
LOG: Final = subprocess.DEVNULL
"""Where workers of a benchmark complain; they do while one of them is killed."""
UNWATCHED: Final = ("supervisor",)
_NUMBER: Final = re.compile(r"^(\w+?)(?:_total)?(?:\{[^}]*\})? ([-+.\deE]+)$", re.MULTILINE)


@contextmanager
def a_stack(workers: int = 1, home: str | None = None) -> Iterator[tuple[stacks.Stack, Path]]:
    """A new stack that ends with this process, or the one that runs in `home`; and the folder it lives in."""
    os.environ["WHITEWATER_WORKERS"] = str(workers)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        lives_in = Path(home or folder)
        try:
            with launch.borrowed(lives_in, lambda words: print(words, file=sys.stderr)) as stack:
                yield stack, lives_in
        except CannotStartError as fault:
            sys.exit(str(fault))


def part_of(name: str) -> str:
    """The part that a process of the stack is one of: `worker-2` is a worker."""
    return name.partition("-")[0]


class Usage:
    """CPU seconds so far and resident memory, by part of a stack."""

    def __init__(self, pids: Mapping[str, int]) -> None:
        self._processes = {name: psutil.Process(pid) for name, pid in pids.items() if name not in UNWATCHED}

    def cpu_s(self) -> dict[str, float]:
        """CPU seconds, user and system, since each process began."""
        return self._sums(lambda process: sum(process.cpu_times()[:2]))

    def memory_mb(self) -> dict[str, float]:
        """Resident memory in MB (1,000,000 bytes)."""
        return self._sums(lambda process: process.memory_info().rss / 1e6)

    def _sums(self, figure: Callable[[psutil.Process], float]) -> dict[str, float]:
        found: dict[str, float] = {}
        for name, process in self._processes.items():
            found[part_of(name)] = found.get(part_of(name), 0.0) + figure(process)
        return found


def machine_s() -> float:
    """CPU seconds that everything on this machine has used, ours included."""
    spent = psutil.cpu_times()
    return float(sum(spent) - spent.idle - getattr(spent, "iowait", 0.0) - getattr(spent, "guest", 0.0))


def less(after: Mapping[str, float], before: Mapping[str, float]) -> dict[str, float]:
    """What was added, by name."""
    return {name: figure - before.get(name, 0.0) for name, figure in after.items()}


def metrics(port: int) -> dict[str, float]:
    """A worker's metrics by name; those with labels are added up."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
        text = answer.read().decode()
    found: dict[str, float] = {}
    for name, number in _NUMBER.findall(text):
        found[name] = found.get(name, 0.0) + float(number)
    return found


class Lags:
    """How many messages each reader of the stack has not committed."""

    def __init__(self, admin: AIOKafkaAdminClient, consumer: AIOKafkaConsumer) -> None:
        self._admin = admin
        self._consumer = consumer

    async def now(self) -> dict[str, int]:
        """By part of the stack."""
        found = {}
        for part, (group, topic) in READERS.items():
            ends = await self._ends(topic)
            committed = await self._admin.list_consumer_group_offsets(group, partitions=list(ends))
            found[part] = sum(end - max(committed[at].offset if at in committed else 0, 0) for at, end in ends.items())
        return found

    async def written(self) -> dict[str, int]:
        """By part, how many messages were ever written to the topic that it reads."""
        return {part: sum((await self._ends(topic)).values()) for part, (_, topic) in READERS.items()}

    async def _ends(self, topic: Topic) -> dict[TopicPartition, int]:
        ends: dict[TopicPartition, int] = await self._consumer.end_offsets(
            [TopicPartition(topic.name, number) for number in range(topic.partitions)]
        )
        return ends

    async def gone(self, within_s: float) -> bool:
        """Whether everything was committed within that time."""
        try:
            async with asyncio.timeout(within_s):
                while any((await self.now()).values()):  # noqa: ASYNC110 - the broker signals nothing
                    await asyncio.sleep(0.25)
        except TimeoutError:
            return False
        return True


def says(port: int) -> dict[str, Any]:
    """What a worker answers on /ready; empty while it does not answer or is not ready."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/ready", timeout=5) as answer:
            said: dict[str, Any] = json.load(answer)
    except OSError:
        return {}
    return said


class Worker:
    """`python -m processors` beside no stack, with its own door."""

    def __init__(self, kafka: str) -> None:
        self.port = health.any_free_port()
        given = {"WHITEWATER_KAFKA": kafka, "WHITEWATER_WORKER_PORT": str(self.port)}
        command = [sys.executable, "-m", "processors"]
        self.process = subprocess.Popen(command, env=os.environ | given, stdin=subprocess.DEVNULL, stderr=LOG)
        self._usage = Usage({"worker": self.process.pid})

    @property
    def cpu_s(self) -> float:
        """CPU seconds since it was started."""
        return self._usage.cpu_s()["worker"]

    def says(self) -> dict[str, Any]:
        """What it answers on /ready."""
        return says(self.port)

    def folds(self, partitions: int) -> bool:
        """Whether it is ready with exactly so many partitions."""
        said = self.says()
        return bool(said) and bool(said["ready"]) and len(said["partitions"]) == partitions

    @property
    def folded(self) -> int:
        """How many events it has folded."""
        return int(self.says().get("folded", 0))


@contextmanager
def workers(kafka: str, count: int) -> Iterator[list[Worker]]:
    """So many workers, which are gone afterwards; more may be put into the list."""
    running = [Worker(kafka) for _ in range(count)]
    try:
        yield running
    finally:
        for worker in running:
            worker.process.kill()
            worker.process.wait()


@asynccontextmanager
async def lags(kafka: str) -> AsyncIterator[Lags]:
    """Asks the broker for as long as the block runs."""
    admin, consumer = AIOKafkaAdminClient(bootstrap_servers=kafka), AIOKafkaConsumer(bootstrap_servers=kafka)
    await admin.start()
    await consumer.start()
    try:
        yield Lags(admin, consumer)
    finally:
        await consumer.stop()
        await admin.close()
