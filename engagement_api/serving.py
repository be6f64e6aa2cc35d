"""uvicorn, as this API wants it: our own way to end, and a limit on whatever a stranger may hold open.

It says how bytes come in and how long that may take; what they mean is `app`'s affair.
"""

import asyncio
import contextlib
import gc
import signal
from collections.abc import Iterator
from typing import Final

import uvicorn
from litestar import Litestar

from engagement_api.prompt import PromptProtocol
from engagement_api.wire import CuttingProtocol

REQUEST_BYTES: Final = 512 * 1024
GOODBYE_S: Final = 2


class _Server(uvicorn.Server):
    """uvicorn's server, stopped by us: its own signal handling would end the process before the loop is settled."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def server_of(app: Litestar) -> uvicorn.Server:
    """A server of this application, with its limits; it ends in order at SIGTERM and SIGINT."""
    server = _Server(
        uvicorn.Config(
            app,
            http=PromptProtocol,
            ws=CuttingProtocol,
            ws_max_size=REQUEST_BYTES,
            ws_per_message_deflate=False,
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=GOODBYE_S,
        )
    )

    def stop() -> None:
        server.should_exit = True

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    gc.collect()
    gc.freeze()
    return server
