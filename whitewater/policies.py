"""The policies that an experiment can play, and the check of those that were asked for.

A file of its own because `proof` needs scientific Python, and an experiment on the stack does not.
"""

from collections.abc import Iterable
from typing import Final, cast, get_args

from engagement_api.trial import PolicyName
from experiments.results import CONTROL
from whitewater.manners import USAGE, FailedError

POLICIES: Final = tuple(name for name in get_args(PolicyName) if name != "explore")


def policies_of(names: Iterable[str]) -> tuple[PolicyName, ...]:
    """The policies with these names, each once, the control first. Raises `FailedError`."""
    wanted = sorted(set(names))
    for name in wanted:
        if name not in POLICIES:
            sentence = f"There is no policy {name!r} to play: there are {', '.join(POLICIES)}."
            raise FailedError(sentence, USAGE)
    if CONTROL not in wanted:
        sentence = f"Without {CONTROL}, the designer's river, there is nothing to hold the others against: name it too."
        raise FailedError(sentence, USAGE)
    return tuple(cast("list[PolicyName]", wanted))
