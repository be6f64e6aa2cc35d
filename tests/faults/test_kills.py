"""The plans of kills: one seed is one plan, whatever is hurt is well again, and a fault that did not bite is told."""

import random
import subprocess
import sys
from typing import Final

import pytest

from contract.topics import PLAYER_EVENTS
from faults import harm, kills
from faults.bite import blunt
from faults.catalogue import FAULTS, draw
from faults.evidence import Evidence, Record
from faults.history import History, Injected, Op
from faults.kills import SESSION_S
from faults.plan import Plan, Step
from tests.faults.sound import evidence

KILLS: Final = (
    "worker-killed", "worker-lost", "workers-killed", "worker-frozen", "api-killed", "broker-killed", "redis-killed",
    "database-killed", "disk-full", "rolling-restart",
)  # fmt: skip
SEEDS: Final = range(1, 21)
PLANS: Final = [draw(fault, seed) for fault in KILLS for seed in SEEDS]
MENDED_BY: Final = {"freeze": "thaw", "fill": "make room"}


def test_the_same_seed_is_the_same_plan_and_another_seed_another() -> None:
    """By name and seed alone; twenty seeds are twenty plans."""
    assert [draw(plan.fault, plan.seed) for plan in PLANS] == PLANS
    assert len({plan.steps for plan in PLANS}) == len(PLANS)


def test_every_plan_bears_the_name_it_is_drawn_by() -> None:
    """What a run reports is what can be asked for again."""
    drawn = [FAULTS[plan.fault](random.Random(f"{plan.fault}/{plan.seed}"), plan.seed) for plan in PLANS]
    assert [(plan.fault, plan.seed) for plan in drawn] == [(plan.fault, plan.seed) for plan in PLANS]


def test_steps_come_in_order_while_the_crowd_plays_and_it_plays_on_afterwards() -> None:
    """Two seconds at the least, because what is told afterwards is what recovery is measured by."""
    for plan in PLANS:
        times_s = [step.at_s for step in plan.steps]
        assert times_s == sorted(times_s)
        assert times_s[0] >= 0.5
        assert times_s[-1] <= plan.seconds - 2.0, plan


def test_whatever_lasts_is_ended_in_the_plan() -> None:
    """A freeze by a thaw, a full disk by room; what is lost comes back, but for the worker that is lost for good."""
    for plan in PLANS:
        for place, step in enumerate(plan.steps):
            end = MENDED_BY.get(step.act)
            if step.act == "lose" and plan.fault != "worker-lost":
                end = "bring back"
            if end is not None:
                assert (end, step.on) in [(later.act, later.on) for later in plan.steps[place:]], plan


def test_a_zombie_sleeps_for_longer_than_its_group_waits() -> None:
    """The session of six seconds and a second more; then its partitions are another's."""
    for plan in PLANS:
        if plan.fault == "worker-frozen":
            freeze, thaw = plan.steps
            assert thaw.at_s - freeze.at_s >= SESSION_S + 1.0


def test_two_seeds_in_a_row_fill_the_disks_of_both_who_keep_something() -> None:
    """So that three runs have had each of them."""
    filled = {draw("disk-full", seed).steps[0].on for seed in (1, 2)}
    assert filled == {"api", "kafka"}


def test_only_the_killed_database_needs_another_kind_of_site() -> None:
    """Every other fault shares one site with two workers, because bringing one up takes longer than a run."""
    kinds = {(plan.workers, plan.database): plan.fault for plan in PLANS if plan.database != "sqlite"}
    assert kinds == {(2, "postgresql"): "database-killed"}
    assert {plan.workers for plan in PLANS} == {2}


def told(*times_s: float) -> History:
    """One session's events, handed over at these times."""
    return History([Op("invoke", at_s, "s-alder", number) for number, at_s in enumerate(times_s, start=1)])


