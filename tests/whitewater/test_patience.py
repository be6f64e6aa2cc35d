"""How long a fallen part waits before it is started again."""

import pytest

from infra.local.patience import wait_before_restart


def test_a_part_that_fell_once_is_started_again_at_once() -> None:
    """One death just now: a tenth of a second, for it may have been an accident."""
    assert wait_before_restart((100.0,), now=100.0) == 0.1


def test_each_further_fall_makes_the_wait_four_times_as_long_up_to_eight_seconds() -> None:
    """0.1, 0.4, 1.6, 6.4, 8, 8."""
    falls = (100.0, 101.0, 102.0, 103.0, 104.0, 105.0)
    waits = [wait_before_restart(falls[:count], now=105.0) for count in range(1, 7)]
    assert waits == pytest.approx([0.1, 0.4, 1.6, 6.4, 8.0, 8.0])


def test_the_seventh_fall_within_two_minutes_is_one_too_many() -> None:
    """A part that cannot stand is not propped up for ever."""
    assert wait_before_restart((1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0), now=7.0) is None


def test_falls_of_long_ago_are_forgiven() -> None:
    """Six falls, all more than two minutes before the newest."""
    assert wait_before_restart((1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 500.0), now=500.0) == 0.1
