"""A load run that nobody made: a minute's ramp to 1,000 players in which the worker was ended after half of it."""

from typing import Any

from bots.report import Answers, Latencies, Machine, Spread
from bots.schedule import Point
from load.timeline import Fault, Judged, Loaded, Moment, Try

NASTY = "</script><img src=x onerror=alert(1)>&\"'"
"""What a target or a family may be called by somebody who means no good."""
AWAY = range(31, 35)
"""The seconds in which the worker was away."""


def spread(middle_ms: float, n: int = 1000) -> Spread:
    """A latency whose tail is four times and whose largest is ten times its middle."""
    return Spread(middle_ms, middle_ms * 2, middle_ms * 4, middle_ms * 8, middle_ms * 10, n)


def moment(second: int, **other: Any) -> Moment:  # noqa: ANN401 - whatever a moment has
    """The second that ends at `second`: players and events grow, and while the worker is away its lag does."""
    players = min(25 * second, 1000)
    acked = 2 * players
    away = second in AWAY
    facts: dict[str, Any] = {
        "at_s": float(second),
        "players": players,
        "offered": acked,
        "acked": acked,
        "decided": 0 if away else players // 10,
        "applied": 0 if away else players // 10,
        "failed": 0,
        "dropped": 0,
        "ticks": players * 30,
        "late": second % 7,
        "lag": acked * (second - 29 if away else 1),
        "accept": spread(2 + second / 60),
        "signal": Spread(None, None, None, None, None, 0) if away else spread(9 + second / 10),
        "adaptation": Spread(None, None, None, None, None, 0) if away else spread(20 + second / 5),
        "cores": {"bots": players / 2000, "kafka": 0.2 + players / 5000, "worker": 0.0 if away else players / 1500},
        "memory_mb": {"bots": 150 + players / 10, "kafka": 600.0, "worker": 0.0 if away else 180.0},
    }
    return Moment(**facts | other)


MOMENTS = tuple(moment(second) for second in range(1, 61))


def loaded(**other: Any) -> Loaded:  # noqa: ANN401 - whatever a run has
    """The whole run; what is given by name replaces what would stand there."""
    facts: dict[str, Any] = {
        "offered": 81_000,
        "sent": 81_000,
        "acked": 81_000,
        "lost": 0,
        "doubled": 0,
        "failed": 0,
        "came": 81_000,
        "accepted": 81_000,
        "events_per_s": 1_350.0,
        "latency_ms": Latencies(spread(2.5), spread(12), spread(26)),
        "ticks": 1_215_000,
        "late_starts": 178,
        "adaptations": Answers(3_716, 3_716, 0, 0),
        "players": 1_000,
        "sittings": 1_000,
        "left": 0,
        "family": "persona",
        "seconds": 60.0,
        "versions": {"whitewater": "0.1.0", "faust": "0.15.3"},
        "machine": Machine(2, 8.0, "3.11.9", "Linux"),
        "profile": "ramp",
        "schedule": (Point(0.0, 0), Point(40.0, 1_000), Point(60.0, 1_000)),
        "thresholds": (Judged("e2e_ms:p99<250", 104.0, holds=True), Judged("lost==0", 0.0, holds=True)),
        "faults": (Fault("worker", 30.0, 4.2),),
        "moments": MOMENTS,
        "target": "this machine's stack",
    }
    return Loaded(**facts | other)


def searched() -> Loaded:
    """A search whose third step broke."""
    tries = (
        Try(500, 1_000.0, holds=True, why="everything held"),
        Try(1_000, 2_000.0, holds=True, why="everything held"),
        Try(2_000, 3_100.0, holds=False, why="e2e_ms:p99<250: 1,900 ms, the API gave first"),
        Try(1_500, 3_000.0, holds=True, why="everything held"),
    )
    return loaded(
        profile="find-max",
        tries=tries,
        highest=tries[-1],
        gave_first="the API (1,600 of 1,900 ms at p99 went by from believed to a changed river, from second 131)",
    )
