"""A real Kafka and a real Redis for the system tests, on free ports, in a folder that goes away."""

import asyncio
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from infra.local import health, kafka, redis
from infra.topics import create_topics


@contextmanager
def _running(command: Sequence[str], port: int, log: Path, within_s: float) -> Iterator[None]:
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, stdin=subprocess.DEVNULL)
    try:
        up = health.wait_until(
            lambda: health.answers(port), within_s=within_s, unless=lambda: process.poll() is not None
        )
        assert up, log.read_text()
        yield
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def broker(folder: Path) -> Iterator[str]:
    """`host:port` of a broker with the topics of the contract and nothing in them."""
    own = kafka.prepare(folder, health.any_free_port(), health.any_free_port())
    with _running(own.command, own.port, folder / "kafka.log", kafka.STARTS_WITHIN_S):
        asyncio.run(create_topics(own.address))
        yield own.address


@pytest.fixture(scope="session", name="kafka")
def _kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The broker of this session."""
    with broker(tmp_path_factory.mktemp("kafka")) as address:
        yield address


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Redis of this session's own."""
    folder = tmp_path_factory.mktemp("redis")
    server = redis.prepare(folder, health.any_free_port())
    with _running(server.command, server.port, folder / "redis.log", redis.STARTS_WITHIN_S):
        yield server.url
