"""A game on a river elsewhere: by HTTP to a real API, which is killed while it plays; and requests that never end."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import msgspec
import pytest
import uuid_utils
from litestar import Litestar, post
from litestar.params import JSONBody
from uvicorn import Config, Server

from contract.events import AdaptationApplied, Event
from engagement_api.prompt import PromptProtocol
from engagement_api.tokens import Caller, Key, issue
from game_client.keep import KEY
from game_client.loop import Summary
from tests.system.api_process import Api, lost, readiness, say, speaking, start, until
from tests.system.ashore import log_of

pytestmark = pytest.mark.system
KEYS = (Key("k1", "r" * 43),)
PLAY = (
    "import sys; from pathlib import Path; from game_client.__main__ import Options, run; "
    "run(Options(server=sys.argv[1], gate=True, name=sys.argv[2], autopilot=True, seconds=90.0, "
    "out=Path(sys.argv[3])))"
)


@pytest.fixture
def surroundings(kafka: str, redis_url: str, tmp_path: Path) -> dict[str, str]:
    """Where a closed river's API finds everything, and the key it signs with."""
    return {
        "WHITEWATER_KAFKA": kafka,
        "WHITEWATER_REDIS": redis_url,
        "DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path}/boats.db",
        "WHITEWATER_ACCESS": "closed",
        "WHITEWATER_TOKEN_KEYS": f"{KEYS[0].kid}:{KEYS[0].secret}",
    }


@pytest.fixture
def api(surroundings: dict[str, str], tmp_path: Path) -> Iterator[Api]:
    """The river elsewhere; to a stranger it says that it is ready and no more."""
    api = start(tmp_path, surroundings, ready=False)
    until(lambda: readiness(api).get("ready"), 30.0, api)
    yield api
    if api.process.poll() is None:
        api.stop()


def accepted(api: Api) -> bool:
    """Whether the operator is told that events came in through the gate, since this process began."""
    token = issue(KEYS, Caller("operator"), datetime.now(UTC))
    try:
        said = httpx.get(api.url + "/metrics", headers={"Authorization": f"Bearer {token}"}, timeout=5).text
    except httpx.TransportError:
        return False
    return 'whitewater_gate_events_total{outcome="accepted"}' in said


def again(api: Api, surroundings: dict[str, str]) -> None:
    """Start it once more where it was."""
    environ = {**os.environ, **surroundings, "WHITEWATER_API_PORT": str(urlsplit(api.url).port)}
    with api.log.open("ab") as out:
        api.process = subprocess.Popen([sys.executable, "-m", "engagement_api"], env=environ, stdout=out, stderr=out)


async def told_by(kafka: str, player: str) -> list[Event]:
    """What the log has of this player, in its order: one player, one partition."""
    return [each for events in (await log_of(kafka, {player})).values() for each in events]


async def adapted(kafka: str, player: str) -> None:
    """Wait until the log says that this player's river was adapted."""
    async with asyncio.timeout(60.0):
        while not any(isinstance(each.data, AdaptationApplied) for each in await told_by(kafka, player)):  # noqa: ASYNC110 - another process tells it
            await asyncio.sleep(0.2)


async def test_a_game_elsewhere_is_answered_and_loses_nothing(
    api: Api, surroundings: dict[str, str], kafka: str, tmp_path: Path
) -> None:
    """The API is killed in the middle: every event arrives in order, no frame waits, and its river is adapted."""
    player, home, out = f"p-{uuid_utils.uuid7()}", tmp_path / "home", tmp_path / "out"
    displays = {"DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER"}
    environ = {name: value for name, value in os.environ.items() if name not in displays}
    with (tmp_path / "game.log").open("wb") as log:
        game = subprocess.Popen(  # noqa: ASYNC220 - it takes a millisecond
            [sys.executable, "-c", PLAY, api.url, player, str(out)],
            env=environ | {"WHITEWATER_HOME": str(home)},
            stdout=log,
            stderr=log,
        )
    try:
        async with speaking(kafka) as producer:
            await asyncio.to_thread(until, lambda: accepted(api), 30.0, api)
            await say(producer, lost(player, 1, 1))
            await adapted(kafka, player)  # before the kill: its heir waits for the dead one's partitions
        api.kill()
        again(api, surroundings)
        await asyncio.to_thread(until, lambda: accepted(api), 30.0, api)
        game.send_signal(signal.SIGINT)
        assert await asyncio.to_thread(game.wait, 40) == 0, (tmp_path / "game.log").read_text()
    finally:
        game.kill()
        game.wait()
    summary = msgspec.json.decode((out / "play.json").read_bytes(), type=Summary)
    events = await told_by(kafka, player)
    first = {event.sequence: event for event in reversed(events)}
    assert all(first[event.sequence] == event for event in events), "a repeat is a copy"
    order = [*dict.fromkeys(event.sequence for event in events)]
    assert order == sorted(order)
    spooled = [line for path in home.glob("remote-spools/**/*.jsonl") for line in path.read_bytes().splitlines()]
    kept = {json.loads(line)["sequence"] for line in spooled}
    assert sorted({*first, *kept}) == list(range(1, summary.events + 1))
    assert (home / KEY).stat().st_mode & 0o777 == 0o600
    assert summary.telling_p99_ms < 50.0, "a frame waited for the server"


class Hurried(PromptProtocol):
    """The same protocol with less patience."""

    request_s = 0.3


@post("/", status_code=200)
async def whole(data: JSONBody[dict[str, int]]) -> dict[str, int]:
    """What came."""
    return data


HEAD = b"POST / HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n"
WHOLE = HEAD + b'{"a":1}'


@pytest.mark.parametrize("begun", [b"", HEAD[:20], HEAD, HEAD + b'{"a":', WHOLE + HEAD])
async def test_a_request_that_never_ends_is_cut(begun: bytes) -> None:
    """Nothing at all, half a head, no body, half a body; and no body behind a whole request that came along with it."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        server = Server(Config(Litestar([whole], openapi_config=None), http=Hurried, lifespan="off", log_config=None))
        serving = asyncio.create_task(server.serve(sockets=[door]))
        reader, writer = await asyncio.open_connection(*door.getsockname())
        writer.write(begun)
        answer = b""
        async with asyncio.timeout(4.0):  # idle connections are let go by uvicorn itself after five seconds
            with suppress(ConnectionResetError):
                while more := await reader.read(1024):
                    answer += more
        writer.close()
        server.should_exit = True
        await serving
    assert answer.count(b"HTTP/1.1 200") == begun.count(WHOLE)
