"""What holds for every message that can be, and for every damage done to one."""

import json
import random
from typing import Final

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.codec import (
    EVENT_BYTES,
    Unreadable,
    encode,
    read_adaptation,
    read_event,
    read_events,
    read_failure,
    read_signal,
)
from contract.describe import TYPES, schema_of
from contract.envelope import Envelope
from contract.events import FACTS
from tests.contract.invented import messages
from tests.contract.recorded import EVENTS, NOW, WIRE, read

FORMATS: Final = jsonschema.Draft202012Validator.FORMAT_CHECKER
JUDGES: Final = {kind: jsonschema.Draft202012Validator(schema_of(kind), format_checker=FORMATS) for kind in TYPES}
DAMAGES_PER_RECORDING: Final = 1_500
SPLINTERS: Final = (
    *rb'null true -0 1e999 NaN {} [ ] " \ , : "data": "x":1, \u0000 \ud800 +00:00 0'.split(),
    b"\x00",
    b"\xff",
    b"9" * 30,
)
"""What is put in, besides the message's own pieces and any byte."""


@pytest.mark.parametrize("kind", TYPES)
def test_what_is_written_is_read_back(kind: str) -> None:
    """Every message that a type allows survives its journey unchanged, small enough, and as its schema says."""

    @settings(max_examples=40, deadline=None)
    @given(messages(TYPES[kind]))
    def travels(message: Envelope) -> None:
        raw = encode(message)
        assert read(kind, raw) == message
        assert kind not in FACTS or len(raw) <= EVENT_BYTES
        JUDGES[kind].validate(json.loads(raw))

    travels()


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_raise(raw: bytes) -> None:
    """Noise is answered, never raised at; what is refused is handed back."""
    answers = read_events(raw, NOW)
    assert all(isinstance(answer, Unreadable) for answer in answers)
    assert all(answer.original in raw for answer in answers if isinstance(answer, Unreadable))


def damaged(raw: bytes, dice: random.Random) -> bytes:
    """`raw` after one to three accidents: a byte changed, a piece lost, doubled, or something put in."""
    for _ in range(dice.randint(1, 3)):
        start = dice.randrange(len(raw) + 1)
        end = min(len(raw), start + dice.choice((1, 1, 2, 8, 40)))
        piece = dice.choice((b"", bytes([dice.randrange(256)]), raw[start:end] * 2, dice.choice(SPLINTERS)))
        raw = raw[:start] + piece + raw[end:]
    return raw


@pytest.mark.parametrize("name", EVENTS)
def test_damage_is_refused_or_harmless(name: str) -> None:
    """Nothing raises, and whatever is still taken after an accident fits the published schema of its type."""
    dice = random.Random(f"damage to {name}")
    for _ in range(DAMAGES_PER_RECORDING):
        raw = damaged(WIRE[name], dice)
        for answer in read_events(raw, NOW):
            if isinstance(answer, Unreadable):
                assert answer.original in raw
                assert answer.detail
            else:
                whole = json.loads(raw)
                for told in whole if isinstance(whole, list) else [whole]:
                    JUDGES[told["type"].removeprefix("whitewater.")].validate(told)


def test_damage_does_not_always_kill() -> None:
    """The test above would say nothing if no damaged message were ever taken, or all were."""
    dice = random.Random("how many survive")
    raw = WIRE["rock.hit"]
    taken = sum(not isinstance(read_event(damaged(raw, dice), NOW), Unreadable) for _ in range(2_000))
    assert 20 < taken < 1_000


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300) | st.sampled_from(list(WIRE.values())))
def test_no_reader_raises(raw: bytes) -> None:
    """The readers of beliefs, goals and refusals answer noise, and each other's messages, in the same way."""
    for reader in (read_signal, read_adaptation, read_failure):
        answer = reader(raw)
        assert answer.original == raw if isinstance(answer, Unreadable) else encode(answer)
