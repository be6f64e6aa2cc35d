"""The file that says where the stack is, and the lock that says whether there is one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from infra.local import stack
from infra.local.faults import CannotStartError

STACK = stack.Stack("127.0.0.1:1", "redis://127.0.0.1:2/0", "sqlite+aiosqlite:///x", "http://127.0.0.1:3", {"api": 4})


def test_a_file_without_a_living_stack_is_not_believed(tmp_path: Path) -> None:
    """Whoever wrote it was killed before it could be removed."""
    stack.write(tmp_path, STACK)
    assert stack.read(tmp_path) is None


@contextmanager
def held(home: Path) -> Iterator[None]:
    """The right to the stack of `home` for the length of a block."""
    descriptor = stack.hold(home)
    try:
        yield
    finally:
        os.close(descriptor)


def test_the_file_is_believed_while_its_stack_lives(tmp_path: Path) -> None:
    """Written and read back whole, until it is forgotten."""
    with held(tmp_path):
        assert stack.read(tmp_path) is None
        stack.write(tmp_path, STACK)
        assert stack.read(tmp_path) == STACK
        stack.forget(tmp_path)
        assert stack.read(tmp_path) is None


def test_a_second_stack_in_the_same_folder_is_refused_with_the_way_out(tmp_path: Path) -> None:
    """One folder, one stack."""
    with held(tmp_path), pytest.raises(CannotStartError, match=r"already runs in .*whitewater down"):
        stack.hold(tmp_path)
    assert not stack.is_held(tmp_path)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "home").write_text("in the way")
    with pytest.raises(CannotStartError, match=r"home cannot be written .* set WHITEWATER_HOME"):
        stack.hold(tmp_path / "home")
