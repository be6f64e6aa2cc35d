"""A player who is to be forgotten, and a log that was rewritten without one, as a partition takes them."""

from contract.failures import Reason
from contract.topics import MARK, REWRITTEN
from processors.partition import Partition
from processors.player import Player, advance
from processors.state import read
from tests.processors.river import event, stroke, told
from tests.processors.test_partition import NOW, Record, failures, newcomers, records


def forgetting(offset: int, key: bytes = b"p-1") -> Record:
    """Somebody asks for a player to be forgotten."""
    return Record(offset, key, None)


def copies(originals: list[Record], first: int) -> list[Record]:
    """The same records a second time, as a rewriting leaves them."""
    return [
        Record(first + n, each.key, each.value, ((REWRITTEN, str(each.offset).encode()),))
        for n, each in enumerate(originals)
    ]


def test_a_player_who_is_forgotten_leaves_nothing_and_may_begin_anew() -> None:
    """Told, waiting and written of before; then only two words that say so; the next event is a newcomer's first."""
    dropped: list[bytes] = []
    partition = Partition(0, lambda _: None, dropped.append)
    first, second, third = told((0, stroke()), (1, stroke()), (2, stroke()))
    taken = partition.take([*records([first, second]), forgetting(2)], NOW)
    assert taken.beliefs == [(b"p-1", None)]
    assert partition.untold(None, NOW) == []
    assert partition.snapshots() == [(b"p-1", None)]
    assert dropped == [b"p-1"]
    partition.take(records([third], 3), NOW)
    ((_, state),) = partition.snapshots()
    assert state is not None
    assert read(state) == advance(Player(), third)


def test_a_player_is_forgotten_again_when_the_word_comes_again() -> None:
    """A worker that died before it could commit hears all of it once more, and knows no more than before."""
    partition = newcomers()
    chunk = [*records(told((0, stroke()))), forgetting(1)]
    partition.take(chunk, NOW)
    assert partition.take(chunk, NOW).beliefs == [(b"p-1", None)]
    assert partition.snapshots() == [(b"p-1", None)]


def test_a_forgetting_that_was_not_written_is_owed_again() -> None:
    """As any other snapshot."""
    partition = newcomers()
    partition.take([forgetting(0)], NOW)
    partition.unwritten(key for key, _ in partition.snapshots())
    assert partition.snapshots() == [(b"p-1", None)]


def test_no_value_without_a_key_is_refused_as_ever() -> None:
    """It names nobody who could be forgotten."""
    taken = newcomers().take([Record(0, None, None)], NOW)
    assert [each.data.reason for each in failures(taken)] == [Reason.NOT_JSON]
    assert taken.beliefs == []


def test_what_was_rewritten_is_passed_over_by_who_folded_it() -> None:
    """Refused ones too: neither folded nor refused a second time, and what comes between is folded."""
    log = [*records(told((0, stroke()), (1, stroke()))), Record(2, b"p-1", b"nonsense")]
    partition = newcomers()
    partition.take(log, NOW)
    other = event(stroke(), 1, 1, player="p-2", session="s-2")
    mark = Record(3, MARK, None, ((REWRITTEN, b""),))
    again = partition.take([mark, *copies(log[:2], 4), *records([other], 6), *copies(log[2:], 7)], NOW)
    assert (again.folded, again.repeated, again.refused) == (1, 0, [])
    assert partition.snapshots()[0][0] in {b"p-1", b"p-2"}


def test_what_was_rewritten_is_passed_over_by_who_begins_behind_it() -> None:
    """A worker whose group committed 3 has all before it in what it can recall, whoever folded it."""
    log = records(told((0, stroke()), (1, stroke()), (2, stroke())))
    taken = Partition(0, lambda _: None, since=3).take(copies(log, 4), NOW)
    assert (taken.folded, taken.repeated) == (0, 0)


def test_what_was_rewritten_is_folded_by_who_never_had_it() -> None:
    """With nothing committed and nothing recalled, the copies are the events: rewritten once, or twice."""
    log = records(told((0, stroke()), (1, stroke()), (2, stroke())))
    once = copies(log, 4)
    assert newcomers().take(once, NOW).folded == 3
    assert newcomers().take(copies(once, 8), NOW).folded == 3
    committed_in_the_middle = Partition(0, lambda _: None, since=1).take(once, NOW)
    assert committed_in_the_middle.folded == 2


def test_only_our_own_mark_is_passed_over_as_one() -> None:
    """Whoever may write to Kafka may write headers: what no rewriting writes is read like any event."""
    sound, *_ = records(told((0, stroke())))
    odd = ((REWRITTEN, b""), (REWRITTEN, b"yesterday"))
    strange = [Record(n, sound.key, b"nonsense", (each,)) for n, each in enumerate(odd)]
    posing = [Record(3, MARK, b"nonsense", odd), Record(4, None, None, odd)]
    taken = newcomers().take([*strange, Record(2, sound.key, sound.value, odd), *posing], NOW)
    assert (taken.folded, len(failures(taken))) == (1, 4)
    assert newcomers().take([Record(0, MARK, None, odd)], NOW).refused == []
