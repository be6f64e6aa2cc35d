"""Links with weather, on real sockets of the loopback: what is carried, what is held back and what is cut."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from faults.proxy import FAIR, HOST, Link, Weather
from infra.local import health

PATIENCE_S = 5.0
A_MOMENT_S = 0.02
Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Far:
    """A server that keeps what it hears, and answers it backwards at the end."""

    def __init__(self) -> None:
        self.heard = b""
        self.news = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        try:
            while said := await reader.read(65_536):
                self.heard += said
                self.news.set()
            writer.write(self.heard[::-1])
            writer.write_eof()
        except ConnectionError:
            pass
        finally:
            writer.close()

    async def has(self, size: int) -> bytes:
        """What it heard, once it is so much."""
        async with asyncio.timeout(PATIENCE_S):
            while len(self.heard) < size:
                self.news.clear()
                await self.news.wait()
        return self.heard


@asynccontextmanager
async def linked() -> AsyncIterator[tuple[Far, Link]]:
    """A far server and a fair link to it."""
    far = Far()
    server = await asyncio.start_server(far.serve, HOST, 0)
    async with Link(health.any_free_port(), server.sockets[0].getsockname()[1]) as link:
        yield far, link
    server.close()


async def near(link: Link) -> Ends:
    """A connection by the link."""
    return await asyncio.open_connection(HOST, link.port)


async def read_all(reader: asyncio.StreamReader) -> bytes:
    """Everything to the end."""
    return await asyncio.wait_for(reader.read(-1), PATIENCE_S)


async def test_half_a_connection_is_closed_and_the_other_half_answers() -> None:
    """The far end hears everything and its end, and its answer comes back although we say nothing any more."""
    async with linked() as (far, link):
        reader, writer = await near(link)
        writer.write(b"down the river")
        writer.write_eof()
        assert await read_all(reader) == b"revir eht nwod"
        assert far.heard == b"down the river"
        writer.close()


async def test_order_is_kept_whatever_the_jitter() -> None:
    """A hundred pieces, each late by something else, arrive as they were sent."""
    async with linked() as (far, link):
        link.turn(Weather(latency_s=0.001, jitter_s=0.01))
        _, writer = await near(link)
        sent = b""
        for number in range(100):
            piece = f"{number},".encode()
            sent += piece
            writer.write(piece)
            await writer.drain()
        assert await far.has(len(sent)) == sent
        writer.close()


async def test_a_narrow_link_is_not_faster_than_it_is() -> None:
    """Of 64 KB at 800 KB/s the last 16 KB leave no sooner than 60 ms after the first."""
    async with linked() as (far, link):
        link.turn(Weather(bytes_per_s=800_000.0))
        _, writer = await near(link)
        began_s = asyncio.get_running_loop().time()
        writer.write(bytes(64 * 1024))
        await far.has(64 * 1024)
        assert asyncio.get_running_loop().time() - began_s >= 48 * 1024 / 800_000
        writer.close()


async def test_silence_holds_back_what_is_said_and_gives_it_after() -> None:
    """Nobody is told: we may write, and even connect; the far end hears nothing until the link speaks again."""
    async with linked() as (far, link):
        _, writer = await near(link)
        writer.write(b"before ")
        await far.has(7)
        link.turn(Weather(silent=True))
        writer.write(b"after")
        _, late = await near(link)
        held = asyncio.create_task(far.has(12))
        await asyncio.wait({held}, timeout=A_MOMENT_S)
        assert not held.done()
        link.turn(FAIR)
        assert await held == b"before after"
        writer.close()
        late.close()


async def test_a_link_that_is_down_resets_those_who_are_there_and_those_who_come() -> None:
    """Not an end of what is said, which could be mistaken for one that was meant, but a reset."""
    async with linked() as (far, link):
        reader, writer = await near(link)
        writer.write(b"here")
        await far.has(4)
        link.turn(Weather(down=True))
        with pytest.raises(ConnectionResetError):
            await read_all(reader)
        late, late_writer = await near(link)
        with pytest.raises(ConnectionResetError):
            await read_all(late)
        link.turn(FAIR)
        far.heard = b""
        again, writer_again = await near(link)
        writer_again.write(b"ab")
        writer_again.write_eof()
        assert await read_all(again) == b"ba"
        for each in (writer, late_writer, writer_again):
            each.close()


async def test_silence_that_ends_in_a_reset_gives_nothing_after() -> None:
    """What was held back when the connection broke is gone, as on a real wire."""
    async with linked() as (far, link):
        reader, writer = await near(link)
        writer.write(b"here")
        await far.has(4)
        link.turn(Weather(silent=True))
        writer.write(b" and gone")
        await writer.drain()
        link.turn(Weather(down=True))
        with pytest.raises(ConnectionResetError):
            await read_all(reader)
        link.turn(FAIR)
        assert far.heard == b"here"
        writer.close()


async def test_nobody_behind_a_link_is_a_reset() -> None:
    """The proxy's port answers even when the upstream is dead; whoever came must not take that for a server."""
    async with Link(health.any_free_port(), health.any_free_port()) as link:
        reader, writer = await near(link)
        with pytest.raises(ConnectionResetError):
            await read_all(reader)
        writer.close()


async def test_no_task_is_left_behind_a_link_with_open_connections() -> None:
    """In the middle of a silence, with bytes on their way both ways, everything ends with the link."""
    before = asyncio.all_tasks()
    async with linked() as (far, link):
        connections = [await near(link) for _ in range(5)]
        for _, writer in connections:
            writer.write(b"x")
        await far.has(5)
        link.turn(Weather(silent=True))
        for _, writer in connections:
            writer.write(bytes(100_000))
    async with asyncio.timeout(PATIENCE_S):
        while left := asyncio.all_tasks() - before:
            await asyncio.wait(left)
    for reader, writer in connections:
        with pytest.raises(ConnectionResetError):
            await read_all(reader)
        writer.close()
