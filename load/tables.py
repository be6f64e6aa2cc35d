"""The report's tables: real ones, with a caption and heads, everything escaped.

It refuses to know where a table stands. Strange: a verdict is a word and a mark first and a colour second, so that it
survives print, a screen reader and the colour-blind.
"""

import re
from collections.abc import Sequence
from html import escape
from itertools import groupby
from typing import Final

from load.thinned import stretches
from load.timeline import Judged, Loaded, Moment
from load.words import NOTHING, STAGES, length, ms, number

ROWS: Final = 60
"""Of the table beneath the plots."""
ASKED: Final = re.compile(r"\s*([a-z0-9_:]+)\s*(<=|>=|==|!=|<|>)\s*(.+)")
Cells = Sequence[str]


def table(caption: str, heads: Cells, rows: Sequence[Cells], marks: Sequence[str] = ()) -> str:
    """A table whose first column names its rows; `marks` are the rows' classes. Numbers stand to the right."""
    right = [bool(rows) and all(re.match(r"[\d,.+-]+( |$)", row[place]) for row in rows) for place in range(len(heads))]
    align = [' class="figure"' if each else "" for each in right]
    head = "".join(f'<th scope="col"{a}>{escape(each)}</th>' for each, a in zip(heads, align, strict=True))
    body = []
    for place, (first, *others) in enumerate(rows):
        mark = f' class="{marks[place]}"' if marks else ""
        cells = "".join(f"<td{a}>{escape(each)}</td>" for each, a in zip(others, align[1:], strict=True))
        body.append(f'<tr{mark}><th scope="row"{align[0]}>{escape(first)}</th>{cells}</tr>')
    return (
        f'<div class="wide" role="region" tabindex="0" aria-label="{escape(caption)}">'
        f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(body)}</tbody></table></div>"
    )


def thresholds(loaded: Loaded) -> str:
    """What was asked and what was measured."""
    rows = [_judged(each) for each in loaded.thresholds]
    marks = ["holds" if each.holds else "broken" for each in loaded.thresholds]
    return table("Thresholds: measured against asked", ("threshold", "asked", "measured", ""), rows, marks)


def _judged(each: Judged) -> Cells:
    split = ASKED.fullmatch(each.text)
    what, asked = (split[1], f"{split[2]} {split[3]}") if split else (each.text, "")
    measured = ms(each.measured) if "_ms:" in what else number(each.measured)
    return what, asked, measured if each.measured is not None else "nothing", "✓ holds" if each.holds else "✗ broken"


def stages(loaded: Loaded) -> str:
    """The run's latencies as a whole."""
    rows = []
    for stage in STAGES:
        of = getattr(loaded.latency_ms, stage)
        rows.append((stage, *(ms(value) for value in (of.p50, of.p90, of.p99, of.p999, of.max)), f"{of.n:,}"))
    return table("Latency by stage", ("stage", "p50", "p90", "p99", "p99.9", "max", "measured"), rows)


def faults(loaded: Loaded) -> str:
    """What was ended on purpose."""
    rows = [
        (each.part, length(each.at_s), "not while the run lasted" if each.back_s is None else f"{each.back_s:.1f} s")
        for each in loaded.faults
    ]
    return table("Parts ended on purpose", ("part", "ended at", "well again after"), rows)


def tries(loaded: Loaded) -> str:
    """How the highest load was searched for."""
    rows = [
        (f"{place}", f"{each.players:,}", number(each.events_per_s), "✓ held" if each.holds else "✗ broke", each.why)
        for place, each in enumerate(loaded.tries, 1)
    ]
    marks = ["holds" if each.holds else "broken" for each in loaded.tries]
    return table("How the search went", ("try", "players", "events/s", "", "why"), rows, marks)


def machine(loaded: Loaded) -> str:
    """Where it was measured, with what, and what was asked for."""
    of = loaded.machine
    rows = [
        ("target", loaded.target or NOTHING),
        ("profile", loaded.profile),
        ("schedule", _schedule(loaded)),
        ("players leave by", loaded.family),
        ("seed", f"{loaded.seed}"),
        ("generator processes", f"{loaded.processes}"),
        ("cores", f"{of.cores or 'not known'}"),
        ("memory", f"{of.memory_gb:.1f} GB"),
        ("Python", of.python),
        ("system", of.system),
        *sorted(loaded.versions.items()),
    ]
    return table("Plan, machine and versions", ("what", "value"), rows)


def _schedule(loaded: Loaded) -> str:
    """Its first points; a step is two points at one moment."""
    points = [f"{point.players:,} at {length(point.at_s)}" for point in loaded.schedule]
    return ", ".join(point for point, _ in groupby(points[:8])) + (" ..." if len(points) > 8 else "")


def seconds(loaded: Loaded) -> str:
    """The plots as figures: the worst of at most sixty stretches."""
    of = stretches(loaded.moments, ROWS)
    rows = [_stretch(stretch) for stretch in of]
    caption = f"{length(len(of[0]))} a row: players, lag and latencies of its worst second, counts in all"
    heads = ("until", "players", "offered", "acked", "lag", *(f"{stage} p99" for stage in STAGES), "applied", "late")
    return table(caption, heads, rows)


def _stretch(of: Sequence[Moment]) -> Cells:
    p99s = [max((m_p99 for m in of if (m_p99 := getattr(m, stage).p99) is not None), default=None) for stage in STAGES]
    return (
        length(of[-1].at_s),
        f"{max(m.players for m in of):,}",
        f"{sum(m.offered for m in of):,}",
        f"{sum(m.acked for m in of):,}",
        number(max((m.lag for m in of if m.lag is not None), default=None)),
        *(ms(value) for value in p99s),
        f"{sum(m.applied for m in of):,}",
        f"{sum(m.late for m in of):,}",
    )
