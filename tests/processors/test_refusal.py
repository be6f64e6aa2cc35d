"""What the fuzzer found at the worker's door: how refusals are kept, and what is no word to forget anybody."""

import json

import pytest

from contract.codec import encode
from contract.failures import Reason
from contract.topics import FAILED_EVENTS, REWRITTEN
from tests.processors.river import event, stroke
from tests.processors.test_partition import NOW, Record, failures, newcomers


def test_an_event_in_an_array_is_kept_as_it_was_spelled() -> None:
    """Found by the fuzzer: what another writer had spaced and ordered in its own way was kept in ours."""
    mine, stranger = event(stroke(), 1, 0), event(stroke(), 1, 0, player="p-9")
    spelled = json.dumps(dict(reversed(json.loads(encode(stranger)).items())), indent=1).encode()
    taken = newcomers().take([Record(5, b"p-1", b"[ " + encode(mine) + b" , " + spelled + b" ]")], NOW)
    assert [each.data.original for each in failures(taken)] == [spelled]


def test_what_no_record_can_hold_is_kept_to_its_first_mebibyte() -> None:
    """Found by the fuzzer: five megabytes, a few kilobytes compressed, stopped the worker that had to keep them."""
    taken = newcomers().take([Record(5, b"k" * 3_000_000, b"a" * 5_000_000)], NOW)
    ((key, raw),) = taken.refused
    assert key == b"k" * 1_024
    assert len(raw) < FAILED_EVENTS.message_bytes
    (refused,) = failures(taken)
    assert refused.data.original == b"a" * 1_048_576
    assert refused.data.detail.endswith("of 5000000 bytes the first 1048576 are kept")


@pytest.mark.parametrize("key", [b"", b"k" * 65, b"\xff", b"p\0", None])
def test_nobody_is_forgotten_under_a_name_that_nobody_can_have(key: bytes | None) -> None:
    """A message without a value under such a key is refused like any other that is no event."""
    taken = newcomers().take([Record(5, key, None)], NOW)
    assert [each.data.reason for each in failures(taken)] == [Reason.NOT_JSON]
    assert taken.beliefs == []


def test_a_header_of_thousands_of_digits_is_no_reason_to_stop() -> None:
    """Python reads no whole number of more than 4,300 digits; a worker that tried would stop at each start."""
    far = Record(5, b"p-1", encode(event(stroke(), 1, 0)), ((REWRITTEN, b"9" * 5_000),))
    assert newcomers().take([far], NOW).refused == []
