"""The walls between the rooms hold; pyproject.toml says which, in sentences."""

import tomllib

from importlinter import cli

from tests.house.tree import ROOMS, ROOT, text

LINTER = tomllib.loads(text("pyproject.toml"))["tool"]["importlinter"]


def test_the_walls_between_the_rooms_hold() -> None:
    """import-linter finds no import that goes through a wall."""
    broken = cli.lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)
    assert broken == cli.EXIT_STATUS_SUCCESS, "run lint-imports: it shows the import"


def test_every_room_stands_behind_a_wall() -> None:
    """Each room is in the linter's sight, and there are walls at all."""
    assert set(LINTER["root_packages"]) == set(ROOMS)
    assert len(LINTER.get("contracts", [])) >= 5
