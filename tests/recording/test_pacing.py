"""When a message is due, by hand: the gaps that were, over the speed."""

from math import inf

import pytest

from recording.pacing import ahead_s, paced
from tests.recording.lines import message

AT = (5_000, 5_250, 7_250, 7_250, 65_000)
"""Milliseconds: gaps of a quarter of a second, of two seconds, of nothing, and of 57.75 s."""


@pytest.mark.parametrize(
    ("speed", "due"),
    [
        (1.0, [0.0, 0.25, 2.25, 2.25, 60.0]),
        (10.0, [0.0, 0.025, 0.225, 0.225, 6.0]),
        (0.5, [0.0, 0.5, 4.5, 4.5, 120.0]),
        (inf, [0.0, 0.0, 0.0, 0.0, 0.0]),
    ],
)
def test_every_gap_is_kept_and_divided_by_the_speed(speed: float, due: list[float]) -> None:
    """Ten times as fast, a minute takes six seconds."""
    assert [each.at_s for each in paced(map(message, AT), speed)] == pytest.approx(due)


def test_what_stands_behind_a_later_message_leaves_with_it() -> None:
    """Partitions overtake each other by milliseconds; nothing is due backwards, and nobody's order changes."""
    told = [message(1_000, "a"), message(1_030, "b"), message(1_010, "a"), message(1_040, "b")]
    found = list(paced(told, 1.0))
    assert [each.at_s for each in found] == pytest.approx([0.0, 0.030, 0.030, 0.040])
    assert [each.message for each in found] == told


def test_at_a_higher_speed_events_come_from_ahead_of_the_clock() -> None:
    """Ten minutes at four times the pace end after 2.5 minutes with events of minute ten; at 1x and below never."""
    assert ahead_s(600.0, 4.0) == 450.0
    assert ahead_s(600.0, inf) == 600.0
    assert (ahead_s(600.0, 1.0), ahead_s(600.0, 0.5)) == (0.0, 0.0)
