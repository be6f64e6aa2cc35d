"""Whose record it is: by its key, by its subject, by the original inside, and by a name in what nobody can read."""

import json
from base64 import b64encode

import pytest

from privacy.belongs import owns, rest

MINE = b'{"subject":"p-1","sequence":1}'
OTHER = b'{"subject":"p-2","sequence":1}'


def failed(original: bytes, subject: str = "unknown") -> bytes:
    """A refusal of these bytes."""
    return json.dumps({"subject": subject, "data": {"original": b64encode(original).decode()}}).encode()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (b"p-1", OTHER),
        (b"p-1", b"nonsense"),
        (b"p-1", None),
        (b"p-2", MINE),
        (None, failed(MINE)),
        (b"p-2", failed(b"[" + MINE + b"]")),
        (None, failed(b'{"subject":"p-1", broken')),
        (None, b'["p-1"'),
    ],
)
def test_a_record_is_mine_wherever_i_stand_in_it(key: bytes | None, value: bytes | None) -> None:
    """As the key, as the subject, inside a refusal, or as a text in what cannot be read; nothing of it stays."""
    assert owns("p-1", key, value)
    assert rest("p-1", key, value) is None


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (b"p-2", OTHER),
        (b"p-2", None),
        (None, None),
        (b"p-12", b'{"subject":"p-12"}'),
        (None, failed(OTHER)),
        (b"p-2", failed(b'{"subject":"p-12", broken')),
        (b"p-2", b'{"subject":"p-2","data":{"original":"no base64!"}}'),
        (b"p-2", b"[" + OTHER + b"]"),
    ],
)
def test_a_record_of_somebody_else_stays_as_it_is(key: bytes | None, value: bytes | None) -> None:
    """The very same bytes, though the name begins with mine."""
    assert not owns("p-1", key, value)
    assert rest("p-1", key, value) is value


def test_of_a_message_about_two_the_other_half_stays() -> None:
    """An array under another's key, with one of my events in its middle."""
    array = b"[" + OTHER + b"," + MINE + b"," + OTHER + b"]"
    assert owns("p-1", b"p-2", array)
    assert rest("p-1", b"p-2", array) == b"[" + OTHER + b"," + OTHER + b"]"


def test_a_name_is_found_as_json_may_spell_it() -> None:
    """With its letters, or with their numbers."""
    assert owns("Zoë", None, '{"subject":"Zoë" broken'.encode())
    assert owns("Zoë", None, b'{"subject":"Zo\\u00eb" broken')
