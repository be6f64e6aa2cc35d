"""One process of a crowd of several: `python -m bots.child`, with its orders on standard input.

It plays its share and tells how that goes on standard output, in the words of `orders`. It ends with its parent: when
standard input ends, for whatever reason, everybody comes home, and so does the process.

Strange: a churn family from outside may print. What it prints goes to standard error, or it would be taken for a word.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from typing import BinaryIO

import msgspec
import uvloop

from bots.families import BadFamilyError, load_family
from bots.fleet import Options
from bots.orders import Begin, Home, Orders, Ready, Refused, Word, encode, read_begin, read_orders
from bots.outing import Beginning, Outing, send_out
from bots.report import Tally


def main() -> int:
    """Does what it is told, and ends."""
    with _words() as out:
        say = _speaker(out)
        if not (line := sys.stdin.buffer.readline()):
            return 0
        try:
            options = options_of(read_orders(line))
            say(Ready())
            if not (line := sys.stdin.buffer.readline()):
                return 0
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                home = runner.run(_out_and_home(options, read_begin(line), say))
        except BadFamilyError as fault:
            say(Refused(str(fault)))
            return 0
        say(Home(home.players, home.seconds, home.acknowledged))
    return 0


def options_of(orders: Orders) -> Options:
    """The orders with the family itself in the place of its name. Raises `BadFamilyError`."""
    family = load_family(orders.family) if orders.family else None
    return Options(**{**msgspec.structs.asdict(orders), "family": family})


async def _out_and_home(options: Options, begin: Begin, say: Callable[[Word], None]) -> Outing:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)

    def called() -> None:
        loop.remove_reader(sys.stdin.fileno())
        stop.set()

    loop.add_reader(sys.stdin.fileno(), called)  # nothing more is ever said: it is the end of the pipe
    return await send_out(options, Tally(), stop, heard=say, beginning=Beginning(begin.at_s, begin.wall))


def _words() -> BinaryIO:
    """Standard output, for words alone."""
    words = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return words


def _speaker(out: BinaryIO) -> Callable[[Word], None]:
    def say(word: Word) -> None:
        """Says it; a parent that is gone hears nothing, and its pipe has ended, so all come home anyway."""
        try:
            out.write(encode(word) + b"\n")
            out.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())

    return say


if __name__ == "__main__":
    sys.exit(main())
