"""The broker and the Redis that every other system test stands on."""

from aiokafka.admin import AIOKafkaAdminClient
from redis.asyncio import Redis

from contract.topics import TOPICS
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
