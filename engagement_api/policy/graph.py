"""P3, the graph: of the difficulties allowed, the one after which players who stood here had most rounds to come.

Xue, Wu, Kolen, Aghdaie and Zaman (WWW 2017 Companion, section 3): solve the progression graph backwards for the best
chance of clearing in every place (`contract.graph.solve`), then look the place up. Everything that takes time was done
when the table was made, from the exploration cohort of this very population; here is the look-up:

    d = theta - kappa sigma - logit(w*) / alpha,    w* = wanted[place(success, last3, attempt)]

A graph that foretells badly is worse than none. One whose calibration slope on players it was not fitted on lies
outside 0.8 to 1.25 is refused (`flaw_of`), and P2 decides in its stead, openly. A paddler who is new stands nowhere
yet, and climbs P2's staircase.
"""

from typing import Final

from contract.graph import FEATURES, PLACES, Graph, number_of, place_of
from contract.signals import SignalUpdated
from engagement_api.policy.target import COLD_ROUNDS, difficulty_of, staircase
from engagement_api.policy.wish import Wish, is_answered, was_cleared
from engagement_api.state import State

SLOPES: Final = (0.8, 1.25)


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
    if len(graph.wanted) != len(PLACES) or len(graph.coefficients) != len(FEATURES):
        given, due = (len(graph.wanted), len(graph.coefficients)), (len(PLACES), len(FEATURES))
        return f"The graph has (places, coefficients) {given} and not {due}: it was made for another version."
    if not all(0.0 < chance < 1.0 for chance in (min(graph.wanted), max(graph.wanted))):
        return "The graph wants a chance of clearing that no river has: it must lie between 0 and 1."
    return None
