"""Five hundred players, a closed river each, and a word of each in everything: none is ever sent another's."""

import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.system.canaries import closed_stack, let_fly

pytestmark = pytest.mark.system
PLAYERS = 500


async def test_five_hundred_players_see_nothing_of_each_other(kafka: str, redis_url: str, tmp_path: Path) -> None:
    """Every frame of each is searched for the words of all; each finds its own, nobody another's."""
    redis = urlsplit(redis_url)._replace(path="/2").geturl()
    async with closed_stack(kafka, redis, tmp_path) as stack:
        logs = {"log of the API": stack[0].log, "log of the worker": tmp_path / "worker.log"}
        found = await let_fly(kafka, stack, PLAYERS, logs, within_s=120)
    sys.stdout.write(f"{found}\n")
    assert (found.others, found.own, found.shut) == (0, PLAYERS, PLAYERS - 1)
    assert set(found.elsewhere.values()) == {0}
