"""`whitewater play`: the game."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from game_client.__main__ import NobodyToPlayError, Options, run
from infra.local import guard, stack
from whitewater import say
from whitewater.manners import FailedError
from whitewater.settings import home, settings


def play(
    *,
    alone: Annotated[bool, typer.Option(help="Play with nobody watching: needs no server at all.")] = False,
    server: Annotated[str | None, typer.Option(help="A server elsewhere, by HTTP; default: the local stack.")] = None,
    name: Annotated[str | None, typer.Option(help="Your pseudonym; default: one made on this machine.")] = None,
    autopilot: Annotated[bool, typer.Option(help="Let the autopilot paddle until you press a key.")] = False,
    seconds: Annotated[float | None, typer.Option(min=1, help="Get up after so long; default: when you do.")] = None,
    out: Annotated[Path | None, typer.Option(help="Where to keep the summary and a picture.")] = None,
    with_owner: Annotated[bool, typer.Option(hidden=True)] = False,
    json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Paddle. A server that is away never stops the game."""
    if with_owner:
        guard.stop_with_owner()
    own = near()
    try:
        summary = run(
            Options(
                alone=alone,
                server=server or own,
                gate=by_http(server, own),
                name=name,
                autopilot=autopilot,
                seconds=seconds,
                out=out,
            )
        )
    except NobodyToPlayError as fault:
        raise FailedError(str(fault)) from fault
    if json:
        say.put(msgspec.to_builtins(summary))
    else:
        say.console().print(
            f"{summary.rounds} rounds in {summary.active_s:.0f} s on the river, best kept.", highlight=False
        )


def by_http(asked: str | None, own: str | None) -> bool:
    """Whether events go by HTTP: to a server that was `asked` for, unless it is the local stack's own."""
    return asked is not None and asked.rstrip("/") != own


def near() -> str | None:
    """The local stack's API when one runs and the environment names no other; the game waits for it otherwise."""
    if settings().server:
        return None
    running = stack.read(home())
    return running.api if running else None
