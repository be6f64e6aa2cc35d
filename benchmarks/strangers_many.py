"""Several strangers at the sockets of one API, and what they were told: see fuzz.py, which sends them.

Six in ten of what they say goes to `POST /v1/events`, with the token of a player of their own; two in ten to any route;
two in ten to the river. What the gate says it accepted is shown to the oracle.
"""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from typing import Final
from urllib.parse import urlsplit

import httpx

from benchmarks import oracle
from benchmarks.malformed import PLAYERS, WHOLE, Malformed, corpus, endless
from benchmarks.strangers import Asked, Door, frames, requests, said_first

MADE: Final = 2_000
STRANGERS: Final = 8
ANSWERS_WITHIN_S: Final = 30.0
RUN: Final = "stranger"
SHOWN: Final = 5


class Visits:
    """What was asked and answered so far."""

    def __init__(self, api: str, seed: int, per_s: float, tokens: dict[str, str]) -> None:
        self._every_s = STRANGERS / per_s
        place = urlsplit(api)
        self._doors = [Door(place.hostname or "", place.port or 0, f"127.0.0.{2 + each}") for each in range(STRANGERS)]
        self._river = api.replace("http", "ws", 1) + "/v1/river"
        self._tokens = tokens
        self._messages: Iterator[Malformed] = endless(corpus(RUN, seed, MADE, datetime.now(UTC)), seed)
        self._requests = requests(seed, WHOLE)
        self._frames = frames(seed)
        self._turn = count()
        self.answers: dict[str, Counter[int]] = {"events": Counter(), "routes": Counter(), "river": Counter()}
        self.events: Counter[str] = Counter()
        self.shown: list[str] = []

    async def go_on(self, tries: int) -> None:
        """So many more, by all of them together, and no faster than they may."""
        await asyncio.gather(*(self._visit(door, tries // STRANGERS) for door in self._doors))

    async def _visit(self, door: Door, tries: int) -> None:
        began = time.monotonic()
        for tried in range(tries):
            await asyncio.sleep(max(began + tried * self._every_s - time.monotonic(), 0.0))
            async with asyncio.timeout(ANSWERS_WITHIN_S):
                match next(self._turn) % 10:
                    case 0 | 1:
                        self.answers["river"][await said_first(self._river, next(self._frames))] += 1
                    case 2 | 3:
                        request = next(self._requests)
                        self._note("routes", request, (await door.ask(request)).status)
                    case _:
                        await self._tell(door, next(self._messages))

    async def _tell(self, door: Door, message: Malformed) -> None:
        player = (message.key or b"").decode(errors="replace")
        player = player if player in self._tokens else next(iter(self._tokens))
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self._tokens[player]}"}
        body = message.value or b""
        heard = await door.ask(request := Asked("POST", "/v1/events", headers, body))
        self._note("events", request, heard.status)
        if heard.status != 200:
            return
        told = oracle.read(body)
        for each in json.loads(heard.body)["events"]:
            self.events[each["reason"] or each["status"]] += 1
            one = told[each["position"]]
            if each["status"] == "accepted" and not (one.fits and one.subject == player):
                self.events["wrongly accepted"] += 1
                self._show(f"wrongly accepted: {body[:500]!r}")

    def _note(self, where: str, request: Asked, status: int) -> None:
        self.answers[where][status] += 1
        if status >= 500:
            self._show(f"{status}: {request.method} {request.path} {dict(request.headers)} {request.body[:300]!r}")

    def _show(self, text: str) -> None:
        if len(self.shown) < SHOWN:
            self.shown.append(text)

    def told(self) -> dict[str, object]:
        """What is reported: by kind of door the answers and how often, and what became of events at the gate."""
        answers = {
            where: {str(code): times for code, times in sorted(found.items())} for where, found in self.answers.items()
        }
        failures = sum(
            times for found in self.answers.values() for code, times in found.items() if code in range(500, 600)
        )
        wrongly = self.events["wrongly accepted"]
        return {
            "tried": sum(found.total() for found in self.answers.values()),
            "answers": answers,
            "failures": failures,
            "events": dict(self.events),
            "harmless_accepted": self.events["accepted"] - wrongly,
            "wrongly_accepted": wrongly,
            "look_at": self.shown,
        }


async def visit(api: str, seed: int, per_s: float) -> Visits:
    """Strangers with a token for each of the names they use, who ask so often a second."""
    tokens: dict[str, str] = {}
    async with httpx.AsyncClient(base_url=api) as client:
        for number in range(PLAYERS):
            player = f"{RUN}-{number}"
            heard = await client.post("/v1/tokens", json={"player": player, "key": f"{number:043d}"})
            heard.raise_for_status()
            tokens[player] = heard.json()["token"]
    return Visits(api, seed, per_s, tokens)
