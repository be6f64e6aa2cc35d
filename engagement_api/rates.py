"""How often one player, or one address, may ask: the library `limits`, with a memory that does not grow.

The library counts fixed windows; its own storage in memory keeps an entry for whoever asked and starts a thread to
sweep them. This one has a fixed number of cells: a name falls into one of them by a hash with a salt of this process.
Two names may share a cell, one time in `CELLS`; nobody outside can choose with whom. An IPv6 address counts as its /64,
because that is what one household has.

Strange: each API process counts for itself, so a player who is spread over three may ask three times as often.
"""

import hashlib
import secrets
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address
from math import ceil
from typing import Final

from limits import RateLimitItem, RateLimitItemPerSecond
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter

CELLS: Final = 16_384
WINDOW_S: Final = 10
PLAYER_REQUESTS: Final = 300
"""In ten seconds with one player's tokens; a game makes about five a second, more after a silence. Ours."""
ADDRESS_REQUESTS: Final = 3_000
"""In ten seconds from one address: a whole class behind one router. Ours."""
ADDRESS_TOKENS: Final = 60
"""New tokens in ten seconds for one address; every game needs one every ten minutes. Ours."""
HOUSEHOLD: Final = 64


class Rates:
    """What everybody asked lately, in windows of ten seconds by the clock `now_s`."""

    def __init__(
        self,
        now_s: Callable[[], float],
        *,
        player: int = PLAYER_REQUESTS,
        address: int = ADDRESS_REQUESTS,
        tokens: int = ADDRESS_TOKENS,
    ) -> None:
        self._now_s = now_s
        self._cells = _Cells(now_s)
        self._limiter = FixedWindowRateLimiter(self._cells)
        self._player = RateLimitItemPerSecond(player, WINDOW_S, namespace="player")
        self._address = RateLimitItemPerSecond(address, WINDOW_S, namespace="address")
        self._tokens = RateLimitItemPerSecond(tokens, WINDOW_S, namespace="tokens")

    def events(self, player: str, address: str) -> int:
        """Count one request with events; 0, or the seconds after which to ask again."""
        return self._hit(self._address, household(address)) or self._hit(self._player, player)

    def tokens(self, address: str) -> int:
        """Count one request for a token; 0, or the seconds after which to ask again."""
        return self._hit(self._tokens, household(address))

    def _hit(self, item: RateLimitItem, who: str) -> int:
        if self._limiter.hit(item, who):
            return 0
        return max(1, ceil(self._limiter.get_window_stats(item, who).reset_time - self._now_s()))


def household(address: str) -> str:
    """What counts as one address: an IPv4 address, or the first 64 bits of an IPv6 one."""
    try:
        number = ip_address(address)
    except ValueError:
        return address
    if isinstance(number, IPv6Address) and number.ipv4_mapped is None:
        return f"{int(number) >> HOUSEHOLD:x}"
    return str(getattr(number, "ipv4_mapped", None) or number)


class _Cells(Storage):
    """Counters with the end of their window, as many as there will ever be."""

    STORAGE_SCHEME: Final = None  # type: ignore[misc] # opened by no URL

    def __init__(self, now_s: Callable[[], float]) -> None:
        super().__init__()
        self._now_s = now_s
        self._salt = secrets.token_bytes(16)
        self._counts = [0] * CELLS
        self._ends_s = [0.0] * CELLS

    @property
    def base_exceptions(self) -> type[Exception]:
        return ValueError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        cell = self._cell(key)
        if self._ends_s[cell] <= (now_s := self._now_s()):
            self._counts[cell], self._ends_s[cell] = 0, now_s + expiry
        self._counts[cell] += amount
        return self._counts[cell]

    def get(self, key: str) -> int:
        cell = self._cell(key)
        return self._counts[cell] if self._ends_s[cell] > self._now_s() else 0

    def get_expiry(self, key: str) -> float:
        return self._ends_s[self._cell(key)]

    def check(self) -> bool:
        return True

    def reset(self) -> int:
        self._counts, self._ends_s = [0] * CELLS, [0.0] * CELLS
        return CELLS

    def clear(self, key: str) -> None:
        self._counts[self._cell(key)] = 0

    def _cell(self, key: str) -> int:
        digest = hashlib.blake2b(key.encode(errors="replace"), digest_size=8, salt=self._salt).digest()
        return int.from_bytes(digest, "big") % CELLS
