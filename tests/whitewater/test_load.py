"""`whitewater load`, before any stack is asked: what is wrong with the words is said at once, and whose stack it is."""

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from infra.local import stack
from load.timeline import Judged, Try
from tests.load.invented import loaded
from whitewater.__main__ import build
from whitewater.load_figures import exit_code
from whitewater.load_plan import elsewhere
from whitewater.manners import FailedError


@pytest.fixture(autouse=True)
def _bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home in which nothing runs, and no word of a server."""
    monkeypatch.setenv("WHITEWATER_HOME", str(tmp_path))
    monkeypatch.delenv("WHITEWATER_SERVER", raising=False)


ELSEWHERE = "http://127.0.0.1:9"
"""Nobody's door: the port is the one that throws everything away."""


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--profile", "hill"], "There is no profile 'hill'"),
        (["--threshold", "e2e<1"], "'e2e<1' is no threshold: there is no metric 'e2e'"),
        (["--kill", "kafka@3s"], "'kafka@3s' says nothing to kill"),
        (["--kill", "worker@60s"], "--kill worker@60s comes after the end, 60 s"),
        (["--profile", "find-max", "--kill", "worker@3s"], "A search looks for the most that holds"),
        (["--from", "3"], "A constant profile has one level"),
        (["--for", "1s"], "--for 1s is too short"),
        (["--for", "soon"], "'soon' is no duration"),
        (["--for", "nan"], "'nan' is no duration"),
        (["--for", "infm"], "'infm' is no duration"),
        (["--persona", "pirate"], "Nobody is like 'pirate'"),
        (["--family", "F9"], "Nobody knows the family 'F9'"),
        (["--server", ELSEWHERE], f"{ELSEWHERE} is not this machine's own stack"),
        (["--server", ELSEWHERE, "--i-own-this-target", "--kill", "api@3s"], "--kill ends parts of this machine's own"),
    ],
)
def test_what_cannot_be_loaded_is_said_before_a_stack_comes_up(words: list[str], sentence: str) -> None:
    """One sentence, and the code for usage."""
    said = CliRunner().invoke(build(("load",)), ["load", "--to", "5", *words])
    assert isinstance(said.exception, FailedError)
    assert str(said.exception).startswith(sentence)
    assert said.exception.code == 2


def test_a_target_that_the_environment_names_is_nobodys_own_either(monkeypatch: pytest.MonkeyPatch) -> None:
    """A forgotten variable must not send a crowd at somebody else."""
    monkeypatch.setenv("WHITEWATER_SERVER", "http://somewhere:8080")
    said = CliRunner().invoke(build(("load",)), ["load", "--to", "5"])
    assert isinstance(said.exception, FailedError)
    assert "add --i-own-this-target, or leave out --server (and WHITEWATER_SERVER)" in str(said.exception)
    assert said.exception.code == 2


def test_the_stack_of_this_home_is_ones_own_however_it_is_named(tmp_path: Path) -> None:
    """By its address or by none; another door of the same machine is somebody else's."""
    running = stack.Stack(kafka="127.0.0.1:1", redis="", database="", api="http://127.0.0.1:2", pids={})
    held = stack.hold(tmp_path)
    try:
        stack.write(tmp_path, running)
        assert elsewhere("http://127.0.0.1:2/", own=False, kills=["api@3s"]) is None
        assert elsewhere(None, own=False, kills=[]) is None
        with pytest.raises(FailedError, match="not this machine's own stack"):
            elsewhere("http://127.0.0.1:3", own=False, kills=[])
    finally:
        os.close(held)


def test_a_target_of_ones_own_that_does_not_answer_is_unreachable() -> None:
    """Exit code 3, and nothing is kept of a run that was none."""
    said = CliRunner().invoke(build(("load",)), ["load", "--to", "5", "--server", ELSEWHERE, "--i-own-this-target"])
    assert isinstance(said.exception, FailedError)
    assert str(said.exception).startswith(f"No river at {ELSEWHERE}")
    assert said.exception.code == 3


def test_a_folder_that_cannot_be_made_is_said_before_anybody_plays(tmp_path: Path) -> None:
    """There is a file of that name."""
    (tmp_path / "out").write_text("")
    said = CliRunner().invoke(build(("load",)), ["load", "--to", "5", "--out", str(tmp_path / "out")])
    assert isinstance(said.exception, FailedError)
    assert "cannot be kept" in str(said.exception)
    assert said.exception.code == 2


def test_load_alone_says_what_it_takes() -> None:
    """And names the other verb."""
    said = CliRunner().invoke(build(("load",)), ["load"])
    assert "--threshold" in said.output
    assert "compare" in said.output


def test_void_figures_win_over_broken_thresholds() -> None:
    """4, then 99, then 0; a search is well when it found something that held."""
    held = (Judged("lost==0", 0.0, holds=True),)
    broken = (Judged("e2e_ms:p99<1", 9.0, holds=False),)
    one = Try(5, 10.0, holds=True, why="everything held")
    late = {"late_starts": 2000, "ticks": 10_000}
    assert exit_code(loaded(thresholds=held)) == 0
    assert exit_code(loaded(thresholds=broken)) == 99
    assert exit_code(loaded(thresholds=broken, **late)) == 4
    assert exit_code(loaded(profile="find-max", thresholds=held, tries=(one,), highest=one)) == 0
    assert exit_code(loaded(profile="find-max", thresholds=broken, highest=None)) == 99
