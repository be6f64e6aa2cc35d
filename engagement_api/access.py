"""Who may do what: one table over every route, and the answer to one request.

A caller is nobody (*anonymous*), a *player* with one name, or the *operator*. The table says for each route how each of
them fares when it is asked for the player's own river or for another's; a route that is not on it is shut to all.

Strange: on an *open* river (a laptop, a workshop) whoever shows no token may do what the operator may. Whoever shows
one is bound by it even there, so that a game tried at home behaves as it will abroad.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from typing import Final, Literal

from msgspec import Struct

from engagement_api.tokens import Caller, Key

Access = Literal["open", "closed"]
Answer = Literal["come in", "who are you", "not yours"]
"""What a guard says: nothing, 401, 403."""
Which = Literal["anybody", "whose", "player", "operator", "signed in"]
"""Of a route: everybody's; the player's whose name is asked for, and the operator's; a player's; the operator's; the
operator's who shows a token, on an open river, too."""

RULES: Final[Mapping[str, Which]] = {
    "GET /": "anybody",
    "GET /{file_path}": "anybody",
    "HEAD /{file_path}": "anybody",
    "GET /health": "anybody",
    "GET /ready": "anybody",
    "GET /v1/doors": "anybody",
    "POST /v1/tokens": "anybody",
    "POST /v1/operator/session": "anybody",
    "WEBSOCKET /v1/river": "anybody",
    "GET /v1/players/{player}": "whose",
    "GET /v1/players/{player}/decisions": "whose",
    "GET /v1/why": "whose",
    "GET /v1/held": "whose",
    "POST /v1/events": "player",
    "GET /metrics": "operator",
    "GET /v1/players": "operator",
    "GET /v1/adaptation": "operator",
    "PUT /v1/adaptation": "operator",
    "PUT /v1/operator/session": "signed in",
    "GET /v1/stream": "operator",
    "GET /v1/fleet": "operator",
    "GET /v1/failed": "operator",
    "GET /v1/experiment": "operator",
    "PUT /v1/experiment": "operator",
    "GET /openapi": "operator",
    "GET /openapi/openapi.json": "operator",
    "GET /openapi/{path}": "operator",
}
"""Every route. Those open to anybody judge for themselves where they must: `/ready` tells details to the operator
alone, the three under it take a key or a token in what is sent."""
SENT: Final = "POST /v1/events"
FOLLOWED: Final = "WEBSOCKET /v1/river"


class Guarding(Struct, frozen=True):
    """What the doors are guarded with."""

    access: Access = "open"
    keys: tuple[Key, ...] = ()
    """The first one signs; any reads. Without one no token is good."""
    origins: frozenset[str] = frozenset()
    """Of pages that may hold a WebSocket, besides our own."""
    hosts: frozenset[str] | None = None
    """Names with a dot that we are called by, without ports; None: by any."""
    now: Callable[[], datetime] = lambda: datetime.fromtimestamp(0, UTC)


def answer(access: Access, caller: Caller | None, route: str, asked: Collection[str]) -> Answer:
    """What `caller` hears who asks for `route` ("GET /v1/why"), naming the players `asked`.

    All of `asked` have to be the caller's own: a name given twice is not a way around the first one.
    """
    if route.startswith("OPTIONS "):
        return "come in"
    which = RULES.get(route)
    if which == "anybody":
        return "come in"
    if which is None:
        return "not yours"
    if caller is None:
        return "come in" if access == "open" and which not in ("player", "signed in") else "who are you"
    if caller.role == "operator":
        return "not yours" if which == "player" else "come in"
    own = which == "player" or (which == "whose" and set(asked) == {caller.player})
    return "come in" if own else "not yours"


def may_follow(access: Access, caller: Caller | None, players: Collection[str]) -> bool:
    """Whether a WebSocket of this caller may hear of all of these players."""
    if caller is None:
        return access == "open"
    return caller.role == "operator" or set(players) <= {caller.player}


class Lines(Struct, frozen=True):
    """One line of the printed table."""

    route: str
    anonymous: str
    own: str
    foreign: str
    operator: str


def table() -> list[Lines]:
    """The rules of a closed river as people read them: what each role gets on each route for its own and another's."""
    someone, self_ = "another", Caller("player", "self")

    def said(route: str, caller: Caller | None, asked: str) -> str:
        if route == FOLLOWED:
            return "yes" if may_follow("closed", caller, [asked]) else ("401" if caller is None else "403")
        if route == SENT and asked != "self" and caller == self_:
            return "refused"  # one by one: an event says itself whose it is
        return {"come in": "yes", "who are you": "401", "not yours": "403"}[answer("closed", caller, route, [asked])]

    return [
        Lines(
            route,
            said(route, None, someone),
            said(route, self_, "self"),
            said(route, self_, someone),
            said(route, Caller("operator", None), someone),
        )
        for route in RULES
    ]
