"""What the bandit learned outlives the process that heard it, on the real stores."""

from pathlib import Path

import pytest

from engagement_api.trial import HELD_OUT, branch_of, untried
from tests.system import api_process as outside
from tests.system import postgres

pytestmark = pytest.mark.system
NAMES = [f"p-bandit-{number}" for number in range(30)]
FOLLOWED = [name for name in NAMES if branch_of(name, untried("P4")) != HELD_OUT]
*PLAYERS, STRANGER = FOLLOWED


async def test_a_killed_api_remembers_what_the_bandit_learned(kafka: str, redis_url: str, tmp_path: Path) -> None:
    """On PostgreSQL: blocks begun after round 6, played out and begun anew after 14, heard twice; then kill -9.

    Whoever comes next is decided by two pulls and one stay of each player, no more and no less.
    """
    with postgres.running() as server:
        environment = {
            "WHITEWATER_KAFKA": kafka,
            "WHITEWATER_REDIS": redis_url,
            "WHITEWATER_POLICY": "P4",
            "DATABASE_URL": server.url,
        }
        async with outside.speaking(kafka) as producer:
            with outside.running(tmp_path, environment) as api:
                # Not before it runs: a belief that is ten seconds old decides nothing.
                told = [outside.lost(player, 10 * rounds, rounds) for rounds in (6, 14) for player in PLAYERS]
                await outside.say(producer, *told)
                outside.until(lambda: all(api.newest_cause(player) == 140 for player in PLAYERS), 20, api)
                api.kill()
            with outside.running(tmp_path, environment) as api:
                await outside.say(producer, *told, outside.lost(STRANGER, 60, 6))
                outside.until(lambda: api.newest_cause(STRANGER) == 60, 20, api)
                goal = api.decisions(STRANGER)[0]["data"]
    counts = {
        what: sum(goal["evidence"][f"{what}_{arm}"] for arm in (55, 65, 75, 85, 92)) for what in ("pulls", "stays")
    }
    assert (goal["policy"], counts) == ("P4", {"pulls": 2 * len(PLAYERS), "stays": len(PLAYERS)})
    assert 0.0 < goal["propensity"] < 1.0
