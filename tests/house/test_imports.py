"""The walls between the rooms hold; pyproject.toml says which, in sentences."""

import subprocess
import sys
import tomllib

from tests.house.tree import ROOMS, ROOT, text

LINTER = tomllib.loads(text("pyproject.toml"))["tool"]["importlinter"]


def test_the_walls_between_the_rooms_hold() -> None:
    """import-linter finds no import that goes through a wall.

    It runs as the program it is: inside this process it would switch off every logger that other tests listen to.
    """
    linter = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]
    found = subprocess.run([*linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout


def test_every_room_stands_behind_a_wall() -> None:
    """Each room is in the linter's sight, and there are walls at all."""
    assert set(LINTER["root_packages"]) == set(ROOMS)
    assert len(LINTER.get("contracts", [])) >= 5
