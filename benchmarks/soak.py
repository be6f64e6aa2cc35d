"""Does memory grow while the stack works on? Its slope by part, over twenty minutes at a given load.

    python benchmarks/soak.py [--minutes 20] [--players 2400] [--workers 1] [--quick] [--json [FILE]]

A chorus (chorus.py) of so many players, each some five events a second, sings to the whole stack; half the highest load
that stack.py finds is meant, and is the default, by what it found last. Resident memory is looked at every second and
averaged over half minutes, because seconds in a row are nearly the same measurement and would make the interval too
narrow. After a warm-up of a quarter of the time, a line is laid through the averages (least squares), with the 95 %
interval of its slope by Student's t. A part whose interval holds 0 did not show growth; one whose interval does not has
grown by so much, in this time, at this load, which includes what is meant to grow and later ends, such as beliefs in
Redis (half an hour).
"""

import asyncio
import os
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import uvloop
from msgspec import Struct, to_builtins

from benchmarks.answer import RUNS, answer, options
from benchmarks.chorus import by_heart, recorded, singers
from benchmarks.concert import Sung, perform
from benchmarks.stack import CHORUS, Listeners, heard
from benchmarks.watched import Usage, a_stack
from bots.report import Spread
from infra.local import stack as stacks

EVERY_S: Final = 1.0
AVERAGES: Final = 30
"""The fifteen minutes that count of twenty, in half minutes; a shorter soak has shorter ones."""
WARM_SHARE: Final = 0.25
CONFIDENCE: Final = 0.95


class Slope(Struct, frozen=True):
    """What a line through the averages says, in MB an hour, and where it began and ended, in MB."""

    mb_per_h: float
    low: float
    high: float
    first_mb: float
    last_mb: float


class Soaked(Struct, frozen=True):
    """Half a minute, by part in MB, and when it ended."""

    at_s: float
    memory_mb: dict[str, float]


def slope(points: Sequence[tuple[float, float]]) -> Slope:
    """The line through (seconds, MB), by least squares; at least three of them."""
    from scipy import stats  # noqa: PLC0415 - takes a second, and only this needs it

    hours, mb = [at_s / 3600.0 for at_s, _ in points], [each for _, each in points]
    line = stats.linregress(hours, mb)
    reach = stats.t.ppf((1.0 + CONFIDENCE) / 2.0, len(points) - 2) * line.stderr
    figures = (line.slope, line.slope - reach, line.slope + reach, mb[0], mb[-1])
    return Slope(*(round(float(each), 2) for each in figures))


def averaged(looks: Sequence[Soaked], count: int) -> list[Soaked]:
    """So many averages of as many looks each, in order."""
    each = max(len(looks) // count, 1)
    chunks = [looks[first : first + each] for first in range(0, len(looks) - each + 1, each)]
    return [
        Soaked(chunk[-1].at_s, {part: fmean(look.memory_mb[part] for look in chunk) for part in chunk[0].memory_mb})
        for chunk in chunks
    ]


async def soaked(stack: stacks.Stack, players: int, seconds: float) -> tuple[list[Soaked], Sung, Spread]:
    """Sing, listen and look at the memory of every part."""
    run, sung, crowd = f"soak-{time.time_ns() // 1_000_000:x}", Sung(), singers(recorded(), players)
    listeners, warm_s, looks = Listeners(run), seconds * WARM_SHARE, list[Soaked]()
    async with heard(stack.api, [singer.player for singer in crowd], listeners):
        performing = asyncio.create_task(perform(stack.kafka, by_heart(crowd, warm_s / 4, run), seconds, sung))
        usage, began = Usage({**stack.pids, CHORUS: os.getpid()}), time.monotonic()
        listeners.since_s = time.time() + warm_s
        while (at_s := time.monotonic() - began) < seconds:
            looks.append(Soaked(round(at_s, 1), usage.memory_mb()))
            await asyncio.sleep(EVERY_S)
        await performing
    return looks, sung, listeners.loop.spread()


def main() -> None:
    """Print the figures, and write them to a file where one is named."""
    asked = options(__doc__)
    asked.add_argument("--minutes", type=float, default=20.0)
    asked.add_argument("--players", type=int, default=2_400)
    asked.add_argument("--workers", type=int, default=1)
    asked.add_argument("--quick", action="store_true", help="half a minute: to see it work, not to quote")
    given = asked.parse_args()
    seconds = 30.0 if given.quick else given.minutes * 60.0
    with a_stack(given.workers) as (stack, _):
        looks, sung, loop = uvloop.run(soaked(stack, given.players, seconds))
    halves = averaged([look for look in looks if look.at_s >= seconds * WARM_SHARE], AVERAGES)
    by_part: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
    for half in halves:
        for part, mb in half.memory_mb.items():
            by_part[part].append((half.at_s, mb))
        by_part["stack"].append((half.at_s, sum(mb for part, mb in half.memory_mb.items() if part != CHORUS)))
    figures = {
        "question": f"MB an hour, over {seconds / 60:.1f} minutes, the first quarter left out",
        "mb_per_h": {part: to_builtins(slope(points)) for part, points in by_part.items()},
        "events_per_s": round(sung.acked / seconds, 1),
        "loop_ms": to_builtins(loop),
        "late_share": round(sung.late_share, 4),
        "players": given.players,
        "workers": given.workers,
        RUNS: to_builtins(looks),
    }
    answer(figures, given.json)


if __name__ == "__main__":
    main()
