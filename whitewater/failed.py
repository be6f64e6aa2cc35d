"""`whitewater failed list | show | replay | drop`: what was refused, why, and sent again once it is mended."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final, TypeVar

import typer
from rich.console import Console

from bots.__main__ import find_doors
from bots.ledger import NobodyThereError
from contract.failures import Reason
from contract.repair import POLICIES
from failures.ledger import Entry, Ledger, Wanted
from failures.mapping import NoFilterError, mapped
from failures.mend import Left, Mended, Refusal, Step
from failures.replay import Outcome, drop, rehearse, replay
from failures.topic import AwayError, Shore, ashore
from whitewater import failed_words as words
from whitewater import say, server
from whitewater.editing import edited
from whitewater.manners import THRESHOLD, USAGE, FailedError
from whitewater.record import past

SHOWN: Final = 20
"""Entries of which a replay shows what became."""
_T = TypeVar("_T")
Server = Annotated[str | None, typer.Option("--server", help="The engagement API; default: the local stack's.")]
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
Ids = Annotated[list[str] | None, typer.Argument(metavar="ID", help="Entries, as `list` names them.")]
Looked = Annotated[list[str], typer.Argument(metavar="ID", help="Entries, as `list` names them.")]
Why = Annotated[Reason | None, typer.Option("--reason", help="Only what was refused for it.")]
Since = Annotated[str | None, typer.Option(help="Only from then on: 10m (ago), 2026-11-23T17:00:00Z.")]
Player = Annotated[str | None, typer.Option(help="Only what came with this player's key.")]
Every = Annotated[bool, typer.Option("--all", help="Every open entry.")]
Policies = Annotated[
    list[str] | None, typer.Option(metavar="POLICY", help=f"{', '.join(POLICIES)}; again for one after another.")
]
Filter = Annotated[
    Path | None, typer.Option("--map", metavar="FILE", help="A jq filter from the message to the mended one.")
]
Editor = Annotated[bool, typer.Option("--editor", help="Mend each in $EDITOR.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show before and after, and send nothing.")]
failed = typer.Typer(help="What was refused and kept: look at it, mend it, send it again.", no_args_is_help=True)


@failed.command("list")
def list_(
    *,
    reason: Why = None,
    since: Since = None,
    player: Player = None,
    newest: Annotated[int, typer.Option(min=0, max=1_000, help="How many open entries are shown.")] = 10,
    address: Server = None,
    json: Json = False,
) -> None:
    """How many were refused, by reason, and the newest that are open."""
    console, wanted = say.console(json=json), _wanted(reason, since, player)

    async def look(shore: Shore) -> None:
        ledger = await shore.ledger(_reading(console))
        entries = ledger.open(wanted)[:newest]
        refusals = [refusal async for refusal in shore.whole(entries)]
        refusals.sort(key=lambda refusal: (refusal.told.time, refusal.told.id), reverse=True)
        if json:
            say.put(words.listed(ledger, wanted, refusals))
        else:
            for part in words.overview(ledger, wanted, refusals):
                console.print(part)

    _ashore(_kafka(address), look)


@failed.command()
def show(
    entry: Annotated[str, typer.Argument(metavar="ID", help="An entry, as `list` names it.")],
    *,
    address: Server = None,
    json: Json = False,
) -> None:
    """One entry: its reason, where it lay, what became of it, and its bytes, harmless to a terminal."""
    console = say.console(json=json)

    async def look(shore: Shore) -> None:
        ledger = await shore.ledger(_reading(console))
        (chosen,) = _named(ledger, [entry])
        async for refusal in shore.whole([chosen]):
            if json:
                say.put(words.as_json(refusal, ledger.settled.get(entry)))
            else:
                console.print(words.entry(refusal, ledger.settled.get(entry)), markup=False)

    _ashore(_kafka(address), look)


@failed.command("replay")
def replay_(
    ids: Ids = None,
    *,
    reason: Why = None,
    since: Since = None,
    player: Player = None,
    every: Every = False,
    policy: Policies = None,
    filter_: Filter = None,
    editor: Editor = False,
    dry_run: DryRun = False,
    address: Server = None,
    json: Json = False,
) -> None:
    """Mend open entries and send them again; what is still refused stays open, with its reason.

    A map comes first, then the editor, then policies as they are named. Exit code 99 when something stays open.
    """
    console, wanted, shown = say.console(json=json), _wanted(reason, since, player), 0
    steps, kafka = _steps(filter_, policy or (), editor=editor), _kafka(address)

    def tell(refusal: Refusal, made: Mended | Left) -> None:
        nonlocal shown
        shown += 1
        if shown <= SHOWN and (dry_run or isinstance(made, Left)):
            console.print(words.became(refusal, made), markup=False)

    async def mend(shore: Shore) -> Outcome:
        entries = _chosen(await shore.ledger(_reading(console)), ids, wanted, every=every)
        if dry_run:
            return await rehearse(shore, entries, steps, tell)
        return await replay(kafka, shore, entries, steps, tell)

    outcome = _ashore(kafka, mend)
    if json:
        say.put({"dry_run": dry_run, **{name: outcome[name] for name in ("replayed", "left", "events")}})
    else:
        console.print(words.outcome(outcome, dry_run=dry_run), markup=False)
    if outcome["left"]:
        raise typer.Exit(THRESHOLD)


@failed.command("drop")
def drop_(ids: Looked, *, address: Server = None, json: Json = False) -> None:
    """Settle entries without sending anything: somebody has looked. They are kept for their four weeks all the same."""
    console, kafka = say.console(json=json), _kafka(address)

    async def settle(shore: Shore) -> Outcome:
        ledger = await shore.ledger(_reading(console))
        return await drop(kafka, shore, _chosen(ledger, ids, Wanted(), every=False))

    outcome = _ashore(kafka, settle)
    if json:
        say.put({"dropped": outcome["dropped"]})
    else:
        console.print(f"{outcome['dropped']} dropped")


def _kafka(address: str | None) -> str:
    try:
        return find_doors(server.find(address)).kafka
    except NobodyThereError as fault:
        raise FailedError(str(fault)) from fault


def _ashore(kafka: str, work: Callable[[Shore], Awaitable[_T]]) -> _T:
    async def opened() -> _T:
        async with ashore(kafka) as shore:
            return await work(shore)

    try:
        return asyncio.run(opened())
    except AwayError as fault:
        raise FailedError(str(fault)) from fault


def _reading(console: Console) -> Callable[[int, int], None]:
    return lambda read, total: console.print(f"{read} of {total} records read", style="dim")


def _wanted(reason: Reason | None, since: str | None, player: str | None) -> Wanted:
    now = datetime.now(UTC)
    begin = None if since is None else datetime.fromtimestamp(past(since, now.timestamp()), UTC)
    return Wanted(reason, begin, player)


def _steps(filter_: Path | None, policies: Sequence[str], *, editor: bool) -> list[Step]:
    """The repair that was asked for. Raises `FailedError` when it is none."""
    steps: list[Step] = []
    if filter_ is not None:
        try:
            steps.append(mapped(filter_.read_text(encoding="utf-8")))
        except (OSError, UnicodeDecodeError) as fault:
            sentence = f"The filter {filter_} cannot be read ({type(fault).__name__}): name a file with a jq filter."
            raise FailedError(sentence, USAGE) from fault
        except NoFilterError as fault:
            sentence = f"{filter_} holds no jq filter: {fault}."
            raise FailedError(sentence, USAGE) from fault
    if editor:
        steps.append(edited())
    for name in policies:
        if name not in POLICIES:
            sentence = f"There is no policy {name!r}, only {', '.join(POLICIES)}."
            raise FailedError(sentence, USAGE)
        steps.append(Step(name, POLICIES[name]))
    if not steps:
        sentence = "Say how to mend it: --policy NAME, --map FILE or --editor; --policy as-it-is sends it unchanged."
        raise FailedError(sentence, USAGE)
    return steps


def _chosen(ledger: Ledger, ids: Sequence[str] | None, wanted: Wanted, *, every: bool) -> list[Entry]:
    """The open entries that were asked for. Raises `FailedError` for what is not there, and when nothing was asked."""
    if ids:
        if gone := [each for each in ids if each in ledger.settled]:
            sentence = f"{words.safe(gone[0])} is settled already: nothing is to be done about it."
            raise FailedError(sentence, USAGE)
        return [entry for entry in _named(ledger, ids) if wanted.has(entry)]
    if not every and wanted == Wanted():
        sentence = "Say which entries: their ids, --reason, --since, --player, or --all."
        raise FailedError(sentence, USAGE)
    return ledger.open(wanted)


def _named(ledger: Ledger, ids: Sequence[str]) -> list[Entry]:
    for each in ids:
        if each not in ledger.entries:
            sentence = f"There is no entry {words.safe(each)} on failed-events: `whitewater failed list` names them."
            raise FailedError(sentence, USAGE)
    return [ledger.entries[each] for each in dict.fromkeys(ids)]
