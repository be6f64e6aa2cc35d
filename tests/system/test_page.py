"""The live page in a real browser: what it shows, what it never does."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from contract.signals import SignalUpdated
from tests.system import api_process as outside
from tests.system import browser

pytestmark = pytest.mark.system
NASTY = "<img src=x onerror=alert(1)>"


@pytest.fixture(name="api", scope="module")
def _api(kafka: str, redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[outside.Api]:
    """One API for all tests of the page."""
    folder = tmp_path_factory.mktemp("page")
    environment = {
        "WHITEWATER_KAFKA": kafka,
        "WHITEWATER_REDIS": redis_url,
        "DATABASE_URL": f"sqlite+aiosqlite:///{folder / 'history.db'}",
    }
    with outside.running(folder, environment) as api:
        yield api


@pytest.fixture(name="chromium", scope="module")
def _chromium() -> Iterator[Browser]:
    """One browser for all tests of the page."""
    with browser.browsing() as chromium:
        yield chromium


def tell(kafka: str, *signals: SignalUpdated) -> None:
    """Put beliefs on their topic."""

    async def told() -> None:
        async with outside.speaking(kafka) as producer:
            await outside.say(producer, *signals)

    with ThreadPoolExecutor(1) as elsewhere:  # this thread's event loop is the browser's
        elsewhere.submit(lambda: asyncio.run(told())).result()


def open_page(chromium: Browser, api: outside.Api, width: int = 1280) -> tuple[Page, list[str]]:
    """The page once it hears of what happens, and a list that fills with everything it complains about."""
    page = chromium.new_page(viewport={"width": width, "height": 800})
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda fault: complaints.append(str(fault)))
    page.goto(api.url)
    expect(page.locator("#link")).to_contain_text("Live")
    return page, complaints


def crowd(rounds: int) -> list[SignalUpdated]:
    """A person and some bots, each somewhere else on the river."""
    states = ("build_up", "peak", "fade", "relax")
    return [
        outside.belief(
            f"paddler-{number}", 10 * rounds, rounds=rounds, session_rounds=rounds, in_round=False,
            rapid=1 + number * 3, difficulty=-1.6 + number / 2, streak=number - 3, last3=int(number > 3),
            skill=-1.5 + number / 2, skill_sigma=0.4, success=0.15 + number / 12, flow_gap=-1.4 + number * 0.4,
            pace_state=states[number % 4], consent=number != 5,
        )
        for number in range(8)
    ]  # fmt: skip


def test_players_and_goals_appear_as_they_happen(
    kafka: str, api: outside.Api, chromium: Browser, tmp_path: Path
) -> None:
    """Eight players paddle: eight rows, their goals with their reasons, nothing to complain about."""
    page, complaints = open_page(chromium, api)
    tell(kafka, *crowd(6))
    expect(page.locator("#rows tr").filter(has_text="paddler-")).to_have_count(8)
    expect(page.locator("#feed")).to_contain_text("You asked the river to leave you alone.")
    expect(page.locator("#alone")).to_have_text("1")
    expect(page.locator("#p50")).to_contain_text(".")
    tell(kafka, *crowd(7))
    expect(page.locator("#feed")).to_contain_text("goal 2")
    page.screenshot(path=tmp_path / "page.png")
    assert complaints == []


def test_a_player_may_be_called_anything(kafka: str, api: outside.Api, chromium: Browser) -> None:
    """A name full of HTML is shown as it is written, and makes no element."""
    page, complaints = open_page(chromium, api)
    tell(kafka, outside.belief(NASTY, 1))
    expect(page.get_by_role("rowheader").filter(has_text=NASTY)).to_be_visible()
    assert page.locator("tbody img, #feed img").count() == 0
    assert complaints == []


def test_a_player_is_explained(kafka: str, api: outside.Api, chromium: Browser) -> None:
    """A click on a player shows what was decided, and what it rests on."""
    page, complaints = open_page(chromium, api)
    tell(kafka, outside.lost("p-explained", 1, 1, lost_by="rock", losses_alike=1))
    page.get_by_role("row").filter(has_text="p-explained").click()
    expect(page.locator("#why-list")).to_contain_text("That one got the better of you")
    expect(page.locator("#why-list")).to_contain_text("skill sigma")
    assert complaints == []


def test_the_switch_turns_adaptation_off_and_on(api: outside.Api, chromium: Browser) -> None:
    """What the page says and what the API says are the same."""
    page, _ = open_page(chromium, api)
    page.get_by_role("switch").click()
    expect(page.get_by_role("switch")).to_contain_text("leaves all alone")
    assert httpx.get(api.url + "/v1/adaptation").json() == {"on": False}
    page.get_by_role("switch").click()
    expect(page.get_by_role("switch")).to_contain_text("adapts")
    assert httpx.get(api.url + "/v1/adaptation").json() == {"on": True}


@pytest.mark.parametrize("width", [1280, 400])
def test_the_page_fits_its_window(kafka: str, api: outside.Api, chromium: Browser, tmp_path: Path, width: int) -> None:
    """Nothing reaches past the right edge, on a desk or on a phone."""
    page, _ = open_page(chromium, api, width)
    tell(kafka, *crowd(8))
    expect(page.locator("#rows tr").first).to_be_visible()
    page.screenshot(path=tmp_path / f"page-{width}.png")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_page_may_load_nothing_from_elsewhere(api: outside.Api) -> None:
    """The policy is the strict one, and the page keeps it: no script, style or handler stands in the HTML."""
    response = httpx.get(api.url + "/")
    assert response.headers["content-security-policy"].startswith("default-src 'self'")
    assert "<style" not in response.text
    assert "style=" not in response.text
    assert response.text.count("<script") == response.text.count('src="/river.js"') == 1
    assert "http://" not in response.text
    assert "https://" not in response.text
