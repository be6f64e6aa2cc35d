"""Beliefs in lines to goals in lines, with no broker and no clock."""

import pytest
from msgspec.structs import replace

from contract.adaptations import Adaptation
from contract.codec import Unreadable, encode, read_adaptation
from engagement_api.filter import UnreadableLineError, decide
from engagement_api.policy.bandit import TARGETS
from engagement_api.policy.graph import read_graph
from engagement_api.published import graph_file
from engagement_api.trial import PolicyName
from engagement_api.weigh import POLICIES
from tests.engagement_api.beliefs import belief, finished


def decided(lines: list[bytes], policy: PolicyName, *, trusted: bool = True) -> list[Adaptation]:
    """The goals that follow, with a graph that may be trusted or not."""
    graph = read_graph(graph_file())
    graph = replace(graph, fit=replace(graph.fit, slope=1.0 if trusted else 2.0))
    goals = [read_adaptation(line) for line in decide(lines, policy, graph)]
    return [goal.data for goal in goals if not isinstance(goal, Unreadable)]


def session(rounds: int) -> list[bytes]:
    """One player who clears three rounds of four."""
    return [encode(finished(n, cleared=n % 4 > 0, rapid=n, skill=0.5)) for n in range(1, rounds + 1)]


@pytest.mark.parametrize("policy", [*POLICIES])
def test_every_policy_runs_as_a_filter_and_the_same_way_twice(policy: PolicyName) -> None:
    """A goal a round, under its own name."""
    goals = decided(session(30), policy)
    assert [goal.policy for goal in goals] == [policy] * 30
    assert goals == decided(session(30), policy)


def test_the_bandit_learns_from_the_lines_as_they_come() -> None:
    """The third block is begun after 22 rounds, knowing of two pulls; that the second has ended is told with it."""
    seen = decided(session(22), "P4")[-1].evidence
    assert sum(seen[f"pulls_{round(target * 100)}"] for target in TARGETS) == 2
    assert sum(seen[f"stays_{round(target * 100)}"] for target in TARGETS) == 1


def test_a_refused_graph_leaves_the_target_to_decide() -> None:
    """Every goal says that it is P2's."""
    assert {goal.policy for goal in decided(session(9), "P3", trusted=False)} == {"P2"}


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
