"""What every process has to know alike is looked up in the history, again and again.

Redis says when there is something new; with Redis away a process finds it by itself, a little later.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

LOOK_S: Final = 2.0


async def keep_looking(look: Callable[[], Awaitable[None]], every_s: float = LOOK_S) -> None:
    """Look for ever."""
    while True:
        await look()
        await asyncio.sleep(every_s)
