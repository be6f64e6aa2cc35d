"""Whose a boat is and who has left, on both kinds of database."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from engagement_api.history import open_history
from engagement_api.migrate import migrate
from tests.engagement_api.stores import Stores
from tests.system import postgres

pytestmark = pytest.mark.system
CLAIMS = 40


@pytest.fixture(name="database", params=["sqlite", "postgresql"])
def _database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database of either kind, with the tables in it."""
    if request.param == "sqlite":
        address = f"sqlite+aiosqlite:///{tmp_path}/boats.db"
        migrate(address)
        yield address
    else:
        with postgres.running() as server:
            migrate(server.url)
            yield server.url


async def test_of_many_who_claim_a_boat_at_once_one_has_it(database: str) -> None:
    """Two processes, forty keys, one name: exactly one key is let in, and it stays so; nobody hears of a fault."""
    processes = open_history(database), open_history(database)
    keys = [f"{number:064x}" for number in range(CLAIMS)]
    now = datetime.now(UTC)
    claims = [processes[number % 2].claim("p-wanted", key, now) for number, key in enumerate(keys)]
    outcome = await asyncio.gather(*claims)
    assert sum(outcome) == 1
    owner = keys[outcome.index(True)]
    assert [await processes[0].claim("p-wanted", key, now) for key in keys] == [key == owner for key in keys]
    for process in processes:
        await process.close()


async def test_who_is_forgotten_leaves_every_table_and_nobody_else_does(database: str) -> None:
    """Two players with a boat and a decision each; one is forgotten, twice, and may come back under another key."""
    history, kept = open_history(database), Stores().history.rows["p-1", 2]
    players = {name: replace(kept, goal=replace(kept.goal, subject=name)) for name in ("p-1", "p-2")}
    now = datetime.now(UTC)
    await history.keep([*players.values()])
    for name in players:
        assert await history.claim(name, "0" * 64, now)
    before = {name: await history.held(name) for name in players}
    assert {table for table, rows in before["p-1"].items() if rows} >= {"boats", "decisions"}
    for _ in range(2):
        await history.forget("p-1")
        assert not any((await history.held("p-1")).values())
    assert await history.held("p-2") == before["p-2"]
    assert await history.claim("p-1", "f" * 64, now)
    await history.close()
