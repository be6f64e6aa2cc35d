"""The environment variables: what one process may tell another before it starts.

Each room declares one frozen struct of at most eight settings, every one with a default that runs on a laptop, and its
front door reads it once. A field `snapshot_s` is the variable `WHITEWATER_SNAPSHOT_S`; a wrong value names itself.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final, TypeVar

import msgspec

PREFIX: Final = "WHITEWATER_"
CUSTOMARY: Final = {"database_url": "DATABASE_URL"}
"""Fields whose variable has a name the whole field knows."""
_S = TypeVar("_S", bound=msgspec.Struct)


class WrongSettingError(ValueError):
    """An environment variable holds something that cannot be used; the text says which, what and what to do."""


def variable(field: str) -> str:
    """The environment variable of a settings field."""
    return CUSTOMARY.get(field, PREFIX + field.upper())


def read_settings(settings: type[_S], environ: Mapping[str, str]) -> _S:
    """`settings` with every field that `environ` names set from it, and the others at their defaults.

    Raises `WrongSettingError` for a value that does not fit its field.
    """
    given = {field: environ[variable(field)] for field in settings.__struct_fields__ if variable(field) in environ}
    for field, value in given.items():
        try:
            msgspec.convert({field: value}, settings, strict=False, dec_hook=_known)
        except msgspec.ValidationError as fault:
            what = str(fault).partition(" - at")[0]
            sentence = f"{variable(field)} is {value!r}: {what}. Correct the variable or unset it."
            raise WrongSettingError(sentence) from fault
    return msgspec.convert(given, settings, strict=False, dec_hook=_known)


def _known(kind: type, value: object) -> object:
    """A folder is written as text, and msgspec knows no paths."""
    if kind is Path:
        return Path(str(value))
    raise TypeError(kind)
