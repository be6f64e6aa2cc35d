"""The door to Redis, before a Redis of ten lines on a real socket."""

import asyncio

import uvloop

from engagement_api.live import AT_ONCE, open_redis, open_redis_for_all


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A Redis that takes every command for PING."""
    while said := await reader.read(4096):
        writer.write(b"+PONG\r\n" * said.count(b"*"))
    writer.close()


async def _a_turn() -> None:
    done = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_soon(done.set_result, None)
    await done


async def _ping_across_a_reset() -> None:
    server = await asyncio.start_server(_answer, "127.0.0.1", 0)
    redis = open_redis(f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}/0")
    assert await redis.ping()
    for connection in redis.connection_pool._available_connections:
        connection._writer.transport.abort()
    await _a_turn()  # the transport is closed now, and redis-py does not know
    assert await redis.ping()
    await redis.aclose()
    server.close()


def test_a_connection_that_was_reset_beneath_us_is_made_anew() -> None:
    """For a write to such a one uvloop says RuntimeError where asyncio says OSError; once that ended the whole API."""
    uvloop.run(_ping_across_a_reset())


async def _ask_three_hundred_at_once() -> int:
    connections = 0

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        await _answer(reader, writer)

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    redis = open_redis_for_all(f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}/0")
    assert all(await asyncio.gather(*(redis.ping() for _ in range(300))))
    await redis.aclose()
    server.close()
    return connections


def test_any_number_may_ask_at_once_and_few_connections_answer() -> None:
    """The others wait for one; redis-py's own pool has none for the hundred and first and calls Redis away."""
    assert 0 < uvloop.run(_ask_three_hundred_at_once()) <= AT_ONCE
