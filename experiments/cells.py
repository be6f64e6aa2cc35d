"""One cell of an experiment: one family of players, one seed, every policy; from who is assigned where to the columns.

First comes the exploration cohort, whose river is drawn by dice: from its log the graph is fitted that P3 then steers
by, or is refused. The cohort's players are nobody's twins in the arms. Then every arm plays: the k-th player of each
has the same latents and the same dice, so that arms differ by their policies and by nothing else.

Assignment is the trial's own, player by player from a pool of names, so the arms' sizes differ a little as they would
in the world, and the test for a sample ratio mismatch has something to test. Players held out of every trial are passed
over: fast mode has nobody to protect.

It does not know how a life is lived: `Play` is handed in, for some hundred players at a time, so that whoever waits can
be told how far it is, and can stop it.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from math import ceil
from typing import Any, Final, Protocol, TypeAlias

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from bots.churn import Family
from contract.graph import Graph
from engagement_api.policy.bandit import Posterior
from engagement_api.trial import HELD_OUT, Branch, PolicyName, Trial, branch_of
from experiments.evidence import KINDS, Assigned, Meta
from experiments.fit import ROW, Fitted, Rows, fit

CHUNK: Final = 250
"""Players at a time, a second or two of work: nobody waits longer for a Ctrl-C or a step of the progress bar."""
EXPLORING: Final = 0.1
"""The share of all players whose difficulty is drawn by dice, where an arm needs a graph."""
COHORT: Final = 10_000_000
"""The cohort's first number: its latents are none of the arms'."""
COMMAND: Final = "whitewater experiment run"

Columns: TypeAlias = dict[str, NDArray[Any]]


class Plan(Struct, frozen=True, kw_only=True):
    """What was asked for. A folder holds the cells of one plan, and of no other."""

    families: dict[str, str]
    """What each family is called, and how it is loaded: `F2`, or `path/to/file.py:Name`."""
    sources: dict[str, str]
    """SHA-256 of the files that families were loaded from: with another family in it, it is another experiment."""
    policies: tuple[PolicyName, ...]
    players: int
    """In each arm, about."""
    seeds: int
    horizon: int
    """Rounds after exposure; what a player would play beyond them is not counted."""
    burn_in: int
    """Rounds under the designer's curve in every arm, before exposure."""

    @property
    def explores(self) -> bool:
        """Whether there is an exploration cohort: only the graph policy needs one."""
        return "P3" in self.policies


class Cell(Struct, frozen=True):
    """One family, by what it is called, and one seed."""

    family: str
    seed: int

    @property
    def name(self) -> str:
        """As its files are called."""
        return f"{self.family}-{self.seed}"


class Chunk(Struct, frozen=True):
    """What came of a hundred players or so."""

    stubs: Mapping[PolicyName, Sequence[Any]]
    """Per policy one for each player, in order; None for those who left before exposure."""
    posterior: Posterior
    """What the bandit has learned by now."""
    rows: Sequence[tuple[Any, ...]]
    """The log of the exploring ones, as `fit.ROW` says."""
    rounds: int
    """Played altogether, burn-in included."""


class Play(Protocol):
    """Lives the lives of the players `numbers` under each of `policies`."""

    def __call__(  # noqa: PLR0917 - everything a world is made of
        self,
        seed: int,
        numbers: range,
        family: type[Family],
        policies: tuple[PolicyName, ...],
        plan: Plan,
        posterior: Posterior,
        graph: Graph | None,
    ) -> Chunk:
        """`posterior`: what the bandit learned of earlier chunks; without a `graph` P3 falls back as the API does."""


class Origin(Meta, frozen=True, kw_only=True):
    """What a cell's columns do not say."""

    players: int
    """Asked for in each arm."""
    coefficients: dict[str, float]
    """Of the hazard that was fitted for P3, published or not."""
    cohort_rounds: int
    leavings: int
    posterior: Posterior
    """What P4 had learned in the end."""


class Outcome(Struct, frozen=True):
    """A whole cell: its columns, and what an `Origin` needs besides where and how fast it was made."""

    columns: Columns
    arms: dict[str, Assigned]
    fitted: Fitted | None
    posterior: Posterior
    rounds: int


