"""The whole wire on a real Kafka: the API comes late, goes away and comes back, and the game never notices."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import uuid_utils
from aiokafka import AIOKafkaConsumer
from websockets.sync.server import ServerConnection, serve

from contract.adaptations import AdaptationDecided
from contract.codec import read_event
from contract.events import Event
from contract.topics import PLAYER_EVENTS
from game_client.telemetry import Telemetry
from infra.local import health
from producers.kafka import kafka_emitter
from tests.game_client.decided import frame
from tests.producers.told import told

pytestmark = pytest.mark.system
WITHIN_S = 30.0


@contextmanager
def _api(port: int, river_port: int, kafka: str, revision: int) -> Iterator[None]:
    """What the game needs of an API: the doors, and a river with one goal."""

    class Doors(BaseHTTPRequestHandler):
        """GET /v1/doors."""

        def do_GET(self) -> None:
            """Say where things are."""
            body = json.dumps({"kafka": kafka, "river": f"ws://127.0.0.1:{river_port}/v1/river"}).encode()
            self.send_response(200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the server's name for it
            """Say nothing."""

    def talk(socket: ServerConnection) -> None:
        player = json.loads(socket.recv())["follow"][0]
        socket.send(frame(player, revision))
        for _ in socket:
            pass

    with serve(talk, "127.0.0.1", river_port) as river, ThreadingHTTPServer(("127.0.0.1", port), Doors) as doors:
        threads = [threading.Thread(target=each.serve_forever, daemon=True) for each in (river, doors)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            river.shutdown()
            doors.shutdown()
            for thread in threads:
                thread.join()


def _until(fact: Callable[[], bool]) -> None:
    assert health.wait_until(fact, within_s=WITHIN_S)


def _hear(wire: Telemetry) -> list[AdaptationDecided]:
    heard: list[AdaptationDecided] = []
    _until(lambda: bool(heard.extend(wire.heard()) or heard))
    return heard


async def _arrived(kafka: str, player: str, many: int) -> list[int]:
    found: list[int] = []
    consumer = AIOKafkaConsumer(PLAYER_EVENTS.name, bootstrap_servers=kafka, auto_offset_reset="earliest")
    await consumer.start()
    deadline = time.monotonic() + WITHIN_S
    while len(found) < many and time.monotonic() < deadline:
        for records in (await consumer.getmany(timeout_ms=200)).values():
            # An erased player leaves a record without a value on this topic, in whichever test that was.
            events = [read_event(record.value, datetime.now(UTC)) for record in records if record.value]
            found += [event.sequence for event in events if isinstance(event, Event) and event.subject == player]
    await consumer.stop()
    return found


async def test_the_game_plays_on_while_the_api_comes_goes_and_comes_back(kafka: str, tmp_path: Path) -> None:
    """Events told before, during and after each absence arrive once and in order; every return brings the goal anew."""
    player, port, river_port = f"p-{uuid_utils.uuid4().hex[:12]}", health.any_free_port(), health.any_free_port()
    wire = Telemetry(f"http://127.0.0.1:{port}", player, lambda address: kafka_emitter(address, spool=tmp_path))
    now = datetime.now(UTC)
    told_so_far = 0
    goals: list[AdaptationDecided] = []
    for revision in (1, 2):
        for _ in range(50):
            told_so_far += 1
            wire.tell(told(player, told_so_far, at=now))
        with _api(port, river_port, kafka, revision):
            _until(lambda: wire.link().state == "connected" and wire.link().waiting == 0)
            goals += _hear(wire)
        _until(lambda: wire.link().state == "away")
    told_so_far += 1
    wire.tell(told(player, told_so_far, at=now))
    _until(lambda: wire.link().waiting == 0)
    wire.close()
    assert [goal.data.revision for goal in goals] == [1, 2]
    assert await _arrived(kafka, player, told_so_far) == list(range(1, told_so_far + 1))
