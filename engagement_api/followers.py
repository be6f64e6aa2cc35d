"""Who is told about whose river: readers, each with a bounded queue, and which players each one follows.

No socket here and no Redis: a reader that is not emptied fast enough has fallen behind, and its door cuts it. A goal
may come twice, from this process and from Redis: the revision decides, and the second one is not sent.
"""

import asyncio
from collections import deque
from collections.abc import Iterable
from typing import Final, NoReturn

SLACK: Final = 2_000
"""Frames a reader may be behind, beyond one for each player it follows: a whole batch may be about one player."""


class FellBehindError(Exception):
    """The other end does not read what it asked for."""


class Reader:
    """One open connection: what waits for it, and the newest revision it was given of each player."""

    def __init__(self) -> None:
        self._waiting: deque[str] = deque()
        self._given: dict[str, int] = {}
        self._news = asyncio.Event()
        self._full = asyncio.Event()

    def follow(self, players: Iterable[str]) -> None:
        """From now on take goals for these; following again asks for the present goal again."""
        self._given.update(dict.fromkeys(players, 0))

    def unfollow(self, players: Iterable[str]) -> None:
        """Take no more goals for these."""
        for player in players:
            self._given.pop(player, None)

    def begin_anew(self, player: str) -> None:
        """Whatever is decided of this player next is news, whichever revision it has."""
        if player in self._given:
            self._given[player] = 0

    @property
    def players(self) -> frozenset[str]:
        """Whom it follows."""
        return frozenset(self._given)

    def offer(self, player: str, revision: int, frame: str) -> None:
        """Queue the goal if it is news; past the bound the reader has fallen behind."""
        if revision <= self._given.get(player, revision):
            return
        if len(self._waiting) >= SLACK + len(self._given):
            self._full.set()
            return
        self._given[player] = revision
        self._waiting.append(frame)
        self._news.set()

    async def next_frames(self) -> list[str]:
        """What waits, as soon as something does."""
        await self._news.wait()
        self._news.clear()
        frames = [*self._waiting]
        self._waiting.clear()
        return frames

    async def behind(self) -> NoReturn:
        """Raises `FellBehindError` once more waits than may wait; until then it does not return."""
        await self._full.wait()
        raise FellBehindError


class Followers:
    """Every reader of this process, by the players it follows."""

    def __init__(self) -> None:
        self._of: dict[str, set[Reader]] = {}

    def follow(self, reader: Reader, players: Iterable[str]) -> list[str]:
        """Follow, and answer which players nobody here followed before."""
        players = list(players)
        reader.follow(players)
        new = [player for player in players if player not in self._of]
        for player in players:
            self._of.setdefault(player, set()).add(reader)
        return new

    def unfollow(self, reader: Reader, players: Iterable[str]) -> list[str]:
        """Stop following, and answer which players nobody here follows any more."""
        players = list(players)
        reader.unfollow(players)
        left = []
        for player in players:
            readers = self._of.get(player, set())
            readers.discard(reader)
            if not readers and self._of.pop(player, None) is not None:
                left.append(player)
        return left

    def tell(self, player: str, revision: int, frame: str) -> None:
        """Offer a goal to everybody who follows the player."""
        for reader in self._of.get(player, ()):
            reader.offer(player, revision, frame)

    def begin_anew(self, player: str) -> None:
        """The player was forgotten: revisions begin with 1 again."""
        for reader in self._of.get(player, ()):
            reader.begin_anew(player)

    @property
    def followed(self) -> frozenset[str]:
        """Everybody whom somebody here follows."""
        return frozenset(self._of)
