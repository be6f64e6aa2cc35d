"""The verbs by Typer's own runner: what they take, and what they say when nothing is there."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from infra.local import checkup
from whitewater.__main__ import VERBS, build
from whitewater.manners import FailedError


@pytest.fixture(autouse=True)
def _bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home in which nothing runs, and no word of a server."""
    monkeypatch.setenv("WHITEWATER_HOME", str(tmp_path))
    monkeypatch.delenv("WHITEWATER_SERVER", raising=False)


def test_help_names_every_verb() -> None:
    """One line each."""
    said = CliRunner().invoke(build(), ["--help"])
    assert said.exit_code == 0
    assert all(f" {verb} " in said.output for verb in VERBS)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_itself(verb: str) -> None:
    """And only its own file was imported for it."""
    said = CliRunner().invoke(build((verb,)), [verb, "--help"])
    assert said.exit_code == 0
    assert "Usage:" in said.output


@pytest.mark.parametrize(
    "words", [["demo", "--players", "0"], ["demo", "--seconds", "1"], ["bots", "--nope"], ["nope"]]
)
def test_a_wrong_option_is_a_usage_fault(words: list[str]) -> None:
    """Exit code 2."""
    assert CliRunner().invoke(build(), words).exit_code == 2


@pytest.mark.parametrize("verb", ["status", "watch", "bots"])
def test_where_no_stack_runs_the_way_to_one_is_told(verb: str) -> None:
    """What, where, what to do."""
    said = CliRunner().invoke(build((verb,)), [verb])
    assert isinstance(said.exception, FailedError)
    assert "start it with `whitewater up`" in str(said.exception)
    assert said.exception.code == 3


def test_down_where_nothing_runs_is_no_fault() -> None:
    """It is down."""
    said = CliRunner().invoke(build(("down",)), ["down", "--json"])
    assert said.exit_code == 0
    assert json.loads(said.output) == {"stopped": False}


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """By both filters."""
    for verb in ("fold", "decide"):
        said = CliRunner().invoke(build((verb,)), [verb, str(tmp_path / "none.jsonl")])
        assert isinstance(said.exception, FailedError)
        assert "none.jsonl cannot be read (No such file or directory)" in str(said.exception)


def test_doctor_finds_a_wrong_python_and_says_how_to_mend_it() -> None:
    """The wheels end at 3.12."""
    assert checkup.python((3, 11)).state == "fine"
    found = checkup.python((3, 14))
    assert (found.state, found.what) == ("lack", "Python 3.14, where 3.11 or 3.12 is needed")
    assert "python3.12" in found.mend


def test_doctor_sees_that_jars_are_still_to_be_fetched(tmp_path: Path) -> None:
    """A wish, not a lack: the first start fetches them."""
    assert checkup.kafka_jars(tmp_path).state == "wish"


def test_doctor_answers_programs_too() -> None:
    """Every finding has a state and says what it is about."""
    said = CliRunner().invoke(build(("doctor",)), ["doctor", "--json"])
    findings = json.loads(said.stdout)
    assert {finding["state"] for finding in findings} <= {"fine", "wish", "lack"}
    assert any(finding["what"].startswith("Python 3.") for finding in findings)
