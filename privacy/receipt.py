"""What an erasure leaves behind: what was found, what was removed, what was found when one looked again.

The player stands in it as a hash: a receipt must not be the last place that knows the name, and whoever has the name
can see that it is theirs.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct

NOT_COVERED: Final = (
    "the player's own machine: the game's file, its spool and whatever it has not sent yet",
    "recordings made with `whitewater record`, exports, and reports of runs: files of whoever made them",
    "fleet-figures: sketches of a few bits of hashes, which name nobody; days in them are forgotten after 35 days",
    "backups, replicas elsewhere and the write-ahead log and dead rows of a PostgreSQL, until it vacuums",
    "what the trial and the bandit learned is counted anew without the player; answers given before stay given",
    "what is played under the same name after this was asked: that is somebody new",
)
BYTES_GONE: Final = (
    "The broker deletes the files of a rewritten log at its next look (log.retention.check.interval.ms, 5 minutes "
    "unless set) and a minute after that from the disk (file.delete.delay.ms); of a compacted log a minute after it "
    "was compacted."
)


class Part(Struct, frozen=True):
    """One partition of a log that was rewritten or compacted."""

    partition: int
    removed: int
    copied: int
    """Records of others that were written again; none where the broker compacts."""
    took_s: float


class Store(Struct, frozen=True):
    """One place where a player was looked for."""

    name: str
    how: str
    found: int
    removed: int
    left: int
    """Found by looking again: what the player still has there. None is what was asked for."""
    parts: tuple[Part, ...] = ()


class Receipt(Struct, frozen=True, kw_only=True):
    """`receipt.json`."""

    player_sha256: str
    asked_at: datetime
    finished_at: datetime
    stores: tuple[Store, ...]
    bytes_gone: str = BYTES_GONE
    not_covered: tuple[str, ...] = NOT_COVERED

    @property
    def left(self) -> int:
        """What is still there, of all stores."""
        return sum(store.left for store in self.stores)


def name_of(player: str) -> str:
    """How a receipt writes a player."""
    return hashlib.sha256(player.encode()).hexdigest()


def lines(receipt: Receipt) -> Sequence[str]:
    """The receipt for a person."""
    width = max(len(store.name) for store in receipt.stores)
    rows = [
        f"{store.name:<{width}}  found {store.found:>6}  removed {store.removed:>6}  left {store.left}  ({store.how})"
        for store in receipt.stores
    ]
    return [*rows, receipt.bytes_gone, *(f"not covered: {each}" for each in receipt.not_covered)]
