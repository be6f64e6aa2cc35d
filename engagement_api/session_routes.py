"""How the page signs in on a closed river: an operator's token goes in, a cookie that no script reads comes out.

The cookie holds a token of our own as short-lived as any; while the page is open it asks for the next in time, for
half a day at the most: a page that somebody left open, or a cookie that somebody took, ends.
"""

from typing import Any, Final

from litestar import Request, Response, post, put
from litestar.datastructures import Cookie, State
from litestar.exceptions import NotAuthorizedException, PermissionDeniedException
from litestar.params import JSONBody
from msgspec import Struct

from engagement_api.guard import BEARER, COOKIE, guarding, is_from_here
from engagement_api.tokens import LIFE, BadTokenError, Caller, issue, read

BODY_BYTES: Final = 4096
DAY_S: Final = 12 * 3_600
"""After so long one signs in again; ours."""
OPERATORS: Final = "This is no operator's token, or none any more: `whitewater token` prints one where the keys are."
OVER: Final = "Signed in half a day ago: sign in again."
OTHERS: Final = "Only the page itself signs in."
Asked = Request[Any, Any, State]


class SignIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What the page sends."""

    token: str


class SignedIn(Struct, frozen=True):
    """For how long."""

    expires_in: int


@post("/v1/operator/session", status_code=200, request_max_body_size=BODY_BYTES)
async def sign_in(request: Asked, data: JSONBody[SignIn]) -> Response[SignedIn]:
    """Sign the page in with an operator's token."""
    own = guarding(request)
    if not is_from_here(request.headers.get("origin"), request.headers.get("host", "")):
        raise PermissionDeniedException(detail=OTHERS)
    try:
        caller = read(own.keys, data.token.strip(), own.now())
    except BadTokenError as fault:
        raise NotAuthorizedException(detail=OPERATORS, headers=BEARER) from fault
    return _signed_in(request, caller)


@put("/v1/operator/session")
async def stay(request: Asked) -> Response[SignedIn]:
    """Stay signed in: a fresh cookie for whoever still has a good one."""
    return _signed_in(request, request.auth)


def _signed_in(request: Asked, caller: Caller) -> Response[SignedIn]:
    if caller.role != "operator":
        raise PermissionDeniedException(detail=OPERATORS)
    own, life_s = guarding(request), int(LIFE.total_seconds())
    now_s = int(own.now().timestamp())
    since_s = now_s if caller.signed_in_s is None else caller.signed_in_s  # a cookie signed in with is no new day
    if now_s - since_s >= DAY_S:
        raise NotAuthorizedException(detail=OVER, headers=BEARER)
    cookie = Cookie(
        key=COOKIE,
        value=issue(own.keys, Caller("operator", None, since_s), own.now()),
        max_age=life_s,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return Response(SignedIn(life_s), cookies=[cookie])
