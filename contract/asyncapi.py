"""The topics as an AsyncAPI 3 document: channels, keys, partitions, retention, and which room sends or reads what.

A pure function from the topics and one sentence per type to a value; `describe` writes it down. The payloads are
references to docs/schemas, so that a type is described in one place.
"""

from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct

from contract.envelope import TYPE_PREFIX
from contract.events import FACTS
from contract.topics import ADAPTATIONS, ENGAGEMENT_SIGNALS, FAILED_EVENTS, FLEET_FIGURES, PLAYER_EVENTS, Topic

VERSION: Final = "1.0.0"


class Traffic(Struct, frozen=True):
    """What one topic carries, who sends it and who reads it."""

    topic: Topic
    kinds: tuple[str, ...]
    senders: tuple[str, ...]
    readers: tuple[str, ...]


TRAFFIC: Final = (
    Traffic(PLAYER_EVENTS, tuple(FACTS), ("producers", "failures"), ("processors", "bots")),
    Traffic(ENGAGEMENT_SIGNALS, ("signal.updated",), ("processors",), ("engagement_api", "bots")),
    Traffic(ADAPTATIONS, ("adaptation.decided",), ("engagement_api",), ("bots",)),
    Traffic(
        FAILED_EVENTS,
        ("event.failed", "failure.settled"),
        ("processors", "failures"),
        ("failures", "engagement_api", "bots"),
    ),
    Traffic(FLEET_FIGURES, ("fleet.told",), ("processors",), ("processors", "engagement_api")),
)
"""Who says what to whom over Kafka. The game hears its adaptations by WebSocket; the topic keeps them for others.

Bots read what became of their events, to count what was lost or doubled, and what was decided, to judge it once more.
A worker reads what was counted in a partition before it was given it. Who repairs refused messages sends them again.
"""


def asyncapi(meanings: Mapping[str, str]) -> dict[str, Any]:
    """The AsyncAPI document; `meanings` has one sentence for every type."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Whitewater",
            "version": VERSION,
            "description": "What players did, what we believe about them, and what the river should become.",
        },
        "defaultContentType": "application/cloudevents+json",
        "servers": {"local": {"host": "127.0.0.1:9092", "protocol": "kafka"}},
        "channels": {traffic.topic.name: _channel(traffic) for traffic in TRAFFIC},
        "operations": {name: operation for traffic in TRAFFIC for name, operation in _operations(traffic)},
        "components": {
            "messages": {_id(kind): _message(kind, meanings[kind], t.topic) for t in TRAFFIC for kind in t.kinds}
        },
    }


def _channel(traffic: Traffic) -> dict[str, Any]:
    topic = traffic.topic
    kept: dict[str, Any] = {
        "cleanup.policy": topic.cleanup.split(","),
        "retention.ms": topic.retention_ms,
        "max.message.bytes": topic.message_bytes,
    }
    return {
        "address": topic.name,
        "description": topic.why,
        "messages": {_id(kind): {"$ref": f"#/components/messages/{_id(kind)}"} for kind in traffic.kinds},
        "bindings": {"kafka": {"partitions": topic.partitions, "replicas": 1, "topicConfiguration": kept}},
    }


def _id(kind: str) -> str:
    return kind.replace(".", "-")  # some readers of AsyncAPI take no dot in a key, though the specification does


def _message(kind: str, meaning: str, topic: Topic) -> dict[str, Any]:
    whose = "The player's pseudonym" if topic.key == "player" else "The number of the partition"
    key = {"type": "string", "description": f"{whose}, as in `subject`."}
    return {
        "name": TYPE_PREFIX + kind,
        "summary": meaning,
        "payload": {"$ref": f"./schemas/{kind}/1.json"},
        "bindings": {"kafka": {"key": key}},
    }


def _operations(traffic: Traffic) -> list[tuple[str, dict[str, Any]]]:
    channel = {"$ref": f"#/channels/{traffic.topic.name}"}
    said = [(room, "send") for room in traffic.senders] + [(room, "receive") for room in traffic.readers]
    return [(f"{room}-{action}-{traffic.topic.name}", {"action": action, "channel": channel}) for room, action in said]
