"""`whitewater experiment run --stack`: bots on the real river, arms split by the API, and the log judged once more.

The stack comes up if none runs, a trial is started, a crowd with a churn family plays, and everybody comes home. Then
the beliefs on the topic are judged again under the same rules, and every decision must be the one that was made.
"""

import asyncio
import functools
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct
from rich.console import Console

from bots.__main__ import find_doors, until_stopped
from bots.churn import Family
from bots.families import BadFamilyError, load_family
from bots.fleet import Options
from bots.ledger import NobodyThereError
from bots.log import Log, Told
from bots.outing import Outing, send_out
from bots.report import Tally
from contract.codec import encode
from contract.graph import Graph
from engagement_api.judge import Rules
from engagement_api.trial import Branch, PolicyName, Trial
from experiments.replay import Replayed, replay
from whitewater import crowd, runs, say, server, trial
from whitewater.decide import graph_of
from whitewater.manners import INTERRUPTED, THRESHOLD, USAGE, FailedError
from whitewater.settings import home, settings

PLAYERS: Final = 50
FIRST: Final = 5
"""Differences that are told one by one."""


class Asked(Struct, frozen=True, kw_only=True):
    """An experiment on the stack."""

    families: tuple[str, ...]
    """One: a crowd leaves in one way."""
    policies: tuple[PolicyName, ...]
    players: int
    seconds: float
    burn_in: int
    server: str | None = None


def run(asked: Asked) -> None:
    """Plays it and says how it stands. Raises `FailedError`, also when a replay decides otherwise."""
    console = say.console()
    try:
        family, graph = _family(asked), graph_of(Path(named) if (named := settings().graph) else None)
        with crowd.river(console, asked.server) as (address, _):
            _play(console, asked, family, graph, address)
    except BadFamilyError as fault:
        raise FailedError(str(fault), USAGE) from fault
    except NobodyThereError as fault:
        raise FailedError(str(fault)) from fault


def _family(asked: Asked) -> type[Family]:
    if len(asked.families) > 1:
        sentence = f"A crowd leaves in one way: name one family with --stack, not {', '.join(asked.families)}."
        raise FailedError(sentence, USAGE)
    return load_family(asked.families[0])


def trial_of(asked: Asked) -> Trial:
    """One arm a policy, as large as the others, under a name that no trial had."""
    share = 1.0 / len(asked.policies)
    arms = tuple(Branch(policy, policy, share) for policy in asked.policies)
    return Trial(f"stack-{secrets.token_hex(4)}", arms, asked.burn_in)


def _play(console: Console, asked: Asked, family: type[Family], graph: Graph, address: str) -> None:
    doors, tried = find_doors(address), trial_of(asked)
    options = Options(
        players=asked.players,
        seconds=asked.seconds,
        family=family,
        kafka=doors.kafka,
        river=doors.river,
    )
    server.tell(address, trial.PATH, msgspec.json.encode(tried))
    try:
        console.print(f"{asked.players} bots play {asked.seconds:.0f} s in the trial {tried.name}", markup=False)
        outing, told, early = until_stopped(functools.partial(_ride, options))
        trial.report(_still_ours(address, tried), json=False)
    finally:
        server.tell(address, trial.PATH, b"null")
    found = replay(told.beliefs, told.goals, Rules(trial=tried, graph=graph))
    console.print(f"{len(outing.players)} players, {len(told.beliefs)} beliefs, {found.decisions} decisions")
    console.print(f"the log is kept in {_keep(told, tried, found)}", markup=False)
    _tell(console, found)
    if early:
        sentence = "Interrupted: everybody went home early, and the trial has ended."
        raise FailedError(sentence, INTERRUPTED)


def _still_ours(address: str, tried: Trial) -> bytes:
    """How the trial stands, as the API says it. Raises `FailedError` when it is another one by now."""
    standing = server.ask(address, trial.PATH)
    running = msgspec.json.decode(standing)["trial"]
    if running is None or running["name"] != tried.name:
        sentence = f"Somebody ended the trial {tried.name} meanwhile: its log is of two trials. Run it again, alone."
        raise FailedError(sentence)
    return standing


async def _ride(options: Options, stop: asyncio.Event) -> tuple[Outing, Told, bool]:
    """Everybody out and home again, what was told meanwhile, and whether `stop` brought them home early."""
    log = await Log.open(options.kafka)
    try:
        outing = await send_out(options, Tally(), stop)
        return outing, await log.read(outing.players), stop.is_set()
    finally:
        await log.close()


def _keep(told: Told, tried: Trial, found: Replayed) -> Path:
    """The log as `whitewater decide` reads it, what was decided, the trial, and how the replay went."""
    with runs.kept(home(), "experiment", datetime.now(UTC)) as kept:
        for name, messages in (("signals", told.beliefs), ("adaptations", told.goals)):
            lines = b"".join(encode(message) + b"\n" for message in messages)
            (kept.unfinished / f"{name}.jsonl").write_bytes(lines)
        for name, result in (("trial", tried), ("replay", found)):
            say.write(kept.unfinished / f"{name}.json", msgspec.to_builtins(result))
    return kept.folder


def _tell(console: Console, found: Replayed) -> None:
    console.print(f"replayed: {found.equal} of {found.decisions} decisions are the same")
    for one in found.differences[:FIRST]:
        console.print(f"  {one.player}, goal {one.revision}: {one.what}", markup=False)
    if not found.holds or not found.decisions:
        sentence = f"The replay decides otherwise {len(found.differences)} times, of {found.decisions} decisions."
        raise FailedError(sentence, THRESHOLD)
