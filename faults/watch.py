"""Watches a site from outside while it is hurt: what its parts use, what its home holds, and what `/ready` says."""

import asyncio
import time
from contextlib import suppress
from pathlib import Path
from typing import Final, Self

import httpx

from faults.evidence import Process
from faults.history import Ready
from faults.record import Recorder
from faults.site import Site

READY_EVERY_S: Final = 0.1
MEMORY_EVERY_S: Final = 0.5
PATIENCE_S: Final = 1.0
BLOCK: Final = 512


class Watch:
    """One run's; enter it with `async with`."""

    def __init__(self, site: Site, recorder: Recorder) -> None:
        self._site = site
        self._recorder = recorder
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        self._disk_before_mb = await asyncio.to_thread(disk_mb, self._site.home)
        self._before_mb = self._site.memory_mb()
        self._most_mb = dict(self._before_mb)
        self._tasks = [asyncio.create_task(self._look_at_memory()), asyncio.create_task(self._ask_ready())]
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.wait(self._tasks)

    @property
    def parts(self) -> dict[str, Process]:
        """What each part used at the most and at first; the supervisor is this program, and no part."""
        return {
            name: Process(round(most_mb, 1), round(self._before_mb.get(name, most_mb), 1))
            for name, most_mb in self._most_mb.items()
            if name != "supervisor"
        }

    async def disk_grew_mb(self) -> float:
        """What the site's home holds more than at first."""
        return round(await asyncio.to_thread(disk_mb, self._site.home) - self._disk_before_mb, 1)

    async def _look_at_memory(self) -> None:
        while True:
            for name, held_mb in self._site.memory_mb().items():
                self._most_mb[name] = max(held_mb, self._most_mb.get(name, held_mb))
            await asyncio.sleep(MEMORY_EVERY_S)

    async def _ask_ready(self) -> None:
        said: bool | None = None
        async with httpx.AsyncClient(base_url=self._site.api, timeout=PATIENCE_S, trust_env=False) as client:
            while True:
                try:
                    well = (await client.get("/ready")).status_code == httpx.codes.OK
                except httpx.HTTPError:
                    well = False
                if well is not said:
                    said = well
                    self._recorder.note(Ready(time.time(), well))
                await asyncio.sleep(READY_EVERY_S)


def disk_mb(folder: Path) -> float:
    """What lies in `folder`, as the disk counts it: a file with holes is as large as what was written."""
    blocks = 0
    for path in folder.rglob("*"):
        with suppress(OSError):  # gone meanwhile
            blocks += path.lstat().st_blocks
    return blocks * BLOCK / 1e6
