"""What makes `.venv`: a wrong Python and a full disk are told in a sentence, and a fresh `.venv` is left alone."""

import hashlib
import re
from pathlib import Path

import pytest

from infra import install


@pytest.mark.parametrize("version", [(3, 8), (3, 10), (3, 13)])
def test_a_python_that_the_wheels_are_not_made_for_is_refused(version: tuple[int, int]) -> None:
    """It names the one it found, the ones it takes, and how to choose one."""
    with pytest.raises(install.NotPossibleError, match=r"needs 3\.11 or 3\.12: install one of them") as refused:
        install.check_python(version)
    assert refused.value.code == 2


@pytest.mark.parametrize("version", [(3, 11), (3, 12)])
def test_a_fitting_python_is_taken(version: tuple[int, int]) -> None:
    """Nothing is said."""
    install.check_python(version)


def test_a_venv_is_fresh_while_its_stamp_is_that_of_the_lock(tmp_path: Path) -> None:
    """Made for development it will do for the demo, never the other way round; without a Python it is none."""
    (tmp_path / "dev.stamp").write_text(hashlib.sha256(install.LOCKS["dev"].read_bytes()).hexdigest())
    assert not install.is_fresh(tmp_path, "demo")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").touch()
    assert install.is_fresh(tmp_path, "dev")
    assert install.is_fresh(tmp_path, "demo")
    (tmp_path / "dev.stamp").write_text("of another lock")
    assert not install.is_fresh(tmp_path, "demo")


@pytest.mark.parametrize(("made_for", "serves"), [("demo", 1), ("dev", 2), ("bench", 3)])
def test_a_venv_made_for_more_serves_for_less(tmp_path: Path, made_for: str, serves: int) -> None:
    """One made for benchmarks will do for development and for the demo; one made for the demo, for the demo alone."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").touch()
    (tmp_path / f"{made_for}.stamp").write_text(hashlib.sha256(install.LOCKS[made_for].read_bytes()).hexdigest())
    assert [kind for kind in ("demo", "dev", "bench") if install.is_fresh(tmp_path, kind)] == ["demo", "dev", "bench"][
        :serves
    ]


def test_each_lock_holds_what_the_one_before_it_does() -> None:
    """So a `.venv` that was made for more may serve for less."""
    demo, dev, bench = (
        set(re.findall(r"^[\w-]+(?===)", lock.read_text(), re.MULTILINE)) for lock in install.LOCKS.values()
    )
    assert demo < dev < bench
    assert "quixstreams" in bench - dev


def test_a_step_that_fails_says_what_that_means(capfd: pytest.CaptureFixture[str]) -> None:
    """The step's own words come first, then ours."""
    with pytest.raises(install.NotPossibleError, match=r"The river could not be fetched .* ended with 1"):
        install.run(["false"], "the river could not be fetched")
    assert capfd.readouterr().out == ""
