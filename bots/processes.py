"""A crowd of several processes, told and counted as one.

One process is this one; more are children of it, each with its share of the schedule.
"""

import asyncio

from bots.fleet import Options
from bots.outing import Heard, Outing, send_out
from bots.report import Tally


async def send_out_together(options: Options, processes: int, heard: Heard, stop: asyncio.Event) -> Outing:
    """Sends the crowd out in so many processes and brings it home; every second `heard` is told the pulse of all."""
    if processes == 1:
        return await send_out(options, Tally(), stop, heard=heard)
    raise NotImplementedError(processes)
