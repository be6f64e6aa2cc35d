"""A site whose worker is broken in three ways, one after the other: `python -m tests.system.faults.mutated_site HOME`.

A process of its own, because a site takes every child of its process for one of its parts. Standard output is what the
checker said of each, as JSON.
"""

import asyncio
import sys
from pathlib import Path

import msgspec
from msgspec.structs import replace

from faults.plan import Mangling, Plan, Step
from faults.run import run
from faults.site import Site
from faults.verdict import Verdict
from infra.local import guard
from tests.system.faults.mutated_worker import MUTATIONS

TWICE = Plan(fault="copies", seed=1, seconds=2.0, players=8, mangling=Mangling(copies=2))
PLAIN = Plan(fault="plain", seed=1, seconds=3.0, players=8)


class Mutated(Site):
    """A site whose one worker can be exchanged for a broken one."""

    async def mutate(self, mutation: str) -> None:
        """From here on the worker is broken in this way."""
        await self.do(Step(0.0, "lose", "worker"))
        command = (sys.executable, "-m", "tests.system.faults.mutated_worker", mutation, str(self.home / "died"))
        self._parts["worker"] = replace(self._parts["worker"], command=command)
        await self.do(Step(0.0, "bring back", "worker"))
        assert await self.await_well()


async def judged(home: Path) -> dict[str, Verdict]:
    """The verdict of a run with each mutation."""
    plans = dict(zip(MUTATIONS, (TWICE, PLAIN, PLAIN), strict=True))
    verdicts = {}
    async with Mutated(home, 1, lambda _: None) as site:
        for mutation, plan in plans.items():
            await site.mutate(mutation)
            verdicts[mutation] = (await run(plan, site))[0].verdict
    return verdicts


if __name__ == "__main__":
    guard.stop_with_owner()
    with guard.guarded():
        sys.stdout.buffer.write(msgspec.json.encode(asyncio.run(judged(Path(sys.argv[1])))))
