"""`whitewater load`: how much the stack takes, how fast it answers meanwhile, and what gives first.

Only this machine's own stack is a target, the one of WHITEWATER_HOME, brought up if none runs. Anything else has to be
named, and owned: a load test of somebody else's stream is an attack.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console

from bots.__main__ import until_stopped
from bots.families import BadFamilyError
from bots.ledger import NobodyThereError
from load import seek, thresholds
from load.plan import Ran
from whitewater import crowd, load_folder, load_plan, runs, say
from whitewater.load_compare import compare
from whitewater.load_figures import exit_code, figures
from whitewater.load_plan import Asked
from whitewater.load_screen import Screen
from whitewater.manners import BROKEN, USAGE, FailedError
from whitewater.settings import home

MOST: Final = 100_000
To = Annotated[int, typer.Option(min=1, max=MOST, help="How many players at the most.")]
Profile = Annotated[
    str, typer.Option(help="constant, ramp, step (stairs), spike, soak, or find-max (search the most that holds).")
]
From = Annotated[
    int | None, typer.Option("--from", min=0, max=MOST, help="Players at first: of ramp, step, spike, find-max.")
]
For = Annotated[str, typer.Option("--for", metavar="TIME", help="How long: 60s, 5m; of find-max, each try.")]
Thresholds = Annotated[
    list[str] | None,
    typer.Option(
        "--threshold", metavar="THRESHOLD", help="What must hold, like 'e2e_ms:p99<250'; default: lost==0, doubled==0."
    ),
]
Kills = Annotated[
    list[str] | None,
    typer.Option(
        "--kill",
        metavar="PART@TIME",
        help="End worker, api, broker or redis at a time, like worker@30s; it starts anew.",
    ),
]
Processes = Annotated[int, typer.Option(min=1, max=64, help="How many processes play; one uses one core.")]
Persona = Annotated[str | None, typer.Option(help="novice, expert, idler, hasty or quitter; default: all.")]
FamilyName = Annotated[str | None, typer.Option(help="How they leave: F1, F2, F7 or FILE.py:Name.")]
Seed = Annotated[int, typer.Option(help="The same seed sends out the same players.")]
Out = Annotated[Path | None, typer.Option(help="A folder for a copy of the results.")]
Server = Annotated[str | None, typer.Option(help="An engagement API elsewhere; default: a stack here.")]
Own = Annotated[
    bool, typer.Option("--i-own-this-target", help="--server is not this machine's own stack, and it is yours.")
]
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
load = typer.Typer(invoke_without_command=True)
load.command("compare")(compare)


@load.callback()
def asked(
    context: typer.Context,
    *,
    to: To = 50,
    profile: Profile = "constant",
    start: From = None,
    duration: For = "60s",
    threshold: Thresholds = None,
    kill: Kills = None,
    processes: Processes = 1,
    persona: Persona = None,
    family: FamilyName = None,
    seed: Seed = 1,
    out: Out = None,
    server: Server = None,
    own: Own = False,
    json: Json = False,
) -> None:
    """Send a crowd at the river by a schedule, whatever it answers, and judge how it held.

    Players come when the profile says so, and latencies count from when an event was due (an open model).
    Ctrl-C brings everybody home early, and the report is still written.
    """
    if context.invoked_subcommand is not None:
        return
    judged, ended = tuple(threshold or thresholds.DEFAULT), tuple(kill or ())
    wish = Asked(
        profile=profile, to=to, start=start, seconds=crowd.seconds(duration), thresholds=judged, kills=ended,
        processes=processes, persona=persona, family=family, seed=seed,
    )  # fmt: skip
    ran = ride(say.console(json=json), wish, server, own=own, out=out)
    if json:
        say.put(load_folder.as_json(ran.loaded))
    if ran.broken:
        raise FailedError(" ".join(ran.broken), BROKEN)
    if ran.away:
        raise FailedError(ran.away)
    crowd.must_add_up(ran.loaded)
    if code := exit_code(ran.loaded):
        raise typer.Exit(code)


def ride(console: Console, wish: Asked, server: str | None, *, own: bool, out: Path | None) -> Ran:
    """The whole run, from what was asked to its folder. Raises `FailedError`."""
    try:
        return _ride(console, wish, server, own=own, out=out)
    except BadFamilyError as fault:
        raise FailedError(str(fault), USAGE) from fault
    except NobodyThereError as fault:
        raise FailedError(str(fault)) from fault


def _ride(console: Console, wish: Asked, server: str | None, *, own: bool, out: Path | None) -> Ran:
    plan_for = load_plan.understood(wish)
    elsewhere = load_plan.elsewhere(server, own=own, kills=wish.kills)
    load_folder.ready(out)
    with load_plan.river(console, elsewhere) as (address, local):
        now = datetime.now(UTC)
        with runs.kept(home(), "load", now) as kept:
            plan = plan_for(load_plan.target(address, local))
            with Screen(console, plan) as screen:
                ran = until_stopped(lambda stop: seek.search_or_run(plan, screen.heard, stop))
            load_folder.write(kept.unfinished, ran, now.timestamp())
    for line in figures(ran.loaded):
        console.print(line)
    console.print(f"the report: {load_folder.copy(kept.folder, out) / 'report.html'}", markup=False)
    return ran
