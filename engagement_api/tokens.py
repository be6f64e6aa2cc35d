"""Tokens: who somebody is, signed by us, for ten minutes.

A token is a JSON Web Token (RFC 7519) with HMAC-SHA256. PyJWT does the cryptography; this file pins everything that a
token could otherwise choose for itself: the algorithm, the issuer, the audience, the key by its id, a life of at most
fifteen minutes. Old keys stay readable for as long as they are listed, so that keys can be changed while games play.

It knows neither HTTP nor the boats: who may have a token is asked elsewhere (`gate`), what a role may do as well.

Strange: PyJWT asks the machine's clock. It is told not to look at times at all; they are compared here, with the
moment that was handed in. It is imported when the first token is made or read, because it brings a whole library of
cryptography along, of which HMAC needs nothing.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta, Struct

from contract.envelope import Name

ALGORITHM: Final = "HS256"
ISSUER: Final = "whitewater"
AUDIENCE: Final = "whitewater-river"
LIFE: Final = timedelta(minutes=10)
LONGEST_LIFE: Final = timedelta(minutes=15)
AHEAD: Final = timedelta(seconds=60)
"""How far ahead of ours the clock of another API may be that signed a token; ours."""
TOKEN_CHARACTERS: Final = 1024
"""Our own tokens have about 350; anything longer is not looked at."""
SECRET_CHARACTERS: Final = 32
"""RFC 7518 asks of an HMAC-SHA256 key at least the 256 bits of its output."""
LAPTOP: Final = "laptop:everybody-who-reads-the-source-knows-this-key"
"""The keys when nobody chose any: good for one machine alone, and refused on any other address."""

Role = Literal["player", "operator"]


class Caller(Struct, frozen=True):
    """Who a token speaks for."""

    role: Role
    player: str | None = None
    """The pseudonym, of a player only."""
    signed_in_s: int | None = None
    """When the page's operator signed in, in seconds since 1970; None for a token that was not got by signing in."""


class Key(Struct, frozen=True):
    """A secret that we and nobody else sign with."""

    kid: str
    """Its name, which every token says."""
    secret: str


class BadTokenError(Exception):
    """A token that proves nothing; the text is one sentence that may be told."""


class BadKeysError(ValueError):
    """No keys to sign with; the text says what is wrong, never the secret."""


class _Claims(Struct, frozen=True):
    role: Role
    iat: Annotated[int, Meta(ge=0)]
    exp: Annotated[int, Meta(ge=0)]
    sub: Name | None = None
    auth_time: Annotated[int, Meta(ge=0)] | None = None
    """As in OpenID Connect."""


def issue(keys: Sequence[Key], caller: Caller, now: datetime) -> str:
    """A token for `caller` that holds from `now` for `LIFE`, signed with the first key."""
    import jwt  # noqa: PLC0415 - see above

    now_s = int(now.timestamp())
    claims: dict[str, Any] = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "iat": now_s,
        "exp": now_s + int(LIFE.total_seconds()),
        "role": caller.role,
    }
    if caller.player is not None:
        claims["sub"] = caller.player
    if caller.signed_in_s is not None:
        claims["auth_time"] = caller.signed_in_s
    return jwt.encode(claims, keys[0].secret, ALGORITHM, headers={"kid": keys[0].kid})


def read(keys: Sequence[Key], token: str, now: datetime) -> Caller:
    """Who a token speaks for at `now`. Raises `BadTokenError` for whatever is not wholly as `issue` makes it."""
    import jwt  # noqa: PLC0415 - see above

    if len(token) > TOKEN_CHARACTERS:
        raise BadTokenError(_NO_TOKEN)
    try:
        kid = jwt.get_unverified_header(token).get("kid")
        secret = next((key.secret for key in keys if key.kid == kid), None)
        if secret is None:
            sentence = "This token was signed with no key of ours: ask for a new one."
            raise BadTokenError(sentence)
        claims = jwt.decode(token, secret, [ALGORITHM], audience=AUDIENCE, issuer=ISSUER, options=_TIMES_ARE_OURS)
        said = msgspec.convert(claims, _Claims)
    except (jwt.PyJWTError, msgspec.ValidationError, ValueError, TypeError, RecursionError) as fault:
        raise BadTokenError(_NO_TOKEN) from fault
    return _in_time(said, now)


def _in_time(said: _Claims, now: datetime) -> Caller:
    now_s = now.timestamp()
    if now_s >= said.exp:
        sentence = "This token has expired: ask for a new one."
        raise BadTokenError(sentence)
    if said.exp - said.iat > LONGEST_LIFE.total_seconds() or said.iat > now_s + AHEAD.total_seconds():
        sentence = "This token claims a longer life than any of ours has: ask for a new one."
        raise BadTokenError(sentence)
    if (said.role == "player") != (said.sub is not None):
        raise BadTokenError(_NO_TOKEN)
    return Caller(said.role, said.sub, said.auth_time)


def parse_keys(said: str) -> tuple[Key, ...]:
    """The keys in `kid:secret[,kid:secret]`, the one to sign with first. Raises `BadKeysError`."""
    keys = tuple(Key(kid.strip(), secret.strip()) for kid, _, secret in (one.partition(":") for one in said.split(",")))
    for place, key in enumerate(keys, 1):
        if not key.kid or len(key.secret) < SECRET_CHARACTERS:
            sentence = f"key {place} is not kid:secret with a secret of at least {SECRET_CHARACTERS} characters"
            raise BadKeysError(sentence)
    if len({key.kid for key in keys}) < len(keys):
        sentence = "two keys have the same kid"
        raise BadKeysError(sentence)
    return keys


_NO_TOKEN: Final = "This is no token of ours: ask POST /v1/tokens for one."  # noqa: S105 - a sentence
_TIMES_ARE_OURS: Final[Any] = {
    "require": ["iss", "aud", "iat", "exp", "role"],
    "verify_exp": False,
    "verify_iat": False,
    "verify_nbf": False,
}
