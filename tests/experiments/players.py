"""Players whose lives can be foretold: a `Play` that lives nobody's life and is done at once."""

from bots.churn import Family
from contract.graph import Graph
from engagement_api.policy.bandit import Posterior
from engagement_api.trial import PolicyName
from experiments.cells import Chunk, Plan
from experiments.lives import Stub

AFTER = 4
"""One player in so many leaves in the burn-in."""
ROUNDS = {"P0": 10, "P1": 11, "P2": 12, "P3": 13, "P4": 14}


class Foretold:
    """Plays at once, and remembers what it was asked for."""

    def __init__(self, stop_after: int | None = None) -> None:
        self.asked: list[tuple[int, range, tuple[PolicyName, ...], Posterior, Graph | None]] = []
        self._stop_after = stop_after

    def __call__(  # noqa: PLR0917 - as `cells.Play` has it
        self,
        seed: int,
        numbers: range,
        family: type[Family],
        policies: tuple[PolicyName, ...],
        plan: Plan,
        posterior: Posterior,
        graph: Graph | None,
    ) -> Chunk:
        """One pull more of the first arm a chunk; after so many chunks somebody presses Ctrl-C."""
        del family, plan
        if len(self.asked) == self._stop_after:
            raise KeyboardInterrupt
        self.asked.append((seed, numbers, policies, posterior, graph))
        stubs: dict[PolicyName, list[Stub | None]] = {
            policy: [None if number % AFTER == 0 else stub(policy, number) for number in numbers] for policy in policies
        }
        rows = [(number, True, 1, 1, 0.5, 1, 0.0, 0.0, False) for number in numbers] if "explore" in policies else []
        first, *rest = posterior.pulls
        return Chunk(stubs, Posterior((first + 1, *rest), posterior.stays), rows, len(numbers))  # type: ignore[arg-type] # five


def stub(policy: PolicyName, number: int) -> Stub:
    """The k-th player played k % 5 rounds more than a policy's ten or so."""
    return Stub(
        rounds=ROUNDS.get(policy, 0) + number % 5,
        left=number % 2 == 0,
        flow=1,
        true_flow=2,
        before=0.5,
        third=1,
        persona=number % 3,
        overshoots=3,
        reversals=4,
    )


def plan(policies: tuple[PolicyName, ...] = ("P0", "P2"), players: int = 300, seeds: int = 2) -> Plan:
    """Two families, nobody's files."""
    return Plan(
        families={"F2": "F2", "F7": "F7"},
        sources={},
        policies=policies,
        players=players,
        seeds=seeds,
        horizon=30,
        burn_in=10,
    )
