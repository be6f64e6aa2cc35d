"""The front door of a worker: `python -m processors`.

Asks Kafka for the topics before Faust starts, because a Faust worker whose source topic is missing runs on in silence.
Exit codes: 0 told to stop and stopped; 2 a wrong setting; 3 Kafka away, a topic missing, or the port taken; 1 a bug,
with its traceback in the log. SIGTERM and SIGINT mean: write the state, commit, leave.
"""

import asyncio
import gc
import logging
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from typing import Final

import uvloop
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from contract.environment import WrongSettingError, read_settings
from contract.topics import ENGAGEMENT_SIGNALS, FAILED_EVENTS, FLEET_FIGURES, PLAYER_EVENTS, Topic
from infra import connection
from processors.app import Settings, Worker, new_app
from processors.batching import ChunkedApp
from processors.health import HOST, answering
from processors.signals import engagement
from processors.tell import new_producer

WRONG_SETTING: Final = 2
UNREACHABLE: Final = 3
LEAVE_S: Final = 10.0
NEEDED: Final = (PLAYER_EVENTS, ENGAGEMENT_SIGNALS, FAILED_EVENTS, FLEET_FIGURES)
LOG: Final = logging.getLogger("processors")


class NotReachableError(Exception):
    """Something outside that must be there is not; the text is one sentence for whoever started the worker."""


def main(environ: Mapping[str, str] = os.environ) -> int:
    """Run one worker until it is told to stop; returns the exit code."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    LOG.setLevel(logging.INFO)
    try:
        settings = read_settings(Settings, environ)
        connection.mend()
        uvloop.run(run(settings))
    except WrongSettingError as fault:
        print(fault, file=sys.stderr)  # noqa: T201 - for the person at the terminal
        return WRONG_SETTING
    except NotReachableError as fault:
        print(fault, file=sys.stderr)  # noqa: T201 - for the person at the terminal
        return UNREACHABLE
    return 0


async def run(settings: Settings) -> None:
    """One worker, from looking for Kafka to leaving its group."""
    await look_for_topics(settings.kafka)
    engagement.warm()
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with AsyncExitStack() as rooms:
        producer = await rooms.enter_async_context(new_producer(settings.kafka))
        worker = Worker(new_app(settings), producer, settings)
        try:
            port = await rooms.enter_async_context(answering(worker, settings.worker_port))
        except OSError as fault:
            text = f"The worker cannot answer on {HOST}:{settings.worker_port} ({fault.strerror}). "
            raise NotReachableError(text + "Give another WHITEWATER_WORKER_PORT.") from fault
        LOG.info("a worker of %s, its health on http://%s:%d/ready", settings.kafka, HOST, port)
        await work(worker, stop)


async def work(worker: Worker, stop: asyncio.Event) -> None:
    """Let Faust run until `stop` is set or it crashes; a crash is raised."""
    app = worker.app
    async with asyncio.TaskGroup() as group:
        starting = group.create_task(app.start())
        stopping = group.create_task(stop.wait())
        gone = group.create_task(app.wait_until_stopped())
        gc.collect()
        gc.freeze()
        await asyncio.wait((stopping, gone), return_when=asyncio.FIRST_COMPLETED)
        await leave(app)
        for task in (starting, stopping, gone):
            task.cancel()
    if app.crash_reason is not None:
        raise app.crash_reason


async def leave(app: ChunkedApp) -> None:
    """Write, commit, leave the group; or, if Kafka lets none of that happen, end as if killed, which loses nothing."""
    try:
        async with asyncio.timeout(LEAVE_S):
            await app.stop()
    except TimeoutError:
        LOG.error("could not leave within %.0f s (%r); ending as if killed", LEAVE_S, app.crash_reason)  # noqa: TRY400 - no news in the traceback
        os._exit(1)


async def look_for_topics(kafka: str, topics: Sequence[Topic] = NEEDED) -> None:
    """Raises `NotReachableError` unless Kafka answers and has `topics`, each with all its partitions."""
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    try:
        await admin.start()
        described = await admin.describe_topics([topic.name for topic in topics])
        found = {each["topic"]: len(each["partitions"]) for each in described}
    except (KafkaError, OSError) as fault:
        text = f"Kafka does not answer at {kafka} ({type(fault).__name__}). Start it, or set WHITEWATER_KAFKA."
        raise NotReachableError(text) from fault
    finally:
        await admin.close()
    for topic in topics:
        if found.get(topic.name, 0) != topic.partitions:
            text = (
                f"The topic {topic.name} has {found.get(topic.name, 0)} partitions at {kafka}, not {topic.partitions}. "
            )
            raise NotReachableError(text + "Create the topics first: python -m infra.topics.")


if __name__ == "__main__":
    sys.exit(main())
