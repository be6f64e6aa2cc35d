"""How many rounds a second does one core play without a screen? `python benchmarks/rounds.py [--json [FILE]]`.

The person's rules, every step of a 30th of a second, and a bot's whole mind under them: what calibrates the knob and
what every real-time bot runs. Rounds are played to their own end; since a round lost early is short, what counts is
play: a round is 25 s of it, 750 steps. CPU time of one process; medians of five runs, the difficulties taken in turn so
that whatever else the machine does touches all alike. Reach: 80 a second.
"""

import os
import sys
from pathlib import Path
from statistics import median
from time import process_time

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.answer import answer, options
from experiments.autoplay import Cell, played

DIFFICULTIES = (-2.0, -1.0, 0.0, 1.0, 2.0)
RUNS = 5
ROUNDS = 60
ROUND_S = 25.0


def rounds_per_s(difficulty: float, run: int) -> tuple[float, float]:
    """Rounds of 25 s a second of CPU, and rounds as long as they were, by a bot of average skill."""
    began = process_time()
    tally = played(Cell(f"benchmark/{difficulty}", 0.0, difficulty, run * ROUNDS, ROUNDS))
    took = process_time() - began
    return (tally.cleared_s + tally.lost_s) / ROUND_S / took, ROUNDS / took


def main() -> None:
    """Print the figures, and keep them where that is asked."""
    given = options(__doc__).parse_args()
    runs = [{at: rounds_per_s(at, run) for at in DIFFICULTIES} for run in range(RUNS)]
    of_25_s = {f"{at:+.0f}": round(median(run[at][0] for run in runs)) for at in DIFFICULTIES}
    figures = {
        "rounds_of_25_s_per_s": round(median(run[at][0] for run in runs for at in DIFFICULTIES)),
        "by_difficulty": of_25_s,
        "as_long_as_they_were": {f"{at:+.0f}": round(median(run[at][1] for run in runs)) for at in DIFFICULTIES},
        "step_us": round(1e6 / median(run[at][0] for run in runs for at in DIFFICULTIES) / (ROUND_S * 30), 2),
        "load_before": os.getloadavg()[0],
        "reach": {"rounds_of_25_s_per_s": 80},
    }
    answer(figures, given.json)


if __name__ == "__main__":
    main()
