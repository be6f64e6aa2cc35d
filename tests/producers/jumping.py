"""An event loop whose clock jumps: nobody waits, and a minute of patience is over at once.

Whenever nothing is ready, the loop's time moves to the next timer.
"""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

_T = TypeVar("_T")


class _Jumping(selectors.DefaultSelector):
    now = 0.0

    def select(self, timeout: float | None = None) -> Any:  # noqa: ANN401 - the selector's own type is private
        ready = super().select(0)
        if not ready and timeout:
            self.now += timeout
        return ready


class JumpingLoop(asyncio.SelectorEventLoop):
    """A loop for one test; `run` on it as often as needed."""

    def __init__(self) -> None:
        self._jumping = _Jumping()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.now

    def run(self, work: Coroutine[Any, Any, _T]) -> _T:
        """The result of `work`, at once."""
        return self.run_until_complete(work)


async def moments(seconds: float) -> None:
    """Let the loop's clock run on."""
    await asyncio.wait({asyncio.get_running_loop().create_future()}, timeout=seconds)
