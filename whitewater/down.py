"""`whitewater down`: the local stack ends."""

from typing import Annotated

import typer
from rich.console import Console

from infra.local import launch
from whitewater.say import say_json
from whitewater.settings import home


def down(*, json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False) -> None:
    """Stop the local stack and wait until nothing of it is left."""
    ran = launch.down(home())
    if json:
        say_json({"stopped": ran})
    else:
        Console().print("the stack is down" if ran else f"no stack runs in {home()}", highlight=False)
