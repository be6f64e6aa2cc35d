"""Every environment variable that can change anything is in .env.example, and there are few of them."""

import ast
import re
from typing import Final

from contract.environment import variable
from tests.house.tree import ROOMS, nodes, python_files, text

MOST: Final = 24
MACHINES_OWN: Final[dict[str, str]] = {
    "SDL_VIDEODRIVER": "SDL's own word for where a window opens; dummy is nowhere",
    "SDL_AUDIODRIVER": "SDL's own word for where sound goes; dummy is nowhere",
    "UV_NO_PROGRESS": "uv's own word for a terminal that wants no moving lines",
}
"""Variables that we read but that are not ours to set, and what they say."""


def settings_variables() -> dict[str, str]:
    """The variable of every field of every room's `Settings`, and the file it is in."""
    return {
        variable(field.target.id): name
        for name in python_files(*ROOMS)
        for thing in nodes(name)
        if isinstance(thing, ast.ClassDef) and thing.name == "Settings"
        for field in thing.body
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
    }


def variables_by_name() -> dict[str, str]:
    """Every variable that code reads by its name, or that the compose file fills in."""
    named = re.compile(r"""(?:environ(?:\.get\(|\[)|getenv\()\s*["'](\w+)["']""")
    filled = re.compile(r"\$\{(\w+)")
    found = {word: name for name in python_files(*ROOMS) for word in named.findall(text(name))}
    return found | dict.fromkeys(filled.findall(text("docker-compose.yml")), "docker-compose.yml")


def listed() -> set[str]:
    """The variables of .env.example, set or commented out."""
    return set(re.findall(r"^#? ?([A-Z][A-Z0-9_]+)=", text(".env.example"), re.MULTILINE))


def test_every_variable_is_listed() -> None:
    """Whoever reads .env.example has seen everything that can be set."""
    used = settings_variables() | variables_by_name()
    assert not {word: name for word, name in used.items() if word not in listed() | set(MACHINES_OWN)}


def test_every_listed_variable_is_used() -> None:
    """Nothing is listed that nothing reads."""
    assert not listed() - set(settings_variables() | variables_by_name())


def test_every_listed_default_is_one_that_code_has() -> None:
    """What .env.example calls the default is the default of a field, or what the compose file falls back on."""
    fields = [
        (variable(field.target.id), str(field.value.value))
        for name in python_files(*ROOMS)
        for thing in nodes(name)
        if isinstance(thing, ast.ClassDef) and thing.name == "Settings"
        for field in thing.body
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        if isinstance(field.value, ast.Constant)
    ]
    known = set(fields) | set(re.findall(r"\$\{(\w+):-([^}]*)\}", text("docker-compose.yml")))
    told = re.findall(r"^#?([A-Z][A-Z0-9_]+)=(.*)$", text(".env.example"), re.MULTILINE)
    assert [pair for pair in told if pair not in known] == [("WHITEWATER_HOME", ".whitewater")]  # a Path, no constant


def test_there_are_few_variables() -> None:
    """At most 24 in the whole system."""
    assert 0 < len(listed()) <= MOST


def test_a_room_has_at_most_eight_settings() -> None:
    """More, and nobody knows what a room can be told."""
    crowded = {
        name: len(fields)
        for name in python_files(*ROOMS)
        for thing in nodes(name)
        if isinstance(thing, ast.ClassDef) and thing.name == "Settings"
        if len(fields := [field for field in thing.body if isinstance(field, ast.AnnAssign)]) > 8
    }
    assert not crowded
