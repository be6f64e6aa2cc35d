"""The front door of fault runs: `python -m faults PLANS HOME`, started by `whitewater fault` and told on its pipe.

It leads a process group of its own that cannot outlive it (`infra.local.guard`), and ends when whoever started it is
gone, because everything that is hurt here is real: brokers, workers, databases. Standard output is JSON lines, one for
each thing that happened; the last words of a site that did not come up are a `Refused`.
"""

import asyncio
import logging
import signal
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from faults.catalogue import FAULTS, LONG, draw
from faults.evidence import Evidence
from faults.history import History
from faults.plan import Database, Plan
from faults.run import Outcome, run
from faults.site import Site
from faults.storm import storm
from infra.local import guard, stack
from infra.local.faults import CannotStartError, PortTakenError
from infra.local.supervisor import Supervisor

__all__ = ["FAULTS", "LONG", "Outcome", "Plan", "Refused", "Said", "Told", "draw", "read", "run_all", "storm"]
UNREACHABLE = 3
TRIES = 3


class Said(Struct, frozen=True, tag="said"):
    """What the site tells of itself."""

    sentence: str


class Refused(Struct, frozen=True, tag="refused"):
    """Why nothing more comes."""

    sentence: str


Told = Outcome | Said | Refused
read = msgspec.json.Decoder(Told).decode


def run_all(
    plans: Sequence[Plan], home: Path, heard: Callable[[Outcome], None], tell: Callable[[str], None]
) -> list[Outcome]:
    """Every plan on a site of its own kind; sites are shared by plans that want the same of them."""
    return asyncio.run(_run_all(plans, home, heard, tell))


async def _run_all(
    plans: Sequence[Plan], home: Path, heard: Callable[[Outcome], None], tell: Callable[[str], None]
) -> list[Outcome]:
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, _all_tasks_end)
    outcomes: list[Outcome] = []
    for workers, database in sorted({(plan.workers, plan.database) for plan in plans}):
        folder = home / f"site-{workers}-{database}"
        async with _a_site(folder, workers, tell, database) as site:
            for plan in (plan for plan in plans if (plan.workers, plan.database) == (workers, database)):
                outcome, history, evidence = await run(plan, site)
                if outcome.verdict.violations:
                    outcome = replace(outcome, kept=str(_keep(home, plan, history, evidence)))
                heard(outcome)
                outcomes.append(outcome)
    return outcomes


@asynccontextmanager
async def _a_site(home: Path, workers: int, tell: Callable[[str], None], database: Database) -> AsyncIterator[Site]:
    """A site that is up. Others bring sites up meanwhile: a port that was free may be taken, and there are more."""
    async with AsyncExitStack() as open_:
        for tries_left in reversed(range(TRIES)):
            try:
                site = await open_.enter_async_context(Site(home, workers, tell, database))
            except PortTakenError as fault:
                if not tries_left:
                    raise
                tell(f"{fault} Once more with other ports.")
            else:
                break
        yield site


def _all_tasks_end() -> None:
    for task in asyncio.all_tasks():
        task.cancel()


def _keep(home: Path, plan: Plan, history: History, evidence: Evidence) -> Path:
    """What clients saw and what was found, as lines of JSON, for whoever looks into a violation."""
    kept = home / f"{plan.fault}-{plan.seed}.jsonl"
    lines: list[tuple[str, object]] = [("player-events", record) for record in evidence.log]
    lines += [("engagement-signals", told) for told in evidence.beliefs]
    lines += [("adaptations", told) for told in evidence.goals]
    lines += [("failed-events", told) for told in evidence.failed]
    encode = msgspec.json.encode
    kept.write_bytes(history.lines() + b"".join(encode(line) + b"\n" for line in lines))
    return kept


def _put(told: Told) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(told) + b"\n")
    sys.stdout.buffer.flush()


def main() -> int:
    """Run the plans in the file named first, in the folder named second; answers with the exit code."""
    plans = msgspec.json.decode(Path(sys.argv[1]).read_bytes(), type=list[Plan])
    home = Path(sys.argv[2]).resolve()
    logging.basicConfig(level=logging.WARNING)
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    guard.stop_with_owner()
    with guard.guarded():
        try:
            run_all(plans, home, _put, lambda sentence: _put(Said(sentence)))
        except CannotStartError as fault:
            _put(Refused(str(fault)))
            return UNREACHABLE
        except asyncio.CancelledError:
            return 0
        finally:
            # What a thread still started when the run was called off is a child of this process all the same.
            Supervisor(stack.logs(home), lambda _: None).stop_all()
    return 0


if __name__ == "__main__":
    sys.exit(main())
