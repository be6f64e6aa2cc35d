"""Everybody together, over HTTP: `GET /v1/fleet` for the page, gauges for Prometheus.

The gauges are reckoned when somebody reads them, from the same figures that the page shows.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Final

from litestar import get
from litestar.datastructures import State
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from engagement_api.fleet import Figures, figures

Asked = Callable[[], Figures]
"""Everybody together, as it is known when it is asked."""
SHARES: Final = ((0.5, "p50_ms"), (0.95, "p95_ms"), (0.99, "p99_ms"))


@get("/v1/fleet", sync_to_thread=False)
def fleet(state: State) -> Figures:
    """Players and sessions now, DAU, WAU, MAU, retention, the funnel, and how late beliefs are; estimates, bounded."""
    asked: Asked = state.parts.fleet
    return asked()


class FleetGauges(Collector):
    """The figures as gauges, made when they are scraped."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked

    def collect(self) -> Iterable[GaugeMetricFamily]:
        now = self._asked()
        players = _gauge("players", "Different players seen.", "within")
        for within, count in (("5m", now.players_now), ("1d", now.dau), ("7d", now.wau), ("30d", now.mau)):
            players.add_metric([within], count)
        sessions = _gauge("sessions", "Different sessions seen.", "within")
        for within, count in (("5m", now.sessions_now), ("1d", now.sessions_today)):
            sessions.add_metric([within], count)
        back = _gauge("retention", "Share of new players who were back so many days later.", "days")
        for days, retention in (("1", now.d1), ("7", now.d7)):
            if retention.share is not None:
                back.add_metric([days], retention.share)
        late = _gauge("latency_seconds", "From an event until a worker took it up.", "quantile")
        for share, name in SHARES:
            late.add_metric([str(share)], getattr(now.latency, name) / 1_000)
        started = _gauge("rapid_started", "Players who ever started a rapid.", "rapid")
        cleared = _gauge("rapid_cleared", "Players who ever cleared a rapid.", "rapid")
        for rung in now.funnel:
            started.add_metric([str(rung.rapid)], rung.started)
            cleared.add_metric([str(rung.rapid)], rung.cleared)
        return [players, sessions, back, late, started, cleared]


def nobody() -> Figures:
    """What is known before any partition has told: nothing."""
    return figures([], datetime.fromtimestamp(0, UTC))


def expose(registry: CollectorRegistry, asked: Asked) -> None:
    """From now on the figures are on `/metrics`."""
    registry.register(FleetGauges(asked))


def _gauge(name: str, text: str, label: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"whitewater_fleet_{name}", text, labels=[label])
