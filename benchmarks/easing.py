"""How soon the river gives way to a player for whom it is far too hard.

`python benchmarks/easing.py` lets players sit down whose skill lies 1.5 logit under the river's first difficulty, and
says for each policy after how many rounds it was first easier than its designer drew it. P3 steers by the published
graph. The peer is P0, under which it never is. With `--json [FILE]` the figures are kept.
"""

import sys
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.answer import answer, options
from engagement_api.policy.graph import read_graph
from engagement_api.published import graph_file
from engagement_api.trial import PolicyName
from experiments.probe import BELOW, ROUNDS, first_easing

PLAYERS: Final = 2_000
POLICIES: Final[tuple[PolicyName, ...]] = ("P0", "P1", "P2", "P3", "P4")


def main() -> None:
    """Print the figures, and keep them where that is asked."""
    given = options(__doc__).parse_args()
    graph = read_graph(graph_file(None))
    found = {policy: first_easing(policy, PLAYERS, graph) for policy in POLICIES}
    figures: dict[str, object] = {
        "question": f"rounds until the river is first easier than designed, {BELOW} logit too hard; within {ROUNDS}",
        **{
            policy: {"eased": of.eased, "players": of.players, "median": of.median, "mean": of.mean}
            for policy, of in found.items()
        },
    }
    answer(figures, given.json)


if __name__ == "__main__":
    main()
