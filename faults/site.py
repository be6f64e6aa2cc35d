"""A stack to be hurt: the parts of the local stack, in a folder of its own, with a proxy on every link between them.

The parts are those of infra.local and watched over by its own supervisor, so that what starts a fallen part again here
is what starts it again at home. Kafka has a further listener for each link, which advertises the proxy's port: a
client that came by the proxy stays on it. It refuses to know why anybody wants a part hurt.
"""

import asyncio
import tempfile
import threading
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Final, Self

import psutil
from msgspec.structs import replace

from faults import harm
from faults.plan import Database, Plan, Step
from faults.postgres import Cluster
from faults.proxy import FAIR, Link, Weather
from infra.local import health, kafka, parts, stack
from infra.local.__main__ import make_topics
from infra.local.supervisor import Supervisor

KAFKA_LINKS: Final = ("game", "worker", "worker-2", "api")
OF_LINKS: Final = ("reset", "silence", "slow", "mend")
SLOW_BYTES_PER_S: Final = 1_000_000.0
DATABASE_STARTS_WITHIN_S: Final = 20.0


class Site:
    """One stack and its links; enter it with `async with`."""

    def __init__(self, home: Path, workers: int, tell: Callable[[str], None], database: Database = "sqlite") -> None:
        self._home = home
        self._tell = tell
        self._supervisor = Supervisor(stack.logs(home), tell)
        settings = stack.Settings(home=home, workers=workers)
        layout = parts.lay_out(settings, lambda _: None, usual_ports=False)
        self._detours = {name: (health.any_free_port(), health.any_free_port()) for name in KAFKA_LINKS}
        broker = kafka.prepare(
            home / "kafka", layout.kafka.port, layout.kafka.controller_port, tell, detours=dict(self._detours.values())
        )
        self.layout = replace(layout, kafka=broker)
        self._redis_port, self._river_port = health.any_free_port(), health.any_free_port()
        self._parts = {
            "kafka": parts.kafka_part(self.layout),
            "redis": parts.redis_part(self.layout),
            "api": self._by("api", parts.api_part(self.layout)),
        } | {name: self._by(name, parts.worker_part(self.layout, n)) for n, name in enumerate(self._workers)}
        self.links: dict[str, Link] = {}
        self._full: set[str] = set()
        """Whose disk has no room, whichever process the part has."""
        self._open = AsyncExitStack()
        self._leaving = threading.Event()
        self._cluster = self._lay_out_database() if database == "postgresql" else None

    @property
    def _workers(self) -> list[str]:
        return [parts.worker_name(number) for number in range(len(self.layout.worker_ports))]

    @property
    def kafka(self) -> str:
        """Where games send to, by the link `game`."""
        return f"{health.HOST}:{self._detours['game'][1]}"

    @property
    def kafka_itself(self) -> str:
        """The broker's own door, for whoever looks from outside."""
        return self.layout.kafka.address

    @property
    def api(self) -> str:
        """The API's own door."""
        return f"http://{health.HOST}:{self.layout.api_port}"

    @property
    def river(self) -> str:
        """The WebSocket, by the link `river`."""
        return f"ws://{health.HOST}:{self._river_port}/v1/river"

    def _by(self, name: str, part: parts.Part) -> parts.Part:
        detour = f"{health.HOST}:{self._detours[name][1]}"
        redis = f"redis://{health.HOST}:{self._redis_port}/0"
        told = {"WHITEWATER_KAFKA": detour, "WHITEWATER_KAFKA_ADVERTISED": self.kafka, "WHITEWATER_REDIS": redis}
        return replace(part, environment=part.environment | told)

    def _lay_out_database(self) -> Cluster:
        # Not below the home: where PostgreSQL may not be root's, nobody must be able to come to its folder.
        cluster = Cluster(Path(self._open.enter_context(tempfile.TemporaryDirectory(prefix="cluster-"))))
        self._database_port = health.any_free_port()
        self._parts["database"] = parts.Part(
            "database", cluster.command, health.answers, DATABASE_STARTS_WITHIN_S, cluster.port, ends_last=True
        )
        api = self._parts["api"]
        self._parts["api"] = replace(
            api, environment=api.environment | {"DATABASE_URL": cluster.url(self._database_port)}
        )
        return cluster

    async def __aenter__(self) -> Self:
        ways = {name: (told, own) for name, (own, told) in self._detours.items()}
        ways["redis"] = (self._redis_port, self.layout.redis.port)
        ways["river"] = (self._river_port, self.layout.api_port)
        if self._cluster is not None:
            ways["database"] = (self._database_port, self._cluster.port)
        for name, (port, upstream) in ways.items():
            self.links[name] = await self._open.enter_async_context(Link(port, upstream))
        try:
            await asyncio.to_thread(self._bring_up)
        except BaseException:
            await self.__aexit__()
            raise
        self._watching = asyncio.create_task(asyncio.to_thread(self._watch))
        return self

    async def __aexit__(self, *_: object) -> None:
        self._leaving.set()
        if hasattr(self, "_watching"):
            await asyncio.wait({self._watching})
        await asyncio.to_thread(self._supervisor.stop_all)
        await self._open.aclose()

    def _bring_up(self) -> None:
        stores = [name for name, part in self._parts.items() if part.ends_last]
        for name in stores:
            self._supervisor.start(self._parts[name])
        if self._cluster is not None:
            self._supervisor.await_well("database")
        self._supervisor.run_once("migrate", parts.MIGRATE, self._parts["api"].environment)
        for name in stores:
            self._supervisor.await_well(name)
        make_topics(self.layout.kafka.address)
        for name in (*self._workers, "api"):
            self._supervisor.start(self._parts[name])
        for name in (*self._workers, "api"):
            self._supervisor.await_well(name)

    def _watch(self) -> None:
        self._supervisor.watch(self._began_anew, self._leaving.is_set)

    def _began_anew(self) -> None:
        """A part has another process, which finds the disk as full as the one before."""
        for name in tuple(self._full):
            harm.leave_room(self._supervisor.pids.get(name), room=False)

    async def do(self, step: Step) -> None:
        """Does what a step of a plan says."""
        if step.act in OF_LINKS:
            self.links[step.on].turn(_weather(step))
            return
        pid = self._supervisor.pids.get(step.on)
        match step.act:
            case "lose":
                process = self._supervisor.let_go(step.on)
                process.kill()
                await asyncio.to_thread(process.wait)
            case "bring back":
                if step.on not in self._supervisor.pids:
                    self._supervisor.start(self._parts[step.on])
            case "fill":
                self._full.add(step.on)
                harm.leave_room(pid, room=False)
            case "make room":
                self._full.discard(step.on)
                harm.leave_room(pid, room=True)
            case act:
                await asyncio.to_thread(harm.send, pid, act)

    async def mend(self) -> None:
        """Everything is as it was at first: every link fair, every part there; waits for none of them."""
        for link in self.links.values():
            link.turn(FAIR)
        for name in self._parts:
            if name in self._supervisor.pids:
                await self.do(Step(0.0, "thaw", name))
                if name in self._full:
                    await self.do(Step(0.0, "make room", name))
            else:
                await self.do(Step(0.0, "bring back", name))
        self._supervisor.forgive()

    async def await_well(self, within_s: float = 60.0) -> bool:
        """Whether every part is well by then."""
        doors = {name: part.port for name, part in self._parts.items()}

        def well() -> bool:
            return all(self._parts[name].is_well(port) for name, port in doors.items())

        return await asyncio.to_thread(health.wait_until, well, within_s=within_s, unless=self._leaving.is_set)

    def memory_mb(self) -> dict[str, float]:
        """What each part holds now."""
        found = {}
        for name, pid in self._supervisor.pids.items():
            with suppress(psutil.Error):
                found[name] = psutil.Process(pid).memory_info().rss / 1e6
        return found

    @property
    def home(self) -> Path:
        """The folder of everything that the site writes."""
        return self._home

    def folder_of(self, plan: Plan) -> Path:
        """Where the people of one run keep what is theirs."""
        return self._home / f"{plan.fault}-{plan.seed}"

    def log(self, name: str) -> Path:
        """What a part said."""
        return stack.logs(self._home) / f"{name}.log"


def _weather(step: Step) -> Weather:
    match step.act:
        case "reset":
            return Weather(down=True)
        case "silence":
            return Weather(silent=True)
        case "slow":
            return Weather(latency_s=step.value, jitter_s=step.value / 2, bytes_per_s=SLOW_BYTES_PER_S)
        case "mend":
            return FAIR
        case _:
            raise AssertionError(step)
