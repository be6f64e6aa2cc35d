"""`whitewater replay FILE`: a recording, played again into a stack."""

import asyncio
import functools
import secrets
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from math import inf
from pathlib import Path
from typing import Annotated, Final, Literal
from urllib.parse import quote

import msgspec
import typer
from msgspec import Struct
from rich.console import Console

from bots.__main__ import find_doors, until_stopped
from bots.ledger import NobodyThereError
from contract.codec import NEWEST, OLDEST
from recording.file import Contents, Recording, contents, find
from recording.format import BrokenOffError, NotARecordingError
from recording.pacing import ahead_s, paced
from recording.renaming import cut, mark_of, moved
from recording.send import GivenUpError, Leaving, Sent, parcel, send
from whitewater import runs, say, server
from whitewater.manners import DONE, INTERRUPTED, SATURATED, USAGE, FailedError
from whitewater.settings import home

MAX: Final = "max"
LATE_SHARE: Final = 0.01
TELL_S: Final = 5.0


class Plan(Struct, frozen=True, kw_only=True):
    """What was asked for."""

    speed: float
    by: timedelta | None
    """How much later everything happens than it did; None: when it did."""
    salt: str
    """Of the new people's names; empty: the same people."""
    times: int
    kafka: str
    known: tuple[str, ...]
    """Players of whom the target has decided something before."""


class Replayed(Struct, frozen=True, kw_only=True):
    """`summary.json` of a replay."""

    file: str
    speed: float | None
    """None: as fast as it went."""
    copies: int
    salt: str
    offered: int
    acked: int
    late: int
    seconds: float
    events_per_s: float
    known: tuple[str, ...] = ()
    """Some players whom the target knew before: if it was this play, it changed nothing."""


