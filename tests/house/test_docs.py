"""The documentation runs: what it shows works, what it points at is there.

Sybil finds the blocks. Python blocks are run, one namespace a page; console blocks are checked line by line, because
running `make demo` inside a test would be the demo: each command they show must exist with the options they show.
"""

import ast
import importlib
import json
import re
import shlex
from pathlib import Path
from typing import Final

import pytest
import typer.main
import yaml
from sybil import Document, Example, Sybil
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser

from contract.events import FACTS
from tests.house.tree import ROOMS, ROOT, python_files, text, tracked

PAGES: Final = [name for name in tracked() if name.endswith(".md")]
PATHS: Final = re.compile(rf"`((?:{'|'.join((*ROOMS, 'tests', 'docs', 'benchmarks', 'experiments'))})/[\w./-]*)`")
LINKS: Final = re.compile(r"\]\((?!https?:|#)([^)#]+)")


def commands(page: str) -> list[str]:
    """The `$` lines of a console block, continued lines joined."""
    lines = page.replace("\\\n", " ").splitlines()
    return [line.removeprefix("$ ").partition("  #")[0].strip() for line in lines if line.startswith("$ ")]


def check_console(example: Example) -> None:
    """Every command of a block exists, with its options."""
    block = commands(example.parsed)
    assert block, "a console block shows at least one line that begins with `$ `"
    for command in block:
        words = [word for word in shlex.split(command) if not re.fullmatch(r"\w+=.*", word) or word.startswith("ARGS=")]
        check(words)


def check(words: list[str]) -> None:
    """One command of a console block, by the program it begins with."""
    match words:
        case ["make", *targets]:
            known = set(re.findall(r"^([\w-]+):", text("Makefile"), re.MULTILINE))
            assert {target for target in targets if "=" not in target} <= known, words
        case ["whitewater" | ".venv/bin/whitewater", *rest]:
            check_verb(rest)
        case ["python" | ".venv/bin/python", "-m", module, *_]:
            importlib.import_module(module)
        case ["kubectl" | "docker", "apply" | "build", *rest]:
            paths = [word for word in rest if "/" in word]
            assert paths
            assert all((ROOT / path).exists() for path in paths), words
        case ["docker", "compose", *_] | ["kubectl", "--namespace", "whitewater", *_]:
            pass
        case ["git" | "cd" | "cp" | ".venv/bin/pytest" | "pytest", *_]:
            pass
        case _:
            pytest.fail(f"nobody checks commands like {words[0]!r}; say here how")


def check_verb(words: list[str]) -> None:
    """A verb of the command, and every option shown with it."""
    verbs = typer.main.get_command(importlib.import_module("whitewater.__main__").build())
    name, *words = words or ["--help"]
    of_name = {"--help": verbs, **getattr(verbs, "commands", {})}
    assert name in of_name, f"whitewater has no verb {name!r}"
    command = of_name[name]
    while words and words[0] in getattr(command, "commands", {}):
        name, *words = words
        command = command.commands[name]
    known = {option for parameter in command.params for option in parameter.opts + parameter.secondary_opts} | {
        "--help"
    }
    assert {word for word in words if word.startswith("--")} <= known


def check_json(example: Example) -> None:
    """A JSON block is JSON."""
    json.loads(example.parsed)


def check_yaml(example: Example) -> None:
    """A YAML block is YAML."""
    yaml.safe_load(example.parsed)


SYBIL: Final = Sybil(
    parsers=[
        PythonCodeBlockParser(),
        CodeBlockParser("console", check_console),
        CodeBlockParser("json", check_json),
        CodeBlockParser("yaml", check_yaml),
    ],
)


def document(name: str) -> Document:
    """One page, its blocks found."""
    return SYBIL.parse(ROOT / name)


@pytest.mark.parametrize("name", PAGES)
def test_what_a_page_shows_works(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its Python runs from the root of the repository, its commands exist, its JSON and YAML can be read."""
    monkeypatch.chdir(ROOT)
    for example in document(name).examples():
        example.evaluate()


@pytest.mark.parametrize("name", PAGES)
def test_every_block_says_what_it_is(name: str) -> None:
    """A block without a language, or with one that nobody checks, would never be found wrong."""
    opened = re.findall(r"^ *```(\w*)", text(name), re.MULTILINE)[::2]
    assert set(opened) <= {"python", "console", "json", "yaml", "text", "mermaid"}


@pytest.mark.parametrize("name", PAGES)
def test_what_a_page_points_at_is_there(name: str) -> None:
    """Links to files, and files and folders named in prose."""
    links = [(ROOT / name).parent / target for target in LINKS.findall(text(name))]
    named = [ROOT / path for path in PATHS.findall(text(name))]
    assert [str(path) for path in links + named if not path.exists()] == []


def test_the_tour_passes_every_room() -> None:
    """The journey of one event leads through all of them."""
    seen = {path.split("/")[0] for path in PATHS.findall(text("docs/tour.md"))}
    assert set(ROOMS) - {"whitewater"} <= seen


def test_every_type_is_in_the_table_of_other_peoples_words() -> None:
    """Each event once, in the order of the contract."""
    words = text("docs/contract.md").partition("## In other people's words")[2]
    assert re.findall(r"^\| `(\w+\.\w+)` \|", words, re.MULTILINE) == list(FACTS)


def test_a_decision_is_short() -> None:
    """At most 25 lines: the question, the choice, what was rejected."""
    pages = [Path(name) for name in PAGES if name.startswith("docs/decisions/")]
    assert not {str(page): lines for page in pages if (lines := len(text(str(page)).splitlines())) > 25}


def test_every_file_says_on_its_first_page_what_it_is() -> None:
    """Every Python file begins with a docstring, and none of them is a placeholder."""
    assert not [name for name in python_files(*ROOMS) if len(ast.get_docstring(ast.parse(text(name))) or "") < 20]
