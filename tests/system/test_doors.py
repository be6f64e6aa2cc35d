"""The doors of a real process: closed, its keys chosen, each player in its own boat."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from engagement_api.tokens import Caller
from tests.system import api_process as outside
from tests.system import browser
from tests.system.canaries import KEYS, PARTITIONS, let_fly, listens, token
from tests.system.worker_process import until, working

pytestmark = pytest.mark.system


@pytest.fixture(name="environment", scope="module")
def _environment(kafka: str, redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Where everything is, for an API that is closed."""
    return {
        "WHITEWATER_KAFKA": kafka,
        "WHITEWATER_REDIS": urlsplit(redis_url)._replace(path="/3").geturl(),
        "WHITEWATER_ACCESS": "closed",
        "WHITEWATER_TOKEN_KEYS": KEYS,
        "DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('doors') / 'history.db'}",
    }


@pytest.fixture(name="api", scope="module")
def _api(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[outside.Api]:
    """A closed API."""
    api = outside.start(tmp_path_factory.mktemp("closed"), environment, ready=False)
    try:
        outside.until(lambda: outside.readiness(api), 20, api)
        yield api
    finally:
        api.stop()


async def test_forty_players_see_nothing_of_each_other(kafka: str, api: outside.Api, tmp_path: Path) -> None:
    """Each finds its own word in its frames and nobody else's; and no word is in metrics, logs or the page."""
    async with working(kafka, tmp_path / "worker.log") as worker:
        await until(lambda: worker.has(PARTITIONS), 40, "the worker ready")
        await until(lambda: listens(api), 30, "the API ready")
        logs = {"log of the API": api.log, "log of the worker": tmp_path / "worker.log"}
        found = await let_fly(kafka, (api, worker), 40, logs, within_s=30)
    sys.stdout.write(f"{found}\n")
    assert (found.others, found.own, found.shut) == (0, 40, 39)
    assert found.looked_for == (found.frames + found.answers) * 39
    assert set(found.elsewhere.values()) == {0}


def test_a_signed_in_page_is_live_and_a_stranger_is_asked_for_a_token(api: outside.Api, tmp_path: Path) -> None:
    """A wrong token is told so; the operator's opens the page, its switch works, and a reload asks nothing."""
    good = token(Caller("operator"))["Authorization"].removeprefix("Bearer ")
    with browser.browsing() as chromium:
        page = chromium.new_page(viewport={"width": 1280, "height": 800})
        page.goto(api.url)
        expect(page.locator("#session")).to_be_visible()
        page.get_by_label("Token").fill("let.me.in")
        page.get_by_role("button", name="Sign in").click()
        expect(page.locator("#session-said")).to_contain_text("no operator's token")
        page.screenshot(path=tmp_path / "sign-in.png")
        page.get_by_label("Token").fill(good)
        page.get_by_role("button", name="Sign in").click()
        expect(page.locator("#link")).to_contain_text("Live")
        page.get_by_role("switch").click()
        expect(page.get_by_role("switch")).to_contain_text("leaves all alone")
        page.get_by_role("switch").click()
        expect(page.get_by_role("switch")).to_contain_text("adapts")
        page.reload()
        expect(page.locator("#link")).to_contain_text("Live")
        expect(page.locator("#session")).to_be_hidden()
        assert page.evaluate("document.cookie") == ""


def test_on_every_address_the_key_that_everybody_knows_is_refused(environment: dict[str, str]) -> None:
    """Exit code 2 and one sentence that names the variable; nothing listened."""
    open_to_all = {**os.environ, **environment, "WHITEWATER_API_HOST": "0.0.0.0", "WHITEWATER_API_PORT": "0"}  # noqa: S104 - the point
    del open_to_all["WHITEWATER_TOKEN_KEYS"]
    ended = subprocess.run(
        [sys.executable, "-m", "engagement_api"],
        env=open_to_all,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert ended.returncode == 2
    assert "WHITEWATER_TOKEN_KEYS is not set, and 0.0.0.0 is not this machine's own address" in ended.stderr
    assert "Serving" not in ended.stderr
    assert ended.stderr.count("\n") == 1
