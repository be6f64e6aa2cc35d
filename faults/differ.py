"""Where two values first differ, said so that a reader can go there: `heard[0].events is 41 and not 42`."""

from typing import Any, Final

from msgspec import Struct

LONGEST: Final = 60


def first_difference(ours: Any, due: Any, at: str = "") -> str | None:  # noqa: ANN401 - any two values
    """The first place, in the order of the fields, at which `ours` is not `due`; None where they are equal."""
    if ours == due:
        return None
    if isinstance(ours, Struct) and type(ours) is type(due):
        for name in ours.__struct_fields__:
            if found := first_difference(getattr(ours, name), getattr(due, name), f"{at}.{name}" if at else name):
                return found
    if isinstance(ours, list | tuple) and isinstance(due, list | tuple):
        if len(ours) != len(due):
            return f"{at} has {len(ours)} entries and not {len(due)}"
        for number, (one, other) in enumerate(zip(ours, due, strict=True)):
            if found := first_difference(one, other, f"{at}[{number}]"):
                return found
    return f"{at or 'it'} is {_short(ours)} and not {_short(due)}"


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= LONGEST else text[:LONGEST] + "..."
