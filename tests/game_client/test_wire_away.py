"""A real wire to a server that is not there: the game plays as if it were, and nothing is lost."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from random import Random
from time import perf_counter

from game_client.frame import Input
from game_client.journal import Journal
from game_client.loop import play
from game_client.scene import Preferences
from game_client.session import sit_down
from game_client.telemetry import Telemetry
from producers.emitter import Emitter
from producers.kafka import kafka_emitter
from tests.game_client.props import STARTED, LeapingClock, NullWindow

NOBODY = "http://127.0.0.1:1"
"""Port 1 is refused at once everywhere."""


def test_play_goes_on_without_a_server_and_every_event_waits_on_disk(tmp_path: Path) -> None:
    """A minute of frames takes no longer than they take by themselves; what was told is in the spool, in order."""

    def carried(address: Callable[[], Awaitable[str]]) -> Emitter:
        return kafka_emitter(address, spool=tmp_path)

    wire = Telemetry(NOBODY, "p-1", carried)
    dice = Random(1)
    began = perf_counter()
    summary = play(
        sit_down(Preferences(), (), dice, autopilot=True),
        (STARTED,),
        Journal("p-1", "s-1", "/test"),
        window=NullWindow([Input()] * 3_700),
        wire=wire,
        clock=LeapingClock(),
        fresh_id=iter(map(str, range(100_000))).__next__,
        dice=dice,
        seconds=60.0,
    )
    took_s = perf_counter() - began
    wire.close()
    assert took_s < 20.0
    assert summary.link == "away"
    lines = [line for path in sorted(tmp_path.rglob("*")) if path.is_file() for line in path.read_bytes().splitlines()]
    assert sum(line.startswith(b"{") for line in lines) == summary.events
