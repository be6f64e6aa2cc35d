"""The one switch that turns adaptation off for everybody, in every process.

The history is the truth, because a Redis that was flushed must not turn the river's attention on again. Redis only says
when to look; with Redis away a process looks by itself often enough.
"""

import contextlib
import logging
from datetime import UTC, datetime

from msgspec.structs import replace

from engagement_api.listen import Listener
from engagement_api.ports import AWAY, Past, Present

log = logging.getLogger(__name__)


class Switch:
    """The switch as this process knows it."""

    def __init__(self, history: Past, live: Present, listener: Listener) -> None:
        self._history = history
        self._live = live
        self._listener = listener

    def adapting(self) -> bool:
        """How it stands."""
        return self._listener.rules.adapting

    async def look(self) -> None:
        """Do as the history says; with the history away, go on as before."""
        try:
            adapting = await self._history.adapting()
        except AWAY:
            return
        if adapting != self.adapting():
            log.warning("Adaptation is switched %s.", "on" if adapting else "off")
            self._listener.rules = replace(self._listener.rules, adapting=adapting)

    async def turn(self, on: bool) -> None:  # noqa: FBT001 - a switch is on or off
        """Turn it here and everywhere; raises when the history is away, for then it would not last."""
        await self._history.turn(datetime.now(UTC), adapting=on)
        await self.look()
        with contextlib.suppress(*AWAY):
            await self._live.turned()
