"""What outlasts a sitting: who the player is, how they like the game, their best runs, how far they got; one JSON file.

Written whole beside the old one and put in its place in one move, so that a crash leaves the old file or the new one.
A file that cannot be read costs one sentence: it is set aside, and the game starts with its defaults.
"""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from contract.envelope import Name
from contract.events import Ordinal
from game_client.scene import ACTIONS, Best, Preferences

FILE: Final = "game.json"
KEY: Final = "game.key"
"""Whoever holds it is, for the servers it was shown to, this machine's player: a file for its owner's eyes alone."""


class Kept(Struct, frozen=True):
    """The file; fields that a newer game wrote are left alone by not being known."""

    player: Name
    """A pseudonym made on this machine; no name, no address."""
    install: Name
    preferences: Preferences = Preferences()
    bests: tuple[Best, ...] = ()
    rapid: Ordinal = 1
    """The one that waits for the next sitting."""
    last_session: Name | None = None


def read_kept(home: Path, fresh: Kept) -> tuple[Kept, str | None]:
    """What was kept in `home`, or `fresh` with the sentence that says why, or `fresh` alone on the first day."""
    path = home / FILE
    try:
        kept = msgspec.json.decode(path.read_bytes(), type=Kept)
    except FileNotFoundError:
        return fresh, None
    except (msgspec.DecodeError, UnicodeDecodeError, OSError) as fault:
        return fresh, _set_aside(path, str(fault))
    if set(kept.preferences.keys) != set(ACTIONS) or not 0.0 <= kept.preferences.volume <= 1.0:
        return fresh, _set_aside(path, "settings that make no sense")
    return kept, None


def _set_aside(path: Path, why: str) -> str:
    aside = path.with_suffix(".damaged")
    with suppress(OSError):  # what cannot even be moved will be written over, which is no worse
        path.replace(aside)
    return f"{path} cannot be read ({why}); it is now {aside.name}, and the game starts with its defaults."


def write_kept(home: Path, kept: Kept) -> str | None:
    """Keep it; a sentence when the disk would not."""
    path = home / FILE
    beside = path.with_suffix(".new")
    try:
        home.mkdir(parents=True, exist_ok=True)
        with beside.open("wb") as file:
            file.write(msgspec.json.format(msgspec.json.encode(kept)))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as fault:
        return f"{path} cannot be written ({fault.strerror}); settings and best runs last for this sitting only."
    return None


def own_key(home: Path, fresh: str) -> str:
    """The key of this machine's boats: the one kept in `home`, or `fresh`, kept from now on (or for this sitting)."""
    path = home / KEY
    beside = path.with_name(f"{KEY}.{os.getpid()}")
    with suppress(OSError):
        home.mkdir(parents=True, exist_ok=True)
        beside.touch(0o600)
        with beside.open("w", encoding="ascii") as file:
            file.write(fresh)
            file.flush()
            os.fsync(file.fileno())  # an empty key after a power cut would be another boat at every sitting
        with suppress(FileExistsError):  # the usual case: it was made on the first day, or by a game beside this one
            os.link(beside, path)
        beside.unlink()
    try:
        return path.read_text("ascii").strip() or fresh
    except (OSError, UnicodeDecodeError):
        return fresh
