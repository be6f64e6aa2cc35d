"""The report as HTML, put together."""

from html import escape

from load.timeline import Loaded
from load.words import headline


def sheet(loaded: Loaded, engine: str) -> str:
    """The document."""
    return f"<!DOCTYPE html><title>Load test</title><h1>{escape(headline(loaded))}</h1><script>{engine}</script>"
