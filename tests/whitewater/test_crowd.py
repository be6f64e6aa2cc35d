"""Whose river a crowd paddles, and what its figures mean for whoever sent it."""

import pytest

from bots.reckoning import Verdict
from bots.report import Machine, Summary, Tally, summarise
from tests.load import invented
from whitewater import crowd, demo, load_figures, say
from whitewater.manners import FailedError
from whitewater.outing import Ride


@pytest.mark.parametrize(
    ("asked", "named", "address"),
    [
        ("http://here:1/", "", "http://here:1"),
        ("http://here:1", "http://there:2", "http://here:1"),
        (None, "http://there:2/", "http://there:2"),
    ],
)
def test_a_river_elsewhere_needs_no_stack(
    asked: str | None, named: str, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was asked for goes before what the environment says; nothing comes up here for either."""
    monkeypatch.setenv("WHITEWATER_SERVER", named)
    with crowd.river(say.console(), asked) as found:
        assert found == (address, None)


def audited(verdict: Verdict | None) -> Summary:
    """A run's summary with these counts."""
    return summarise(Tally(), 3, 2.0, versions={}, machine=Machine(2, 8.0, "3.11", "river"), audited=verdict)


def test_a_run_whose_counts_add_up_is_done() -> None:
    """57 in, 50 accepted, 7 refused."""
    summary = audited(Verdict(0, 0, 7, 0, 57, 50))
    assert (crowd.exit_code(summary), crowd.imbalance(summary)) == (0, "")
    assert crowd.as_json(summary)["in"] == 57


@pytest.mark.parametrize(
    ("came", "words"), [(60, "so 3 are unaccounted for"), (56, "so 1 are there too often")], ids=["missing", "too many"]
)
def test_a_run_whose_counts_do_not_add_up_ends_with_99_and_a_sentence(came: int, words: str) -> None:
    """50 accepted and 7 refused are 57, not 60 and not 56, though nothing is called lost or doubled."""
    summary = audited(Verdict(0, 0, 7, 0, came, 50))
    assert crowd.exit_code(summary) == 99
    assert f"{came} events came in, 50 were accepted and 7 refused, {words}" in crowd.imbalance(summary)
    with pytest.raises(FailedError, match=words) as failed:
        crowd.must_add_up(summary)
    assert failed.value.code == 99
    assert demo.exit_code(Ride(summary=summary, sitting=None, first_adaptation_at=None, heaviest_mb=None)) == 99


def test_a_run_that_nobody_counted_is_not_said_to_be_off() -> None:
    """Nothing is known, so nothing is claimed."""
    assert (crowd.exit_code(audited(None)), crowd.imbalance(audited(None))) == (0, "")


def test_a_load_run_that_does_not_add_up_has_failed_even_when_its_generator_was_late() -> None:
    """Latencies of a late generator are void; counts are not."""
    run = invented.loaded(accepted=80_999, late_starts=900_000)
    assert load_figures.exit_code(run) == 99
    assert load_figures.exit_code(invented.loaded(late_starts=900_000)) == 4
    assert load_figures.exit_code(invented.loaded()) == 0
