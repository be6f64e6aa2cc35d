"""The limits: what the stream takes from a stranger, each with the answer to one step beyond it."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from contract.codec import Unreadable, read_events
from contract.envelope import Envelope
from contract.failures import Reason
from tests.contract.recorded import EVENTS, NOW, ROCK

STARTED = EVENTS["session.started"]


def refused(raw: bytes) -> tuple[Reason, str]:
    """Why `raw`, one message, is refused whole; its bytes must come back untouched."""
    (answer,) = read_events(raw, NOW)
    assert isinstance(answer, Unreadable), answer
    assert answer.original == raw
    return answer.reason, answer.detail


def taken(raw: bytes) -> bool:
    """Whether every event in `raw` is accepted."""
    return all(isinstance(event, Envelope) for event in read_events(raw, NOW))


def rock(old: bytes, new: bytes) -> bytes:
    """The recorded rock.hit with one stretch of its bytes replaced."""
    assert ROCK.count(old) == 1
    return ROCK.replace(old, new)


def at(time: datetime) -> bytes:
    """The recorded rock.hit, told to have happened at `time`."""
    return json.dumps({**json.loads(ROCK), "time": time.isoformat()}).encode()


def test_an_event_has_at_most_8_kib() -> None:
    """8,192 bytes pass, padded with space; one more does not."""
    assert taken(ROCK + b" " * (8192 - len(ROCK)))
    assert refused(ROCK + b" " * (8193 - len(ROCK))) == (Reason.TOO_LARGE, "8193 bytes; an event has at most 8192")


def test_a_message_has_at_most_256_kib() -> None:
    """262,144 bytes pass; one more is refused before anything is parsed."""
    assert taken(b"[" + ROCK + b" " * (262_142 - len(ROCK)) + b"]")
    assert refused(b"[" + b" " * 262_144)[0] == Reason.TOO_LARGE


def test_a_message_has_at_most_200_events() -> None:
    """200 pass; 201 are refused as one, with the whole message kept."""
    assert taken(b"[" + b",".join([ROCK] * 200) + b"]")
    assert refused(b"[" + b",".join([ROCK] * 201) + b"]")[0] == Reason.TOO_MANY


def test_one_bad_event_costs_only_itself() -> None:
    """The neighbours of a bad event in an array are taken, and it says its place."""
    first, bad, last = read_events(b"[" + ROCK + b',{"type":"x"},' + ROCK + b"]", NOW)
    assert isinstance(first, Envelope)
    assert isinstance(last, Envelope)
    assert isinstance(bad, Unreadable)
    assert (bad.reason, bad.position, bad.original) == (Reason.WRONG_SHAPE, 1, b'{"type":"x"}')


@pytest.mark.parametrize(
    "raw",
    [b"", b" ", b"hello", b"{", b"[", ROCK[:-1], ROCK + b"x", ROCK + ROCK, b"[" + ROCK, b"\xef\xbb\xbf" + ROCK],
    ids=["empty", "space", "words", "brace", "bracket", "cut", "tail", "two", "open array", "byte order mark"],
)
def test_what_is_not_json_is_refused(raw: bytes) -> None:
    """Not one JSON text: refused as such."""
    assert refused(raw)[0] == Reason.NOT_JSON


@pytest.mark.parametrize("raw", [b"null", b"7", b'"rock"', b"{}", b'{"type":"whitewater.whale.seen"}', b"[7]", b"[[]]"])
def test_json_of_another_shape_is_refused(raw: bytes) -> None:
    """JSON, but no event."""
    (answer,) = read_events(raw, NOW)
    assert isinstance(answer, Unreadable)
    assert answer.reason == Reason.WRONG_SHAPE


def test_an_empty_array_is_no_event_and_no_fault() -> None:
    """Nothing said, nothing refused."""
    assert read_events(b"[]", NOW) == []


@pytest.mark.parametrize(
    ("old", "new", "twice"),
    [
        (b'"id":', b'"id":"a","id":', "id"),
        (b'"type":', b'"type":"whitewater.rock.hit","type":', "type"),
        (b'"x":0.41', b'"x":0.41,"x":0.41', "x"),
        (b'"x":0.41', b'"x":0.41,"\\u0078":0.41', "x"),
        (b'"data":', b'"data":{"x":0.0,"y":1.0,"damage":0,"hull_left":3},"data":', "data"),
    ],
    ids=["in the envelope", "the type itself", "nested", "nested and escaped", "the data"],
)
def test_a_key_may_not_stand_twice(old: bytes, new: bytes, twice: str) -> None:
    """Parsers disagree on which of two equal keys counts, so neither does."""
    assert refused(rock(old, new)) == (Reason.DUPLICATE_KEY, f"the key {twice!r} stands twice")


@pytest.mark.parametrize(
    ("old", "new"),
    [(b'"x":', b'"depth":3,"x":'), (b'"id":', b'"extension":"a","id":')],
    ids=["in the data", "in the envelope"],
)
def test_an_unknown_field_is_refused(old: bytes, new: bytes) -> None:
    """What nobody defined nobody may send."""
    reason, detail = refused(rock(old, new))
    assert reason == Reason.WRONG_SHAPE
    assert "unknown field" in detail


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity", b"+1", b"01", b".5", b"0x1", b"1_0"])
def test_a_number_json_does_not_know_is_refused(number: bytes) -> None:
    """NaN and infinity are not in JSON, nor are other languages' spellings."""
    assert refused(rock(b"0.41", number))[0] == Reason.NOT_JSON


