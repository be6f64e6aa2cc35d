"""What the command says on standard output: JSON for programs, tables for people, never both."""

import json
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from infra.local.stack import Stack


def console(*, json: bool = False) -> Console:
    """Where people are spoken to: standard output, unless a program reads that one."""
    return Console(stderr=json, highlight=False, soft_wrap=True)


def put(answer: Any) -> None:  # noqa: ANN401 - whatever JSON can hold
    """One JSON document."""
    sys.stdout.write(json.dumps(answer, indent=2) + "\n")
    sys.stdout.flush()


def write(path: Path, answer: Any) -> None:  # noqa: ANN401 - whatever JSON can hold
    """One JSON document in a file."""
    path.write_text(json.dumps(answer, indent=2) + "\n", encoding="utf-8")


def addresses(stack: Stack) -> Table:
    """Where each part of the stack is."""
    table = Table(show_header=False, box=None)
    for name, address in (
        ("api", stack.api),
        ("kafka", stack.kafka),
        ("redis", stack.redis),
        ("database", stack.database),
    ):
        table.add_row(name, address)
    return table
