"""A player leaves the tables: every row of every table that has a column `player`, whichever tables come to be.

SQLite keeps what was written in its log (WAL) until that is brought home, and in free pages unless it is told to write
zeros there (`secure_delete`, see `history`). PostgreSQL leaves dead rows to its vacuum and its own log to its archive;
the receipt of an erasure says so (docs/privacy.md).
"""

from typing import Any, Final

from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from engagement_api.tables import metadata

BUSY: Final = "somebody still reads the history as it was: its log cannot be emptied yet"


async def forget(engine: AsyncEngine, player: str) -> None:
    """No row of `player` is left when this returns, and of an SQLite file no byte. Raises `TimeoutError` if busy."""
    async with engine.begin() as connection:
        for table in _tables():
            await connection.execute(table.delete().where(table.c.player == player))
    if engine.dialect.name == "sqlite":
        async with engine.connect() as connection:
            await _empty_the_log(connection)


async def held(engine: AsyncEngine, player: str) -> dict[str, list[dict[str, Any]]]:
    """Every row of `player`, by table; tables without one are left out."""
    found = {}
    async with engine.connect() as connection:
        for table in _tables():
            rows = await connection.execute(select(table).where(table.c.player == player))
            found[table.name] = [dict(row) for row in rows.mappings()]
    return {name: rows for name, rows in found.items() if rows}


def _tables() -> list[Table]:
    return [table for table in metadata.sorted_tables if "player" in table.c]


async def _empty_the_log(connection: AsyncConnection) -> None:
    busy, *_ = (await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")).one()
    if busy:
        raise TimeoutError(BUSY)
