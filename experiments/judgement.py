"""From what was played to what was found: every policy of every family held against the control.

It refuses to know how a number is worked out (`statistics`, `survival`) and how it is told (`words`, `figure`).
Strange: it may be handed one family at a time, because all cells together would fill a laptop's memory for nothing.
"""

from collections.abc import Sequence

import msgspec
import numpy as np
from msgspec import Struct

from engagement_api.standing import ALARM, srm
from experiments.evidence import Evidence, Meta
from experiments.pairs import Part, Seen, Terms, apart, parts_of, see
from experiments.results import (
    CONTROL,
    INDIFFERENT,
    REPEATED,
    Comparison,
    Conduct,
    Estimate,
    Graph,
    Group,
    Made,
    Results,
    Same,
    Split,
    by_family,
    contenders,
)
from experiments.statistics import LEVEL, Sample, estimate, field, holm, verdict
from experiments.survival import Stays, stays, survival


class Family(Struct, frozen=True):
    """What was found with one family."""

    comparisons: tuple[Comparison, ...]
    arms: tuple[Conduct, ...]
    splits: tuple[Split, ...]
    same: tuple[Same, ...]


def judge(families: Sequence[Family], metas: Sequence[Meta], terms: Terms, played: str) -> Results:
    """All families' findings, and what they were made of; `played` is when the newest cell was written."""
    return Results(
        made=Made(
            played=played,
            horizon=max(meta.horizon for meta in metas),
            burn_in=max(meta.burn_in for meta in metas),
            draws=terms.draws,
            dice=terms.dice,
            level=LEVEL,
            versions=metas[-1].versions,
            seconds=round(sum(meta.seconds for meta in metas), 1),
            rounds=sum(meta.rounds_total for meta in metas),
        ),
        seeds=tuple(sorted({meta.seed for meta in metas})),
        families=tuple(sorted({meta.family for meta in metas}, key=by_family)),
        policies=tuple(dict.fromkeys(policy for meta in metas for policy in meta.policies)),
        comparisons=tuple(each for family in families for each in family.comparisons),
        arms=tuple(each for family in families for each in family.arms),
        splits=tuple(each for family in families for each in family.splits),
        same=tuple(each for family in families for each in family.same),
        graphs=tuple(
            Graph(meta.family, meta.seed, meta.refusal, meta.slope)
            for meta in metas
            if (meta.refusal, meta.slope) != (None, None)
        ),
    )


def judge_family(cells: Sequence[Evidence], terms: Terms) -> Family:
    """One family's findings from its cells, one for each seed; a policy that is not in every cell is left out."""
    family = cells[0].meta.family
    policies = [policy for policy in contenders(cells[0].meta.policies) if all(policy in cell.arms for cell in cells)]
    parts = parts_of(cells)
    seen = [see(cell, policies, parts, terms) for cell in cells if policies]
    judged = [_judged(seen, number) for number in range(len(policies))]
    adjusted = holm([estimates[0].p for estimates in judged])
    return Family(
        comparisons=tuple(
            Comparison(
                family=family,
                policy=policy,
                seeds=tuple(cell.meta.seed for cell in cells),
                everyone=_among(estimates[0], p),
                field=field(_samples(cells, policy), _samples(cells, CONTROL)),
                survival=survival(_stays(cells, policy), _stays(cells, CONTROL)),
                groups=_groups(parts[1:], estimates[1:]),
            )
            for policy, estimates, p in zip(policies, judged, adjusted, strict=True)
        ),
        arms=tuple(_arm(family, policy, cells) for policy in (CONTROL, *policies)),
        splits=tuple(_split(cell) for cell in cells),
        same=_same(cells, policies),
    )


def _judged(seen: Sequence[Seen], policy: int) -> list[Estimate]:
    """An estimate for every part, in their order; `policy` by its number among the contenders."""
    return [
        estimate(
            [float(each.lifts[part, policy]) for each in seen],
            np.array([each.drawn[:, part, policy] for each in seen]),
            pairs=sum(each.pairs[part] for each in seen),
            different=int(sum(each.different[part, policy] for each in seen)),
        )
        for part in range(len(seen[0].pairs))
    ]


def _among(one: Estimate, p_adjusted: float) -> Estimate:
    """The estimate as one of many questions."""
    different = one.verdict != "nothing"
    told = verdict(one.low, one.high, p_adjusted, pairs=one.players, different=different)
    return msgspec.structs.replace(one, p_adjusted=p_adjusted, verdict=told)


def _groups(parts: Sequence[Part], estimates: Sequence[Estimate]) -> tuple[Group, ...]:
    adjusted = holm([each.p for each in estimates])
    return tuple(
        Group(part.kind or "persona", part.name, _among(each, p))
        for part, each, p in zip(parts, estimates, adjusted, strict=True)
    )


def _samples(cells: Sequence[Evidence], policy: str) -> list[Sample]:
    arms = [cell.arms[policy] for cell in cells]
    return [Sample(arm.rounds.astype(np.float64), arm.before) for arm in arms]


def _stays(cells: Sequence[Evidence], policy: str) -> Stays:
    """The pairs' stays of one arm over all seeds."""
    arms = [(cell.arms[policy], cell.pairs) for cell in cells]
    return stays(
        np.concatenate([arm.rounds[:pairs] for arm, pairs in arms]),
        np.concatenate([arm.left[:pairs] for arm, pairs in arms]),
    )


def _arm(family: str, policy: str, cells: Sequence[Evidence]) -> Conduct:
    arms = [cell.arms[policy] for cell in cells]
    players, rounds = sum(len(arm.rounds) for arm in arms), sum(int(arm.rounds.sum()) for arm in arms)

    def share(of: str, among: int) -> float:
        return sum(int(getattr(arm, of).sum()) for arm in arms) / among if among else 0.0

    return Conduct(
        family=family,
        policy=policy,
        assigned=sum(cell.meta.arms[policy].assigned for cell in cells),
        exposed=sum(cell.meta.arms[policy].exposed for cell in cells),
        rounds=share("rounds", players),
        flow=share("flow", rounds),
        true_flow=share("true_flow", rounds),
        overshoots=100.0 * share("overshoots", rounds),
        reversals=100.0 * share("reversals", rounds),
        left=share("left", players),
    )


def _split(cell: Evidence) -> Split:
    """Whether the arms have the sizes they were promised: a chi-square test on exact counts."""
    assigned = {policy: arm.assigned for policy, arm in cell.meta.arms.items()}
    told, shares = list(assigned.values()), [arm.share for arm in cell.meta.arms.values()]
    p = srm(told, shares)
    return Split(cell.meta.family, cell.meta.seed, assigned, p, p < ALARM)


def _same(cells: Sequence[Evidence], policies: Sequence[str]) -> tuple[Same, ...]:
    """The A/A checks that these cells allow: the control played again, and all arms of the indifferent."""
    family = cells[0].meta.family
    again = [REPEATED] if all(REPEATED in cell.arms for cell in cells) else []
    return tuple(
        Same(
            family,
            policy,
            sum(cell.pairs for cell in cells),
            sum(int(apart(cell, policy).sum()) for cell in cells),
        )
        for policy in again + (list(policies) if family == INDIFFERENT else [])
    )
