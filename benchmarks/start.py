"""How long from asking for a demo to the first adaptation in a game: cold (nothing fetched yet) and warm.

    python benchmarks/start.py             three warm starts
    python benchmarks/start.py --cold      and one in a fresh clone with empty caches, downloads included

A warm start is a new folder on a machine that has been here before: `.venv` and Kafka's jars are there, topics and
tables are not. Prints the median, and what the whole weighs.
"""

import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

HOUSE: Final = Path(__file__).resolve().parents[1]
TIMES: Final = 3
DEMO: Final = ("demo", "--seconds", "10", "--players", "50", "--json")
REACH_WARM_S: Final = 15.0
REACH_COLD_S: Final = 120.0
REACH_MB: Final = 900.0


def warm() -> dict[str, Any]:
    """One demo in a new folder."""
    with tempfile.TemporaryDirectory() as home:
        return summary([sys.executable, "-m", "whitewater", *DEMO], HOUSE, {"WHITEWATER_HOME": home})


def cold() -> dict[str, Any]:
    """One demo in a fresh clone whose caches are empty: everything is fetched."""
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "clone"
        subprocess.run([shutil.which("git") or "git", "clone", "--quiet", str(HOUSE), str(clone)], check=True)
        caches = {"XDG_CACHE_HOME": f"{folder}/cache", "UV_CACHE_DIR": f"{folder}/uv", "PIP_NO_CACHE_DIR": "1"}
        subprocess.run(
            [shutil.which("make") or "make", "--silent", "demo", f"ARGS={' '.join(DEMO[1:])}"],
            cwd=clone,
            env=clean() | caches,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        kept: dict[str, Any] = json.loads((clone / ".whitewater" / "runs" / "latest" / "summary.json").read_text())
        return kept


def summary(command: list[str], folder: Path, variables: dict[str, str]) -> dict[str, Any]:
    """What a demo's JSON says."""
    done = subprocess.run(command, cwd=folder, env=clean() | variables, check=True, capture_output=True)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def clean() -> dict[str, str]:
    """This process's environment without words for another stack, and with no display."""
    named = {name: value for name, value in os.environ.items() if not name.startswith("WHITEWATER_")}
    return named | {"SDL_VIDEODRIVER": "dummy", "SDL_AUDIODRIVER": "dummy"}


def tell(what: str, seconds: float, reach_s: float) -> None:
    """One line of the answer."""
    print(f"{what}: first adaptation after {seconds:.1f} s (reach {reach_s:.0f} s)")


def main() -> None:
    """Measure and print."""
    print(f"{platform.platform(terse=True)}, {os.cpu_count()} cores, Python {platform.python_version()}")
    runs = [warm() for _ in range(TIMES)]
    tell(f"warm, median of {TIMES}", statistics.median(run["first_adaptation_s"] for run in runs), REACH_WARM_S)
    heaviest_mb = max(run["memory_mb"] for run in runs)
    print(f"whole stack, game and 50 bots: {heaviest_mb:.0f} MB at the most (reach {REACH_MB:.0f} MB)")
    if "--cold" in sys.argv[1:]:
        tell("cold, once", cold()["first_adaptation_s"], REACH_COLD_S)


if __name__ == "__main__":
    main()
