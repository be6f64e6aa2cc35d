"""The book of acknowledgements."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.account import Account


def _entered(*sequences: int) -> Account:
    account = Account()
    for sequence in sequences:
        account.enter("s", sequence)
    return account


def test_a_session_in_order_is_one_range() -> None:
    """One to four."""
    assert _entered(1, 2, 3, 4).runs() == {"s": ((1, 4),)}


def test_a_repeat_counts_as_an_acknowledgement_and_not_as_another_event() -> None:
    """2 was acknowledged twice."""
    account = _entered(1, 2, 2, 3)
    assert (account.events, account.runs()) == (4, {"s": ((1, 3),)})


@given(st.lists(st.integers(1, 30)))
def test_the_book_holds_exactly_what_was_entered_in_whatever_order(sequences: list[int]) -> None:
    """Ranges that touch are joined, gaps stay gaps, repeats change nothing."""
    runs = _entered(*sequences).runs().get("s", ())
    assert {each for first, last in runs for each in range(first, last + 1)} == set(sequences)
    assert all(before[1] + 1 < after[0] for before, after in pairwise(runs))


def test_the_news_is_what_was_timed_since_it_was_last_told() -> None:
    """Two times of 1 ms and one of two minutes, which counts as one, are told; then one of 2 ms; each once."""
    account = Account()
    account.timed([0.00101, 0.00101, 120.0])
    assert account.news_ms() == [(1.1, 2), (pytest.approx(60_000.1), 1)]
    account.timed([0.00201])
    assert account.news_ms() == [(2.1, 1)]
    assert account.news_ms() == []


def test_a_book_with_a_gap_is_two_runs() -> None:
    """One to three and five, entered out of order."""
    assert _entered(5, 1, 3, 2).runs() == {"s": ((1, 3), (5, 5))}
