"""What the river should become (topic `adaptations`).

An adaptation is a *goal* with a revision, not a command: applying it twice, late, or after a lost one does no harm,
because the game keeps the highest revision it has seen and forgets the rest.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from contract.envelope import TYPE_PREFIX, Cause, Envelope, Name, Time
from contract.events import Grade, Hint, Logit, Ordinal, Reward, Share, Text


class Adaptation(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The river one player should have, and why."""

    revision: Ordinal
    """Per player, rising by one."""
    difficulty: Logit
    """For the next round; the present one keeps its own."""
    grade: Grade
    pace: Share
    """How often threats come within a round: 0 a rest, 1 as the rapid was made. Takes effect at once."""
    hint: Hint | None = None
    reward: Reward | None = None
    because: Text
    """Words a player can read."""
    evidence: Annotated[dict[Name, float], Meta(max_length=32)]
    """The signal values it rests on."""
    policy: Name
    arm: Name
    trial: Name = "none"
    """The experiment whose arm this is."""
    exposed: bool = False
    """The arm's own policy made this goal: the burn-in, in which all arms are alike, is over."""
    propensity: Share = 1.0
    """The chance with which the policy chose this; 1 where it threw no dice."""
    control: Logit | None = None
    """What the designer's river would have been: the control's decision, in the shadow of every arm."""
    expires: Time
    cause: Cause


class AdaptationDecided(
    Envelope, frozen=True, kw_only=True, forbid_unknown_fields=True, tag=TYPE_PREFIX + "adaptation.decided"
):
    """The goal for `subject`, decided after the event named by `data.cause`."""

    dataschema: Literal["/schemas/adaptation.decided/1.json"] = "/schemas/adaptation.decided/1.json"
    data: Adaptation
