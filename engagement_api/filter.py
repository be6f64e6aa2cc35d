"""The same judgement over lines of JSON, with no broker, no store and no clock: `whitewater decide FILE --policy P`.

Time is the time the beliefs carry, so that a recorded run gives the same goals on every machine and on every day. The
bandit begins with nothing known and learns from the lines as they come.
"""

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from contract.codec import Unreadable, encode, read_signal
from contract.graph import Graph
from engagement_api.judge import Rules, judge
from engagement_api.policy.bandit import learned
from engagement_api.policy.graph import UnreadableGraphError, flaw_of, read_graph, said_of
from engagement_api.state import State
from engagement_api.trial import PolicyName

__all__ = ["UnreadableGraphError", "UnreadableLineError", "decide", "flaw_of", "read_graph", "said_of"]


class UnreadableLineError(ValueError):
    """A line that is no belief; the text says which line and why."""


def decide(lines: Iterable[bytes], policy: PolicyName = "P2", graph: Graph | None = None) -> Iterator[bytes]:
    """Every goal that follows from the beliefs in `lines`, one JSON object each, in order.

    Raises `UnreadableLineError` at the first line that is not a `signal.updated`. Empty lines are passed over.
    """
    rules = Rules(policy, graph=graph)
    states: dict[str, State] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        signal = read_signal(line.strip())
        if isinstance(signal, Unreadable):
            sentence = f"Line {number} is no signal.updated: {signal.detail}"
            raise UnreadableLineError(sentence)
        verdict = judge(signal, states.get(signal.subject, State()), rules, signal.time)
        states[signal.subject] = verdict.state
        if verdict.lessons:
            rules = replace(rules, posterior=learned(rules.posterior, *verdict.lessons))
        if verdict.goal is not None:
            yield encode(verdict.goal)
