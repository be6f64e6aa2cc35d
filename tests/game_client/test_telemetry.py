"""The wire: it never blocks, finds its way, and brings both ways what it is given."""

import asyncio
import json
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import ClassVar, Literal, Self

import pytest
from websockets.sync.server import ServerConnection, serve

from contract.adaptations import AdaptationDecided
from contract.events import Event
from game_client.scene import Link
from game_client.telemetry import Telemetry
from producers.outbox import Outbox
from tests.game_client.decided import frame
from tests.producers.told import told

WITHIN_S = 10.0
NOWHERE = "http://127.0.0.1:9"


class Boat:
    """A carrier that asks where to go once, and keeps what it is given."""

    def __init__(self, find: Callable[[], Awaitable[str]], arrived: threading.Event) -> None:
        self.state: Literal["connected", "away"] = "away"
        self.outbox = Outbox()
        self.emitted: list[Event] = []
        self.kafka = ""
        self.closed = False
        self._find = find
        self._arrived = arrived

    def emit(self, event: Event) -> None:
        """Keep it."""
        self.emitted.append(event)
        if len(self.emitted) == 3:
            self._arrived.set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closed = True


class Finder(Boat):
    """A carrier that looks for its way in the background, as the real one does."""

    async def __aenter__(self) -> Self:
        self._finding = asyncio.create_task(self._ask())
        return self

    async def _ask(self) -> None:
        self.kafka = await self._find()
        self.state = "connected"

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._finding.cancel()
        await asyncio.wait({self._finding})


class Doors(BaseHTTPRequestHandler):
    """The API's answer to GET /v1/doors."""

    river: ClassVar[str] = ""

    def do_GET(self) -> None:
        """Say where things are."""
        body = json.dumps({"kafka": "127.0.0.1:1", "river": self.river, "later": "more"}).encode()
        self.send_response(200 if self.path == "/v1/doors" else 404)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the server's name for it
        """Say nothing."""


@contextmanager
def _api(talk: Callable[[ServerConnection], None]) -> Iterator[str]:
    with serve(talk, "127.0.0.1", 0) as river, ThreadingHTTPServer(("127.0.0.1", 0), Doors) as api:
        Doors.river = f"ws://127.0.0.1:{river.socket.getsockname()[1]}"
        threads = [threading.Thread(target=each.serve_forever, daemon=True) for each in (river, api)]
        for thread in threads:
            thread.start()
        try:
            yield f"http://127.0.0.1:{api.server_port}"
        finally:
            river.shutdown()
            api.shutdown()
            for thread in threads:
                thread.join()


class Sea:
    """Makes boats, and remembers them."""

    def __init__(self, kind: type[Boat]) -> None:
        self.arrived = threading.Event()
        self.boats: list[Boat] = []
        self._kind = kind

    def __call__(self, find: Callable[[], Awaitable[str]]) -> Boat:
        self.boats.append(self._kind(find, self.arrived))
        return self.boats[-1]


def test_what_is_told_is_carried_in_order() -> None:
    """Three events told on one thread come out on the other."""
    sea = Sea(Boat)
    wire = Telemetry(NOWHERE, "p", sea)
    events = [told("p", number) for number in (1, 2, 3)]
    for event in events:
        wire.tell(event)
    assert sea.arrived.wait(WITHIN_S)
    wire.close()
    assert sea.boats[0].emitted == events
    assert sea.boats[0].closed


def test_the_doors_are_asked_for_and_a_goal_comes_in() -> None:
    """The API says where Kafka and the river are; the river says a goal; the game hears it once."""

    def talk(socket: ServerConnection) -> None:
        assert json.loads(socket.recv()) == {"follow": ["p"]}
        socket.send(frame("p", 4))
        for _ in socket:
            pass

    sea = Sea(Finder)
    with _api(talk) as server:
        wire = Telemetry(server, "p", sea)
        goals = _hear(wire)
        assert wire.link() == Link("connected", 0, 0)
        wire.close()
    assert [goal.data.revision for goal in goals] == [4]
    assert wire.heard() == []
    assert sea.boats[0].kafka == "127.0.0.1:1"


def _hear(wire: Telemetry) -> list[AdaptationDecided]:
    deadline = time.monotonic() + WITHIN_S
    while not (goals := wire.heard()):
        assert time.monotonic() < deadline
        threading.Event().wait(0.005)
    return goals


def test_with_nobody_there_the_game_goes_on_and_sees_it(caplog: pytest.LogCaptureFixture) -> None:
    """The carrier waits for an address that never comes: the link says away, and closing does not hang."""
    wire = Telemetry(NOWHERE, "p", Sea(Finder))
    for number in range(1, 6):
        wire.tell(told("p", number))
    assert wire.heard() == []
    assert wire.link().state == "away"
    deadline = time.monotonic() + WITHIN_S
    while not caplog.records and time.monotonic() < deadline:
        threading.Event().wait(0.005)
    before = time.monotonic()
    wire.close()
    assert time.monotonic() - before < 2.0
    assert sum("nobody at" in record.getMessage() for record in caplog.records) == 1


def test_given_up_strokes_are_told_to_the_game() -> None:
    """The heartbeat and the screen read them off the link: three strokes and one lost event are four."""
    sea = Sea(Boat)
    wire = Telemetry(NOWHERE, "p", sea)
    for number in (1, 2, 3):
        wire.tell(told("p", number))
    assert sea.arrived.wait(WITHIN_S)
    sea.boats[0].outbox = Outbox(waiting=2, spooled=5, dropped=3, lost=1)
    assert wire.link() == Link("away", 7, 4)
    wire.close()


def test_telling_costs_the_game_microseconds() -> None:
    """Ten thousand events with nobody there: 50 us each would already be a bug (it is about one)."""
    wire = Telemetry(NOWHERE, "p", Sea(Finder))
    event = told("p", 1)
    before = time.perf_counter()
    for _ in range(10_000):
        wire.tell(event)
    each_us = (time.perf_counter() - before) * 100
    wire.close()
    assert each_us < 50


def test_telling_after_closing_is_harmless() -> None:
    """The last frame may still have something to say."""
    wire = Telemetry(NOWHERE, "p", Sea(Boat))
    wire.close()
    wire.tell(told("p", 1))
    wire.close()
