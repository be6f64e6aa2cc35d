"""How long from asking for a demo to the first adaptation in a game: cold (nothing fetched yet) and warm.

    python benchmarks/start.py             three warm starts; with --json [FILE], kept
    python benchmarks/start.py --cold      and one in a fresh clone with empty caches, downloads included

A warm start is a new folder on a machine that has been here before: `.venv` and Kafka's jars are there, topics and
tables are not. Prints the median, and what the whole weighs.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.answer import HOUSE, answer, options

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


def main() -> None:
    """Print the figures, and keep them where that is asked."""
    asked = options(__doc__)
    asked.add_argument("--cold", action="store_true", help="and one in a fresh clone with empty caches")
    given = asked.parse_args()
    runs = [warm() for _ in range(TIMES)]
    figures: dict[str, object] = {
        "question": f"seconds to the first adaptation, warm: median of {TIMES}; and the most memory, in MB",
        "warm_s": round(statistics.median(run["first_adaptation_s"] for run in runs), 1),
        "memory_mb": round(max(run["memory_mb"] for run in runs)),
        "reach": {"warm_s": REACH_WARM_S, "cold_s": REACH_COLD_S, "memory_mb": REACH_MB},
    }
    if given.cold:
        figures["cold_s"] = round(cold()["first_adaptation_s"], 1)
    answer(figures, given.json)


if __name__ == "__main__":
    main()
