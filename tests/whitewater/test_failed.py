"""`whitewater failed`: what it refuses to do in one sentence, and how a stranger's bytes look on a terminal."""

import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from contract.failures import EventFailed, Failure, Reason
from contract.repair import CannotMendError, Draft, Message
from failures.ledger import Ledger
from failures.mend import Left, Mended, Refusal
from tests.contract.recorded import NOW, ROCK
from whitewater import failed_words as words
from whitewater.__main__ import build
from whitewater.editing import edited
from whitewater.manners import FailedError

NASTY = b"\x1b]0;owned\x07[bold]\xe2\x80\xaetxt\xff\n"
KEY = b"p-5d1c7a"


def refusal(original: bytes = ROCK) -> Refusal:
    """An entry."""
    data = Failure(
        reason=Reason.NOT_JSON, detail="why", original=original, topic="player-events", partition=5, offset=9
    )
    return Refusal(EventFailed(id="an-entry", source="/test", subject="p\x1b[31m", time=NOW, data=data), KEY, 1)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (["--all"], "Say how to mend it: --policy NAME"),
        (["--all", "--policy", "magic"], "There is no policy 'magic', only as-it-is, rekey, retime"),
        (["--all", "--map", "nowhere.jq"], "The filter nowhere.jq cannot be read"),
        (["--all", "--policy", "rekey", "--since", "yore"], "'yore' is no duration"),
    ],
)
def test_what_is_no_repair_is_one_sentence_before_anybody_is_asked(said: list[str], sentence: str) -> None:
    """A usage fault, exit code 2."""
    refused = CliRunner().invoke(build(("failed",)), ["failed", "replay", *said]).exception
    assert isinstance(refused, FailedError)
    assert refused.code == 2
    assert str(refused).startswith(sentence)


def test_a_file_that_holds_no_filter_says_where_it_is_wrong(tmp_path: Path) -> None:
    """In jq's words, on one line."""
    file = tmp_path / "wrong.jq"
    file.write_text(".a |")
    refused = CliRunner().invoke(build(("failed",)), ["failed", "replay", "--all", "--map", str(file)]).exception
    assert isinstance(refused, FailedError)
    assert "holds no jq filter: jq: error: syntax error" in str(refused)
    assert "\n" not in str(refused)


def test_a_terminal_prints_what_a_stranger_sent_and_obeys_none_of_it() -> None:
    """Escapes, a bell, a reversal of direction, stray bytes and line ends are spelled out; letters stay letters."""
    assert words.safe(NASTY) == r"\x1b]0;owned\x07[bold]\u202etxt\xff\n"
    assert words.safe("Mäander") == "Mäander"
    for said in (words.entry(refusal(NASTY), None), words.became(refusal(NASTY), Left(Reason.NOT_JSON, "\x1b[0m"))):
        assert "\x1b" not in said
        assert "\u202e" not in said


def test_a_change_far_in_is_shown_with_what_stands_before_it() -> None:
    """The forty bytes before the first difference, and then both."""
    made = Mended((Message(KEY, ROCK.replace(b'"hull_left":2', b'"hull_left":1')),), 1)
    before, after = words.became(refusal(), made).splitlines()[1:]
    assert before.endswith('"hull_left":2}}')
    assert after.endswith('"hull_left":1}}')
    assert "… " in before
    assert "specversion" not in before


def test_nothing_refused_is_said_so() -> None:
    """And nothing else."""
    assert [str(part) for part in words.overview(Ledger(), words.Wanted(), [])] == ["Nothing was refused."]


def test_an_editor_that_changes_nothing_leaves_the_very_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Though editors end files with a line break; what is changed has none; a broken one is a sentence."""
    monkeypatch.delenv("VISUAL", raising=False)
    draft = Draft((Message(KEY, b'{"a":1}'),), NOW)
    for new, expected in (("1", b'{"a":1}'), ("2", b'{"a":2}')):
        script = tmp_path / "editor.py"
        script.write_text(f"import sys; open(sys.argv[1], 'w').write('{{\"a\":{new}}}\\n')")
        monkeypatch.setenv("EDITOR", f"{sys.executable} -S {script}")
        assert edited().change(draft, NOW).messages == (Message(KEY, expected),)
    for broken in ("false", "unended '"):
        monkeypatch.setenv("EDITOR", broken)
        with pytest.raises(CannotMendError, match="set EDITOR to one that works"):
            edited().change(draft, NOW)
