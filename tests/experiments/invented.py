"""Cells that nobody played: arms whose true lift is known, because the test wrote it down."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
import numpy.typing as npt

from experiments.evidence import KINDS, Assigned, Evidence, Meta, evidence
from experiments.judgement import judge, judge_family
from experiments.pairs import Terms
from experiments.results import Results, by_family

PERSONAS: Final = ("novice", "expert")
HORIZON: Final = 100
TERMS: Final = Terms(draws=100)
SHAKEN: Final = 99.0
"""As a lift: no lift, but every player's rounds are shaken a little, up as often as down."""


def _arm(people: int, lift: float, unlucky: float, seed: int, number: int) -> dict[str, npt.NDArray[Any]]:
    """The same people in every arm, shaken by the dice of its `number`; `unlucky` is the lift of the lowest third."""
    dice = np.random.default_rng(seed)
    before = dice.integers(0, 11, people) / 10.0
    third, persona = np.arange(people) % 3, np.arange(people) // 3 % 2
    rounds = 10.0 + 20.0 * before + dice.exponential(8.0, people)
    if lift == SHAKEN:
        rounds += np.random.default_rng((seed, number)).choice([-3.0, 3.0], people)
    else:
        rounds *= 1.0 + np.where(third == 0, unlucky, lift)
    played = np.minimum(np.rint(rounds), HORIZON).astype(np.int64)
    return {
        "rounds": played, "left": played < HORIZON, "flow": played // 2, "true_flow": played // 4, "before": before,
        "third": third, "persona": persona, "overshoots": played // 10, "reversals": played // 20,
    }  # fmt: skip


def arrays(
    lifts: Mapping[str, float], *, people: int = 300, seed: int = 1, unlucky: Mapping[str, float] | None = None
) -> dict[str, npt.NDArray[Any]]:
    """A cell's arrays: the control and an arm for every lift, each arm one player smaller than the one before."""
    found: dict[str, npt.NDArray[Any]] = {"personas": np.array(PERSONAS)}
    for number, (policy, lift) in enumerate({"P0": 0.0, **lifts}.items()):
        arm = _arm(people, lift, (unlucky or {}).get(policy, lift), seed, number)
        found |= {f"{policy}/{kind}": each[: people - number] for kind, each in arm.items()}
    return found


def meta(policies: Sequence[str], *, family: str = "F1", seed: int = 1, people: int = 300) -> Meta:
    """What stands beside such a cell."""
    arms = {policy: Assigned(people - number, people - number, 0.2) for number, policy in enumerate(policies)}
    return Meta(
        family=family, seed=seed, policies=tuple(policies), arms=arms, horizon=HORIZON, burn_in=10,
        versions={"whitewater": "0.1.0"}, seconds=1.5, rounds_total=1000,
    )  # fmt: skip


def cell(
    lifts: Mapping[str, float],
    *,
    family: str = "F1",
    seed: int = 1,
    people: int = 300,
    unlucky: Mapping[str, float] | None = None,
) -> Evidence:
    """One invented cell."""
    beside = meta(("P0", *lifts), family=family, seed=seed, people=people)
    return evidence(beside, arrays(lifts, people=people, seed=seed, unlucky=unlucky))


def results(*cells: Evidence) -> Results:
    """What is found in cells, the families in the order of their names."""
    families = sorted({of.meta.family for of in cells}, key=by_family)
    found = [judge_family([of for of in cells if of.meta.family == family], TERMS) for family in families]
    return judge(found, [of.meta for of in cells], TERMS, "2026-11-23T12:00:00Z")


def write(folder: Path, of: Evidence) -> None:
    """Writes the cell as a run would have."""
    (folder / "cells").mkdir(exist_ok=True)
    told = {f"{policy}/{kind}": getattr(arm, kind) for policy, arm in of.arms.items() for kind in KINDS}
    told["personas"] = np.array(of.personas)
    np.savez(folder / "cells" / f"{of.name}.npz", **told)
    (folder / "cells" / f"{of.name}.json").write_bytes(msgspec.json.encode(of.meta))
