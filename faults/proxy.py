"""A TCP proxy whose weather can change: the faults between machines, after the kind of Toxiproxy.

It stands on a port of its own before one upstream port, and carries bytes both ways without looking at them. `Weather`
says how: late (with jitter), slow, silent (a cable pulled: nothing arrives and nobody is told) or down (connections
are reset, new ones too). Order is kept, whatever the jitter.
"""

import asyncio
import random
import struct
from contextlib import suppress
from socket import SO_LINGER, SOL_SOCKET
from typing import Final, Self

from msgspec import Struct

PIECE_BYTES: Final = 16 * 1024
AHEAD: Final = 64
"""Pieces on the way in one direction; then the sender feels it."""
RESET: Final = struct.pack("ii", 1, 0)
HOST: Final = "127.0.0.1"


class Weather(Struct, frozen=True):
    """How a link carries bytes."""

    latency_s: float = 0.0
    jitter_s: float = 0.0
    """Up to so much more, uniformly."""
    bytes_per_s: float | None = None
    """In each direction of each connection; None: as fast as they come."""
    silent: bool = False
    down: bool = False


FAIR: Final = Weather()
_End = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Link:
    """One proxied port; enter it with `async with`."""

    def __init__(self, port: int, upstream: int, seed: int = 0) -> None:
        self.port = port
        self._upstream = upstream
        self._dice = random.Random(seed)
        self._weather = FAIR
        self._speaks = asyncio.Event()
        self._speaks.set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._connected, HOST, self.port)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        self._reset()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def turn(self, weather: Weather) -> None:
        """From now on the link is like this; bytes already under way arrive as they would have."""
        self._weather = weather
        (self._speaks.clear if weather.silent else self._speaks.set)()
        if weather.down:
            self._reset()

    def _reset(self) -> None:
        for writer in tuple(self._writers):
            _abort(writer)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None:
            raise AssertionError
        self._tasks.add(task)
        try:
            await self._serve((reader, writer))
        finally:
            self._tasks.discard(task)

    async def _serve(self, near: _End) -> None:
        if self._weather.down:
            _abort(near[1])
            return
        try:
            far = await asyncio.open_connection(HOST, self._upstream)
        except OSError:
            _abort(near[1])
            return
        self._writers |= {near[1], far[1]}
        ways = [asyncio.create_task(self._carry(*way)) for way in ((near[0], far[1]), (far[0], near[1]))]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            # One end has hung up. What the other still says is carried, but not for ever.
            await asyncio.wait(ways, timeout=1.0)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            for _, writer in (near, far):
                self._writers.discard(writer)
                writer.close()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carries one direction to its end, or until nobody takes anything any more."""
        under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(AHEAD)
        taking_in = asyncio.create_task(self._take_in(reader, under_way))
        try:
            await self._give_out(under_way, writer)
        finally:
            taking_in.cancel()
            await asyncio.wait({taking_in})

    async def _take_in(self, reader: asyncio.StreamReader, under_way: asyncio.Queue[tuple[float, bytes]]) -> None:
        clock, due_s = asyncio.get_running_loop().time, 0.0
        piece = b"-"
        while piece:
            try:
                piece = await reader.read(PIECE_BYTES)
            except OSError:
                piece = b""
            weather = self._weather
            due_s = max(due_s, clock() + weather.latency_s + self._dice.uniform(0.0, weather.jitter_s))
            await under_way.put((due_s, piece))
            if weather.bytes_per_s is not None:
                await asyncio.sleep(len(piece) / weather.bytes_per_s)

    async def _give_out(self, under_way: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter) -> None:
        clock = asyncio.get_running_loop().time
        while True:
            due_s, piece = await under_way.get()
            await asyncio.sleep(max(due_s - clock(), 0.0))
            await self._speaks.wait()
            if not piece or writer.is_closing():
                break
            with suppress(OSError):
                writer.write(piece)
                await writer.drain()
        if not writer.is_closing():
            with suppress(OSError):
                writer.write_eof()


def _abort(writer: asyncio.StreamWriter) -> None:
    """Ends a connection as a crash does: with a reset, and what was on the way is gone."""
    sock = writer.get_extra_info("socket")
    if sock is not None:
        with suppress(OSError):
            sock.setsockopt(SOL_SOCKET, SO_LINGER, RESET)
    writer.transport.abort()
