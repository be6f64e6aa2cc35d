"""Waiting on facts: a free port, a door that answers, a deadline. Nothing here sleeps in hope."""

import random
import socket
import time
from collections.abc import Callable
from typing import Final

HOST: Final = "127.0.0.1"
BETWEEN_LOOKS_S: Final = 0.05
QUIET_PORTS: Final = range(20_000, 32_000)


def is_free(port: int) -> bool:
    """True if a server could listen on `port` of this machine now."""
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((HOST, port))
        except OSError:
            return False
        return True


def any_free_port() -> int:
    """A port that nobody listens on.

    Not one that the system hands out by itself: those are given to other programs' connections at any moment.
    """
    return next(port for port in random.sample(QUIET_PORTS, len(QUIET_PORTS)) if is_free(port))


def answers(port: int, *, timeout_s: float = 1.0) -> bool:
    """True if somebody accepts a connection on `port`."""
    try:
        with socket.create_connection((HOST, port), timeout=timeout_s):
            return True
    except OSError:
        return False


def wait_until(fact: Callable[[], bool], *, within_s: float, unless: Callable[[], bool] = lambda: False) -> bool:
    """True as soon as `fact` holds; False once `unless` holds or `within_s` seconds are over."""
    deadline = time.monotonic() + within_s
    while not fact():
        if unless() or time.monotonic() > deadline:
            return False
        time.sleep(BETWEEN_LOOKS_S)
    return True
