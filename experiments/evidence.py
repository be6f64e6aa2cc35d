"""What was played in one cell, one family with one seed: what every player of every arm did.

It refuses to know how it was played, on which disk it lay, and what it proves. The k-th player of every arm is the same
person with the same luck (common random numbers); arms differ a little in size because a hash assigns them, so only the
first players, as many as the smallest arm has, are pairs. Strange: that they are the same people is checked here, by
persona and by burn-in. An arm in another order would still give numbers, only wrong ones.
"""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from experiments.results import CONTROL

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

KINDS: Final = {
    "rounds": np.int64, "left": np.bool_, "flow": np.int64, "true_flow": np.int64, "before": np.float64,
    "third": np.int64, "persona": np.int64, "overshoots": np.int64, "reversals": np.int64,
}  # fmt: skip
"""The arrays of an arm, in the order of the fields of `Lives`."""


class BadCellError(Exception):
    """A cell that cannot be judged; the sentence says which and why."""


class Assigned(Struct, frozen=True):
    """How many players an arm was given, and what share it was promised."""

    assigned: int
    exposed: int
    share: float


class Meta(Struct, frozen=True, kw_only=True):
    """The JSON beside a cell's arrays."""

    family: str
    seed: int
    policies: tuple[str, ...]
    arms: dict[str, Assigned]
    horizon: int
    burn_in: int
    versions: dict[str, str] = {}
    seconds: float = 0.0
    rounds_total: int = 0
    refusal: str | None = None
    """Why P3 had no graph of its own."""
    slope: tuple[float, float, float] | None = None
    """Of the graph's calibration on held-out players, with its interval."""


class Lives(Struct, frozen=True):
    """What the players of one arm did after exposure; every array has shape (players,)."""

    rounds: Ints
    """Played, at most the horizon."""
    left: Bools
    """Gone for good within the horizon."""
    flow: Ints
    """Rounds with a predicted chance of clearing within .65 to .85."""
    true_flow: Ints
    """The same by the chance the bot really had."""
    before: Floats
    """Share cleared in the burn-in, 0 to 1: what CUPED goes by."""
    third: Ints
    """Of skill: 0 lowest, 2 highest."""
    persona: Ints
    """Index into the cell's personas."""
    overshoots: Ints
    reversals: Ints


class Evidence(Struct, frozen=True):
    """One family with one seed under every policy."""

    meta: Meta
    personas: tuple[str, ...]
    arms: dict[str, Lives]

    @property
    def name(self) -> str:
        """How the cell's files are called."""
        return f"{self.meta.family}-{self.meta.seed}"

    @property
    def pairs(self) -> int:
        """How many players have a twin in every arm."""
        return min(len(arm.rounds) for arm in self.arms.values())


def evidence(meta: Meta, arrays: Mapping[str, npt.NDArray[Any]]) -> Evidence:
    """The cell of `meta`, its arrays called `policy/array`; raises BadCellError when they are not what was promised."""
    name = f"{meta.family}-{meta.seed}"
    missing = [key for policy in meta.policies for kind in KINDS if (key := f"{policy}/{kind}") not in arrays]
    if missing or CONTROL not in meta.policies:
        sentence = f"cell {name} lacks {', '.join(missing[:3]) or f'the control {CONTROL}'}"
        raise BadCellError(sentence)
    arms = {
        policy: Lives(*(np.asarray(arrays[f"{policy}/{kind}"], dtype=of) for kind, of in KINDS.items()))
        for policy in meta.policies
    }
    cell = Evidence(meta, _personas(arrays), arms)
    _check(cell)
    return cell


def _personas(arrays: Mapping[str, npt.NDArray[Any]]) -> tuple[str, ...]:
    """Their names, or their numbers where nobody wrote names."""
    if "personas" in arrays:
        return tuple(str(persona) for persona in arrays["personas"])
    known = arrays[f"{CONTROL}/persona"]
    return tuple(f"persona {number}" for number in range(int(known.max(initial=-1)) + 1))


def _check(cell: Evidence) -> None:
    for policy, arm in cell.arms.items():
        lengths = {kind: len(getattr(arm, kind)) for kind in KINDS}
        if len(set(lengths.values())) > 1:
            sentence = f"cell {cell.name}: the arrays of {policy} have different lengths, {lengths}"
            raise BadCellError(sentence)
        if not np.isfinite(arm.before).all():
            sentence = f"cell {cell.name}: {policy}/before holds something that is no number"
            raise BadCellError(sentence)
        if arm.rounds.size and not 0 <= arm.rounds.min() <= arm.rounds.max() <= cell.meta.horizon:
            sentence = f"cell {cell.name}: {policy}/rounds lie outside 0 to {cell.meta.horizon}"
            raise BadCellError(sentence)
    pairs, control = cell.pairs, cell.arms[CONTROL]
    if not control.rounds[:pairs].sum():
        sentence = f"cell {cell.name}: nobody in the control played a round, so nothing can be compared"
        raise BadCellError(sentence)
    for policy, arm in cell.arms.items():
        for kind in ("persona", "before"):
            if not np.array_equal(getattr(arm, kind)[:pairs], getattr(control, kind)[:pairs]):
                sentence = f"cell {cell.name}: the players of {policy} are not those of the control, by {kind}"
                raise BadCellError(sentence)
