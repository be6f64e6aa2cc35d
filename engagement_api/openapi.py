"""What the OpenAPI document says of this API besides what Litestar finds out for itself.

Litestar reads signatures. It does not see that our structs take no unknown field, what is in a body that is read by
hand, nor what is answered from places that every request passes: the guard, and stores that are away.
schemathesis holds the running API to all of it (tests/system/test_fuzz_api.py).
"""

from typing import Any, Final

import msgspec
from litestar import Request
from litestar.openapi.plugins import JsonRenderPlugin
from msgspec import Struct

from engagement_api.trial import Trial

EVERYWHERE: Final = {
    "400": "The request is malformed; `detail` says how.",
    "401": "The river is closed, and no token or none that is good was shown.",
    "403": "The token is somebody else's.",
    "503": "A store is away; `/ready` says which.",
}
ANSWERS: Final = {
    ("/v1/players/{player}", "get"): {"404": "Nobody of this name was seen within half an hour."},
    ("/v1/why", "get"): {"404": "Nobody of this name was ever on this river."},
}
BODIES: Final[dict[tuple[str, str], dict[str, Any]]] = {
    ("/v1/adaptation", "put"): {"$ref": "#/components/schemas/Switch"},
    ("/v1/experiment", "put"): {"anyOf": [{"$ref": "#/components/schemas/Trial"}, {"type": "null"}]},
}
"""Bodies that are read by hand, because Litestar would take a 0 for a false."""
STRICT: Final = frozenset({"Switch", "SignIn", "Knock"})
"""Bodies that take no unknown field."""


class Refused(Struct, frozen=True):
    """What is answered when a request is not granted."""

    detail: str
    status_code: int | None = None


class Described(JsonRenderPlugin):
    """Litestar's document, with what it leaves out."""

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        return super().render(request, described(openapi_schema))


def described(document: dict[str, Any]) -> dict[str, Any]:
    """The document with every refusal, and with bodies as strict as they are; what Litestar found stays as it is."""
    _, known = msgspec.json.schema_components([Refused, Trial], ref_template="#/components/schemas/{name}")
    schemas = {**known, **document.get("components", {}).get("schemas", {})}
    for name, schema in schemas.items():
        if schema.get("title", name) in STRICT:
            schemas[name] = {**schema, "additionalProperties": False}
    paths = {
        path: {method: _operation(path, method, each) for method, each in operations.items()}
        for path, operations in document["paths"].items()
    }
    return {**document, "paths": paths, "components": {**document.get("components", {}), "schemas": schemas}}


def _operation(path: str, method: str, found: object) -> object:
    if not isinstance(found, dict):
        return found
    answers = {**EVERYWHERE, **ANSWERS.get((path, method), {})}
    refused = {status: _json(text, {"$ref": "#/components/schemas/Refused"}) for status, text in answers.items()}
    read = BODIES.get((path, method))
    body = {"requestBody": {**_json("What shall hold from now on.", read), "required": True}} if read else {}
    return {**found, **body, "responses": {**refused, **found.get("responses", {})}}


def _json(text: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": text, "content": {"application/json": {"schema": schema}}}
