"""How likely a player is to clear a rapid: the psychometric curve that fast mode draws its outcomes from.

A stand-in for the measured one, behind the same signature: the logistic curve that the contract speaks of.
"""

from contract.course import chance_of_clearing


def chance(skill: float, difficulty: float) -> float:
    """The chance, 0 to 1, that a player of `skill` clears a rapid of `difficulty`, both in logits."""
    return chance_of_clearing(skill, difficulty)


def round_s(difficulty: float, *, cleared: bool) -> float:
    """Active seconds of a round that ended so, on average, at a difficulty in logits."""
    del difficulty
    return 24.5 if cleared else 15.0
