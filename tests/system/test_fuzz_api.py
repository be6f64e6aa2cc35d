"""Strangers at the sockets of a running API: whatever they say, it answers, and goes on answering everybody else.

schemathesis holds every answer to the OpenAPI document, too. Three things are left out of that, each for a reason:
- a trial that its schema allows may still be refused: its shares must add up to 1, which no JSON Schema can say;
- the `Allow` of an answer to OPTIONS: Litestar makes one OPTIONS for a path from whichever method it saw first;
- what streams: `/v1/stream` and `/v1/river` are not in the document.
"""

import asyncio
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest
from websockets.asyncio.client import connect

from benchmarks.malformed import NO_VALUE_HERE, WHOLE
from benchmarks.strangers import Door, frames, requests, said_first
from tests.system import api_process as outside
from tests.system.test_api import follow, hear

pytestmark = pytest.mark.system

SEED: Final = 6
FRAMES: Final = 400
REQUESTS: Final = 800
POLICY_VIOLATION: Final = 1008
EXAMPLES: Final = 10
LEFT_OUT: Final = """
[checks]
allow_header_conformance.enabled = false

[[operations]]
include-path = "/v1/experiment"
checks.positive_data_acceptance.enabled = false
"""


@pytest.fixture(scope="module", name="api")
def _api(kafka: str, redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[outside.Api]:
    """A running API of this file's own."""
    folder = tmp_path_factory.mktemp("api")
    environment = {
        "WHITEWATER_KAFKA": kafka,
        "WHITEWATER_REDIS": redis_url,
        "DATABASE_URL": f"sqlite+aiosqlite:///{folder / 'history.db'}",
    }
    with outside.running(folder, environment) as api:
        yield api


async def test_whatever_a_stranger_says_first_the_river_goes_on(kafka: str, api: outside.Api) -> None:
    """Nonsense is closed with 1008 and a reason, what makes sense is not closed, and a player beside it is answered."""
    async with connect(api.river) as river, outside.speaking(kafka) as producer:
        await follow(river, "p-beside")
        closed = Counter([await said_first(api.river, frame) for frame in islice(frames(SEED), FRAMES)])
        await outside.say(producer, outside.lost("p-beside", 7, 1))
        assert (await hear(river))["subject"] == "p-beside"
    assert set(closed) == {0, POLICY_VIOLATION}, (closed, api.log.read_text()[-3_000:])
    _unharmed(api)


async def test_whatever_a_stranger_asks_for_is_an_answer(api: outside.Api) -> None:
    """No route fails: what is malformed is the asker's fault (4xx), and the answer says so."""
    place = urlsplit(api.url)
    door = Door(place.hostname or "", place.port or 0)
    answers = Counter[tuple[str, str, int]]()
    for request in islice(requests(SEED, [*WHOLE, *NO_VALUE_HERE]), REQUESTS):
        async with asyncio.timeout(10):
            answers[request.method, request.path, (await door.ask(request)).status] += 1
    door.close()
    assert not [asked for asked in answers if asked[2] >= 500], api.log.read_text()[-3_000:]
    assert {status for _, _, status in answers} >= {200, 400, 404, 405}
    _unharmed(api)


def test_every_answer_is_one_that_the_document_promises(api: outside.Api, tmp_path: Path) -> None:
    """Status, type, headers and body of each, for requests that fit the document and for requests that do not."""
    settings = tmp_path / "schemathesis.toml"
    settings.write_text(LEFT_OUT)
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(settings), "run", f"{api.url}/openapi"]
    options = [
        "--phases",
        "fuzzing",
        "--max-examples",
        str(EXAMPLES),
        "--seed",
        "6",
        "--generation-database",
        "none",
        "--no-color",
    ]
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=False, timeout=60, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    _unharmed(api)


def _unharmed(api: outside.Api) -> None:
    """The same process runs, is ready, and had nothing to be surprised at."""
    assert api.process.poll() is None
    assert outside.is_ready(api)
    assert "Traceback" not in api.log.read_text()
