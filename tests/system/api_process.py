"""An engagement API in a process of its own, and the few things a test does to it from outside."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import httpx
import msgspec
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from msgspec.structs import replace

from contract.adaptations import AdaptationDecided
from contract.codec import Unreadable, encode, read_adaptation
from contract.signals import SignalUpdated
from contract.topics import ADAPTATIONS, ENGAGEMENT_SIGNALS
from infra.local import health
from tests.engagement_api import beliefs

READY_S = 30.0
_Fact = TypeVar("_Fact")
Goal = dict[str, Any]
"""A goal as JSON has it."""


class Api(msgspec.Struct):
    """A running API: where it is, and how to stop it in several ways."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def river(self) -> str:
        """The address of its WebSocket."""
        return self.url.replace("http", "ws", 1) + "/v1/river"

    def get(self, path: str) -> httpx.Response:
        """What it answers."""
        return httpx.get(self.url + path, timeout=10)

    def decisions(self, player: str) -> list[Goal]:
        """What the history has of a player, newest first."""
        response = self.get(f"/v1/players/{player}/decisions?limit=1000")
        return response.json() if response.status_code == 200 else []

    def newest_cause(self, player: str) -> int:
        """The event that the newest kept goal answers; 0 before the first."""
        newest = self.decisions(player)[:1]
        return int(newest[0]["data"]["cause"]["sequence"]) if newest else 0

    def metrics(self) -> str:
        """What Prometheus reads."""
        return self.get("/metrics").text

    def turn(self, *, on: bool) -> dict[str, bool]:
        """Turn the switch; the answer."""
        answer: dict[str, bool] = httpx.put(self.url + "/v1/adaptation", json={"on": on}).json()
        return answer

    def kill(self) -> None:
        """As a power cut does it: no good-bye."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        """As a supervisor does it."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=15)


def start(folder: Path, environment: Mapping[str, str], *, ready: bool = True) -> Api:
    """Make the tables and start an API; it is ready when its own readiness says so."""
    port = health.any_free_port()
    full = {**os.environ, **environment, "WHITEWATER_API_PORT": str(port)}
    subprocess.run([sys.executable, "-m", "engagement_api", "migrate"], env=full, check=True, capture_output=True)
    log = folder / f"api-{port}.log"
    with log.open("wb") as out:
        process = subprocess.Popen([sys.executable, "-m", "engagement_api"], env=full, stdout=out, stderr=out)
    api = Api(f"http://127.0.0.1:{port}", process, log)
    if ready:
        until(lambda: is_ready(api), READY_S, api)
    return api


def readiness(api: Api) -> dict[str, Any]:
    """What it says about itself; nothing while it does not answer."""
    try:
        told: dict[str, Any] = httpx.get(api.url + "/ready", timeout=5).json()
    except httpx.TransportError:
        return {}
    return told


def is_ready(api: Api) -> bool:
    """It says that every dependency answers and that it has partitions to listen to."""
    told = readiness(api)
    return bool(told and told["ready"] and told["partitions"])


def until(fact: Callable[[], _Fact], within_s: float, api: Api | None = None) -> _Fact:
    """Poll a fact until it holds; past the deadline the API's log is the message."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if found := fact():
            return found
        time.sleep(0.05)
    raise AssertionError(api.log.read_text() if api else "it did not become true in time")


@contextmanager
def running(folder: Path, environment: Mapping[str, str]) -> Iterator[Api]:
    """An API for the length of a block."""
    api = start(folder, environment)
    try:
        yield api
    finally:
        if api.process.poll() is None:
            api.stop()


def belief(player: str, sequence: int, *, session: str = "s-1", age_s: float = 0.0, **told: object) -> SignalUpdated:
    """A belief about `player` caused by event `sequence`; `told` replaces fields of the signals."""
    at = datetime.fromtimestamp(time.time() - age_s, UTC)
    believed = beliefs.belief(sequence, player=player, session=session, **told)
    return replace(believed, time=at, causetime=at, playerkind="bot")


def lost(player: str, sequence: int, rounds: int, **told: object) -> SignalUpdated:
    """A belief after a lost round."""
    values: dict[str, Any] = {"rounds": rounds, "session_rounds": rounds, "in_round": False, "streak": -1}
    return belief(player, sequence, **{**values, "newest_outcome": "swamped", **told})


def sleeping_reader(api: Api, player: str) -> socket.socket:
    """A WebSocket client in small letters: it shakes hands, follows a player, and never reads again."""
    host, port = api.url.removeprefix("http://").split(":")
    raw = socket.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    raw.connect((host, int(port)))
    key = "A" * 22 + "=="
    lines = ["GET /v1/river HTTP/1.1", f"Host: {host}:{port}", "Upgrade: websocket", "Connection: Upgrade"]
    raw.sendall("\r\n".join([*lines, f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13", "", ""]).encode())
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += raw.recv(4096)
    text = json.dumps({"follow": [player]}).encode()
    raw.sendall(bytes([0x81, 0x80 | len(text), 0, 0, 0, 0]) + text)  # a final text frame, masked with four zeros
    return raw


@asynccontextmanager
async def speaking(kafka: str) -> AsyncIterator[AIOKafkaProducer]:
    """A producer of beliefs."""
    producer = AIOKafkaProducer(bootstrap_servers=kafka, acks="all", linger_ms=0)
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()


async def say(producer: AIOKafkaProducer, *signals: SignalUpdated) -> None:
    """Put beliefs on their topic, in order."""
    sent = [
        await producer.send(ENGAGEMENT_SIGNALS.name, encode(signal), key=signal.subject.encode()) for signal in signals
    ]
    await asyncio.gather(*sent)


async def published(kafka: str, player: str) -> list[AdaptationDecided]:
    """Every goal of `player` on the topic, from its beginning."""
    consumer = AIOKafkaConsumer(ADAPTATIONS.name, bootstrap_servers=kafka, auto_offset_reset="earliest")
    await consumer.start()
    try:
        ends = await consumer.end_offsets(consumer.assignment())
        found: list[AdaptationDecided] = []
        while any([await consumer.position(place) < end for place, end in ends.items()]):
            for chunk in (await consumer.getmany(timeout_ms=200)).values():
                goals = [read_adaptation(message.value) for message in chunk]
                found += [goal for goal in goals if not isinstance(goal, Unreadable) and goal.subject == player]
        return found
    finally:
        await consumer.stop()
