"""P3, the graph: of the difficulties allowed, the one after which players who stood here had most rounds to come.

Xue, Wu, Kolen, Aghdaie and Zaman (WWW 2017 Companion, section 3): solve the progression graph backwards for the chance
of clearing that is best in every place, held from there on, then look the place up. Everything that takes time was done
when the table was made, from the exploration cohort of this very population; here is the look-up:

    d = theta - kappa sigma - logit(w*) / alpha,    w* = wanted[place(success, last3, attempt)]

A graph that foretells badly is worse than none. One whose calibration slope on players it was not fitted on lies
outside 0.8 to 1.25 is refused (`flaw_of`), and P2 decides in its stead, openly. A paddler who is new stands nowhere
yet, and climbs P2's staircase.
"""

from typing import Final

from msgspec import MsgspecError
from msgspec.json import Decoder

from contract.graph import FEATURES, PLACES, Graph, number_of, place_of
from contract.signals import SignalUpdated
from engagement_api.policy.target import COLD_ROUNDS, difficulty_of, staircase
from engagement_api.policy.wish import Wish, is_answered, was_cleared
from engagement_api.state import State

SLOPES: Final = (0.8, 1.25)
_graph = Decoder(Graph)


class UnreadableGraphError(ValueError):
    """What should be a graph is none; the text says what is wrong."""


def decide(signal: SignalUpdated, state: State, graph: Graph) -> Wish | None:
    """The difficulty at which this paddler clears the next round with the chance the graph wants, after every round."""
    signals = signal.data
    if is_answered(signal, state):
        return None
    if signals.rounds <= COLD_ROUNDS:
        return staircase(signals, state)
    wanted = graph.wanted[
        number_of(place_of(signals.success, signals.last3, signals.attempt, cleared=was_cleared(signals)))
    ]
    return Wish(
        difficulty_of(signals, wanted),
        f"Paddlers who stood where you stand stayed longest when they cleared {round(wanted * 100)} runs in 100",
        evidence=(("target", wanted), ("frustration", signals.frustration), ("boredom", signals.boredom)),
    )


def flaw_of(graph: Graph | None) -> str | None:
    """Why this graph may not decide, in a sentence; None when it may."""
    if graph is None:
        return "There is no graph."
    low, high = SLOPES
    if not low <= graph.fit.slope <= high:
        return f"The graph's calibration slope on held-out players is {graph.fit.slope:.2f}, outside {low} to {high}."
    return None


def said_of(graph: Graph) -> str:
    """What P3 looks up, or why it may not, in a sentence."""
    if flaw := flaw_of(graph):
        return f"{flaw} Where P3 is to decide, P2 does."
    fit = graph.fit
    return f"The graph is that of {fit.players} players ({fit.population}), calibration slope {fit.slope:.2f}."


def read_graph(raw: bytes) -> Graph:
    """The graph in a JSON file, to be trusted or not; raises `UnreadableGraphError` when it is none."""
    try:
        graph = _graph.decode(raw)
    except MsgspecError as fault:
        raise UnreadableGraphError(str(fault)) from fault
    given, due = (len(graph.wanted), len(graph.coefficients)), (len(PLACES), len(FEATURES))
    if given != due:
        sentence = f"{given[0]} places and {given[1]} coefficients, not {due[0]} and {due[1]}"
        raise UnreadableGraphError(sentence)
    if not 0.0 < min(graph.wanted) <= max(graph.wanted) < 1.0:
        sentence = "a chance of clearing that is wanted must lie between 0 and 1"
        raise UnreadableGraphError(sentence)
    return graph
