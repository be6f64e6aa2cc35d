"""What was decided, when, because of what: the door to SQL.

It knows SQLAlchemy and that there are two databases; it does not know why a decision was made. Inserting twice does no
harm, so whoever is unsure whether a row arrived sends it again.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from importlib import import_module
from typing import Any, Final

import msgspec
from sqlalchemy import Table, event, func, select
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from contract.adaptations import AdaptationDecided
from engagement_api import counting, forgetting
from engagement_api.policy.bandit import TARGETS, Posterior
from engagement_api.policy.wish import Lesson
from engagement_api.record import Record
from engagement_api.scoreboard import Running, Tally
from engagement_api.state import State
from engagement_api.tables import ROWS, boats, decisions, lessons, switch_turns, trial_turns
from engagement_api.trial import Trial

CONNECT_S: Final = 3

_goal = msgspec.json.Decoder(AdaptationDecided)
_state = msgspec.json.Decoder(State)
_trial = msgspec.json.Decoder(Trial)


class History:
    """The decisions ever made and what was learned from them, the turns of the switch, the trials, the exposed."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        # Only that of this database: whoever waits for a killed API does not wait for the other.
        self._insert = import_module(f"sqlalchemy.dialects.{engine.dialect.name}").insert

    async def keep(self, records: Sequence[Record]) -> None:
        """Every record, whom it exposed and what it taught are there when this returns; what was there stays so."""
        rows = [_row(record) for record in records]
        learned = [_learned(record, lesson) for record in records for lesson in record.lessons]
        async with self._engine.begin() as connection:
            await self._add(connection, decisions, rows)
            await counting.expose(connection, self._insert, records)
            await self._add(connection, lessons, learned)

    async def states(self, players: Iterable[str]) -> dict[str, State]:
        """The newest state of each of `players` that the history knows."""
        newest = (
            select(decisions.c.player, func.max(decisions.c.revision).label("revision"))
            .where(decisions.c.player.in_(list(players)))
            .group_by(decisions.c.player)
            .subquery()
        )
        query = select(decisions.c.player, decisions.c.state).join(
            newest, (decisions.c.player == newest.c.player) & (decisions.c.revision == newest.c.revision)
        )
        async with self._engine.connect() as connection:
            return {player: _state.decode(state) for player, state in await connection.execute(query)}

    async def decisions(self, player: str, limit: int) -> list[AdaptationDecided]:
        """The newest `limit` goals of `player`, newest first."""
        query = (
            select(decisions.c.goal)
            .where(decisions.c.player == player)
            .order_by(decisions.c.revision.desc())
            .limit(limit)
        )
        async with self._engine.connect() as connection:
            return [_goal.decode(goal) for (goal,) in await connection.execute(query)]

    async def claim(self, player: str, key: str, now: datetime) -> bool:
        """Whether the boat is, or from now on shall be, of whoever holds the key with this SHA-256 (hex)."""
        mine = select(boats.c.key_sha256).where(boats.c.player == player)
        async with self._engine.begin() as connection:
            known = (await connection.execute(mine)).scalar()
            if known is None:
                await self._add(connection, boats, [{"player": player, "key_sha256": key, "since": now}])
                known = (await connection.execute(mine)).scalar_one()  # somebody may have been quicker
        return bool(known == key)

    async def forget(self, player: str) -> None:
        """No row holds this player any more, in any table that has a player."""
        await forgetting.forget(self._engine, player)

    async def held(self, player: str) -> dict[str, list[dict[str, Any]]]:
        """Every row of this player, by table."""
        return await forgetting.held(self._engine, player)

    async def posterior(self) -> Posterior:
        """What the bandit learned, of everybody together."""
        query = select(lessons.c.choice, lessons.c.stayed, func.count()).group_by(lessons.c.choice, lessons.c.stayed)
        async with self._engine.connect() as connection:
            counts = {(choice, stayed): count for choice, stayed, count in await connection.execute(query)}
        arms = range(len(TARGETS))
        return Posterior(*(tuple(counts.get((arm, stayed), 0) for arm in arms) for stayed in (False, True)))

    async def adapting(self) -> bool:
        """How the switch stands: on, unless it was turned off."""
        query = select(switch_turns.c.adapting).order_by(switch_turns.c.turn.desc()).limit(1)
        async with self._engine.connect() as connection:
            turn = (await connection.execute(query)).scalar()
        return turn is None or bool(turn)

    async def turn(self, now: datetime, *, adapting: bool) -> None:
        """Remember that the switch was turned."""
        async with self._engine.begin() as connection:
            await connection.execute(switch_turns.insert().values(turned_at=now, adapting=adapting))

    async def running(self) -> Running | None:
        """The trial that runs, since it was first started; none when it was stopped or never was one."""
        query = select(trial_turns.c.trial).order_by(trial_turns.c.turn.desc()).limit(1)
        async with self._engine.connect() as connection:
            raw = (await connection.execute(query)).scalar()
            if raw is None:
                return None
            trial = _trial.decode(raw)
            first = select(func.min(trial_turns.c.turned_at)).where(trial_turns.c.name == trial.name)
            since = (await connection.execute(first)).scalar_one()
        return Running(trial, since.replace(tzinfo=since.tzinfo or UTC))  # SQLite forgets that it is UTC

    async def trial(self, name: str) -> Trial | None:
        """The trial of this name, if one was ever run."""
        query = select(trial_turns.c.trial).where(trial_turns.c.name == name).limit(1)
        async with self._engine.connect() as connection:
            raw = (await connection.execute(query)).scalar()
        return None if raw is None else _trial.decode(raw)

    async def run_this(self, now: datetime, trial: Trial | None) -> None:
        """Remember that this trial was started, or that the running one was stopped."""
        name, raw = (None, None) if trial is None else (trial.name, msgspec.json.encode(trial).decode())
        async with self._engine.begin() as connection:
            await connection.execute(trial_turns.insert().values(turned_at=now, name=name, trial=raw))

    async def tallies(self, trial: str) -> dict[str, Tally]:
        """What each arm of a trial has counted, exactly; arms without anybody are left out."""
        async with self._engine.connect() as connection:
            return await counting.tallies(connection, trial)

    async def _add(self, connection: AsyncConnection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
        """Every row is there when this returns; those that were there already stay as they are."""
        for start in range(0, len(rows), ROWS):
            statement = self._insert(table).values(rows[start : start + ROWS])
            await connection.execute(statement.on_conflict_do_nothing())

    async def ping(self) -> None:
        """Returns when the database answers and the table is there; raises when not."""
        async with self._engine.connect() as connection:
            await connection.execute(select(decisions.c.revision).limit(1))

    async def close(self) -> None:
        """Gives every connection back."""
        await self._engine.dispose()


def open_history(database_url: str) -> History:
    """The history in the database at `database_url`; connects at the first question, not before."""
    if database_url.startswith("sqlite"):
        engine = create_async_engine(database_url)
        event.listen(engine.sync_engine, "connect", _set_up_sqlite)
        return History(engine)
    return History(create_async_engine(database_url, connect_args={"connect_timeout": CONNECT_S}))


def address_of(database_url: str) -> str:
    """The URL as it may be shown: without its password."""
    return re.sub(r"(//[^:/@]*):[^@/]*@", r"\1:***@", database_url)


def _set_up_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """Readers beside one writer (WAL), five seconds of patience with another's write, and zeros where rows were."""
    cursor: Any = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=5000", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _row(record: Record) -> dict[str, object]:
    goal = record.goal.data
    return {
        "player": record.player,
        "revision": goal.revision,
        "decided_at": record.goal.time,
        "session": goal.cause.session,
        "sequence": goal.cause.sequence,
        "policy": goal.policy,
        "arm": goal.arm,
        "difficulty": goal.difficulty,
        "because": goal.because,
        "goal": msgspec.json.encode(record.goal).decode(),
        "state": msgspec.json.encode(record.state).decode(),
    }


def _learned(record: Record, lesson: Lesson) -> dict[str, object]:
    return {"player": record.player, "revision": record.revision, "stayed": lesson.stayed, "choice": lesson.choice}
