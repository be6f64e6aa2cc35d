"""The guard at every route: reads who asks, and lets the table of `access` answer.

A token comes in the header `Authorization: Bearer`, or, from the page, in a cookie that scripts cannot read. A browser
sends a cookie by itself, also for a page that another program on this machine serves: so it counts for reading, and
for a change only when our own page asks for it.

Strange: an open river is called by an address, by a name without a dot, or by a name that was listed. A page from
anywhere can have its own name lead here (*DNS rebinding*), and would then pass for ours: such a name has a dot.
"""

from collections.abc import Collection
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urlsplit

from litestar.connection import ASGIConnection
from litestar.exceptions import ClientException, NotAuthorizedException, PermissionDeniedException
from litestar.handlers.base import BaseRouteHandler

from engagement_api.access import RULES, Guarding, answer
from engagement_api.keys import Settings, is_own, keys_of
from engagement_api.tokens import BadTokenError, Caller, read

Connection = ASGIConnection[Any, Any, Any, Any]
COOKIE: Final = "whitewater"
NO_TOKEN: Final = "This river is closed: show a token (`Authorization: Bearer`); the page asks for one, too."  # noqa: S105 - a sentence
NOT_YOURS: Final = "This token does not open that: a player's opens the river of its own player alone."
NO_NAME: Final = "No player is called so: a name holds no zero character, which PostgreSQL cannot even be asked about."
FOREIGN: Final = "An open river is called by its address, or by a name that is listed in WHITEWATER_ORIGINS."
BEARER: Final = {"WWW-Authenticate": "Bearer"}


def guarded(settings: Settings, api_host: str) -> Guarding:
    """What to guard an application on `api_host` with. Raises `WrongSettingError` where its keys are no good."""
    access = settings.access or ("open" if is_own(api_host) else "closed")
    origins = frozenset(origin.strip().rstrip("/") for origin in settings.origins.split(",") if origin.strip())
    return Guarding(
        access=access,
        keys=tuple(keys_of(settings, api_host)),
        origins=origins,
        hosts=frozenset(urlsplit(origin).hostname or "" for origin in origins) if access == "open" else None,
        now=lambda: datetime.now(UTC),
    )


def guarding(connection: Connection) -> Guarding:
    """What the doors of this application are guarded with."""
    found: Guarding = connection.app.state.parts.guarding
    return found


async def guard(connection: Connection, _handler: BaseRouteHandler) -> None:
    """Let the caller in, who is `auth` from here on, or raise what becomes 401 or 403."""
    scope = connection.scope
    route = f"{scope.get('method', 'WEBSOCKET')} {scope['path_template']}"
    own = guarding(connection)
    if not is_called(connection.headers.get("host", ""), own.hosts):
        raise PermissionDeniedException(detail=FOREIGN)
    try:
        caller = who(connection, own)
    except BadTokenError as fault:
        if RULES.get(route) != "anybody":
            raise NotAuthorizedException(detail=str(fault), headers=BEARER) from fault
        caller = None  # whoever comes for a fresh token may still hold the old one
    scope["auth"] = caller
    in_path = connection.path_params.get("player")
    asked = connection.query_params.getall("player", []) if in_path is None else [in_path]
    match answer(own.access, caller, route, asked):
        case "who are you":
            raise NotAuthorizedException(detail=NO_TOKEN, headers=BEARER)
        case "not yours":
            raise PermissionDeniedException(detail=NOT_YOURS)
        case "come in" if any("\0" in name for name in asked):
            raise ClientException(detail=NO_NAME)
        case "come in":
            return


def who(connection: Connection, own: Guarding) -> Caller | None:
    """Who asks: by the header, else by the page's cookie, else nobody.

    Raises `BadTokenError` for a header that is no good. A cookie that is no good is none: a browser cannot leave it
    out, and an open page would be shut out of an open river by what it got yesterday.
    """
    header = connection.headers.get("authorization")
    if header is not None:
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer":
            sentence = "The header Authorization has another scheme than Bearer."
            raise BadTokenError(sentence)
        return read(own.keys, token.strip(), own.now())
    cookie = connection.cookies.get(COOKIE)
    if cookie is None or not _may_be_the_page(connection):
        return None
    try:
        return read(own.keys, cookie, own.now())
    except BadTokenError:
        return None


def may_look(connection: Connection) -> bool:
    """Whether whoever asks at a route for anybody may see there what is the operator's."""
    caller: Caller | None = connection.scope["auth"]
    return guarding(connection).access == "open" if caller is None else caller.role == "operator"


def is_from_here(origin: str | None, host: str, allowed: Collection[str] = ()) -> bool:
    """Whether a page of `origin` may talk to us: a game has none, our own page has our `host`, others are listed."""
    return origin is None or origin in allowed or urlsplit(origin).netloc == host != ""


def is_called(host: str, names: Collection[str] | None) -> bool:
    """Whether a request's Host is one of `names`, or cannot be somebody's on the Internet; no browser sends none."""
    if names is None:
        return True
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return "." not in name or name in names or bool(ip_address(name))
    except ValueError:
        return False


def _may_be_the_page(connection: Connection) -> bool:
    method = connection.scope.get("method", "WEBSOCKET")
    if method in ("GET", "HEAD"):
        return True
    origin = connection.headers.get("origin")
    return method == "PUT" and origin is not None and is_from_here(origin, connection.headers.get("host", ""))
