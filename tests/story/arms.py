"""Rules for a story under one policy: everybody in the one arm of a trial named after it."""

from typing import Final

from contract.graph import PLACES, Fit, Graph
from engagement_api.judge import Rules
from engagement_api.trial import Branch, PolicyName, Trial

POLICIES: Final[tuple[PolicyName, ...]] = ("P0", "P1", "P2", "P3", "P4", "explore")


def graph(slope: float = 1.0) -> Graph:
    """One that wants seven rounds in ten cleared, wherever a player stands."""
    return Graph("1", (0.0,) * 10, (0.7,) * len(PLACES), Fit("by hand", 0, 0, 0, slope, slope, slope, "by hand"))


def alike(policy: PolicyName, burn_in: int = 0) -> Trial:
    """A trial named after its one policy."""
    return Trial(f"all {policy}", (Branch("everybody", policy, 1.0),), burn_in)


def under(policy: PolicyName, *, burn_in: int = 0, of: Graph | None = None) -> Rules:
    """Everybody in it, with a graph for P3."""
    return Rules(trial=alike(policy, burn_in), graph=of or graph())
