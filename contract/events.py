"""What a player did: facts, named in the past tense (topic `player-events`).

A *fact* is the data of an event; the *event* is the fact in its envelope. Facts are written out below, one class each;
the event classes are made from the table `FACTS` at the end, because two dozen hand-written envelopes would differ by
accident sooner or later.

A fact is never changed and a tag never reused: new fields have defaults, and what was once recorded decodes for ever.
"""

from typing import Annotated, Final, Literal, Union

from msgspec import Meta, Struct, defstruct

from contract.envelope import TYPE_PREFIX, Envelope, Name, PlayerKind

Count = Annotated[int, Meta(ge=0, le=1_000_000_000)]
Ordinal = Annotated[int, Meta(ge=1, le=1_000_000_000)]
Share = Annotated[float, Meta(ge=0.0, le=1.0)]
Seconds = Annotated[float, Meta(ge=0.0, le=1e7)]
Milliseconds = Annotated[float, Meta(ge=0.0, le=1e9)]
Across = Annotated[float, Meta(ge=-1.0, le=1.0)]
"""Place across the river: -1 the left bank, 0 the middle, 1 the right bank."""
Along = Annotated[float, Meta(ge=0.0, le=1e6)]
"""Metres down the rapid."""
Logit = Annotated[float, Meta(ge=-10.0, le=10.0)]
Text = Annotated[str, Meta(max_length=500)]
Grade = Literal["I", "II", "III", "IV", "V", "VI"]
"""The class of a rapid, as paddlers count it: I is a ripple, VI is hardly possible."""
Action = Literal["left", "right", "forward", "brake"]
Outcome = Literal["cleared", "swamped", "abandoned"]
"""How a round ends; a player who leaves it before its end abandons it."""
Hint = Literal["look_ahead", "use_the_eddy", "brake_early", "stay_in_the_current", "line_up_the_gate"]
Reward = Literal["golden_line", "calm_water", "spare_hull"]


class Fact(Struct, frozen=True, forbid_unknown_fields=True):
    """Something that happened in a game. A base for reading; the union `AnyFact` is the one for matching."""


class SessionStarted(Fact, frozen=True):
    """A player sat down."""

    platform: Name
    input_device: Literal["keyboard", "gamepad", "autopilot", "bot"]
    build: Name
    consent: bool
    """False: the player asked that the river leave them alone (opt-out)."""
    previous_session: Name | None


class SessionHeartbeat(Fact, frozen=True):
    """The game is alive; every 5 s."""

    focus: bool
    fps_p50: Annotated[float, Meta(ge=0.0, le=10_000.0)]
    fps_p01: Annotated[float, Meta(ge=0.0, le=10_000.0)]
    waiting: Count
    """Events waiting to leave."""
    dropped: Count
    """Strokes given up so far because the outbox was full."""


class SessionEnded(Fact, frozen=True):
    """A player got up."""

    reason: Literal["quit", "closed", "timeout"]
    active_s: Seconds
    rapids: Count


class ConsentChanged(Fact, frozen=True):
    """The player turned the river's attention on or off."""

    consent: bool


class RapidStarted(Fact, frozen=True):
    """A round begins."""

    rapid: Ordinal
    attempt: Ordinal
    difficulty: Logit
    grade: Grade
    seed: Annotated[int, Meta(ge=0, le=2**53)]


class RapidFinished(Fact, frozen=True):
    """A round ends."""

    rapid: Ordinal
    attempt: Ordinal
    outcome: Outcome
    active_s: Seconds
    score: Count
    progress: Share
    gates: Count
    gates_passed: Count
    hull_left: Count
    difficulty: Logit = 0.0
    """Of the round that ended, so that one event is enough to judge it."""
    swamped_by: Literal["rock", "gates", "time"] | None = None
    """What ended it, when it was lost."""


class GatePassed(Fact, frozen=True):
    """The kayak went through a gate."""

    gate: Ordinal
    offset: Across
    combo: Count


class GateMissed(Fact, frozen=True):
    """The kayak went past a gate."""

    gate: Ordinal
    offset: Across
    combo: Count


class RockHit(Fact, frozen=True):
    """The kayak struck a rock."""

    x: Across
    y: Along
    damage: Count
    hull_left: Count


class RockPassed(Fact, frozen=True):
    """The kayak came close to a rock and did not touch it: a near miss."""

    x: Across
    y: Along
    clearance: Annotated[float, Meta(ge=0.0, le=100.0)]
    """Metres between hull and rock at the closest."""


class EddyCaught(Fact, frozen=True):
    """A pickup in still water."""

    item: Literal["breather", "repair", "star"]
    value: Count


