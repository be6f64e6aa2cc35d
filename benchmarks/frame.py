"""How long does a frame take, and what does telling add to it? `python benchmarks/frame.py [SECONDS] [FILE]`.

The real loop at 1280 x 720 without a display, an autopilot paddling, 60 frames a second: alone, with a server that is
away (events go to disk), and, when WHITEWATER_SERVER names one, with a server that is there; in turns, three sittings
of SECONDS (20) each. Prints medians: milliseconds of work a frame, and how much of it was telling; 16.7 ms is the whole
frame, and telling may add 0.2. With a FILE, they are kept there as JSON.
"""

import json
import os
import statistics
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from msgspec.structs import replace

from game_client.__main__ import Options, run
from game_client.loop import Summary

AWAY = "http://127.0.0.1:1"
TIMES = 3
FIGURES = ("frame_p50_ms", "frame_p99_ms", "telling_p99_ms", "frames", "events")


def wires(environ: Mapping[str, str]) -> dict[str, Options]:
    """What to play with, by name."""
    alone = Options(alone=True)
    named = {"alone": alone, "away": Options(server=AWAY)}
    if server := environ.get("WHITEWATER_SERVER"):
        named["there"] = Options(server=server)
    return named


def main() -> None:
    """Every wire in turn, `TIMES` times; the medians."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 20.0
    os.environ["SDL_VIDEODRIVER"] = "dummy"
    sittings: dict[str, list[Summary]] = {}
    with tempfile.TemporaryDirectory() as home:
        os.environ["WHITEWATER_HOME"] = home
        for _ in range(TIMES):
            for name, wire in wires(os.environ).items():
                sittings.setdefault(name, []).append(run(replace(wire, autopilot=True, seconds=seconds)))
    answer = {name: {figure: middle(each, figure) for figure in FIGURES} for name, each in sittings.items()}
    for name, of_wire in answer.items():
        of_wire["more_than_alone_ms"] = round(of_wire["telling_p99_ms"] - answer["alone"]["telling_p99_ms"], 3)
        of_wire["frame_p99_over_alone"] = round(of_wire["frame_p99_ms"] / answer["alone"]["frame_p99_ms"], 2)
        print(name, of_wire)
    answer["machine"] = {"cores": os.cpu_count() or 0, "sittings": TIMES, "seconds": seconds}
    if len(sys.argv) > 2:
        Path(sys.argv[2]).write_text(json.dumps(answer, indent=2) + "\n")


def middle(sittings: list[Summary], figure: str) -> float:
    """The median of one figure over the sittings."""
    return round(statistics.median(getattr(sitting, figure) for sitting in sittings), 3)


if __name__ == "__main__":
    main()
