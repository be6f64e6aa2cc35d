"""`whitewater up`: the local stack, in the background."""

from typing import Annotated

import msgspec
import typer

from infra.local import launch
from whitewater import say
from whitewater.settings import home


def up(*, json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False) -> None:
    """Bring the local stack up, and wait until it is well: Kafka, Redis, SQL, worker, API."""
    console = say.console(json=json)
    stack = launch.up(home(), lambda words: console.print(words, style="dim", markup=False))
    if json:
        say.put(msgspec.to_builtins(stack))
    else:
        console.print(say.addresses(stack))
        console.print(f"the page: {stack.api}/    stop with: whitewater down")
