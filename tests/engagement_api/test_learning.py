"""What the bandit learned is known to every process, survives each of them, and waits while the history is away."""

import asyncio

from contract.codec import encode
from engagement_api.followers import Followers
from engagement_api.judge import Rules
from engagement_api.keep import Keeper
from engagement_api.learning import Learning
from engagement_api.listen import Fetched, Listener
from engagement_api.meters import Meters
from engagement_api.policy.bandit import Posterior
from tests.engagement_api.beliefs import finished
from tests.engagement_api.stores import FakePast, FakePresent, FakeStream
from tests.engagement_api.test_listen import NoSource


class Process:
    """One process under P4 around a shared history."""

    def __init__(self, past: FakePast) -> None:
        meters = Meters()
        self.keeper = Keeper(FakeStream(past), FakePresent(), past, meters)
        rules = Rules("P4")
        self.listener = Listener(NoSource(), FakePresent(), past, self.keeper, Followers(), meters=meters, rules=rules)
        self.learning = Learning(past, self.listener)

    async def play(self, player: str, rounds: int) -> None:
        """A player of this process clears so many rounds, and what was decided is kept."""
        signals = [finished(n, cleared=True, rapid=n, player=player) for n in range(1, rounds + 1)]
        for signal in signals:
            await self.listener.hear(Fetched([encode(signal)], {}), signal.time)

    async def knows(self) -> tuple[int, int]:
        """How many pulls and stays this process decides by, after a look."""
        await self.learning.look()
        posterior = self.listener.rules.posterior
        return sum(posterior.pulls), sum(posterior.stays)


async def kept(*processes: Process) -> None:
    """Let every keeper work until nothing waits."""
    for process in processes:
        working = asyncio.create_task(process.keeper.run())
        await process.keeper.settle()
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)


async def test_several_processes_add_up_and_a_restart_forgets_nothing() -> None:
    """Fourteen rounds each are two pulls and a stay: four and two for both, and for the one that comes after."""
    past = FakePast()
    one, other = Process(past), Process(past)
    await one.play("p-followed", 14)
    await other.play("p-other", 14)
    await kept(one, other)
    assert [await process.knows() for process in (one, other, Process(past))] == [(4, 2)] * 3


async def test_with_the_history_away_what_was_known_goes_on() -> None:
    """Nothing is forgotten because nobody could be asked."""
    past = FakePast()
    one = Process(past)
    one.listener.rules = Rules("P4", posterior=Posterior((5, 5, 5, 5, 5), (1, 2, 3, 4, 5)))
    past.away = True
    assert await one.knows() == (25, 15)
