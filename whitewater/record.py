"""`whitewater record FILE`: what is played, into a file that can be played again."""

import asyncio
import functools
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from math import inf
from pathlib import Path
from typing import Annotated, Final

import msgspec
import typer
from msgspec import Struct
from rich.console import Console

from bots.__main__ import VERSIONS, find_doors, until_stopped
from bots.ledger import NobodyThereError
from contract.topics import PLAYER_EVENTS
from recording.choice import Choice, chosen
from recording.file import Writer, unfinished
from recording.format import Header
from recording.hear import Ear, SilentError, Span
from whitewater import crowd, runs, say, server
from whitewater.manners import USAGE, FailedError
from whitewater.settings import home

ALL: Final = "all"
LATEST: Final = "latest"
TELL_S: Final = 5.0


class Plan(Struct, frozen=True):
    """What was asked for."""

    file: Path
    kafka: str
    span: Span
    choice: Choice
    what: str
    """In words."""


class Recorded(Struct, frozen=True, kw_only=True):
    """`summary.json` of a recording."""

    file: str
    what: str
    messages: int
    players: int
    left_out: int
    """Without a player as their key."""
    bytes: int
    seconds: float


def record(
    file: Annotated[Path, typer.Argument(help="Where to; compressed by zstd unless it ends in .jsonl.")],
    *,
    duration: Annotated[str | None, typer.Option("--for", help="How long: 60s, 5m; default: until Ctrl-C.")] = None,
    player: Annotated[list[str] | None, typer.Option(help="Only this player; may be given again.")] = None,
    session: Annotated[list[str] | None, typer.Option(help="Only this session; may be given again.")] = None,
    since: Annotated[
        str | None, typer.Option(help="From then until now: 10m (ago), 2026-11-23T17:00:00Z, or all there is.")
    ] = None,
    run: Annotated[str | None, typer.Option(help="What was played during a run: latest, or its folder's name.")] = None,
    address: Annotated[
        str | None, typer.Option("--server", help="The engagement API; default: the local stack's.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Record what is played. A session or player without --for or --since: all that Kafka still has of them.

    Ctrl-C ends it, and the file is whole.
    """
    console = say.console(json=json)
    choice = Choice(frozenset(player or ()), frozenset(session or ()))
    span, words = asked(duration, since, run, named=choice != Choice())
    try:
        kafka = find_doors(server.find(address)).kafka
        with runs.kept(home(), "record", datetime.now(UTC)) as kept:
            plan = Plan(file, kafka, span, choice, f"{choice.words}, {words}")
            recorded = until_stopped(functools.partial(_record, console, plan))
            say.write(kept.unfinished / "summary.json", msgspec.to_builtins(recorded))
    except (NobodyThereError, SilentError) as fault:
        raise FailedError(str(fault)) from fault
    except OSError as fault:
        sentence = f"The recording {file} cannot be written ({fault.strerror or fault}): name another file."
        raise FailedError(sentence, USAGE) from fault
    if json:
        say.put(msgspec.to_builtins(recorded))
    else:
        console.print(
            f"{recorded.messages} messages of {recorded.players} players in {file}, {recorded.bytes} bytes",
            markup=False,
        )


def asked(duration: str | None, since: str | None, run: str | None, *, named: bool) -> tuple[Span, str]:
    """When to begin and when to end, and that in words. Raises `FailedError` for what contradicts itself."""
    if run is not None:
        if duration is not None or since is not None:
            sentence = "A run has its own beginning and end: leave out --for and --since."
            raise FailedError(sentence, USAGE)
        return during(home() / "runs", run)
    if since == ALL and duration is not None:
        sentence = f"--since {ALL} goes on until now: leave out --for, or say since when."
        raise FailedError(sentence, USAGE)
    long_s = None if duration is None else crowd.seconds(duration)
    now = time.time()
    if since is None and (long_s is not None or not named):
        return Span(inf, None if long_s is None else now + long_s), "from now on"
    begin = None if since in (ALL, None) else past(since or "", now)
    end = now if long_s is None else (begin or 0.0) + long_s
    return Span(begin, end), f"since {since or ALL}"


def past(since: str, now: float) -> float:
    """A moment, or a duration before `now`, in POSIX seconds. Raises `FailedError`."""
    try:
        moment = datetime.fromisoformat(since)
    except ValueError:
        return now - crowd.seconds(since)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def during(kept: Path, name: str) -> tuple[Span, str]:
    """From the beginning of a run, which its folder's name says, to when its summary was written.

    The latest is the latest that played: a recording is a run too. Raises `FailedError`.
    """
    played = (folder.name for folder in kept.glob("[0-9]*") if not folder.name.endswith(("-record", "-replay")))
    folder = kept / (max(played, default=name) if name == LATEST else name)
    try:
        end = (folder / "summary.json").stat().st_mtime
        begin = datetime.strptime(folder.name[:15], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    except (OSError, ValueError) as fault:
        sentence = f"There is no run {name} in {kept}: name a folder that is there, or latest."
        raise FailedError(sentence, USAGE) from fault
    return Span(begin.timestamp(), end), f"the run {folder.name}"


async def _record(console: Console, plan: Plan, stop: asyncio.Event) -> Recorded:
    ear = await Ear.open(plan.kafka, plan.span, time.time)
    began_s = time.monotonic()
    try:
        writer = Writer(plan.file, _header(plan, ear.partitions))
        console.print(f"recording {plan.what} into {unfinished(plan.file)}; Ctrl-C ends it", style="dim", markup=False)
        players: set[str] = set()
        tell = _Teller(console)
        try:
            async for heard in ear.messages(stop):
                for message in heard:
                    if (kept := chosen(message, plan.choice)) is not None:
                        writer.write(kept)
                        players.add(kept.key)
                writer.push()
                tell(writer.messages)
        finally:
            size = writer.close()
    finally:
        await ear.close()
    return Recorded(
        file=str(plan.file),
        what=plan.what,
        messages=writer.messages,
        players=len(players),
        left_out=ear.left_out,
        bytes=size,
        seconds=round(time.monotonic() - began_s, 3),
    )


def _header(plan: Plan, partitions: int) -> Header:
    since = None if plan.span.since in (None, inf) else datetime.fromtimestamp(plan.span.since or 0.0, UTC)
    return Header(
        made=datetime.now(UTC),
        what=plan.what,
        source=plan.kafka,
        topic=PLAYER_EVENTS.name,
        partitions=partitions,
        since=since,
        versions={name: version(name) for name in VERSIONS},
    )


class _Teller:
    """Says how far it is, every few seconds."""

    def __init__(self, console: Console) -> None:
        self._say: Callable[[str], None] = functools.partial(console.print, style="dim")
        self._told_s = time.monotonic()

    def __call__(self, messages: int) -> None:
        if time.monotonic() - self._told_s >= TELL_S:
            self._told_s = time.monotonic()
            self._say(f"{messages} messages")
