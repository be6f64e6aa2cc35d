"""Any player's *why* in one answer: what is believed, what the river is to become, and the last decisions.

The name is asked for as a parameter and not as part of the path, because a name may hold a slash.
"""

from typing import Annotated, Final

from litestar import get
from litestar.datastructures import State
from litestar.exceptions import NotFoundException
from litestar.params import Parameter
from msgspec import Struct

from contract.adaptations import AdaptationDecided
from contract.envelope import Name
from contract.signals import SignalUpdated

DECISIONS: Final = 20


class Why(Struct, frozen=True):
    """Why the river is as it is for one player."""

    player: str
    signals: SignalUpdated | None
    """None for whom nobody saw within half an hour."""
    goal: AdaptationDecided | None
    """The present one; none when it has expired."""
    decisions: list[AdaptationDecided]
    """Newest first, each with `because`, policy, arm, evidence and the rails that had a part in it."""


@get("/v1/why")
async def why(state: State, player: Name, limit: Annotated[int, Parameter(ge=1, le=1_000)] = DECISIONS) -> Why:
    """What is believed about one player, what was decided last, and because of what."""
    parts = state.parts
    decided = await parts.history.decisions(player, limit)
    signals = await parts.live.signals(player)
    if signals is None and not decided:
        raise NotFoundException(detail="Nobody of this name was ever on this river.")
    return Why(player, signals, next(iter(await parts.live.goals([player])), None), decided)
