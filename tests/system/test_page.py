"""The live page in a real browser: what it shows, what it never does."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from msgspec import to_builtins
from playwright.sync_api import Browser, Page, expect

from contract.signals import SignalUpdated
from engagement_api.trial import Branch, Trial, branch_of
from tests.system import api_process as outside
from tests.system import browser, putting_aside

pytestmark = pytest.mark.system
NASTY = "<img src=x onerror=alert(1)>"
SLASHED = "p-cur<b>ious</b>"
TRIAL = Trial("spring", (Branch("as <i>drawn</i>", "P0", 0.5), Branch("on target", "P2", 0.5)))
BROKEN = {
    "trial": to_builtins(TRIAL),
    "since": "2026-11-23T12:00:00Z",
    "arms": [
        {"name": "as drawn", "policy": "P0", "share": 0.5, "control": True, "n": 900, "rounds": 20.0, "lift": None,
         "p": None},
        {"name": "on target", "policy": "P2", "share": 0.5, "control": False, "n": 600, "rounds": 21.0,
         "lift": {"lift": 0.05, "low": 0.01, "high": 0.09}, "p": 0.03},
    ],
    "srm": {"p": 1e-14, "alarm": True},
}  # fmt: skip
"""An answer of the API about a trial that loses players."""


@pytest.fixture(name="api", scope="module")
def _api(kafka: str, redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[outside.Api]:
    """One API for all tests of the page."""
    folder = tmp_path_factory.mktemp("page")
    environment = {
        "WHITEWATER_KAFKA": kafka,
        "WHITEWATER_REDIS": urlsplit(redis_url)._replace(path="/1").geturl(),  # others' players would fill the list
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


def test_what_was_refused_is_on_the_page_as_text(kafka: str, api: outside.Api, chromium: Browser) -> None:
    """Its bytes as they were sent, and no element made of them; settled, it says so."""
    page, complaints = open_page(chromium, api)
    putting_aside.refuse(kafka, "refused-on-a-page", SLASHED, f"nonsense {NASTY}")
    entry = page.locator("#failed-newest li").filter(has_text="refused-on-a-page").filter(has_text=SLASHED)
    expect(entry.locator("code")).to_have_text(f"nonsense {NASTY}")
    putting_aside.settle(kafka, "refused-on-a-page", SLASHED)
    expect(entry.locator(".stands")).to_have_text("settled")
    assert (page.locator(".failed img, .failed code b").count(), complaints) == (0, [])


def test_a_player_is_explained(kafka: str, api: outside.Api, chromium: Browser) -> None:
    """A click on a player shows what was decided, and what it rests on."""
    page, complaints = open_page(chromium, api)
    tell(kafka, outside.lost("p-explained", 1, 1, lost_by="rock", losses_alike=1))
    page.get_by_role("row").filter(has_text="p-explained").click()
    expect(page.locator("#why-list")).to_contain_text("That one got the better of you")
    expect(page.locator("#why-list")).to_contain_text("skill sigma")
    assert complaints == []


def test_any_player_is_found_and_explained_without_a_mouse(
    kafka: str, api: outside.Api, chromium: Browser, tmp_path: Path
) -> None:
    """Belief, goal and decisions in words, for a name with tags and slashes and for one that nobody has."""
    page, complaints = open_page(chromium, api)
    tell(kafka, outside.lost(SLASHED, 1, 1, lost_by="rock"), outside.lost(SLASHED, 2, 1, lost_by="rock", consent=False))
    expect(page.locator("#rows tr").filter(has_text=SLASHED)).to_be_visible()
    page.get_by_label("Find a player").fill("cur<b>")
    expect(page.locator("#rows tr")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("#why-title")).to_contain_text(SLASHED)
    expect(page.locator("#why-beliefs")).to_contain_text("last lost by")
    expect(page.locator("#why-goal")).to_contain_text("P0 designer")
    expect(page.locator("#why-list li")).to_have_count(2)
    expect(page.locator("#why-list")).to_contain_text("asked to be left alone")
    expect(page.locator("#why-list")).to_contain_text("P2 target")
    page.screenshot(path=tmp_path / "why.png")
    page.keyboard.press("Escape")
    page.get_by_label("Find a player").fill("p-nobody")
    page.keyboard.press("Enter")
    expect(page.locator("#why-said")).to_contain_text("Nobody of this name")
    assert page.locator("#why b").count() == 0
    assert [words for words in complaints if "404" not in words] == []


def test_a_crowd_is_searched_and_not_listed(kafka: str, api: outside.Api, chromium: Browser) -> None:
    """Five hundred players: sixty rows, and any of the others by name, on the page or only in the history."""
    tell(kafka, *(outside.lost(f"c-{number:03}", 1, 1) for number in range(500)))
    outside.until(lambda: api.decisions("c-499"), 10, api)
    page, complaints = open_page(chromium, api)
    expect(page.locator("#found")).to_contain_text("60 of")
    assert page.locator("#rows tr").count() == 60
    for name in ("c-499", "c-000", "c-250"):
        page.get_by_label("Find a player").fill(name)
        page.get_by_role("button", name="Why?").click()
        expect(page.locator("#why-title")).to_contain_text(name)
        expect(page.locator("#why-list li")).to_have_count(1)
        page.get_by_role("button", name="Close").click()
    assert complaints == []


def test_a_running_trial_is_shown_with_its_arms(
    kafka: str, api: outside.Api, chromium: Browser, tmp_path: Path
) -> None:
    """Started over HTTP, beliefs of sixty players, and the page counts them arm by arm; stopped, it says so."""
    page, complaints = open_page(chromium, api)
    expect(page.locator("#untried")).to_contain_text("No trial runs")
    httpx.put(api.url + "/v1/experiment", json=to_builtins(TRIAL)).raise_for_status()
    players = [f"t-{number}" for number in range(60)]
    for rounds in (1, 2, 3):
        tell(kafka, *(outside.lost(player, rounds, rounds) for player in players))
    seats = Counter(branch.name for player in players if (branch := branch_of(player, TRIAL)))
    for name in ("as <i>drawn</i>", "on target"):
        row = page.locator("#arms tr").filter(has_text=name)
        expect(row.locator(".n")).to_have_text(str(seats[name]))
        expect(row.locator(".mean")).to_have_text("2.00")
    expect(page.locator("#arms tr").filter(has_text="held out").locator(".n")).to_have_text(str(seats["held_out"]))
    expect(page.locator("#arms tr").filter(has_text="on target")).to_contain_text("P2 target")
    expect(page.locator("#srm")).to_contain_text("fits the shares")
    expect(page.locator("#srm-p")).to_contain_text("60 players")
    page.screenshot(path=tmp_path / "trial.png", full_page=True)
    assert httpx.put(api.url + "/v1/experiment", content=b"null").json()["trial"] is None
    expect(page.locator("#untried")).to_contain_text("No trial runs")
    assert complaints == []


def test_a_ratio_that_cannot_be_chance_is_an_alarm_in_words(api: outside.Api, chromium: Browser) -> None:
    """Not in colour alone; and an interval is drawn beside its zero, and written."""
    page, complaints = open_page(chromium, api)
    page.route("**/v1/experiment", lambda route: route.fulfill(json=BROKEN))
    expect(page.locator("#srm")).to_contain_text("Alarm: who was exposed does not fit")
    row = page.locator("#arms tr").filter(has_text="on target")
    expect(row.locator(".lift span")).to_have_text("+5.0 % (+1.0 % to +9.0 %)")
    expect(row.locator(".chance")).to_contain_text("differs")
    zero, band = row.locator(".zero").bounding_box(), row.locator(".reach").bounding_box()
    assert zero is not None
    assert band is not None
    assert band["x"] > zero["x"]
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
