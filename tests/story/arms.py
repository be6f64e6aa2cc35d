"""Rules for a story under one policy, everybody in the one arm of a trial named after it; and players of an arm."""

from typing import Final

from contract.graph import PLACES, Fit, Graph
from engagement_api import weigh
from engagement_api.judge import Rules
from engagement_api.trial import Branch, PolicyName, Trial, branch_of

POLICIES: Final = tuple(weigh.POLICIES)


def graph(slope: float = 1.0) -> Graph:
    """One that wants seven rounds in ten cleared, wherever a player stands."""
    return Graph("1", (0.0,) * 10, (0.7,) * len(PLACES), Fit("by hand", 0, 0, 0, slope, slope, slope, "by hand"))


def alike(policy: PolicyName, burn_in: int = 0) -> Trial:
    """A trial named after its one policy."""
    return Trial(f"all {policy}", (Branch("everybody", policy, 1.0),), burn_in)


def under(policy: PolicyName, *, burn_in: int = 0, of: Graph | None = None) -> Rules:
    """Everybody in it, with a graph for P3."""
    return Rules(trial=alike(policy, burn_in), graph=of or graph())


def somebody_in(arm: str, trial: Trial) -> str:
    """A player whom the lot puts in this arm."""
    names = (f"player-{number}" for number in range(1000))
    return next(name for name in names if (branch := branch_of(name, trial)) is not None and branch.name == arm)
