"""Every fault by its name, and how a plan of it is drawn from a seed."""

import random
from collections.abc import Callable
from typing import Final

from faults import elements, kills
from faults.plan import Plan

FAULTS: Final[dict[str, Callable[[random.Random, int], Plan]]] = {
    "worker-killed": kills.worker_killed,
    "worker-lost": kills.worker_lost,
    "workers-killed": kills.workers_killed,
    "worker-frozen": kills.worker_frozen,
    "api-killed": kills.api_killed,
    "broker-killed": kills.broker_killed,
    "redis-killed": kills.redis_killed,
    "database-killed": kills.database_killed,
    "disk-full": kills.disk_full,
    "rolling-restart": kills.rolling_restart,
    "stream-away": elements.stream_away,
    "partition": elements.partition,
    "slow-link": elements.slow_link,
    "poison": elements.poison,
    "duplicates": elements.duplicates,
    "clock-skew": elements.clock_skew,
    "slow-readers": elements.slow_readers,
}

LONG: Final[dict[str, Callable[[random.Random, int], Plan]]] = {"stream-away-10m": elements.stream_away_10m}
"""Those that take so long that they are only done when asked for by name."""


def draw(fault: str, seed: int) -> Plan:
    """The plan of this fault and seed. Raises `KeyError` for a fault nobody knows."""
    return (FAULTS | LONG)[fault](random.Random(f"{fault}/{seed}"), seed)
