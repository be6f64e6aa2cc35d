"""`whitewater down`: the local stack ends."""

from typing import Annotated

import typer

from infra.local import launch
from whitewater import say
from whitewater.settings import home


def down(*, json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False) -> None:
    """Stop the local stack and wait until nothing of it is left."""
    ran = launch.down(home())
    if json:
        say.put({"stopped": ran})
    else:
        say.console().print("the stack is down" if ran else f"no stack runs in {home()}")
