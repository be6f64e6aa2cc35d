"""`whitewater bots`: a crowd on the river."""

from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console

from bots.__main__ import BrokenCrowdError, UnknownPersonaError, find_doors, run
from bots.families import BadFamilyError, load_family
from bots.fleet import Options
from bots.ledger import NobodyThereError
from bots.pulse import Pulse
from bots.report import Summary
from whitewater import crowd, runs, say, server
from whitewater.manners import BROKEN, USAGE, FailedError
from whitewater.settings import home


def bots(
    *,
    players: Annotated[int, typer.Option(min=1, max=50_000, help="How many.")] = 50,
    duration: Annotated[str, typer.Option("--for", help="How long: 60s, 5m.")] = "60s",
    persona: Annotated[str | None, typer.Option(help="novice, expert, idler, hasty or quitter; default: all.")] = None,
    family: Annotated[
        str | None, typer.Option(help="How they leave: F1, F2, F7 or FILE.py:Name; default: by their persona.")
    ] = None,
    processes: Annotated[int, typer.Option(min=1, max=64, help="How many processes play.")] = 1,
    address: Annotated[
        str | None, typer.Option("--server", help="The engagement API; default: the local stack's.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Send a crowd of bots down the river; Ctrl-C brings them home early."""
    console = say.console(json=json)
    long_s = crowd.seconds(duration)
    try:
        leaving = load_family(family) if family else None
        doors = find_doors(server.find(address))
        options = Options(
            players=players, seconds=long_s, persona=persona, family=leaving, kafka=doors.kafka, river=doors.river
        )
        with runs.kept(home(), "bots", datetime.now(UTC)) as kept:
            summary, broken = _play(options, processes, Teller(console))
            say.write(kept.unfinished / "summary.json", crowd.as_json(summary))
    except (UnknownPersonaError, BadFamilyError) as fault:
        raise FailedError(str(fault), USAGE) from fault
    except NobodyThereError as fault:
        raise FailedError(str(fault)) from fault
    if json:
        say.put(crowd.as_json(summary))
    else:
        console.print(crowd.figures(summary))
        console.print(f"kept in {kept.folder}")
    if broken:
        raise FailedError(broken, BROKEN)
    crowd.must_add_up(summary)
    if code := crowd.exit_code(summary):
        raise typer.Exit(code)


def _play(options: Options, processes: int, teller: "Teller") -> tuple[Summary, str]:
    """What came of it, and a sentence where not everybody came home."""
    try:
        return run(options, crowd.reader(), teller, processes=processes), ""
    except BrokenCrowdError as fault:
        return fault.summary, str(fault)


class Teller:
    """Says how the crowd is doing, every few seconds."""

    def __init__(self, console: Console, every_s: int = 5) -> None:
        self._console = console
        self._every_s = every_s
        self._asked = 0

    def __call__(self, pulse: Pulse) -> None:
        self._asked += 1
        if self._asked % self._every_s == 0:
            self._console.print(
                f"{pulse.players} play: {pulse.offered} events, {pulse.decided} answers, {pulse.applied} applied",
                style="dim",
            )
