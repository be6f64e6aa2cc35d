"""The key that this home's API signs tokens with: made once, readable by its owner alone.

A stack that everybody on this machine can reach is not one that everybody may be anybody in.
"""

import os
import secrets
from pathlib import Path
from typing import Final

FILE: Final = "token.keys"


def keys_of(home: Path) -> str:
    """`@` and the file that holds the key, as the API takes it; made when there is none."""
    file = (home / FILE).resolve()
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as fresh:
            fresh.write(f"home:{secrets.token_urlsafe(32)}\n")
    except FileExistsError:
        pass
    return f"@{file}"
