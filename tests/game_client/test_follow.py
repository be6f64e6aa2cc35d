"""The river's door, against a real WebSocket server in the same loop."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from websockets.asyncio.server import Server, ServerConnection, serve

from contract.adaptations import AdaptationDecided
from game_client.follow import SOCKET_PLAYERS, Following, follow, shared_out
from tests.game_client.decided import frame

WITHIN_S = 5.0
Talk = Callable[[ServerConnection], Awaitable[None]]


@asynccontextmanager
async def _river(talk: Talk, port: int = 0) -> AsyncIterator[tuple[Server, str]]:
    async with serve(talk, "127.0.0.1", port) as server:
        bound = next(iter(server.sockets)).getsockname()[1]
        yield server, f"ws://127.0.0.1:{bound}/v1/river"


@asynccontextmanager
async def _listening(
    url: str,
    players: Following | list[str],
    **more: Any,  # noqa: ANN401 - as follow has them
) -> AsyncIterator[asyncio.Queue[AdaptationDecided]]:
    heard: asyncio.Queue[AdaptationDecided] = asyncio.Queue()
    task = asyncio.create_task(follow(url, players, heard.put_nowait, **more))
    try:
        async with asyncio.timeout(WITHIN_S):
            yield heard
    finally:
        task.cancel()
        await asyncio.wait({task})


async def test_it_says_whom_it_follows_and_hands_on_every_goal_in_order() -> None:
    """Two goals, an old one last: judging is not the wire's business."""

    async def talk(socket: ServerConnection) -> None:
        assert json.loads(await socket.recv()) == {"follow": ["p-1", "p-2"]}
        await socket.send(frame("p-1", 2))
        await socket.send(frame("p-2", 1))
        await socket.send(frame("p-1", 1))
        await socket.wait_closed()

    async with _river(talk) as (_, url), _listening(url, ["p-1", "p-2"]) as heard:
        goals = [await heard.get() for _ in range(3)]
    assert [(goal.subject, goal.data.revision) for goal in goals] == [("p-1", 2), ("p-2", 1), ("p-1", 1)]


async def test_a_frame_that_cannot_be_read_is_one_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    """Text, bytes and half a goal: the good one after them arrives."""

    async def talk(socket: ServerConnection) -> None:
        for nonsense in ("hello", b"\xff\x00", frame("p", 1)[:-9]):
            await socket.send(nonsense)
        await socket.send(frame("p", 7))
        await socket.wait_closed()

    with caplog.at_level(logging.WARNING, logger="game_client"):
        async with _river(talk) as (_, url), _listening(url, ["p"]) as heard:
            assert (await heard.get()).data.revision == 7
    assert [record.getMessage()[:42] for record in caplog.records] == ["a frame from the river could not be read: "] * 3


async def test_a_river_that_goes_away_and_comes_back_is_followed_again(caplog: pytest.LogCaptureFixture) -> None:
    """The server dies and starts on the same port: the same player is named again and hears the present goal."""
    seen: list[bool] = []

    async def talk(socket: ServerConnection) -> None:
        assert json.loads(await socket.recv()) == {"follow": ["p"]}
        await socket.send(frame("p", 1))
        await socket.wait_closed()

    async with _river(talk) as (server, url), _listening(url, ["p"], connected=seen.append) as heard:
        await heard.get()
        port = next(iter(server.sockets)).getsockname()[1]
        server.close()
        await server.wait_closed()
        async with _river(talk, port):
            assert (await heard.get()).data.revision == 1
    assert seen[:2] == [True, False]
    assert seen.count(True) == 2
    assert sum("knocking again" in record.getMessage() for record in caplog.records) <= 2


async def test_nobody_at_the_door_is_one_line_however_often_it_knocks(caplog: pytest.LogCaptureFixture) -> None:
    """The door opens after several knocks."""

    async def talk(socket: ServerConnection) -> None:
        await socket.send(frame("p", 3))
        await socket.wait_closed()

    async with _river(talk) as (server, url):
        port = next(iter(server.sockets)).getsockname()[1]
        server.close()
        await server.wait_closed()
    knocks: list[bool] = []
    knocked = asyncio.Event()

    def knock(there: bool) -> None:  # noqa: FBT001 - the callback's shape
        knocks.append(there)
        if len(knocks) == 2:
            knocked.set()

    async with _listening(url, ["p"], connected=knock) as heard:
        await knocked.wait()
        async with _river(talk, port):
            assert (await heard.get()).data.revision == 3
    assert sum("knocking again" in record.getMessage() for record in caplog.records) == 1


async def test_players_come_and_go_on_one_connection() -> None:
    """One leaves and another comes: one frame says both, and a new connection names those who are there."""
    frames: asyncio.Queue[object] = asyncio.Queue()

    async def talk(socket: ServerConnection) -> None:
        async for text in socket:
            frames.put_nowait(json.loads(text))

    following = Following(["a"])
    async with _river(talk) as (_, url), _listening(url, following):
        assert await frames.get() == {"follow": ["a"]}
        following.replace("a", "b")
        assert await frames.get() == {"unfollow": ["a"], "follow": ["b"]}
    following.restart()
    assert json.loads(await following.news()) == {"follow": ["b"]}


def test_a_large_crowd_is_shared_out_among_connections_in_order() -> None:
    """2,500 players: a thousand, a thousand and 500, for the API closes a connection that follows too many."""
    crowd = [f"p-{number}" for number in range(2 * SOCKET_PLAYERS + 500)]
    shares = [list(following._players) for following in shared_out(crowd)]
    assert list(map(len, shares)) == [SOCKET_PLAYERS, SOCKET_PLAYERS, 500]
    assert [player for share in shares for player in share] == crowd


async def test_what_was_said_before_a_new_connection_is_not_said_twice() -> None:
    """Somebody came while it was away: the new connection names everybody once."""
    following = Following(["a", "c"])
    following.replace("a", "b")
    following.restart()
    assert json.loads(await following.news()) == {"follow": ["c", "b"]}
    assert following._news.empty()


async def test_every_connection_shows_a_token_of_its_own() -> None:
    """The source is asked anew each time, so a token that expired meanwhile is not shown again; none is no reason."""
    said: asyncio.Queue[str] = asyncio.Queue()
    tokens = iter(["first", "second"])

    async def talk(socket: ServerConnection) -> None:
        said.put_nowait(str(await socket.recv()))

    async def token() -> str:
        shown = next(tokens, None)
        if shown is None:
            sentence = "no more tokens"
            raise ConnectionError(sentence)
        return shown

    async with _river(talk) as (_, url), _listening(url, ["p-1"], token=token):
        assert [json.loads(await said.get()) for _ in range(2)] == [
            {"token": "first", "follow": ["p-1"]},
            {"token": "second", "follow": ["p-1"]},
        ]
