"""What we believe about the player (topic `engagement-signals`).

One message tells all beliefs at once. One is told for every event that the river may answer, and of all others the
newest when there is room: a belief is a state, the newest one is the whole truth, and a lost one is mended by the next.
"""

from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from contract.envelope import TYPE_PREFIX, Cause, Envelope, Name, PlayerKind, Time
from contract.events import Count, Hint, Logit, Ordinal, Outcome, Seconds, Share

PaceState = Literal["build_up", "peak", "fade", "relax"]
FORMULA: Final = "2026-11b"
"""The version of the definitions behind the values; it changes when a definition does."""


class Signals(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Beliefs about one player, each defined in its own file of processors/signals."""

    apm: Annotated[float, Meta(ge=0.0, le=10_000.0)]
    """Effective strokes per active minute."""
    idle_share: Share
    """Share of active time spent in input gaps over 5 s."""
    success: Share
    """Mean of the decayed Beta posterior of clearing a round."""
    skill: Logit
    """Elo rating theta."""
    skill_sigma: Annotated[float, Meta(ge=0.0, le=10.0)]
    """How unsure we are of it, in logits."""
    flow_gap: Annotated[float, Meta(ge=-20.0, le=20.0)]
    """Predicted log odds of clearing the present difficulty, less those wanted: above 0 too easy, below too hard."""
    streak: Annotated[int, Meta(ge=-1_000_000, le=1_000_000)]
    """Signed run of rounds: 3 is three cleared in a row, -2 two lost."""
    last3: Annotated[int, Meta(ge=0, le=7)]
    """The last three outcomes as bits, newest lowest, 1 cleared."""
    rounds: Count
    """Rounds finished in this player's life."""
    session_rounds: Count = 0
    """Rounds finished in this session."""
    difficulty: Logit
    """Of the newest round."""
    in_round: bool
    rapid: Count
    attempt: Count
    stuck_s: Seconds
    """Active seconds on the present rapid, all its attempts together."""
    intensity: Share
    pace_state: PaceState
    losses_alike: Count = 0
    """Rounds lost in a row with the same cause."""
    lost_by: Literal["rock", "gates", "time"] | None = None
    suggested_hint: Hint | None = None
    consent: bool = True
    """False: the player asked to be left alone."""
    input_entropy: Share = 0.0
    """How varied the strokes are: Shannon entropy of the four actions, 1 when all are as frequent."""
    swamp_rate: Annotated[float, Meta(ge=0.0, le=1_000.0)] = 0.0
    """Swampings per active minute."""
    lifespan_s: Seconds = 0.0
    """Mean active seconds from the start of a round to its being lost."""
    absence_ratio: Annotated[float, Meta(ge=0.0, le=1_000_000.0)] = 0.0
    """The absence before this session, over the mean gap between sessions before it; 0 in the first session."""
    sessions: Count = 0
    """Sessions in this player's life, this one included."""
    days: Annotated[float, Meta(ge=0.0, le=1_000_000.0)] = 0.0
    """Days since the first event."""
    quit_after_loss: Annotated[float, Meta(ge=-20.0, le=20.0)] = 0.0
    """Log odds of ending a session after a lost round, less those after a cleared one."""
    frustration: Share = 0.0
    """Predicted chance of leaving for good after the next round, if it is lost."""
    boredom: Share = 0.0
    """The same, if it is cleared."""
    engagement: Annotated[float, Meta(ge=0.0, le=1_000.0)] = 0.0
    """Expected rounds still to be played, of the next hundred."""
    newest_outcome: Outcome | None = None
    """How the newest round ended; one given up is neither cleared nor lost, and `last3` says nothing of it."""


class SignalUpdated(
    Envelope, frozen=True, kw_only=True, forbid_unknown_fields=True, tag=TYPE_PREFIX + "signal.updated"
):
    """What is believed about `subject` after the event named by `cause`."""

    dataschema: Literal["/schemas/signal.updated/1.json"] = "/schemas/signal.updated/1.json"
    playerkind: PlayerKind
    formula: Name = FORMULA
    sessionid: Name
    sequence: Ordinal
    """Of the event behind the belief. Scalars, because CloudEvents allows an attribute to be nothing else."""
    causetime: Time
    because: Name
    """The type of that event, without the prefix."""
    data: Signals

    @property
    def cause(self) -> Cause:
        """The event behind the belief, as an adaptation carries it on."""
        return Cause(self.sessionid, self.sequence, self.causetime)
