"""A crowd of two processes on a real Kafka: one book for all, one way home, and honesty about who does not come."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import psutil
import pytest

from bots.families import load_family
from bots.fleet import SLOT_S, Options
from bots.processes import send_out_together
from bots.pulse import Pulse
from bots.reckoning import size
from bots.report import Latency
from bots.schedule import Point
from tests.system.worker_process import until

pytestmark = pytest.mark.system

MINE = """
class Mine:
    def __init__(self, dice):
        print("a family may print, and nobody takes it for a word")
    def leaves(self, played):
        return 0.5
"""


@pytest.fixture(name="mine")
def _mine(tmp_path: Path) -> str:
    """A churn family in a file of its own."""
    file = tmp_path / "mine.py"
    file.write_text(MINE, encoding="utf-8")
    return f"{file}:Mine"


def children_of(process: int) -> list[psutil.Process]:
    """The processes that are at play for this one."""
    return [child for child in psutil.Process(process).children() if "bots.child" in child.cmdline()]


def _is_gone(process: psutil.Process) -> bool:
    """Nobody has to have asked how it ended: not every machine's first process does."""
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


async def test_two_processes_are_one_crowd_and_one_book(kafka: str, mine: str) -> None:
    """Eleven players for two seconds, six here and five there: every event is acknowledged, and told once."""
    pulses: list[Pulse] = []
    options = Options(schedule=(Point(0.0, 11), Point(2.0, 11)), kafka=kafka, family=load_family(mine), seed=7)
    home = await send_out_together(options, 2, pulses.append, asyncio.Event())
    tally = home.tally
    assert (home.broken, home.family, len(home.players), tally.sittings) == ((), "Mine", 11, 11)
    assert len(home.acknowledged) == 11
    assert tally.offered == tally.sent == tally.acked == sum(map(size, home.acknowledged.values())) > 11
    assert tally.accept.spread().n == tally.acked
    assert sum(Latency.decode(pulse.accept).spread().n for pulse in pulses) == tally.acked
    assert 0 < max(pulse.players for pulse in pulses) <= 11
    assert (pulses[-1].players, pulses[-1].offered) == (0, tally.offered)
    assert 2.0 - SLOT_S <= home.seconds < 10.0  # the last slot begins so long before the end
    assert not children_of(os.getpid())


async def test_a_process_that_dies_costs_its_players_and_a_sentence_and_not_the_run(kafka: str) -> None:
    """One of two is killed as they play; the other plays on until it is called, and its book is whole."""
    stop, pulses = asyncio.Event(), list[Pulse]()
    playing = asyncio.create_task(
        send_out_together(Options(players=8, seconds=60.0, kafka=kafka), 2, pulses.append, stop)
    )

    async def plays() -> bool:
        return any(pulse.players for pulse in pulses)

    await until(plays, 20, "a crowd at play")
    children_of(os.getpid())[0].kill()
    told = len(pulses)

    async def plays_on() -> bool:
        return len(pulses) > told

    await until(plays_on, 10, "another pulse of those who are left")
    stop.set()
    home = await playing
    assert len(home.broken) == 1
    assert "(SIGKILL): its players are gone" in home.broken[0]
    assert len(home.players) == 4
    assert 0 < sum(map(size, home.acknowledged.values())) <= home.tally.acked
    assert not children_of(os.getpid())


async def test_children_go_home_when_their_parent_is_killed(kafka: str) -> None:
    """No word, no signal: the pipe ends, and so do they."""
    program = f"""
import asyncio
from bots.fleet import Options
from bots.processes import send_out_together
told = lambda pulse: print("playing", flush=True)
asyncio.run(send_out_together(Options(players=8, seconds=600.0, kafka={kafka!r}), 2, told, asyncio.Event()))
"""
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", program, stdout=asyncio.subprocess.PIPE)
    assert parent.stdout is not None
    async with asyncio.timeout(30):
        assert await parent.stdout.readline() == b"playing\n"
    children = children_of(parent.pid)
    assert len(children) == 2
    parent.send_signal(signal.SIGKILL)
    await parent.wait()

    async def all_gone() -> bool:
        return all(_is_gone(child) for child in children)

    await until(all_gone, 10, "the end of two children")
