"""A person's own editor as a step of a repair: the bytes go into a file, and what is saved comes back."""

import tempfile
from datetime import datetime
from pathlib import Path

import click

from contract.repair import CannotMendError, Draft, Message
from failures.mend import Step


def edited() -> Step:
    """The step that opens $VISUAL or $EDITOR on each message."""

    def change(draft: Draft, _now: datetime) -> Draft:
        return Draft(tuple(Message(each.key, _by_hand(each.value)) for each in draft.messages), draft.arrived)

    return Step("editor", change)


def _by_hand(value: bytes) -> bytes:
    with tempfile.TemporaryDirectory(prefix="whitewater-") as folder:  # nobody else's: 0700
        file = Path(folder) / "event.json"
        file.write_bytes(value)
        try:
            click.edit(filename=str(file))
            saved = file.read_bytes()
        except (click.ClickException, OSError, ValueError) as fault:
            sentence = f"the editor failed ({fault}): set EDITOR to one that works"
            raise CannotMendError(sentence) from fault
    # Editors end a file with a line break, which nobody typed: an entry that was only looked at must not seem mended.
    return value if saved.rstrip(b"\r\n") == value.rstrip(b"\r\n") else saved.rstrip(b"\r\n")
