"""How a refusal is kept: a record of `failed-events`, and how much of what came goes into it.

Its id says where the refused thing was found, so that the same refusal after a crash is seen to be the same. Bytes are
kept as they came. Strange: not always all of them. A broker limits what is sent after compression, so a few compressed
kilobytes may come out as many megabytes, more than any record can hold; a worker that tried to keep those would try
for ever, and fold nothing else. So of a message over 1 MiB the first mebibyte is kept, and of a key over 1 KiB the
first kibibyte: the longest a sound one can be is 256 KiB and 256 bytes (docs/decisions/kept-to-a-mebibyte.md).
"""

from datetime import datetime
from typing import Final, NamedTuple

from contract.codec import Unreadable, encode
from contract.failures import EventFailed, Failure
from contract.topics import PLAYER_EVENTS

SOURCE: Final = "/whitewater/processors"
DETAIL: Final = 500
NAME: Final = 64
KEPT_BYTES: Final = PLAYER_EVENTS.message_bytes
"""As much as the broker takes uncompressed: written in base64 it fits into failed-events, which takes twice of it."""
KEY_BYTES: Final = 1024


class Place(NamedTuple):
    """Where something lay in `player-events`, and its place in an array of events, from 0."""

    partition: int
    offset: int
    position: int


def refusal(
    place: Place, key: bytes | None, why: Unreadable, original: bytes, now: datetime
) -> tuple[bytes | None, bytes]:
    """Key and encoded `event.failed` of what came under `key`, and why it was not taken."""
    detail = why.detail[:DETAIL]
    if len(original) > KEPT_BYTES:
        cut = f"; of {len(original)} bytes the first {KEPT_BYTES} are kept"
        detail = detail[: DETAIL - len(cut)] + cut
    failed = EventFailed(
        id=f"{PLAYER_EVENTS.name}-{place.partition}-{place.offset}-{place.position}",
        source=SOURCE,
        subject=(key or b"").decode(errors="replace")[:NAME] or "unknown",
        time=now,
        data=Failure(
            reason=why.reason,
            detail=detail,
            original=original[:KEPT_BYTES],
            topic=PLAYER_EVENTS.name,
            partition=place.partition,
            offset=place.offset,
            position=place.position,
        ),
    )
    return None if key is None else key[:KEY_BYTES], encode(failed)


def is_a_name(key: bytes | None) -> bool:
    """Whether a player may be called so: 1 to 64 characters of UTF-8 that SQL can keep."""
    try:
        return 0 < len((key or b"").decode()) <= NAME and b"\0" not in (key or b"")
    except UnicodeDecodeError:
        return False
