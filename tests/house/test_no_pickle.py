"""Nothing is ever read that could run as it is read: no pickle in the tree, nor in what libraries are told to do."""

import ast
import re
from typing import Final

from tests.house.tree import nodes, python_files, text, tracked

RUNS_WHAT_IT_READS: Final = {
    "pickle", "cPickle", "_pickle", "cloudpickle", "dill", "jsonpickle", "joblib", "marshal", "shelve",
}  # fmt: skip
"""Modules. `multiprocessing` sends its own between a process and the children it made, over a pipe nobody else has."""
MEANT: Final = {"tests/house/test_no_pickle.py"}


def test_no_file_imports_what_runs_what_it_reads() -> None:
    """Ours, the tests' and the benchmarks'."""
    found = []
    for name in python_files():
        for node in nodes(name):
            if isinstance(node, ast.Import):
                found += [(name, alias.name) for alias in node.names if alias.name.split(".")[0] in RUNS_WHAT_IT_READS]
            elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in RUNS_WHAT_IT_READS:
                found.append((name, node.module or ""))
    assert not found


def test_arrays_are_loaded_without_it() -> None:
    """Only where somebody asks for it would numpy do so, and nobody does."""
    asked = [
        (name, ast.unparse(node))
        for name in python_files()
        for node in nodes(name)
        if isinstance(node, ast.keyword) and node.arg == "allow_pickle"
    ]
    assert not [(name, words) for name, words in asked if words != "allow_pickle=False"]


def test_yaml_is_read_as_data() -> None:
    """Only with the loaders that make no objects."""
    calls = [
        (name, ast.unparse(node))
        for name in python_files()
        for node in nodes(name)
        if isinstance(node, ast.Call) and re.fullmatch(r"yaml\.\w*load\w*", ast.unparse(node.func))
    ]
    assert not [(name, call) for name, call in calls if "safe_load" not in call and "CSafeLoader" not in call]


def test_no_configuration_names_it() -> None:
    """Neither a serializer of Faust's, nor a cache's, nor a file of anybody's."""
    named = {name for name in tracked() if re.search(r"pickle", text(name)) and "allow_pickle=False" not in text(name)}
    assert {name for name in named if not name.endswith((".md", ".lock", ".svg"))} <= MEANT
