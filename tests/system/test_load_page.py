"""The report of a load run in a real browser, as somebody opens it who was mailed the file."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Request, expect

from load.page import page as written
from tests.load import invented
from tests.system.browser import browsing

pytestmark = pytest.mark.system
TROUBLE = "window.trouble = []; addEventListener('securitypolicyviolation', (each) => trouble.push(each.blockedURI))"


@pytest.fixture(name="report", scope="module")
def _report(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Page, list[str]]]:
    """The report, opened from disk once for all tests, and all that it complained of or asked for."""
    file = tmp_path_factory.mktemp("load") / "report.html"
    file.write_text(written(invented.searched()), encoding="utf-8")
    trouble: list[str] = []

    def asked(request: Request) -> None:
        if not request.url.startswith(("file:", "data:", "blob:")):
            trouble.append(request.url)

    with browsing() as chromium:
        page = chromium.new_page(viewport={"width": 1400, "height": 900})
        page.add_init_script(TROUBLE)
        page.on("console", lambda message: trouble.append(message.text))
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("request", asked)
        page.goto(file.as_uri())
        expect(page.locator("#late .scatterlayer .trace")).to_have_count(1)
        yield page, trouble


def test_all_plots_are_read_together(report: tuple[Page, list[str]]) -> None:
    """A hover or an arrow key reads all eight at one moment, a zoom moves all; nothing is fetched or complained of."""
    page, trouble = report
    page.locator("#throughput .nsewdrag").hover()
    expect(page.locator(".plot .hoverlayer .legend")).to_have_count(8)
    page.locator("#lag").press("ArrowRight")
    expect(page.locator("#said")).to_contain_text("at 1 s: lag 50")
    page.evaluate("Plotly.relayout('lag', {'xaxis.range[0]': 20, 'xaxis.range[1]': 40})")
    for plot in ("throughput", "latency-adaptation", "late"):
        expect(page.locator(f"#{plot} .xtick text").first).to_have_text("20 s")
    assert page.locator("#search .scatterlayer .trace").count() == 3
    assert not trouble + page.evaluate("window.trouble")


def test_no_button_sends_the_run_away(report: tuple[Page, list[str]]) -> None:
    """Plotly's own tool bar has one that uploads a chart; ours has four that do not."""
    page, _ = report
    titles = page.locator("#lag .modebar-btn").evaluate_all("all => all.map((each) => each.dataset.title)")
    assert titles == ["Download plot as a PNG", "Zoom", "Pan", "Reset axes"]


def test_the_report_fits_a_phone_in_the_dark(report: tuple[Page, list[str]]) -> None:
    """At 400 pixels nothing is wider than the screen, and the plots follow the reader's system into the dark."""
    page, trouble = report
    page.set_viewport_size({"width": 400, "height": 900})
    page.emulate_media(color_scheme="dark")
    drawing = page.locator("#late .main-svg").first
    expect(drawing).to_have_css("background-color", "rgb(16, 22, 28)")
    expect(drawing).to_have_attribute("width", "376")
    assert page.evaluate("document.documentElement.scrollWidth") == 400
    assert not trouble
