"""What the environment may tell the command."""

import os
from pathlib import Path

from msgspec import Struct

from contract.environment import read_settings


class Settings(Struct, frozen=True):
    """Where things are kept, and whose server to talk to."""

    home: Path = Path(".whitewater")
    server: str = ""
    """The engagement API's address; empty: the local stack's."""
    graph: str = ""
    """The file of another graph than the published one, as the engagement API was told."""


def settings() -> Settings:
    """As the environment says now."""
    return read_settings(Settings, os.environ)


def home() -> Path:
    """The folder in which the stack lives and runs are kept."""
    return settings().home.resolve()
