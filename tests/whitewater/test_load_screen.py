"""The live screen of a load run, on 80 columns and where there is no terminal."""

from io import StringIO

import pytest
from rich.console import Console

from load.timeline import Fault, Judged, Loaded
from tests.load import invented
from whitewater.load_screen import BARS, PLAIN_BARS, Screen, sparkline

RUN = invented.loaded()


def shown(run: Loaded = RUN, seconds: int = 40) -> list[str]:
    """The screen after so many seconds."""
    console = Console(file=StringIO(), force_terminal=True, color_system=None, width=80)
    screen = Screen(console, run)
    for moment in RUN.moments[:seconds]:
        screen.heard(moment)
    for news in (Fault("worker", 30.0, None), run.faults[0], run.thresholds):
        screen.heard(news)
    with console.capture() as captured:
        console.print(screen.view())
    return captured.get().splitlines()


def test_it_fits_80_columns() -> None:
    """Nothing is cut off: every row is there, and none is longer."""
    lines = shown()
    assert max(map(len, lines)) <= 80
    words = "\n".join(lines)
    assert "load, ramp: 1,000 of 1,000 players wanted" in lines[0]
    assert lines[0].endswith("40 s, 20 s left")
    for row in ("offered      2,000/s", "lag          2,000", "adaptation   p50 28 ms  p99 112 ms", "worker 0.67"):
        assert row in words


def test_a_fault_is_one_mark_until_it_is_well_again() -> None:
    """At half of a minute it stands at half of the line; the news that the worker is back replaces the first."""
    lines = shown()
    assert "faults       " + "-" * 30 + "x~~~~" + "-" * 25 in lines
    assert [line for line in lines if "x worker" in line] == ["  x worker ended at 30 s, well again after 4.2 s"]


def test_six_parts_fit_a_line() -> None:
    """All that run on one machine, and whoever else uses it."""
    cores = dict.fromkeys(("bots", "kafka", "redis", "worker", "api", "others"), 12.34)
    console = Console(file=StringIO(), force_terminal=True, color_system=None, width=80, soft_wrap=True)
    screen = Screen(console, RUN)
    screen.heard(invented.moment(1, cores=cores))
    screen.heard(Fault("api", 1.0, None))
    with console.capture() as captured:
        console.print(screen.view())
    lines = captured.get().splitlines()
    assert "cores        bots 12.3 kafka 12.3 redis 12.3 worker 12.3 api 12.3 others 12.3" in lines
    assert max(map(len, lines)) <= 80
    assert "  x api ended at 1 s, not well yet" in lines


def test_thresholds_are_shown_so_far() -> None:
    """By a word, not by a colour alone."""
    assert "holds        e2e_ms:p99<250  (104 so far)" in shown()
    judged = (Judged("lag:max<9", None, holds=False), Judged("dropped==0", 3.0, holds=False))
    lines = shown(invented.loaded(thresholds=judged))
    assert lines[-2:] == ["not yet      lag:max<9", "broken       dropped==0  (3 so far)"]


def test_nobody_knows_how_long_a_search_takes() -> None:
    """Neither how much time is left nor how many players there will be."""
    head = shown(invented.loaded(profile="find-max"))[0]
    assert "find-max: 1,000 players wanted" in head
    assert "left" not in head


def test_before_the_first_second_nobody_plays() -> None:
    """And says so."""
    assert shown(seconds=0)[0] == "load, ramp: nobody plays yet"


def test_where_nobody_looks_it_is_a_line_every_five_seconds() -> None:
    """Of twelve seconds the fifth and the tenth, and whatever happened between them."""
    said = StringIO()
    with Screen(Console(file=said, width=80), RUN) as screen:
        for moment in RUN.moments[:12]:
            screen.heard(moment)
        screen.heard(RUN.faults[0])
        screen.heard("Everybody is home.")
    lines = said.getvalue().splitlines()
    assert [line.partition(":")[0] for line in lines[:2]] == ["5 s", "10 s"]
    assert lines[2:] == ["worker ended at 30 s, well again after 4.2 s", "Everybody is home."]
    assert lines[1] == (
        "10 s: 250 players, offered 500/s, acked 500/s, lag 500, adaptation p50 22 ms p99 88 ms, "
        "25 adaptations/s, failed 0, dropped 0, late 0.065 %"
    )


@pytest.mark.parametrize(("bars", "drawn"), [(BARS, "▁ ▅█"), (PLAIN_BARS, "_ +#")])
def test_a_sparkline_begins_at_zero(bars: str, drawn: str) -> None:
    """Half of the largest is the fifth of eight bars; nothing measured is a space."""
    assert sparkline([0, None, 50, 100], bars) == drawn
    assert sparkline([0, 0], bars) == drawn[0] * 2
