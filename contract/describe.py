"""The contract as documents for those who do not read Python: JSON Schema, AsyncAPI, tables.

`python -m contract.describe` writes docs/schemas, docs/asyncapi.yaml and the generated parts of docs/contract.md from
the types; a test compares, so the documents cannot say anything the code does not. It knows nothing of who sends or
reads: that is said once, in `TRAFFIC`. Strange: the sentences under fields are not kept by Python at run time, so they
are read out of the source files of this package.
"""

import ast
import inspect
import re
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import msgspec

from contract import adaptations, codec, envelope, events, failures, fleet, signals, topics
from contract.asyncapi import asyncapi
from contract.envelope import TYPE_PREFIX, Envelope
from contract.events import EVENT_OF, FACTS

COMMAND: Final = "python -m contract.describe"
DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
TYPES: Final[dict[str, type[Envelope]]] = {kind: EVENT_OF[fact] for kind, fact in FACTS.items()} | {
    "signal.updated": signals.SignalUpdated,
    "adaptation.decided": adaptations.AdaptationDecided,
    "event.failed": failures.EventFailed,
    "failure.settled": failures.FailureSettled,
    "fleet.told": fleet.FleetTold,
}
"""Every message type, by its name without the prefix."""

LIMITS: Final = {
    "bytes in one event": codec.EVENT_BYTES,
    "bytes in one Kafka message": codec.MESSAGE_BYTES,
    "events in one Kafka message": codec.MESSAGE_EVENTS,
    "days an event may be old": codec.OLDEST.days,
    "minutes an event may lie ahead": codec.NEWEST.seconds // 60,
}
_PART: Final = re.compile(r"(<!-- made: (\w+) -->\n).*?(\n<!-- end -->)", re.DOTALL)


def schema_of(kind: str) -> dict[str, Any]:
    """The JSON Schema of one type; its `$id` is the path that the type's messages carry as `dataschema`."""
    (root,), named = msgspec.json.schema_components([TYPES[kind]], ref_template="#/$defs/{name}")
    own = named.pop(root["$ref"].rpartition("/")[2])
    for name, schema in named.items():
        _say_what_fields_mean(name, schema)
    _say_what_fields_mean("Event" if "sessionid" in own["properties"] else own["title"], own)
    own["description"] = own.get("description") or named[FACTS[kind].__name__]["description"]
    own["title"] = TYPE_PREFIX + kind
    where = own["properties"]["dataschema"]["default"]
    return {"$schema": DIALECT, "$id": where, **own, "$defs": named}


def documents(root: Path) -> dict[Path, str]:
    """Every generated file under `root` and what it should hold now."""
    found = {root / f"docs/schemas/{kind}/1.json": _json(schema_of(kind)) for kind in TYPES}
    found[root / "docs/asyncapi.yaml"] = _yaml(asyncapi({kind: schema_of(kind)["description"] for kind in TYPES}))
    page = root / "docs/contract.md"
    found[page] = fill(page.read_text(encoding="utf-8"), {"types": _types(), "topics": _topics(), "limits": _limits()})
    return found


def fill(page: str, parts: Mapping[str, str]) -> str:
    """`page` with each `<!-- made: NAME -->` part holding what `parts` has for it."""
    return _PART.sub(lambda found: found[1] + parts[found[2]] + found[3], page)


def _json(document: object) -> str:
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"


def _yaml(document: object) -> str:
    return f"# Made by {COMMAND}; change the types, then run it.\n" + msgspec.yaml.encode(document).decode()


@cache
def _meanings() -> dict[tuple[str, str], str]:
    """The sentence written under each field, by class and field."""
    found = {}
    for module in (envelope, events, signals, adaptations, failures, fleet):
        for thing in ast.parse(inspect.getsource(module)).body:
            if isinstance(thing, ast.ClassDef):
                found.update({(thing.name, field): text for field, text in _sentences(thing)})
    return found


def _sentences(thing: ast.ClassDef) -> list[tuple[str, str]]:
    return [
        (field.target.id, after.value.value)
        for field, after in zip(thing.body, thing.body[1:], strict=False)
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) and isinstance(after.value.value, str)
    ]


def _say_what_fields_mean(name: str, schema: dict[str, Any]) -> None:
    meanings = _meanings()
    for field, rules in schema.get("properties", {}).items():
        text = meanings.get((name, field)) or meanings.get(("Envelope", field))
        if text and "$ref" not in rules:
            rules["description"] = text


def _types() -> str:
    rows = ["| type | meaning | data |", "| --- | --- | --- |"]
    for kind, message in TYPES.items():
        payload = _payload(message)
        fields = ", ".join(f"`{field}`" for field in payload.__struct_fields__) or "nothing"
        sentence = (inspect.getdoc(payload) or "").partition("\n")[0]
        rows.append(f"| [`{TYPE_PREFIX}{kind}`](schemas/{kind}/1.json) | {sentence} | {fields} |")
    return "\n".join(rows)


def _payload(message: type[Envelope]) -> type[msgspec.Struct]:
    (data,) = (field.type for field in msgspec.structs.fields(message) if field.name == "data")
    return data  # type: ignore[no-any-return]  # a field's type is known as Any; ours are structs


def _topics() -> str:
    rows = ["| topic | key | partitions | clean-up | kept | largest message | why |", "| --- " * 7 + "|"]
    rows += [
        f"| `{topic.name}` | {topic.key} | {topic.partitions} | {topic.cleanup} "
        f"| {topic.retention_ms // topics.DAY_MS} d | {topic.message_bytes // topics.MEBIBYTE} MiB "
        f"| {topic.why} |"
        for topic in topics.TOPICS
    ]
    return "\n".join(rows)


def _limits() -> str:
    rows = [f"| {name} | {value:,} |" for name, value in LIMITS.items()]
    return "\n".join(["| limit | value |", "| --- | --- |", *rows])


def write(found: Mapping[Path, str], root: Path) -> None:
    """Write every document whose text has changed, and say which."""
    for path, text in found.items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            sys.stdout.write(f"wrote {path.relative_to(root)}\n")


def main(root: Path) -> None:
    """Write what the contract says of itself."""
    write(documents(root), root)


if __name__ == "__main__":
    main(Path(__file__).resolve().parents[1])
