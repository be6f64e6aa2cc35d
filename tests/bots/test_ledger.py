"""Lost and doubled, reckoned on paper."""

from collections import Counter, defaultdict

from bots.ledger import Holdings, Verdict, reckon


def _found(
    on_topic: dict[str, list[int]], folded: dict[str, int], refused: dict[str, set[int]] | None = None
) -> Holdings:
    return Holdings(
        on_topic=defaultdict(Counter, {session: Counter(sequences) for session, sequences in on_topic.items()}),
        refused=defaultdict(set, refused or {}),
        folded=folded,
        failed=sum(map(len, (refused or {}).values())),
    )


def test_everything_acknowledged_on_the_topic_and_folded_once_is_a_clean_book() -> None:
    """Three acknowledged, three there, three folded."""
    assert reckon({"s": [1, 2, 3]}, _found({"s": [1, 2, 3]}, {"s": 3})) == Verdict(0, 0, 0, 0)


def test_acknowledged_but_not_on_the_topic_is_lost() -> None:
    """The broker said yes to 3, and it is not there."""
    assert reckon({"s": [1, 2, 3]}, _found({"s": [1, 2]}, {"s": 2})).lost == 1


def test_on_the_topic_but_never_folded_is_lost() -> None:
    """Two of three reached the state; one did not."""
    assert reckon({"s": [1, 2, 3]}, _found({"s": [1, 2, 3]}, {"s": 2})).lost == 1
    assert reckon({"s": [1]}, _found({"s": [1]}, {})).lost == 1


def test_folded_more_often_than_there_are_events_is_doubled() -> None:
    """Three events cannot make four folds."""
    assert reckon({"s": [1, 2, 3]}, _found({"s": [1, 2, 3]}, {"s": 4})) == Verdict(0, 1, 0, 0)


def test_a_copy_on_the_topic_is_counted_but_is_no_doubling() -> None:
    """A retry may write an event twice; it is folded once."""
    assert reckon({"s": [1, 2]}, _found({"s": [1, 2, 2]}, {"s": 2})) == Verdict(0, 0, 0, 1)


def test_a_refused_event_is_neither_lost_nor_expected_in_the_state() -> None:
    """Event 2 lies on failed-events with its reason; two of three are folded."""
    assert reckon({"s": [1, 2, 3]}, _found({"s": [1, 2, 3]}, {"s": 2}, {"s": {2}})) == Verdict(0, 0, 1, 0)


def test_an_event_on_the_topic_whose_acknowledgement_never_came_is_no_doubling() -> None:
    """4 was written and folded, but its answer was lost: it is more than was promised, not twice."""
    assert reckon({"s": [1, 2, 3]}, _found({"s": [1, 2, 3, 4]}, {"s": 4})) == Verdict(0, 0, 0, 0)


def test_one_sessions_surplus_does_not_hide_anothers_loss() -> None:
    """Sessions are reckoned each for itself."""
    verdict = reckon({"a": [1, 2], "b": [1, 2]}, _found({"a": [1, 2], "b": [1, 2]}, {"a": 3, "b": 1}))
    assert (verdict.lost, verdict.doubled) == (1, 1)
