"""What a repair makes of an entry: sent, or left open with a reason."""

from datetime import UTC, datetime
from typing import Final

import pytest

from contract.codec import Unreadable, encode, read_kept
from contract.failures import EventFailed, Failure, FailureSettled, Reason
from contract.repair import POLICIES, Draft, Message
from failures.mend import Left, Mended, Refusal, Step, mend, settlement
from tests.contract.recorded import NOW, ROCK

KEY: Final = b"p-5d1c7a"
AS_IT_IS: Final = Step("as-it-is", POLICIES["as-it-is"])
REKEY: Final = Step("rekey", POLICIES["rekey"])


def refusal(original: bytes = ROCK, reason: Reason = Reason.FOLD_FAILED, key: bytes | None = KEY) -> Refusal:
    """An entry."""
    failure = Failure(reason=reason, detail="", original=original, topic="player-events", partition=5, offset=9)
    told = EventFailed(id="player-events-5-9-0", source="/test", subject="p-5d1c7a", time=NOW, data=failure)
    return Refusal(told, key, 1)


def into(*values: bytes) -> Step:
    """A person's repair that makes these messages of any."""
    return Step("map", lambda draft, _: Draft(tuple(Message(KEY, value) for value in values), draft.arrived))


def test_an_event_whose_fold_was_mended_is_sent_as_it_is() -> None:
    """The same bytes, the same key."""
    assert mend(refusal(), [AS_IT_IS], NOW) == Mended((Message(KEY, ROCK),), 1)


def test_a_repair_that_changes_nothing_sends_nothing() -> None:
    """Else `--all --policy rekey` would send everything that rekeying has nothing to do with."""
    assert mend(refusal(), [REKEY], NOW) == Left(Reason.FOLD_FAILED, "the repair changes nothing in it")


def test_only_rekey_puts_an_event_under_another_name() -> None:
    """It came as somebody's and is about p-5d1c7a: neither sending it as it is nor a person's filter moves it."""
    stray = refusal(ROCK, Reason.WRONG_KEY, b"somebody")
    left = mend(stray, [AS_IT_IS], NOW)
    assert isinstance(left, Left)
    assert left.reason == Reason.WRONG_KEY
    assert mend(stray, [REKEY], NOW) == Mended((Message(KEY, ROCK),), 1)


def test_what_is_still_refused_stays_open_with_its_new_reason() -> None:
    """An editor made JSON of it that is no event; a week later it is too old as well."""
    broken = refusal(b"nonsense", Reason.NOT_JSON)
    left = mend(broken, [into(b"{}")], NOW)
    assert isinstance(left, Left)
    assert left.reason == Reason.WRONG_SHAPE
    late = mend(refusal(), [AS_IT_IS], datetime(2026, 12, 23, tzinfo=UTC))
    assert isinstance(late, Left)
    assert late.reason == Reason.TOO_OLD


def test_all_of_an_entry_is_sent_or_nothing() -> None:
    """One bad event among three messages keeps all three back."""
    left = mend(refusal(b"x", Reason.NOT_JSON), [into(ROCK, b"[" + ROCK + b",7]", ROCK)], NOW)
    assert isinstance(left, Left)
    assert left.reason == Reason.WRONG_SHAPE


@pytest.mark.parametrize("nothing", [(), (b"[]",)], ids=["no message", "an empty array"])
def test_an_entry_of_which_nothing_is_left_is_to_be_dropped(nothing: tuple[bytes, ...]) -> None:
    """Replayed with no event would be a lie."""
    assert mend(refusal(), [into(*nothing)], NOW) == Left(Reason.FOLD_FAILED, "no event is left of it: drop it instead")


def test_a_repair_that_cannot_help_says_why() -> None:
    """Its sentence, and the reason as before."""
    left = mend(refusal(b"nonsense", Reason.NOT_JSON), [REKEY], NOW)
    assert isinstance(left, Left)
    assert left.reason == Reason.NOT_JSON
    assert left.detail.startswith("it is no JSON")


def test_steps_follow_one_another() -> None:
    """An editor mends the JSON, then rekey finds whose it is."""
    stray = refusal(b"nonsense", Reason.NOT_JSON, b"somebody")
    edited = Step("editor", lambda draft, _: Draft((Message(b"somebody", ROCK),), draft.arrived))
    made = mend(stray, [edited, REKEY], NOW)
    assert made == Mended((Message(KEY, ROCK),), 1)
    word = settlement(stray, NOW, [edited, REKEY], made)
    assert (word.data.how, word.data.by, word.data.events) == ("replayed", "editor+rekey", 1)


def test_a_settlement_names_its_entry_and_is_the_same_every_time() -> None:
    """Its id is the failure's; dropped, it was mended by nobody; and its bytes are read back."""
    word = settlement(refusal(), NOW, [], None)
    assert (word.id, word.data.failure, word.data.reason) == (*["player-events-5-9-0"] * 2, Reason.FOLD_FAILED)
    assert (word.data.how, word.data.by, word.data.events) == ("dropped", "nobody", 0)
    back = read_kept(encode(word))
    assert isinstance(back, FailureSettled)
    assert back == word
    assert isinstance(read_kept(ROCK), Unreadable)
