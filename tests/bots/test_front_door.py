"""The crowd's front door: what it says when something is missing, and what it reports."""

import asyncio
import signal

import pytest
from typer.testing import CliRunner

from bots.__main__ import (
    NOT_REACHED,
    NobodyThereError,
    UnknownPersonaError,
    find_doors,
    main,
    outing,
    report,
    until_stopped,
)
from bots.fleet import Options
from bots.outing import Outing
from bots.reckoning import Verdict
from bots.report import Tally
from whitewater.__main__ import build
from whitewater.manners import FailedError

NOWHERE = "http://127.0.0.1:9"
"""The discard port: nobody listens there."""


def test_a_server_that_is_not_there_is_named_with_what_to_do() -> None:
    """One sentence: where it was looked for, and the command that mends it."""
    with pytest.raises(NobodyThereError, match=r"No river at http://127\.0\.0\.1:9 .* `whitewater up`"):
        find_doors(NOWHERE)


def test_the_program_ends_with_the_promised_code_when_there_is_no_river(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 3, the sentence on standard error, nothing on standard output, no traceback."""
    monkeypatch.setenv("WHITEWATER_SERVER", NOWHERE)
    assert main() == NOT_REACHED == 3
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("No river at")
    assert len(said.err.splitlines()) == 1


async def test_a_persona_that_nobody_has_is_refused_with_those_there_are() -> None:
    """Before anything is sent anywhere."""
    with pytest.raises(UnknownPersonaError, match=r"'surfer'.*novice, expert, idler, hasty, quitter"):
        await outing(Options(persona="surfer"))


@pytest.mark.parametrize(
    ("verdict", "counted"), [(Verdict(1, 2, 3, 4, 9, 5), (1, 2, 3)), (None, (None, None, None))], ids=["audited", "not"]
)
def test_a_report_says_what_was_counted_and_where(
    verdict: Verdict | None, counted: tuple[int | None, int | None, int | None]
) -> None:
    """Lost, doubled and failed come from the verdict; the machine and the versions from where this runs."""
    home = Outing(tally=Tally(), players={"b-1": "novice", "b-2": "expert"}, seconds=2.0, acknowledged={})
    summary = report(home, verdict)
    assert (summary.lost, summary.doubled, summary.failed) == counted
    assert summary.players == 2
    assert {"python", "aiokafka", "faust-streaming"} <= set(summary.versions)
    assert summary.machine.memory_gb > 0


@pytest.mark.parametrize("which", ["F3", "nowhere/mine.py:Mine"])
def test_the_command_refuses_a_family_it_cannot_have_before_it_looks_for_a_river(which: str) -> None:
    """A usage fault, exit code 2, in the sentence that the loader gave."""
    refused = CliRunner().invoke(build(("bots",)), ["bots", "--family", which]).exception
    assert isinstance(refused, FailedError)
    assert refused.code == 2
    assert which.partition(":")[0] in str(refused)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_whoever_is_asked_to_end_comes_home_and_says_what_came_of_it(number: signal.Signals) -> None:
    """By Ctrl-C or by a supervisor: the ride is told and ends by itself; then all is as before."""
    before = signal.getsignal(number)

    async def ride(stop: asyncio.Event) -> str:
        signal.raise_signal(number)
        await stop.wait()
        return "home"

    assert until_stopped(ride) == "home"
    assert signal.getsignal(number) is before
