"""Faults of the API and of what it keeps things in, three seeds each."""

from pathlib import Path

from tests.system.faults.runs import every_promise_holds


def test_api_and_stores_may_be_killed(tmp_path: Path) -> None:
    """The API in the middle of its decisions, Redis with all it knows, the database: every decision is kept once."""
    every_promise_holds(tmp_path, "api-killed", "redis-killed", "database-killed", "rolling-restart")
