"""aiokafka's connection, made to say that it is broken in a way that aiokafka itself understands, and not too often.

In the loop turn between a peer's reset and the news of it, uvloop's transport answers a write with a `RuntimeError`,
where asyncio's own would write into nothing. aiokafka expects an `OSError` there: anything else ends its sender,
fetcher or coordinator for good, while the process lives on and looks well. It is a change to somebody else's class and
stands for the whole process, so only front doors make it; tests/processors/test_upstream.py sees when it may go.

While a broker is away aiokafka writes a hundred lines a second about it. One of each kind in ten seconds says as much.
"""

import logging
import time
from collections.abc import Callable
from typing import Any, Final

from aiokafka.conn import AIOKafkaConnection
from aiokafka.errors import KafkaConnectionError

QUIET_S: Final = 10.0
_send = AIOKafkaConnection.send


def _sent_or_broken(connection: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - aiokafka has no types
    try:
        return _send(connection, *args, **kwargs)
    except RuntimeError as fault:
        sentence = f"the connection to {connection.host}:{connection.port} is broken: {fault}"
        connection.close()
        raise KafkaConnectionError(sentence) from fault


class Seldom(logging.Filter):
    """Lets through what aiokafka says, each kind of sentence once in ten seconds; and everything of anybody else."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._said: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line is written."""
        if not record.name.startswith("aiokafka"):
            return True
        kind, now_s = f"{record.name} {record.msg}", self._clock()
        if now_s - self._said.get(kind, -QUIET_S) < QUIET_S:
            return False
        self._said[kind] = now_s
        return True


def mend() -> None:
    """From now on a write to a connection that was just reset is a `KafkaConnectionError`, and the log stays short."""
    AIOKafkaConnection.send = _sent_or_broken
    for handler in logging.getLogger().handlers:
        handler.addFilter(Seldom())
