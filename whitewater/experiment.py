"""`whitewater experiment run | report | fit`: players with known minds under every policy, and what came of it.

`run` plays and then reports, `report` judges what was played once more, `fit` publishes the graph that P3 steers by.
"""

from pathlib import Path
from typing import Annotated

import typer

from whitewater.policies import POLICIES, policies_of

experiment = typer.Typer(help="Hold every policy against the designer's river, under players with known minds.")

Families = Annotated[
    list[str] | None,
    typer.Option(help="F1, F2, F7 or FILE.py:Name; again for more. Default: ours; with --stack F2, and one only."),
]
Policies = Annotated[list[str] | None, typer.Option(help="P0 to P4; again for more. Default: all.")]
Players = Annotated[
    int | None, typer.Option(min=1, help="In each arm, about; default 20000. With --stack all of them, default 50.")
]
BurnIn = Annotated[
    int | None, typer.Option(min=0, max=1_000, help="Rounds before, alike in every arm; default 10, --stack 0.")
]


@experiment.command()
def run(
    *,
    family: Families = None,
    policy: Policies = None,
    players: Players = None,
    seeds: Annotated[int, typer.Option(min=1, help="How often, with other players.")] = 8,
    horizon: Annotated[int, typer.Option(min=1, max=1_000, help="Rounds after exposure that count.")] = 30,
    burn_in: BurnIn = None,
    out: Annotated[Path | None, typer.Option(help="A folder; default: in WHITEWATER_HOME.")] = None,
    processes: Annotated[int | None, typer.Option(min=1, help="Default: one a core.")] = None,
    stack: Annotated[bool, typer.Option("--stack", help="Real bots on the real stack.")] = False,
    address: Annotated[str | None, typer.Option("--server", help="With --stack: an engagement API elsewhere.")] = None,
    duration: Annotated[str, typer.Option("--for", help="With --stack: how long, 60s or 5m.")] = "60s",
) -> None:
    """Play every policy with every family, then report; what is done stays done, and the same command goes on."""
    if stack:
        from whitewater import crowd  # noqa: PLC0415 - Kafka's client takes time, which no --help should cost
        from whitewater import experiment_stack as live  # noqa: PLC0415 - as above

        crew = live.Asked(
            families=tuple(family or ("F2",)),
            policies=policies_of(policy or POLICIES),
            players=players or live.PLAYERS,
            seconds=crowd.seconds(duration),
            burn_in=burn_in or 0,
            server=address,
        )
        return live.run(crew)
    from whitewater import proof  # noqa: PLC0415 - scientific Python takes seconds, which no --help should cost

    asked = proof.Asked(
        families=tuple(family or proof.FAMILIES),
        policies=tuple(policy or POLICIES),
        players=players or proof.PLAYERS,
        seeds=seeds,
        horizon=horizon,
        burn_in=proof.BURN_IN if burn_in is None else burn_in,
    )
    return proof.run(asked, out, processes)


@experiment.command()
def report(folder: Annotated[Path, typer.Argument(help="What `run` was given as --out.")]) -> None:
    """Judge the cells of a folder once more, and write results, figure, page and words beside them."""
    from whitewater import proof  # noqa: PLC0415 - as above

    proof.report(folder)


@experiment.command()
def fit(
    *,
    cells: Annotated[Path, typer.Option(help="What `run` was given as --out, with P3 among its policies.")],
    out: Annotated[Path, typer.Option(help="Where the graph goes; the API reads engagement_api/policy/graph.json.")],
) -> None:
    """Fit one graph for the exploration cohorts of all cells; published unless held-out players refute it."""
    from whitewater import proof  # noqa: PLC0415 - as above

    proof.fit(cells, out)
