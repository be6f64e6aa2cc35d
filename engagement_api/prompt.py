"""What uvicorn lacks for requests: a moment by which they must have arrived.

A request that never ends is an old way to fill a server with a handful of bytes (Slowloris): uvicorn waits for the rest
for as long as the connection lives, and only counts the time between requests.
"""

import asyncio
from typing import Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

REQUEST_S: Final = 10.0
"""For a whole request to arrive, from the connection or from its first byte on: 26 kB/s for the largest; ours."""


class PromptProtocol(H11Protocol):
    """uvicorn's protocol; a request that has not arrived whole within `request_s` is cut."""

    request_s = REQUEST_S
    _due: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """The first request is awaited."""
        super().connection_made(transport)
        self._due = self.loop.call_later(self.request_s, self._cut)

    def data_received(self, data: bytes) -> None:
        """Some more of a request came, or its end."""
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        """The next request may have come along with the last one, as far as it ever will."""
        super().on_response_complete()
        if self.conn.their_state is h11.SEND_BODY:
            self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is awaited any more."""
        self._rest()
        super().connection_lost(exc)

    def _watch(self) -> None:
        if self.transport.get_protocol() is not self or not self._is_arriving():
            self._rest()
        elif self._due is None:
            self._due = self.loop.call_later(self.request_s, self._cut)

    def _is_arriving(self) -> bool:
        return self.conn.their_state in (h11.IDLE, h11.SEND_BODY)

    def _rest(self) -> None:
        if self._due is not None:
            self._due.cancel()
            self._due = None

    def _cut(self) -> None:
        self._due = None
        if self._is_arriving():
            self.transport.abort()
