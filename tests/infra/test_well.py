"""The health check of the containers: a well part is 0, anything else 1 and a line that says what."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from infra.well import main


class Part(BaseHTTPRequestHandler):
    """A part of the stack that is well at /health and not ready at /ready."""

    def do_GET(self) -> None:
        """Answer 200 or 503."""
        self.send_response(200 if self.path == "/health" else 503)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    """Where such a part answers."""
    with HTTPServer(("127.0.0.1", 0), Part) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_part_that_answers_200_is_well(address: str) -> None:
    """Nothing is said, the exit code is 0."""
    assert main(f"{address}/health") == 0


def test_a_part_that_is_not_ready_is_not_well(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The engine keeps the line for whoever looks at the container."""
    assert main(f"{address}/ready") == 1
    assert capsys.readouterr().err == f"{address}/ready: HTTP Error 503: Service Unavailable\n"


def test_a_part_that_is_not_there_is_not_well(capsys: pytest.CaptureFixture[str]) -> None:
    """Port 9 is nobody's here."""
    assert main("http://127.0.0.1:9/health") == 1
    assert "http://127.0.0.1:9/health: " in capsys.readouterr().err
