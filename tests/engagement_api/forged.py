"""Tokens made by hand, good ones and all the bad ones: the library that reads them has no part in it."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any, Final

from engagement_api.tokens import Key

NOW: Final = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
KEY: Final = Key("river-1", "a secret of forty letters that nobody has")
ELSEWHERE: Final = Key("river-2", "another secret of forty letters, not ours")
_NOW_S: Final = int(NOW.timestamp())
CLAIMS: Final[dict[str, Any]] = {
    "iss": "whitewater", "aud": "whitewater-river", "iat": _NOW_S - 60, "exp": _NOW_S + 540, "role": "operator",
}  # fmt: skip


def _coded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


def signed(claims: dict[str, Any], header: dict[str, Any] | None = None, secret: str = KEY.secret) -> str:
    """RFC 7515, by hand: two parts and their HMAC-SHA256, whatever the header says of it."""
    head = {"alg": "HS256", "typ": "JWT", "kid": KEY.kid} if header is None else header
    parts = ".".join(_coded(json.dumps(part).encode()) for part in (head, claims))
    return f"{parts}.{_coded(hmac.digest(secret.encode(), parts.encode(), hashlib.sha256))}"


OPERATOR: Final = signed(CLAIMS)


def of(player: str) -> str:
    """A good token of a player."""
    return signed({**CLAIMS, "role": "player", "sub": player})


def _tampered() -> str:
    """The player's token, whose claims were made the operator's afterwards."""
    head, _, signature = of("mine").split(".")
    return f"{head}.{OPERATOR.split('.')[1]}.{signature}"


def _unsigned(algorithm: str) -> str:
    return signed(CLAIMS, {"alg": algorithm, "typ": "JWT", "kid": KEY.kid}).rpartition(".")[0] + "."


BAD: Final[dict[str, str]] = {
    "expired": signed({**CLAIMS, "exp": _NOW_S - 1}),
    "wrong aud": signed({**CLAIMS, "aud": "whitewater"}),
    "no aud": signed({name: value for name, value in CLAIMS.items() if name != "aud"}),
    "wrong iss": signed({**CLAIMS, "iss": "elsewhere"}),
    "alg none": _unsigned("none"),
    "alg None": _unsigned("None"),
    "alg RS256, signed as HS256": signed(CLAIMS, {"alg": "RS256", "typ": "JWT", "kid": KEY.kid}),
    "alg HS512": signed(CLAIMS, {"alg": "HS512", "typ": "JWT", "kid": KEY.kid}),
    "unknown kid": signed(CLAIMS, {"alg": "HS256", "kid": "river-9"}),
    "a kid that is a path": signed(CLAIMS, {"alg": "HS256", "kid": "../../dev/null"}, ""),
    "no kid": signed(CLAIMS, {"alg": "HS256", "typ": "JWT"}),
    "another's key under our kid": signed(CLAIMS, secret=ELSEWHERE.secret),
    "exp too far": signed({**CLAIMS, "exp": _NOW_S + 86_400}),
    "from tomorrow": signed({**CLAIMS, "iat": _NOW_S + 86_400, "exp": _NOW_S + 86_400 + 600}),
    "no exp": signed({name: value for name, value in CLAIMS.items() if name != "exp"}),
    "tampered": _tampered(),
    "a role of its own": signed({**CLAIMS, "role": "admin"}),
    "a player without a name": signed({**CLAIMS, "role": "player"}),
    "no token at all": "let.me.in",
    "nothing": "",
}
"""Each claims to be the operator's where it can, and none may open anything."""
