"""The fuzzer's second opinion, and how it is held against what became of each message."""

import pytest
from msgspec import Struct

from benchmarks import oracle
from benchmarks.kept import Found, Refusal, digest, judged
from contract.failures import Reason
from tests.contract.recorded import EVENTS, ROCK, WIRE

HALF = b'"\\ud800"'


class Sent(Struct):
    """A message as it lies in the log, in partition 3 at offset 7."""

    key: bytes | None
    value: bytes | None
    partition: int = 3
    offset: int = 7


def became(value: bytes | None, key: bytes | None = b"p-5d1c7a", **refusals: Refusal) -> Found:
    """What is found of one message, given the refusals of its first, second ... event as `at_0`, `at_1` ..."""
    found = Found()
    judged([Sent(key, value)], {(3, 7, int(name[3:])): refusal for name, refusal in refusals.items()}, found)
    return found


def refusal(of: bytes, reason: Reason = Reason.WRONG_SHAPE) -> Refusal:
    """A refusal that kept these bytes."""
    return Refusal(reason, digest(of), "because")


@pytest.mark.parametrize("name", EVENTS)
def test_the_oracle_takes_every_recording(name: str) -> None:
    """An oracle that refused sound messages would find no fault with anybody."""
    assert [told.fits for told in oracle.read(EVENTS[name])] == [True]


@pytest.mark.parametrize(
    ("old", "new"),
    [(b'"x":0.41', b'"x":0.41,"x":0.41'), (b"0.41", b"NaN"), (b"0.41", b"1e999"), (b"0.41", b"9" * 5_000),
     (b"p-5d1c7a", b"\xff"), (b'"p-5d1c7a"', HALF), (b"p-5d1c7a", b""), (b'"sequence":420,', b""),
     (b'"y":118.5', b'"y":"118.5"'), (b'"x":', b'"depth":1,"x":'), (b"rock.hit/1", b"rock.passed/1"),
     (b"00:03:10.397000Z", b"00:03:10"), (b"whitewater.rock.hit", b"whitewater.signal.updated"),
     (b"{", b"\xef\xbb\xbf{")],
)  # fmt: skip
def test_the_oracle_refuses_what_is_no_event(old: bytes, new: bytes) -> None:
    """By JSON, by UTF-8, by its schema or by the formats in it."""
    assert [told.fits for told in oracle.read(ROCK.replace(old, new, 1))] == [False]


def test_the_oracle_splits_a_message_into_the_bytes_of_its_events() -> None:
    """Space around an event is not of it; what is no UTF-8 spoils its own event alone."""
    told = oracle.read(b" [ " + ROCK + b' ,"\xff",\n' + ROCK + b"]")
    assert [(each.raw, each.fits) for each in told] == [(ROCK, True), (b'"\xff"', False), (ROCK, True)]
    assert oracle.read(b"[]") == []


def test_what_was_accepted_must_fit_and_be_about_its_key() -> None:
    """Two sound events, one under another's key, and one that no schema has."""
    assert (became(ROCK).accepted, became(ROCK).wrongly_accepted) == (1, 0)
    assert became(ROCK, key=b"p-other").wrongly_accepted == 1
    assert became(WIRE["signal.updated"]).wrongly_accepted == 1


def test_what_was_refused_must_lie_there_to_the_byte() -> None:
    """A message refused whole is one event, whatever is in it; in an array each bad one is kept for itself."""
    whole = became(b"[1,2", at_0=refusal(b"[1,2", Reason.NOT_JSON))
    assert (whole.events, whole.failed, whole.altered, whole.accepted) == (1, 1, 0, 0)
    one = became(b"[" + ROCK + b", 7]", at_1=refusal(b"7"))
    assert (one.events, one.failed, one.altered, one.accepted) == (2, 1, 0, 1)
    assert became(b"[" + ROCK + b", 7]", at_1=refusal(b" 7")).altered == 1


def test_a_refusal_of_what_fits_needs_a_reason_that_no_schema_can_give() -> None:
    """Too old is one; not JSON is none, for the oracle has just read it."""
    assert became(ROCK, at_0=refusal(ROCK, Reason.TOO_OLD)).beyond == {Reason.TOO_OLD: 1}
    assert became(ROCK, at_0=refusal(ROCK, Reason.TOO_OLD)).unexplained == 0
    assert became(ROCK, at_0=refusal(ROCK, Reason.NOT_JSON)).unexplained == 1


def test_a_message_without_a_value_is_no_event_unless_it_was_refused() -> None:
    """It asks that somebody be forgotten; without a key that is nobody."""
    assert (became(None).events, became(None).without_value) == (0, 1)
    assert became(None, key=None, at_0=refusal(b"")).events == 1
