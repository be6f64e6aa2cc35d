"""Everybody together on the real stack: counted by two workers, told through Kafka, put together by the API."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from contract.events import Event, RapidFinished, RapidStarted
from tests.system import api_process as outside
from tests.system.conftest import broker
from tests.system.worker_process import crowd, messages, send, until, working

pytestmark = pytest.mark.system


@pytest.fixture(name="quiet", scope="module")
def _quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A broker on which nobody else paddles: what is counted here is known in full."""
    with broker(tmp_path_factory.mktemp("quiet")) as address:
        yield address


@pytest.fixture(name="api")
def _api(quiet: str, redis_url: str, tmp_path: Path) -> Iterator[outside.Api]:
    """An API that hears this broker."""
    environment = {
        "WHITEWATER_KAFKA": quiet,
        "WHITEWATER_REDIS": redis_url,
        "DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path / 'history.db'}",
    }
    with outside.running(tmp_path, environment) as api:
        yield api


def truth(events: Iterable[Event]) -> dict[str, Any]:
    """The same figures, counted one by one."""
    started, cleared = defaultdict(set), defaultdict(set)
    players, sessions = set(), set()
    for event in events:
        players.add(event.subject)
        sessions.add((event.subject, event.sessionid))
        match event.data:
            case RapidStarted(rapid=rapid):
                started[rapid].add(event.subject)
            case RapidFinished(rapid=rapid, outcome="cleared"):
                cleared[rapid].add(event.subject)
    funnel = [
        {"rapid": rapid, "started": len(started[rapid]), "cleared": len(cleared[rapid])} for rapid in sorted(started)
    ]
    return {"players": len(players), "sessions": len(sessions), "funnel": funnel}


def told(api: outside.Api) -> dict[str, Any]:
    """The figures that the API tells; the month stands for the day, which may end during the test."""
    figures = api.get("/v1/fleet").json()
    return {"players": figures["mau"], "sessions": figures["sessions_now"], "funnel": figures["funnel"]}


async def test_two_workers_make_one_figure_that_outlives_them(quiet: str, api: outside.Api, tmp_path: Path) -> None:
    """The truth from two workers; the same when one leaves and the other is killed; and one more when one more comes."""
    events = crowd("fleet", 80, 120)
    newcomer = crowd("late", 1, 120)
    wanted, more = truth(events), truth([*events, *newcomer])

    async def tells(figures: dict[str, Any]) -> bool:
        return told(api) == figures

    async with working(quiet, tmp_path / "one.log") as one:
        async with working(quiet, tmp_path / "other.log") as other:
            await until(lambda: one.has(4), 40, "one worker with four partitions")
            await until(lambda: other.has(4), 40, "the other worker with four partitions")
            await send(quiet, messages(events))
            await until(lambda: tells(wanted), 20, "the truth, put together from two workers")
            assert other.stop() == 0
        await until(lambda: one.has(8), 30, "all partitions with one worker")
        await send(quiet, messages(events[-400:]))

        async def heard_again() -> bool:
            return int((await one.says())["repeated"]) >= 400

        await until(heard_again, 20, "what was heard before, some of it by the other worker, heard again")
        assert await tells(wanted)
        one.kill()
    async with working(quiet, tmp_path / "next.log") as successor:
        await until(lambda: successor.has(8), 30, "all partitions with the successor")
        await send(quiet, messages(newcomer))
        await until(lambda: tells(more), 20, "what was told before, and who came after")
        metrics = api.metrics()
        assert f'whitewater_fleet_players{{within="30d"}} {more["players"]}.0' in metrics
        assert api.get("/v1/fleet").json()["partitions"] == 8
        assert successor.stop() == 0
