"""How the command fails: one sentence, the right code, and never a traceback."""

import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from contract.environment import WrongSettingError
from infra.local.faults import CannotStartError
from whitewater import crowd, runs
from whitewater.manners import FailedError, politely

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _undisturbed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A home of its own, and this process's own way of ending afterwards."""
    monkeypatch.setenv("WHITEWATER_HOME", str(tmp_path))
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (FailedError("It is not there: start it."), 3),
        (FailedError("That is no number: write one.", 2), 2),
        (CannotStartError("No room: make some."), 3),
        (WrongSettingError("WHITEWATER_X is wrong: correct it."), 2),
    ],
)
def test_a_known_fault_is_its_sentence_and_its_code(
    fault: Exception, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing before it, nothing after it."""

    def verb() -> None:
        raise fault

    assert politely(verb) == code
    assert capsys.readouterr().err == f"{fault}\n"


def test_an_unknown_fault_is_a_sentence_and_its_traceback_is_in_the_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The path of the log is in the sentence."""

    def verb() -> None:
        raise ZeroDivisionError

    assert politely(verb) == 1
    said = capsys.readouterr().err
    log = tmp_path / "logs" / "command.log"
    assert said.count("\n") == 1
    assert "Traceback" not in said
    assert str(log) in said
    assert "ZeroDivisionError" in log.read_text()


def test_an_interruption_has_its_own_code(capsys: pytest.CaptureFixture[str]) -> None:
    """Ctrl-C, and SIGTERM, which is turned into one."""

    def verb() -> None:
        signal.raise_signal(signal.SIGTERM)

    assert politely(verb) == 130
    assert "Interrupted" in capsys.readouterr().err


def test_a_verb_that_leaves_with_a_code_keeps_it() -> None:
    """As Typer does for a wrong option."""

    def verb() -> None:
        raise SystemExit(2)

    assert politely(verb) == 2


def test_a_run_gets_its_name_when_it_is_whole(tmp_path: Path) -> None:
    """Until then it is hidden, and `latest` points elsewhere."""
    with runs.kept(tmp_path, "demo", NOON) as run:
        (run.unfinished / "summary.json").write_text("{}")
        assert not run.folder.exists()
    assert (tmp_path / "runs" / "latest" / "summary.json").read_text() == "{}"
    assert run.folder.name == "20261101T120000-demo"
    assert not run.unfinished.exists()


def test_a_run_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    """And the newest whole one is still the latest."""
    with runs.kept(tmp_path, "bots", NOON):
        pass

    def break_off() -> None:
        with runs.kept(tmp_path, "demo", NOON):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        break_off()
    assert sorted(each.name for each in (tmp_path / "runs").iterdir()) == ["20261101T120000-bots", "latest"]


@pytest.mark.parametrize(
    ("words", "seconds"), [("90", 90.0), ("90s", 90.0), ("1.5m", 90.0), ("250ms", 0.25), ("1h", 3600.0)]
)
def test_a_duration_is_a_number_and_a_unit(words: str, seconds: float) -> None:
    """Seconds when there is no unit."""
    assert crowd.seconds(words) == seconds


@pytest.mark.parametrize("words", ["", "s", "3x", "3sm", "m3"])
def test_anything_else_is_no_duration(words: str) -> None:
    """A sentence with an example."""
    with pytest.raises(FailedError, match="is no duration: write a number") as refused:
        crowd.seconds(words)
    assert refused.value.code == 2
