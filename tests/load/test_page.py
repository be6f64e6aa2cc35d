"""The report as a document: what it says first, what it never fetches, and that nobody's name becomes part of it."""

import ast
import json
import re
from html.parser import HTMLParser
from pathlib import Path

from msgspec.structs import replace

from bots.report import Machine
from load import page as door
from load.sheet import Tools, sheet
from load.timeline import Fault, Judged
from tests.load import invented

TOOLS = Tools("/* engine */", "/* script */", "/* style */")
VOID_TAGS = frozenset({"meta"})


class Document(HTMLParser):
    """The tags of a page with their attributes, its words, and what is left open."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID_TAGS:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in {"script", "style"}:
            self.texts.append(data)

    @property
    def words(self) -> str:
        """All that is read, in one line."""
        return re.sub(r"\s+", " ", " ".join(self.texts))


def told(page: str) -> dict[str, object]:
    """What the script is given to draw."""
    found = re.search(r'<script type="application/json" id="run">(.*?)</script>', page, re.DOTALL)
    assert found
    answer: dict[str, object] = json.loads(found[1])
    return answer


def test_the_page_fetches_nothing() -> None:
    """No element names another place, no style does, and the page itself forbids every address."""
    page = sheet(invented.searched(), TOOLS)
    of = Document(page)
    assert not [each for each in of.tags if {"src", "srcset", "data", "action"} & each[1].keys() or each[0] == "link"]
    assert {attributes["href"] for _, attributes in of.tags if "href" in attributes} == {"#plots"}
    assert not re.search(r"url\(|@import|https?:", page)
    assert "default-src 'none'" in page
    assert not of.open


def test_a_name_is_never_part_of_the_page() -> None:
    """Target, family, machine and a search's words come from outside: they are read, and neither tags nor an end."""
    nasty = invented.NASTY
    page = sheet(
        invented.loaded(
            target=nasty,
            family=nasty,
            versions={nasty: nasty},
            machine=Machine(2, 8.0, nasty, nasty),
            gave_first=nasty,
            thresholds=(Judged(nasty, None, holds=False),),
            moments=tuple(invented.moment(second, cores={nasty: 0.5}) for second in (1, 2)),
        ),
        TOOLS,
    )
    of = Document(page)
    assert "img" not in {tag for tag, _ in of.tags}
    assert len([tag for tag, _ in of.tags if tag == "script"]) == 3
    assert of.words.count(nasty) >= 7
    assert nasty in json.dumps(told(page), ensure_ascii=False).replace('\\"', '"')


def test_the_verdict_comes_first() -> None:
    """Held and failed by the thresholds; and void whatever they say, for a late generator measured itself."""
    broken = (Judged("e2e_ms:p99<100", 104.0, holds=False), Judged("lost==0", 0.0, holds=True))
    said = {
        "Held: all 2 thresholds": invented.loaded(),
        "Failed: 1 of 2 thresholds did not hold; the worker gave first": invented.loaded(
            thresholds=broken, gave_first="the worker (0.95 of a core)"
        ),
        "Void: the generator itself was saturated, 2 % of its steps began late (1 % may)": invented.loaded(
            thresholds=broken, ticks=1_000, late_starts=20
        ),
        "Held up to 3,000 events/s with 1,500 players; the API gave first": invented.searched(),
        "Held up to 3,000 events/s with 1,500 players; the generator gave first, so the stack may hold more": replace(
            invented.searched(), gave_first="the generator (3.1% of its steps were late)"
        ),
        "Failed: no load was found that holds; the worker gave first": invented.loaded(
            profile="find-max", gave_first="the worker (0.95 of a core)"
        ),
    }
    for words, run in said.items():
        assert f"<h1>{words}</h1>" in sheet(run, TOOLS)


def test_every_plot_is_also_told() -> None:
    """Each has a heading and a caption that its element points to; the lag's names its peak and the fault."""
    page = sheet(invented.loaded(), TOOLS)
    tags = Document(page).tags
    plots = [attributes for _, attributes in tags if attributes.get("class") == "plot"]
    names = {str(attributes["id"]) for _, attributes in tags if "id" in attributes}
    assert len(plots) == 8
    assert all({each["aria-labelledby"], each["aria-describedby"]} <= names for each in plots)
    assert "At most 8,500 events (at 34 s); 2,000 when the last player went home." in page
    assert page.count("Worker ended at 30 s, well again after 4.2 s.") == 8


def test_tables_are_tables() -> None:
    """Captions, heads of columns and of rows; what was measured stands beside what was asked."""
    of = Document(sheet(invented.loaded(faults=(Fault("worker", 30.0, None),)), TOOLS))
    tags = [tag for tag, _ in of.tags]
    assert tags.count("caption") == tags.count("table") == 5
    assert {attributes.get("scope") for tag, attributes in of.tags if tag == "th"} == {"col", "row"}
    assert "e2e_ms:p99 < 250 104 ms ✓ holds" in of.words
    assert "worker 30 s not while the run lasted" in of.words


def test_a_run_without_a_moment_still_has_a_page() -> None:
    """It ended before its first second did."""
    run = invented.loaded(moments=(), faults=(), thresholds=(), schedule=())
    of = Document(sheet(run, TOOLS))
    assert not [attributes for _, attributes in of.tags if attributes.get("class") == "plot"]
    assert "Held: nothing was asked of it" in of.words


def test_the_same_run_gives_the_same_page() -> None:
    """To the last byte."""
    assert sheet(invented.searched(), TOOLS) == sheet(invented.searched(), TOOLS)


def test_only_whoever_draws_pays_for_plotly() -> None:
    """The page's door imports the plotting library when it is asked for a page, and not before."""
    first = ast.parse(Path(door.__file__).read_text(encoding="utf-8")).body
    assert not [
        line for line in first if isinstance(line, ast.Import | ast.ImportFrom) and "plotly" in ast.unparse(line)
    ]
