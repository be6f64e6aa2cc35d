"""A word of its own in everything of each player that can carry text, and a search for it in what all others are sent.

Every player plays through Kafka and holds a river of its own, closed, with a token of its own. The words are random, so
one that is found anywhere was carried there.
"""

import asyncio
import json
import random
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Final

import httpx
from msgspec import Struct, structs
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from contract.events import ErrorRaised, Event, SessionStarted
from engagement_api.tokens import Caller, issue, parse_keys
from tests.processors.river import played
from tests.system import api_process as outside
from tests.system.worker_process import WorkerProcess, messages, send, until, working

KEYS: Final = "river-1:forty letters that nobody else would have"
WORD: Final = re.compile(r"canary[0-9a-f]{12}")
EVENTS: Final = 120
PARTITIONS: Final = 8


class Canary(Struct):
    """One player: its word, and what it was sent."""

    word: str
    frames: list[str] = []
    shut: int = 0
    """Times it asked for its neighbour's river and was closed (1008)."""

    @property
    def player(self) -> str:
        """Its name."""
        return f"p-{self.word}"


class Found(Struct):
    """What was looked for, and where."""

    players: int
    frames: int
    own: int
    """Players who were sent their own word: the search finds what is there."""
    looked_for: int
    """Words of others, each in each frame."""
    others: int
    """Of those, found."""
    shut: int
    answers: int
    """Of HTTP, asked by players for themselves, searched likewise."""
    elsewhere: dict[str, int]
    """Words found in metrics, logs and the page's files: of anybody."""


def token(caller: Caller) -> dict[str, str]:
    """The header of a request."""
    return {"Authorization": f"Bearer {issue(parse_keys(KEYS), caller, datetime.now(UTC))}"}


def canaries(players: int, seed: int) -> list[Canary]:
    """Players with a word each."""
    dice = random.Random(seed)
    return [Canary(f"canary{dice.getrandbits(48):012x}") for _ in range(players)]


def woven(birds: list[Canary]) -> list[Event]:
    """A session of each, with its word wherever text may stand."""
    start, dice = datetime.now(UTC) - timedelta(seconds=30), random.Random(1)
    sessions = [
        [_marked(event, bird) for event in played(bird.player, f"s-{bird.word}", EVENTS, start, dice)] for bird in birds
    ]
    return [event for together in zip(*sessions, strict=True) for event in together]


def _marked(event: Event, bird: Canary) -> Event:
    fact = event.data
    match fact:
        case SessionStarted():
            fact = structs.replace(fact, platform=bird.word, build=f"<b>{bird.word}</b>", previous_session=bird.word)
        case ErrorRaised():
            fact = structs.replace(fact, code=bird.word)
        case _:
            pass
    return structs.replace(event, id=f"{bird.word}-{event.sequence}", source=f"/{bird.word}", data=fact)


@asynccontextmanager
async def closed_stack(kafka: str, redis: str, folder: Path) -> AsyncIterator[tuple[outside.Api, WorkerProcess]]:
    """A worker, and an API that is closed; both ready."""
    environment = {
        "WHITEWATER_KAFKA": kafka, "WHITEWATER_REDIS": redis, "WHITEWATER_ACCESS": "closed",
        "WHITEWATER_TOKEN_KEYS": KEYS, "DATABASE_URL": f"sqlite+aiosqlite:///{folder / 'history.db'}",
    }  # fmt: skip
    async with working(kafka, folder / "worker.log") as worker:
        api = await asyncio.to_thread(outside.start, folder, environment, ready=False)
        try:
            await until(lambda: worker.has(PARTITIONS), 40, "the worker ready")
            await until(lambda: listens(api), 30, "the API ready")
            yield api, worker
        finally:
            if api.process.poll() is None:
                api.stop()


async def listens(api: outside.Api) -> bool:
    """Whether it owns every partition; asked with a token, for strangers are not told."""
    async with httpx.AsyncClient() as client:
        try:
            told = (await client.get(f"{api.url}/ready", headers=token(Caller("operator")))).json()
        except httpx.TransportError:
            return False
    return bool(told["ready"]) and len(told["partitions"]) == PARTITIONS


