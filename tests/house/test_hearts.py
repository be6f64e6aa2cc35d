"""The hearts are pure: no clock, no chance of their own, no disk, no net, no framework; only values and hearts.

Which files are hearts is said the other way round: the doors are listed, each with the libraries it knows, and all the
rest is held to be pure. So a new file is a heart until somebody argues that it is a door.
"""

import ast
import re
import sys
from fnmatch import fnmatch
from typing import Final

from tests.house.tree import ROOMS, module_of, nodes, parsed, python_files

DOORS: Final[dict[str, str]] = {
    "*/__main__.py": "*",
    "contract/describe.py": "",
    "game_client/drawing/*.py": "pygame",
    "game_client/screen.py": "pygame",
    "game_client/sound.py": "pygame",
    "game_client/pads.py": "pygame",
    "game_client/screenshots.py": "pygame",
    "game_client/keep.py": "",
    "game_client/follow.py": "websockets",
    "game_client/telemetry.py": "httpx uvloop",
    "bots/child.py": "uvloop",
    "bots/families.py": "",
    "bots/fleet.py": "uuid_utils",
    "bots/ledger.py": "aiokafka",
    "bots/log.py": "aiokafka",
    "bots/outing.py": "",
    "bots/processes.py": "",
    "bots/seats.py": "uuid_utils",
    "faults/__main__.py": "",
    "faults/ashore.py": "",
    "faults/crowd.py": "",
    "faults/game.py": "",
    "faults/sleepers.py": "",
    "faults/gather.py": "aiokafka httpx",
    "faults/harm.py": "psutil",
    "faults/postgres.py": "",
    "faults/proxy.py": "",
    "faults/record.py": "websockets",
    "faults/run.py": "",
    "faults/site.py": "psutil",
    "faults/watch.py": "httpx",
    "load/hlog.py": "",
    "load/kill.py": "psutil",
    "load/page.py": "plotly",
    "load/plan.py": "",
    "load/probes.py": "aiokafka psutil",
    "load/run.py": "",
    "load/seek.py": "",
    "failures/mapping.py": "jq",
    "failures/replay.py": "",
    "failures/topic.py": "aiokafka",
    "privacy/erase.py": "aiokafka",
    "privacy/logs.py": "aiokafka",
    "privacy/settings.py": "aiokafka",
    "recording/file.py": "zstandard",
    "recording/hear.py": "aiokafka",
    "recording/send.py": "",
    "producers/emitter.py": "",
    "producers/gateway.py": "httpx",
    "producers/kafka.py": "aiokafka",
    "producers/passes.py": "httpx",
    "producers/spool.py": "",
    "processors/app.py": "aiokafka faust mode",
    "processors/batching.py": "aiokafka faust mode",
    "processors/guest.py": "aiokafka faust mode",
    "processors/recovery.py": "aiokafka faust",
    "processors/watchdog.py": "aiokafka",
    "processors/tell.py": "aiokafka",
    "processors/describe.py": "pkgutil",
    "processors/logbook.py": "aiokafka",
    "processors/health.py": "aiohttp prometheus_client",
    "engagement_api/app.py": "litestar",
    "engagement_api/river.py": "litestar",
    "engagement_api/openapi.py": "litestar",
    "engagement_api/wire.py": "uvicorn websockets",
    "engagement_api/channels.py": "redis",
    "engagement_api/live.py": "redis",
    "engagement_api/ports.py": "aiokafka redis sqlalchemy",
    "engagement_api/history.py": "sqlalchemy",
    "engagement_api/counting.py": "sqlalchemy",
    "engagement_api/forgetting.py": "sqlalchemy",
    "engagement_api/held_routes.py": "litestar",
    "engagement_api/tables.py": "sqlalchemy",
    "engagement_api/migrate.py": "alembic sqlalchemy",
    "engagement_api/kafka.py": "aiokafka",
    "engagement_api/meters.py": "prometheus_client",
    "engagement_api/followers.py": "",
    "engagement_api/onlookers.py": "",
    "engagement_api/failed_hear.py": "aiokafka",
    "engagement_api/failed_routes.py": "litestar prometheus_client",
    "engagement_api/fleet_routes.py": "litestar prometheus_client",
    "engagement_api/roster.py": "aiokafka",
    "engagement_api/readiness.py": "",
    "engagement_api/listen.py": "",
    "engagement_api/keep.py": "",
    "engagement_api/published.py": "",
    "engagement_api/learning.py": "",
    "engagement_api/looking.py": "",
    "engagement_api/switch.py": "",
    "experiments/report.py": "numpy",
    "experiments/folder.py": "numpy",
    "experiments/calibrate.py": "numpy rich",
    "experiments/runner.py": "",
    "engagement_api/trials.py": "",
    "engagement_api/trial_routes.py": "litestar",
    "engagement_api/why_routes.py": "litestar",
    "engagement_api/keys.py": "",
    "engagement_api/gate_routes.py": "litestar",
    "engagement_api/post.py": "aiokafka",
    "engagement_api/prompt.py": "h11 uvicorn",
    "engagement_api/rates.py": "limits",
    "engagement_api/serving.py": "litestar uvicorn",
    "engagement_api/stream_routes.py": "litestar",
    "engagement_api/guard.py": "litestar",
    "engagement_api/session_routes.py": "litestar",
}
"""Every door, and the libraries it knows; a front door may know any (`*`), for it chooses the real things.

A file not listed is a heart; `whitewater` and `infra` are all doors.
"""
HOUSES_OF_DOORS: Final = ("whitewater", "infra")

