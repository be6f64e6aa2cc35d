"""How soon the river gives way to a player for whom it is far too hard.

`python benchmarks/easing.py` lets players sit down whose skill lies 1.5 logit under the river's first difficulty, and
says for each policy after how many rounds it was first easier than its designer drew it. P3 steers by the published
graph. The peer is P0, under which it never is.
"""

from typing import Final

from engagement_api.policy.graph import read_graph
from engagement_api.published import graph_file
from engagement_api.trial import PolicyName
from experiments.probe import BELOW, ROUNDS, first_easing

PLAYERS: Final = 2_000
POLICIES: Final[tuple[PolicyName, ...]] = ("P0", "P1", "P2", "P3", "P4")


def main() -> None:
    """Prints one line a policy."""
    graph = read_graph(graph_file(None))
    print(f"{PLAYERS} players {BELOW} logit below the river; rounds until it is first easier than designed")
    for policy in POLICIES:
        found = first_easing(policy, PLAYERS, graph)
        when = "never" if found.mean is None else f"median {found.median}, mean {found.mean}"
        print(f"{policy}: {found.eased} of {found.players} within {ROUNDS} rounds; {when}")


if __name__ == "__main__":
    main()
