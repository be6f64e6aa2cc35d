"""The HTTP side: what is believed, what was decided and why, the switch, and whether all is well.

Routes are thin: they ask a store and answer. A store that is away is an answer too, 503 and one sentence. What the page
may load is said by `SECURITY`, on every response.
"""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
from litestar import Litestar, Request, Response, get, put, websocket
from litestar.datastructures import MutableScopeHeaders, State
from litestar.exceptions import ClientException, NotFoundException
from litestar.openapi import OpenAPIConfig
from litestar.params import Parameter
from litestar.static_files import create_static_files_router
from litestar.types import Message, Scope
from msgspec import Struct

from contract.adaptations import AdaptationDecided
from contract.envelope import Name
from contract.signals import SignalUpdated
from engagement_api.access import Guarding
from engagement_api.failed_routes import Standing, expose_failed, failed, nothing
from engagement_api.fleet_routes import Asked, expose, fleet, nobody
from engagement_api.gate import PLACE
from engagement_api.gate_routes import Gate, events, tokens
from engagement_api.guard import guard, may_look
from engagement_api.held_routes import held
from engagement_api.meters import Meters
from engagement_api.onlookers import Onlookers
from engagement_api.openapi import Described
from engagement_api.ports import AWAY, Past, Present
from engagement_api.readiness import Readiness
from engagement_api.river import River, Socket
from engagement_api.session_routes import sign_in, stay
from engagement_api.stream_routes import stream
from engagement_api.trial_routes import experiment, run_this
from engagement_api.trials import Trials
from engagement_api.why_routes import why

PAGE: Final = Path(__file__).parent / "page"
BODY_BYTES: Final = 1024
DECISIONS: Final = 100
SECURITY: Final = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Parts(Struct, frozen=True):
    """What the routes need; the front door, or a test, chooses them."""

    live: Present
    history: Past
    river: River
    onlookers: Onlookers
    meters: Meters
    readiness: Callable[[], Awaitable[Readiness]]
    adapting: Callable[[], bool]
    turn: Callable[[bool], Awaitable[None]]
    kafka: str
    """The address games are told to send to."""
    trials: Trials
    fleet: Asked = nobody
    guarding: Guarding = Guarding()
    gate: Gate | None = None
    """Where remote players' events come in; None: nowhere."""
    failed: Standing = nothing


class Doors(Struct, frozen=True):
    """Where a game finds the stream and the river."""

    kafka: str
    river: str
    events: str
    """Where a player posts events who does not reach Kafka."""


class Switch(Struct, frozen=True, forbid_unknown_fields=True):
    """Whether the river adapts to anybody at all."""

    on: bool


_switch = msgspec.json.Decoder(Switch)


class Player(Struct, frozen=True):
    """What is true of one player now."""

    signals: SignalUpdated
    goal: AdaptationDecided | None


class Liveness(Struct, frozen=True):
    """This process runs."""

    status: str = "alive"


@get("/health", sync_to_thread=False)
def health() -> Liveness:
    """Whether the process answers; it says nothing of what it depends on."""
    return Liveness()


@get("/ready")
async def ready(request: Request[Any, Any, State], state: State) -> Response[Readiness]:
    """Whether every dependency answers: 200, or 503 with the truth about each, of which strangers hear no more."""
    readiness = await _parts(state).readiness()
    said = readiness if may_look(request) else Readiness(readiness.ready, {}, [], "")
    return Response(said, status_code=200 if readiness.ready else 503)


@get("/metrics", sync_to_thread=False, include_in_schema=False)
def metrics(state: State) -> Response[bytes]:
    """The counters, as Prometheus reads them."""
    return Response(_parts(state).meters.exposed(), media_type="text/plain; version=0.0.4; charset=utf-8")


@get("/v1/doors", sync_to_thread=False)
def doors(request: Request[Any, Any, State], state: State) -> Doors:
    """Where to send events and where to hear of goals, as seen from whoever asks."""
    scheme = "wss" if request.url.scheme == "https" else "ws"
    here = f"{request.url.scheme}://{request.url.netloc}"
    return Doors(_parts(state).kafka, f"{scheme}://{request.url.netloc}/v1/river", here + PLACE)


