"""Refused, mended and sent again on a real Kafka, with a real worker, by the command that a person uses."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from contract.events import Event
from contract.failures import Reason
from contract.repair import POLICIES
from failures.ledger import Entry, Wanted
from failures.mend import Step
from failures.replay import replay
from failures.topic import ashore
from tests.system import command
from tests.system.worker_process import caught_up, crowd, kept, messages, replayed, send, until, working

pytestmark = pytest.mark.system
NAME = "amiss"
EVENTS = 40
STRAY = b"amiss-somebody"


class Doors(BaseHTTPRequestHandler):
    """As much of an API as the command asks for: where Kafka is."""

    kafka = ""

    def do_GET(self) -> None:
        """Answer with the doors."""
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"kafka": self.kafka, "river": "ws://127.0.0.1:9/"}).encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(name="server")
def _server(kafka: str) -> Iterator[str]:
    """The address of the doors."""
    Doors.kafka = kafka
    with HTTPServer(("127.0.0.1", 0), Doors) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def spoilt(events: list[Event]) -> list[tuple[bytes | None, bytes]]:
    """A player's events, of which the tenth came under another's name, and the twentieth said that it was 2019."""
    told = messages(events)
    told[9] = (STRAY, told[9][1])
    told[19] = (told[19][0], told[19][1].replace(b'"time":"20', b'"time":"19', 1))
    return told


async def open_entries(kafka: str, player: str) -> list[Entry]:
    """What lies open under a player's key."""
    async with ashore(kafka) as shore:
        return (await shore.ledger(lambda *_: None)).open(Wanted(player=player))


async def again_and_again(kafka: str, entries: list[Entry], policy: str) -> Counter[str]:
    """The same entries replayed twice, as by somebody who was killed before the first time was settled."""
    outcome: Counter[str] = Counter()
    for _ in range(2):
        async with ashore(kafka) as shore:
            outcome += await replay(kafka, shore, entries, [Step(policy, POLICIES[policy])], lambda *_: None)
    return outcome


async def say(home: Path, server: str, *words: str) -> tuple[int, Any]:
    """What `whitewater failed WORDS` answers, as JSON, and its exit code."""
    done = await asyncio.to_thread(command.run, home, "failed", *words, "--server", server, "--json")
    assert "Traceback" not in done.stderr
    return done.returncode, json.loads(done.stdout) if done.stdout else done.stderr


async def test_what_is_replayed_twice_is_folded_once(kafka: str, server: str, tmp_path: Path) -> None:
    """Two of forty events are refused; mended and sent two times each, the player is as if nothing had been amiss."""
    events = crowd(NAME, 1, EVENTS)
    async with working(kafka, tmp_path / "worker.log") as worker:
        await until(lambda: worker.has(8), 30, "the worker ready")
        await send(kafka, spoilt(events))
        await until(lambda: caught_up(kafka), 30, "everything committed")
        (stray,), (late,) = await open_entries(kafka, STRAY.decode()), await open_entries(kafka, f"{NAME}-0")
        assert (stray.reason, late.reason) == (Reason.WRONG_KEY, Reason.TOO_OLD)

        code, said = await say(tmp_path, server, "replay", stray.id, late.id, "--policy", "rekey")
        assert (code, said) == (99, {"dry_run": False, "replayed": 1, "left": 1, "events": 1})
        assert await again_and_again(kafka, [stray], "rekey") == {"replayed": 2, "events": 2}
        assert await again_and_again(kafka, [late], "retime") == {"replayed": 2, "events": 2}
        code, said = await say(tmp_path, server, "list", "--player", f"{NAME}-0")
        assert (code, said["failed"], said["open"], said["settled"]) == (0, 1, 0, 1)
        await until(lambda: caught_up(kafka), 30, "everything committed")
    states = await kept(kafka, NAME)
    assert [(session.events, session.missing) for session in states[f"{NAME}-0"].heard] == [(EVENTS, ())]
    assert states == await replayed(kafka, NAME)
    assert await open_entries(kafka, f"{NAME}-0") == await open_entries(kafka, STRAY.decode()) == []
