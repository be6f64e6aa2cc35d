"""What an experiment found, as results.json holds it: every share is a share (0.05 is 5 %), never a percentage.

It refuses to know how a number was worked out (`statistics`, `judgement`) and how it is told (`words`, `figure`).
Strange: a number that cannot be had is None, so that "nobody could know" never looks like zero.
"""

from collections.abc import Iterable
from typing import Final, Literal

from msgspec import Struct

CONTROL: Final = "P0"
"""The designer's curve: what every other arm is held against."""
REPEATED: Final = "again"
"""An arm of this name is the control played a second time, for the A/A check."""
INDIFFERENT: Final = "F7"
"""The family that ignores the river: whatever moves it is an error of ours."""

FEWEST: Final = 30
"""Of fewer pairs nothing is said: their ratio of means is noise with a name, and resampling them has little to draw."""

Verdict = Literal["harmful", "better", "nothing", "not shown"]
"""`nothing`: every pair of players did the very same. `not shown`: there may be a difference, this run cannot tell."""


class Interval(Struct, frozen=True):
    """An estimate with the interval that covers the truth in 95 % of experiments like this one."""

    lift: float
    """Ratio of means, less 1."""
    low: float
    high: float


class Estimate(Struct, frozen=True, kw_only=True):
    """The lift of some players of one arm over the same players in the control."""

    lift: float
    """Ratio of mean rounds after exposure, less 1; the mean over seeds."""
    low: float
    high: float
    by_seed: tuple[float, ...]
    """In the order of the comparison's seeds."""
    se_players: float
    """Standard error by resampling players within seeds."""
    se_seeds: float | None
    """Standard error of the mean over seeds; None for one seed. Far above the other, seeds differ in more than
    players: in what a policy happened to learn."""
    p: float
    """Two-sided, by the larger of the two standard errors."""
    p_adjusted: float
    """After Holm."""
    players: int
    """Pairs, over all seeds."""
    verdict: Verdict


class Group(Struct, frozen=True):
    """A part of the players: one `kind` (third of skill, persona) with one `name`."""

    kind: Literal["skill", "persona"]
    name: str
    estimate: Estimate


class Field(Struct, frozen=True):
    """What an experiment with people could have seen, whose arms are different people: no pairs."""

    plain: Interval
    cuped: Interval
    explained: float
    """Share of the variance that the burn-in explains, r squared: what CUPED takes away."""
    z: float
    """Of the plain difference of means, over all seeds."""


class Survival(Struct, frozen=True):
    """How long players stayed, those still there at the horizon counted as such."""

    logrank_p: float
    median: float | None
    """Rounds until half had left (Kaplan and Meier); None when most were still there at the horizon."""
    median_control: float | None


class Comparison(Struct, frozen=True, kw_only=True):
    """One policy under one family, against the control."""

    family: str
    policy: str
    seeds: tuple[int, ...]
    everyone: Estimate
    field: Field
    survival: Survival
    groups: tuple[Group, ...]


class Conduct(Struct, frozen=True, kw_only=True):
    """How one policy played with one family, over all seeds."""

    family: str
    policy: str
    assigned: int
    exposed: int
    rounds: float
    """A player's mean after exposure."""
    flow: float
    """Share of rounds whose predicted chance of clearing lay within .65 to .85."""
    true_flow: float
    """The same by the chance that the bot really had."""
    overshoots: float
    """Per 100 rounds."""
    reversals: float
    """Per 100 rounds."""
    left: float
    """Share of players gone for good within the horizon."""


class Split(Struct, frozen=True):
    """Whether the arms of one cell have the sizes they were promised."""

    family: str
    seed: int
    assigned: dict[str, int]
    p: float
    alarm: bool


class Same(Struct, frozen=True):
    """An A/A check: pairs of players who must have done the very same, and how many did not."""

    family: str
    against: str
    """`again` is the control played twice; another name a policy, under the indifferent family."""
    pairs: int
    different: int


class Graph(Struct, frozen=True):
    """What became of the graph that P3 steers by, in one cell."""

    family: str
    seed: int
    refusal: str | None
    """Why P3 did without; None when it was published."""
    slope: tuple[float, float, float] | None
    """Of the calibration on held-out players, with its 95 % interval."""


class Made(Struct, frozen=True, kw_only=True):
    """What a judgement was made of and with."""

    played: str
    """When the newest cell was written, RFC 3339."""
    horizon: int
    burn_in: int
    draws: int
    dice: int
    level: float
    versions: dict[str, str]
    seconds: float
    """Of play, all cells together."""
    rounds: int


class Results(Struct, frozen=True, kw_only=True):
    """`results.json`."""

    version: Literal["1"] = "1"
    made: Made
    seeds: tuple[int, ...]
    families: tuple[str, ...]
    policies: tuple[str, ...]
    comparisons: tuple[Comparison, ...]
    """By family, then policy; `harms` finds what must be said first."""
    arms: tuple[Conduct, ...]
    splits: tuple[Split, ...]
    same: tuple[Same, ...]
    graphs: tuple[Graph, ...]


def contenders(policies: Iterable[str]) -> tuple[str, ...]:
    """Those of `policies` that are held against the control."""
    return tuple(policy for policy in policies if policy not in {CONTROL, REPEATED})


def by_family(family: str) -> tuple[bool, str]:
    """Families go by their names, the indifferent last: it is the zero that all others are read against."""
    return family == INDIFFERENT, family


class Harm(Struct, frozen=True):
    """An arm, or a group of it, whose players certainly played less."""

    family: str
    policy: str
    group: Group | None
    estimate: Estimate


def harms(results: Results) -> tuple[Harm, ...]:
    """Every harmful estimate, the worst first: no arm may hide harm in an average."""
    found = [
        Harm(of.family, of.policy, group, estimate)
        for of in results.comparisons
        for group, estimate in [(None, of.everyone), *((group, group.estimate) for group in of.groups)]
        if estimate.verdict == "harmful"
    ]
    return tuple(sorted(found, key=lambda harm: harm.estimate.lift))
