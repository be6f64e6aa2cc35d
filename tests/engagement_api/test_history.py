"""The history in a real SQLite file, made by the migrations."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from engagement_api.history import History, address_of, open_history
from engagement_api.judge import Rules
from engagement_api.migrate import migrate
from engagement_api.policy.bandit import Posterior, learned
from engagement_api.record import Record
from engagement_api.scoreboard import Running
from engagement_api.state import State
from engagement_api.tables import metadata
from tests.engagement_api.beliefs import NOON, belief, finished, judged
from tests.engagement_api.trialled import SPRING, blurred, decided


@pytest.fixture(name="path")
def _path(tmp_path: Path) -> Path:
    """A file in a folder that is not there yet, with the newest tables."""
    path = tmp_path / "new" / "history.db"
    migrate(f"sqlite+aiosqlite:///{path}")
    return path


@pytest.fixture(name="history")
async def _history(path: Path) -> AsyncIterator[History]:
    """The history in it."""
    history = open_history(f"sqlite+aiosqlite:///{path}")
    yield history
    await history.close()


def records(player: str, rounds: int) -> list[Record]:
    """What losing so many rounds leaves."""
    signals = [finished(n, cleared=False, player=player) for n in range(1, rounds + 1)]
    return [Record(verdict.goal, verdict.state) for verdict in judged(State(), *signals) if verdict.goal is not None]


def test_the_migrations_make_the_tables_that_the_code_knows(path: Path) -> None:
    """Not a column more or less; and migrating again changes nothing."""
    migrate(f"sqlite+aiosqlite:///{path}")
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


async def test_a_lesson_kept_twice_was_learned_once(history: History) -> None:
    """A player under the bandit: blocks begun after rounds 6, 14 and 22, two played out; and so after a crash."""
    signals = [finished(n, cleared=True, rapid=n) for n in range(1, 25)]
    told = judged(State(), *signals, rules=Rules("P4"))
    kept = [Record(verdict.goal, verdict.state, lessons=verdict.lessons) for verdict in told if verdict.goal]
    assert await history.posterior() == Posterior()
    for _ in range(2):
        await history.keep(kept)
        posterior = await history.posterior()
        assert (sum(posterior.pulls), sum(posterior.stays)) == (3, 2)
    assert posterior == learned(Posterior(), *(lesson for verdict in told for lesson in verdict.lessons))


async def test_what_is_kept_twice_is_there_once(history: History) -> None:
    """The same rows again, as after a crash: nothing is doubled, nothing replaced."""
    kept = records("p-1", 3)
    await history.keep(kept)
    await history.keep(kept)
    assert await history.decisions("p-1", 10) == [record.goal for record in reversed(kept)]
    assert await history.decisions("p-1", 1) == [kept[-1].goal]


async def test_the_newest_state_of_each_player_is_found(history: History) -> None:
    """Of two players in the history and one who is not, two states."""
    one, two = records("p-1", 3), records("p-2", 1)
    await history.keep([*one, *two])
    assert await history.states(["p-1", "p-2", "p-3"]) == {"p-1": one[-1].state, "p-2": two[-1].state}


async def test_more_rows_than_fit_one_insert_are_kept(history: History) -> None:
    """1,200 decisions at once."""
    kept = [record for number in range(400) for record in records(f"p-{number}", 3)]
    await history.keep(kept)
    assert len(await history.states([f"p-{number}" for number in range(400)])) == 400


async def test_the_switch_stands_as_it_was_turned_last(history: History) -> None:
    """On at first, then as told."""
    assert await history.adapting()
    await history.turn(NOON, adapting=False)
    assert not await history.adapting()
    await history.turn(NOON, adapting=True)
    assert await history.adapting()


async def test_exposures_grow_with_the_decisions_and_not_with_their_repetition(history: History) -> None:
    """Two batches of five players, told twice and the second before the first: exact counts of each arm, once."""
    players = [f"p-{number}" for number in range(5)]
    first = [record for player in players for record in decided(player, 1, 2)]
    second = [record for player in players for record in decided(player, 1, 2, 3, 5)[2:]]
    for batch in (second, first, second, first):
        await history.keep(batch)
    tallies = await history.tallies("spring")
    assert sum(tally.n for tally in tallies.values()) == 5
    assert sum(tally.rounds for tally in tallies.values()) == 5 * 4
    assert sum(tally.squares for tally in tallies.values()) == 5 * 16
    assert {record.goal.data.arm for record in first} == tallies.keys()
    assert await history.tallies("another") == {}


async def test_who_was_exposed_counts_on_when_left_alone(history: History) -> None:
    """A goal of the trial that is not the arm's own moves whoever is in the table, and nobody else."""
    exposed, alone = decided("p-1", 1, 4)
    await history.keep([exposed])
    await history.keep([blurred(alone, exposed=False), blurred(decided("p-2", 3)[0], exposed=False)])
    assert [(tally.n, tally.rounds) for tally in (await history.tallies("spring")).values()] == [(1, 3)]


async def test_the_trial_that_was_started_last_runs(history: History) -> None:
    """None at first; started twice it runs since the first time; stopped it is remembered by its name."""
    assert await history.running() is None
    await history.run_this(NOON, SPRING)
    await history.run_this(NOON + timedelta(hours=1), None)
    assert await history.running() is None
    await history.run_this(NOON + timedelta(hours=2), SPRING)
    assert await history.running() == Running(SPRING, NOON)
    assert await history.trial("spring") == SPRING
    assert await history.trial("summer") is None


async def test_a_players_name_is_only_text(history: History) -> None:
    """A name full of SQL is looked up like any other."""
    nasty = "'; DROP TABLE decisions; --"
    await history.keep(records(nasty, 1))
    assert len(await history.decisions(nasty, 10)) == 1
    assert belief(player=nasty).subject == nasty


def test_an_address_is_shown_without_its_password() -> None:
    """Logs are read by many."""
    assert address_of("postgresql+psycopg://river:deep@db/whitewater") == "postgresql+psycopg://river:***@db/whitewater"
