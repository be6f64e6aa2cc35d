"""What may be ended on purpose: read from words, and held against the system."""

import os

import pytest

from load.kill import BadKillError, Kill, NotOursError, Stack, end, parse


@pytest.mark.parametrize(
    ("text", "planned"),
    [("worker@30s", Kill("worker", 30.0)), ("redis@1.5m", Kill("redis", 90.0)), ("broker@7", Kill("broker", 7.0))],
)
def test_a_part_and_a_time(text: str, planned: Kill) -> None:
    """Seconds, unless another unit is said."""
    assert parse(text) == planned


@pytest.mark.parametrize("text", ["worker", "worker@soon", "kafka@3s", "@3s", "worker@-3s", ""])
def test_anything_else_is_answered_with_an_example(text: str) -> None:
    """And with the parts there are."""
    with pytest.raises(BadKillError, match="name one of worker, api, broker, redis and a time, like worker@30s"):
        parse(text)


def test_a_process_that_is_no_child_of_the_stacks_supervisor_is_left_alone() -> None:
    """This very process, which is not its own child: were it ended, nobody could say that the test failed."""
    stack = Stack(lambda: {"worker": os.getpid(), "supervisor": os.getpid()}, lambda _: True)
    with pytest.raises(NotOursError, match=r"is no part of this machine's stack: worker was left alone"):
        end("worker", stack)


def test_a_part_that_is_not_there_is_not_looked_for() -> None:
    """A stack that has just come down."""
    with pytest.raises(NotOursError, match="has no api now"):
        end("api", Stack(dict, lambda _: False))
