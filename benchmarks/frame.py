"""How long a frame takes, and what telling adds to it.

    python benchmarks/frame.py [--seconds 20] [--turns 3] [--server URL] [--json [FILE]]

The real loop at 1280 x 720 without a display, an autopilot paddling, 60 frames a second: alone, with a server that is
away (events go to disk), and with one that is there where `--server` names one. Each in a fresh process, in turns.
Medians, in milliseconds of work a frame: 16.7 ms is the whole frame, and telling may add 0.2 to its 99th percentile.
"""

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Final

from msgspec.structs import replace

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.answer import Figures, answer, in_turns, medians, options
from game_client.__main__ import Options, run

ALONE: Final = "alone"
AWAY: Final = "away"
THERE: Final = "there"
NOBODY: Final = "http://127.0.0.1:1"
FIGURES: Final = ("frame_p50_ms", "frame_p99_ms", "telling_p99_ms", "frames", "events")
REACH: Final = {"frame_p99_ms": 16.7, "telling_adds_ms": 0.2}


def contend(contender: str, seconds: float, server: str) -> Figures:
    """One sitting of so many seconds, with this server or none."""
    os.environ["SDL_VIDEODRIVER"] = "dummy"
    wires = {ALONE: Options(alone=True), AWAY: Options(server=NOBODY), THERE: Options(server=server)}
    with tempfile.TemporaryDirectory() as home:
        os.environ["WHITEWATER_HOME"] = home
        summary = run(replace(wires[contender], autopilot=True, seconds=seconds))
    return {figure: getattr(summary, figure) for figure in FIGURES}


def compare(seconds: float, turns: int, server: str) -> dict[str, object]:
    """All of them in turns: medians, and what telling adds to being alone."""
    contenders = [ALONE, AWAY, THERE] if server else [ALONE, AWAY]
    found = in_turns(__file__, contenders, turns, "--seconds", seconds, "--server", server)
    median = {figure: medians(found, figure) for figure in FIGURES}
    telling = median["telling_p99_ms"]
    return {
        **{figure: {name: round(each, 3) for name, each in of.items()} for figure, of in median.items()},
        "telling_adds_ms": {name: round(telling[name] - telling[ALONE], 3) for name in contenders[1:]},
        "reach": REACH,
        "seconds": seconds,
        "turns": turns,
        "runs": found,
    }


def main() -> None:
    """Print the figures, and keep them where that is asked."""
    asked = options(__doc__, contenders=[ALONE, AWAY, THERE])
    asked.add_argument("--seconds", type=float, default=20.0)
    asked.add_argument("--server", default="")
    given = asked.parse_args()
    if given.contend:
        print(json.dumps(contend(given.contend, given.seconds, given.server)))
        return
    answer(compare(given.seconds, given.turns, given.server), given.json)


if __name__ == "__main__":
    main()
