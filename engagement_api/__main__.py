"""The front door: `python -m engagement_api` serves, `python -m engagement_api migrate` makes the tables.

The only place where the real Kafka, Redis, SQL and sockets are chosen, and the only one that reads the environment.
"""

import asyncio
import contextlib
import logging
import os
import socket
import sys
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any, Final

import uvloop
from msgspec import Meta, Struct
from sqlalchemy.exc import SQLAlchemyError

from contract.environment import WrongSettingError, read_settings
from contract.graph import Graph
from engagement_api import keys
from engagement_api.access import Guarding
from engagement_api.app import Parts, make_app
from engagement_api.channels import Channels
from engagement_api.failed_hear import Aside
from engagement_api.filter import decide
from engagement_api.followers import Followers
from engagement_api.gate_routes import Gate
from engagement_api.guard import guarded
from engagement_api.history import History, address_of, open_history
from engagement_api.judge import Rules
from engagement_api.kafka import Kafka
from engagement_api.kafka import Settings as Broker
from engagement_api.keep import Keeper
from engagement_api.learning import LEARNED_S, Learning
from engagement_api.listen import Listener
from engagement_api.live import Live, open_redis, open_redis_for_all
from engagement_api.looking import keep_looking
from engagement_api.meters import Meters
from engagement_api.onlookers import Onlookers
from engagement_api.policy.graph import UnreadableGraphError, flaw_of, read_graph, said_of
from engagement_api.post import KafkaPost
from engagement_api.published import graph_file
from engagement_api.rates import Rates
from engagement_api.readiness import Readiness, look
from engagement_api.river import River
from engagement_api.roster import Roster
from engagement_api.serving import server_of
from engagement_api.switch import Switch
from engagement_api.trial import PolicyName
from engagement_api.trials import Trials
from engagement_api.wire import open_door
from infra import connection

__all__ = ["Settings", "decide", "main", "serve"]
GOODBYE_S: Final = 2
UNUSABLE: Final = 2
UNREACHABLE: Final = 3
log = logging.getLogger("engagement_api")


class Settings(Struct, frozen=True):
    """What this room reads from its environment, but for its broker (`kafka`) and its guards (`keys`)."""

    redis: str = "redis://127.0.0.1:6379/0"
    database_url: str = "sqlite+aiosqlite:///.whitewater/whitewater.db"
    api_host: str = "127.0.0.1"
    api_port: Annotated[int, Meta(ge=0, le=65_535)] = 8080
    policy: PolicyName = "P2"
    graph: str = ""
    """The file of another graph than the published one."""


Work = Callable[[], Coroutine[Any, Any, None]]
"""What runs until it is cancelled."""


class _Engine(Struct, frozen=True):
    """Everything real, chosen and put together; nothing is connected yet."""

    kafka: Kafka
    live: Live
    asked: Live
    """The same Redis, for those who ask from outside."""
    history: History
    keeper: Keeper
    listener: Listener
    look_up: Callable[[], Awaitable[None]]
    """How the switch stands and which trial runs."""
    learning: Learning
    beside: tuple[Work, ...]
    """What runs for as long as it serves."""
    parts: Parts


def _assemble(settings: Settings, broker: Broker, graph: Graph, guarding: Guarding) -> _Engine:
    history, redis = open_history(settings.database_url), open_redis(settings.redis)
    live, asked = Live(redis), Live(open_redis_for_all(settings.redis))
    meters, followers, onlookers = Meters(), Followers(), Onlookers()

    async def before_moving() -> None:
        await keeper.settle()
        listener.forget()

    async def readiness() -> Readiness:
        pings = {"kafka": kafka.ping, "redis": live.ping, "sql": history.ping}
        return await look(pings, kafka.partitions(), said_of(graph))

    kafka = Kafka(broker, before_moving)
    keeper = Keeper(kafka, live, history, meters)
    rules = Rules(settings.policy, graph=graph)
    listener = Listener(kafka, live, history, keeper, followers, meters=meters, rules=rules)
    switch = Switch(history, live, listener)
    trials, learning = Trials(history, live, listener), Learning(history, listener)

    async def look_up() -> None:
        await switch.look()
        await trials.look()

    def forget(player: str) -> None:
        listener.forget_one(player)
        aside.forget(player)

    roster, aside, post = Roster(broker.kafka), Aside(broker.kafka), KafkaPost(broker.kafka)
    channels = Channels(redis, followers, onlookers, meters, look_up, forget=forget)
    river = River(followers, channels, asked, meters, guarding)
    advertised = broker.kafka_advertised or broker.kafka
    parts = Parts(
        asked, history, river, onlookers, meters, readiness, switch.adapting, switch.turn, advertised, trials,
        roster.figures, guarding, Gate(post, history, Rates(time.monotonic), partial(datetime.now, UTC)),
        aside.kept,
    )  # fmt: skip
    beside = (keeper.run, channels.run, listener.catch_up, roster.run, aside.run, post.run)
    return _Engine(kafka, live, asked, history, keeper, listener, look_up, learning, beside, parts)