@get("/v1/players")
async def players(state: State) -> list[Player]:
    """The players seen last, newest first, each with the newest belief and the present goal."""
    live = _parts(state).live
    signals = await live.players()
    goals = {goal.subject: goal for goal in await live.goals([signal.subject for signal in signals])}
    return [Player(signal, goals.get(signal.subject)) for signal in signals]


@get("/v1/players/{player:str}")
async def one_player(state: State, player: Name) -> Player:
    """The newest belief about one player, and the present goal."""
    live = _parts(state).live
    signals = await live.signals(player)
    if signals is None:
        raise NotFoundException(detail="Nobody of this name was seen within half an hour.")
    return Player(signals, next(iter(await live.goals([player])), None))


@get("/v1/players/{player:str}/decisions")
async def decisions(
    state: State, player: Name, limit: Annotated[int, Parameter(ge=1, le=1_000)] = DECISIONS
) -> list[AdaptationDecided]:
    """What was decided for one player, newest first, each with its why: `because`, `evidence`, `cause`."""
    return await _parts(state).history.decisions(player, limit)


@get("/v1/adaptation", sync_to_thread=False)
def adaptation(state: State) -> Switch:
    """How the switch stands."""
    return Switch(_parts(state).adapting())


@put("/v1/adaptation")
async def turn(request: Request[Any, Any, State], state: State) -> Switch:
    """Turn adaptation on or off for everybody; every process follows. Read here: Litestar takes a 0 for a false."""
    try:
        asked = _switch.decode(await request.body())
    except msgspec.DecodeError as fault:
        raise ClientException(detail=f'This is no switch: {fault}. It looks like {{"on": true}}.') from fault
    await _parts(state).turn(asked.on)
    return Switch(_parts(state).adapting())


@websocket("/v1/river")
async def river(socket: Socket) -> None:
    """The goals of the players a client follows."""
    await _parts(socket.app.state).river.attend(socket)


def _parts(state: State) -> Parts:
    parts: Parts = state.parts
    return parts


def _away(_request: Request[Any, Any, State], fault: Exception) -> Response[dict[str, str]]:
    """A store did not answer: the asker is told, and may ask again."""
    kind = type(fault).__module__.partition(".")[0]
    return Response({"detail": f"A store is away ({kind}). Ask again later; /ready says which."}, status_code=503)


def _no_text(_request: Request[Any, Any, State], fault: Exception) -> Response[dict[str, str]]:
    """A body that is no UTF-8 is the asker's fault; Litestar, which reads the rest of JSON, lets this one through."""
    return Response({"detail": f"The body is no UTF-8: {fault}."}, status_code=400)


async def _secure(message: Message, _scope: Scope) -> None:
    """Every response says what a browser may do with it; Litestar's own response headers leave out static files."""
    if message["type"] == "http.response.start":
        headers = MutableScopeHeaders.from_message(message)
        for name, value in SECURITY.items():
            headers[name] = value


ROUTES: Final = (
    health, ready, metrics, doors, players, one_player, decisions, adaptation, turn, stream, river, fleet,
    failed, experiment, run_this, why, held, sign_in, stay, tokens, events,
)  # fmt: skip


def make_app(parts: Parts) -> Litestar:
    """The application around these parts; making it opens nothing."""
    expose(parts.meters.registry, parts.fleet)
    expose_failed(parts.meters.registry, parts.failed)
    return Litestar(
        [*ROUTES, create_static_files_router("/", directories=[PAGE], html_mode=True)],
        state=State({"parts": parts}),
        guards=[guard],
        exception_handlers={**dict.fromkeys(AWAY, _away), UnicodeDecodeError: _no_text},
        before_send=[_secure],
        logging_config=None,
        request_max_body_size=BODY_BYTES,
        openapi_config=OpenAPIConfig(
            title="Whitewater engagement API",
            version="1",
            path="/openapi",
            render_plugins=[Described(path=["/", "/openapi.json"])],
        ),
    )