class StrokeMade(Fact, frozen=True):
    """A change of what the paddler does with the paddle."""

    action: Action
    reaction_ms: Milliseconds | None
    """From the moment an obstacle came into view to the first stroke against it, when there was one."""
    sampledrate: Ordinal = 1
    """1 of this many strokes was told; the others were not."""


class PlayPaused(Fact, frozen=True):
    """The clock of play stopped."""


class PlayResumed(Fact, frozen=True):
    """The clock of play runs again."""


class HintShown(Fact, frozen=True):
    """A hint appeared."""

    hint: Hint
    revision: Count


class HintFollowed(Fact, frozen=True):
    """The player did what a hint proposed."""

    hint: Hint
    revision: Count


class HintDismissed(Fact, frozen=True):
    """The player waved a hint away."""

    hint: Hint
    revision: Count


class RewardGranted(Fact, frozen=True):
    """A reward appeared on the river."""

    reward: Reward
    value: Count
    revision: Count


class RewardClaimed(Fact, frozen=True):
    """The player took a reward."""

    reward: Reward
    value: Count
    revision: Count


class AdaptationApplied(Fact, frozen=True):
    """The river became what was asked."""

    revision: Ordinal
    latency_ms: Milliseconds
    """From the event that caused it to this moment, by the player's clock alone."""
    why: Text = ""


class AdaptationRejected(Fact, frozen=True):
    """The game did not do what was asked."""

    revision: Ordinal
    latency_ms: Milliseconds
    why: Text = ""


class AdaptationExpired(Fact, frozen=True):
    """A goal came too late to matter."""

    revision: Ordinal
    latency_ms: Milliseconds
    why: Text = ""


class FeelingRated(Fact, frozen=True):
    """The player said how it feels: asked rarely, the ground truth of everything else."""

    rating: Annotated[int, Meta(ge=1, le=5)]
    question: Name


class ErrorRaised(Fact, frozen=True):
    """Something went wrong in the game."""

    severity: Literal["warning", "error", "critical"]
    code: Name
    message: Text


AnyFact = (
    SessionStarted | SessionHeartbeat | SessionEnded | ConsentChanged | RapidStarted | RapidFinished | GatePassed
    | GateMissed | RockHit | RockPassed | EddyCaught | StrokeMade | PlayPaused | PlayResumed | HintShown | HintFollowed
    | HintDismissed | RewardGranted | RewardClaimed | AdaptationApplied | AdaptationRejected | AdaptationExpired
    | FeelingRated | ErrorRaised
)  # fmt: skip

FACTS: Final[dict[str, type[Fact]]] = {
    "session.started": SessionStarted,
    "session.heartbeat": SessionHeartbeat,
    "session.ended": SessionEnded,
    "consent.changed": ConsentChanged,
    "rapid.started": RapidStarted,
    "rapid.finished": RapidFinished,
    "gate.passed": GatePassed,
    "gate.missed": GateMissed,
    "rock.hit": RockHit,
    "rock.passed": RockPassed,
    "eddy.caught": EddyCaught,
    "stroke.made": StrokeMade,
    "play.paused": PlayPaused,
    "play.resumed": PlayResumed,
    "hint.shown": HintShown,
    "hint.followed": HintFollowed,
    "hint.dismissed": HintDismissed,
    "reward.granted": RewardGranted,
    "reward.claimed": RewardClaimed,
    "adaptation.applied": AdaptationApplied,
    "adaptation.rejected": AdaptationRejected,
    "adaptation.expired": AdaptationExpired,
    "feeling.rated": FeelingRated,
    "error.raised": ErrorRaised,
}


class Event(Envelope, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A fact in its envelope. Each concrete class narrows `dataschema` and `data` to one kind of fact."""

    sessionid: Name
    sequence: Ordinal
    """Per session from 1: a gap is a loss, a repeat is a duplicate."""
    playerkind: PlayerKind
    dataschema: str
    data: AnyFact


def _event_class(kind: str, fact: type[Fact]) -> type[Event]:
    schema = f"/schemas/{kind}/1.json"
    return defstruct(  # type: ignore[return-value]
        f"{fact.__name__}Event",
        [("dataschema", Literal[schema], schema), ("data", fact)],
        bases=(Event,),
        module=__name__,
        tag=TYPE_PREFIX + kind,
        frozen=True,
        kw_only=True,
        forbid_unknown_fields=True,
    )


EVENT_OF: Final[dict[type[Fact], type[Event]]] = {fact: _event_class(kind, fact) for kind, fact in FACTS.items()}
"""The event class that carries each kind of fact."""
AnyEvent = Union[tuple(EVENT_OF.values())]  # type: ignore[valid-type]  # noqa: UP007 - a tuple of classes has no |
"""Any of them, for a decoder that tells them apart by their type."""
