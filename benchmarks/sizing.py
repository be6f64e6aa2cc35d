"""What so many events a day would take, from the figures in docs/performance.md; writes the made parts of that page.

    python benchmarks/sizing.py            after a figure in one of the page's tables was changed

The two tables at the top of the page are the only source: rows of a name in code type, a number, and where it comes
from. Everything here is multiplication, and each formula stands once, in `sized`; a block on the page, run by a test,
fails when the page has fallen behind. Units are in the names. A core is a core of the machine that was measured.
"""

import math
import re
import sys
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import msgspec
from msgspec import Struct

from contract.describe import fill
from contract.topics import ADAPTATIONS, DAY_MS, ENGAGEMENT_SIGNALS, PLAYER_EVENTS

PAGE: Final = Path(__file__).resolve().parents[1] / "docs" / "performance.md"
DAYS: Final = (1_000_000, 10_000_000, 100_000_000, 1_000_000_000)
ASKED: Final = 100_000_000
BESIDE_CORES: Final = 2 * 2 + 2 * 2
"""Redis and PostgreSQL, each with one in reserve, on machines of two cores."""
DAY_S: Final = 86_400.0
MONTH_H: Final = 730.0
_ROW: Final = re.compile(r"^\| `(\w+)` \| ([\d.]+) \|", re.MULTILINE)


class Figures(Struct, frozen=True, forbid_unknown_fields=True):
    """Both tables: what was measured, and what is assumed."""

    worker_us: float
    api_us: float
    kafka_us: float
    redis_us: float
    beliefs_per_event: float
    snapshots_per_event: float
    goals_per_event: float
    event_bytes: float
    belief_bytes: float
    goal_bytes: float
    state_bytes: float
    row_bytes: float
    worker_kb_per_player: float
    api_kb_per_player: float
    redis_kb_per_player: float
    recovery_s: float
    recovery_s_per_100k: float
    events_per_player_s: float
    peak_factor: float
    busy: float
    replicas: float
    minutes_a_day: float
    known_per_daily: float
    broker_cores: float
    usd_core_h: float
    usd_disk_gb_month: float
    usd_crossing_gb: float


class Size(Struct, frozen=True):
    """What one number of events a day takes."""

    mean_per_s: float
    peak_per_s: float
    players_at_peak: float
    players_known: float
    worker_cores: float
    workers: int
    partitions: int
    worker_gb: float
    """Of memory, in each worker."""
    apis: int
    api_gb: float
    """Of memory, in each API process, which keeps everybody's state until partitions move."""
    redis_gb: float
    """Of a day's players: a state stays for a week, a belief and a goal for half an hour."""
    brokers: int
    redis_cores: float
    rows_per_s: float
    """Decisions kept in SQL at the peak."""
    history_gb_month: float
    disk_gb: float
    """Of all brokers together, replicas included."""
    network_mb_s: float
    """In and out of the brokers at the peak, replication included."""
    recovery_s: float
    usd_cores: float
    usd_disk: float
    usd_crossing: float
    """Dollars a month each."""

    @property
    def usd(self) -> float:
        """Dollars a month in all."""
        return self.usd_cores + self.usd_disk + self.usd_crossing


def read(page: str) -> Figures:
    """The figures in the page's tables. Raises `msgspec.ValidationError` for one that is missing or unknown."""
    return msgspec.convert(dict(_ROW.findall(page)), Figures, strict=False)


def written_bytes(of: Figures) -> float:
    """What is written to Kafka because of one event, the event included."""
    beliefs, goals = of.beliefs_per_event * of.belief_bytes, of.goals_per_event * of.goal_bytes
    return of.event_bytes + beliefs + goals + of.snapshots_per_event * of.state_bytes


def read_bytes(of: Figures) -> float:
    """What is read from Kafka because of one event: by a worker, and its beliefs by an API."""
    return of.event_bytes + of.beliefs_per_event * of.belief_bytes


def kept_bytes(of: Figures) -> float:
    """What lies on a disk in the end for each event of a day, by the retention of the topics; of states, nothing."""
    events = of.event_bytes * PLAYER_EVENTS.retention_ms
    beliefs = of.beliefs_per_event * of.belief_bytes * ENGAGEMENT_SIGNALS.retention_ms
    return (events + beliefs + of.goals_per_event * of.goal_bytes * ADAPTATIONS.retention_ms) / DAY_MS


