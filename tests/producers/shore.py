"""A stream for tests: it keeps what it is sent, and can be away, refuse, or be slow."""

import asyncio
from collections.abc import Sequence

from producers.port import AwayError, Parcel


class Shore:
    """A `Stream` that writes down every parcel in the order it came."""

    def __init__(self, *, most: int = 2_000) -> None:
        self.most = most
        self.there = True
        self.takes = 1_000_000
        """It takes so many parcels of a call and returns the rest."""
        self.answers_lost = False
        """It keeps everything and says it took nothing, as a connection that breaks too early does."""
        self.slow_s = 0.0
        self.arrived: list[Parcel] = []
        self.calls: list[int] = []
        self._started = False

    async def start(self) -> None:
        if not self.there:
            fault = "nobody on the shore"
            raise AwayError(fault)
        assert not self._started
        self._started = True

    async def send(self, parcels: Sequence[Parcel]) -> Sequence[Parcel]:
        assert self._started
        assert 0 < len(parcels) <= self.most
        self.calls.append(len(parcels))
        if self.slow_s:
            await asyncio.wait({asyncio.get_running_loop().create_future()}, timeout=self.slow_s)
        if not self.there:
            return parcels
        self.arrived += parcels[: self.takes]
        return parcels if self.answers_lost else parcels[self.takes :]

    async def stop(self) -> None:
        self._started = False

    def sequences(self, player: str) -> list[int]:
        """What arrived of one player, in the order it arrived."""
        return [parcel.sequence for parcel in self.arrived if parcel.player == player]
