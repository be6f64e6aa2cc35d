"""The game's front door: the one file that chooses a real window, a real wire, a real clock and real dice.

Without a display it plays into a hidden window, for as long as it is told, and keeps a picture of the last frame.
"""

import hashlib
import logging
import os
import secrets
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from random import Random, SystemRandom
from typing import Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from uuid_utils import uuid7

from contract.environment import read_settings
from contract.events import AnyFact, ErrorRaised, SessionStarted
from game_client.alone import Alone
from game_client.journal import Journal
from game_client.keep import Kept, own_key, read_kept, write_kept
from game_client.loop import Doors, Summary, Window, Wire, play
from game_client.session import sit_down
from game_client.telemetry import Telemetry
from producers.emitter import Emitter
from producers.gateway import GatewayStream
from producers.kafka import kafka_emitter
from producers.passes import Passes
from producers.port import AwayError
from producers.spool import open_spool

SPOOL: Final = "spool"
REMOTE: Final = "remote-spools"
KEY_BYTES: Final = 32
SUMMARY: Final = "play.json"
PICTURE: Final = "play.png"
DISPLAYS: Final = ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER")

_log = logging.getLogger(__name__)


class Settings(Struct, frozen=True):
    """What may be said about the game before it starts."""

    home: Path = Path(".whitewater")
    """Where the player's settings, best runs and unsent events are kept."""
    server: str = "http://127.0.0.1:8080"
    """The engagement API."""


class Options(Struct, frozen=True, kw_only=True):
    """What `whitewater play` was asked for."""

    alone: bool = False
    server: str | None = None
    """None: as the environment says."""
    gate: bool = False
    """The server is somebody else's: its Kafka cannot be reached, and it wants to know who plays."""
    name: str | None = None
    """The player's pseudonym; None: the one made on this machine."""
    autopilot: bool = False
    seconds: float | None = None
    """None: until the player gets up."""
    out: Path | None = None
    """Where the summary and, without a display, a picture are written."""


class NobodyToPlayError(RuntimeError):
    """There is no display, and nobody but a person was asked to paddle."""


class RealClock:
    """This machine's time."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def seconds(self) -> float:
        return time.perf_counter()

    def rest(self, until: float) -> None:
        if (left_s := until - time.perf_counter()) > 0.0:
            time.sleep(left_s)


def run(options: Options) -> Summary:
    """One sitting, from an open window to a closed one. Raises `NobodyToPlayError` and `WrongSettingError`."""
    settings = read_settings(Settings, os.environ)
    headless = not has_display()
    if headless and not (options.autopilot and options.seconds):
        sentence = "There is no display to play on. Add --autopilot and --seconds to play without one."
        raise NobodyToPlayError(sentence)
    # pygame greets on standard output unless told not to before it is imported, which is here and not above
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    from game_client.screen import Screen  # noqa: PLC0415 - see above

    kept, note = read_kept(settings.home, Kept(player=f"p-{uuid7()}", install=str(uuid7())))
    window = Screen(kept.preferences, headless=headless)
    wire = open_wire(options, settings, options.name or kept.player)
    try:
        summary = _sit(options, settings.home, kept, note, window=window, wire=wire)
        if options.out:
            options.out.mkdir(parents=True, exist_ok=True)
            (options.out / SUMMARY).write_bytes(msgspec.json.format(msgspec.json.encode(summary)) + b"\n")
            if headless:
                window.save(options.out / PICTURE)
    finally:
        wire.close()
        window.close()
    return summary


def _sit(options: Options, home: Path, kept: Kept, note: str | None, *, window: Window, wire: Wire) -> Summary:
    """The sitting itself, with everything real."""
    player, session, autopilot = options.name or kept.player, f"s-{uuid7()}", options.autopilot
    started = SessionStarted(
        platform=sys.platform,
        input_device="autopilot" if autopilot else "keyboard",
        build=version("whitewater"),
        consent=kept.preferences.consent,
        previous_session=None if options.name else kept.last_session,
    )
    opening: tuple[AnyFact, ...] = (started, ErrorRaised("warning", "keep", note[:500])) if note else (started,)
    kept = kept if options.name else replace(kept, last_session=session)
    write_kept(home, kept)
    dice = Random(SystemRandom().getrandbits(64))
    rapid = 1 if options.name else kept.rapid
    sitting = sit_down(
        kept.preferences, kept.bests, dice, autopilot=autopilot, rapid=rapid, link=wire.link(), note=note
    )
    journal = Journal(player, session, f"/whitewater/game/{kept.install}")
    with interruptible() as interrupted:
        doors = Doors(
            window=window,
            wire=wire,
            clock=RealClock(),
            fresh_id=lambda: str(uuid7()),
            keep=lambda preferences, bests, rapid: write_kept(
                home, replace(kept, preferences=preferences, bests=bests, rapid=rapid)
            ),
            interrupted=interrupted,
        )
        return play(sitting, opening, journal, doors, dice, seconds=options.seconds)


def has_display() -> bool:
    """Whether a window could be seen: always on macOS and Windows, else when the environment names a display."""
    if os.environ.get("SDL_VIDEODRIVER") == "dummy":
        return False
    return sys.platform in {"darwin", "win32"} or any(name in os.environ for name in DISPLAYS)


def open_wire(options: Options, settings: Settings, player: str) -> Wire:
    """The wire to the server, or to nobody; it is there at once and finds its way in the background."""
    if options.alone:
        return Alone()
    if options.gate:
        return _remote_wire(options.server or settings.server, settings.home, player)
    spool = settings.home / SPOOL
    return Telemetry(options.server or settings.server, player, lambda address: kafka_emitter(address, spool=spool))


def _remote_wire(server: str, home: Path, player: str) -> Wire:
    """The wire to a server by HTTP; what it has not taken waits apart, so that no other server ever gets it."""
    passes = Passes(server, own_key(home, secrets.token_urlsafe(KEY_BYTES)))
    spool = home / REMOTE / hashlib.sha256(passes.server.encode()).hexdigest()[:16]

    async def token() -> str:
        try:
            return await passes.token(player)
        except AwayError as away:
            raise ConnectionError(str(away)) from away

    return Telemetry(server, player, lambda _: Emitter(GatewayStream(passes, player), open_spool(spool)), token)


@contextmanager
def interruptible() -> Iterator[Callable[[], bool]]:
    """Whether Ctrl-C or a termination has asked the game to end; it ends in order, after the present frame."""
    asked = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield asked.is_set
        return
    signals = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, lambda _number, _frame: asked.set()) for number in signals]
    try:
        yield asked.is_set
    finally:
        for number, handler in zip(signals, before, strict=True):
            signal.signal(number, handler)


if __name__ == "__main__":
    run(Options())
