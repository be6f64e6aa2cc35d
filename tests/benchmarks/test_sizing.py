"""What so many events a day would take: multiplication, checked by numbers that anybody can work out."""

import msgspec
import pytest

from benchmarks.sizing import Figures, number, read, sized

ROUND = Figures(
    worker_us=50.0, api_us=25.0, kafka_us=20.0, redis_us=2.0, beliefs_per_event=1.0, snapshots_per_event=1.0,
    goals_per_event=0.01, event_bytes=400.0, belief_bytes=1_000.0, goal_bytes=1_000.0, state_bytes=500.0,
    row_bytes=2_000.0, worker_kb_per_player=10.0, api_kb_per_player=5.0, redis_kb_per_player=4.0, recovery_s=8.0,
    recovery_s_per_100k=20.0, events_per_player_s=5.0, peak_factor=2.0, busy=0.5, replicas=3.0, minutes_a_day=20.0,
    known_per_daily=10.0, broker_cores=2.0, usd_core_h=0.04, usd_disk_gb_month=0.1, usd_crossing_gb=0.02,
)  # fmt: skip
"""Round figures, so that a day of 864 million events, 10,000 a second, can be worked out in the head."""


def test_a_busy_day_takes_so_many_processes() -> None:
    """20,000 a second at the peak are one core of folding, two processes half busy, and 4,000 players at once."""
    size = sized(ROUND, 864e6)
    assert (size.mean_per_s, size.peak_per_s, size.players_at_peak) == (10_000.0, 20_000.0, 4_000.0)
    assert (size.worker_cores, size.workers, size.apis, size.partitions) == (1.0, 2, 2, 8)
    # 20,000 x 20 us are 0.4 cores, three copies 1.2, half busy 2.4, two cores a broker: two would do, three there are.
    assert size.brokers == 3


def test_players_are_known_for_ever() -> None:
    """A player's day is 5 x 60 x 20 = 6,000 events: 144,000 play on it, ten times as many are known."""
    size = sized(ROUND, 864e6)
    assert size.players_known == pytest.approx(1_440_000)
    assert size.worker_gb == pytest.approx(0.1 + 7.2)  # half of them, 10 kB each
    assert size.recovery_s == pytest.approx(8 + 7.2 * 20)


def test_a_disk_holds_a_week_of_events_and_a_day_of_beliefs_three_times() -> None:
    """Per event 400 x 7 and 1,000 and 0.01 x 1,000 x 7 bytes, and twice every state: 3,870 x 864 M + 1.44 GB."""
    assert sized(ROUND, 864e6).disk_gb == pytest.approx(3 * (3_343.68 + 1.44))


def test_many_workers_want_more_partitions() -> None:
    """A hundred times the events are 200 workers, so the next power of two."""
    size = sized(ROUND, 864e8)
    assert (size.workers, size.partitions) == (200, 256)


def test_a_table_gives_the_figures_and_a_missing_one_is_named() -> None:
    """Rows of a name in code type and a number, whatever else the page says."""
    rows = [f"| `{name}` | {value} | why |" for name, value in msgspec.structs.asdict(ROUND).items()]
    assert read("\n".join(["text | `with` | 1 |", *rows])) == ROUND
    with pytest.raises(msgspec.ValidationError, match="usd_crossing_gb"):
        read("\n".join(rows[:-1]))


@pytest.mark.parametrize(("figure", "said"), [(0.001, "< 0.01"), (0.3456, "0.35"), (2.0, "2"), (1234.5, "1,234")])
def test_a_number_says_no_more_than_it_knows(figure: float, said: str) -> None:
    """Two digits below ten, none behind the point above."""
    assert number(figure) == said
