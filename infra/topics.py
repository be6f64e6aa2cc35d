"""Makes the topics of the contract on a broker; a second run changes nothing.

A Faust worker whose topic does not exist runs on in silence, so this comes before every worker. It is also a program,
for the containers: `python -m infra.topics`. On Kubernetes the topics are made by Strimzi, and `python -m infra.topics
await [NAME ...]` returns when they are there, and those named besides.
"""

import asyncio
import os
import sys
from collections.abc import Sequence
from typing import Final

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, NodeNotReadyError, TopicAlreadyExistsError, for_code
from msgspec import Struct

from contract.environment import read_settings
from contract.topics import TOPICS, Topic

AGAIN_S: Final = 2.0
CONTROLLER_LOOKS: Final = 100
CONTROLLER_AGAIN_S: Final = 0.1


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
        await await_controller(admin)
        wanted = [NewTopic(topic.name, topic.partitions, replicas, topic_configs=topic.config) for topic in topics]
        response = await admin.create_topics(wanted)
    finally:
        await admin.close()
    for name, code, *words in response.topic_errors:
        if code not in (0, TopicAlreadyExistsError.errno):
            fault = f"the topic {name} could not be made: {words}"
            raise for_code(code)(fault)


async def await_controller(admin: AIOKafkaAdminClient) -> None:
    """Returns when the broker says who makes topics: one that has just come up does not know, and aiokafka breaks.

    Raises `NodeNotReadyError` when it does not find out.
    """
    for _ in range(CONTROLLER_LOOKS):
        cluster = await admin.describe_cluster()
        if cluster["controller_id"] in {broker["node_id"] for broker in cluster["brokers"]}:
            return
        await asyncio.sleep(CONTROLLER_AGAIN_S)
    sentence = f"the broker has known no controller for {CONTROLLER_LOOKS * CONTROLLER_AGAIN_S:.0f} s"
    raise NodeNotReadyError(sentence)


async def await_topics(kafka: str, names: frozenset[str], again_s: float = AGAIN_S) -> None:
    """Returns when every one of `names` exists on the broker at `kafka`, however long that and the broker take."""
    while missing := names - await _topics_of(kafka):
        sys.stderr.write(f"{kafka} does not have {', '.join(sorted(missing))} yet: asked again in {again_s:g} s\n")
        await asyncio.sleep(again_s)


async def _topics_of(kafka: str) -> frozenset[str]:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    try:
        await admin.start()
        return frozenset(await admin.list_topics())
    except KafkaError:
        return frozenset()
    finally:
        await admin.close()


def main(arguments: Sequence[str] = ()) -> int:
    """Make the topics on the broker that WHITEWATER_KAFKA names, or wait for somebody else to have made them."""
    settings = read_settings(Settings, os.environ)
    if arguments and arguments[0] != "await":
        sys.stderr.write(f"Unknown word {arguments[0]!r}: say nothing, or `await` and the names of more topics.\n")
        return 2
    try:
        if arguments:
            names = frozenset({topic.name for topic in TOPICS}.union(arguments[1:]))
            asyncio.run(await_topics(settings.kafka, names))
        else:
            asyncio.run(create_topics(settings.kafka))
    except KafkaError as fault:
        sys.stderr.write(f"The topics could not be made on {settings.kafka} ({fault}): is the broker up?\n")
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
