"""The real game in a process of its own, headless at 60 frames a second, while the system is hurt.

It is asked for nothing but what anybody may see: its home on disk, where unsent events lie, and the summary it leaves
when it is asked to end. Whether it had 60 frames a second is measured by itself, frame by frame.
"""

import asyncio
import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Final, Self
from uuid import uuid4

import msgspec

from faults.evidence import Sitting
from faults.history import Op
from faults.record import Recorder
from game_client.loop import Summary

LONGEST_S: Final = 3_600.0
ENDS_WITHIN_S: Final = 15.0
PLAY: Final = (
    "import sys; from pathlib import Path; from game_client.__main__ import Options, run; "
    "run(Options(name=sys.argv[1], autopilot=True, seconds=float(sys.argv[2]), out=Path(sys.argv[3])))"
)
DISPLAYS: Final = ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER")


class Game:
    """One sitting at the API's own door; enter it with `async with`, and `end` it before leaving."""

    def __init__(self, api: str, home: Path) -> None:
        self.player = f"g-{uuid4().hex[:12]}"
        self.sitting: Sitting | None = None
        """What it said of itself, once it ended in order."""
        self._home = home
        kept = {name: value for name, value in os.environ.items() if name not in DISPLAYS}
        self._environment = kept | {"WHITEWATER_HOME": str(home), "WHITEWATER_SERVER": api}
        self._began_s = 0.0

    @property
    def held(self) -> int:
        """Bytes of events on the game's disk."""
        sizes = []
        for segment in self._home.glob("spool/*/*.jsonl"):
            with suppress(FileNotFoundError):  # delivered meanwhile
                sizes.append(segment.stat().st_size)
        return sum(sizes)

    async def __aenter__(self) -> Self:
        self._home.mkdir(parents=True, exist_ok=True)
        with (self._home / "game.log").open("wb") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-c", PLAY, self.player, str(LONGEST_S), str(self._home)),
                env=self._environment,
                stdout=log,
                stderr=log,
            )
        self._began_s = time.time()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    async def end(self, recorder: Recorder) -> None:
        """Asks it to end, and enters what it told into the history: acknowledged where nothing is left of it."""
        with suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGTERM)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._process.wait(), ENDS_WITHIN_S)
        with suppress(FileNotFoundError):
            summary = msgspec.json.decode((self._home / "play.json").read_bytes(), type=Summary)
            self.sitting = Sitting(
                self.player,
                summary.frames,
                summary.frame_p99_ms,
                summary.telling_p99_ms,
                summary.dropped,
            )
            for sequence in range(1, summary.events + 1):
                recorder.note(Op("invoke", self._began_s, summary.session, sequence))
                if not self.held:
                    recorder.note(Op("ok", time.time(), summary.session, sequence))