def sized(of: Figures, events_a_day: float) -> Size:
    """What that many events a day take."""
    mean_per_s = events_a_day / DAY_S
    peak_per_s = mean_per_s * of.peak_factor
    worker_cores = peak_per_s * of.worker_us / 1e6
    workers = max(2, math.ceil(worker_cores / of.busy))
    apis = max(2, math.ceil(peak_per_s * of.api_us / 1e6 / of.busy))
    kafka_cores = peak_per_s * of.kafka_us / 1e6 * of.replicas
    brokers = max(3, math.ceil(kafka_cores / of.busy / of.broker_cores))
    known = events_a_day / (of.events_per_player_s * 60.0 * of.minutes_a_day) * of.known_per_daily
    disk_gb = (events_a_day * kept_bytes(of) + 2.0 * known * of.state_bytes) * of.replicas / 1e9
    written, read_back = written_bytes(of), read_bytes(of)
    crossing = (written + read_back) * (1.0 - 1.0 / of.replicas) + written * (of.replicas - 1.0)
    cores = workers + apis + brokers * of.broker_cores + BESIDE_CORES
    return Size(
        mean_per_s=mean_per_s,
        peak_per_s=peak_per_s,
        players_at_peak=peak_per_s / of.events_per_player_s,
        players_known=known,
        worker_cores=worker_cores,
        workers=workers,
        partitions=max(PLAYER_EVENTS.partitions, 2 ** math.ceil(math.log2(workers))),
        worker_gb=0.1 + known * of.worker_kb_per_player / workers / 1e6,
        apis=apis,
        api_gb=0.13 + known * of.api_kb_per_player / apis / 1e6,
        redis_gb=known / of.known_per_daily * of.redis_kb_per_player / 1e6,
        brokers=brokers,
        redis_cores=peak_per_s * of.redis_us / 1e6,
        rows_per_s=peak_per_s * of.goals_per_event,
        history_gb_month=events_a_day * 30.0 * of.goals_per_event * of.row_bytes / 1e9,
        disk_gb=disk_gb,
        network_mb_s=peak_per_s * (written * of.replicas + read_back) / 1e6,
        recovery_s=of.recovery_s + known / workers / 1e5 * of.recovery_s_per_100k,
        usd_cores=cores * of.usd_core_h * MONTH_H,
        usd_disk=disk_gb * of.usd_disk_gb_month,
        usd_crossing=events_a_day * 30.0 * crossing / 1e9 * of.usd_crossing_gb,
    )


def rows(of: Figures) -> str:
    """The table of sizes."""
    sizes = [sized(of, events) for events in DAYS]
    lines: list[tuple[str, list[float]]] = [
        ("events a second, mean", [size.mean_per_s for size in sizes]),
        ("events a second, peak", [size.peak_per_s for size in sizes]),
        ("players at the peak", [size.players_at_peak for size in sizes]),
        ("players ever known", [size.players_known for size in sizes]),
        ("cores the workers use at the peak", [size.worker_cores for size in sizes]),
        ("**workers**", [size.workers for size in sizes]),
        ("**partitions** of `player-events`", [size.partitions for size in sizes]),
        ("memory of a worker, GB", [size.worker_gb for size in sizes]),
        ("a worker's recovery, s", [size.recovery_s for size in sizes]),
        ("**API processes**", [size.apis for size in sizes]),
        ("memory of an API process, GB", [size.api_gb for size in sizes]),
        ("**brokers**", [size.brokers for size in sizes]),
        ("brokers' disk, GB", [size.disk_gb for size in sizes]),
        ("network at the brokers, peak, MB/s", [size.network_mb_s for size in sizes]),
        ("cores Redis uses at the peak, of 1", [size.redis_cores for size in sizes]),
        ("memory of Redis, GB", [size.redis_gb for size in sizes]),
        ("rows a second into SQL, peak", [size.rows_per_s for size in sizes]),
        ("history grows a month, GB", [size.history_gb_month for size in sizes]),
        ("cores, $ a month", [size.usd_cores for size in sizes]),
        ("brokers' disk, $ a month", [size.usd_disk for size in sizes]),
        ("between zones, $ a month", [size.usd_crossing for size in sizes]),
        ("**in all, $ a month**", [size.usd for size in sizes]),
    ]
    head = " | ".join(f"{events // 1_000_000:,} M" for events in DAYS)
    body = [f"| {name} | {' | '.join(map(number, figures))} |" for name, figures in lines]
    return "\n".join([f"| a day | {head} |", "| --- | ---: | ---: | ---: | ---: |", *body])


def sentence(of: Figures) -> str:
    """The answer to the question of the page."""
    size = sized(of, ASKED)
    return (
        f"**A hundred million events a day** are {number(size.mean_per_s)} a second on average and "
        f"{number(size.peak_per_s)} at the peak, by {number(size.players_at_peak)} players at once. They take "
        f"{size.brokers} brokers with {number(size.disk_gb)} GB of disk in all, {size.partitions} partitions, "
        f"{size.workers} workers, {size.apis} API processes, one Redis and one PostgreSQL, and some "
        f"{number(size.usd)} dollars a month: {number(size.usd_cores)} for cores, {number(size.usd_disk)} for disk, "
        f"{number(size.usd_crossing)} for bytes that cross from one zone to another."
    )


def number(figure: float) -> str:
    """Two digits that count below ten, whole above, thousands apart; what is nearly nothing is said to be."""
    if 0.0 < figure < 0.01:
        return "< 0.01"
    if figure == round(figure) or figure >= 10.0:
        return f"{figure:,.0f}"
    return f"{figure:.2g}"


def made(page: str) -> str:
    """The page with its made parts as its tables would have them."""
    of = read(page)
    return fill(page, {"answer": sentence(of), "sizes": rows(of)})


def main() -> None:
    """Write the made parts of the page."""
    PAGE.write_text(made(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
