"""input_entropy: how varied the strokes are, 0 (always the same) to 1 (all four actions as frequent).

    n_a <- n_a lambda + [stroke is a],   lambda = exp(-1 / 200)
    input_entropy = - sum over the four actions a of p_a log2 p_a / log2 4,   p_a = n_a / sum n

Shannon ("A Mathematical Theory of Communication", Bell System Technical Journal 27, 1948, section 6) over the share of
each action, divided by the most that four actions can have. Counts fade per *stroke*, not per second, so resting
changes nothing; 200 is ours. Low is a paddler who does one thing only: lost, bored, or holding a key.

A stroke that stands for w strokes (sampling) fades the counts w times and adds 1 + lambda + ... w times. Strange: a
stroke that comes too late to be put in its place counts as the newest; of 200 remembered, one stands a little high.
"""

from math import exp, log
from typing import Final

from msgspec import Struct

from contract.events import Action
from processors.signals.told import Told

REMEMBERED: Final = 200.0
KEPT: Final = exp(-1.0 / REMEMBERED)
MOST: Final = log(4.0)
TELLS: Final = (Told("input_entropy", "share of the most possible", f"~{REMEMBERED:.0f} strokes"),)


class Actions(Struct, frozen=True, array_like=True):
    """Decayed counts; together never more than 200.5."""

    left: float = 0.0
    right: float = 0.0
    forward: float = 0.0
    brake: float = 0.0


def stroke(actions: Actions, action: Action, weight: int) -> Actions:
    """The counts with one stroke more, that stands for `weight` strokes."""
    kept = KEPT if weight == 1 else KEPT**weight
    added = 1.0 if weight == 1 else (1.0 - kept) / (1.0 - KEPT)
    return Actions(
        actions.left * kept + (added if action == "left" else 0.0),
        actions.right * kept + (added if action == "right" else 0.0),
        actions.forward * kept + (added if action == "forward" else 0.0),
        actions.brake * kept + (added if action == "brake" else 0.0),
    )


def read(actions: Actions) -> float:
    """The entropy, 0 to 1; 0 before the first stroke."""
    a, b, c, d = actions.left, actions.right, actions.forward, actions.brake
    total = a + b + c + d
    if total <= 0.0:
        return 0.0
    # 0 log 0 is 0 here, as everywhere in information theory.
    known = a * log(a or 1.0) + b * log(b or 1.0) + c * log(c or 1.0) + d * log(d or 1.0)
    share = (log(total) - known / total) / MOST
    return share if 0.0 <= share <= 1.0 else round(share)  # a rounding error beyond one end is that end