def hurt(history: History, *steps: tuple[float, str]) -> History:
    """The same, with these steps done."""
    return History(history.entries + [Injected(at_s, what) for at_s, what in steps])


def lain(*places: tuple[int, float]) -> Evidence:
    """A log of records at these partitions and times, and nothing else that is looked at."""
    log = [Record(partition, at, b"p-alder", b"", at_s) for at, (partition, at_s) in enumerate(places)]
    sound = evidence()
    return Evidence(
        log=log, state={}, failed=(), beliefs=(), goals=(), history={}, live={}, players=sound.players
    )  # fmt: skip


def test_a_kill_while_nobody_plays_proves_nothing() -> None:
    """Somebody must have told something in the second before it, and somebody must tell something after it."""
    plan = kills.worker_killed(random.Random(1), 1)
    quiet, over = hurt(told(1.0, 9.0), (5.0, "kill worker")), hurt(told(4.5), (5.0, "kill worker"))
    assert blunt(plan, quiet, lain()) == "nobody told anything in the second before `kill worker`"
    assert blunt(plan, over, lain()) == "nobody told anything after `kill worker`"
    assert blunt(plan, hurt(told(4.5, 5.5), (5.0, "kill worker")), lain()) is None


def test_an_api_that_had_kept_everything_was_not_killed_in_the_middle_of_a_batch() -> None:
    """Without a belief in the tenth of a second before."""
    plan = kills.api_killed(random.Random(1), 1)
    flaw = blunt(plan, hurt(told(4.5, 5.5), (5.0, "kill api")), lain())
    assert flaw == "the API had kept everything that it had heard when it was killed"


def test_without_a_backlog_the_first_worker_that_comes_back_proves_nothing() -> None:
    """A hundred events at the least lie on the log from when no worker was there."""
    plan = kills.workers_killed(random.Random(1), 1)
    history = hurt(told(4.5, 5.5, 8.0), (5.0, "lose worker"), (5.0, "lose worker-2"), (7.0, "bring back worker"))
    assert blunt(plan, history, lain((0, 5.5))) == "only 1 events came while there was no worker"
    assert blunt(plan, history, lain(*((0, 5.5) for _ in range(100)))) is None


def test_a_worker_that_woke_up_with_its_partitions_was_no_zombie() -> None:
    """Something lies in partition 3 from the time of the freeze, and nobody believed anything of it before the thaw."""
    plan = kills.worker_frozen(random.Random(1), 1)
    history = hurt(told(4.5, 5.5, 14.0), (5.0, "freeze worker"), (13.0, "thaw worker"))
    assert PLAYER_EVENTS.partitions > 3
    assert blunt(plan, history, lain((3, 6.0))) == "partitions [3] were still the frozen worker's when it woke up"


def test_a_plan_without_a_hurt_process_has_nothing_to_bite() -> None:
    """Slow links and wrong clocks are judged by other things."""
    assert blunt(Plan(fault="slow-link", seed=1, steps=(Step(1.0, "slow", "game"),)), told(), lain()) is None


def test_what_is_done_to_a_process_is_seen_to_be_done() -> None:
    """It is stopped when `freeze` returns, runs after `thaw`, and is dead when `kill` returns."""
    process = subprocess.Popen([sys.executable, "-S", "-c", "input()"], stdin=subprocess.PIPE)
    for act in ("freeze", "thaw", "kill"):
        harm.send(process.pid, act)
    assert process.wait() == -9
    process.stdin.close()  # type: ignore[union-attr]  # it has one
    harm.send(process.pid, "freeze")
    harm.send(None, "kill")


def test_a_process_that_cannot_be_hurt_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is as it was after all patience; here patience is none, and the process never was asked."""
    monkeypatch.setattr(harm, "WITHIN_S", 0.0)
    monkeypatch.setattr(harm.os, "kill", lambda *_: None)
    with pytest.raises(harm.UnhurtError, match="after `kill`"):
        harm.send(harm.os.getpid(), "kill")
