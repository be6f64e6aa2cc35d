"""What may be lost, and what never: by worked numbers, and for any history at all."""

from hypothesis import given
from hypothesis import strategies as st

from producers import outbox
from producers.outbox import Outbox

SMALL = Outbox(memory_events=4, spool_events=8)


def _after(box: Outbox, told: str) -> tuple[Outbox, str]:
    """The outbox after strokes (s) and outcomes (o), and those that were kept; the others as a dot."""
    kept = ""
    for letter in told:
        box, one = outbox.offer(box, stroke=letter == "s")
        kept += letter if one else "."
    return box, kept


def test_an_empty_outbox_keeps_what_comes() -> None:
    """Two events, one of them a stroke: both wait."""
    box, kept = _after(SMALL, "so")
    assert kept == "so"
    assert (box.waiting, box.held, box.dropped, box.lost) == (2, 2, 0, 0)


def test_strokes_are_given_up_from_half_the_bound_and_counted() -> None:
    """The bound is 8: the fifth event may come, but no longer as a stroke."""
    box, kept = _after(SMALL, "ooooso")
    assert kept == "oooo.o"
    assert (box.held, box.dropped, box.lost) == (5, 1, 0)


def test_outcomes_are_lost_only_at_the_bound_and_counted_apart() -> None:
    """Nine outcomes for eight places."""
    box, kept = _after(SMALL, "o" * 9)
    assert kept == "oooooooo."
    assert (box.held, box.dropped, box.lost) == (8, 0, 1)


def test_without_a_disk_memory_is_the_bound() -> None:
    """Four places instead of eight: strokes stop at two, everything at four."""
    box, kept = _after(outbox.disk_refused(SMALL), "sssooo")
    assert kept == "ss.oo."
    assert (box.waiting, box.dropped, box.lost) == (4, 1, 1)


def test_a_disk_that_takes_some_again_is_trusted_again() -> None:
    """Two of three events move to disk: one still waits in memory."""
    box, _ = _after(outbox.disk_refused(SMALL), "ooo")
    box = outbox.spooled(box, 2)
    assert (box.waiting, box.spooled, box.disk) == (1, 2, True)


def test_memory_moves_to_disk_when_nobody_takes_it_or_it_is_too_much() -> None:
    """One event moves only when the stream is away, four move in any case, none never."""
    one, _ = _after(SMALL, "o")
    four, _ = _after(SMALL, "oooo")
    assert not outbox.should_spool(one, away=False)
    assert outbox.should_spool(one, away=True)
    assert outbox.should_spool(four, away=False)
    assert not outbox.should_spool(SMALL, away=True)


def test_what_a_former_run_left_is_waiting_already() -> None:
    """Five events on disk at the start are five events held."""
    assert outbox.found(SMALL, 5, disk=True).held == 5


def test_what_was_delivered_is_held_no_longer_wherever_it_lay() -> None:
    """Three in memory and two on disk; two of each leave, and a damaged disk costs nothing else."""
    box = Outbox(waiting=3, spooled=3)
    box = outbox.delivered(box, 2, from_disk=False)
    box = outbox.delivered(box, 2, from_disk=True)
    assert (box.waiting, box.spooled, box.lost) == (1, 1, 0)
    box = outbox.unreadable(box, 1)
    assert (box.waiting, box.spooled, box.lost) == (1, 0, 1)


@given(st.lists(st.booleans(), max_size=60), st.booleans())
def test_whatever_comes_is_kept_or_counted(strokes: list[bool], disk: bool) -> None:  # noqa: FBT001 - Hypothesis hands it in
    """Came = held + dropped + lost, only strokes are dropped, and nothing is lost while there is room."""
    box = SMALL if disk else outbox.disk_refused(SMALL)
    bound = 8 if disk else 4
    for came, stroke in enumerate(strokes, start=1):
        before = box
        box, kept = outbox.offer(box, stroke=stroke)
        assert box.held + box.dropped + box.lost == came
        assert kept == (box.held == before.held + 1)
        assert box.dropped == before.dropped or stroke
        assert box.lost == before.lost or before.held >= bound
