"""`whitewater demo`: the main job. A stack, a game that plays itself, a crowd, and what became of every event."""

import asyncio
import functools
import secrets
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec
import psutil
import typer
import uvloop
from rich.console import Console

from bots.__main__ import find_doors
from bots.ledger import NobodyThereError
from infra.local import inspect, stack
from whitewater import crowd, runs, say
from whitewater.manners import BROKEN, DONE, THRESHOLD, FailedError
from whitewater.outing import Plan, Ride, ride
from whitewater.screen import Screen
from whitewater.settings import home


def demo(
    *,
    seconds: Annotated[float, typer.Option(min=5, max=86_400, help="How long to play.")] = 60.0,
    players: Annotated[int, typer.Option(min=1, max=5000, help="How many bots play beside the autopilot.")] = 50,
    server: Annotated[str | None, typer.Option(help="An engagement API elsewhere; default: a local stack.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Bring everything up, let an autopilot and bots play, and show how the river answers each of them."""
    console = say.console(json=json)
    try:
        with crowd.river(console, server) as (address, local):
            summary = play(console, address, local, seconds, players)
    except NobodyThereError as fault:
        raise FailedError(str(fault)) from fault
    if json:
        say.put(summary)
    if code := summary["exit_code"]:
        raise typer.Exit(code)


def play(console: Console, server: str, local: stack.Stack | None, seconds: float, players: int) -> dict[str, Any]:
    """One demo against `server`, kept in a folder of its own; answers with what `summary.json` says."""
    doors = find_doors(server)
    with runs.kept(home(), "demo", datetime.now(UTC)) as run:
        plan = Plan(
            server=server,
            kafka=doors.kafka,
            river=doors.river,
            seconds=seconds,
            players=players,
            paddler=f"paddler-{secrets.token_hex(2)}",
            out=run.unfinished / "screenshots",
            log=run.unfinished / "game.log",
            game_home=home() / "demo",
        )
        screen = Screen(console, f"The river at {server}", plan.paddler)
        screen.say(f"{plan.paddler} paddles for {seconds:.0f} s among {players} bots; the page: {server}/")
        with screen, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            came = runner.run(ride(plan, screen, functools.partial(weigh, local) if local else None))
        summary = tell(came, began())
        say.write(run.unfinished / "summary.json", summary)
        screen.keep(run.unfinished / "log")
    show(console, came, summary, run.folder)
    return summary


def began() -> float:
    """When the person asked for this: the start of the `make` that runs it, or of this process."""
    me = psutil.Process()
    asked = [process for process in (me, *me.parents()) if process == me or process.name() in {"make", "gmake"}]
    return min(process.create_time() for process in asked)


def weigh(local: stack.Stack) -> float:
    """What the whole demo weighs now in MB: the stack, this process, and the game."""
    here = psutil.Process()
    pids = [*local.pids.values(), here.pid, *(child.pid for child in here.children(recursive=True))]
    return sum(inspect.memory_mb(pid) for pid in set(pids))


def tell(came: Ride, began_at: float) -> dict[str, Any]:
    """What `summary.json` says."""
    first = came.first_adaptation_at
    sitting = None if came.sitting is None else msgspec.to_builtins(came.sitting)
    return {
        **crowd.as_json(came.summary),
        "first_adaptation_s": None if first is None else round(first - began_at, 2),
        "memory_mb": None if came.heaviest_mb is None else round(came.heaviest_mb, 1),
        "play": sitting,
        "finished": time.time(),
        "exit_code": exit_code(came),
    }


def exit_code(came: Ride) -> int:
    """A demo is no load test: a machine too slow for its crowd is told so and is no failure."""
    if came.summary.lost or came.summary.doubled or came.summary.unaccounted:
        return THRESHOLD
    return DONE if came.sitting else BROKEN


def show(console: Console, came: Ride, summary: dict[str, Any], folder: Path) -> None:
    """The end of a demo, for a person."""
    console.print(crowd.figures(came.summary))
    if sentence := crowd.imbalance(came.summary):
        console.print(sentence, style="bold red", markup=False)
    if summary["first_adaptation_s"] is not None:
        console.print(f"first adaptation {summary['first_adaptation_s']:.1f} s after the start")
    if came.heaviest_mb is not None:
        console.print(f"{came.heaviest_mb:.0f} MB of memory at the most, everything together")
    if came.sitting is not None:
        rounds, score, frame_ms = came.sitting.rounds, came.sitting.score, came.sitting.frame_p99_ms
        console.print(f"the autopilot: {rounds} rounds, score {score}, 99 of 100 frames within {frame_ms:.1f} ms")
    else:
        console.print(f"[bold red]the game left no summary[/]: read {folder / 'game.log'}")
    console.print(f"kept in {folder}")
