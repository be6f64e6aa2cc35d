"""Tokens from a server, one a player: asked for with the key of the boat, kept until shortly before they expire.

The key was made on the player's machine and is shown to one server only: the first who comes there with a name and a
key has that name from then on. What is in a token is the server's affair.
"""

import asyncio
import ssl
from collections.abc import Callable, Mapping
from time import monotonic
from typing import Annotated, Final

import httpx
from msgspec import DecodeError, Meta, Struct, json

from producers.port import AwayError

TOKENS: Final = "/v1/tokens"
ASK_S: Final = 5.0
EARLY_S: Final = 60.0
"""So long before the end a token is not used any more; clocks differ, and requests take a while."""
KNOWN_PLAYERS: Final = 1_000
REFUSALS: Final[Mapping[int, str]] = {
    httpx.codes.FORBIDDEN: "the name is somebody else's there (choose another with --name), or it wants to be called "
    "by its address",
    httpx.codes.BAD_REQUEST: "the server does not take this name",
}


class RefusedNameError(AwayError):
    """The server will not have this name from this machine, however often it is asked."""


class _Ticket(Struct):
    token: Annotated[str, Meta(pattern=r"^[A-Za-z0-9._~+/=-]+$")]
    """What RFC 6750 lets stand in a header."""
    expires_in: Annotated[int, Meta(ge=1, le=86_400)]


_ticket = json.Decoder(_Ticket)


class Passes:
    """The tokens of one machine's players for one server."""

    def __init__(self, server: str, key: str, *, now_s: Callable[[], float] = monotonic) -> None:
        self.server = server.rstrip("/")
        self._key = key
        self._now_s = now_s
        self._held: dict[str, tuple[str, float]] = {}
        # Made once, because it loads every certificate authority: 20 ms under the interpreter lock, a frame's worth.
        self._trust = ssl.create_default_context() if self.server.startswith("https:") else False
        self._asking = asyncio.Lock()

    def client(self, timeout_s: float) -> httpx.AsyncClient:
        """A client for this server; it lets idle connections go before the server does (after five seconds)."""
        limits = httpx.Limits(keepalive_expiry=4.0)
        return httpx.AsyncClient(timeout=timeout_s, trust_env=False, verify=self._trust, limits=limits)

    async def token(self, player: str) -> str:
        """A token that holds for a while yet. Raises `AwayError` when there is none, `RefusedNameError` for ever."""
        async with self._asking:
            token, until_s = self._held.get(player, ("", 0.0))
            if self._now_s() >= until_s:
                asked_s = self._now_s()
                ticket = await self._ask(player)
                if len(self._held) >= KNOWN_PLAYERS:
                    self._held.clear()
                token = ticket.token
                self._held[player] = token, asked_s + max(ticket.expires_in - EARLY_S, ticket.expires_in / 2)
            return token

    def forget(self, player: str, token: str) -> None:
        """The server did not take this token: the next one is a fresh one."""
        if self._held.get(player, ("", 0.0))[0] == token:
            del self._held[player]

    async def _ask(self, player: str) -> _Ticket:
        try:
            async with self.client(ASK_S) as client:
                answer = await client.post(
                    self.server + TOKENS,
                    content=json.encode({"player": player, "key": self._key}),
                    headers={"Content-Type": "application/json"},
                )
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as fault:
            sentence = f"nobody at {self.server} gives tokens ({type(fault).__name__})"
            raise AwayError(sentence) from fault
        sentence = f"no token from {self.server} for {player!r}: "
        if refused := REFUSALS.get(answer.status_code):
            raise RefusedNameError(sentence + refused)
        if answer.status_code != httpx.codes.OK:
            sentence += f"it answers {answer.status_code}"
            raise AwayError(sentence)
        try:
            return _ticket.decode(answer.content)
        except DecodeError as fault:
            sentence += "its answer makes no sense"
            raise AwayError(sentence) from fault
