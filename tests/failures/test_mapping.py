"""A person's jq filter as a repair."""

import pytest

from contract.repair import CannotMendError, Draft, Message
from failures.mapping import NoFilterError, mapped
from tests.contract.recorded import NOW


def through(text: str, value: bytes) -> list[bytes]:
    """What a filter makes of a message."""
    draft = mapped(text).change(Draft((Message(b"heron", value),), NOW), NOW)
    assert {message.key for message in draft.messages} <= {b"heron"}
    return [message.value for message in draft.messages]


def test_a_filter_changes_what_it_names() -> None:
    """A field is renamed; letters of other alphabets stay letters."""
    assert through("{new: .old, who}", '{"old":[1,0.5],"who":"Mäander"}'.encode()) == [
        '{"new":[1,0.5],"who":"Mäander"}'.encode()
    ]


def test_a_filter_may_give_several_messages_or_none() -> None:
    """An array taken apart; everything selected away."""
    assert through(".[]", b"[1,[2,3]]") == [b"1", b"[2,3]"]
    assert through("empty", b"[1]") == []


def test_what_is_no_json_comes_as_a_string() -> None:
    """A comma too many is taken out, and then it is JSON."""
    assert through('sub(",}$"; "}") | fromjson', b'{"a":1,}') == [b'{"a":1}']


def test_a_filter_that_does_not_fit_leaves_the_message() -> None:
    """One line that says what jq said."""
    with pytest.raises(CannotMendError, match="the filter fails on it: Cannot index string"):
        through(".a.b", b'"words"')


def test_what_is_no_filter_is_refused_before_anything_is_read() -> None:
    """A pipe into nothing."""
    with pytest.raises(NoFilterError, match="syntax error"):
        mapped(".a |")
