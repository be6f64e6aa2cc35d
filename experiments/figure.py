"""The figure: a line for every estimate, its interval upon it, harm at the top and zero in plain sight.

It refuses to know where the numbers come from and where the SVG goes. Drawn by hand and not by a plotting library: the
file is the same for the same numbers to the last byte, its letters stay letters for whoever reads by ear or by search,
it follows the reader's light or dark, and a report needs no second of import. Strange: a verdict is told by the mark's
shape first and by its colour second, so it survives a black-and-white print and the colour-blind.
"""

from collections.abc import Sequence
from html import escape
from math import ceil, floor
from typing import Final

from msgspec import Struct

from experiments.results import Comparison, Estimate, Results, Verdict, harms
from experiments.sentences import BAND, digits_of, percent, points

WIDTH: Final = 900
LEFT: Final = 250
"""Where the plot begins, right of the names; in user units, like all lengths here."""
RIGHT: Final = 660
"""Where it ends, left of the numbers."""
ROW: Final = 24
TOP: Final = 44
FOOT: Final = 76
STEPS: Final = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
MARKS: Final[dict[Verdict, str]] = {
    "harmful": "harmful: the interval lies below zero",
    "better": "better: above zero, and after Holm",
    "not shown": "no difference was shown",
    "nothing": "every pair did the very same",
}
STYLE: Final = """
.ww { --ink: #1d2733; --soft: #5a6675; --band: #cfe3ea; --harm: #b3261e; --good: #10633f; --page: #ffffff }
@media (prefers-color-scheme: dark) {
 .ww { --ink: #e8edf2; --soft: #a5b1be; --band: #21404b; --harm: #ff9188; --good: #6fd3a5; --page: #12181f }
}
.ww text { font: 13px system-ui, sans-serif; fill: var(--ink) } .ww .page { fill: var(--page) }
.ww .head { font-weight: 600 } .ww .soft { fill: var(--soft); font-size: 12px } .ww .band { fill: var(--band) }
.ww line, .ww .hollow { stroke: var(--ink) } .ww .grid { stroke: var(--soft); stroke-opacity: .25 }
.ww .whisker { stroke-width: 2 } .ww .hollow { fill: var(--page); stroke-width: 2 } .ww .same { stroke-width: 4 }
.ww .harmful { stroke: var(--harm) } .ww .harmful.mark { fill: var(--harm) }
.ww text.harmful { stroke: none; fill: var(--harm) }
.ww .better { stroke: var(--good) } .ww .better.mark { fill: var(--good) }
"""


class Row(Struct, frozen=True):
    """One line of the figure; without an estimate it is a heading."""

    name: str
    estimate: Estimate | None = None


def overview(results: Results) -> list[Row]:
    """What is harmful first, groups too, then every policy by family."""
    harmful = [
        Row(f"{harm.policy}, {harm.family}{f', {harm.group.name}' if harm.group else ''}", harm.estimate)
        for harm in harms(results)
    ]
    rows = [Row("Harmful"), *harmful] if harmful else [Row("Harmful: none")]
    for family in results.families:
        rows.append(Row(f"With {family}"))
        rows += [Row(of.policy, of.everyone) for of in results.comparisons if of.family == family]
    return rows


def closer(comparisons: Sequence[Comparison]) -> list[Row]:
    """Every sub-group of every policy."""
    rows = []
    for of in comparisons:
        rows.append(Row(f"{of.policy} with {of.family}"))
        rows += [Row(group.name, group.estimate) for group in of.groups]
    return rows


def draw(rows: Sequence[Row], title: str, name: str = "figure") -> str:
    """The rows as SVG; `name` tells its parts from those of another figure on the same page."""
    scale = Scale.around([row.estimate for row in rows if row.estimate])
    height = TOP + ROW * len(rows) + FOOT
    bottom = TOP + ROW * len(rows)
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="ww" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}"'
            f' height="{height}" role="img" aria-labelledby="{name}-title {name}-words">'
        ),
        f'<title id="{name}-title">{escape(title)}</title>',
        f'<desc id="{name}-words">{escape(in_words(rows))}</desc>',
        f"<style>{STYLE}</style>",
        f'<rect class="page" width="{WIDTH}" height="{height}"/>',
        *_ground(scale, bottom),
        *(line for number, row in enumerate(rows) for line in _row(row, TOP + ROW * number + ROW / 2, scale)),
        *_legend(bottom + 44),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def in_words(rows: Sequence[Row]) -> str:
    """The figure for somebody who does not see it."""
    return " ".join(f"{row.name}: {numbers(row.estimate)}." if row.estimate else f"{row.name}." for row in rows)


