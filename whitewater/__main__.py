"""The front door of the command: `whitewater VERB`.

Only the file of the verb that was asked for is imported: `whitewater fold` should not pay for pygame, nor a `--help`
for one verb for the front doors of all others.
"""

import sys
from importlib import import_module
from typing import Final

import typer

from whitewater.manners import politely

VERBS: Final = (
    "demo", "up", "down", "status", "doctor", "play", "watch", "bots", "load", "record", "replay", "fold", "decide",
    "trial", "experiment", "token", "failed", "fault", "privacy",
)  # fmt: skip


def build(wanted: tuple[str, ...] = VERBS) -> typer.Typer:
    """The command with the verbs `wanted`."""
    app = typer.Typer(
        name="whitewater",
        help="A kayak game whose river adapts to the paddler, and the streaming system behind it.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    app.callback()(lambda: None)
    for verb in wanted:
        found = getattr(import_module(f"whitewater.{verb}"), verb)
        if isinstance(found, typer.Typer):
            app.add_typer(found, name=verb, no_args_is_help=True)
        else:
            app.command(verb)(found)
    return app


def main() -> int:
    """Run the command; answers with the exit code."""
    asked = sys.argv[1:2]
    return politely(build(tuple(asked) if asked and asked[0] in VERBS else VERBS))


if __name__ == "__main__":
    sys.exit(main())
