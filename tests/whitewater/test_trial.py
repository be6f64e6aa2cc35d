"""A trial in words on a command line: the arms they mean, and the words that mean none."""

import pytest
from typer.testing import CliRunner

from whitewater.__main__ import build
from whitewater.manners import FailedError
from whitewater.trial import arms_of


def test_arms_without_a_share_share_what_is_left() -> None:
    """A tenth explores, and two arms have 0.45 each; a name may hold an equals sign."""
    told = arms_of(["drawn=P0", "a=b=P2", "cohort=explore:0.1"])
    assert [(arm["name"], arm["policy"]) for arm in told] == [("drawn", "P0"), ("a=b", "P2"), ("cohort", "explore")]
    assert [arm["share"] for arm in told] == pytest.approx([0.45, 0.45, 0.1])


@pytest.mark.parametrize("word", ["drawn", "=P0", "drawn=", "drawn=:0.5", "drawn=P0:half"])
def test_words_that_mean_no_arm_are_shown(word: str) -> None:
    """A usage fault, before any server is asked."""
    with pytest.raises(FailedError) as fault:
        arms_of([word])
    assert fault.value.code == 2
    assert "drawn" in str(fault.value) or word in str(fault.value)


def test_a_trial_without_arms_is_a_usage_fault() -> None:
    """At least one `--arm`."""
    assert CliRunner().invoke(build(("trial",)), ["trial", "start", "spring"]).exit_code == 2
