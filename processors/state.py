"""A player as bytes and back: what the table, its changelog topic and anybody who reads them hold.

MessagePack, written by position, with the offset up to which the player's partition had been folded. The first number
is the format; the one before is read as well (earlier.py), so that an update loses nobody, and a format this program
does not know is refused by name rather than read as something else.

The derived half of a player (`belief`, when nothing waits) is not written but made again: two copies could differ.
"""

from typing import Final

import msgspec
from msgspec import Struct

from contract.events import AnyEvent
from processors import belief as beliefs
from processors import earlier
from processors.belief import Belief
from processors.life import Life
from processors.player import Player
from processors.signals.apm import Apm
from processors.signals.clock import Clock
from processors.signals.idle_share import Idle
from processors.signals.input_entropy import Actions
from processors.signals.pace import Pace
from processors.window import Heard

APP: Final = "whitewater-processors"
TABLE: Final = "players"
CHANGELOG: Final = f"{APP}-{TABLE}-changelog"
"""The topic whose newest value per key, read by `read`, is what is known about that player."""
FORMAT: Final = 2


class WrongStateError(ValueError):
    """A table value that is no player; the text says what is wrong with it."""


class _Written(Struct, frozen=True, array_like=True):
    format: int
    offset: int
    heard: tuple[Heard, ...]
    forgotten_s: float
    clock: Clock
    apm: Apm
    idle: Idle
    actions: Actions
    pace: Pace
    life: Life
    frontier: int
    waiting: tuple[AnyEvent, ...]  # type: ignore[valid-type]  # a union made at run time


class _Glance(Struct, frozen=True, array_like=True):
    format: int
    offset: int = -1


class Kept(Struct, frozen=True):
    """A player, and the newest offset of the player's partition that was folded into it."""

    player: Player
    offset: int


_encode = msgspec.msgpack.Encoder().encode
_decoder = msgspec.msgpack.Decoder(_Written)
_decoder_of_first = msgspec.msgpack.Decoder(earlier.First)
_glance = msgspec.msgpack.Decoder(_Glance)


def write(player: Player, offset: int) -> bytes:
    """`player`, folded up to and including `offset`, as it is kept."""
    b = player.settled
    written = _Written(
        FORMAT,
        offset,
        player.heard,
        player.forgotten_s,
        b.clock,
        b.apm,
        b.idle,
        b.actions,
        b.pace,
        b.life,
        player.frontier,
        player.waiting,
    )
    return _encode(written)


def read(raw: bytes) -> Player:
    """The player in a table or changelog value. Raises `WrongStateError`."""
    return read_kept(raw).player


def offset_of(raw: bytes) -> int:
    """The offset up to which a value's player is folded, of whichever format; -1 where that cannot be read."""
    try:
        return _glance.decode(raw).offset
    except (msgspec.DecodeError, UnicodeDecodeError):
        return -1


def read_kept(raw: bytes) -> Kept:
    """The player in a table or changelog value, with its offset. Raises `WrongStateError`."""
    try:
        seen = _glance.decode(raw).format
        if seen == earlier.FORMAT:
            first = _decoder_of_first.decode(raw)
            return _whole(first, earlier.belief(first))
        if seen != FORMAT:
            text = f"a player of format {seen}; this program reads format {FORMAT}, and {earlier.FORMAT} before it"
            raise WrongStateError(text)
        at = _decoder.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        text = f"{len(raw)} bytes are no player of format {FORMAT}: {fault}"
        raise WrongStateError(text) from fault
    settled = beliefs.recall(clock=at.clock, apm=at.apm, idle=at.idle, actions=at.actions, pace=at.pace, life=at.life)
    return _whole(at, settled)


def _whole(at: _Written | earlier.First, settled: Belief) -> Kept:
    belief = beliefs.absorb_all(settled, at.waiting)
    return Kept(Player(at.heard, at.forgotten_s, settled, at.frontier, at.waiting, belief), at.offset)
