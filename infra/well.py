"""Asks a part of the stack how it is: the health check of the containers, which have Python but no curl.

`python -m infra.well URL` exits with 0 if the address answers 200, and says in a line why not.
"""

import sys
import urllib.error
import urllib.request

TIMEOUT_S = 3.0


def main(url: str) -> int:
    """0 if `url` answers 200, else 1."""
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT_S):  # noqa: S310 - the address is the compose file's own
            return 0
    except (urllib.error.URLError, OSError) as fault:
        sys.stderr.write(f"{url}: {fault}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
