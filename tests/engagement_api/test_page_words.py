"""The page has words for everything that it can be told: no rail, policy or belief is shown by its bare name."""

import re
from typing import get_args

from msgspec import structs

from contract.signals import Signals
from engagement_api.app import PAGE
from engagement_api.guardrails import RAILS
from engagement_api.trial import PolicyName


def named(script: str, table: str) -> set[str]:
    """The keys of one table of words in a script of the page."""
    found = re.search(rf"const {table} = \{{(.*?)\n\}};", (PAGE / script).read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    return set(re.findall(r"(?:^|[,{])\s*(\w+): ", found.group(1)))


def test_every_rail_has_words() -> None:
    """And no words are kept for a rail that is gone."""
    assert named("pieces.js", "RAILS") == {*RAILS}


def test_every_policy_has_a_name() -> None:
    """Of the six that an arm may have."""
    assert named("pieces.js", "POLICIES") == {*get_args(PolicyName)}


def test_every_belief_has_words() -> None:
    """Each field of the signals."""
    assert {field.name for field in structs.fields(Signals)} <= named("why.js", "BELIEFS")
