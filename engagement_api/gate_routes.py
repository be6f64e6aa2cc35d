"""The remote player's gate: a token for whoever holds the boat's key, and events for whoever shows a token.

Every limit stands before the work it limits: the token (the guard, before this is asked at all), then how often, then
how much, by what the request announces and by what it really sends, then the reading. Nothing is acknowledged that the
broker has not acknowledged. How slowly a request may arrive is `prompt`'s affair.

The address is the one that is connected, and never what a header says it is, unless a proxy on this very machine says
it (uvicorn's rule): behind another proxy all players share one, and its limit.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final, Protocol

from litestar import Request, post
from litestar.datastructures import State
from litestar.exceptions import HTTPException, NotFoundException, PermissionDeniedException
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import OpenAPIMediaType, OpenAPIType, Operation, RequestBody, Schema
from litestar.params import JSONBody
from msgspec import Meta, Struct

from contract.codec import MESSAGE_BYTES, MESSAGE_EVENTS
from contract.envelope import Name
from engagement_api.access import Guarding
from engagement_api.gate import PLACE, Verdicts, sort
from engagement_api.guard import is_from_here
from engagement_api.meters import Meters
from engagement_api.post import LostPostError, Post
from engagement_api.tokens import LIFE, Caller, issue

BODY_BYTES: Final = 1024
KEY_CHARACTERS: Final = 43
AGAIN_S: Final = 1
Asked = Request[Any, Caller | None, State]
BoatKey = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{43}$", min_length=KEY_CHARACTERS, max_length=KEY_CHARACTERS)]
"""256 random bits in base64url, as a game makes them once."""


class Boats(Protocol):
    """Whose boat is whose."""

    async def claim(self, player: str, key: str, now: datetime) -> bool:
        """Whether the boat is, or from now on shall be, of whoever holds the key with this SHA-256 (hex)."""


class Rates(Protocol):
    """How often somebody asked: each counts one request, and says 0 or the seconds after which to ask again."""

    def events(self, player: str, address: str) -> int:
        """One with events."""

    def tokens(self, address: str) -> int:
        """One for a token."""


class Gate(Struct, frozen=True):
    """What the gate needs; the front door, or a test, chooses it."""

    post: Post
    boats: Boats
    rates: Rates
    now: Callable[[], datetime]


class Knock(Struct, frozen=True, forbid_unknown_fields=True):
    """Who asks for a token."""

    player: Annotated[Name, Meta(pattern=r"^[^\x00]*$")]
    """Without a zero character, which PostgreSQL cannot keep."""
    key: BoatKey


class Ticket(Struct, frozen=True):
    """A token, and for how many seconds it holds."""

    token: str
    expires_in: int


class Sorry(Struct, frozen=True):
    """Why not, in one sentence."""

    status_code: int
    detail: str


_SAID: Final = {
    400: "Not what this route reads.",
    401: "No token, or none that holds.",
    403: "Somebody else's.",
    413: "More bytes than this route reads.",
    429: "Too often; the header Retry-After says in how many seconds to ask again.",
    503: "Kafka or SQL is away, and nothing was accepted; the header Retry-After says when to ask again.",
}


def _sorry(*codes: int) -> dict[int, ResponseSpec]:
    return {code: ResponseSpec(Sorry, generate_examples=False, description=_SAID[code]) for code in codes}


@dataclass
class EventsOperation(Operation):
    """The route of events as OpenAPI tells it: its body is read by the contract, not by the framework."""

    def __post_init__(self) -> None:
        event = Schema(type=OpenAPIType.OBJECT, description="One event; /docs/schemas says what is in it.")
        several = Schema(type=OpenAPIType.ARRAY, items=event, max_items=MESSAGE_EVENTS)
        body = OpenAPIMediaType(schema=Schema(one_of=[event, several]))
        self.request_body = RequestBody({"application/json": body}, "One event or several.", required=True)


@post("/v1/tokens", status_code=200, request_max_body_size=BODY_BYTES, responses=_sorry(403, 413, 429, 503))
async def tokens(request: Asked, state: State, data: JSONBody[Knock]) -> Ticket:
    """A token for ten minutes: the boat belongs to whoever first came with a key for it, and to nobody else."""
    gate, meters, guarding = _gate(state), _meters(state), _guarding(state)
    if not is_from_here(request.headers.get("origin"), request.headers.get("host", ""), guarding.origins):
        raise PermissionDeniedException(detail=OTHERS)
    if wait_s := gate.rates.tokens(_address(request)):
        meters.gate_refused.labels("tokens", "too_often").inc()
        raise _later(429, TOO_OFTEN, wait_s)
    now = gate.now()
    if not await gate.boats.claim(data.player, hashlib.sha256(data.key.encode()).hexdigest(), now):
        meters.gate_refused.labels("tokens", "wrong_key").inc()
        raise PermissionDeniedException(detail=TAKEN)
    return Ticket(issue(guarding.keys, Caller("player", data.player), now), int(LIFE.total_seconds()))


@post(
    PLACE,
    status_code=200,
    request_max_body_size=MESSAGE_BYTES,
    responses=_sorry(400, 401, 403, 413, 429, 503),
    operation_class=EventsOperation,
)
async def events(request: Asked, state: State) -> Verdicts:
    """Take one event, or an array of at most 200: what is accepted or kept as refused is safe when this answers."""
    gate, meters, caller = _gate(state), _meters(state), request.auth
    if caller is None or caller.player is None:
        raise PermissionDeniedException(detail=PLAYERS)
    if wait_s := gate.rates.events(caller.player, _address(request)):
        meters.gate_refused.labels("events", "too_often").inc()
        raise _later(429, TOO_OFTEN, wait_s)
    verdicts, letters = sort(await request.body(), caller.player, gate.now())
    try:
        await gate.post.send(letters)
    except LostPostError as fault:
        meters.gate_refused.labels("events", "kafka_away").inc()
        raise _later(503, str(fault), AGAIN_S) from fault
    meters.gate_events.labels("accepted").inc(verdicts.accepted)
    for verdict in verdicts.events:
        if verdict.reason is not None:
            meters.gate_events.labels(verdict.reason.value).inc()
    return verdicts


TOO_OFTEN: Final = "Too often: wait as long as the header Retry-After says, and send more at a time."
TAKEN: Final = "This name is somebody else's on this river, and the key is not theirs: choose another name."
OTHERS: Final = "A page of another origin takes no name here."
"""It could not read the answer, but its visitor's address would have asked often enough, and names would be taken."""
PLAYERS: Final = "Events are told by a player with a player's token alone."


def _later(code: int, why: str, wait_s: int) -> HTTPException:
    return HTTPException(status_code=code, detail=why, headers={"Retry-After": str(wait_s)})


def _address(request: Asked) -> str:
    return request.client.host if request.client else ""


def _gate(state: State) -> Gate:
    gate: Gate | None = state.parts.gate
    if gate is None:
        raise NotFoundException(detail="Nothing comes in here: this API was made without a gate.")
    return gate


def _guarding(state: State) -> Guarding:
    guarding: Guarding = state.parts.guarding
    return guarding


def _meters(state: State) -> Meters:
    meters: Meters = state.parts.meters
    return meters
