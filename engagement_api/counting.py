"""Exposures in SQL: merged as they come, in the transaction of their decisions, and added up when somebody asks.

The merge is that of `exposure.merged`, said in words that SQLite and PostgreSQL both know, so that whatever is told
twice, or in another order, leaves the same row. Rows are written in the order of their key, so that two processes
seldom wait for each other in a circle; where they do, the database ends one of them and `keep` tells it again.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

from msgspec import structs
from sqlalchemy import BigInteger, ColumnElement, bindparam, case, cast, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from engagement_api.exposure import exposures_of
from engagement_api.record import Record
from engagement_api.scoreboard import Tally
from engagement_api.tables import ROWS, exposures

KEY: Final = ("trial", "player")
GROW: Final = (
    update(exposures)
    .where(exposures.c.trial == bindparam("of"), exposures.c.player == bindparam("who"))
    .where(exposures.c.rounds_before + exposures.c.rounds < bindparam("to"))
    .values(rounds=bindparam("to") - exposures.c.rounds_before)
)
"""Whoever was exposed before came this far; whoever was not stays out."""


async def expose(connection: AsyncConnection, inserting: Callable[..., Any], records: Sequence[Record]) -> None:
    """What these records say of trials is in the table; `inserting` is the dialect's own `insert`."""
    told = exposures_of(records)
    begun = sorted(told.begun, key=lambda exposure: (exposure.trial, exposure.player))
    for start in range(0, len(begun), ROWS):
        insert = inserting(exposures).values([structs.asdict(row) for row in begun[start : start + ROWS]])
        here, new = exposures.c, insert.excluded
        before = _lower(here.rounds_before, new.rounds_before)
        end = _higher(here.rounds_before + here.rounds, new.rounds_before + new.rounds)
        earlier = _lower(here.exposed_at, new.exposed_at)
        values = {"exposed_at": earlier, "rounds_before": before, "rounds": end - before}
        await connection.execute(insert.on_conflict_do_update(index_elements=KEY, set_=values))
    if told.reached:
        grown = [{"of": trial, "who": who, "to": to} for (trial, who), to in sorted(told.reached.items())]
        await connection.execute(GROW, grown)


async def tallies(connection: AsyncConnection, trial: str) -> dict[str, Tally]:
    """What each arm of a trial has counted, exactly; arms without anybody are left out."""
    rounds = exposures.c.rounds
    query = (
        select(exposures.c.arm, func.count(), func.sum(rounds), func.sum(cast(rounds, BigInteger) * rounds))
        .where(exposures.c.trial == trial)
        .group_by(exposures.c.arm)
    )
    return {arm: Tally(*map(int, sums)) for arm, *sums in await connection.execute(query)}


def _lower(one: ColumnElement[Any], other: ColumnElement[Any]) -> ColumnElement[Any]:
    return case((other < one, other), else_=one)


def _higher(one: ColumnElement[Any], other: ColumnElement[Any]) -> ColumnElement[Any]:
    return case((other > one, other), else_=one)
