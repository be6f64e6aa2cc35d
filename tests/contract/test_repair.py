"""The fixed repairs: what each changes, what it leaves alone, and what it says it cannot mend."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from contract.codec import Unreadable, read_events
from contract.envelope import Envelope
from contract.repair import POLICIES, CannotMendError, Draft, Message
from tests.contract.recorded import NOW, ROCK

ARRIVED = datetime(2026, 11, 23, 0, 3, 30, tzinfo=UTC)
KEY = b"p-5d1c7a"


def mended(policy: str, value: bytes, key: bytes | None = KEY, arrived: datetime = ARRIVED) -> tuple[Message, ...]:
    """What one policy makes of one message."""
    return POLICIES[policy](Draft((Message(key, value),), arrived), NOW).messages


def about(player: str) -> bytes:
    """The recorded rock.hit, about somebody."""
    return ROCK.replace(KEY, player.encode())


def array(*pieces: bytes) -> bytes:
    """Events in one message."""
    return b"[" + b",".join(pieces) + b"]"


@pytest.mark.parametrize("policy", POLICIES)
def test_a_sound_message_is_left_as_it_is(policy: str) -> None:
    """No repair touches what is not broken: the very bytes, also in another writer's spacing, also in an array."""
    for value in (ROCK, json.dumps(json.loads(ROCK), indent=1).encode(), array(ROCK, b" " + ROCK)):
        assert mended(policy, value) == (Message(KEY, value),)


@pytest.mark.parametrize("policy", sorted(set(POLICIES) - {"as-it-is"}))
@pytest.mark.parametrize("value", [b"[nonsense", b"[\xff", b"[" * 100_000], ids=["words", "no text", "deep"])
def test_noise_is_a_sentence_and_no_crash(policy: str, value: bytes) -> None:
    """What is no JSON needs a person."""
    with pytest.raises(CannotMendError, match="it is no JSON"):
        mended(policy, value)


def test_a_stray_event_goes_under_its_players_name() -> None:
    """Sent with the key of another, or with none, it gets its own player's."""
    assert mended("rekey", ROCK, b"somebody") == mended("rekey", ROCK, None) == (Message(KEY, ROCK),)


def test_an_array_about_two_players_becomes_two_in_order() -> None:
    """heron, ibis, heron: the heron's two stay in their order."""
    one, other = about("heron"), about("ibis")
    assert mended("rekey", array(one, other, one), b"mixed") == (
        Message(b"heron", array(one, one)),
        Message(b"ibis", array(other)),
    )


def test_what_names_no_player_cannot_be_rekeyed() -> None:
    """A number is no name."""
    with pytest.raises(CannotMendError, match="it says of no player"):
        mended("rekey", b'{"subject":7}')


@pytest.mark.parametrize("said", ["2026-11-01T00:00:00Z", "2031-01-01T00:00:00Z"], ids=["too old", "ahead"])
def test_a_time_that_cannot_be_becomes_the_time_of_arrival(said: str) -> None:
    """The worker saw it at 00:03:30, whatever the player's clock said; all else stays."""
    wrong = {**json.loads(ROCK), "time": said}
    ((found),) = mended("retime", json.dumps(wrong).encode())
    assert json.loads(found.value) == {**wrong, "time": "2026-11-23T00:03:30Z"}
    assert isinstance(read_events(found.value, NOW)[0], Envelope)


def test_an_arrival_long_ago_becomes_nearly_the_oldest_time_there_may_be() -> None:
    """NOW is 2026-11-23 00:04; seven days before, and an hour of margin: 2026-11-16 01:04."""
    ((found),) = mended("retime", ROCK.replace(b"2026-11-23T00", b"2026-11-01T00"), arrived=NOW - timedelta(days=20))
    assert json.loads(found.value)["time"] == "2026-11-16T01:04:00Z"


def test_a_time_in_words_cannot_be_moved() -> None:
    """Nor one without an offset, which is nobody's time."""
    for time in ("yesterday", "2026-11-23T00:00:00"):
        with pytest.raises(CannotMendError, match=f"its time '{time}' is none"):
            mended("retime", json.dumps({**json.loads(ROCK), "time": time}).encode())


def test_fields_of_a_newer_client_are_dropped_at_every_depth() -> None:
    """An extension in the envelope and a depth in the data go; what is left is the recorded event."""
    newer = {**json.loads(ROCK), "extension": "a"}
    newer["data"] = {**newer["data"], "depth": 3}
    (found,) = mended("known-fields", json.dumps(newer).encode())
    assert json.loads(found.value) == json.loads(ROCK)
    assert read_events(found.value, NOW) == read_events(ROCK, NOW)


def test_an_unknown_type_has_no_known_fields() -> None:
    """Nothing would be left of it but its envelope."""
    with pytest.raises(CannotMendError, match=r"there is no type 'whitewater\.whale\.seen'"):
        mended("known-fields", ROCK.replace(b"rock.hit", b"whale.seen"))


def test_of_two_equal_keys_the_last_counts() -> None:
    """The rock was said to lie at 0.9 and then at 0.41."""
    (found,) = mended("last-of-twice", ROCK.replace(b'"x":0.41', b'"x":0.9,"x":0.41'))
    assert json.loads(found.value) == json.loads(ROCK)
    assert isinstance(read_events(found.value, NOW)[0], Envelope)


def test_other_repairs_do_not_choose_between_two_equal_keys() -> None:
    """They say which repair does."""
    with pytest.raises(CannotMendError, match="try last-of-twice first"):
        mended("known-fields", ROCK.replace(b'"x":0.41', b'"x":0.9,"x":0.41'))


def test_450_events_become_three_messages_in_order() -> None:
    """200, 200 and 50, each within the limits, with the key they came with."""
    events = [ROCK.replace(b'"sequence":420', b'"sequence":%d' % number) for number in range(1, 451)]
    assert events[0] != ROCK
    found = mended("split", array(*events))
    assert [message.value.count(b'"sequence"') for message in found] == [200, 200, 50]
    assert {message.key for message in found} == {KEY}
    answers = [answer for message in found for answer in read_events(message.value, NOW)]
    assert [getattr(answer, "sequence", None) for answer in answers] == [*range(1, 451)]


def test_an_array_of_too_many_bytes_is_split_as_well() -> None:
    """66 events of 8,000 bytes: 32 of them and their commas are 256,033 bytes of 262,144, a 33rd would be too much."""
    large = ROCK[:-1] + b" " * (8_000 - len(ROCK)) + b"}"
    found = mended("split", array(*[large] * 66))
    assert [message.value.count(b'"sequence"') for message in found] == [32, 32, 2]
    assert len(found[0].value) == 256_033
    assert not [each for message in found for each in read_events(message.value, NOW) if isinstance(each, Unreadable)]