def replay(
    file: Annotated[Path, typer.Argument(help="A recording made by `whitewater record`.")],
    *,
    speed: Annotated[str, typer.Option(help="1 as it was, 10 ten times as fast, max as fast as it goes.")] = "1",
    as_new: Annotated[bool, typer.Option("--as-new", help="By new people: names get a mark behind them.")] = False,
    times: Annotated[int, typer.Option(min=1, max=10_000, help="So many copies side by side, all as new people.")] = 1,
    event_time: Annotated[
        Literal["kept", "now"], typer.Option(help="Events happened when they did, or the first of them now.")
    ] = "kept",
    broken_off: Annotated[bool, typer.Option("--broken-off", help="Replay what is whole of a broken one.")] = False,
    address: Annotated[str | None, typer.Option("--server", help="An engagement API; default: the local one.")] = None,
    own: Annotated[bool, typer.Option("--i-own-this-target", help="Needed for another's stack than this one.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Play a recording again. A stack that has heard its events before knows them, and they change nothing there.

    With --as-new they are other people's: the same signals, but policies that draw by a player's name may decide
    otherwise.
    """
    console = say.console(json=json)
    recording, inside = _opened(file, broken_off=broken_off)
    pace = speed_of(speed)
    by = _by(inside, pace, event_time)
    salt = secrets.token_hex(3) if as_new or times > 1 else ""
    try:
        api = server.target(address, own=own)
        kafka, known = find_doors(api).kafka, () if salt else _known(api, inside.some)
        plan = Plan(speed=pace, by=by, salt=salt, times=times, kafka=kafka, known=known)
        with runs.kept(home(), "replay", datetime.now(UTC)) as kept:
            replayed, stopped = until_stopped(functools.partial(_ride, console, recording, inside, plan))
            say.write(kept.unfinished / "summary.json", msgspec.to_builtins(replayed))
    except (NobodyThereError, GivenUpError) as fault:
        raise FailedError(str(fault)) from fault
    if json:
        say.put(msgspec.to_builtins(replayed))
    else:
        _tell(console, replayed, kept.folder)
    if code := INTERRUPTED if stopped else exit_code(replayed):
        raise typer.Exit(code)


def speed_of(said: str) -> float:
    """`1`, `0.5`, `10x` or `max`. Raises `FailedError`."""
    if said == MAX:
        return inf
    try:
        speed = float(said.removesuffix("x"))
    except ValueError:
        speed = 0.0
    if not 0.0 < speed < inf:
        sentence = f"{said!r} is no speed: write 1, 0.5, 10 or max."
        raise FailedError(sentence, USAGE)
    return speed


def exit_code(replayed: Replayed) -> int:
    """A replay that left late was no replay at that speed."""
    return SATURATED if replayed.late > LATE_SHARE * replayed.offered else DONE


def _opened(file: Path, *, broken_off: bool) -> tuple[Recording, Contents]:
    """The recording and what is inside.

    Raises `FailedError` when it is none, when it is empty, and when it breaks off, if that is not wanted.
    """
    try:
        recording = find(file)
        inside, why = contents(recording.messages())
    except NotARecordingError as fault:
        sentence = f"{file} cannot be replayed: {fault}."
        raise FailedError(sentence, USAGE) from fault
    except OSError as fault:
        sentence = f"The recording {file} cannot be read ({fault.strerror}): name one that is there."
        raise FailedError(sentence, USAGE) from fault
    if why is not None and not broken_off:
        sentence = f"{file} cannot be replayed: {why}. To replay what is whole, say --broken-off."
        raise FailedError(sentence, USAGE)
    if not inside.messages:
        sentence = f"{file} holds no messages: there is nothing to replay."
        raise FailedError(sentence, USAGE)
    return recording, inside


def _by(inside: Contents, speed: float, event_time: Literal["kept", "now"]) -> timedelta | None:
    """How much later events happen than they did. Raises `FailedError` where workers would refuse them all."""
    first, now = datetime.fromtimestamp(inside.first / 1000.0, UTC), datetime.now(UTC)
    if event_time == "kept":
        if now - first > OLDEST:
            sentence = (
                f"The recording is of {first:%Y-%m-%d %H:%M} UTC, and workers refuse what is more than "
                f"{OLDEST.days} days old: say --event-time now."
            )
            raise FailedError(sentence, USAGE)
        return None
    if (ahead := ahead_s(inside.seconds, speed)) > NEWEST.total_seconds():
        sentence = (
            f"At that speed events would say times up to {ahead:.0f} s ahead, and workers refuse more than "
            f"{NEWEST.total_seconds():.0f} s: keep the event time, or choose a lower speed."
        )
        raise FailedError(sentence, USAGE)
    return now - first


def _known(api: str, players: tuple[str, ...]) -> tuple[str, ...]:
    """Those of `players` of whom something was decided there."""

    def decided(player: str) -> bool:
        try:
            return server.ask(api, f"/v1/players/{quote(player, safe='')}/decisions?limit=1") != b"[]"
        except FailedError:  # anything may be a key: what is no name there is nobody whom it knows
            return False

    return tuple(filter(decided, players))


async def _ride(
    console: Console, recording: Recording, inside: Contents, plan: Plan, stop: asyncio.Event
) -> tuple[Replayed, bool]:
    offered, sent = inside.messages * plan.times, Sent()
    told_s = time.monotonic()

    def watch(sent: Sent) -> None:
        nonlocal told_s
        if time.monotonic() - told_s >= TELL_S:
            told_s = time.monotonic()
            console.print(f"{sent.acked} of {offered} messages", style="dim")

    speed = "as fast as it goes" if plan.speed == inf else f"at {plan.speed:g} times its pace"
    whose = f", by new people in {plan.times} copies (mark {plan.salt})" if plan.salt else ""
    console.print(f"{offered} messages, {inside.seconds:.0f} s of play, {speed}{whose}", markup=False)
    if plan.known:
        console.print(
            f"{len(plan.known)} of its first {len(inside.some)} players have played there: what was heard before "
            "changes nothing. --as-new makes it other people's.",
            markup=False,
        )
    await send(plan.kafka, leaving(recording, plan), sent, stop, watch)
    replayed = Replayed(
        file=str(recording.path),
        speed=None if plan.speed == inf else plan.speed,
        copies=plan.times,
        salt=plan.salt,
        offered=offered,
        acked=sent.acked,
        late=sent.late,
        seconds=round(sent.seconds, 3),
        events_per_s=round(sent.acked / sent.seconds, 1) if sent.seconds else 0.0,
        known=plan.known,
    )
    return replayed, stop.is_set()


def leaving(recording: Recording, plan: Plan) -> Iterator[Leaving]:
    """The parcels of every moment, as they are or for each copy."""
    marks = [mark_of(plan.salt, copy) for copy in range(plan.times)]
    pairs = [(mark, mark.encode()) for mark in marks]
    try:
        for due in paced(recording.messages(), plan.speed):
            key, value = due.message.key, due.message.value
            if plan.salt:
                pieces = cut(key, value, plan.by)
                yield Leaving(due.at_s, tuple(parcel(pieces.key + mark, pieces.marked(raw)) for mark, raw in pairs))
            else:
                yield Leaving(due.at_s, (parcel(key, value if plan.by is None else moved(value, plan.by)),))
    except BrokenOffError:
        return  # what is whole was looked at before, and is what was asked for


def _tell(console: Console, replayed: Replayed, folder: Path) -> None:
    console.print(
        f"{replayed.acked} of {replayed.offered} messages taken in {replayed.seconds:.1f} s, "
        f"{replayed.events_per_s:.0f} a second, {replayed.late} late",
        markup=False,
    )
    console.print(f"kept in {folder}", markup=False)
