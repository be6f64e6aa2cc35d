"""What the API is asked about each player: an answer is taken at its word, and having none just now is no answer."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import httpx
import pytest

from contract.codec import encode
from faults import gather
from tests.faults.sound import ALDER, evidence

PLAYER = ALDER[0]
GOAL = evidence().history[PLAYER][0]
KEPT = (200, b"[" + encode(GOAL) + b"]")


@contextmanager
def api(*answers: tuple[int, bytes]) -> Iterator[str]:
    """An API that gives these answers, one to each request."""
    left = list(answers)

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = left.pop(0)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answers)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert not left


def test_a_store_that_is_away_or_a_limit_is_asked_again() -> None:
    """503 and 429 are no present goal and no missing row: what is said after them counts."""
    present = (200, b'{"goal":' + encode(GOAL) + b"}")
    with api((429, b""), KEPT, (503, b""), (503, b""), present) as where:
        kept, live = asyncio.run(gather.ask(where, [PLAYER]))
    assert kept == {PLAYER: [GOAL]}
    assert live == {PLAYER: GOAL}


def test_a_player_whom_nobody_saw_has_no_present_goal() -> None:
    """404 is the API's word that there is none."""
    with api(KEPT, (404, b"")) as where:
        assert asyncio.run(gather.ask(where, [PLAYER]))[1] == {PLAYER: None}


def test_another_answer_is_a_fault_of_the_api() -> None:
    """A 500 is not taken for a player without a goal."""
    with api(KEPT, (500, b"")) as where, pytest.raises(httpx.HTTPStatusError, match="500"):
        asyncio.run(gather.ask(where, [PLAYER]))
