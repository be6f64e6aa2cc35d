"""What benchmarks share: options, a broker for the time being, contenders in turns, and one way to answer.

A benchmark prints its figures as JSON. With `--json` it also keeps them in `.whitewater/bench/`, under its own name, or
in the file that is named; every single run, which the screen is spared, goes there too.

Contenders run one after the other, each turn in a process that did nothing else, and every turn begins with another of
them: whatever the machine does meanwhile hits all alike. A file with contenders calls itself with `--contend NAME`, and
then prints nothing but its figures, as one line of JSON.
"""

import argparse
import asyncio
import contextlib
import json
import logging
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import psutil

from infra.local import health, kafka
from infra.topics import create_topics

HOUSE: Final = Path(__file__).resolve().parents[1]
KEPT: Final = HOUSE / ".whitewater" / "bench"
RUNS: Final = "runs"
"""The figure that goes into the file alone: whatever was found turn by turn."""
CONTENDER_ENDS_WITHIN_S: Final = 900.0

Figures = dict[str, float]
Found = dict[str, list[Figures]]
"""By contender, the figures of every turn."""


class Spent:
    """CPU time of this process, every thread, and wall time, from when it is made."""

    def __init__(self) -> None:
        self._cpu, self._wall = time.process_time(), time.perf_counter()

    def over(self, events: int) -> Figures:
        """What that is per event; ends the process, saying why, when there was none."""
        if events <= 0:
            sys.exit("All events were done before the first look at the clock: ask with more of them (--events).")
        cpu_s, wall_s = time.process_time() - self._cpu, time.perf_counter() - self._wall
        return {"us_per_event": cpu_s / events * 1e6, "events_per_s": events / wall_s, "events": events}


def options(told: str | None, *, contenders: Iterable[str] = (), turns: int = 3) -> argparse.ArgumentParser:
    """The options that benchmarks share, for one that says `told` of itself; more of them where contenders meet."""
    asked = argparse.ArgumentParser(description=told, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument(
        "--json", type=Path, nargs="?", const=KEPT / f"{Path(sys.argv[0]).stem}.json", help="also keep the figures"
    )
    if names := list(contenders):
        asked.add_argument("--kafka", metavar="HOST:PORT", help="a broker that is there; without, one of its own")
        asked.add_argument("--turns", type=int, default=turns, help="medians of so many turns")
        asked.add_argument("--contend", choices=names, help=argparse.SUPPRESS)
    return asked


def answer(figures: Mapping[str, object], file: Path | None) -> None:
    """Prints the figures and the machine they are of, and writes them to `file` where there is one."""
    whole = {**figures, "machine": machine()}
    print(json.dumps({name: figure for name, figure in whole.items() if name != RUNS}, indent=2))
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(whole, indent=2) + "\n", encoding="utf-8")


def machine() -> str:
    """The machine and the Python that the figures are of."""
    chip = platform.processor() or platform.machine()
    memory_gib = psutil.virtual_memory().total / 2**30
    return f"{chip}, {os.cpu_count()} cores, {memory_gib:.0f} GiB, Python {platform.python_version()}"


@contextlib.contextmanager
def a_broker(given: str | None = None) -> Iterator[str]:
    """The address of the broker that is given, or of one with all topics, in a folder that goes away."""
    if given:
        yield given
        return
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        own = kafka.prepare(Path(folder), health.any_free_port(), health.any_free_port())
        with (Path(folder) / "kafka.log").open("wb") as out:
            process = subprocess.Popen(own.command, stdout=out, stderr=out, stdin=subprocess.DEVNULL)
        try:
            if not health.wait_until(
                lambda: health.answers(own.port),
                within_s=kafka.STARTS_WITHIN_S,
                unless=lambda: process.poll() is not None,
            ):
                sys.exit("The broker did not come up: is there room for another one on this machine?")
            asyncio.run(create_topics(own.address))
            # It has much to say about topics that are a second old and have no leader yet.
            logging.getLogger("aiokafka").setLevel(logging.ERROR)
            yield own.address
        finally:
            process.terminate()
            process.wait()


def spread(found: Sequence[float]) -> Figures:
    """Percentiles of what was found, in its unit, by nearest rank."""
    if not found:
        return {"n": 0}
    ordered = sorted(found)
    at = {f"p{share}": round(ordered[len(ordered) * share // 100], 2) for share in (50, 90, 99)}
    return {**at, "max": round(ordered[-1], 2), "n": len(ordered)}


def in_turns(file: str, contenders: Sequence[str], turns: int, *words: object) -> Found:
    """What the contenders of `file` find in `turns` turns, each called with `--contend NAME` and `words`."""
    found: Found = {contender: [] for contender in contenders}
    for turn in range(turns):
        first = turn % len(contenders)
        for contender in (*contenders[first:], *contenders[:first]):
            found[contender].append(in_a_fresh_process(file, contender, *words))
    return found


def in_a_fresh_process(file: str, contender: str, *words: object) -> Figures:
    """One contender's figures, from a process that did nothing else; ends this one, saying why, when it fails."""
    command = [sys.executable, file, "--contend", contender, *map(str, words)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=CONTENDER_ENDS_WITHIN_S)
    except subprocess.TimeoutExpired:
        sys.exit(f"{contender} was not done after {CONTENDER_ENDS_WITHIN_S:.0f} s: ask it for less.")
    if done.returncode:
        sys.exit(f"{contender} ended with {done.returncode}:\n{done.stderr}")
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures


def medians(found: Found, figure: str) -> Figures:
    """The median of one figure over the turns, by contender."""
    return {contender: statistics.median(each[figure] for each in turns) for contender, turns in found.items()}
