"""Everything that Redis and SQL hold of one player, for whoever exports it, and for whoever checks that it is gone.

The name is asked for as a parameter and not as part of the path, because a name may hold a slash.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from litestar import get
from litestar.datastructures import State
from msgspec import Struct

from contract.envelope import Name


class Held(Struct, frozen=True):
    """By key of Redis, by table of SQL; what holds nothing is left out."""

    redis: Mapping[str, Sequence[Any]]
    sql: Mapping[str, Sequence[Any]]


@get("/v1/held")
async def held(state: State, player: Name) -> Held:
    """What is kept of one player here; two empty answers when it is nothing."""
    parts = state.parts
    return Held(await parts.live.held(player), await parts.history.held(player))
