"""How the command fails: one sentence saying what, where and what to do, and an exit code that means something.

A traceback is for the log, whose path is printed; it is never the answer to a person.
"""

import signal
import sys
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Final

from contract.environment import WrongSettingError
from infra.local.faults import CannotStartError
from whitewater.settings import home

DONE: Final = 0
BROKEN: Final = 1
"""A fault of this program; its traceback is in the log."""
USAGE: Final = 2
UNREACHABLE: Final = 3
SATURATED: Final = 4
"""The load generator itself could not keep its time: its figures are void."""
THRESHOLD: Final = 99
"""What was to hold did not."""
INTERRUPTED: Final = 130


class FailedError(Exception):
    """The verb could not do what was asked; the text is the whole answer."""

    def __init__(self, sentence: str, code: int = UNREACHABLE) -> None:
        super().__init__(sentence)
        self.code = code


def politely(verb: Callable[[], None]) -> int:
    """Runs `verb`; whatever goes wrong becomes a sentence and an exit code."""
    signal.signal(signal.SIGTERM, _leave)
    try:
        verb()
    except FailedError as fault:
        return _say(str(fault), fault.code)
    except CannotStartError as fault:
        return _say(str(fault), UNREACHABLE)
    except WrongSettingError as fault:
        return _say(str(fault), USAGE)
    except KeyboardInterrupt:
        return _say("Interrupted: whatever this started has ended.", INTERRUPTED)
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else DONE
    except BrokenPipeError:
        sys.stderr.close()  # nobody reads on (`| head`): the interpreter must not complain at its end either
        return DONE
    except Exception as fault:  # noqa: BLE001 - the last fence before a person
        return _say(_unexpected(fault), BROKEN)
    return DONE


def _leave(_number: int, _frame: FrameType | None) -> None:
    """A request to end is a Ctrl-C: event loops know how to end on that one."""
    signal.raise_signal(signal.SIGINT)


def _say(sentence: str, code: int) -> int:
    sys.stderr.write(f"{sentence}\n")
    return code


def _unexpected(fault: Exception) -> str:
    what = f"Something unexpected happened ({type(fault).__name__}: {fault})".splitlines()[0]
    try:
        return f"{what}: the whole story is in {_tell_the_log()}; please report it."
    except OSError:
        return f"{what}, and no log could be written in {home()}: make room there or set WHITEWATER_HOME."


def _tell_the_log() -> Path:
    log = home() / "logs" / "command.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8") as story:
        story.write(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} {' '.join(sys.argv)}\n{traceback.format_exc()}\n")
    return log
