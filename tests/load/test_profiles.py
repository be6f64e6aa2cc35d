"""The shapes: how many players when, worked out by hand for runs of round lengths."""

import pytest

from bots.schedule import Point, most, players_at
from load.profiles import BadProfileError, counts_from_s, length_s, make, named
from load.timeline import ProfileName


def heights(profile: ProfileName, seconds: float, *at_s: float, start: int | None = None) -> list[int]:
    """How many of at most 100 play at these moments."""
    schedule = make(profile, 100, seconds, start)
    return [players_at(schedule, each) for each in at_s]


def test_a_constant_crowd_arrives_over_a_rounds_time_and_stays() -> None:
    """24 seconds of two minutes, and a quarter of ten seconds."""
    assert heights("constant", 120.0, 0, 12, 24, 120) == [0, 50, 100, 100]
    assert heights("constant", 10.0, 0, 1.25, 2.5, 10) == [0, 50, 100, 100]


def test_a_ramp_rises_all_the_way() -> None:
    """From nobody, or from as many as were asked."""
    assert heights("ramp", 60.0, 0, 30, 60) == [0, 50, 100]
    assert heights("ramp", 60.0, 0, 30, 60, start=20) == [20, 60, 100]


def test_stairs_are_equally_long_and_equally_high() -> None:
    """Five of them, ten seconds each."""
    assert heights("step", 50.0, 0, 9.9, 10, 19.9, 20, 40, 50) == [20, 20, 40, 40, 60, 100, 100]
    assert heights("step", 50.0, 0, 10, 20, 30, 40, start=20) == [20, 40, 60, 80, 100]


def test_a_spike_stands_in_the_middle_fifth_on_a_tenth_of_its_height() -> None:
    """As much time to recover as there was before."""
    assert heights("spike", 50.0, 0, 19.9, 20, 25, 29.9, 30, 50) == [10, 10, 100, 100, 100, 10, 10]
    assert heights("spike", 50.0, 0, 25, 50, start=40) == [40, 100, 40]


def test_a_soak_comes_and_goes_slowly_and_never_longer_than_five_minutes() -> None:
    """A twentieth of a thousand seconds; five minutes of ten hours."""
    assert heights("soak", 1000.0, 0, 25, 50, 950, 975, 1000) == [0, 50, 100, 100, 50, 0]
    assert heights("soak", 36_000.0, 150, 300, 35_700, 35_850) == [50, 100, 100, 50]


@pytest.mark.parametrize(
    ("profile", "from_s"),
    [("constant", 15.0), ("find-max", 15.0), ("soak", 3.0), ("ramp", 0.0), ("step", 0.0), ("spike", 0.0)],
)
def test_the_way_up_to_a_level_is_left_out_of_latencies_and_change_never_is(
    profile: ProfileName, from_s: float
) -> None:
    """A quarter of a minute for a level, a twentieth of it for a soak."""
    assert counts_from_s(profile, make(profile, 100, 60.0)) == from_s


def test_a_level_may_be_of_one_player() -> None:
    """The smallest load there is."""
    assert make("constant", 1, 8.0) == (Point(0.0, 0), Point(2.0, 1), Point(8.0, 1))
    assert most(make("spike", 1, 10.0)) == 1
    assert length_s(make("constant", 1, 8.0)) == 8.0


@pytest.mark.parametrize(
    ("profile", "to", "seconds", "start", "words"),
    [
        ("constant", 10, 60.0, 5, "A constant profile has one level"),
        ("ramp", 10, 60.0, 11, "--from 11 is more than --to 10"),
        ("ramp", 10, 3.0, None, "--for 3s is too short"),
    ],
)
def test_what_makes_no_schedule_is_said(
    profile: ProfileName, to: int, seconds: float, start: int | None, words: str
) -> None:
    """With what to write instead."""
    with pytest.raises(BadProfileError, match=words):
        make(profile, to, seconds, start)


def test_a_profile_that_nobody_knows_is_answered_with_those_there_are() -> None:
    """All six."""
    assert named("find-max") == "find-max"
    with pytest.raises(BadProfileError, match="'hill': take one of constant, ramp, step, spike, soak, find-max"):
        named("hill")
