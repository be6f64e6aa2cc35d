"""Everybody together on the real stack: counted by two workers, told through Kafka, put together by the API."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from contract.codec import encode
from contract.events import Event, RapidFinished, RapidStarted
from contract.topics import FLEET_FIGURES
from processors.fleet import Fleet
from processors.tell import new_producer, write
from tests.processors.river import event, started
from tests.system import api_process as outside
from tests.system import browser
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
    for each in events:
        players.add(each.subject)
        sessions.add((each.subject, each.sessionid))
        match each.data:
            case RapidStarted(rapid=rapid):
                started[rapid].add(each.subject)
            case RapidFinished(rapid=rapid, outcome="cleared"):
                cleared[rapid].add(each.subject)
    funnel = [
        {"rapid": rapid, "started": len(started[rapid]), "cleared": len(cleared[rapid])} for rapid in sorted(started)
    ]
    return {"players": len(players), "sessions": len(sessions), "funnel": funnel}


def told(api: outside.Api) -> dict[str, Any]:
    """The figures that the API tells; the month stands for the day, which may end during the test."""
    figures = api.get("/v1/fleet").json()
    return {"players": figures["mau"], "sessions": figures["sessions_now"], "funnel": figures["funnel"]}


async def test_two_workers_make_one_figure_that_outlives_them(quiet: str, api: outside.Api, tmp_path: Path) -> None:
    """The truth from two workers; the same when one leaves and the other is killed; then one more for who comes."""
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


def test_the_page_shows_what_the_api_tells(quiet: str, api: outside.Api) -> None:
    """Three players on their first rapid, told by a worker: the page has them within its next question."""
    at = datetime.now(UTC)
    fleet = Fleet(5)
    for player in ("ann", "bob", "cy"):
        fleet.note(event(started(), 1, 0, player=player, start=at), at.timestamp(), at.timestamp())

    async def tell() -> None:
        async with new_producer(quiet) as producer:
            await write(producer, FLEET_FIGURES.name, [(5, b"5", encode(fleet.told(at)))])

    with ThreadPoolExecutor(1) as elsewhere, browser.browsing() as chromium:  # this thread's loop is the browser's
        page = chromium.new_page()
        page.goto(api.url)
        elsewhere.submit(lambda: asyncio.run(tell())).result()
        figures = outside.until(lambda: (now := api.get("/v1/fleet").json())["partitions"] and now, 10, api)
        expect(page.locator("#fleet-month")).to_have_text(str(figures["mau"]), timeout=10_000)
        first = figures["funnel"][0]
        expect(page.locator("#funnel-rows tr").first).to_contain_text(f"{first['cleared']} / {first['started']}")
        expect(page.locator("#fleet-error")).to_contain_text("1.6 %")
