"""The door to the API's live stream (server-sent events): beliefs and goals as they happen.

Strange: the stream is for onlookers, who may miss some of it; nothing is ever counted from here.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Final

import httpx
import msgspec

from contract.adaptations import AdaptationDecided
from contract.signals import SignalUpdated
from whitewater.token import Signed

AGAIN_S: Final = 0.5
QUIET_S: Final = 60.0
_beliefs = msgspec.json.Decoder(list[SignalUpdated])
_goals = msgspec.json.Decoder(list[AdaptationDecided])


async def follow(server: str, heard: Callable[[SignalUpdated | AdaptationDecided], None]) -> None:
    """Tells `heard` of everything on the stream of `server`, and asks again whenever it breaks; ends when cancelled."""
    async with httpx.AsyncClient(
        timeout=httpx.Timeout(5.0, read=QUIET_S), trust_env=False, auth=Signed(server)
    ) as client:
        while True:
            try:
                async with client.stream("GET", f"{server}/v1/stream") as stream:
                    async for event, text in events(stream.raise_for_status().aiter_lines()):
                        for news in read(event, text):
                            heard(news)
            except httpx.HTTPError:
                await asyncio.sleep(AGAIN_S)


async def events(lines: AsyncIterator[str]) -> AsyncIterator[tuple[str, str]]:
    """Name and text of each server-sent event."""
    name, text = "", ""
    async for line in lines:
        field, _, value = line.partition(":")
        match field:
            case "event":
                name = value.strip()
            case "data":
                text += value.removeprefix(" ")
            case "":
                if text:
                    yield name, text
                name, text = "", ""
            case _:
                pass


def read(event: str, text: str) -> list[SignalUpdated] | list[AdaptationDecided]:
    """The messages in one event of the stream; none for a name that is not ours."""
    match event:
        case "signals":
            return _beliefs.decode(text)
        case "decisions":
            return _goals.decode(text)
        case _:
            return []
