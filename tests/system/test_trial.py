"""A trial on the running loop: started and stopped live, followed by every process, counted once whatever happens."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from engagement_api.trial import HELD_OUT, Branch, Trial, branch_of
from tests.system import api_process as outside
from tests.system import command, postgres

pytestmark = pytest.mark.system
TRIAL = Trial("autumn", (Branch("drawn", "P0", 0.4), Branch("target", "P2", 0.3), Branch("rank", "P1", 0.3)))
PLAYERS = [f"p-autumn-{number}" for number in range(40)]
SEATS = {player: branch_of(player, TRIAL) or HELD_OUT for player in PLAYERS}


def standing(api: outside.Api) -> dict[str, Any]:
    """The running experiment as one process tells it."""
    told: dict[str, Any] = api.get("/v1/experiment").json()
    return told


def counted(api: outside.Api) -> dict[str, tuple[int, float]]:
    """Players and mean rounds of each arm that has any."""
    return {arm["name"]: (arm["n"], arm["rounds"]) for arm in standing(api)["arms"] if arm["n"]}


def expected(rounds: float) -> dict[str, tuple[int, float]]:
    """Everybody in the arm their name draws, with so many rounds each."""
    return {arm: (n, rounds) for arm, n in Counter(branch.name for branch in SEATS.values()).items()}


def policies(api: outside.Api) -> dict[str, str]:
    """The policy behind everybody's newest goal."""
    return {player: api.decisions(player)[0]["data"]["policy"] for player in PLAYERS}


async def play(kafka: str, api: outside.Api, rounds: int) -> None:
    """Everybody loses their `rounds`-th round, and the history has all of it."""
    async with outside.speaking(kafka) as producer:
        await outside.say(producer, *(outside.lost(player, 10 * rounds, rounds) for player in PLAYERS))
    outside.until(lambda: all(api.newest_cause(player) == 10 * rounds for player in PLAYERS), 20, api)


async def test_policies_change_live_as_a_trial_starts_and_stops(kafka: str, redis_url: str, tmp_path: Path) -> None:
    """P2 for all; then each arm its own, in both processes and with no restart; then P2 again. The held out keep P0."""
    environment = {
        "WHITEWATER_KAFKA": kafka,
        "WHITEWATER_REDIS": redis_url,
        "DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path / 'history.db'}",
    }
    usual = {player: "P0" if branch is HELD_OUT else "P2" for player, branch in SEATS.items()}
    tried = {player: branch.policy for player, branch in SEATS.items()}
    with outside.running(tmp_path, environment) as one, outside.running(tmp_path, environment) as two:
        outside.until(lambda: all(len(outside.readiness(api)["partitions"]) == 4 for api in (one, two)), 30, two)
        await play(kafka, one, 1)
        assert policies(one) == usual
        words = [word for arm in TRIAL.arms for word in ("--arm", f"{arm.name}={arm.policy}:{arm.share}")]
        said = command.run(tmp_path, "trial", "start", TRIAL.name, *words, "--server", one.url)
        assert (said.returncode, "rank" in said.stdout) == (0, True), said.stderr
        followed = "The trial that runs now: autumn."
        outside.until(lambda: all(followed in api.log.read_text() for api in (one, two)), 5, two)
        await play(kafka, one, 2)
        assert policies(one) == tried
        await play(kafka, one, 3)
        assert counted(one) == counted(two) == expected(1.0)
        refused = command.run(tmp_path, "trial", "start", TRIAL.name, "--arm", "all=P2", "--server", one.url)
        assert (refused.returncode, "choose a new name" in refused.stderr) == (2, True)
        assert command.run(tmp_path, "trial", "stop", "--server", two.url).returncode == 0
        stopped = "The trial that runs now: none."
        outside.until(lambda: all(stopped in api.log.read_text() for api in (one, two)), 5, two)
        await play(kafka, one, 4)
        assert policies(one) == usual


async def test_a_killed_api_counts_nobody_twice_and_forgets_nobody(kafka: str, redis_url: str, tmp_path: Path) -> None:
    """On PostgreSQL: kill -9 under the third round, hear it and the one before again, and the counts are exact."""
    players = [f"p-winter-{number}" for number in range(30)]
    with postgres.running() as server:
        environment = {"WHITEWATER_KAFKA": kafka, "WHITEWATER_REDIS": redis_url, "DATABASE_URL": server.url}
        async with outside.speaking(kafka) as producer:

            async def lose(*rounds: int) -> None:
                lost = [outside.lost(player, 10 * number, number) for number in rounds for player in players]
                await outside.say(producer, *lost)

            with outside.running(tmp_path, environment) as api:
                command.run(tmp_path, "trial", "start", "winter", "--arm", "all=P2", "--server", api.url)
                await lose(1, 2)
                outside.until(lambda: all(api.newest_cause(player) == 20 for player in players), 20, api)
                await lose(3)
                api.kill()
            with outside.running(tmp_path, environment) as api:
                await lose(2, 3, 4, 4, 5)
                outside.until(lambda: all(api.newest_cause(player) == 50 for player in players), 20, api)
                told = counted(api)
    assert sum(n for n, _ in told.values()) == 30
    assert {rounds for _, rounds in told.values()} == {4.0}
