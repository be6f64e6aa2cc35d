"""The HTTP door: parcels become requests to a server's `POST /v1/events`, for players who do not reach its Kafka.

One request at a time, in order, each of one player, because a token speaks for one. What the server answers decides:
an event it accepted or refused is settled (refused ones it has kept, and they would be refused again); everything else
is returned, from the first request that failed on, and comes again in the same order. A request whose answer was lost
may arrive twice; the sequence in every event makes that harmless.

| answer | what is done |
| --- | --- |
| 200 | each event is settled, as its own answer says |
| 401 | a fresh token, once; then all is returned |
| 413 | half as many at a time; a single event that is too large is settled as refused |
| 429, 503 | wait as long as `Retry-After` says, then all is returned |
| anything else, or none | all is returned |

A name that is somebody else's there is given up when another plays: what was played under it waits in front of all that
comes after, and no token for it will ever be had on this machine.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import Final

import httpx
from msgspec import DecodeError, Struct, json

from contract.codec import MESSAGE_BYTES, MESSAGE_EVENTS
from producers.passes import Passes, RefusedNameError
from producers.port import AwayError, Parcel

EVENTS: Final = "/v1/events"
PATIENCE_S: Final = 10.0
"""More than the server's own with Kafka."""
LONGEST_WAIT_S: Final = 30.0
"""Whatever a server says."""
TOO_LARGE: Final = "too_large"
NAME: Final = "name_refused"
_log = logging.getLogger(__name__)


class _Verdict(Struct):
    status: str
    reason: str | None = None
    detail: str = ""


class _Verdicts(Struct):
    events: list[_Verdict]


_verdicts = json.Decoder(_Verdicts)


class GatewayStream:
    """A server's gate, as a `producers.port.Stream`."""

    most = MESSAGE_EVENTS

    def __init__(self, passes: Passes, player: str) -> None:
        """`player` is whoever plays now; the spool may hold events of others, too."""
        self._passes = passes
        self._player = player
        self._client: httpx.AsyncClient | None = None
        self.refused: Counter[str] = Counter()
        """Events the server refused, by reason: they are settled, and told here."""

    async def start(self) -> None:
        await self._passes.token(self._player)
        self._client = self._passes.client(PATIENCE_S)

    async def send(self, parcels: Sequence[Parcel]) -> Sequence[Parcel]:
        """Deliver in requests of one player each, and stop at the first that was not taken."""
        done = 0
        for player, run in groupby(parcels, key=lambda parcel: parcel.player):
            for request in _requests([*run]):
                if left := await self._carry(player, request):
                    return [*left, *parcels[done + len(request) :]]
                done += len(request)
        return []

    async def stop(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def _carry(self, player: str, parcels: list[Parcel]) -> list[Parcel]:
        """Settle these, or return what is not settled."""
        try:
            answer = await self._post(player, parcels)
            if answer.status_code == httpx.codes.OK:
                return self._settle(parcels, _verdicts.decode(answer.content).events)
        except RefusedNameError as refused:
            if player == self._player:
                return parcels
            for _ in parcels:
                self._note(NAME, str(refused))
            return []
        except (httpx.HTTPError, httpx.InvalidURL, AwayError, DecodeError, OSError):
            return parcels
        if answer.status_code == httpx.codes.REQUEST_ENTITY_TOO_LARGE:
            return await self._halve(player, parcels)
        if answer.status_code in (httpx.codes.TOO_MANY_REQUESTS, httpx.codes.SERVICE_UNAVAILABLE):
            await asyncio.sleep(_wait_s(answer.headers.get("retry-after", "")))
        return parcels

    async def _post(self, player: str, parcels: Sequence[Parcel]) -> httpx.Response:
        """The answer to these; one 401 is answered with a fresh token."""
        client = self._client
        if client is None:
            raise AssertionError
        body = b"[" + b",".join(parcel.value for parcel in parcels) + b"]"
        token = await self._passes.token(player)
        for _ in range(2):
            answer = await client.post(
                self._passes.server + EVENTS,
                content=body,
                headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
            )
            if answer.status_code != httpx.codes.UNAUTHORIZED:
                break
            self._passes.forget(player, token)
            token = await self._passes.token(player)
        return answer

    async def _halve(self, player: str, parcels: list[Parcel]) -> list[Parcel]:
        if len(parcels) == 1:
            self._note(TOO_LARGE, "")
            return []
        middle = len(parcels) // 2
        if left := await self._carry(player, parcels[:middle]):
            return [*left, *parcels[middle:]]
        return await self._carry(player, parcels[middle:])

    def _settle(self, parcels: list[Parcel], verdicts: list[_Verdict]) -> list[Parcel]:
        """All are settled when there is an answer for each; otherwise nobody knows for which."""
        if len(verdicts) != len(parcels):
            return parcels
        for verdict in verdicts:
            if verdict.status != "accepted":
                self._note(verdict.reason or "unknown", verdict.detail)
        return []

    def _note(self, reason: str, detail: str) -> None:
        self.refused[reason] += 1
        if self.refused[reason] == 1:
            _log.warning("%s refuses events (%s: %s); play goes on", self._passes.server, reason, detail)


def _requests(parcels: list[Parcel]) -> list[list[Parcel]]:
    """The same in order, in as few requests as the limits of a message allow."""
    requests: list[list[Parcel]] = []
    room = 0
    for parcel in parcels:
        size = len(parcel.value) + 1
        if not requests or size > room or len(requests[-1]) == MESSAGE_EVENTS:
            requests.append([])
            room = MESSAGE_BYTES - 1
        requests[-1].append(parcel)
        room -= size
    return requests


def _wait_s(said: str) -> float:
    """The seconds a server asks for; one when it says nothing that can be read."""
    try:
        return min(max(0.0, float(said)), LONGEST_WAIT_S)  # in this order what is no number at all (NaN) is 0
    except ValueError:
        return 1.0
