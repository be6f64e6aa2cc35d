"""One run: a crowd plays at a site, the plan's steps are done to it, everything is mended, and all of it is counted."""

import asyncio
import time
from pathlib import Path
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from contract.topics import ADAPTATIONS, ENGAGEMENT_SIGNALS, FAILED_EVENTS, PLAYER_EVENTS
from faults import gather
from faults.ashore import Ashore
from faults.bite import blunt
from faults.checker import check
from faults.evidence import Evidence
from faults.history import History
from faults.plan import Plan
from faults.record import Recorder
from faults.recovery import Recovery, recovery
from faults.site import Site
from faults.verdict import Verdict
from faults.watch import Watch
from processors.state import CHANGELOG

SETTLES_WITHIN_S: Final = 60.0


class Outcome(Struct, frozen=True, tag="outcome"):
    """A run that is over."""

    plan: Plan
    verdict: Verdict
    recovery: Recovery | None
    """The longest of its faults; None where no step was done that can be felt."""
    seconds: float
    blunt: str | None = None
    """Why the run proves nothing, where the fault hurt nobody in the middle of anything."""
    kept: str = ""
    """The file with the history and the log, where something was violated."""


async def run(plan: Plan, site: Site) -> tuple[Outcome, History, Evidence]:
    """Does what the plan says to `site` and judges what came of it."""
    began_s = time.monotonic()
    since = await gather.ends(site.kafka_itself)
    recorder, folder = Recorder(), site.folder_of(plan)
    async with Watch(site, recorder) as watch:
        async with Ashore(plan, site, recorder, folder) as ashore:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(ashore.play())
                tasks.create_task(_inject(plan, site, recorder))
            await site.mend()
            recorder.injected("mended")
            unsettled = await _settle(site, ashore)
            outbox = ashore.emitter.outbox
        found = await _found(site, since, ashore.players)
        evidence = replace(
            found,
            parts=watch.parts,
            longest_emit_s=recorder.longest_emit_s,
            dropped=outbox.dropped,
            lost=outbox.lost,
            held_share=recorder.most_held / (outbox.spool_events if plan.spooled else outbox.memory_events),
            disk_mb=await watch.disk_grew_mb(),
            spool_left=_spool_left(folder),
            unsettled=unsettled,
            sitting=ashore.game.sitting if ashore.game else None,
            cut=ashore.cut,
        )
    recovered = recovery(recorder.history, evidence, plan)
    evidence = replace(evidence, recovered_s=None if recovered is None else recovered.seconds)
    verdict = check(plan, recorder.history, evidence)
    seconds, flaw = round(time.monotonic() - began_s, 1), blunt(plan, recorder.history, evidence)
    return Outcome(plan, verdict, recovered, seconds, flaw), recorder.history, evidence


async def _inject(plan: Plan, site: Site, recorder: Recorder) -> None:
    began_s = time.monotonic()
    for step in sorted(plan.steps, key=lambda step: step.at_s):
        await asyncio.sleep(max(step.at_s - (time.monotonic() - began_s), 0.0))
        recorder.injected(step.words)
        await site.do(step)


async def _settle(site: Site, ashore: Ashore) -> str:
    """What had not come to its end in time; empty when everything was delivered, folded and answered."""
    deadline = time.monotonic() + SETTLES_WITHIN_S
    late = []
    if await ashore.leave(SETTLES_WITHIN_S) is None:
        late.append(f"{ashore.held} events were not delivered")
    if not await site.await_well(max(deadline - time.monotonic(), 1.0)):
        late.append("a part was not well")
    if not await gather.until_caught_up(site.kafka_itself, max(deadline - time.monotonic(), 1.0)):
        late.append("a group had not committed all there is")
    return f"{SETTLES_WITHIN_S:.0f} s after all was mended, {' and '.join(late)}" if late else ""


def _spool_left(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.glob("**/*.jsonl"))


async def _found(site: Site, since: gather.Marks, players: frozenset[str]) -> Evidence:
    found = await gather.read(site.kafka_itself, since)
    told = gather.readable(found)
    kept, live = await gather.ask(site.api, sorted(players))
    newest = {(record.key or b"").decode(errors="replace"): record.value for record in found[CHANGELOG]}
    return Evidence(
        log=found[PLAYER_EVENTS.name],
        state={player: raw for player, raw in newest.items() if player in players and raw is not None},
        failed=[failed for _, failed in told[FAILED_EVENTS.name]],  # type: ignore[misc]
        beliefs=told[ENGAGEMENT_SIGNALS.name],  # type: ignore[arg-type]
        goals=told[ADAPTATIONS.name],  # type: ignore[arg-type]
        history=kept,
        live=live,
        players=players,
    )