@pytest.mark.parametrize("number", [b"1e999", b"-1e999", b"1.01", b"-1.01", b"9" * 400])
def test_a_number_out_of_its_range_is_refused(number: bytes) -> None:
    """`x` lies between the banks, -1 to 1; a number that overflows to infinity lies outside as well."""
    assert refused(rock(b"0.41", number))[0] == Reason.WRONG_SHAPE


@pytest.mark.parametrize("value", [b"true", b'"1"', b"1.0", b"1e0", b"null", b"[1]", b"-1", b"1000000001"])
def test_a_count_is_a_whole_number_and_nothing_like_one(value: bytes) -> None:
    """No coercion: a truth value, a text or a fraction is no count of damage."""
    assert refused(rock(b'"damage":1', b'"damage":' + value))[0] == Reason.WRONG_SHAPE


@pytest.mark.parametrize("value", [b"true", b'"0.41"', b"null", b"[0.41]", b"{}"])
def test_a_measure_is_a_number_and_nothing_like_one(value: bytes) -> None:
    """No coercion for fractions either."""
    assert refused(rock(b"0.41", value))[0] == Reason.WRONG_SHAPE


@pytest.mark.parametrize("value", [b"1", b'"true"', b"null"])
def test_a_truth_is_true_or_false(value: bytes) -> None:
    """Consent is never guessed from a 1."""
    (answer,) = read_events(STARTED.replace(b'"consent":true', b'"consent":' + value), NOW)
    assert isinstance(answer, Unreadable)
    assert answer.reason == Reason.WRONG_SHAPE


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"[" * 200_000, Reason.NOT_JSON),
        (b"[" + b'{"a":' * 50_000, Reason.NOT_JSON),
        (b'{"a":' * 1_600, Reason.NOT_JSON),
        (rock(b'"x":0.41', b'"x":' + b"[" * 3_000), Reason.WRONG_SHAPE),
        (b'{"a":' + b"[" * 3_900 + b"]" * 3_900 + b"," + ROCK[1:], Reason.NOT_JSON),
    ],
    ids=["arrays", "objects in an array", "objects", "in a field", "before the type"],
)
def test_deep_nesting_ends_in_a_refusal(raw: bytes, reason: Reason) -> None:
    """However deep, the answer is a value; the stack is never the limit."""
    assert refused(raw)[0] == reason


@pytest.mark.parametrize("text", [b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\\ud800", b"\xf4\x90\x80\x80"])
def test_text_that_is_not_utf_8_is_refused(text: bytes) -> None:
    """Stray bytes, overlong forms and lone surrogates never become a name."""
    assert refused(rock(b"p-5d1c7a", text))[0] == Reason.NOT_JSON


def test_a_text_that_sql_cannot_keep_is_refused() -> None:
    """U+0000 is a character to JSON and Python but not to PostgreSQL, where it would stop a history."""
    assert refused(rock(b"p-5d1c7a", b"p\\u0000")) == (
        Reason.WRONG_SHAPE,
        "'subject' holds U+0000, which PostgreSQL cannot keep",
    )
    assert taken(rock(b"p-5d1c7a", b"p\\\\u0000")), "a backslash and five more letters are only letters"


@pytest.mark.parametrize("name", [b"", b"p" * 65])
def test_a_name_has_1_to_64_characters(name: bytes) -> None:
    """An empty pseudonym and one that is too long are refused."""
    assert refused(rock(b"p-5d1c7a", name))[0] == Reason.WRONG_SHAPE


@pytest.mark.parametrize(
    "time",
    [b"2026-11-23T00:03:10", b"2026-11-23", b"2026-11-23 00:03:10Z", b"2026-11-23T00:03:10+0000", b"1763856190",
     b"2026-02-30T00:00:00Z", b"2026-11-23T24:00:00Z", b"yesterday"],
)  # fmt: skip
def test_a_time_is_spelled_as_rfc_3339_and_has_an_offset(time: bytes) -> None:
    """A time without an offset is nobody's time; near spellings are refused as the published schema refuses them."""
    assert refused(rock(b"2026-11-23T00:03:10.397000Z", time))[0] == Reason.WRONG_SHAPE


def test_the_same_instant_may_be_told_from_another_zone() -> None:
    """09:03 in Tokyo is 00:03 in UTC."""
    assert taken(rock(b"2026-11-23T00:03:10.397000Z", b"2026-11-23T09:03:10+09:00"))


def test_an_event_may_be_seven_days_old() -> None:
    """To the second; a second more is too old."""
    assert taken(at(NOW - timedelta(days=7)))
    assert refused(at(NOW - timedelta(days=7, seconds=1)))[0] == Reason.TOO_OLD
    assert refused(at(datetime(1, 1, 1, tzinfo=UTC)))[0] == Reason.TOO_OLD


def test_an_event_may_lie_five_minutes_ahead() -> None:
    """Clocks differ by that much; a second more is in the future."""
    assert taken(at(NOW + timedelta(minutes=5)))
    assert refused(at(NOW + timedelta(minutes=5, seconds=1)))[0] == Reason.IN_THE_FUTURE
    assert refused(at(datetime(9999, 12, 31, tzinfo=UTC)))[0] == Reason.IN_THE_FUTURE


def test_another_writers_spacing_and_order_are_welcome() -> None:
    """JSON is JSON: indented, reordered, escaped, it is the same event."""
    fields = json.loads(ROCK)
    (mine,) = read_events(ROCK, NOW)
    (theirs,) = read_events(json.dumps(dict(reversed(fields.items())), indent=4).encode(), NOW)
    assert theirs == mine
