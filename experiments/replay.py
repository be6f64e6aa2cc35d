"""The log of a run, judged once more: the same beliefs under the same rules must give the same decisions.

What is held against what is the whole goal, from the revision to the words, because everything in it follows from the
belief, the state after the goal before, the rules, and the moment. The moment stands in the log (a goal carries it),
and so does what the bandit knew when it chose (its evidence names every count); nothing else is taken from there.

Strange: a belief that led to no goal is judged at the moment it was told, for nobody wrote down when it was read. One
that lay for more than ten seconds was stale by then, kept the last decision, and shows here as a difference: a run on a
machine that could not keep up does not hold, and should not.
"""

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import asdict, replace

from contract.adaptations import AdaptationDecided
from contract.signals import SignalUpdated
from engagement_api.judge import Rules, judge
from engagement_api.policy.bandit import posterior_in
from engagement_api.state import State

Cause = tuple[str, str, int]
"""Player, session and sequence of the event behind a decision."""


class Difference(Struct, frozen=True):
    """One decision that came out otherwise."""

    player: str
    revision: int
    what: str
    """The fields that differ; `not decided` when the log has it and the replay has not, `decided` the other way."""


class Replayed(Struct, frozen=True):
    """How a log stood up to its replay."""

    decisions: int
    equal: int
    differences: tuple[Difference, ...]

    @property
    def holds(self) -> bool:
        """Every decision of the log, and none besides."""
        return not self.differences


def replay(beliefs: Iterable[SignalUpdated], decided: Iterable[AdaptationDecided], rules: Rules) -> Replayed:
    """Judges `beliefs`, in order per player and from their first one on, and holds what comes against `decided`.

    Copies in the log, which Kafka may deliver, change nothing.
    """
    log = {_cause(goal): goal for goal in decided}
    states: dict[str, State] = {}
    again: dict[Cause, AdaptationDecided] = {}
    for belief in beliefs:
        cause = (belief.subject, belief.sessionid, belief.sequence)
        logged = log.get(cause)
        now = belief.time if logged is None else logged.time
        seen = None if logged is None else posterior_in(logged.data.evidence)
        known = rules if seen is None else replace(rules, posterior=seen)
        verdict = judge(belief, states.get(belief.subject, State()), known, now)
        states[belief.subject] = verdict.state
        if verdict.goal is not None:
            again[cause] = verdict.goal
    differences = [_difference(goal, again.get(cause)) for cause, goal in log.items()]
    found = [difference for difference in differences if difference is not None]
    found += [
        Difference(goal.subject, goal.data.revision, "decided") for cause, goal in again.items() if cause not in log
    ]
    return Replayed(len(log), len(log) - sum(one is not None for one in differences), tuple(found))


def _cause(goal: AdaptationDecided) -> Cause:
    return goal.subject, goal.data.cause.session, goal.data.cause.sequence


def _difference(logged: AdaptationDecided, again: AdaptationDecided | None) -> Difference | None:
    if again is None:
        return Difference(logged.subject, logged.data.revision, "not decided")
    if logged == again:
        return None
    ours = asdict(again.data)
    fields = [name for name, value in asdict(logged.data).items() if ours[name] != value]
    return Difference(logged.subject, logged.data.revision, ", ".join(fields) or "envelope")
