"""A player as bytes and back: what the table, its changelog topic and anybody who reads them hold.

MessagePack, written by position, with the offset up to which the player's partition had been folded. The first number
is the format; a format this program does not know is refused by name rather than read as something else.

The derived half of a player (`belief`, when nothing waits) is not written but made again: two copies could differ.
"""

from typing import Final, Union

import msgspec
from msgspec import Struct

from contract.events import EVENT_OF, Event
from processors import belief as beliefs
from processors.belief import Belief
from processors.player import Player
from processors.window import Heard

APP: Final = "whitewater-processors"
TABLE: Final = "players"
CHANGELOG: Final = f"{APP}-{TABLE}-changelog"
"""The topic whose newest value per key, read by `read`, is what is known about that player."""
FORMAT: Final = 1


class WrongStateError(ValueError):
    """A table value that is no player; the text says what is wrong with it."""


_AnyEvent = Union[tuple(EVENT_OF.values())]  # type: ignore[valid-type]  # noqa: UP007 - a tuple of classes has no |


class _Written(Struct, frozen=True, array_like=True):
    format: int
    offset: int
    heard: tuple[Heard, ...]
    forgotten_s: float
    settled: Belief
    frontier: int
    waiting: tuple[_AnyEvent, ...]  # type: ignore[valid-type]  # a union made at run time


class Kept(Struct, frozen=True):
    """A player, and the newest offset of the player's partition that was folded into it."""

    player: Player
    offset: int


_encode = msgspec.msgpack.Encoder().encode
_decoder = msgspec.msgpack.Decoder(_Written)


def write(player: Player, offset: int) -> bytes:
    """`player`, folded up to and including `offset`, as it is kept."""
    return _encode(
        _Written(FORMAT, offset, player.heard, player.forgotten_s, player.settled, player.frontier, player.waiting)
    )


def read(raw: bytes) -> Player:
    """The player in a table or changelog value. Raises `WrongStateError`."""
    return read_kept(raw).player


def read_kept(raw: bytes) -> Kept:
    """The player in a table or changelog value, with its offset. Raises `WrongStateError`."""
    try:
        at = _decoder.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        text = f"{len(raw)} bytes are no player of format {FORMAT}: {fault}"
        raise WrongStateError(text) from fault
    if at.format != FORMAT:
        text = f"a player of format {at.format}; this program reads format {FORMAT}"
        raise WrongStateError(text)
    waiting: tuple[Event, ...] = at.waiting
    belief = at.settled
    for event in waiting:
        belief = beliefs.absorb(belief, event)
    return Kept(Player(at.heard, at.forgotten_s, at.settled, at.frontier, waiting, belief), at.offset)
