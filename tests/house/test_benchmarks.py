"""Every benchmark is on the page that says what it found, and answers in the way of all others."""

import re
from typing import Final

from tests.house.tree import ROOMS, ROOT, python_files, text

PAGE: Final = "benchmarks/README.md"
ASKED: Final = [name for name in python_files("benchmarks") if 'if __name__ == "__main__":' in text(name)]
MULTIPLIES: Final = "benchmarks/sizing.py"
"""Asks the machine nothing: it works out a page from figures that others found."""
COMMANDS: Final = re.findall(r"`python (benchmarks/\w+\.py)([^`]*)`", text(PAGE))


def test_every_question_is_on_the_page_with_its_command() -> None:
    """`make bench` reads the page: what is not on it is never asked."""
    assert set(ASKED) <= {name for name, _ in COMMANDS}


def test_every_command_on_the_page_can_be_given() -> None:
    """The file is there, and so is every option that is shown."""
    assert not [name for name, _ in COMMANDS if not (ROOT / name).is_file()]
    shown = [(name, option) for name, words in COMMANDS for option in re.findall(r"--[\w-]+", words)]
    assert shown
    assert not [(name, option) for name, option in shown if f'"{option}"' not in (ROOT / name).read_text()]


def test_every_benchmark_answers_in_the_way_of_all_others() -> None:
    """Its options and its answer are those of benchmarks/answer.py: JSON on the screen, and in a file with `--json`."""
    asked = set(ASKED) - {MULTIPLIES}
    assert not [name for name in asked if not {"answer(", "options("} <= set(re.findall(r"\b\w+\(", text(name)))]


def test_every_function_that_time_is_put_down_to_is_there() -> None:
    """It is found by how its name begins, so one that was renamed would be found nowhere, and nobody would notice."""
    looked_for = re.findall(r'"([\w/]+\.py):(\w+)"', text("benchmarks/microsecond.py"))
    assert looked_for
    for file, function in looked_for:
        assert any(f"def {function}" in text(name) for name in python_files(*ROOMS) if name.endswith(file)), function
