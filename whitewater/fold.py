"""`whitewater fold`: events to signals with no broker; the processors' hearts as a filter."""

from pathlib import Path
from typing import Annotated

import typer

from processors.fold import fold as folded
from whitewater.lines import opened, put


def fold(
    file: Annotated[Path, typer.Argument(help="A recording, or events one JSON object a line; - for standard input.")],
) -> None:
    """Turn recorded events into the signals they give, line by line."""
    with opened(file) as (lines, _):
        put(folded(lines))