async def let_fly(
    kafka: str, stack: tuple[outside.Api, WorkerProcess], players: int, logs: Mapping[str, Path], *, within_s: float
) -> Found:
    """Play them all, each listening for itself alone, until everybody was answered; then search everything."""
    api, worker = stack
    birds = canaries(players, seed=players)
    told = messages(woven(birds))
    async with asyncio.TaskGroup() as tasks:
        listening = [tasks.create_task(_listen(api, bird)) for bird in birds]
        await asyncio.gather(*(_pry(api, bird, neighbour) for bird, neighbour in pairwise(birds)))
        for at in range(0, len(told), 20 * players):
            await send(kafka, told[at : at + 20 * players])
        await until(lambda: _answered(birds), within_s, "a frame for every player")
        answers = await _ask_for_themselves(api, birds)
        for task in listening:
            task.cancel()
    return await _search(api, worker, birds, answers, logs)


async def _listen(api: outside.Api, bird: Canary) -> None:
    async with connect(api.river, open_timeout=30) as river:
        said = token(Caller("player", bird.player))["Authorization"].removeprefix("Bearer ")
        await river.send(json.dumps({"token": said, "follow": [bird.player]}))
        async for frame in river:
            bird.frames.append(str(frame))


async def _pry(api: outside.Api, bird: Canary, neighbour: Canary) -> None:
    """Ask for a neighbour's river with the own token, in the first message or after it."""
    said = token(Caller("player", bird.player))["Authorization"].removeprefix("Bearer ")
    async with connect(api.river, open_timeout=30) as river:
        await river.send(json.dumps({"token": said, "follow": [bird.player]}))
        await river.send(json.dumps({"follow": [neighbour.player]}))
        try:
            async with asyncio.timeout(20):
                while True:
                    bird.frames.append(str(await river.recv()))
        except ConnectionClosed as closed:
            bird.shut += closed.rcvd is not None and closed.rcvd.code == 1008


async def _answered(birds: list[Canary]) -> bool:
    return all(bird.frames for bird in birds)


async def _ask_for_themselves(api: outside.Api, birds: list[Canary]) -> dict[str, list[str]]:
    """What each is told over HTTP about itself, and for a try about the one beside it (which is nothing)."""
    answers: dict[str, list[str]] = {}
    async with httpx.AsyncClient(base_url=api.url, timeout=30) as client:
        for bird, neighbour in zip(birds, [*birds[1:], birds[0]], strict=True):
            headers = token(Caller("player", bird.player))
            own = [f"/v1/players/{bird.player}/decisions", f"/v1/why?player={bird.player}"]
            foreign = [f"/v1/players/{neighbour.player}", f"/v1/why?player={neighbour.player}", "/v1/players"]
            heard = [await client.get(path, headers=headers) for path in (*own, *foreign)]
            assert [answer.status_code for answer in heard] == [200, 200, 403, 403, 403]
            answers[bird.word] = [answer.text for answer in heard]
    return answers


async def _search(
    api: outside.Api,
    worker: WorkerProcess,
    birds: list[Canary],
    answers: Mapping[str, list[str]],
    logs: Mapping[str, Path],
) -> Found:
    async with httpx.AsyncClient(timeout=30) as client:
        operator = token(Caller("operator"))
        places = {
            "metrics of the API": (await client.get(f"{api.url}/metrics", headers=operator)).text,
            "metrics of the worker": (await client.get(f"http://127.0.0.1:{worker.port}/metrics")).text,
            "the page": (await client.get(api.url)).text,
            "everybody together": (await client.get(f"{api.url}/v1/fleet", headers=operator)).text,
        } | {name: path.read_text() for name, path in logs.items()}
    frames = sum(len(bird.frames) for bird in birds)
    sent = {bird.word: [*bird.frames, *answers[bird.word]] for bird in birds}
    words = {word: [found for text in texts for found in WORD.findall(text)] for word, texts in sent.items()}
    return Found(
        players=len(birds),
        frames=frames,
        own=sum(word in found for word, found in words.items()),
        looked_for=sum(len(texts) for texts in sent.values()) * (len(birds) - 1),
        others=sum(each != word for word, found in words.items() for each in found),
        shut=sum(bird.shut for bird in birds),
        answers=sum(len(texts) for texts in answers.values()),
        elsewhere={name: len(WORD.findall(text)) for name, text in places.items()},
    )
