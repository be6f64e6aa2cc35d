"""How a running trial stands: what the page shows of it, out of counts and sums that the history keeps.

The primary figure is rounds per player after exposure. Every arm is held against one control: the first arm with P0,
or the first arm where none has it. The held out are an arm like any other, with their twentieth of the players.

It refuses to say who won. An interval is for one look and the p beside it for many; what a trial has shown is said when
it is over, by whoever set its length before it began.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from msgspec import Struct

from engagement_api.standing import ALARM, Lift, lift, msprt, srm
from engagement_api.trial import HELD_OUT, Branch, PolicyName, Trial

TAU2: Final = 1.0
"""Of `msprt`, in squared rounds. Ours: effects of about a round a player are looked for (docs/decisions)."""


class Tally(Struct, frozen=True):
    """Exact sums over the exposed players of one arm."""

    n: int = 0
    rounds: int = 0
    """All their rounds after exposure."""
    squares: int = 0
    """The sum of each player's rounds squared."""

    @property
    def mean(self) -> float:
        """Rounds a player."""
        return self.rounds / self.n if self.n else 0.0

    @property
    def variance(self) -> float:
        """Of one player's rounds, unbiased; 0 for fewer than two players."""
        return (self.squares - self.rounds * self.rounds / self.n) / (self.n - 1) if self.n > 1 else 0.0


class Running(Struct, frozen=True):
    """The trial that runs, and since when exposures of it are counted."""

    trial: Trial
    since: datetime


class Arm(Struct, frozen=True):
    """One arm as it stands."""

    name: str
    policy: PolicyName
    share: float
    """Of all players, the held out among them."""
    control: bool
    n: int
    """Players exposed."""
    rounds: float
    """Mean rounds a player after exposure."""
    lift: Lift | None
    """Against the control, with its 95 % interval; none for the control itself, and while there are too few."""
    p: float | None
    """The always-valid p of this arm against the control."""


class Ratio(Struct, frozen=True):
    """Whether the exposed fit the shares."""

    p: float
    alarm: bool


class Experiment(Struct, frozen=True):
    """What runs, and how it stands; all empty when nothing does."""

    trial: Trial | None = None
    since: datetime | None = None
    arms: tuple[Arm, ...] = ()
    srm: Ratio | None = None


def stand(running: Running | None, tallies: Mapping[str, Tally]) -> Experiment:
    """How `running` stands, given what each arm has counted."""
    if running is None:
        return Experiment()
    trial = running.trial
    control = control_of(trial)
    against = tallies.get(control.name, Tally())
    branches = [(branch, branch.share * (1.0 - HELD_OUT.share)) for branch in trial.arms]
    branches.append((HELD_OUT, HELD_OUT.share))
    arms = tuple(_arm(branch, share, branch is control, tallies, against) for branch, share in branches)
    p = srm([arm.n for arm in arms], [arm.share for arm in arms])
    return Experiment(trial, running.since, arms, Ratio(p, p < ALARM))


def control_of(trial: Trial) -> Branch:
    """The arm that all others are held against."""
    return next((branch for branch in trial.arms if branch.policy == "P0"), trial.arms[0])


def _arm(branch: Branch, share: float, control: bool, tallies: Mapping[str, Tally], against: Tally) -> Arm:  # noqa: FBT001 - it is or is not
    here = tallies.get(branch.name, Tally())
    both = (against.n, against.mean, against.variance, here.n, here.mean, here.variance)
    return Arm(
        name=branch.name,
        policy=branch.policy,
        share=round(share, 6),
        control=control,
        n=here.n,
        rounds=here.mean,
        lift=None if control else lift(*both),
        p=None if control else msprt(*both, TAU2),
    )
