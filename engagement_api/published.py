"""The graph in a file: the door to what P3 looks its answers up in.

The published one lies beside the policies and is written by `whitewater experiment fit`; another one can be named.
"""

from pathlib import Path
from typing import Final

PUBLISHED: Final = Path(__file__).parent / "policy" / "graph.json"


def graph_file(path: Path | str | None = None) -> bytes:
    """What stands in `path`, if one is named, or in the published graph; raises `OSError` where there is nothing."""
    return Path(path or PUBLISHED).read_bytes()
