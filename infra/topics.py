"""Makes the topics of the contract on a broker; a second run changes nothing.

A Faust worker whose topic does not exist runs on in silence, so this comes before every worker. It is also a program,
for the containers: `python -m infra.topics`.
"""

import asyncio
import os
import sys

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, for_code
from msgspec import Struct

from contract.environment import read_settings
from contract.topics import TOPICS, Topic


class Settings(Struct, frozen=True):
    """Where the broker is."""

    kafka: str = "127.0.0.1:9092"


async def create_topics(kafka: str, topics: tuple[Topic, ...] = TOPICS, *, replicas: int = 1) -> None:
    """Every topic of the contract exists on the broker at `kafka` when this returns.

    Raises aiokafka's `KafkaError` when the broker cannot be reached or refuses.
    """
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    try:
        wanted = [NewTopic(topic.name, topic.partitions, replicas, topic_configs=topic.config) for topic in topics]
        response = await admin.create_topics(wanted)
    finally:
        await admin.close()
    for name, code, *words in response.topic_errors:
        if code not in (0, TopicAlreadyExistsError.errno):
            fault = f"the topic {name} could not be made: {words}"
            raise for_code(code)(fault)


def main() -> int:
    """Make the topics on the broker that WHITEWATER_KAFKA names."""
    settings = read_settings(Settings, os.environ)
    try:
        asyncio.run(create_topics(settings.kafka))
    except KafkaError as fault:
        sys.stderr.write(f"The topics could not be made on {settings.kafka} ({fault}): is the broker up?\n")
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
