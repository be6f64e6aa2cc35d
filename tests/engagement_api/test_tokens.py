"""Tokens: what ours say, and that nothing else is believed."""

import base64
import hmac
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

from contract.environment import WrongSettingError
from engagement_api.keys import Settings, keys_of
from engagement_api.tokens import LAPTOP, BadKeysError, BadTokenError, Caller, Key, issue, parse_keys, read

NOW: Final = datetime(2026, 7, 1, 12, 0, 0, tzinfo=UTC)
NOW_S: Final = 1_782_907_200
KEY: Final = Key("k1", "a" * 32)
OLDER: Final = Key("k0", "b" * 32)
MILA: Final = Caller("player", "mila")
CLAIMS: Final[dict[str, object]] = {
    "iss": "whitewater",
    "aud": "whitewater-river",
    "iat": NOW_S,
    "exp": NOW_S + 600,
    "role": "player",
    "sub": "mila",
}


def part(value: object) -> bytes:
    """A JSON value as a part of a token: base64url without padding, as RFC 7515 spells it."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=")


def forged(claims: dict[str, object], *, secret: str = KEY.secret, digest: str = "sha256", **header: object) -> str:
    """A token made by hand, with hmac alone."""
    signed = part({"alg": "HS256", "typ": "JWT", "kid": "k1", **header}) + b"." + part(claims)
    signature = base64.urlsafe_b64encode(hmac.digest(secret.encode(), signed, digest)).rstrip(b"=")
    return (signed + b"." + signature).decode()


def test_a_token_made_by_hand_is_read() -> None:
    """What RFC 7519 and hmac alone make of our claims is a token: ours are what the standard says."""
    assert read([KEY], forged(CLAIMS), NOW) == MILA


def test_what_was_issued_is_read_until_it_expires() -> None:
    """Ten minutes, and not a second more."""
    token = issue([KEY], MILA, NOW)
    assert read([KEY], token, NOW + timedelta(seconds=599)) == MILA
    with pytest.raises(BadTokenError, match="expired"):
        read([KEY], token, NOW + timedelta(seconds=600))


def test_the_first_key_signs_and_every_key_reads() -> None:
    """So keys are changed while games play: the new one goes in front, the old one stays for ten minutes."""
    old, new = issue([OLDER], MILA, NOW), issue([KEY, OLDER], MILA, NOW)
    assert read([KEY, OLDER], old, NOW) == read([KEY], new, NOW) == MILA
    with pytest.raises(BadTokenError, match="no key of ours"):
        read([KEY], old, NOW)


def test_an_operator_has_no_player() -> None:
    """The other role, there and back."""
    assert read([KEY], issue([KEY], Caller("operator"), NOW), NOW) == Caller("operator", None)


@pytest.mark.parametrize(
    "token",
    [
        forged(CLAIMS, secret="c" * 32),
        forged(CLAIMS, digest="sha512", alg="HS512"),
        forged(CLAIMS, alg="none"),
        forged(CLAIMS, alg="none").rpartition(".")[0] + ".",
        forged(CLAIMS, kid=None),
        forged(CLAIMS, kid="k9"),
        forged(CLAIMS, kid=["k1"]),
        forged({**CLAIMS, "iss": "somebody"}),
        forged({**CLAIMS, "aud": "another-river"}),
        forged({**CLAIMS, "exp": NOW_S}),
        forged({**CLAIMS, "exp": NOW_S + 901}),
        forged({**CLAIMS, "iat": NOW_S + 61, "exp": NOW_S + 600}),
        forged({**CLAIMS, "exp": "tomorrow"}),
        forged({**CLAIMS, "role": "captain"}),
        forged({**CLAIMS, "role": "operator"}),
        forged({**CLAIMS, "sub": ""}),
        forged({**CLAIMS, "sub": 7}),
        *(forged({name: CLAIMS[name] for name in CLAIMS if name != missing}) for missing in CLAIMS),
        "",
        "a.b",
        "a.b.c",
        "..",
        "\N{LATIN SMALL LETTER E WITH ACUTE}.\0.\ud800",
        "a" * 100_000,
        part([]).decode() + "." + part([]).decode() + ".",
    ],
)
def test_nothing_else_is_believed(token: str) -> None:
    """Another key, algorithm, issuer, audience or role, a life too long or not begun, a claim missing, or noise."""
    with pytest.raises(BadTokenError, match=r"\.$"):
        read([KEY], token, NOW)


def test_a_changed_claim_breaks_the_signature() -> None:
    """Somebody else's name under a signature that is good for ours."""
    head, _, signature = forged(CLAIMS).split(".")
    with pytest.raises(BadTokenError):
        read([KEY], f"{head}.{part({**CLAIMS, 'sub': 'ada'}).decode()}.{signature}", NOW)


def test_keys_are_read_from_a_line() -> None:
    """Two of them, the one to sign with first."""
    assert parse_keys(f"k1:{'a' * 32}, k0:{'b' * 32}") == (KEY, OLDER)


@pytest.mark.parametrize(
    "line", ["", "k1", "k1:short", f":{'a' * 32}", f"k1:{'a' * 32},", f"k:{'a' * 32},k:{'b' * 32}"]
)
def test_keys_that_would_not_hold_are_refused(line: str) -> None:
    """Without a name, too short, or two of one name; the sentence never shows a secret."""
    with pytest.raises(BadKeysError) as refused:
        parse_keys(line)
    assert "aaa" not in str(refused.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_a_laptop_needs_no_keys(host: str) -> None:
    """The default is good for one machine."""
    assert [*keys_of(Settings(), host)] == [*parse_keys(LAPTOP)]


@pytest.mark.parametrize("said", ["", LAPTOP, f"k1:{'a' * 32},{LAPTOP}"])
def test_the_key_that_everybody_knows_is_refused_elsewhere(said: str) -> None:
    """An API that others can reach has a key of its own, or does not start."""
    with pytest.raises(WrongSettingError, match="everybody knows"):
        keys_of(Settings(token_keys=said), "0.0.0.0")  # noqa: S104 - the address in question


def test_keys_may_stand_in_a_file(tmp_path: Path) -> None:
    """As containers hand secrets over; a file that is not there is one sentence."""
    file = tmp_path / "keys"
    with pytest.raises(WrongSettingError, match="WHITEWATER_TOKEN_KEYS holds no keys"):
        keys_of(Settings(token_keys=f"@{file}"), "::")
    file.write_text(f"k1:{'a' * 32}\n")
    assert [*keys_of(Settings(token_keys=f"@{file}"), "::")] == [KEY]
