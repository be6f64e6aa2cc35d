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
    tests = {
        "kafka": lambda: health.answers(_port(stack.kafka)),
        "redis": lambda: parts.pings(_port(stack.redis)),
        "api": lambda: parts.says_ok(_port(stack.api), "/ready"),
    }
    addresses = {"kafka": stack.kafka, "redis": stack.redis, "api": stack.api}
    found = []
    for name, pid in stack.pids.items():
        address = addresses.get(name, "")
        if name in stack.workers:
            port = stack.workers[name]
            address = f"http://127.0.0.1:{port}"
            well = parts.says_ok(port, "/ready")
        else:
            well = tests[name]() if name in tests else psutil.pid_exists(pid)
        found.append(Found(name, address, pid, well, memory_mb(pid), logs / f"{name}.log"))
    return found


def memory_mb(pid: int) -> float:
    """What process `pid` weighs, in MB of 10^6 bytes; 0 when it is gone or not ours to weigh."""
    try:
        weighed = psutil.Process(pid).memory_full_info()
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0.0
    return float(getattr(weighed, "pss", weighed.rss)) / 1e6


def _port(address: str) -> int:
    return int(address.rpartition(":")[2].partition("/")[0])
