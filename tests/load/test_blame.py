"""Who gave first: runs in which one stage is slow, a part is full, or the generator was late."""

import msgspec
import pytest

from bots.report import Spread
from load.blame import blame
from load.thresholds import Threshold, parse
from load.timeline import Judged, Moment

CORES = 2


def spread(p99: float | None) -> Spread:
    """A latency whose p99 is this; all the rest follows it."""
    return Spread(p99, p99, p99, p99, p99, 0 if p99 is None else 10)


def second(
    at_s: float,
    accept: float | None,
    signal: float | None,
    adaptation: float | None,
    cores: dict[str, float] | None = None,
) -> Moment:
    """A second with these p99s."""
    return Moment(
        at_s=at_s, players=1, offered=1, acked=1, decided=0, applied=0, failed=0, dropped=0, ticks=30, late=0, lag=0,
        accept=spread(accept), signal=spread(signal), adaptation=spread(adaptation), cores=cores or {}, memory_mb={},
    )  # fmt: skip


def broken(text: str, measured: float | None = 1.0) -> list[tuple[Threshold, Judged]]:
    """One threshold that did not hold."""
    return [(parse(text), Judged(text, measured, holds=False))]


CALM = [second(at, 2, 8, 10) for at in (1.0, 2.0)]


@pytest.mark.parametrize(
    ("slow", "words"),
    [
        ((300, 310, 320), "the broker (300 of 320 ms at p99 went by to be acknowledged, from second 3)"),
        ((5, 405, 410), "the worker (400 of 410 ms at p99 went by from acknowledged to believed, from second 3)"),
        ((5, 10, 260), "the API (250 of 260 ms at p99 went by from believed to a changed river, from second 3)"),
        ((5, None, 300), "the API (295 of 300 ms at p99 went by from believed to a changed river, from second 3)"),
    ],
)
def test_the_stage_in_which_most_of_the_first_slow_seconds_went_by(
    slow: tuple[float | None, float, float], words: str
) -> None:
    """Two calm seconds, then five slow ones; the stages follow each other, so each is the difference."""
    moments = CALM + [second(3.0 + more, *slow) for more in range(5)]
    assert blame(broken("e2e_ms:p99<250"), moments, CORES, 0.0) == words


def test_what_breaks_first_is_named_and_not_what_it_slows_afterwards() -> None:
    """The worker for five seconds, then the broker for a minute: it was the worker."""
    moments = CALM + [second(3.0 + more, 5, 500, 510) for more in range(5)]
    moments += [second(8.0 + more, 900, 1000, 1000) for more in range(60)]
    named = blame(broken("e2e_ms:p99<250"), moments, CORES, 0.0)
    assert named is not None
    assert named.startswith("the worker (495 of 510 ms")


def test_a_part_that_has_no_more_core_to_use_is_told_so_and_a_full_machine_too() -> None:
    """0.95 + 0.9 + 0.05 of 2 cores are 1.9, which is more than nine tenths."""
    cores = {"worker": 0.95, "kafka": 0.9, "bots": 0.05}
    named = blame(broken("signal_ms:p99<100"), [second(1.0, 5, 400, 410, cores)], CORES, 0.0)
    assert named == (
        "the worker (395 of 410 ms at p99 went by from acknowledged to believed, from second 1; "
        "worker used 0.95 of a core, all one process can use; 1.9 of 2 cores in use, the machine was full)"
    )


def test_whoever_else_uses_the_machine_is_no_part_and_is_named() -> None:
    """1.5 of 2 cores are somebody else's; a tenth of one is not worth a word."""
    for others, words in (
        (1.5, "; 1.9 of 2 cores in use, 1.5 of them by others, the machine was full)"),
        (0.1, "; 0.5 of 2 cores in use)"),
    ):
        moments = [second(1.0, 5, 400, 410, {"kafka": 0.4, "others": others})]
        assert (blame(broken("lag:end<1"), moments, CORES, 0.0) or "").endswith(words)


def test_a_late_generator_is_blamed_before_anybody_else() -> None:
    """With it, no latency says anything of the stack; at 1 % it was not late."""
    moments = [second(1.0, 5, 400, 410)]
    named = blame(broken("e2e_ms:p99<250"), moments, CORES, 0.0312)
    assert named == "the generator (3.1% of its steps were late)"
    assert (blame(broken("e2e_ms:p99<250"), moments, CORES, 0.01) or "").startswith("the worker")


@pytest.mark.parametrize(
    ("text", "measured", "words"),
    [
        ("lag:end<100", 5000.0, "the worker (5,000 events behind)"),
        ("dropped==0", 7.0, "the broker (7 events were given up before it took them)"),
        ("failed==0", 3.0, "the contract (3 events were refused)"),
        ("lost==0", 2.0, "lost (2, where lost==0 was asked)"),
        ("lag:max<9", None, "nobody (lag: nothing was measured, the run was too short or nobody was answered)"),
        ("e2e_ms:p99<250", None, "nobody (e2e_ms: nothing was measured, the run was too short or nobody was answered)"),
    ],
)
def test_counts_have_somebody_too(text: str, measured: float | None, words: str) -> None:
    """In a calm run."""
    assert blame(broken(text, measured), CALM, CORES, 0.0) == words


def test_events_that_never_left_are_the_brokers_where_no_second_shows_a_latency() -> None:
    """Two calm seconds, then the broker takes nothing of three times 20: what is measured is calm, and 60 waited."""
    moments = CALM + [msgspec.structs.replace(second(at, None, None, None), offered=20, acked=0) for at in (3, 4, 5)]
    named = blame(broken("e2e_ms:p99<250", 3000.0), moments, CORES, 0.0)
    assert named == "the broker (60 events were given up before it took them)"


def test_nobody_is_blamed_where_nothing_broke() -> None:
    """Whatever the seconds look like."""
    assert blame([], [second(1.0, 5, 4000, 4100)], CORES, 0.0) is None


def test_a_stack_that_answers_nothing_is_the_workers() -> None:
    """Acknowledged, and then silence, in all of the seconds that broke it."""
    silent = [msgspec.structs.replace(moment, signal=spread(None), adaptation=spread(None)) for moment in CALM]
    named = blame(broken("accept_ms:p99<1"), silent, CORES, 0.0)
    assert named == "the worker (nothing was believed within these seconds)"
