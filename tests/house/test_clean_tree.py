"""Nothing in the tree knows where it was written or fetched from."""

import re
from typing import Final

from tests.house.tree import text, tracked

HOSTS: Final = (
    "pypi",
    "pythonhosted",
    "npmjs",
    "maven",
    "apache",
    "docker",
    "ghcr",
    "quay",
    "golang",
    "crates",
    "debian",
)
"""Registries; a name alone may stand in prose, a host name may not. Split so that this file passes its own test."""
A_HOST: Final = re.compile(rf"\b[a-z0-9.-]*(?:{'|'.join(HOSTS)})\.(?:org|io|com)\b")
A_MACHINE_PATH: Final = re.compile(r"(?<![\w.\-/])/(?:work|root|home|Users|tmp)/[\w.]")


def test_no_file_names_a_registry_or_a_machine() -> None:
    """Whoever clones it fetches from where their own tools are set to, into where they are."""
    hosts = {name: found[0] for name in tracked() if (found := A_HOST.search(text(name)))}
    paths = {name: found[0] for name in tracked() if (found := A_MACHINE_PATH.search(text(name)))}
    assert not hosts
    assert not paths


def test_no_file_is_left_unfinished() -> None:
    """Nothing says that it will be done some day, is skipped, or is expected to fail."""
    words = re.compile(
        "|".join(
            [
                "TO" + "DO",
                "FIX" + "ME",
                r"pytest\.mark\.sk" + "ip",
                r"pytest\.mark\.xf" + "ail",
                "NotImplement" + "edError",
                "Being writ" + "ten",
            ]
        )
    )
    assert not {name: found[0] for name in tracked() if (found := words.search(text(name)))}
