"""`whitewater decide`: signals to decisions with no broker; the API's hearts as a filter."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from contract.codec import read_signal
from contract.graph import Graph
from contract.signals import SignalUpdated
from engagement_api.filter import UnreadableGraphError, UnreadableLineError, flaw_of, read_graph, said_of
from engagement_api.filter import decide as decided
from engagement_api.published import graph_file
from engagement_api.trial import PolicyName
from processors.fold import fold as folded
from whitewater.lines import opened, put
from whitewater.manners import USAGE, FailedError


def decide(
    file: Annotated[
        Path, typer.Argument(help="Signals, one JSON object a line, or a recording; - for standard input.")
    ],
    *,
    policy: Annotated[PolicyName, typer.Option(help="Who decides.")] = "P2",
    graph: Annotated[Path | None, typer.Option(help="A fitted graph for P3; the published one if not given.")] = None,
) -> None:
    """Turn recorded signals into the river's answers, line by line."""
    table = graph_of(graph) if policy == "P3" else None
    with opened(file) as (lines, recorded):
        try:
            put(decided(_told(lines) if recorded else lines, policy, table))
        except UnreadableLineError as fault:
            sentence = f"{fault} (in {file}): mend the line or leave it out."
            raise FailedError(sentence, USAGE) from fault


def _told(events: Iterable[bytes]) -> Iterator[bytes]:
    """The signals of recorded events; what was refused gives none."""
    return (line for line in folded(events) if isinstance(read_signal(line), SignalUpdated))


def graph_of(path: Path | None) -> Graph:
    """The graph in `path`, or the published one; a flaw of it is said. Raises `FailedError` when it cannot be used."""
    try:
        graph = read_graph(graph_file(path))
    except (OSError, UnreadableGraphError) as fault:
        sentence = f"The graph {path or 'that is published'} cannot be used ({fault}): fit one, or name none."
        raise FailedError(sentence, USAGE) from fault
    if flaw_of(graph):
        sys.stderr.write(f"{said_of(graph)}\n")
    return graph
