"""Cells that nobody played: arms whose true lift is known, because the test wrote it down."""

from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from experiments.evidence import Assigned, Evidence, Meta, evidence

PERSONAS = ("novice", "expert")
HORIZON = 200


def _arm(people: int, lift: float, unlucky: float, seed: int) -> dict[str, npt.NDArray[Any]]:
    """The same people for every lift: `unlucky` is the lift of the lowest third instead."""
    dice = np.random.default_rng(seed)
    before = dice.integers(0, 11, people) / 10.0
    third, persona = dice.integers(0, 3, people), dice.integers(0, 2, people)
    alone = 10.0 + 40.0 * before + dice.exponential(20.0, people)
    wanted = alone * (1.0 + np.where(third == 0, unlucky, lift))
    rounds = np.minimum(np.rint(wanted), HORIZON).astype(np.int64)
    return {
        "rounds": rounds, "left": rounds < HORIZON, "flow": rounds // 2, "true_flow": rounds // 4, "before": before,
        "third": third, "persona": persona, "overshoots": rounds // 10, "reversals": rounds // 20,
    }  # fmt: skip


def arrays(
    lifts: Mapping[str, float], *, people: int = 400, seed: int = 1, unlucky: Mapping[str, float] | None = None
) -> dict[str, npt.NDArray[Any]]:
    """A cell's arrays: the control and one arm a lift, each arm one player smaller than the one before."""
    of = {"P0": 0.0, **lifts}
    made = {
        policy: {kind: each[: people - number] for kind, each in arm.items()}
        for number, (policy, lift) in enumerate(of.items())
        for arm in [_arm(people, lift, (unlucky or {}).get(policy, lift), seed)]
    }
    found = {f"{policy}/{kind}": each for policy, arm in made.items() for kind, each in arm.items()}
    return {**found, "personas": np.array(PERSONAS)}


def meta(policies: tuple[str, ...], *, family: str = "F1", seed: int = 1, people: int = 400) -> Meta:
    """What stands beside such a cell."""
    share = 1.0 / len(policies)
    arms = {policy: Assigned(people - number, people - number, share) for number, policy in enumerate(policies)}
    return Meta(
        family=family, seed=seed, policies=policies, arms=arms, horizon=HORIZON, burn_in=10,
        versions={"whitewater": "0.1.0"}, seconds=1.5, rounds_total=1000,
    )  # fmt: skip


def cell(
    lifts: Mapping[str, float],
    *,
    family: str = "F1",
    seed: int = 1,
    people: int = 400,
    unlucky: Mapping[str, float] | None = None,
) -> Evidence:
    """One invented cell."""
    beside = meta(("P0", *lifts), family=family, seed=seed, people=people)
    return evidence(beside, arrays(lifts, people=people, seed=seed, unlucky=unlucky))


def files(of: Evidence) -> dict[str, bytes | dict[str, npt.NDArray[Any]]]:
    """The cell as its two files: arrays, and the JSON beside them."""
    told = {f"{policy}/{kind}": getattr(arm, kind) for policy, arm in of.arms.items() for kind in arm.__struct_fields__}
    return {"npz": {**told, "personas": np.array(of.personas)}, "json": msgspec.json.encode(of.meta)}
