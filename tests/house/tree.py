"""The tree as the house tests see it: which files are ours, parsed once."""

import ast
import subprocess
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
ROOMS: Final = (
    "contract", "game_client", "bots", "load", "faults", "failures", "privacy", "recording", "producers", "processors",
    "engagement_api", "experiments", "whitewater", "infra",
)  # fmt: skip
KEPT_OUT: Final = {".git", ".venv", ".whitewater", "__pycache__", "build", "dist", "node_modules"}


@cache
def tracked() -> tuple[str, ...]:
    """Every file of the repository, by its path from the root; without git, every file that is no by-product."""
    if (ROOT / ".git").exists():
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True)  # noqa: S607 - whichever git this machine has
        return tuple(name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file())
    files = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
    return tuple(sorted(str(path) for path in files if not KEPT_OUT & set(path.parts)))


def python_files(*folders: str) -> list[str]:
    """The Python files below `folders`, or all of them."""
    return [name for name in tracked() if name.endswith(".py") and (not folders or name.split("/")[0] in folders)]


@cache
def text(name: str) -> str:
    """The text of one file; empty for a file that is no text."""
    try:
        return (ROOT / name).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


@cache
def parsed(name: str) -> ast.Module:
    """One Python file as a tree."""
    return ast.parse(text(name), name)


@cache
def nodes(name: str) -> tuple[ast.AST, ...]:
    """Everything in the tree of one Python file, walked once."""
    return tuple(ast.walk(parsed(name)))


def module_of(name: str) -> str:
    """`producers/outbox.py` is the module producers.outbox, and a folder's `__init__.py` the folder."""
    return name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
