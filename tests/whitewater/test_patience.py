"""How long a fallen part waits before it is started again."""

from infra.local.patience import wait_before_restart


def test_a_part_that_fell_once_is_started_again_after_half_a_second() -> None:
    """One death just now: the first wait."""
    assert wait_before_restart((100.0,), now=100.0) == 0.5


def test_each_further_fall_doubles_the_wait_up_to_eight_seconds() -> None:
    """0.5, 1, 2, 4, 8, 8."""
    falls = (100.0, 101.0, 102.0, 103.0, 104.0, 105.0)
    waits = [wait_before_restart(falls[:count], now=105.0) for count in range(1, 7)]
    assert waits == [0.5, 1.0, 2.0, 4.0, 8.0, 8.0]


def test_the_seventh_fall_within_two_minutes_is_one_too_many() -> None:
    """A part that cannot stand is not propped up for ever."""
    assert wait_before_restart((1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0), now=7.0) is None


def test_falls_of_long_ago_are_forgiven() -> None:
    """Six falls, all more than two minutes before the newest."""
    assert wait_before_restart((1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 500.0), now=500.0) == 0.5