def cells_of(plan: Plan) -> list[Cell]:
    """Every cell, seed by seed, so that what is there after half the time shows every family."""
    return [Cell(family, seed) for seed in range(plan.seeds) for family in plan.families]


def trial_of(cell: Cell, plan: Plan) -> Trial:
    """The trial whose arms a cell plays."""
    explored = EXPLORING if plan.explores else 0.0
    arms = [Branch(policy, policy, (1.0 - explored) / len(plan.policies)) for policy in plan.policies]
    cohort = [Branch("explore", "explore", explored)] if plan.explores else []
    return Trial(f"fast-{cell.name}", (*arms, *cohort), plan.burn_in)


def assign(cell: Cell, plan: Plan) -> dict[str, int]:
    """How many players of the pool each arm is given: it is as large as it takes for `plan.players` an arm, about."""
    trial = trial_of(cell, plan)
    counts = {arm.name: 0 for arm in trial.arms}
    for number in range(ceil(plan.players / trial.arms[0].share / (1.0 - HELD_OUT.share))):
        branch = branch_of(f"x{cell.seed}-{number}", trial)
        if branch is not None and branch.name in counts:
            counts[branch.name] += 1
    return counts


def lives(plan: Plan) -> int:
    """How many players a cell lets live, each in all of its arms, about: what a progress bar counts."""
    explored = EXPLORING if plan.explores else 0.0
    return round(plan.players * (1.0 + len(plan.policies) * explored / (1.0 - explored)))


def play(cell: Cell, plan: Plan, family: type[Family], live: Play, tell: Callable[[int, int], None]) -> Outcome:
    """Plays a cell, telling the players and the rounds after each chunk; whatever `tell` raises ends it."""
    counts, rounds = assign(cell, plan), 0
    columns: Columns = {}
    posterior, fitted, graph = Posterior(), None, None
    if plan.explores:
        rows, rounds = explore(counts.pop("explore"), cell.seed, plan, family, live, tell)
        fitted = fit(rows, random.Random(f"{cell.name}/halves"), cell.name, COMMAND)
        columns["explore/log"], graph = rows, fitted.graph
    stubs: dict[PolicyName, list[Any]] = {policy: [] for policy in plan.policies}
    for numbers in chunks(0, max(counts.values())):
        chunk = live(cell.seed, numbers, family, plan.policies, plan, posterior, graph)
        for policy in plan.policies:
            stubs[policy] += chunk.stubs[policy]
        posterior, rounds = chunk.posterior, rounds + chunk.rounds
        tell(len(numbers), chunk.rounds)
    arms: dict[str, Assigned] = {}
    for policy in plan.policies:
        exposed = [stub for stub in stubs[policy][: counts[policy]] if stub is not None]
        arms[policy] = Assigned(counts[policy], len(exposed), 1.0 / len(plan.policies))
        columns |= columns_of(policy, exposed)
    return Outcome(columns, arms, fitted, posterior, rounds)


def explore(  # noqa: PLR0917 - as `play` has it
    count: int, seed: int, plan: Plan, family: type[Family], live: Play, tell: Callable[[int, int], None]
) -> tuple[Rows, int]:
    """The log of an exploration cohort of so many players, and how many rounds it took."""
    logged: list[tuple[Any, ...]] = []
    rounds = 0
    for numbers in chunks(COHORT, count):
        chunk = live(seed, numbers, family, ("explore",), plan, Posterior(), None)
        logged += chunk.rows
        rounds += chunk.rounds
        tell(len(numbers), chunk.rounds)
    return np.array(logged, ROW), rounds


def chunks(first: int, count: int) -> Iterator[range]:
    """The numbers from `first` on, some hundred at a time."""
    for begin in range(first, first + count, CHUNK):
        yield range(begin, min(begin + CHUNK, first + count))


def columns_of(policy: PolicyName, exposed: Sequence[Any]) -> Columns:
    """The players of one arm, one column for each thing that is kept of them."""
    return {
        f"{policy}/{name}": np.array([getattr(stub, name) for stub in exposed], kind) for name, kind in KINDS.items()
    }
