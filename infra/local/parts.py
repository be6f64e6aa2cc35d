"""The parts of the stack: what starts each one, and the fact that says it is well."""

import http.client
import socket
import sys
from collections.abc import Callable
from typing import Final

from msgspec import Struct

from infra.local import health, kafka, redis, secret
from infra.local.stack import Settings

USUAL_API_PORT: Final = 8080
USUAL_WORKER_PORT: Final = 8091
PYTHON_STARTS_WITHIN_S: Final = 60.0
MIGRATE: Final = (sys.executable, "-m", "engagement_api", "migrate")


class Part(Struct, frozen=True):
    """One process of the stack."""

    name: str
    command: tuple[str, ...]
    is_well: Callable[[int], bool]
    """Asked of its door, once the part itself has opened it: what else answers there may be another stack's."""
    within_s: float
    port: int
    """Its door."""
    environment: dict[str, str] = {}
    """On top of the supervisor's own."""
    ends_last: bool = False
    """A store: whoever uses it is ended before it."""


class Layout(Struct, frozen=True):
    """Where everything will be: ports chosen once, the same in every part's environment."""

    kafka: kafka.Broker
    redis: redis.Server
    database: str
    token_keys: str
    api_port: int
    worker_ports: tuple[int, ...]

    @property
    def ports(self) -> tuple[int, ...]:
        """Every port that something will listen on."""
        return (self.kafka.port, self.kafka.controller_port, self.redis.port, self.api_port, *self.worker_ports)

    @property
    def environment(self) -> dict[str, str]:
        """What every Python part is told."""
        return {
            "WHITEWATER_KAFKA": self.kafka.address,
            "WHITEWATER_KAFKA_ADVERTISED": self.kafka.address,
            "WHITEWATER_REDIS": self.redis.url,
            "DATABASE_URL": self.database,
            "WHITEWATER_TOKEN_KEYS": self.token_keys,
            "WHITEWATER_API_HOST": health.HOST,
            "WHITEWATER_API_PORT": str(self.api_port),
            "PYTHONUNBUFFERED": "1",
        }


def lay_out(settings: Settings, tell: Callable[[str], None], *, usual_ports: bool = True) -> Layout:
    """Ports and folders for a stack in `settings.home`: the usual ports where they are free and wanted."""
    home = settings.home.resolve()
    taken: set[int] = set()

    def port(name: str, usual: int) -> int:
        is_wanted = usual_ports and usual not in taken
        chosen = usual if is_wanted and health.is_free(usual) else health.any_free_port()
        if chosen != usual:
            tell(f"port {usual} is {'taken' if usual_ports else 'left alone'}: {name} gets {chosen}")
        taken.add(chosen)
        return chosen

    broker_port, controller_port = port("kafka", kafka.USUAL_PORT), port("controller", kafka.USUAL_CONTROLLER_PORT)
    return Layout(
        kafka=kafka.prepare(home / "kafka", broker_port, controller_port, tell),
        redis=redis.prepare(home / "redis", port("redis", redis.USUAL_PORT)),
        database=settings.database_url or f"sqlite+aiosqlite:///{home / 'whitewater.db'}",
        token_keys=secret.keys_of(home),
        api_port=port("api", USUAL_API_PORT),
        worker_ports=tuple(port(f"worker {number}", USUAL_WORKER_PORT + number) for number in range(settings.workers)),
    )


def kafka_part(layout: Layout) -> Part:
    """The broker."""
    own = layout.kafka
    return Part("kafka", own.command, health.answers, kafka.STARTS_WITHIN_S, own.port, ends_last=True)


def redis_part(layout: Layout) -> Part:
    """The live store."""
    own = layout.redis
    return Part("redis", own.command, pings, redis.STARTS_WITHIN_S, own.port, ends_last=True)


def worker_part(layout: Layout, number: int) -> Part:
    """One Faust worker; they share the partitions."""
    port = layout.worker_ports[number]
    name = worker_name(number)
    environment = layout.environment | {"WHITEWATER_WORKER_PORT": str(port), "WHITEWATER_MEMBER": name}
    return _python(name, "processors", port, environment)


def worker_name(number: int) -> str:
    """What the `number`-th worker (from 0) is called."""
    return "worker" if number == 0 else f"worker-{number + 1}"


def api_part(layout: Layout) -> Part:
    """The engagement API."""
    port = layout.api_port
    return _python("api", "engagement_api", port, layout.environment | {"WHITEWATER_MEMBER": "api"})


def says_ok(port: int, path: str, *, timeout_s: float = 2.0) -> bool:
    """True if HTTP on `port` answers `path` with 200."""
    door = http.client.HTTPConnection(health.HOST, port, timeout=timeout_s)
    try:
        door.request("GET", path)
        return door.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        door.close()


def _python(name: str, module: str, port: int, environment: dict[str, str]) -> Part:
    command = (sys.executable, "-m", module)
    return Part(name, command, lambda door: says_ok(door, "/ready"), PYTHON_STARTS_WITHIN_S, port, environment)


def pings(port: int) -> bool:
    """True if Redis on `port` answers."""
    try:
        with socket.create_connection((health.HOST, port), timeout=1.0) as door:
            door.sendall(b"PING\r\n")
            return door.recv(7) == b"+PONG\r\n"
    except OSError:
        return False
