"""Entries mended and sent again, some at a time: the order in which the parts of this room are used.

It refuses to know who asked. Editors and filters run in a thread of their own, so that a person may think for an hour
without the connection to Kafka going to sleep.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final

from failures.ledger import Entry
from failures.mend import Left, Mended, Refusal, Step, mend, settlement
from failures.topic import Settling, Shore, launching

TOGETHER: Final = 200
"""Entries between two settlements: so many are sent once more, at the most, after a kill."""
Tell = Callable[[Refusal, Mended | Left], None]
Outcome = Counter[str]
"""How many entries were `replayed`, `dropped` or `left`, and how many `events` were sent."""


async def rehearse(shore: Shore, entries: Sequence[Entry], steps: Sequence[Step], tell: Tell) -> Outcome:
    """What `replay` would do, with nothing sent. Raises `AwayError`."""
    outcome: Outcome = Counter()
    async for refusal in shore.whole(entries):
        made = await asyncio.to_thread(mend, refusal, steps, datetime.now(UTC))
        _count(outcome, made)
        tell(refusal, made)
    return outcome


async def replay(kafka: str, shore: Shore, entries: Sequence[Entry], steps: Sequence[Step], tell: Tell) -> Outcome:
    """Mend, send, settle; whatever is still refused stays open. Raises `AwayError`."""
    outcome: Outcome = Counter()
    async with launching(kafka) as launch:
        together: list[Settling] = []
        async for refusal in shore.whole(entries):
            made = await asyncio.to_thread(mend, refusal, steps, datetime.now(UTC))
            if isinstance(made, Mended):
                together.append(Settling(refusal, made.messages, settlement(refusal, datetime.now(UTC), steps, made)))
            if len(together) >= TOGETHER:
                await launch.send(together)
                together = []
            _count(outcome, made)
            tell(refusal, made)
        await launch.send(together)
    return outcome


async def drop(kafka: str, shore: Shore, entries: Sequence[Entry]) -> Outcome:
    """Settle without sending: somebody has looked, and nothing is to come of it. Raises `AwayError`."""
    outcome: Outcome = Counter()
    async with launching(kafka) as launch:
        async for refusal in shore.whole(entries):
            await launch.send([Settling(refusal, (), settlement(refusal, datetime.now(UTC), (), None))])
            outcome["dropped"] += 1
    return outcome


def _count(outcome: Outcome, made: Mended | Left) -> None:
    if isinstance(made, Mended):
        outcome["replayed"] += 1
        outcome["events"] += made.events
    else:
        outcome["left"] += 1
