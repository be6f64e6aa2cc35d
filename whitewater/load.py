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
from load import run, seek, thresholds
from whitewater import crowd, load_folder, load_plan, runs, say
from whitewater.load_compare import compare
from whitewater.load_figures import exit_code, figures
from whitewater.load_plan import Asked
from whitewater.load_screen import Screen
from whitewater.manners import USAGE, FailedError
from whitewater.settings import home, settings

MOST: Final = 100_000
load = typer.Typer(invoke_without_command=True)
load.command("compare")(compare)


@load.callback()
def asked(
    context: typer.Context,
    *,
    to: Annotated[int, typer.Option(min=1, max=MOST, help="How many players at the most.")] = 50,
    profile: Annotated[
        str, typer.Option(help="constant, ramp, step (stairs), spike, soak, or find-max (search the most that holds).")
    ] = "constant",
    start: Annotated[
        int | None, typer.Option("--from", min=0, max=MOST, help="Players at first: of ramp, step, spike, find-max.")
    ] = None,
    duration: Annotated[str, typer.Option("--for", help="How long: 60s, 5m; of find-max, each try.")] = "60s",
    threshold: Annotated[
        list[str] | None, typer.Option(help="What must hold, like 'e2e_ms:p99<250'; default: lost==0, doubled==0.")
    ] = None,
    kill: Annotated[
        list[str] | None, typer.Option(help="End worker, api, broker or redis at a time, like worker@30s.")
    ] = None,
    processes: Annotated[int, typer.Option(min=1, max=64, help="How many processes play.")] = 1,
    persona: Annotated[str | None, typer.Option(help="novice, expert, idler, hasty or quitter; default: all.")] = None,
    family: Annotated[str | None, typer.Option(help="How they leave: F1, F2, F7 or FILE.py:Name.")] = None,
    seed: Annotated[int, typer.Option(help="The same seed sends out the same players.")] = 1,
    out: Annotated[Path | None, typer.Option(help="A folder for a copy of the results.")] = None,
    server: Annotated[str | None, typer.Option(help="An engagement API elsewhere; default: a stack here.")] = None,
    own: Annotated[
        bool, typer.Option("--i-own-this-target", help="--server is not this machine's own stack, and it is yours.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Send a crowd at the river by a schedule, whatever it answers, and judge how it held.

    Players come when the profile says so, and latencies count from when an event was due (an open model). Ctrl-C
    brings everybody home early; the report is still written.
    """
    if context.invoked_subcommand is not None:
        return
    wish = Asked(
        profile=profile,
        to=to,
        start=start,
        seconds=crowd.seconds(duration),
        thresholds=tuple(threshold or thresholds.DEFAULT),
        kills=tuple(kill or ()),
        processes=processes,
        persona=persona,
        family=family,
        seed=seed,
    )
    try:
        ran = ride(say.console(json=json), wish, server, own=own, out=out)
    except BadFamilyError as fault:
        raise FailedError(str(fault), USAGE) from fault
    except NobodyThereError as fault:
        raise FailedError(str(fault)) from fault
    if json:
        say.put(load_folder.as_json(ran.loaded))
    if code := exit_code(ran.loaded):
        raise typer.Exit(code)


def ride(console: Console, wish: Asked, server: str | None, *, own: bool, out: Path | None) -> run.Ran:
    """The whole run, from what was asked to its folder. Raises `FailedError` and `NobodyThereError`."""
    plan_for = load_plan.understood(wish)
    elsewhere = load_plan.elsewhere(server or settings().server or None, own=own, kills=wish.kills)
    load_folder.ready(out)
    now = datetime.now(UTC)
    with crowd.river(console, elsewhere) as (address, local), runs.kept(home(), "load", now) as kept:
        plan = plan_for(load_plan.target(address, local))
        screen = Screen(console, plan)
        with screen:
            ran = until_stopped(lambda stop: seek.search_or_run(plan, screen.heard, stop))
        load_folder.write(kept.unfinished, ran, now.timestamp())
    for line in figures(ran.loaded):
        console.print(line)
    console.print(f"the report: {load_folder.copy(kept.folder, out) / 'report.html'}", markup=False)
    return ran
