"""Sees to it that nothing outlives the supervisor, even one that was killed with -9.

A process of its own, outside the supervisor's process group, that does nothing but wait on a pipe whose other end only
the supervisor holds. The kernel closes that end when the supervisor dies, however it dies; then the warden ends every
process of the group. A supervisor that has already stopped everything says goodbye first.

Started as a plain script without site packages: it must cost nothing and depend on nothing.
"""

import os
import signal
import sys
import time

GOODBYE = b"."
GRACE_S = 5.0
BETWEEN_LOOKS_S = 0.05


def _is_there(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def end(group: int, grace_s: float = GRACE_S) -> None:
    """Every process of `group` is asked to end, and after `grace_s` seconds made to."""
    deadline = time.monotonic() + grace_s
    word = signal.SIGTERM
    while _is_there(group):
        try:
            os.killpg(group, word)
        except ProcessLookupError:
            return
        while _is_there(group) and time.monotonic() < deadline:
            time.sleep(BETWEEN_LOOKS_S)
        if word == signal.SIGKILL:
            return
        word = signal.SIGKILL


def main() -> None:
    """Wait for the end of standard input; then end the group named by the first argument, unless told goodbye."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    if sys.stdin.buffer.read() != GOODBYE:
        end(int(sys.argv[1]))


if __name__ == "__main__":
    main()
