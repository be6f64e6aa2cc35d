"""From events to the figures of everybody: by hand where they are few, within the stated error where they are many."""

from datetime import timedelta

import pytest

from engagement_api.fleet import Retention, Rung
from processors.fleet import Fleet
from tests.processors.river import cleared, event, started, stroke, swamped
from tests.story.fleet_days import NOON, Worker, noon, read, visit


def test_a_few_players_are_told_exactly() -> None:
    """Three players on one day, one of them in two sessions: three and four, however often they stroke."""
    river = Worker(0)
    for player in ("ann", "bob", "cy"):
        river.fold(0, visit(player, 0, *[stroke()] * 9))
    river.fold(0, visit("ann", 0, stroke(), session="again"))
    now = read(river.tells(noon(0)), noon(0))
    assert (now.players_now, now.sessions_now) == (3, 4)
    assert (now.dau, now.wau, now.mau, now.sessions_today, now.began_today) == (3, 3, 3, 4, 3)


def test_a_week_and_a_month_count_nobody_twice() -> None:
    """Ann comes daily for 40 days, Bob on day 8, Cy on day 30, Di on day 39: on day 39 that is 2, 2, 3 and never 40.

    The 7 days to day 39 begin with 33, the 30 days with 10: Bob is in neither, Cy in the month.
    """
    river = Worker(0)
    for day in range(40):
        river.fold(0, visit("ann", day))
    for player, day in (("bob", 8), ("cy", 30), ("di", 39)):
        river.fold(0, visit(player, day))
    today = read(river.tells(noon(39)), noon(39))
    assert (today.dau, today.wau, today.mau) == (2, 2, 3)


def test_retention_is_of_those_whose_day_is_over() -> None:
    """Four begin on day 0. Ann is back on days 1 and 7, Bob on 1, Cy on 2, Di never; Ed begins on day 8.

    Seen from day 8: one and seven days after day 0 are past, so D1 is 2 of 4 and D7 1 of 4. Ed's first day after is
    not over, so he is in neither. From day 7, D7 is of nobody: day 7 itself is not over.
    """
    river = Worker(0)
    came = {"ann": (0, 1, 7), "bob": (0, 1), "cy": (0, 2), "di": (0,), "ed": (8,)}
    for day in range(9):
        for player, days in came.items():
            if day in days:
                river.fold(0, visit(player, day))
    told = river.tells(noon(8))
    assert read(told, noon(8)).d1 == Retention(4, 2, 0.5)
    assert read(told, noon(8)).d7 == Retention(4, 1, 0.25)
    assert read(told, noon(7)).d7 == Retention(0, 0, None)


def test_the_funnel_counts_players_and_not_rounds() -> None:
    """Ann clears rapid 1 at her third attempt and loses 2; Bob leaves rapid 1 uncleared; Cy clears both."""
    river = Worker(0)
    river.fold(0, visit("ann", 0, *[started(1), swamped(1)] * 2, started(1), cleared(1), started(2), swamped(2)))
    river.fold(0, visit("bob", 0, started(1), swamped(1)))
    river.fold(0, visit("cy", 1, started(1), cleared(1), started(2), cleared(2)))
    assert read(river.tells(noon(1)), noon(1)).funnel == (Rung(1, 3, 2), Rung(2, 2, 1))


def test_now_is_the_present_minute_and_the_five_before() -> None:
    """Seen at 12:00: still there at 12:05:59, gone at 12:06; nobody has to say so."""
    river = Worker(0)
    river.fold(0, visit("ann", 0))
    told = river.tells(noon(0))
    assert read(told, NOON + timedelta(minutes=5, seconds=59)).players_now == 1
    gone = read(told, NOON + timedelta(minutes=6))
    assert (gone.players_now, gone.sessions_now, gone.latency.n, gone.dau) == (0, 0, 0, 1)


def test_latency_is_told_within_a_hundredth() -> None:
    """Of 100 events 90 take 20 ms, 9 take 300 ms and one 5 s: p50 is 20, p95 300, p99 300, each within 1 %."""
    river = Worker(0)
    lates = [0.020] * 90 + [0.300] * 9 + [5.0]
    for n, late_s in enumerate(lates, start=1):
        river.fold(0, [event(stroke(), n, n / 10, player="ann", start=NOON)], late_s)
    latency = read(river.tells(noon(0)), noon(0)).latency
    assert latency.n == 100
    assert (latency.p50_ms, latency.p95_ms, latency.p99_ms) == pytest.approx((20, 300, 300), rel=0.01)


def test_two_workers_make_one_figure() -> None:
    """8,000 players, noted by two workers or by one: both within three standard errors of the truth.

    One player in four is noted by both workers, as when partitions move, and still counts once.
    """
    one, other, alone = Fleet(0), Fleet(1), Fleet(2)
    began_s = NOON.timestamp()
    for n in range(8_000):
        told = event(stroke(), 1, 0, player=f"p-{n}", session=f"s-{n}", start=NOON)
        for fleet in (alone, one, other) if n % 4 == 0 else (alone, one if n % 2 else other):
            fleet.note(told, began_s, began_s)
    apart = read([_told(one), _told(other)], NOON)
    whole = read([_told(alone)], NOON)
    for now in (apart, whole):
        assert now.dau == pytest.approx(8_000, rel=3 * now.error.counts)
        assert now.sessions_now == pytest.approx(8_000, rel=3 * now.error.counts)
        assert now.began_today == now.dau
    assert (apart.error.counts, apart.error.latency) == (0.0162, 0.01)  # 1.04 / sqrt(4096) = 0.01625; two digits


def test_what_comes_again_changes_no_count() -> None:
    """A worker dies; its successor reads what was told and folds all of it again, and then hears all of it again."""
    first, second = Worker(0), Worker(0)
    events = [each for n in range(20) for each in visit(f"p-{n}", 0, started(1), cleared(1), started(2))]
    first.fold(0, events)
    (told,) = first.tells(noon(0))
    second.partitions[0].fleet.merge(told)
    second.fold(0, events)
    second.fold(0, events)
    before, after = read([told], noon(0)), read(second.tells(noon(0)), noon(0))
    assert after.latency.n == 2 * before.latency.n == 120  # the one figure that counts: folded anew is counted anew
    assert (after.dau, after.sessions_today, after.began_today) == (20, 20, 20)
    assert after.funnel == before.funnel == (Rung(1, 20, 20), Rung(2, 20, 0))


def _told(fleet: Fleet) -> bytes:
    worker = Worker(fleet.number)
    worker.partitions[fleet.number].fleet = fleet
    (raw,) = worker.tells(NOON)
    return raw
