"""Who plays under which policy: the arms of a trial, drawn by the player's name alone.

The same player has the same arm in every process, after every restart, and for bots as for people: the arm is a salted
SHA-256 of the name, read as a number in [0, 1) and laid along the shares of the arms. The salt is the trial's name, so
that a new trial shuffles the players anew.

One player in twenty is held out before any trial, under a salt of their own: they keep the designer's river, whatever
is tried, so that it can always be said what adaptation is worth at all.

Strange: shares may leave somebody over. Who is in no arm is not in the trial, and plays as if there were none.
"""

import hashlib
from functools import lru_cache
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from contract.envelope import Name
from contract.events import Share

PolicyName = Literal["P0", "P1", "P2", "P3", "P4", "explore"]
NO_TRIAL: Final = "none"
"""The name of the trial that is none: everybody but the held out plays under the API's own policy."""
ADAPTIVE: Final = "adaptive"
SALT: Final = "whitewater 2026-11"
"""Of the hold-out; another one would hold out other players."""


class Branch(Struct, frozen=True, forbid_unknown_fields=True):
    """One arm of a trial: who is in it plays under its policy."""

    name: Name
    policy: PolicyName
    share: Share
    """Of the players who are not held out."""


class Trial(Struct, frozen=True, forbid_unknown_fields=True):
    """Policies held against each other."""

    name: Name
    arms: Annotated[tuple[Branch, ...], Meta(min_length=1, max_length=16)]
    burn_in: Annotated[int, Meta(ge=0, le=1_000)] = 0
    """Rounds of a player's life under P0 in every arm, before the arm's own policy acts."""


HELD_OUT: Final = Branch("held_out", "P0", 0.05)


def branch_of(player: str, trial: Trial) -> Branch | None:
    """The arm of `player`: held out, or one of the trial's, or none where its shares leave somebody over."""
    if _lot(SALT, player) < HELD_OUT.share:
        return HELD_OUT
    lot = _lot(f"trial {trial.name}", player)
    for branch in trial.arms:
        lot -= branch.share
        if lot < 0.0:
            return branch
    return None


@lru_cache
def untried(policy: PolicyName) -> Trial:
    """What holds while nothing is tried: one arm for everybody who is not held out."""
    return Trial(NO_TRIAL, (Branch(ADAPTIVE, policy, 1.0),))


def flaw_of(trial: Trial) -> str | None:
    """Why this trial cannot be run, in a sentence; None when it can."""
    names = [branch.name for branch in trial.arms]
    shares = sum(branch.share for branch in trial.arms)
    if trial.name == NO_TRIAL:
        return f"The name {NO_TRIAL!r} stands for no trial: choose another."
    if HELD_OUT.name in names:
        return f"The arm {HELD_OUT.name!r} is there in every trial, with P0 and {HELD_OUT.share:.0%} of the players."
    if len({*names}) < len(names):
        return f"Two arms have one name, of {', '.join(names)}: nobody could tell them apart."
    if abs(shares - 1.0) > 1e-6:
        return f"The shares of the arms add up to {shares:g}: they must add up to 1."
    if empty := [branch.name for branch in trial.arms if branch.share == 0.0]:
        return f"The arm {empty[0]!r} has no share: leave it out, or give it one."
    return None


def _lot(salt: str, player: str) -> float:
    digest = hashlib.sha256(f"{salt}:{player}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64
