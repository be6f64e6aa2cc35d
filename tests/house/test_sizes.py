"""A file is one idea, a function one thought: both end on one or two screens."""

import ast
from collections.abc import Iterator
from typing import Final

from tests.house.tree import nodes, python_files, text, tracked

FILE_LINES: Final = 250
FUNCTION_LINES: Final = 40
LONGER_FILES: Final[dict[str, tuple[int, str]]] = {
    "contract/events.py": (320, "every fact of the game in one place; it is a list, read by looking things up"),
}
"""Files that may be longer: to how many lines, and why."""
LONGER_FUNCTIONS: Final[dict[str, tuple[int, str]]] = {}
"""Functions (`file::name`) that may be longer: to how many lines, and why."""

WRITTEN: Final = [name for name in tracked() if name.endswith((".py", ".js", ".css", ".html"))]


def functions() -> Iterator[tuple[str, int]]:
    """Every function as `file::name`, and its lines."""
    for name in python_files():
        for node in nodes(name):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{name}::{node.name}", (node.end_lineno or 0) - node.lineno + 1


def test_a_file_ends_before_line_250() -> None:
    """Longer, and it holds two ideas; or its case is argued above."""
    lines = {name: len(text(name).splitlines()) for name in WRITTEN}
    assert not {name: long for name, long in lines.items() if long > LONGER_FILES.get(name, (FILE_LINES, ""))[0]}


def test_a_function_ends_within_40_lines() -> None:
    """Longer, and it has two thoughts; or its case is argued above."""
    longest = [(name, long) for name, long in functions() if long > FUNCTION_LINES]
    assert not {name: long for name, long in longest if long > LONGER_FUNCTIONS.get(name, (0, ""))[0]}


def test_no_exception_outlives_its_case() -> None:
    """What has become short again is taken off the table."""
    assert not [name for name in LONGER_FILES if len(text(name).splitlines()) <= FILE_LINES]
    assert set(LONGER_FUNCTIONS) <= {name for name, long in functions() if long > FUNCTION_LINES}
