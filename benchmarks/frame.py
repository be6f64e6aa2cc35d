"""How long does a frame take, and what does telling add to it? `python benchmarks/frame.py [SECONDS] [FILE]`.

The real loop at 1280 x 720 without a display, an autopilot paddling, 60 frames a second: alone, with a server that is
away (events go to disk), and, when WHITEWATER_SERVER names one, with a server that is there. Prints milliseconds of
work a frame and the ratio to playing alone; 16.7 ms is the whole frame, and telling may add 0.2. With a FILE, the
summaries are kept there as JSON.
"""

import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import msgspec
from msgspec.structs import replace

from game_client.__main__ import Options, run
from game_client.loop import Summary

AWAY = "http://127.0.0.1:1"


def wires(environ: Mapping[str, str]) -> dict[str, Options]:
    """What to play with, by name."""
    alone = Options(alone=True)
    named = {"alone": alone, "away": Options(server=AWAY)}
    if server := environ.get("WHITEWATER_SERVER"):
        named["there"] = Options(server=server)
    return named


def main() -> None:
    """One sitting for each wire."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    os.environ["SDL_VIDEODRIVER"] = "dummy"
    alone_ms = 0.0
    kept: dict[str, Summary] = {}
    with tempfile.TemporaryDirectory() as home:
        os.environ["WHITEWATER_HOME"] = home
        for name, wire in wires(os.environ).items():
            summary = run(replace(wire, autopilot=True, seconds=seconds))
            kept[name] = summary
            alone_ms = alone_ms or summary.frame_p99_ms
            print(
                f"{name}: frame p50 {summary.frame_p50_ms:.2f} p99 {summary.frame_p99_ms:.2f} ms "
                f"({summary.frame_p99_ms / alone_ms:.2f} of alone), telling p99 {summary.telling_p99_ms:.3f} ms, "
                f"{summary.frames} frames, {summary.events} events"
            )
    if len(sys.argv) > 2:
        Path(sys.argv[2]).write_bytes(msgspec.json.format(msgspec.json.encode(kept)) + b"\n")


if __name__ == "__main__":
    main()
