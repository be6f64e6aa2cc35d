"""The report as one HTML document: verdict, tiles, thresholds, plots, tables, and how to read them.

It refuses to know who draws (an engine, a style and a script are handed in) and it fetches nothing: a content security
policy in its head forbids every address, so a page that opens here opens anywhere. Strange: whatever stands in the run
may have been named by somebody who means no good, so words are escaped as HTML, and the figures for the script as JSON
in which no tag can end.
"""

from html import escape
from typing import Final

import msgspec

from load import tables
from load.charts import Chart, Drawn, drawn
from load.timeline import Loaded
from load.words import NOTHING, headline, length, ms, number, outcome

POLICY: Final = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:"
HOW: Final = """
<p>The load is an <b>open model</b>: when somebody sits down, and when a boat moves, was decided before the run. Players
do not wait for an answer before they go on, so a slow river gets no fewer events.</p>
<p><b>Corrected latency.</b> A latency is counted from the moment its event was <em>due</em>, not from when it could be
sent. If the stack, or the generator, stands still for a second, every event of that second waits in the figures too. A
tool that waits for each answer would have measured one slow event and left out the rest (coordinated omission).</p>
<p><b>p99</b> is the latency that 99 of 100 events did not exceed. The plots show it for each second of its own; the
table of stages shows it for all of them together, and the two may not be averaged into each other. A profile that asks
about a level (constant, soak, find-max) leaves the seconds in which its crowd arrives out of that table.</p>
<p><b>Lag</b> counts the events on the topic that no worker has committed. A worker commits once a second, so a healthy
lag is about one second of events and never zero. A lag that rises and does not fall again is a stack that cannot keep
up.</p>
<p><b>Late steps</b> are the generator's own. When more than 1 % of them begin over 10 ms late, the generator was
saturated, and the run is <b>void</b>: it says nothing about the stack.</p>
<p><b>Lost</b>: acknowledged by the broker, but missing from its topic or never folded into what is believed.
<b>Doubled</b>: folded more than once. Both were counted event by event after the run.</p>
"""
THIN: Final = (
    "Each point stands for {}: counts and cores are its mean, everything else is its worst second; the lowest acked "
    "and the highest cores have lines of their own, so no peak is lost."
)
HINT: Final = (
    "Hover over a plot, or focus it and press the arrow keys, to read all of them at one moment; drag to look closer."
)


class Tools(msgspec.Struct, frozen=True):
    """What a page needs besides a run: a drawing library, our script, our style."""

    engine: str
    script: str
    style: str


def sheet(loaded: Loaded, tools: Tools) -> str:
    """The whole document; the same run gives the same bytes."""
    shown = drawn(loaded)
    state, title = outcome(loaded), headline(loaded)
    parts = [
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        f"<title>{escape(title)} - whitewater load</title><style>{tools.style}</style></head><body>",
        '<a class="skip" href="#plots">To the plots</a>',
        f'<header class="{state}"><p>whitewater load, {escape(_about(loaded))}</p><h1>{escape(title)}</h1></header>',
        "<main>",
        _tiles(loaded),
        f'<div class="pair">{tables.thresholds(loaded) if loaded.thresholds else ""}{tables.stages(loaded)}</div>',
        _search(loaded),
        _plots(shown),
        tables.faults(loaded) if loaded.faults else "",
        f"<details><summary>The plots as figures</summary>{tables.seconds(loaded)}</details>" if loaded.moments else "",
        tables.machine(loaded),
        f"<section><h2>How to read it</h2>{HOW}</section></main>",
        f'<script type="application/json" id="run">{_data(loaded, shown)}</script>',
        f"<script>{tools.engine}</script><script>{tools.script}</script></body></html>\n",
    ]
    return "\n".join(part for part in parts if part)


def _about(loaded: Loaded) -> str:
    on = f" on {loaded.target}" if loaded.target else ""
    return f"{loaded.profile}: {loaded.players:,} players in {length(loaded.seconds)}{on}"


def _tiles(loaded: Loaded) -> str:
    end_to_end = loaded.latency_ms.adaptation
    tiles = {
        "players": f"{loaded.players:,}",
        "events acked a second": number(loaded.events_per_s),
        "lost": _counted(loaded.lost),
        "doubled": _counted(loaded.doubled),
        "end to end, p50": ms(end_to_end.p50),
        "end to end, p99": ms(end_to_end.p99),
        "gave first": loaded.gave_first or ("nothing (all held)" if outcome(loaded) == "held" else "not known"),
    }
    if loaded.highest:
        tiles["highest that held"] = (
            f"{number(loaded.highest.events_per_s)} events/s ({loaded.highest.players:,} players)"
        )
    return f'<dl class="tiles">{"".join(_tile(name, value) for name, value in tiles.items())}</dl>'


def _tile(name: str, value: str) -> str:
    """What stands in brackets is the small print."""
    large, _, small = value.partition(" (")
    fine = f" <small>{escape(small.removesuffix(')'))}</small>" if small else ""
    return f"<div><dt>{escape(name)}</dt><dd>{escape(large)}{fine}</dd></div>"


def _counted(count: int | None) -> str:
    return "not counted" if count is None else f"{count:,}"


def _search(loaded: Loaded) -> str:
    if not loaded.tries:
        return ""
    held = (
        f"{loaded.highest.players:,} players at {number(loaded.highest.events_per_s)} events/s"
        if loaded.highest
        else NOTHING
    )
    words = f"{len(loaded.tries)} tries; the highest load that held everything: {held}."
    return f"<section><h2>Search</h2>{_figure('search', 'Players of every try', words)}{tables.tries(loaded)}</section>"


def _plots(shown: Drawn) -> str:
    if not shown.charts:
        return ""
    thin = f"<p>{THIN.format(length(shown.stretch_s))}</p>" if shown.stretch_s > 1 else ""
    figures = "".join(_chart(chart, shown) for chart in shown.charts)
    return (
        f'<section id="plots"><h2>Over time</h2><p>{HINT}</p>{thin}<p id="said" role="status"></p>{figures}</section>'
    )


def _chart(chart: Chart, shown: Drawn) -> str:
    ended = " ".join(f"{each.words[:1].upper()}{each.words[1:]}." for each in shown.faults)
    return _figure(chart.name, chart.title, f"{chart.words} {ended}".strip())


def _figure(name: str, title: str, words: str) -> str:
    by = f'aria-labelledby="{name}-title" aria-describedby="{name}-words"'
    return (
        f'<figure><h3 id="{name}-title">{escape(title)}</h3>'
        f'<div class="plot" id="{name}" role="img" tabindex="0" {by}></div>'
        f'<figcaption id="{name}-words">{escape(words)}</figcaption></figure>'
    )


def _data(loaded: Loaded, shown: Drawn) -> str:
    """What the script draws; `<` is written as JSON may write it, so that no word can end the element."""
    told = {**msgspec.to_builtins(shown), "tries": msgspec.to_builtins(loaded.tries)}
    return msgspec.json.encode(told).decode().replace("<", "\\u003c")
