"""The report's door: one HTML file that opens anywhere, its drawing library inlined out of the installed wheel.

It knows where the library, our script and our style lie, and nothing of what they draw (`sheet`, `charts`). Strange:
plotly is imported when a page is asked for, because whoever only runs a load should not pay for it.
"""

from pathlib import Path

from load.sheet import Tools, sheet
from load.timeline import Loaded


def page(loaded: Loaded) -> str:
    """The whole report as one document, the same for the same run."""
    from plotly.offline import get_plotlyjs  # noqa: PLC0415 - five megabytes that only whoever draws should read

    return sheet(loaded, Tools(get_plotlyjs(), beside("page.js"), beside("page.css")))


def beside(name: str) -> str:
    """A file of this room."""
    return Path(__file__).with_name(name).read_text(encoding="utf-8")
