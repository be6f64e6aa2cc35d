"""Refused messages in words: tables and JSON of `whitewater failed`.

What a stranger sent goes to a terminal only through `safe`: an escape sequence in a player's name is shown, not obeyed.
"""

import base64
from collections.abc import Iterator, Sequence
from typing import Any, Final

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from failures.ledger import Ledger, Settled, Wanted
from failures.mend import Left, Mended, Refusal
from failures.replay import Outcome

LONGEST: Final = 4_000
"""Characters of a message that are shown; --json has all of it."""
SHORT: Final = 240
"""Of a change that is shown."""
BEFORE: Final = 40
"""Of what stands before a change and stays."""
WIDE: Final = 200


def safe(said: str | bytes | None) -> str:
    """Text that a terminal prints and does not obey: whatever is not printable is escaped, as Python writes it."""
    if said is None:
        return "none"
    text = said.decode(errors="backslashreplace") if isinstance(said, bytes) else said
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)


def short(said: str | bytes, longest: int) -> str:
    """The beginning of it, and how much is missing."""
    text = safe(said)
    return text if len(text) <= longest else f"{text[:longest]} … and {len(text) - longest} characters more"


def overview(ledger: Ledger, wanted: Wanted, newest: Sequence[Refusal]) -> Iterator[RenderableType]:
    """Counts by reason, and the newest open entries."""
    counts = ledger.counts(wanted)
    if not counts:
        yield "Nothing was refused."
    else:
        table = Table("reason", box=None, padding=(0, 2))
        for name in ("failed", "open", "settled"):
            table.add_column(name, justify="right")
        for reason, (left, settled) in counts.items():
            table.add_row(reason.value, str(left + settled), str(left), str(settled))
        yield table
    if newest:
        yield "open, newest first:"
    for refusal in newest:
        told = refusal.told
        line = f"{told.id}  {told.time:%Y-%m-%d %H:%M:%S}  {told.data.reason.value}  {told.subject}: {told.data.detail}"
        yield Text(short(line, WIDE))
    if ledger.foreign:
        yield f"{ledger.foreign} records are neither a refusal nor a settlement"


def entry(refusal: Refusal, settled: Settled | None) -> str:
    """One entry, whole but for bytes beyond `LONGEST`."""
    told = refusal.told
    data, original = told.data, told.data.original
    stands = "open" if settled is None else f"{settled.how} at {settled.time:%Y-%m-%d %H:%M:%S} UTC by {settled.by}"
    rows = (
        ("id", told.id),
        ("reason", data.reason.value),
        ("detail", data.detail),
        ("key", refusal.key),
        ("place", f"{data.topic}, partition {data.partition}, offset {data.offset}, position {data.position}"),
        ("refused", f"{told.time:%Y-%m-%d %H:%M:%S} UTC by {told.source}"),
        ("stands", stands),
        ("original", f"{len(original)} bytes"),
    )
    return "\n".join([*(f"{name:<10}{safe(value)}" for name, value in rows), short(original, LONGEST)])


def became(refusal: Refusal, made: Mended | Left) -> str:
    """Before and after, or why it stays open."""
    told = refusal.told
    if isinstance(made, Left):
        return f"{safe(told.id)} stays open: {made.reason.value}, {safe(made.detail)}"
    before = told.data.original
    from_ = 0
    if len(made.messages) == 1 and made.messages[0].value != before:
        from_ = max(_alike(before, made.messages[0].value) - BEFORE, 0)
    rows = [f"  - {_sent(refusal.key, before, from_)}"]
    rows += [f"  + {_sent(each.key, each.value, from_)}" for each in made.messages]
    return "\n".join([safe(told.id), *rows])


def _alike(one: bytes, other: bytes) -> int:
    """How many bytes both begin with."""
    pairs = zip(one, other, strict=False)
    return next((place for place, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _sent(key: bytes | None, value: bytes, from_: int) -> str:
    return f"key {safe(key)}, {len(value)} bytes: {'… ' if from_ else ''}{short(value[from_:], SHORT)}"


def outcome(found: Outcome, *, dry_run: bool) -> str:
    """What a replay came to."""
    done = "would be replayed" if dry_run else "replayed"
    return f"{found['replayed']} {done} in {found['events']} events, {found['left']} stay open"


def listed(ledger: Ledger, wanted: Wanted, newest: Sequence[Refusal]) -> dict[str, Any]:
    """The overview for a program."""
    counts = ledger.counts(wanted)
    return {
        "failed": sum(left + settled for left, settled in counts.values()),
        "open": sum(left for left, _ in counts.values()),
        "settled": sum(settled for _, settled in counts.values()),
        "foreign": ledger.foreign,
        "reasons": {reason.value: {"open": left, "settled": settled} for reason, (left, settled) in counts.items()},
        "newest": [as_json(refusal, None) for refusal in newest],
    }


def as_json(refusal: Refusal, settled: Settled | None) -> dict[str, Any]:
    """An entry for a program; bytes are base64."""
    told = refusal.told
    key = None if refusal.key is None else base64.b64encode(refusal.key).decode()
    return {
        "id": told.id,
        "reason": told.data.reason.value,
        "detail": told.data.detail,
        "key": key,
        "subject": told.subject,
        "topic": told.data.topic,
        "partition": told.data.partition,
        "offset": told.data.offset,
        "position": told.data.position,
        "refused": told.time.isoformat(),
        "original": base64.b64encode(told.data.original).decode(),
        "settled": None
        if settled is None
        else {"how": settled.how, "by": settled.by, "time": settled.time.isoformat()},
    }
