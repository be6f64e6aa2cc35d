"""The report's door: one HTML file that opens anywhere, with the drawing library inlined out of its own wheel."""

from load.sheet import sheet
from load.timeline import Loaded


def page(loaded: Loaded) -> str:
    """The whole report as one document."""
    from plotly.offline import get_plotlyjs  # noqa: PLC0415 - five megabytes that only whoever draws should read

    return sheet(loaded, get_plotlyjs())
