"""A person's repair: a jq filter from what was refused to what is to be sent.

The filter is given the message as JSON, or as one string where it is no JSON (`fromjson` comes after the mending), and
gives the message that is to be sent, or several. An array stays one message.

Strange: JSON is not carried through untouched. Of a key that stands twice the last one arrives, and whole numbers
beyond 2^53 are rounded, as JavaScript does it; no event has such numbers.
"""

import json
from datetime import datetime

import jq

from contract.repair import CannotMendError, Draft, Message
from failures.mend import Step


class NoFilterError(ValueError):
    """The text is no jq filter; it says where it is wrong."""


def mapped(text: str) -> Step:
    """The step that runs this filter. Raises `NoFilterError`."""
    try:
        program = jq.compile(text)
    except ValueError as fault:
        raise NoFilterError(_one_line(fault)) from fault

    def change(draft: Draft, _now: datetime) -> Draft:
        messages: list[Message] = []
        for message in draft.messages:
            try:
                given = program.input_text(json.dumps(_read(message.value))).all()
                messages += [Message(message.key, _written(each)) for each in given]
            except (ValueError, RecursionError) as fault:
                sentence = f"the filter fails on it: {_one_line(fault)}"
                raise CannotMendError(sentence) from fault
        return Draft(tuple(messages), draft.arrived)

    return Step("map", change)


def _read(value: bytes) -> object:
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value.decode(errors="replace")


def _written(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _one_line(fault: BaseException) -> str:
    return " ".join(str(fault).split())[:200]