PURE: Final = {
    "__future__", "base64", "bisect", "collections", "contextlib", "copy", "dataclasses", "datetime", "enum",
    "functools", "hashlib", "hdrh", "heapq", "html", "itertools", "json", "math", "msgspec", "operator", "pathlib",
    "random", "re", "statistics", "string", "struct", "types", "typing", "uuid", "xml", "zlib",
}  # fmt: skip
"""What a heart may import besides hearts; `random`, `datetime`, `pathlib` and `uuid` for their types, see `ASKING`."""
RECKONING: Final = {
    "experiments/*.py": "numpy scipy statsmodels lifelines",  # statistics by libraries that others have checked
    "engagement_api/tokens.py": "jwt",  # signatures, with the moment handed in
    "*/fleet.py": "datasketches",  # sketches as everybody else's tools write them
}
"""Libraries that only reckon, and the hearts that may reckon with them; their dice are handed in like all others."""
ASKING: Final = re.compile(
    r"open|print|input|exec|eval|(.*\.)?(datetime\.(now|utcnow|today)|date\.today|uuid1|uuid4)|random\.[a-z]\w*"
    r"|.*\.(read_text|read_bytes|write_text|write_bytes|mkdir|unlink|exists|glob|iterdir)"
)
"""Calls that ask the world. A clock or dice that were handed in go by other names and may be asked."""

WALLED: Final = [name for name in python_files(*ROOMS) if name.split("/")[0] not in HOUSES_OF_DOORS]
HEARTS: Final = [name for name in WALLED if not any(fnmatch(name, door) for door in DOORS)]
FRONT: Final = {module_of(name) for name in WALLED} - {module_of(name) for name in HEARTS}


def imported(name: str) -> set[str]:
    """The modules that a file imports, in full."""
    found: set[str] = set()
    for node in nodes(name):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def test_every_door_is_found() -> None:
    """A door that is gone is taken off the table."""
    assert not [door for door in DOORS if not any(fnmatch(name, door) for name in WALLED)]


def allowed(name: str, table: dict[str, str]) -> set[str]:
    """The libraries that a table of file patterns gives to a file."""
    return {library for files, libraries in table.items() if fnmatch(name, files) for library in libraries.split()}


def roots(name: str) -> set[str]:
    """The libraries that a file imports, but for our own rooms and what is pure."""
    return {word.split(".")[0] for word in imported(name)} - PURE - set(ROOMS)


def test_a_heart_imports_only_hearts() -> None:
    """Of our own code other hearts, of the library what is pure."""
    foreign = {name: roots(name) - allowed(name, RECKONING) | imported(name) & FRONT for name in HEARTS}
    assert not {name: libraries for name, libraries in foreign.items() if libraries}


def test_a_door_knows_the_libraries_it_is_there_for() -> None:
    """Those in its line of the table and the standard library, no others."""
    known = {name: allowed(name, DOORS) for name in WALLED if name not in HEARTS}
    foreign = {name: roots(name) - sys.stdlib_module_names - known[name] for name in known if known[name] != {"*"}}
    assert not {name: libraries for name, libraries in foreign.items() if libraries}


def test_a_heart_asks_nobody_for_time_or_chance() -> None:
    """Both are handed in, so the same input gives the same answer."""
    calls = [(name, node) for name in HEARTS for node in nodes(name) if isinstance(node, ast.Call)]
    assert not {
        (name, ast.unparse(node))
        for name, node in calls
        if ASKING.fullmatch(ast.unparse(node.func)) or ast.unparse(node) == "random.Random()"
    }


def test_a_heart_keeps_nothing_between_calls() -> None:
    """No `global`, and no list, dict or set at the top of the file that is not marked as final."""
    kept = [(name, ast.unparse(node)) for name in HEARTS for node in nodes(name) if isinstance(node, ast.Global)]
    kept += [
        (name, ast.unparse(node))
        for name in HEARTS
        for node in parsed(name).body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.List | ast.Dict | ast.Set)
        if not any(ast.unparse(target).startswith("__") for target in node.targets)
    ]
    assert not kept
