"""A running stack seen from outside: each part's health, memory and log."""

from pathlib import Path

import psutil
from msgspec import Struct

from infra.local import health, parts
from infra.local.stack import Stack


class Found(Struct, frozen=True):
    """One part as it was found."""

    name: str
    address: str
    pid: int
    well: bool
    memory_mb: float
    """Its share of the machine's memory, shared pages divided by those who share them, where the system tells."""
    log: Path


def look(stack: Stack, logs: Path) -> list[Found]:
    """Every part of `stack`, the supervisor first."""
    addresses = {"kafka": stack.kafka, "redis": stack.redis, "api": stack.api}
    addresses |= {name: f"http://127.0.0.1:{port}" for name, port in stack.workers.items()}
    return [
        Found(name, addresses.get(name, ""), pid, is_well(stack, name), memory_mb(pid), logs / f"{name}.log")
        for name, pid in stack.pids.items()
    ]


def is_well(stack: Stack, name: str) -> bool:
    """Whether that part does its work now; may take seconds when it does not."""
    match name:
        case "kafka":
            return health.answers(_port(stack.kafka))
        case "redis":
            return parts.pings(_port(stack.redis))
        case "api":
            return parts.says_ok(_port(stack.api), "/ready")
        case _ if name in stack.workers:
            return parts.says_ok(stack.workers[name], "/ready")
        case _:
            return name in stack.pids and psutil.pid_exists(stack.pids[name])


def memory_mb(pid: int) -> float:
    """What process `pid` weighs, in MB of 10^6 bytes; 0 when it is gone or not ours to weigh."""
    try:
        weighed = psutil.Process(pid).memory_full_info()
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0.0
    return float(getattr(weighed, "pss", weighed.rss)) / 1e6


def _port(address: str) -> int:
    return int(address.rpartition(":")[2].partition("/")[0])
