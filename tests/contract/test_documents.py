"""The committed documents say what the types say, and strangers' tools take them."""

import copy
import json
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import jsonschema
import pydantic
import pytest
import yaml

from contract.asyncapi import TRAFFIC
from contract.describe import COMMAND, TYPES, documents, fill, schema_of
from contract.events import FACTS
from contract.topics import TOPICS

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # two of its own fields are named as methods of pydantic are
    from asyncapi3.models.asyncapi import AsyncAPI3  # type: ignore[import-untyped]  # it ships no types

ROOT: Final = Path(__file__).resolve().parents[2]
ASYNCAPI: Final = yaml.safe_load((ROOT / "docs/asyncapi.yaml").read_text(encoding="utf-8"))


def test_the_committed_documents_are_what_the_types_say() -> None:
    """Schemas, AsyncAPI and the tables of docs/contract.md are made; whoever changed a type makes them again."""
    stale = [
        str(path.relative_to(ROOT))
        for path, text in documents(ROOT).items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    assert not stale, f"no longer what the types say: {', '.join(stale)}. Run: {COMMAND}"


def test_no_schema_is_left_of_a_type_that_is_gone() -> None:
    """A type once published is never taken back, so there is a type for every schema."""
    assert {path.parent.name for path in (ROOT / "docs/schemas").glob("*/*.json")} == set(TYPES)


@pytest.mark.parametrize("kind", TYPES)
def test_a_schema_is_found_where_its_messages_say(kind: str) -> None:
    """`dataschema` is the schema's `$id` and, under docs, its path; and it is a schema."""
    schema = schema_of(kind)
    assert schema["$id"] == f"/schemas/{kind}/1.json"
    assert schema["properties"]["dataschema"]["enum"] == [schema["$id"]]
    assert (ROOT / f"docs{schema['$id']}").is_file()
    jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("kind", TYPES)
def test_a_schema_says_what_it_is_about(kind: str) -> None:
    """The sentence of the type and the sentences under its fields are in it."""
    schema = schema_of(kind)
    assert schema["description"].endswith((".", "`."))
    assert schema["properties"]["id"]["description"] == "UUIDv7, made once at the source; retries keep it."


def test_every_event_class_is_in_the_table_of_types() -> None:
    """24 facts, a belief, a goal, a refusal and its settlement, and the figures of everybody: 29 types."""
    assert len(FACTS) == 24
    assert len(TYPES) == 29


def test_asyncapi_has_every_topic_with_its_settings() -> None:
    """Address, partitions and retention are those that the topics are created with."""
    told = {
        channel["address"]: (
            channel["bindings"]["kafka"]["partitions"],
            ",".join(channel["bindings"]["kafka"]["topicConfiguration"]["cleanup.policy"]),
            channel["bindings"]["kafka"]["topicConfiguration"]["retention.ms"],
        )
        for channel in ASYNCAPI["channels"].values()
    }
    assert told == {topic.name: (topic.partitions, topic.cleanup, topic.retention_ms) for topic in TOPICS}
    assert told["player-events"] == (8, "delete", 604_800_000)


def test_asyncapi_has_every_type_on_one_topic() -> None:
    """Each type travels on exactly one topic."""
    travelling = [kind for traffic in TRAFFIC for kind in traffic.kinds]
    assert sorted(travelling) == sorted(TYPES)
    assert {message["name"] for message in ASYNCAPI["components"]["messages"].values()} == {
        f"whitewater.{kind}" for kind in TYPES
    }


def test_every_reference_in_asyncapi_leads_somewhere() -> None:
    """References inside the document and to docs/schemas."""

    def references(node: object) -> list[str]:
        if isinstance(node, dict):
            here = [node["$ref"]] if "$ref" in node else []
            return here + [ref for value in node.values() for ref in references(value)]
        return []

    found = references(ASYNCAPI)
    assert len(found) == 29 * 2 + 17  # each message in its channel and its payload; 17 operations name a channel
    for ref in found:
        place, _, inside = ref.partition("#/")
        node: Any = json.loads((ROOT / "docs" / place).read_text(encoding="utf-8")) if place else ASYNCAPI
        for step in inside.split("/") if inside else []:
            node = node[step]
        assert node


def test_a_strangers_model_of_asyncapi_takes_the_document() -> None:
    """asyncapi3, which holds the specification as types, finds every object well-formed."""
    assert AsyncAPI3.model_validate(ASYNCAPI).asyncapi == "3.0.0"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda doc: doc.pop("info"),
        lambda doc: doc.update(asyncapi="2.6.0"),
        lambda doc: doc["channels"]["player-events"].update(topic="player-events"),
        lambda doc: doc["channels"]["player-events"]["bindings"]["kafka"].update(partitions=-8),
        lambda doc: doc["operations"]["producers-send-player-events"].update(action="publish"),
        lambda doc: doc["components"]["messages"]["rock-hit"].update(payload=3),
    ],
    ids=["no info", "old version", "unknown word", "partitions below 0", "unknown action", "payload no schema"],
)
def test_a_strangers_model_refuses_a_spoilt_document(spoil: Callable[[dict[str, Any]], object]) -> None:
    """Its yes is worth something, because it says no to these."""
    document = copy.deepcopy(ASYNCAPI)
    spoil(document)
    with pytest.raises(pydantic.ValidationError):
        AsyncAPI3.model_validate(document)


def test_only_the_marked_parts_of_a_page_are_made() -> None:
    """What people wrote around a part stays, whatever stood in the part."""
    page = "before\n<!-- made: types -->\nold\nolder\n<!-- end -->\nafter"
    assert fill(page, {"types": "new"}) == "before\n<!-- made: types -->\nnew\n<!-- end -->\nafter"
