"""Readers and onlookers: who is given what, and what happens to the slow ones."""

import pytest

from engagement_api.followers import SLACK, FellBehindError, Followers, Reader
from engagement_api.onlookers import BEHIND, News, Onlookers


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
