"""What `step` alone costs, per event: reach 6 us.

    python benchmarks/fold.py [--json [FILE]]

CPU time of one thread over 40 sessions of 500 events as a paddler might play them; the best of seven, because whatever
else the machine does only ever adds. `advance` is the same fold without reading the signals after every event, which
is what a worker does: it reads them once per player and chunk. `round` is a round as an experiment's fast mode folds
it: begun, finished, the signals read once, and no stroke in between; reach 20 us.
"""

import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.answer import answer, options
from contract.codec import encode, read_event
from contract.events import Event, Fact
from processors.player import Player, advance, signals, step
from processors.state import read, write
from tests.processors.river import START, cleared, played, started, swamped, told

ROUNDS = 100


def cost_us(work: Callable[[], object], each: int) -> float:
    """Microseconds of CPU per piece of `work`, which does `each` pieces."""
    best = float("inf")
    for _ in range(7):
        began = time.process_time()
        work()
        best = min(best, time.process_time() - began)
    return round(best / each * 1e6, 2)


def main() -> None:
    """Print the figures, and keep them where that is asked."""
    given = options(__doc__).parse_args()
    dice = random.Random(1)
    sessions = [played(f"p-{n}", f"s-{n}", 500, START, dice) for n in range(40)]
    events = [event for session in sessions for event in session]
    rounds = [_outcomes(f"p-{n}", dice) for n in range(40)]
    raw = [encode(event) for event in events]
    last = _folded(sessions[0])
    kept = write(last, 1)
    figures = {
        "step_us": cost_us(lambda: [_stepped(session) for session in sessions], len(events)),
        "advance_us": cost_us(lambda: [_folded(session) for session in sessions], len(events)),
        "round_us": cost_us(lambda: [_rounds(session) for session in rounds], 40 * ROUNDS),
        "signals_us": cost_us(lambda: [signals(last) for _ in range(5_000)], 5_000),
        "decode_us": cost_us(lambda: [read_event(each, START) for each in raw], len(raw)),
        "snapshot_us": cost_us(lambda: [write(last, 1) for _ in range(5_000)], 5_000),
        "recall_us": cost_us(lambda: [read(kept) for _ in range(5_000)], 5_000),
        "snapshot_bytes": len(kept),
        "reach": {"step_us": 6, "round_us": 20},
    }
    answer(figures, given.json)


def _stepped(events: list[Event]) -> Player:
    player = Player()
    for event in events:
        player, _ = step(player, event)
    return player


def _folded(events: list[Event]) -> Player:
    player = Player()
    for event in events:
        player = advance(player, event)
    return player


def _outcomes(player: str, dice: random.Random) -> list[Event]:
    """Rounds at a new difficulty each, a lost one tried again."""
    facts: list[tuple[float, Fact]] = []
    rapid, attempt = 1, 1
    for n in range(ROUNDS):
        difficulty, won = dice.uniform(-1.0, 1.0), dice.random() < 0.6
        over = (cleared if won else swamped)(rapid, attempt, difficulty)
        facts += [(30.0 * n, started(rapid, attempt, difficulty)), (30.0 * n + 25.0, over)]
        rapid, attempt = (rapid + 1, 1) if won else (rapid, attempt + 1)
    return told(*facts, session=player)


def _rounds(events: list[Event]) -> Player:
    player = Player()
    for begun, over in zip(events[::2], events[1::2], strict=True):
        player = advance(advance(player, begun), over)
        signals(player)
    return player


if __name__ == "__main__":
    main()