def numbers(estimate: Estimate) -> str:
    """`+4.2 % (+3.9 to +4.6)`, or that it is exactly zero."""
    if estimate.verdict == "nothing":
        return "exactly 0"
    digits = digits_of(estimate)
    low, high = (points(end, digits, signed=True) for end in (estimate.low, estimate.high))
    return f"{percent(estimate.lift, digits, signed=True)} ({low} to {high})"


class Scale(Struct, frozen=True):
    """From a lift to a place on the paper."""

    low: float
    high: float
    step: float

    @classmethod
    def around(cls, estimates: Sequence[Estimate]) -> "Scale":
        """The scale that holds every interval, zero and the published band."""
        low = min([-0.01, *(each.low for each in estimates)])
        high = max([BAND[1] + 0.01, *(each.high for each in estimates)])
        step = next((step for step in STEPS if (high - low) / step <= 9.0), 10.0)
        return cls(floor(low / step + 1e-9) * step, ceil(high / step - 1e-9) * step, step)

    def x(self, lift: float) -> float:
        """Where a lift is drawn, to a tenth of a unit."""
        return round(LEFT + (RIGHT - LEFT) * (lift - self.low) / (self.high - self.low), 1)

    def ticks(self) -> list[float]:
        """The lifts that are written below the plot."""
        return [self.low + self.step * number for number in range(round((self.high - self.low) / self.step) + 1)]


def _ground(scale: Scale, bottom: int) -> list[str]:
    begin, end, zero = scale.x(BAND[0]), scale.x(BAND[1]), scale.x(0.0)
    band = f"published trials, {100 * BAND[0]:.1f} to {100 * BAND[1]:.0f} %"
    lines = [
        f'<rect class="band" x="{begin}" y="{TOP - 6}" width="{round(end - begin, 1)}" height="{bottom - TOP + 6}"/>',
        f'<text class="soft" x="{begin}" y="{TOP - 12}">{band}</text>',
        f'<text class="soft" x="{RIGHT + 16}" y="{TOP - 12}">lift, 95 % interval</text>',
    ]
    digits = 0 if scale.step >= 0.01 else 1
    for tick in scale.ticks():
        x = scale.x(tick)
        lines.append(f'<line class="grid" x1="{x}" x2="{x}" y1="{TOP - 6}" y2="{bottom}"/>')
        lines.append(
            f'<text class="soft" x="{x}" y="{bottom + 16}" text-anchor="middle">{100 * tick:+.{digits}f} %</text>'
            if round(tick, 9)
            else f'<text class="soft" x="{x}" y="{bottom + 16}" text-anchor="middle">0</text>'
        )
    return [*lines, f'<line x1="{zero}" x2="{zero}" y1="{TOP - 6}" y2="{bottom}"/>']


def _row(row: Row, y: float, scale: Scale) -> list[str]:
    if row.estimate is None:
        return [f'<text class="head" x="12" y="{y + 4}">{escape(row.name)}</text>']
    of, verdict = row.estimate, row.estimate.verdict
    said = ' class="harmful"' if verdict == "harmful" else ""
    lines = [
        f'<text{said} x="28" y="{y + 4}">{escape(row.name)}</text>',
        f'<text{said} x="{RIGHT + 16}" y="{y + 4}">{numbers(of)}</text>',
    ]
    if verdict != "nothing":
        kind = "" if verdict == "not shown" else f" {verdict}"
        lines.append(f'<line class="whisker{kind}" x1="{scale.x(of.low)}" x2="{scale.x(of.high)}" y1="{y}" y2="{y}"/>')
    return [*lines, _mark(verdict, scale.x(of.lift), y)]


def _mark(verdict: Verdict, x: float, y: float) -> str:
    match verdict:
        case "harmful":
            return f'<path class="mark harmful" d="M{x - 6} {y - 5}h12l-6 11z"/>'
        case "better":
            return f'<circle class="mark better" cx="{x}" cy="{y}" r="5"/>'
        case "not shown":
            return f'<circle class="hollow" cx="{x}" cy="{y}" r="4"/>'
        case "nothing":
            return f'<line class="same" x1="{x}" x2="{x}" y1="{y - 7}" y2="{y + 7}"/>'


def _legend(y: int) -> list[str]:
    lines = []
    for number, (verdict, words) in enumerate(MARKS.items()):
        x, below = 28 + 430 * (number % 2), y + 20 * (number // 2)
        lines += [_mark(verdict, x, below), f'<text class="soft" x="{x + 14}" y="{below + 4}">{words}</text>']
    return lines
