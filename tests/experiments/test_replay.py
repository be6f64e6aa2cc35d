"""A log judged once more: the same beliefs give the same decisions, and whatever was changed in it is found."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from contract.adaptations import AdaptationDecided
from contract.signals import SignalUpdated
from engagement_api.judge import Rules, judge
from engagement_api.policy.bandit import Posterior, learned
from engagement_api.state import State
from engagement_api.trial import Branch, PolicyName, Trial
from experiments.replay import Difference, replay
from tests.engagement_api.beliefs import FOLLOWED, belief, finished

BANDIT = Posterior((9, 8, 7, 6, 5), (1, 2, 3, 4, 5))


def rules_of(*policies: PolicyName, burn_in: int = 2) -> Rules:
    """A trial of these policies, each as likely."""
    arms = tuple(Branch(policy, policy, 1.0 / len(policies)) for policy in policies)
    return Rules(trial=Trial("of-the-tests", arms, burn_in))


def played(player: str, rounds: int = 20) -> list[SignalUpdated]:
    """A sitting: two rounds cleared, one lost, and so on; nobody gets anywhere."""
    return [
        belief(1, player=player),
        *(
            finished(number, cleared=number % 3 > 0, skill=number / 10, player=player, success=0.6)
            for number in range(1, rounds + 1)
        ),
    ]


def decided(beliefs: list[SignalUpdated], rules: Rules) -> list[AdaptationDecided]:
    """As the API would have: a little later each time, and the bandit learning from everybody meanwhile."""
    states: dict[str, State] = {}
    goals = []
    for number, each in enumerate(beliefs):
        now = each.time + timedelta(milliseconds=7 + number)
        verdict = judge(each, states.get(each.subject, State()), rules, now)
        states[each.subject] = verdict.state
        rules = replace(rules, posterior=learned(rules.posterior, *verdict.lessons))
        goals += [verdict.goal] if verdict.goal else []
    return goals


CROWD = [each for player in (FOLLOWED, "p-2", "p-7", "p-8", "p-9") for each in played(player)]


@pytest.mark.parametrize("policies", [("P0", "P2"), ("P1", "P3"), ("explore", "P4")])
def test_the_same_beliefs_give_the_same_decisions(policies: tuple[PolicyName, ...]) -> None:
    """Five players, a goal for the session's beginning and one for each of twenty rounds, whoever decides."""
    rules = rules_of(*policies)
    found = replay(CROWD, decided(CROWD, replace(rules, posterior=BANDIT)), rules)
    assert (found.decisions, found.equal, found.holds) == (105, 105, True)


def test_what_kafka_delivers_twice_is_decided_once() -> None:
    """Beliefs and goals alike."""
    rules = rules_of("P0", "P2")
    goals = decided(CROWD, rules)
    found = replay([each for one in CROWD for each in (one, one)], [*goals, *goals], rules)
    assert (found.decisions, found.equal, found.differences) == (105, 105, ())


def test_other_rules_decide_otherwise() -> None:
    """Every round of the burn-in is alike; what comes after is not, and says in what."""
    found = replay(CROWD, decided(CROWD, rules_of("P2")), rules_of("P1"))
    assert not found.holds
    assert found.equal < found.decisions == 105
    assert any("difficulty" in one.what and "policy" in one.what for one in found.differences)


def test_a_goal_that_was_changed_is_found_and_named() -> None:
    """A tenth of a logit in the fifth."""
    rules = rules_of("P0", "P2")
    goals = decided(played(FOLLOWED), rules)
    data = replace(goals[4].data, difficulty=goals[4].data.difficulty + 0.1)
    goals[4] = replace(goals[4], data=data)
    assert replay(played(FOLLOWED), goals, rules).differences == (Difference(FOLLOWED, 5, "difficulty"),)


def test_a_goal_that_nothing_led_to_is_found() -> None:
    """A belief was taken out of the log: its goal stands alone, and revisions behind it are one too high."""
    beliefs = played(FOLLOWED, rounds=4)
    goals = decided(beliefs, rules_of("P2"))
    found = replay(beliefs[:-1], goals, rules_of("P2"))
    assert found.differences == (Difference(FOLLOWED, 5, "not decided"),)
    assert (found.decisions, found.equal) == (5, 4)


def test_a_goal_that_was_lost_is_found() -> None:
    """The replay decides what the log does not have."""
    goals = decided(played(FOLLOWED), rules_of("P2"))
    found = replay(played(FOLLOWED), goals[:-1], rules_of("P2"))
    assert found.differences == (Difference(FOLLOWED, 21, "decided"),)
    assert found.decisions == found.equal == 20


def test_an_empty_log_holds() -> None:
    """Nothing was decided, and nothing would be."""
    assert replay([], [], Rules()).holds
