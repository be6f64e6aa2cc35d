"""The containers' key for tokens: made once into a volume, by the only container that may write there.

`python -m infra.keys FOLDER`; what is there already stays, so that tokens outlive a restart.
"""

import sys
from pathlib import Path

from infra.local.secret import keys_of


def main(folder: str) -> int:
    """0 when the key is there."""
    try:
        keys_of(Path(folder))
    except OSError as fault:
        sys.stderr.write(f"No key can be kept in {folder} ({fault.strerror}): give it a folder that it may write.\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
