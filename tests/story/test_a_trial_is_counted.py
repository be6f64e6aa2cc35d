"""Who plays in a trial counts for their arm: from when its policy acts, in every arm alike, and once."""

import random
from datetime import datetime

import pytest
from msgspec import json

from contract.codec import Unreadable, read_adaptation
from engagement_api.exposure import Exposure, exposures_of, merged
from engagement_api.judge import Rules
from engagement_api.record import Record
from engagement_api.scoreboard import Experiment, Running, Tally, stand
from engagement_api.trial import HELD_OUT, Branch, Trial, branch_of
from tests.story.river_loop import NOON, Game, Watchers, nobody

TRIAL = Trial("autumn", (Branch("drawn", "P0", 0.5), Branch("target", "P2", 0.5)), burn_in=2)
PLAYERS = [f"p-{number}" for number in range(30)]


class Keepers(Watchers):
    """Watchers who keep what was decided as the history does: goal, state and who it was for, as they travel."""

    def __init__(self, rules: Rules) -> None:
        super().__init__(rules)
        self.kept: list[bytes] = []

    def hear(self, player: str, raw: bytes, now: datetime) -> list[bytes]:
        told = super().hear(player, raw, now)
        for goal in map(read_adaptation, told):
            assert not isinstance(goal, Unreadable)
            self.kept.append(json.encode(Record(goal, self.states[player], "human")))
        return told


def played(rounds: dict[str, int]) -> list[Record]:
    """Everything that is kept when each player plays so many rounds, every second one lost."""
    keepers = Keepers(Rules(trial=TRIAL))
    for seed, (player, many) in enumerate(rounds.items()):
        Game(player, nobody, keepers, seed=seed).rounds_of(("LW" * many)[:many])
    return [json.decode(raw, type=Record) for raw in keepers.kept]


def standing(batches: list[list[Record]]) -> Experiment:
    """How the trial stands once these batches were kept, in this order."""
    rows: dict[str, Exposure] = {}
    for batch in batches:
        for told in exposures_of(batch).begun:
            rows[told.player] = merged(rows[told.player], told) if told.player in rows else told
    arms = {row.arm: [each.rounds for each in rows.values() if each.arm == row.arm] for row in rows.values()}
    tallies = {arm: Tally(len(each), sum(each), sum(n * n for n in each)) for arm, each in arms.items()}
    return stand(Running(TRIAL, NOON), tallies)


def test_everybody_who_outlasts_the_burn_in_counts_in_the_arm_their_name_drew() -> None:
    """Seven rounds of which two are burn-in: exposed after the second, five rounds since, in all arms alike."""
    seats = [(branch_of(player, TRIAL) or HELD_OUT).name for player in PLAYERS]
    told = standing([played(dict.fromkeys(PLAYERS, 7))])
    assert {arm.name: arm.n for arm in told.arms} == {
        name: seats.count(name) for name in ("drawn", "target", "held_out")
    }
    assert {arm.rounds for arm in told.arms if arm.n} == {5.0}


def test_who_leaves_in_the_burn_in_was_in_no_arm() -> None:
    """One round each: nobody counts, and there is nothing to compare."""
    told = standing([played(dict.fromkeys(PLAYERS, 1))])
    assert [arm.n for arm in told.arms] == [0, 0, 0]
    assert told.srm is not None
    assert told.srm.p == 1.0


def test_what_comes_again_and_in_another_order_counts_once() -> None:
    """The same decisions in batches of seven, shuffled and doubled: the same standing."""
    kept = played({player: 3 + number % 5 for number, player in enumerate(PLAYERS)})
    batches = [kept[start : start + 7] for start in range(0, len(kept), 7)] * 2
    random.Random(5).shuffle(batches)
    shuffled, in_order = standing(batches), standing([kept])
    assert [(arm.n, arm.rounds) for arm in shuffled.arms] == [
        (arm.n, pytest.approx(arm.rounds)) for arm in in_order.arms
    ]
