"""What a worker says of itself over HTTP, on 127.0.0.1 alone: `/health`, `/ready`, `/metrics`.

Healthy means that the process answers. Ready means that its tables are restored and Kafka answers; the body says which
partitions it has, so that "ready with none" (a spare, or a stack with more workers than partitions) can be told from
"ready and working". Faust's own web server is off: it serves table contents, and on every interface.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import msgspec
from aiohttp import web
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from processors.app import Worker

HOST: Final = "127.0.0.1"


class WorkerMetrics(Collector):
    """Reads the worker's plain counters when somebody asks: the fold itself touches no metric."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    def collect(self) -> list[Metric]:
        worker = self._worker
        counts = {
            "events_folded": ("Events that changed a player.", worker.folded),
            "events_repeated": ("Events heard before, which changed nothing.", worker.repeated),
            "events_failed": ("Events written to failed-events.", worker.failed),
            "beliefs_told": ("Messages sent to engagement-signals.", worker.teller.told),
            "beliefs_lost": ("Beliefs that were let go because Kafka took none for so long.", worker.teller.lost),
            "snapshots": ("Players written to the changelog.", worker.snapshots),
        }
        counters: list[Metric] = [
            CounterMetricFamily(f"whitewater_worker_{name}", text, value=value)
            for name, (text, value) in counts.items()
        ]
        assigned = GaugeMetricFamily("whitewater_worker_partitions", "Partitions assigned.", len(worker.assigned))
        ready = GaugeMetricFamily("whitewater_worker_ready", "1 when tables are restored.", int(worker.ready))
        return [*counters, assigned, ready]


def says(worker: Worker) -> dict[str, object]:
    """The body of `/ready`."""
    return {
        "ready": worker.ready,
        "kafka": worker.kafka_answers,
        "recovering": bool(worker.app.in_recovery),
        "rebalancing": bool(worker.app.rebalancing),
        "partitions": worker.assigned,
        "folded": worker.folded,
        "repeated": worker.repeated,
        "failed": worker.failed,
    }


@asynccontextmanager
async def answering(worker: Worker, port: int) -> AsyncIterator[int]:
    """Answer on `port` (0: any free one) while the block runs; gives the port."""
    registry = CollectorRegistry()
    registry.register(WorkerMetrics(worker))

    async def health(_: web.Request) -> web.Response:
        return web.json_response({"alive": True})

    async def ready(_: web.Request) -> web.Response:
        body = msgspec.json.encode(says(worker))
        return web.Response(body=body, status=200 if worker.ready else 503, content_type="application/json")

    async def metrics(_: web.Request) -> web.Response:
        return web.Response(body=generate_latest(registry), content_type="text/plain")

    rooms = web.Application()
    rooms.add_routes([web.get("/health", health), web.get("/ready", ready), web.get("/metrics", metrics)])
    runner = web.AppRunner(rooms, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, HOST, port)
    try:
        await site.start()
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()
