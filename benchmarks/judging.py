"""How often the judge is wrong about nothing, how much its dice matter, and how long it takes.

    python benchmarks/judging.py [--json [FILE]]

- Of experiments in which nothing happens but noise, how many end in harm and how many in a win? Asked of whole arms and
  of thirds, in which 2.5 % are harm by construction; one experiment is two seeds of 600 pairs under four policies.
- How far does an end of the interval move with other dice, as a share of the interval's width, by number of draws?
- Eight seeds, three families, five policies and 20,000 players an arm, as CPU seconds: reach 60.

The decision `when-better-may-be-said` quotes it.
"""

import sys
import time
from collections import Counter
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.answer import answer, options
from experiments.evidence import Evidence
from experiments.judgement import judge_family
from experiments.pairs import Terms
from experiments.statistics import DRAWS, estimate, resampled
from tests.experiments.invented import SHAKEN, cell

POLICIES = ("P1", "P2", "P3", "P4")
EXPERIMENTS = 100


def nothing(seed: int, people: int = 600) -> Evidence:
    """A cell in which every policy does nothing but shake, each its own way."""
    return cell(dict.fromkeys(POLICIES, SHAKEN), seed=seed, people=people)


def wrong() -> dict[str, dict[str, float]]:
    """How often harm and wins are seen where there is nothing, in percent."""
    arms: Counter[str] = Counter()
    groups: Counter[str] = Counter()
    for number in range(EXPERIMENTS):
        found = judge_family([nothing(1000 + 2 * number), nothing(1001 + 2 * number)], Terms(draws=200, dice=number))
        arms.update(of.everyone.verdict for of in found.comparisons)
        groups.update(
            group.estimate.verdict for of in found.comparisons for group in of.groups if group.kind == "skill"
        )
    return {
        name: {
            "of": seen.total(),
            **{verdict: round(100 * seen[verdict] / seen.total(), 1) for verdict in ("harmful", "better")},
        }
        for name, seen in (("whole arms", arms), ("thirds", groups))
    }


def dice() -> dict[int, float]:
    """How far the lower end of one interval moves with other dice, in percent of the width, by number of draws."""
    alone = np.random.default_rng(1).exponential(20.0, 4_000)
    arm = alone * np.random.default_rng(2).uniform(0.8, 1.3, 4_000)
    table = np.column_stack([alone, arm])
    moves = {}
    for draws in (100, DRAWS, 2_000):
        ends = []
        for seed in range(20):
            sums = resampled(table, draws, np.random.default_rng(seed))
            ends.append(estimate([0.05], (sums[:, 1] / sums[:, 0] - 1.0)[None], pairs=4_000, different=4_000))
        width = np.mean([end.high - end.low for end in ends])
        moves[draws] = round(float(100 * np.std([end.low for end in ends]) / width), 1)
    return moves


def speed() -> float:
    """How long the whole of an experiment takes to judge, in seconds of CPU."""
    cells = [nothing(seed, 20_000) for seed in range(8)]
    began = time.process_time()
    for _ in range(3):
        judge_family(cells, Terms())
    return round(time.process_time() - began, 1)


def main() -> None:
    """Print the figures, and keep them where that is asked."""
    given = options(__doc__).parse_args()
    figures = {
        "verdicts_on_nothing_percent": wrong(),
        "an_end_moves_by_percent_of_the_width": dice(),
        "cpu_s_for_8_seeds_3_families_5_policies_20000_players": speed(),
        "reach": {"harmful": 2.5, "better": 2.5, "cpu_s": 60},
    }
    answer(figures, given.json)


if __name__ == "__main__":
    main()
