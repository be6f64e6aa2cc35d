"""The jars are what the lock says, or they are refused."""

import hashlib
from pathlib import Path

import pytest

from infra.local import jars
from infra.local.faults import CannotStartError


def _lock(folder: Path, content: bytes) -> Path:
    lock = folder / "kafka.lock"
    lock.write_text(f"# a lock\norg.river:boat:1.0 {hashlib.sha256(content).hexdigest()}\n")
    return lock


def test_the_file_name_follows_from_the_coordinate() -> None:
    """As Maven names it."""
    assert jars.Jar("org.apache.kafka:kafka_2.13:4.3.0", "").file == "kafka_2.13-4.3.0.jar"


def test_a_jar_that_matches_its_hash_is_taken(tmp_path: Path) -> None:
    """The lock is read, comments and all, and its one jar is the right one."""
    (tmp_path / "boat-1.0.jar").write_bytes(b"boat")
    jars.check(jars.read_lock(_lock(tmp_path, b"boat")), tmp_path)


def test_a_jar_that_differs_by_one_byte_is_refused_in_one_sentence(tmp_path: Path) -> None:
    """What, where, and what to do."""
    (tmp_path / "boat-1.0.jar").write_bytes(b"bomb")
    with pytest.raises(CannotStartError, match=r"boat-1\.0\.jar has SHA-256 .* it is refused; delete the folder"):
        jars.check(jars.read_lock(_lock(tmp_path, b"boat")), tmp_path)


def test_a_jar_that_is_gone_is_named(tmp_path: Path) -> None:
    """Half a folder is no folder."""
    with pytest.raises(CannotStartError, match=r"boat-1\.0\.jar is missing"):
        jars.check(jars.read_lock(_lock(tmp_path, b"boat")), tmp_path)


def test_the_committed_lock_names_the_broker_and_a_hash_for_every_jar() -> None:
    """44 MB of code that somebody else wrote hangs on this file."""
    locked = jars.read_lock()
    assert "org.apache.kafka:kafka_2.13:4.3.0" in [jar.coordinate for jar in locked]
    assert all(len(bytes.fromhex(jar.sha256)) == 32 for jar in locked)
    assert len({jar.file for jar in locked}) == len(locked)
