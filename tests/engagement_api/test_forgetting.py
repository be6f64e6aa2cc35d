"""A player leaves every store in its turn, and whoever comes back under that name is somebody new."""

from pathlib import Path

from contract.codec import encode
from engagement_api.history import open_history
from engagement_api.listen import Fetched, Forget
from engagement_api.migrate import migrate
from engagement_api.policy.wish import Lesson
from engagement_api.record import Record
from engagement_api.state import State
from tests.engagement_api.beliefs import NOON, belief, finished, judged
from tests.engagement_api.stores import FakePast, FakePresent
from tests.engagement_api.test_listen import Loop

WHO = "p-followed"


def lost(sequence: int) -> bytes:
    """A belief after a lost round, as it travels."""
    return encode(finished(sequence, cleared=False))


async def test_what_was_heard_before_the_word_is_gone_and_what_came_after_it_is_new() -> None:
    """One batch: lost a round, forgotten, lost a later round: one goal is left, of revision 1, for the later one."""
    loop = await Loop(FakePresent(), FakePast()).start()
    loop.follow(WHO)
    await loop.listener.hear(Fetched([lost(1), Forget(WHO), lost(2)], {"partition": 3}), NOON)
    await loop.settle()
    assert {key: record.goal.data.cause.sequence for key, record in loop.history.rows.items()} == {(WHO, 1): 200}
    assert loop.live.newest[WHO].data.cause.sequence == 200
    assert loop.live.known[WHO].revision == 1
    assert loop.stream.buried == [WHO]
    assert loop.stream.committed == {"partition": 3}
    assert await loop.told() == [1, 1]  # the follower takes the new life's first goal, too


async def test_nobody_else_loses_anything() -> None:
    """A goal of somebody else in the same batch stays in every store."""
    loop = await Loop(FakePresent(), FakePast()).start()
    other = encode(finished(1, cleared=False, player="p-other"))
    await loop.listener.hear(Fetched([lost(1), other, Forget(WHO)], {"partition": 3}), NOON)
    await loop.settle()
    assert loop.history.rows.keys() == {("p-other", 1)}
    assert loop.live.newest.keys() == {"p-other"}


async def test_the_word_may_come_again() -> None:
    """A process that died before it committed hears it once more."""
    loop = await Loop(FakePresent(), FakePast()).start()
    for offset in (1, 2):
        await loop.listener.hear(Fetched([Forget(WHO)], {"partition": offset}), NOON)
    await loop.settle()
    assert loop.stream.buried == [WHO, WHO]
    assert loop.stream.committed == {"partition": 2}


async def test_a_row_that_was_taken_out_leaves_no_byte_in_the_file(tmp_path: Path) -> None:
    """Nor in the log beside it; the rows of others are as they were."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'history.db'}"
    migrate(url)
    history = open_history(url)
    for player in ("p-followed", "p-other"):
        verdicts = judged(State(), belief(1, player=player), finished(1, cleared=False, player=player))
        lesson = Lesson(choice=1, stayed=True)
        await history.keep(
            [Record(each.goal, each.state, "human", (lesson,)) for each in verdicts if each.goal is not None]
        )
    others = await history.held("p-other")
    assert others.keys() == {"decisions", "lessons"}
    assert (await history.held(WHO)).keys() == {"decisions", "lessons"}
    await history.forget(WHO)
    assert await history.held(WHO) == {}
    assert await history.held("p-other") == others
    bytes_left = b"".join(path.read_bytes() for path in tmp_path.iterdir())  # noqa: ASYNC240 - nobody else waits
    await history.close()
    assert WHO.encode() not in bytes_left
    assert b"p-other" in bytes_left
