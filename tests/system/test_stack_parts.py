"""The broker and the Redis that every other system test stands on, and what counts as well."""

import socket
import sys
from pathlib import Path

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from redis.asyncio import Redis

from contract.topics import TOPICS
from infra.local import health
from infra.local.faults import CannotStartError
from infra.local.parts import Part
from infra.local.supervisor import Supervisor
from infra.topics import create_topics


async def test_every_topic_of_the_contract_exists_and_making_them_twice_changes_nothing(kafka: str) -> None:
    """A second `up` meets the topics of the first."""
    await create_topics(kafka)
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    try:
        described = await admin.describe_topics([topic.name for topic in TOPICS])
    finally:
        await admin.close()
    assert {topic["topic"]: len(topic["partitions"]) for topic in described} == {
        topic.name: topic.partitions for topic in TOPICS
    }


async def test_redis_answers(redis_url: str) -> None:
    """The address that the fixture gives is one that answers."""
    async with Redis.from_url(redis_url) as redis:
        assert await redis.ping()


def test_another_stacks_answer_is_not_taken_for_ones_own(tmp_path: Path) -> None:
    """Two stacks chose the same port: whoever came second finds an answer there, and is not well by it."""
    with socket.create_server((health.HOST, 0)) as anothers:
        port = anothers.getsockname()[1]
        supervisor = Supervisor(tmp_path, lambda _: None)
        command = (sys.executable, "-c", "import time; time.sleep(60)")
        supervisor.start(Part("late", command, lambda: health.answers(port), within_s=1.0, port=port))
        try:
            with pytest.raises(CannotStartError, match="The part late was not well within 1 s"):
                supervisor.await_well("late")
        finally:
            supervisor.stop_all()
