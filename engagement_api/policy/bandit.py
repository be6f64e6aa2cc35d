"""P4, the bandit: which share of cleared rounds keeps players longest? Thompson sampling over five answers.

The target p* is one of .55 .65 .75 .85 .92, for blocks of eight rounds. A block begun is a pull of that arm, a block
played to its end a stay; with a flat prior the chance of staying is Beta(1 + stays, 1 + pulls - stays), and an arm is
chosen with the probability that it is the best (Thompson, Biometrika 25, 1933; Chapelle and Li, "An Empirical
Evaluation of Thompson Sampling", NIPS 2011, whose section 6 is on feedback that comes late: here a block still being
played counts as one not finished, in every arm alike).

Strange: instead of drawing from five posteriors and taking the highest, that probability is worked out (`chances`) and
one number drawn. The outcome is the same, and the propensity is exact, so that the log can be weighed by it later. The
whole block carries the propensity of its choice.

`explore` is the same with even chances: what the graph of P3 is fitted on. It learns nothing and teaches P4 nothing, or
arms held against each other would feed each other.

Ours: the five targets lie between the guardrails' odds; eight rounds are a few minutes, in which leaving is seen.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from itertools import accumulate
from math import exp, log, prod, sqrt
from typing import Final

from msgspec import Struct

from contract.signals import SignalUpdated
from engagement_api.policy.target import COLD_ROUNDS, difficulty_of, staircase
from engagement_api.policy.wish import Lesson, Wish, is_answered
from engagement_api.state import Block, Memory, State

TARGETS: Final = (0.55, 0.65, 0.75, 0.85, 0.92)
NAMES: Final = tuple(f"{round(target * 100)}" for target in TARGETS)
"""Of the targets, in the evidence."""
BLOCK: Final = 8
EVEN: Final = (0.2,) * len(TARGETS)
POINTS: Final = 400
"""Of the quadrature; the chances are then right to three digits (see the test against scipy)."""
WIDE: Final = 8.0
"""Standard deviations either side of every mean that the quadrature covers."""
Five = tuple[int, int, int, int, int]


class Posterior(Struct, frozen=True):
    """What was seen of the five arms by everybody together."""

    pulls: Five = (0, 0, 0, 0, 0)
    stays: Five = (0, 0, 0, 0, 0)


def learned(posterior: Posterior, *lessons: Lesson) -> Posterior:
    """The posterior after these lessons."""
    pulls, stays = [*posterior.pulls], [*posterior.stays]
    for lesson in lessons:
        (stays if lesson.stayed else pulls)[lesson.choice] += 1
    return Posterior((*pulls,), (*stays,))  # type: ignore[arg-type] # five


def decide(signal: SignalUpdated, state: State, posterior: Posterior | None, dice: Callable[[], float]) -> Wish | None:
    """The difficulty of the block's target, after every finished round; without a `posterior`, exploring.

    `dice` gives a number in [0, 1); they are thrown when a block begins.
    """
    signals = signal.data
    if is_answered(signal, state):
        return None
    if signals.rounds <= COLD_ROUNDS:
        return staircase(signals, state)
    block, lessons, seen = state.memory.block, list[Lesson](), tuple[tuple[str, float], ...]()
    if block is not None and signals.rounds - block.began >= BLOCK:
        lessons.append(Lesson(block.choice, stayed=True))
        block = None
    if block is None:
        block = _begun(signals.rounds, EVEN if posterior is None else chances(posterior), dice())
        lessons.append(Lesson(block.choice, stayed=False))
        seen = () if posterior is None else _seen(posterior)
    target, played = TARGETS[block.choice], signals.rounds - block.began
    return Wish(
        difficulty_of(signals, target),
        f"The river tries how you like to clear {round(target * 100)} runs in 100, run {played + 1} of {BLOCK}",
        evidence=(("target", target), ("block_round", float(played + 1)), *seen),
        propensity=block.propensity,
        memory=Memory(block=block),
        lessons=() if posterior is None else (*lessons,),
    )


@lru_cache(maxsize=256)
def chances(posterior: Posterior) -> tuple[float, ...]:
    """The probability of each arm that it keeps players best; they add up to 1.

    P(i is best) is the integral of f_i(x) prod_{j != i} F_j(x), f and F the density and distribution of the posteriors,
    by the midpoint rule over the part of 0 to 1 where there is any mass.
    """
    shapes = [
        (1.0 + min(stays, pulls), 1.0 + max(pulls - stays, 0))
        for pulls, stays in zip(posterior.pulls, posterior.stays, strict=True)
    ]
    middles = [(a / (a + b), sqrt(a * b / (a + b + 1.0)) / (a + b)) for a, b in shapes]
    low = max(min(mean - WIDE * deviation for mean, deviation in middles), 0.0)
    high = min(max(mean + WIDE * deviation for mean, deviation in middles), 1.0)
    points = [low + (high - low) * (step + 0.5) / POINTS for step in range(POINTS)]
    masses = [_masses(a, b, points) for a, b in shapes]
    below = [[total - mass / 2.0 for total, mass in zip(accumulate(arm), arm, strict=True)] for arm in masses]
    best = [
        sum(mass * prod(others) for mass, *others in zip(own, *below[:arm], *below[arm + 1 :], strict=True))
        for arm, own in enumerate(masses)
    ]
    whole = sum(best)
    return tuple(share / whole for share in best)


def _masses(a: float, b: float, points: list[float]) -> list[float]:
    logs = [(a - 1.0) * log(x) + (b - 1.0) * log(1.0 - x) for x in points]
    top = max(logs)
    weights = [exp(value - top) for value in logs]
    whole = sum(weights)
    return [weight / whole for weight in weights]


def _begun(rounds: int, likely: tuple[float, ...], thrown: float) -> Block:
    choice = next((arm for arm, upto in enumerate(accumulate(likely)) if thrown < upto), len(likely) - 1)
    return Block(choice, rounds, likely[choice])


def _seen(posterior: Posterior) -> tuple[tuple[str, float], ...]:
    """Everything the choice rests on, so that whoever replays the log can check it."""
    return tuple(
        (f"{what}_{name}", float(count))
        for what, counts in (("pulls", posterior.pulls), ("stays", posterior.stays))
        for name, count in zip(NAMES, counts, strict=True)
    )


def posterior_in(evidence: Mapping[str, float]) -> Posterior | None:
    """What the bandit knew, as the evidence of its choice says; None where it had nothing to choose."""
    if f"pulls_{NAMES[0]}" not in evidence:
        return None
    return Posterior(_five(evidence, "pulls"), _five(evidence, "stays"))


def _five(evidence: Mapping[str, float], what: str) -> Five:
    return tuple(int(evidence[f"{what}_{name}"]) for name in NAMES)  # type: ignore[return-value] # five of them
