"""What was once recorded decodes for ever, and says the same to readers who never saw this code."""

import json
from datetime import datetime, timedelta
from typing import Final

import jsonschema
import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_structured
from cloudevents.core.formats.json import JSONFormat

from contract.codec import Unreadable, encode, encode_all, read_events
from contract.describe import TYPES, schema_of
from contract.envelope import Envelope
from contract.events import EVENT_OF, RapidFinished
from tests.contract.recorded import EVENTS, NOW, WIRE, read

FORMATS: Final = jsonschema.Draft202012Validator.FORMAT_CHECKER
ALL: Final = pytest.mark.parametrize("name", WIRE)


def test_every_type_has_a_recording() -> None:
    """A new type needs one before it travels, and no recording is of a type unknown."""
    assert {name.partition("~")[0] for name in WIRE} == set(TYPES)


@ALL
def test_a_recording_decodes_for_ever(name: str) -> None:
    """Bytes once written are read as the type they name."""
    message = read(name, WIRE[name])
    assert not isinstance(message, Unreadable), message
    assert type(message) is TYPES[name.partition("~")[0]]


@ALL
def test_what_was_read_is_written_as_it_was(name: str) -> None:
    """A full recording comes back byte for byte; a short one gains its defaults and then stays as it is."""
    message = read(name, WIRE[name])
    assert isinstance(message, Envelope)
    written = encode(message)
    assert read(name, written) == message
    assert "~" in name or written == WIRE[name]


def test_absent_fields_take_the_defaults_they_had() -> None:
    """A round told before `difficulty` and `swamped_by` were added reads as 0 and none."""
    event = read("rapid.finished~short", WIRE["rapid.finished~short"])
    assert isinstance(event, EVENT_OF[RapidFinished])
    assert isinstance(event.data, RapidFinished)
    assert (event.data.difficulty, event.data.swamped_by) == (0.0, None)


@ALL
def test_a_recording_fits_its_published_schema(name: str) -> None:
    """jsonschema, which knows only docs/schemas, says yes to the same bytes."""
    schema = schema_of(name.partition("~")[0])
    jsonschema.Draft202012Validator(schema, format_checker=FORMATS).validate(json.loads(WIRE[name]))


@pytest.mark.parametrize("kind", TYPES)
def test_the_cloudevents_sdk_reads_every_type(kind: str) -> None:
    """The SDK of the specification finds the attributes and the time we meant."""
    sent = json.loads(WIRE[kind])
    carried = KafkaMessage({"content-type": b"application/cloudevents+json"}, sent["subject"].encode(), WIRE[kind])
    event = from_structured(carried, JSONFormat())
    assert (event.get_id(), event.get_source(), event.get_type()) == (sent["id"], sent["source"], sent["type"])
    assert event.get_specversion() == "1.0"
    assert event.get_subject() == ("3" if kind == "fleet.told" else "p-5d1c7a")
    assert event.get_time() == datetime.fromisoformat(sent["time"])
    assert event.get_dataschema() == f"/schemas/{kind}/1.json"
    assert event.get_data() == sent["data"]


@pytest.mark.parametrize("kind", TYPES)
def test_attribute_names_are_lower_case_letters_and_digits(kind: str) -> None:
    """The specification allows nothing else, and no more than 20 characters are advised."""
    names = set(json.loads(WIRE[kind]))
    assert all(name.isalnum() and name == name.lower() and name.isascii() and len(name) <= 20 for name in names)


def test_a_crowd_travels_as_one_array() -> None:
    """All recorded events in one message come out in their order."""
    events = [event for event in (read(name, raw) for name, raw in EVENTS.items()) if isinstance(event, Envelope)]
    assert read_events(encode_all(events), NOW) == events
    assert len(events) == 28


def test_a_recording_grows_old() -> None:
    """A week and an hour later the same bytes are refused as too old, which is why reading takes a clock."""
    (late,) = read_events(WIRE["rock.hit"], NOW + timedelta(days=7, hours=1))
    assert isinstance(late, Unreadable)
    assert late.reason == "too_old"
