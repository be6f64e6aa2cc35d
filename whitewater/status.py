"""`whitewater status`: how each part of the local stack is, where its log is, and what it weighs."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from infra.local import inspect
from infra.local import stack as stacks
from whitewater import say
from whitewater.manners import UNREACHABLE, FailedError
from whitewater.settings import home


def status(*, json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False) -> None:
    """Show each part of the local stack: address, health, memory, log."""
    stack = stacks.read(home())
    if stack is None:
        sentence = f"No stack runs in {home()}: start it with `whitewater up`."
        raise FailedError(sentence)
    parts = inspect.look(stack, stacks.logs(home()))
    if json:
        say.put(_as_json(parts))
    else:
        say.console().print(_as_table(parts))
    if not all(part.well for part in parts):
        ill = ", ".join(part.name for part in parts if not part.well)
        sentence = f"Not well: {ill}; read its log above, or start anew with `whitewater down` and `whitewater up`."
        raise FailedError(sentence, UNREACHABLE)


def _as_json(parts: list[inspect.Found]) -> dict[str, Any]:
    return {
        "well": all(part.well for part in parts),
        "memory_mb": round(sum(part.memory_mb for part in parts), 1),
        "parts": {
            part.name: {
                "well": part.well,
                "address": part.address,
                "pid": part.pid,
                "memory_mb": round(part.memory_mb, 1),
                "log": str(part.log),
            }
            for part in parts
        },
    }


def _as_table(parts: list[inspect.Found]) -> Table:
    total_mb = sum(part.memory_mb for part in parts)
    caption = f"{total_mb:.0f} MB altogether; each part's words in {_short(parts[0].log.parent)}/<part>.log"
    table = Table(caption=caption, caption_justify="left")
    for name in ("part", "health", "address", "pid"):
        table.add_column(name, no_wrap=True)
    table.add_column("memory", justify="right", no_wrap=True)
    for part in parts:
        health = "[green]well[/]" if part.well else "[bold red]not well[/]"
        table.add_row(part.name, health, part.address, str(part.pid), f"{part.memory_mb:.0f} MB")
    return table


def _short(path: Path) -> str:
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
