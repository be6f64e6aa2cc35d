"""`whitewater token`: signed with the keys that are here, and for nobody who cannot be."""

from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from engagement_api.tokens import BadTokenError, Caller, parse_keys, read
from infra.local.secret import keys_of
from whitewater.manners import FailedError
from whitewater.token import Signed, token_of


@pytest.fixture(name="home")
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own, and no keys in the environment."""
    monkeypatch.setenv("WHITEWATER_HOME", str(tmp_path))
    monkeypatch.delenv("WHITEWATER_TOKEN_KEYS", raising=False)
    return tmp_path


def test_a_token_is_signed_with_the_local_stacks_key(home: Path) -> None:
    """The API of this home reads it; one that has the well-known key does not."""
    file = Path(keys_of(home).removeprefix("@"))
    now = datetime.now(UTC)
    assert read(parse_keys(file.read_text().strip()), token_of(), now) == Caller("operator")
    assert read(parse_keys(file.read_text().strip()), token_of("p-1"), now) == Caller("player", "p-1")
    with pytest.raises(BadTokenError):
        read(parse_keys("home:" + "x" * 43), token_of(), now)


def test_the_environment_comes_first(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """WHITEWATER_TOKEN_KEYS is what a server elsewhere was told."""
    keys_of(home)
    said = "elsewhere:" + "k" * 40
    monkeypatch.setenv("WHITEWATER_TOKEN_KEYS", said)
    assert read(parse_keys(said), token_of(), datetime.now(UTC)) == Caller("operator")


@pytest.mark.parametrize("name", ["", "x" * 65])
def test_a_name_that_nobody_may_have_gets_no_token(home: Path, name: str) -> None:
    """One sentence, and the option it is about."""
    assert home.exists()
    with pytest.raises(FailedError, match=r"--player .* is no name of a player"):
        token_of(name)


def shown(address: str) -> list[str | None]:
    """What a closed server at `address` is shown, request by request."""
    seen: list[str | None] = []

    def closed(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers.get("Authorization"))
        return httpx.Response(200 if seen[-1] else 401)

    with httpx.Client(transport=httpx.MockTransport(closed), auth=Signed(address)) as client:
        client.get(address)
    return seen


def test_a_stranger_is_shown_no_token(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Signed with this home's key it would open this home's river; with keys that were named, it is asked for."""
    keys_of(home)
    assert shown("http://elsewhere.example") == [None]
    monkeypatch.setenv("WHITEWATER_TOKEN_KEYS", "elsewhere:" + "k" * 40)
    first, second = shown("http://elsewhere.example")
    assert first is None
    assert second is not None
    assert (
        read(parse_keys("elsewhere:" + "k" * 40), second.removeprefix("Bearer "), datetime.now(UTC)).role == "operator"
    )
