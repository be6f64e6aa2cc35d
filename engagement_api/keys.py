"""What the API is told about its doors: the keys it signs with, and whether strangers may come in.

It only finds and checks; what a caller may do is said in `access`. A key that everybody knows is refused on every
address but this machine's own, before anything listens.
"""

from collections.abc import Sequence
from ipaddress import ip_address
from pathlib import Path
from typing import Literal

from msgspec import Struct

from contract.environment import WrongSettingError
from engagement_api.tokens import LAPTOP, BadKeysError, Key, parse_keys


class Settings(Struct, frozen=True):
    """What this room reads about its doors, beside what the front door reads."""

    token_keys: str = ""
    """`kid:secret[,kid:secret]`, or `@` and the file that holds it; empty: the laptop's key, which is no secret."""
    access: Literal["", "open", "closed"] = ""
    """Empty: open on this machine's own address, closed on any other."""
    origins: str = ""
    """Web origins that may open a river besides the server's own, with commas between."""


def keys_of(settings: Settings, api_host: str) -> Sequence[Key]:
    """The keys to sign and to read with. Raises `WrongSettingError` where there are none, or none that are secret."""
    said, where = settings.token_keys, "WHITEWATER_TOKEN_KEYS"
    if not said and not is_own(api_host):
        sentence = (
            f"{where} is not set, and {api_host} is not this machine's own address: everybody knows the default key. "
            'Set it to a name and at least 32 random characters ("kid:secret"), or to @FILE.'
        )
        raise WrongSettingError(sentence)
    try:
        if said.startswith("@"):
            said = Path(said[1:]).read_text("utf-8").strip()
        keys = parse_keys(said or LAPTOP)
    except (OSError, ValueError) as fault:
        why = fault if isinstance(fault, BadKeysError) else type(fault).__name__
        sentence = f"{where} holds no keys ({why}). Correct the variable, the file that it names, or unset it."
        raise WrongSettingError(sentence) from fault
    if not is_own(api_host) and {key.secret for key in keys} & {key.secret for key in parse_keys(LAPTOP)}:
        sentence = f"{where} holds the key that everybody knows, and {api_host} is not this machine's own address."
        raise WrongSettingError(sentence)
    return keys


def is_own(host: str) -> bool:
    """Whether only this machine can reach what listens on `host`."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
