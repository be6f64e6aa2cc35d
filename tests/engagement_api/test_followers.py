"""Readers and onlookers: who is given what, and what happens to the slow ones."""

import asyncio
from collections.abc import Sequence

import pytest

from contract.adaptations import AdaptationDecided
from engagement_api.app import make_app
from engagement_api.followers import SLACK, FellBehindError, Followers, Reader
from engagement_api.onlookers import BEHIND, News, Onlookers
from engagement_api.river import GREETED_AT_ONCE
from tests.engagement_api.asked import follow
from tests.engagement_api.stores import FakePresent, Stores


async def test_a_goal_reaches_those_who_follow_and_nobody_else() -> None:
    """Nobody sees another player's river."""
    followers, mine, other = Followers(), Reader(), Reader()
    followers.follow(mine, ["p-1"])
    followers.follow(other, ["p-2"])
    followers.tell("p-1", 1, "for p-1")
    followers.tell("p-2", 1, "for p-2")
    assert await mine.next_frames() == ["for p-1"]
    assert await other.next_frames() == ["for p-2"]


async def test_a_goal_that_comes_twice_is_given_once() -> None:
    """From this process and from Redis, in any order: only a higher revision is news."""
    followers, reader = Followers(), Reader()
    followers.follow(reader, ["p-1"])
    for revision in (1, 1, 3, 2):
        followers.tell("p-1", revision, f"goal {revision}")
    assert await reader.next_frames() == ["goal 1", "goal 3"]


def test_the_first_and_the_last_follower_are_known() -> None:
    """So that Redis is asked for a channel once, and let go once."""
    followers, one, two = Followers(), Reader(), Reader()
    assert followers.follow(one, ["p-1", "p-2"]) == ["p-1", "p-2"]
    assert followers.follow(two, ["p-2"]) == []
    assert followers.unfollow(one, ["p-1", "p-2"]) == ["p-1"]
    assert followers.unfollow(two, ["p-2", "p-3"]) == ["p-2"]
    assert followers.followed == frozenset()


async def test_a_reader_that_is_not_emptied_has_fallen_behind() -> None:
    """One frame more than may wait: it is queued no longer, and its door is told."""
    reader = Reader()
    reader.follow(["p-1"])
    for revision in range(1, SLACK + 3):
        reader.offer("p-1", revision, "goal")
    with pytest.raises(FellBehindError):
        await reader.behind()
    assert len(await reader.next_frames()) == SLACK + 1


def test_what_is_offered_of_strangers_is_not_queued() -> None:
    """A reader that stopped following hears no more."""
    reader = Reader()
    reader.follow(["p-1"])
    reader.unfollow(["p-1"])
    reader.offer("p-1", 1, "goal")
    assert not reader._waiting


def test_an_onlooker_that_is_too_slow_loses_the_oldest() -> None:
    """A page is never cut and never holds more than its share."""
    onlookers = Onlookers()
    with onlookers.looking() as queue:
        for number in range(BEHIND + 1):
            onlookers.tell("signals", str(number))
        assert queue.qsize() == BEHIND
        assert queue.get_nowait() == News("signals", "1")
    onlookers.tell("signals", "nobody looks")


class _Turns(FakePresent):
    """A present that takes some turns of the loop to answer, and counts who waits for it."""

    def __init__(self) -> None:
        super().__init__()
        self.asking = self.most = 0
        self.order: list[str] = []

    async def goals(self, players: Sequence[str]) -> list[AdaptationDecided]:
        self.asking += 1
        self.most = max(self.most, self.asking)
        self.order += players
        for _ in range(3):
            await asyncio.sleep(0)  # noqa: TID251 - gives way, and waits for nothing
        self.asking -= 1
        return await super().goals(players)


async def test_readers_are_greeted_a_few_at_a_time_and_in_their_turn() -> None:
    """Forty who ask at once are all answered, first come, first served, and eight at a time ask the store."""
    stores, present = Stores(), _Turns()
    stores.live = present
    app = make_app(stores.parts())
    await asyncio.gather(*(follow(app, {"follow": [f"p-{number}"]}) for number in range(40)))
    assert present.most == GREETED_AT_ONCE
    assert present.order == [f"p-{number}" for number in range(40)]
