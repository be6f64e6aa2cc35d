"""A file is one idea, a function one thought: both end on one or two screens."""

import ast
from typing import Final

import pytest

from tests.house.tree import parsed, python_files, text, tracked

FILE_LINES: Final = 250
FUNCTION_LINES: Final = 40
LONGER_FILES: Final[dict[str, tuple[int, str]]] = {
    "contract/events.py": (320, "every fact of the game in one place; it is a list, read by looking things up"),
}
"""Files that may be longer: to how many lines, and why."""
LONGER_FUNCTIONS: Final[dict[str, tuple[int, str]]] = {}
"""Functions (`file::name`) that may be longer: to how many lines, and why."""

WRITTEN: Final = [name for name in tracked() if name.endswith((".py", ".js", ".css", ".html"))]


@pytest.mark.parametrize("name", WRITTEN)
def test_a_file_ends_before_line_250(name: str) -> None:
    """Longer, and it holds two ideas; or its case is argued above."""
    limit, _ = LONGER_FILES.get(name, (FILE_LINES, ""))
    assert len(text(name).splitlines()) <= limit


@pytest.mark.parametrize("name", python_files())
def test_a_function_ends_within_40_lines(name: str) -> None:
    """Longer, and it has two thoughts; or its case is argued above."""
    too_long = {
        f"{name}::{node.name}": length
        for node in ast.walk(parsed(name))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if (length := (node.end_lineno or 0) - node.lineno + 1)
        > LONGER_FUNCTIONS.get(f"{name}::{node.name}", (FUNCTION_LINES, ""))[0]
    }
    assert not too_long


def test_no_exception_outlives_its_case() -> None:
    """What has become short again is taken off the table."""
    assert not [name for name in LONGER_FILES if len(text(name).splitlines()) <= FILE_LINES]
    names = {
        f"{name}::{node.name}"
        for name in python_files()
        for node in ast.walk(parsed(name))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if (node.end_lineno or 0) - node.lineno + 1 > FUNCTION_LINES
    }
    assert set(LONGER_FUNCTIONS) <= names
