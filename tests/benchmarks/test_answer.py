"""What benchmarks share: turns that are fair, medians, and an answer that is kept."""

import json
from pathlib import Path

import pytest

from benchmarks.answer import Spent, answer, in_turns, medians, spread

CONTENDER = """
import json, sys
with open({order!r}, "a") as order:
    order.write(sys.argv[2] + " ")
print("whatever else it has to say")
print(json.dumps({{"us_per_event": float(sys.argv[3])}}))
"""


def test_every_turn_begins_with_another(tmp_path: Path) -> None:
    """Each contender once a turn, in a process of its own; its last line is what it found."""
    order, file = tmp_path / "order", tmp_path / "contender.py"
    file.write_text(CONTENDER.format(order=str(order)))
    found = in_turns(str(file), ["ours", "theirs"], 2, 4)
    assert order.read_text().split() == ["ours", "theirs", "theirs", "ours"]
    assert found == {"ours": [{"us_per_event": 4.0}] * 2, "theirs": [{"us_per_event": 4.0}] * 2}


def test_a_contender_that_fails_ends_the_benchmark(tmp_path: Path) -> None:
    """Its name, its exit code and its own words are told."""
    file = tmp_path / "contender.py"
    file.write_text("import sys; sys.exit('no river here')")
    with pytest.raises(SystemExit, match=r"theirs ended with 1:\nno river here"):
        in_turns(str(file), ["theirs"], 1)


def test_the_median_is_of_the_turns() -> None:
    """Not their mean, which one busy moment of the machine would move."""
    found = {"ours": [{"us": 3.0}, {"us": 100.0}, {"us": 4.0}], "theirs": [{"us": 7.0}, {"us": 5.0}]}
    assert medians(found, "us") == {"ours": 4.0, "theirs": 6.0}


def test_a_spread_is_of_what_was_found() -> None:
    """One to a hundred: fifty are smaller than the middle, ninety-nine than the last; of none nothing is said."""
    assert spread(range(100, 0, -1)) == {"p50": 51, "p90": 91, "p99": 100, "max": 100, "n": 100}
    assert spread([]) == {"n": 0}


def test_no_events_have_no_price() -> None:
    """A benchmark that saw none says so instead of dividing by them."""
    with pytest.raises(SystemExit, match="ask with more of them"):
        Spent().over(0)


def test_every_run_goes_into_the_file_and_not_on_the_screen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The machine is told in both; a folder that is not there is made."""
    file = tmp_path / "bench" / "river.json"
    answer({"us": 4.0, "runs": [3.0, 100.0, 4.0]}, file)
    told, kept = json.loads(capsys.readouterr().out), json.loads(file.read_text())
    assert kept.pop("runs") == [3.0, 100.0, 4.0]
    assert told == kept
    assert told["us"] == 4.0
    assert "Python 3" in told["machine"]