async def serve(settings: Settings, broker: Broker, door: socket.socket, graph: Graph, guarding: Guarding) -> None:
    """Serve on `door` until SIGTERM or SIGINT, then settle what was heard and leave."""
    engine = _assemble(settings, broker, graph, guarding)
    server = server_of(make_app(engine.parts))
    works: tuple[Work, ...] = (
        *engine.beside,
        partial(keep_looking, engine.look_up),
        partial(keep_looking, engine.learning.look, LEARNED_S),
    )
    try:
        async with asyncio.TaskGroup() as tasks:
            behind = [tasks.create_task(work()) for work in works]
            listening = tasks.create_task(_listen(engine))
            await server.serve(sockets=[door])
            listening.cancel()
            await engine.keeper.settle()
            for task in behind:
                task.cancel()
    finally:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(engine.kafka.stop(), GOODBYE_S)
        await engine.live.close()
        await engine.asked.close()
        await engine.history.close()


async def _listen(engine: _Engine) -> None:
    await engine.kafka.start()
    await engine.keeper.mended.wait()
    await engine.look_up()  # or the first players would be seated as if nothing were tried
    await engine.learning.look()
    await engine.listener.run()


def main(arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    """Do what was asked; the answer is the exit code, and a fault is one sentence."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for chatty in ("uvicorn", "aiokafka"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    if list(arguments) not in ([], ["serve"], ["migrate"]):
        return _sorry(f"Unknown words {' '.join(arguments)!r}: say nothing, `serve` or `migrate`.", UNUSABLE)
    try:
        settings, broker = read_settings(Settings, environ), read_settings(Broker, environ)
        graph = read_graph(graph_file(settings.graph))
    except WrongSettingError as fault:
        return _sorry(str(fault), UNUSABLE)
    except (OSError, UnreadableGraphError) as fault:
        return _sorry(f"WHITEWATER_GRAPH names no graph: {fault}. Correct the variable or unset it.", UNUSABLE)
    if "migrate" in arguments:
        return _migrate(settings)
    try:
        guarding = guarded(read_settings(keys.Settings, environ), settings.api_host)
    except WrongSettingError as fault:
        return _sorry(str(fault), UNUSABLE)
    try:
        door = open_door(settings.api_host, settings.api_port)
    except OSError as fault:
        address = f"{settings.api_host}:{settings.api_port}"
        return _sorry(
            f"Cannot listen on {address} ({fault.strerror}): set WHITEWATER_API_PORT to a free port.", UNREACHABLE
        )
    log.info("Serving http://%s:%s, policy %s, %s.", *door.getsockname()[:2], settings.policy, guarding.access)
    (log.warning if flaw_of(graph) else log.info)("%s", said_of(graph))
    connection.mend()
    uvloop.run(serve(settings, broker, door, graph, guarding))
    return 0


def _migrate(settings: Settings) -> int:
    from engagement_api.migrate import migrate  # noqa: PLC0415 - a quarter of a second that whoever serves need not wait

    try:
        migrate(settings.database_url)
    except (SQLAlchemyError, OSError) as fault:
        where, why = address_of(settings.database_url), str(fault).splitlines()[0]
        return _sorry(f"The tables in {where} could not be made: {why}. Correct DATABASE_URL or start it.", UNREACHABLE)
    log.info("The tables in %s are as they should be.", address_of(settings.database_url))
    return 0


def _sorry(sentence: str, code: int) -> int:
    sys.stderr.write(sentence + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
