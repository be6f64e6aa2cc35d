"""Players in pairs: of which parts a crowd is made, and each part's lifts, as played and as resampled.

It refuses to know what is concluded from a lift. A pair is the k-th player of the control and the k-th of another arm,
the same person with the same luck. Strange: the weights of a seed's bootstrap are made once for all arms and parts, by
multiplying them with one wide table; that makes eight seeds of a hundred thousand players a matter of seconds.
"""

from collections.abc import Sequence
from typing import Final, Literal

import numpy as np
from msgspec import Struct

from experiments.evidence import Bools, Evidence, Floats
from experiments.results import CONTROL, FEWEST
from experiments.statistics import DRAWS, resampled

THIRDS: Final = ("lowest third", "middle third", "highest third")


class Terms(Struct, frozen=True):
    """With what a judgement is made."""

    draws: int = DRAWS
    dice: int = 1
    """Seed of the bootstrap."""


class Part(Struct, frozen=True):
    """Which players a line is about; `kind` is None for everyone."""

    kind: Literal["skill", "persona"] | None
    name: str


class Seen(Struct, frozen=True):
    """One cell after resampling; the axes are parts and contenders."""

    lifts: Floats
    """(parts, contenders)"""
    drawn: Floats
    """(draws, parts, contenders)"""
    pairs: tuple[int, ...]
    """By part."""
    different: Floats
    """(parts, contenders)"""


def parts_of(cells: Sequence[Evidence]) -> tuple[Part, ...]:
    """Everyone, then every group with enough pairs in every cell whose control played."""
    groups = [Part("skill", name) for name in THIRDS] + [Part("persona", name) for name in cells[0].personas]
    enough = (part for part in groups if all(_playing(cell, part) >= FEWEST for cell in cells))
    return (Part(None, "everyone"), *enough)


def _playing(cell: Evidence, part: Part) -> int:
    return int((_members(cell, part) & (_paired(cell, CONTROL) > 0.0)).sum())


def _members(cell: Evidence, part: Part) -> Bools:
    """Which pairs of a cell a part is about: (pairs,)."""
    if part.kind is None:
        return np.ones(cell.pairs, dtype=np.bool_)
    control = cell.arms[CONTROL]
    if part.kind == "skill":
        return np.equal(control.third[: cell.pairs], THIRDS.index(part.name))
    return np.equal(control.persona[: cell.pairs], cell.personas.index(part.name))


def _paired(cell: Evidence, policy: str) -> Floats:
    return cell.arms[policy].rounds[: cell.pairs].astype(np.float64)


def see(cell: Evidence, policies: Sequence[str], parts: Sequence[Part], terms: Terms) -> Seen:
    """Resamples one cell; `parts` begins with everyone, and `policies` names at least one arm besides the control."""
    arms = np.column_stack([_paired(cell, policy) for policy in (CONTROL, *policies)])
    members = [_members(cell, part) for part in parts]
    table = np.concatenate([arms * of[:, None] for of in members], axis=1)
    shape = (-1, len(parts), len(policies) + 1)
    dice = np.random.default_rng((terms.dice, cell.meta.seed))
    own, drawn = table.sum(axis=0).reshape(shape), resampled(table, terms.draws, dice).reshape(shape)
    drawn = np.where(drawn[:, :, :1] > 0.0, drawn, own)  # a draw of nobody, as a handful may give, says nothing new
    differ = np.column_stack([apart(cell, policy) for policy in policies])
    return Seen(
        lifts=(own[:, :, 1:] / own[:, :, :1])[0] - 1.0,
        drawn=drawn[:, :, 1:] / drawn[:, :, :1] - 1.0,
        pairs=tuple(int(of.sum()) for of in members),
        different=np.array([differ[of].sum(axis=0) for of in members]),
    )


def apart(cell: Evidence, policy: str) -> Bools:
    """Which pairs did not do the very same: (pairs,)."""
    arm, control = cell.arms[policy], cell.arms[CONTROL]
    both = slice(cell.pairs)
    return np.not_equal(arm.rounds[both], control.rounds[both]) | np.not_equal(arm.left[both], control.left[both])
