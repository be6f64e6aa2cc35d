"""The report as one page of HTML: opens offline, needs no script, and says in tables what the figure shows.

It refuses to know a file from a string, and to say anything that `words` does not. Strange: harm stands above the
figure and in the figure's first lines, because what is read first is what is remembered.
"""

from collections.abc import Sequence
from html import escape
from typing import Final

from experiments.figure import closer, draw, numbers, overview
from experiments.results import Comparison, Conduct, Estimate, Results
from experiments.sentences import chance, percent, points
from experiments.words import Section, sections

STYLE: Final = """
:root { color-scheme: light dark; --ink: #1d2733; --page: #ffffff; --line: #c9d2db; --harm: #b3261e }
@media (prefers-color-scheme: dark) { :root { --ink: #e8edf2; --page: #12181f; --line: #3a4653; --harm: #ff9188 } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--page); max-width: 60rem;
 margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.6rem } h2 { font-size: 1.2rem; margin-top: 2rem } .harm { color: var(--harm) }
.wide { overflow-x: auto } svg { max-width: 100%; height: auto } table { border-collapse: collapse; font-size: .9rem }
caption { text-align: left; padding: .4rem 0 } th, td { border-bottom: 1px solid var(--line); padding: .25rem .7rem }
td { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums } th { text-align: left }
tbody th { font-weight: 400 }
summary { cursor: pointer; font-weight: 600; margin: 1rem 0 }
"""
TITLE: Final = "Does a river that adapts keep players longer?"


def page(results: Results) -> str:
    """The whole page."""
    harm, asked, checks, *families, last = sections(results)
    body = [
        f"<h1>{TITLE}</h1>",
        section(harm),
        "<h2>The figure</h2>",
        f'<div class="wide">{figure(results)}</div>',
        table("Every comparison, as the figure shows it", COMPARED, [compared(of) for of in results.comparisons]),
        section(asked),
        section(checks),
        *(section(family) for family in families),
        table("What the arms were like", CONDUCTED, [conducted(arm) for arm in results.arms]),
        *groups(results.comparisons),
        section(last),
        (
            f"<p>Made of cells written until {escape(results.made.played)}, seeds {', '.join(map(str, results.seeds))};"
            f" {escape(', '.join(f'{name} {version}' for name, version in sorted(results.made.versions.items())))}.</p>"
        ),
    ]
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{TITLE}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<style>{STYLE}</style>\n</head>\n<body>\n<main>\n" + "\n".join(body) + "\n</main>\n</body>\n</html>\n"
    )


def figure(results: Results) -> str:
    """Every policy with every family, harm first."""
    return draw(overview(results), f"{TITLE} Lift over the control, by policy and family")


def section(of: Section) -> str:
    """A heading and its points; what harmed and what is not to be believed stands out."""
    lines = "\n".join(
        f'<li class="harm">{escape(point)}</li>'
        if " HARMED with " in point or point.startswith("Do not believe")
        else f"<li>{escape(point)}</li>"
        for point in of.points
    )
    return f"<section>\n<h2>{escape(of.title)}</h2>\n<ul>\n{lines}\n</ul>\n</section>"


def table(caption: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table whose first column names its rows."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in heads)
    body = "\n".join(
        f'<tr><th scope="row">{escape(row[0])}</th>' + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:]) + "</tr>"
        for row in rows
    )
    return (
        f'<div class="wide"><table>\n<caption>{escape(caption)}</caption>\n<thead><tr>{head}</tr></thead>\n'
        f"<tbody>\n{body}\n</tbody>\n</table></div>"
    )


COMPARED: Final = (
    "policy, family", "lift (95 %)", "p, Holm", "pairs", "verdict", "se of seeds", "unpaired", "CUPED", "log-rank",
)  # fmt: skip


def compared(of: Comparison) -> tuple[str, ...]:
    """A comparison as a row of the table beside the figure."""
    plain, cuped = (
        f"{points(view.low, signed=True)} to {percent(view.high, signed=True)}"
        for view in (of.field.plain, of.field.cuped)
    )
    return (f"{of.policy}, {of.family}", *judged(of.everyone), plain, cuped, chance(of.survival.logrank_p))


def judged(of: Estimate) -> tuple[str, ...]:
    """An estimate as cells of a table."""
    seeds = "one seed" if of.se_seeds is None else percent(of.se_seeds, 2)
    return (numbers(of), chance(of.p_adjusted), f"{of.players:,}", of.verdict, seeds)


CONDUCTED: Final = (
    "policy, family", "players", "exposed", "rounds a player", "in flow", "in flow, truly", "overshoots in 100",
    "reversals in 100", "left",
)  # fmt: skip


def conducted(of: Conduct) -> tuple[str, ...]:
    """An arm as a row of a table."""
    return (
        f"{of.policy}, {of.family}",
        f"{of.assigned:,}",
        f"{of.exposed:,}",
        f"{of.rounds:.1f}",
        percent(of.flow),
        percent(of.true_flow),
        f"{of.overshoots:.1f}",
        f"{of.reversals:.1f}",
        percent(of.left),
    )


def groups(comparisons: Sequence[Comparison]) -> list[str]:
    """Sub-groups by skill and persona, a figure and a table, folded until somebody asks."""
    rows = [
        (f"{of.policy}, {of.family}, {group.name}", *judged(group.estimate))
        for of in comparisons
        for group in of.groups
    ]
    if not rows:
        return []
    picture = draw(closer(comparisons), "Lift over the control, by policy, family and sub-group", "groups")
    return [
        "<details>\n<summary>Sub-groups by skill and persona</summary>",
        f'<div class="wide">{picture}</div>',
        table("Every sub-group", ("policy, family, group", *COMPARED[1:6]), rows),
        "</details>",
    ]
