"""How a benchmark answers: figures as JSON on the screen, and in a file where `--json` names one."""

import argparse
import json
import os
import platform
from collections.abc import Mapping
from pathlib import Path


def options(told: str | None) -> argparse.ArgumentParser:
    """The options that benchmarks share, for one that says this of itself."""
    asked = argparse.ArgumentParser(description=told, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--json", type=Path, help="also write the figures here")
    return asked


def answer(figures: Mapping[str, object], file: Path | None) -> None:
    """Prints the figures, and writes them to `file` where there is one."""
    print(json.dumps(figures, indent=2))
    if file is not None:
        file.write_text(json.dumps(figures, indent=2))


def machine() -> str:
    """The machine and the Python that the figures are of."""
    chip = platform.processor() or platform.machine()
    return f"{chip}, {os.cpu_count()} cores, Python {platform.python_version()}"
