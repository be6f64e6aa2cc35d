"""Some hundred players under every policy at once, and what is kept of each: the `Play` that a cell asks for.

A player lives the burn-in once, because it is the same in every arm; then life forks, one branch a policy, each
with the same mind and the same luck. Whoever left before is in no arm. What the bandit learns goes from chunk to chunk:
players of one chunk play side by side and do not teach each other.
"""

from typing import Any, Final

from msgspec import Struct

from bots.churn import Family, Round
from bots.mind import NAMES
from contract.graph import Graph
from engagement_api.policy.bandit import Posterior, learned
from engagement_api.trial import Branch, PolicyName, Trial
from engagement_api.weigh import Rules
from experiments.cells import Chunk, Plan
from experiments.life import HAIR, Life, Played, bear, not_held_out, play

FLOW: Final = (0.65, 0.85)
"""The flow channel: between these chances of clearing (the issue's)."""
THIRDS: Final = (-0.4307, 0.4307)
"""Logits; where N(0, 1) is cut in three."""
SETTLED: Final = 0.10
"""Logits past its aim from which a move counts as an overshoot: the guardrails' dead band."""

NOT_IDLE: Final = 0.0
"""Strokes are not played, so the idle share says nothing and is left out of what the hazard is fitted on."""


class Stub(Struct, frozen=True, gc=False):
    """What is kept of one life in one arm, counted from exposure on."""

    rounds: int
    left: bool
    flow: int
    true_flow: int
    before: float
    """Share of the burn-in's rounds cleared."""
    third: int
    persona: int
    overshoots: int
    """Moves that took the river past the difficulty this player would clear three times in four."""
    reversals: int
    """Moves against the last one."""


class Notes:
    """What is written down while a chunk is played."""

    def __init__(self, posterior: Posterior, *, exploring: bool) -> None:
        self.posterior = posterior
        self.exploring = exploring
        self.rows: list[tuple[Any, ...]] = []
        self.rounds = 0

    def take(self, number: int, life: Life, played: Played) -> None:
        """One round more: what the bandit learned, and in the exploration cohort a row as `fit.ROW` has it."""
        self.rounds += 1
        for lesson in life.lessons:
            self.posterior = learned(self.posterior, lesson)
        if self.exploring:
            felt, believed = played.felt, life.signals
            standing = (believed.last3, believed.success, felt.number, believed.absence_ratio, NOT_IDLE)
            self.rows.append((number, felt.cleared, felt.attempt, *standing, played.left))


def play_all(  # noqa: PLR0917 - as `cells.Play` has it
    seed: int,
    numbers: range,
    family: type[Family],
    policies: tuple[PolicyName, ...],
    plan: Plan,
    posterior: Posterior,
    graph: Graph | None,
) -> Chunk:
    """Lives the lives of `numbers` under each of `policies`; whoever explores is logged from the first round on."""
    notes = Notes(posterior, exploring=policies == ("explore",))
    rules = {policy: _rules(policy, plan.burn_in, posterior, graph) for policy in policies}
    stubs: dict[PolicyName, list[Stub | None]] = {policy: [] for policy in policies}
    for number in numbers:
        born = bear(seed, number, plan.burn_in + plan.horizon)
        life = Life(born, not_held_out(f"x{seed}-{number}"), born.family(family), rules[policies[0]])
        before = _burn_in(life, number, plan.burn_in, notes)
        for policy in policies:
            if before is None:
                stubs[policy].append(None)
            else:
                fork = life.fork(rules[policy], before, family)
                stubs[policy].append(_live_on(fork, number, plan, before, notes))
    return Chunk(stubs, notes.posterior, notes.rows, notes.rounds)


def _burn_in(life: Life, number: int, rounds: int, notes: Notes) -> list[Round] | None:
    """The rounds before exposure, or None of a player who left before."""
    before: list[Round] = []
    for _ in range(rounds):
        played = play(life)
        notes.take(number, life, played)
        if played.left:
            return None
        before.append(played.felt)
    return before


def _live_on(life: Life, number: int, plan: Plan, before: list[Round], notes: Notes) -> Stub:
    rounds = flow = true_flow = overshoots = reversals = heading = 0
    left = False
    while rounds < plan.horizon and not left:
        played = play(life)
        notes.take(number, life, played)
        left = played.left
        rounds += 1
        flow += FLOW[0] <= played.predicted <= FLOW[1]
        true_flow += FLOW[0] <= played.felt.chance <= FLOW[1]
        if abs(played.after - played.before) > HAIR:
            way = 1 if played.after > played.before else -1
            reversals += way == -heading
            heading = way
            overshoots += (played.before - played.aim) * way < 0 and (played.after - played.aim) * way > SETTLED
    latents = life.born.latents
    return Stub(
        rounds=rounds,
        left=left,
        flow=flow,
        true_flow=true_flow,
        before=sum(each.cleared for each in before) / len(before) if before else 0.0,
        third=(latents.skill > THIRDS[0]) + (latents.skill > THIRDS[1]),
        persona=NAMES.index(latents.persona),
        overshoots=overshoots,
        reversals=reversals,
    )


def _rules(policy: PolicyName, burn_in: int, posterior: Posterior, graph: Graph | None) -> Rules:
    trial = Trial(f"fast {policy}", (Branch(policy, policy, 1.0),), burn_in)
    return Rules(trial=trial, graph=graph, posterior=posterior)
