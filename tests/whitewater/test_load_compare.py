"""`whitewater load compare A B`: a table, a document, or one sentence and a code for a build to break on."""

import json
from pathlib import Path

import msgspec
import pytest

from load.timeline import Loaded
from tests.load import invented
from whitewater.load_compare import compare
from whitewater.manners import SATURATED, THRESHOLD, USAGE, FailedError


def folder(at: Path, run: Loaded) -> Path:
    """A run's folder."""
    at.mkdir()
    (at / "summary.json").write_bytes(msgspec.json.encode(run))
    return at


def test_two_folders_are_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Or their files; with the ratio, a word, and what they had not in common."""
    a = folder(tmp_path / "a", invented.loaded())
    b = folder(tmp_path / "b", invented.loaded(events_per_s=1_620.0, seed=2))
    compare(a, b / "summary.json")
    said = capsys.readouterr().out
    [acked] = [line.split() for line in said.splitlines() if line.startswith("acked")]
    assert acked == ["acked", "events/s", "1,350", "1,620", "1.20", "better"]
    assert "- other plan: seed 1 and 2" in said
    assert "One run each" in said


def test_a_program_gets_one_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With every row and its verdict."""
    a = folder(tmp_path / "a", invented.loaded())
    compare(a, a, json=True)
    found = json.loads(capsys.readouterr().out)
    assert found["void"] is False
    assert {row["verdict"] for row in found["rows"]} == {"same", "not judged"}


def test_a_build_breaks_on_what_is_worse_by_more(tmp_path: Path) -> None:
    """A fifth fewer events: 99 where a tenth was allowed, nothing where a quarter was."""
    a = folder(tmp_path / "a", invented.loaded())
    b = folder(tmp_path / "b", invented.loaded(events_per_s=1_080.0))
    compare(a, b, worse_than="25%")
    with pytest.raises(FailedError, match=r"^Worse by more than 10%: acked\.$") as fault:
        compare(a, b, worse_than="10%")
    assert fault.value.code == THRESHOLD


def test_void_figures_pass_no_build(tmp_path: Path) -> None:
    """A generator that was saturated has measured itself."""
    a = folder(tmp_path / "a", invented.loaded())
    b = folder(tmp_path / "b", invented.loaded(late_starts=500_000))
    with pytest.raises(FailedError, match="its figures are void") as fault:
        compare(a, b, worse_than="10%")
    assert fault.value.code == SATURATED


@pytest.mark.parametrize("written", [None, "{", '{"offered": 3}', '["\\ud800"]', "\xff"])
def test_what_is_no_load_run_gets_one_sentence(tmp_path: Path, written: str | None) -> None:
    """Nothing there, half a file, somebody else's file, no text at all: which file, and what to name instead."""
    a = folder(tmp_path / "a", invented.loaded())
    if written is not None:
        (tmp_path / "b").write_bytes(written.encode("latin-1"))
    with pytest.raises(FailedError, match=r"name the folder of (a load run|one) or its summary\.json\.$") as fault:
        compare(a, tmp_path / "b")
    assert fault.value.code == USAGE
    assert str(tmp_path / "b") in str(fault.value)


@pytest.mark.parametrize("share", ["10", "0%", "-5%", "ten", "%"])
def test_a_share_that_is_none_gets_one_sentence(tmp_path: Path, share: str) -> None:
    """It needs its sign and must be above zero."""
    a = folder(tmp_path / "a", invented.loaded())
    with pytest.raises(FailedError, match=r"^--worse-than takes a share above zero like 10%, not ") as fault:
        compare(a, a, worse_than=share)
    assert fault.value.code == USAGE
