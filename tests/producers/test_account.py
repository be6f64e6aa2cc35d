"""The book of acknowledgements."""

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
    assert _entered(1, 2, 3, 4).acked() == {"s": {1, 2, 3, 4}}


def test_a_repeat_counts_as_an_acknowledgement_and_not_as_another_event() -> None:
    """2 was acknowledged twice."""
    account = _entered(1, 2, 2, 3)
    assert (account.events, account.distinct()) == (4, 3)


@given(st.lists(st.integers(1, 30)))
def test_the_book_holds_exactly_what_was_entered_in_whatever_order(sequences: list[int]) -> None:
    """Ranges that touch are joined, gaps stay gaps, repeats change nothing."""
    account = _entered(*sequences)
    assert account.acked().get("s", set()) == set(sequences)
    assert account.distinct() == len(set(sequences))


def test_percentiles_are_exact_to_a_tenth_of_a_millisecond() -> None:
    """Of ten times from 1 to 10 ms, half are within 5.1 ms and all within 10.1 ms."""
    account = Account()
    account.timed(number / 1000 + 0.00001 for number in range(1, 11))
    assert account.latency_ms(0.5) == 5.1
    assert account.latency_ms(1.0) == 10.1


def test_the_news_is_what_was_timed_since_it_was_last_told_and_the_whole_forgets_nothing() -> None:
    """Two times of 1 ms are told, then one of 2 ms; of all three, two are within 1.1 ms."""
    account = Account()
    account.timed([0.00101, 0.00101])
    assert account.news_ms() == [(1.1, 2)]
    account.timed([0.00201])
    assert account.times_ms() == [(1.1, 2), (2.1, 1)]
    assert account.news_ms() == [(2.1, 1)]
    assert account.news_ms() == []
    assert account.latency_ms(0.6) == 1.1


def test_a_book_with_a_gap_is_two_runs() -> None:
    """One to three and five, entered out of order."""
    assert _entered(5, 1, 3, 2).runs() == {"s": ((1, 3), (5, 5))}


def test_nothing_timed_has_no_percentile() -> None:
    """A run that only delivered from disk timed nothing."""
    assert Account().latency_ms(0.5) is None
