"""`whitewater privacy export | erase`: everything that is kept of one player, in a file or nowhere any more."""

import asyncio
import json as encoding
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import quote

import msgspec
import typer

from bots.__main__ import find_doors
from bots.ledger import NobodyThereError
from engagement_api.kafka import GROUP
from privacy.erase import Around
from privacy.erase import erase as erased
from privacy.erase import export as exported
from privacy.logs import BrokenOffError, Logs
from privacy.receipt import Receipt, lines
from processors.state import APP, CHANGELOG
from whitewater import runs, say, server
from whitewater.manners import THRESHOLD, USAGE, FailedError
from whitewater.settings import home

CHANGELOG_SETTINGS: Final = {"cleanup.policy": "compact", "segment.ms": "60000", "min.cleanable.dirty.ratio": "0.1"}
"""As the worker makes the topic."""
Server = Annotated[str | None, typer.Option("--server", help="The engagement API; default: the local stack's.")]
privacy = typer.Typer(help="Everything kept of one player: hand it out, or erase it.", no_args_is_help=True)


@privacy.command("export")
def export(
    player: Annotated[str, typer.Argument(help="The pseudonym.")],
    *,
    out: Annotated[Path | None, typer.Option(help="Where to; default: standard output.")] = None,
    address: Server = None,
) -> None:
    """Everything that Kafka, Redis and SQL hold of a player, as one JSON document."""
    api = server.find(address)
    try:
        found = asyncio.run(_export(player, api))
        if out is None:
            say.put(found)
        else:
            say.write(out, found)
            say.console().print(f"{_many(found)} records and rows of this player are in {out}", markup=False)
    except (BrokenOffError, NobodyThereError) as fault:
        raise FailedError(str(fault)) from fault
    except OSError as fault:
        sentence = f"The export {out} cannot be written ({fault.strerror or fault}): name another file."
        raise FailedError(sentence, USAGE) from fault


@privacy.command("erase")
def erase(
    player: Annotated[str, typer.Argument(help="The pseudonym.")],
    *,
    address: Server = None,
    json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Take a player out of Kafka, Redis and SQL; the receipt is kept with the runs. Broken off, it may be repeated."""
    api = server.find(address)
    try:
        with runs.kept(home(), "privacy-erase", datetime.now(UTC)) as kept:
            receipt = asyncio.run(_erase(player, api))
            say.write(kept.unfinished / "receipt.json", msgspec.to_builtins(receipt))
    except (BrokenOffError, NobodyThereError) as fault:
        raise FailedError(str(fault)) from fault
    if json:
        say.put(msgspec.to_builtins(receipt))
    else:
        for line in (*lines(receipt), f"the receipt: {kept.folder / 'receipt.json'}"):
            say.console().print(line, markup=False)
    if receipt.left:
        sentence = f"{receipt.left} records or rows are still there: run it again."
        raise FailedError(sentence, THRESHOLD)


async def _export(player: str, api: str) -> dict[str, Any]:
    async with Logs.open(find_doors(api).kafka) as logs:
        return await exported(logs, player, _around(api))


async def _erase(player: str, api: str) -> Receipt:
    async with Logs.open(find_doors(api).kafka) as logs:
        return await erased(logs, player, _around(api))


def _around(api: str) -> Around:
    return Around(CHANGELOG, CHANGELOG_SETTINGS, APP, GROUP, partial(_held, api))


async def _held(api: str, player: str) -> Mapping[str, Mapping[str, Sequence[Any]]]:
    answer = await asyncio.to_thread(server.ask, api, f"/v1/held?player={quote(player, safe='')}")
    found: Mapping[str, Mapping[str, Sequence[Any]]] = encoding.loads(answer)
    return found


def _many(found: Mapping[str, Any]) -> int:
    return sum(len(rows) for store in found.values() if isinstance(store, dict) for rows in store.values())
