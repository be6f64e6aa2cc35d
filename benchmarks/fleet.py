"""What the figures of everybody cost, how good they are and how large.

    python benchmarks/fleet.py [--json [FILE]]

Error: the root mean square of 60 unions of eight sketches, 20,000 players in all, against the truth; and up to how many
players all of 40 such unions are exact. Size: the message of one of eight partitions after 36 days of a river with so
many players a day, three in ten of them new, who get 5 rapids far on average. Cost: a batch of one player's one event,
the worst case there is; more events of a player in a batch cost nothing more.
"""

import random
import statistics
import sys
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from datasketches import hll_sketch, hll_union, tgt_hll_type

from benchmarks.answer import answer, options
from benchmarks.fold import cost_us
from contract.codec import encode
from contract.fleet import LG_K
from processors.fleet import Fleet
from tests.processors.river import START, cleared, event, started, stroke

PARTITIONS = 8


def estimate(players: int, run: int) -> float:
    """How many eight united sketches say there are."""
    union = hll_union(LG_K)
    for partition in range(PARTITIONS):
        sketch = hll_sketch(LG_K, tgt_hll_type.HLL_4)
        for number in range(partition, players, PARTITIONS):
            sketch.update(f"run {run}, player {number}")
        union.update(sketch)
    return float(union.get_estimate())


def exact_up_to(runs: int = 40) -> int:
    """The largest multiple of 16 players that every run counts exactly."""
    players = 16
    while all(round(estimate(players + 16, run)) == players + 16 for run in range(runs)):
        players += 16
    return players


def message_bytes(players_a_day: int, days: int = 36) -> int:
    """How large the message of one partition is in the end."""
    fleet, dice, began = Fleet(0), random.Random(1), list[int]()
    of_partition = players_a_day // PARTITIONS
    for day in range(days):
        at = START + timedelta(days=day)
        newcomers = [day] * round(0.3 * of_partition)
        known = dice.choices(range(len(began)), k=of_partition - len(newcomers)) if began else []
        began += newcomers
        for player in [*known, *range(len(began) - len(newcomers), len(began))]:
            far = min(1 + int(dice.expovariate(0.2)), 30)
            facts = [fact for rapid in range(1, far + 1) for fact in (started(rapid), cleared(rapid))]
            for fact in facts[:-1]:
                told = event(fact, 1, dice.uniform(0, 600), player=f"p-{player}", session=f"{player}-{day}", start=at)
                fleet.note(told, (START + timedelta(days=began[player])).timestamp(), at.timestamp())
    return len(encode(fleet.told(START + timedelta(days=days - 1))))


def main() -> None:
    """Print the figures, and keep them where that is asked."""
    given = options(__doc__).parse_args()

    def note() -> None:
        for each in crowd:
            fleet.note(each, now_s, now_s)

    crowd = [event(stroke(), 1, n / 500, player=f"p-{n}", session=f"s-{n}") for n in range(5_000)]
    fleet, now_s = Fleet(0), START.timestamp() + 15
    figures = {
        "rms_error": round(statistics.fmean((estimate(20_000, run) / 20_000 - 1) ** 2 for run in range(60)) ** 0.5, 4),
        "exact_up_to_players": exact_up_to(),
        "message_bytes_by_players_a_day": {players: message_bytes(players) for players in (100, 1_000, 10_000)},
        "note_us": cost_us(note, len(crowd)),
    }
    answer(figures, given.json)


if __name__ == "__main__":
    main()
