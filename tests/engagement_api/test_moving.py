"""Partitions move: what one process remembers of its players is another's to decide by."""

from contract.codec import encode
from engagement_api.listen import Fetched
from tests.engagement_api.beliefs import belief, finished
from tests.engagement_api.stores import FakePast, FakePresent
from tests.engagement_api.test_listen import Loop


async def test_when_partitions_move_the_states_are_looked_up_anew() -> None:
    """Another process decided meanwhile: its revision counts, not our memory."""
    loop = Loop(FakePresent(), FakePast())
    await loop.hear(belief(1))
    other = Loop(loop.live, loop.history)
    await other.hear(finished(1, cleared=False))
    loop.follow("p-followed")
    loop.listener.forget()
    await loop.hear(finished(2, cleared=False))
    assert await loop.told() == [3]


async def test_a_batch_that_partitions_moved_under_is_judged_whole() -> None:
    """While a stranger is looked up all is forgotten; the one who was known is answered all the same."""
    loop = Loop(FakePresent(), FakePast())
    await loop.hear(belief(1))
    loop.live.asked = loop.listener.forget
    batch = [encode(finished(1, cleared=False)), encode(belief(1, player="p-stranger"))]
    await loop.listener.hear(Fetched(batch, {"partition": 3}), finished(1, cleared=False).time)
    assert loop.live.newest["p-followed"].data.revision == 2
