"""`whitewater up`: the local stack, in the background."""

from typing import Annotated

import msgspec
import typer
from rich.console import Console

from infra.local import launch
from whitewater.say import addresses, say_json
from whitewater.settings import home


def up(*, json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False) -> None:
    """Bring the local stack up, and wait until it is well: Kafka, Redis, SQL, worker, API."""
    console = Console(stderr=json)
    stack = launch.up(home(), lambda words: console.print(words, style="dim", highlight=False))
    if json:
        say_json(msgspec.to_builtins(stack))
    else:
        console.print(addresses(stack))
        console.print(f"the page: {stack.api}/    stop with: whitewater down", highlight=False)
