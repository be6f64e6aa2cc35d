"""`whitewater decide`: signals to decisions with no broker; the API's hearts as a filter."""

from pathlib import Path
from typing import Annotated

import typer

from engagement_api.filter import UnreadableLineError
from engagement_api.filter import decide as decided
from engagement_api.trial import PolicyName
from whitewater.lines import opened, put
from whitewater.manners import USAGE, FailedError


def decide(
    file: Annotated[Path, typer.Argument(help="Signals, one JSON object a line; - for standard input.")],
    *,
    policy: Annotated[PolicyName, typer.Option(help="Who decides.")] = "P2",
) -> None:
    """Turn recorded signals into the river's answers, line by line."""
    with opened(file) as lines:
        try:
            put(decided(lines, policy))
        except UnreadableLineError as fault:
            sentence = f"{fault} (in {file}): mend the line or leave it out."
            raise FailedError(sentence, USAGE) from fault
