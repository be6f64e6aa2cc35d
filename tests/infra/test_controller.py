"""Topics wait for a controller, as a broker's admin client made up for it tells of one."""

from collections.abc import Iterable
from typing import Any

import pytest
from aiokafka.errors import NodeNotReadyError

from infra import topics
from infra.topics import await_controller

NOBODY = {"controller_id": -1, "brokers": [{"node_id": 1}]}
NOT_THERE = {"controller_id": 1, "brokers": []}
THERE = {"controller_id": 1, "brokers": [{"node_id": 1}]}


class Admin:
    """Says this of its cluster, one after the other."""

    def __init__(self, said: Iterable[dict[str, Any]]) -> None:
        self._said = iter(said)
        self.asked = 0

    async def describe_cluster(self) -> dict[str, Any]:
        self.asked += 1
        return next(self._said)


async def test_a_broker_that_has_just_come_up_is_asked_until_it_knows_its_controller(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """First nobody, then one that is not among the brokers yet, then it is."""
    monkeypatch.setattr(topics, "CONTROLLER_AGAIN_S", 0.0)
    admin = Admin([NOBODY, NOT_THERE, THERE])
    await await_controller(admin)
    assert admin.asked == 3


async def test_a_broker_that_never_knows_is_not_asked_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is aiokafka's own error, which whoever makes topics tries again after or tells a person."""
    monkeypatch.setattr(topics, "CONTROLLER_AGAIN_S", 0.0)
    with pytest.raises(NodeNotReadyError, match="no controller"):
        await await_controller(Admin([NOBODY] * topics.CONTROLLER_LOOKS))
