"""What was refused, over HTTP: `GET /v1/failed` for the page, a counter and a gauge by reason for Prometheus.

Both are made when somebody reads them, from the same count. No label ever holds what a player sent: the reasons are the
contract's words.
"""

from collections.abc import Callable, Iterable
from typing import Final

from litestar import get
from litestar.datastructures import State
from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from contract.failures import Reason
from engagement_api.failed import Count, Kept, Refusals

Standing = Callable[[], Kept]
"""What was refused, as it is known when it is asked."""
NONE: Final = Count(0, 0, 0)


@get("/v1/failed", sync_to_thread=False)
def failed(state: State) -> Kept:
    """How many messages were refused, by reason, how many of them are open, and the newest, shortened and harmless."""
    standing: Standing = state.parts.failed
    return standing()


class FailedMetrics(Collector):
    """The count as metrics, made when they are scraped; every reason is there from the start."""

    def __init__(self, standing: Standing) -> None:
        self._standing = standing

    def collect(self) -> Iterable[Metric]:
        reasons = self._standing().reasons
        failed = CounterMetricFamily("whitewater_failed_events", "Messages refused and kept.", labels=["reason"])
        left = GaugeMetricFamily("whitewater_failed_open", "Of them, those that nobody settled.", labels=["reason"])
        for reason in Reason:
            count = reasons.get(reason, NONE)
            failed.add_metric([reason.value], count.failed)
            left.add_metric([reason.value], count.open)
        return [failed, left]


def nothing() -> Kept:
    """What is known before anything was heard."""
    return Refusals().kept()


def expose_failed(registry: CollectorRegistry, standing: Standing) -> None:
    """From now on the count is on `/metrics`."""
    registry.register(FailedMetrics(standing))
