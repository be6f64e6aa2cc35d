"""An experiment on the stack, before any stack is asked: what is wrong with the words is said at once."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from engagement_api.trial import flaw_of
from whitewater.__main__ import build
from whitewater.experiment_stack import Asked, trial_of
from whitewater.manners import FailedError

ASKED = Asked(families=("F2",), policies=("P0", "P1", "P2"), players=5, seconds=10.0, burn_in=3)


def test_every_policy_has_an_arm_of_one_size_under_a_new_name() -> None:
    """As the API takes it: the shares add up to 1, and no name is used twice."""
    tried = trial_of(ASKED)
    assert flaw_of(tried) is None
    assert [(arm.name, arm.policy, arm.share) for arm in tried.arms] == [
        (policy, policy, pytest.approx(1 / 3)) for policy in ASKED.policies
    ]
    assert tried.burn_in == 3
    assert trial_of(ASKED).name != tried.name


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--family", "F1", "--family", "F2"], "A crowd leaves in one way: name one family with --stack, not F1, F2."),
        (["--family", "F9"], "Nobody knows the family 'F9'"),
        (["--policy", "P2"], "Without P0"),
        (["--for", "soon"], "'soon' is no duration"),
    ],
)
def test_what_cannot_be_played_is_said_before_a_stack_comes_up(words: list[str], sentence: str) -> None:
    """One sentence, and the code for usage."""
    said = CliRunner().invoke(build(("experiment",)), ["experiment", "run", "--stack", *words])
    assert isinstance(said.exception, FailedError)
    assert str(said.exception).startswith(sentence)
    assert said.exception.code == 2


@pytest.mark.parametrize("text", ["", "{}"])
def test_a_graph_that_cannot_be_used_is_said_before_a_stack_comes_up(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is the one that the API was told to use: nobody plays for a log that could not be judged."""
    file = tmp_path / "graph.json"
    file.write_text(text)
    monkeypatch.setenv("WHITEWATER_GRAPH", str(file))
    said = CliRunner().invoke(build(("experiment",)), ["experiment", "run", "--stack"])
    assert isinstance(said.exception, FailedError)
    assert str(said.exception).startswith(f"The graph {file} cannot be used (")
    assert said.exception.code == 2
