"""`whitewater token`: signs a token with the keys of this machine, for the page, a game, or a request by hand.

Whoever can read the keys may have any token; so this asks nobody, and no server need run. The other verbs sign one for
themselves when a server is closed: the local stack with its keys, another only with keys that were named for it, so
that no stranger is handed a token that opens this machine's river.
"""

import os
from collections.abc import Generator
from datetime import UTC, datetime
from typing import Annotated

import httpx
import msgspec
import typer
from msgspec import structs

from contract.envelope import Name
from contract.environment import read_settings
from engagement_api.keys import Settings, keys_of
from engagement_api.tokens import Caller, issue
from infra.local import stack
from infra.local.secret import FILE
from whitewater.manners import USAGE, FailedError
from whitewater.settings import home


def token(
    *,
    player: Annotated[str | None, typer.Option(help="A player's, of this name; default: the operator's.")] = None,
) -> None:
    """Print a token that holds for ten minutes, signed with WHITEWATER_TOKEN_KEYS or the local stack's keys."""
    typer.echo(token_of(player))


def token_of(player: str | None = None) -> str:
    """A fresh token of `player`, or of the operator. Raises `FailedError` for a name that none may have."""
    try:
        caller = Caller("operator") if player is None else Caller("player", msgspec.convert(player, Name))
    except msgspec.ValidationError as fault:
        sentence = f"--player {player!r} is no name of a player: {fault}."
        raise FailedError(sentence, USAGE) from fault
    asked, own = read_settings(Settings, os.environ), home() / FILE
    if not asked.token_keys and own.exists():
        asked = structs.replace(asked, token_keys=f"@{own}")
    return issue(keys_of(asked, "127.0.0.1"), caller, datetime.now(UTC))


class Signed(httpx.Auth):
    """Shows the operator's token to the server at `address` once it says that it wants one."""

    def __init__(self, address: str) -> None:
        running = stack.read(home())
        own = running is not None and running.api == address
        self._may = own or bool(read_settings(Settings, os.environ).token_keys)

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Ask, and ask again with a token where nobody comes in without."""
        answer = yield request
        if answer.status_code == httpx.codes.UNAUTHORIZED and self._may:
            request.headers["Authorization"] = f"Bearer {token_of()}"
            yield request
