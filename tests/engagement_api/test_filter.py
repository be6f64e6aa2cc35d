"""Beliefs in lines to goals in lines, with no broker and no clock."""

import pytest

from contract.codec import Unreadable, encode, read_adaptation
from engagement_api.filter import UnreadableLineError, decide
from tests.engagement_api.beliefs import belief, finished


def test_lines_of_beliefs_become_lines_of_goals() -> None:
    """A lost round and an empty line: two goals, the second 0.30 easier."""
    lines = [encode(belief(1)) + b"\n", b"\n", encode(finished(1, cleared=False))]
    goals = [read_adaptation(line) for line in decide(lines)]
    assert [goal.data.difficulty for goal in goals if not isinstance(goal, Unreadable)] == [-1.6, pytest.approx(-1.9)]


def test_the_policy_can_be_chosen() -> None:
    """Under P0 a lost round changes nothing."""
    goals = [read_adaptation(line) for line in decide([encode(finished(1, cleared=False))], "P0")]
    assert [(goal.data.policy, goal.data.difficulty) for goal in goals if not isinstance(goal, Unreadable)] == [
        ("P0", -1.6)
    ]


def test_a_line_that_is_no_belief_is_named() -> None:
    """Which line, and why."""
    with pytest.raises(UnreadableLineError, match="Line 2 is no"):
        list(decide([encode(belief(1)), b"{}"]))
