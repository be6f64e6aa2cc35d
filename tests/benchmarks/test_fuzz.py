"""What a fuzzer's figures must not say."""

from copy import deepcopy
from typing import Any

import pytest

from benchmarks.fuzz import broken

SOUND: dict[str, Any] = {
    "kafka": {
        "wrongly_accepted": 0, "unexplained": 0, "altered": 0, "twice": 0, "sound_refused": 0,
        "all_taken_up": True, "adds_up": True,
        "loop": {"p99_ratio": 9.0},
    },
    "sockets": {"wrongly_accepted": 0, "failures": 0},
    "crashes": [],
}  # fmt: skip


def test_sound_figures_break_no_promise() -> None:
    """However slow it was."""
    assert broken(SOUND) == []


@pytest.mark.parametrize(
    ("where", "what", "value", "said"),
    [
        ("kafka", "wrongly_accepted", 1, "wrongly_accepted is 1 over kafka"),
        ("kafka", "altered", 2, "altered is 2 over kafka"),
        ("kafka", "twice", 1, "twice is 1 over kafka"),
        ("kafka", "sound_refused", 6, "sound_refused is 6 over kafka"),
        ("kafka", "unexplained", 3, "unexplained is 3 over kafka"),
        ("kafka", "adds_up", False, "adds_up is not so over Kafka"),
        ("kafka", "all_taken_up", False, "all_taken_up is not so over Kafka"),
        ("sockets", "failures", 4, "failures is 4 over sockets"),
        ("sockets", "wrongly_accepted", 5, "wrongly_accepted is 5 over sockets"),
    ],
)
def test_each_promise_is_asked_for(where: str, what: str, value: object, said: str) -> None:
    """One that is broken is said, and no other."""
    figures = deepcopy(SOUND)
    figures[where][what] = value
    assert broken(figures) == [said]


def test_a_part_that_fell_is_named() -> None:
    """Its supervisor started it again, and it is a crash all the same."""
    assert broken(SOUND | {"crashes": ["worker"]}) == ["worker fell"]
