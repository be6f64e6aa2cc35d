"""Whether this process can do its work, told truly: each dependency is asked, now, with a bound on its patience."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from msgspec import Struct

from engagement_api.ports import AWAY

PATIENCE_S: Final = 1.5


class Dependency(Struct, frozen=True):
    """One dependency's answer."""

    ready: bool
    detail: str


class Readiness(Struct, frozen=True):
    """Ready when every dependency is."""

    ready: bool
    dependencies: dict[str, Dependency]
    partitions: list[int]
    """Of the beliefs this process listens to now."""
    graph: str
    """What P3 looks up, or why it may not and P2 decides in its stead."""


async def look(pings: Mapping[str, Callable[[], Awaitable[None]]], partitions: list[int], graph: str) -> Readiness:
    """Ask all of them at once."""
    answers = await asyncio.gather(*(_ask(ping) for ping in pings.values()))
    found = dict(zip(pings, answers, strict=True))
    return Readiness(all(answer.ready for answer in answers), found, partitions, graph)


async def _ask(ping: Callable[[], Awaitable[None]]) -> Dependency:
    try:
        await asyncio.wait_for(ping(), PATIENCE_S)
    except TimeoutError:
        return Dependency(ready=False, detail=f"no answer within {PATIENCE_S} s")
    except AWAY as fault:
        return Dependency(ready=False, detail=(str(fault) or type(fault).__name__).splitlines()[0])
    return Dependency(ready=True, detail="answers")
