"""The tables of the history, as SQLite and PostgreSQL both know them; infra/migrations makes them.

The goal and the state are kept as the JSON they travel as: a row is read back into the very same structs, and the
columns beside them are those that somebody would search by.
"""

from typing import Final

from sqlalchemy import Boolean, Column, DateTime, Float, Index, Integer, MetaData, String, Table, Text

ROWS: Final = 500
"""In one insert: SQLite takes at most 32,766 parameters, and a row of the widest table has eleven."""

metadata: Final = MetaData()

decisions: Final = Table(
    "decisions",
    metadata,
    Column("player", String(64), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("decided_at", DateTime(timezone=True), nullable=False, index=True),
    Column("session", String(64), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("policy", String(64), nullable=False),
    Column("arm", String(64), nullable=False),
    Column("difficulty", Float, nullable=False),
    Column("because", Text, nullable=False),
    Column("goal", Text, nullable=False),
    Column("state", Text, nullable=False),
)
"""Every goal with its evidence and cause. (player, revision) is unique: a decision made twice is kept once."""

switch_turns: Final = Table(
    "switch_turns",
    metadata,
    Column("turn", Integer, primary_key=True, autoincrement=True),
    Column("turned_at", DateTime(timezone=True), nullable=False),
    Column("adapting", Boolean, nullable=False),
)
"""Every turn of the switch; the newest holds. It is kept here because a flushed Redis must not turn adaptation on."""

trial_turns: Final = Table(
    "trial_turns",
    metadata,
    Column("turn", Integer, primary_key=True, autoincrement=True),
    Column("turned_at", DateTime(timezone=True), nullable=False),
    Column("name", String(64)),
    Column("trial", Text),
)
"""Every start and stop (no name, no trial) of a trial; the newest holds."""

exposures: Final = Table(
    "exposures",
    metadata,
    Column("trial", String(64), primary_key=True),
    Column("player", String(64), primary_key=True),
    Column("arm", String(64), nullable=False),
    Column("playerkind", String(16), nullable=False),
    Column("exposed_at", DateTime(timezone=True), nullable=False),
    Column("rounds_before", Integer, nullable=False),
    Column("rounds", Integer, nullable=False),
)
"""One row a player and trial, from the first goal of an arm's own policy on; `rounds` grows with the decisions."""

lessons: Final = Table(
    "lessons",
    metadata,
    Column("player", String(64), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("stayed", Boolean, primary_key=True),
    Column("choice", Integer, nullable=False),
    Index("ix_lessons_choice_stayed", "choice", "stayed"),
)
"""What the bandit learned with a decision: a block begun (not `stayed`) or played to its end."""

boats: Final = Table(
    "boats",
    metadata,
    Column("player", String(64), primary_key=True),
    Column("key_sha256", String(64), nullable=False),
    Column("since", DateTime(timezone=True), nullable=False),
)
"""Whose boat is whose: the first key that came with a name, as its hash; the key itself stays with the game."""
