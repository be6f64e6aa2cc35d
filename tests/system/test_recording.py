"""From a real topic into a file and back: what was sent is what is recorded is what is sent again."""

import asyncio
import time
from math import inf
from pathlib import Path

import pytest

from producers.kafka import KafkaStream, at
from producers.port import Parcel
from recording.choice import Choice, chosen
from recording.file import Writer, find
from recording.format import Message
from recording.hear import Ear, SilentError, Span
from recording.pacing import paced
from recording.send import Leaving, Sent, parcel, send
from tests.recording.lines import HEADER

pytestmark = pytest.mark.system
PLAYERS = [f"recorded-{number}" for number in range(20)]


def event(player: str, sequence: int) -> Parcel:
    """As much of an event as is looked into."""
    value = b'{"subject":"%b","sessionid":"s-%b","sequence":%d}' % (player.encode(), player.encode(), sequence)
    return parcel(player, value)


async def told(kafka: str, parcels: list[Parcel]) -> None:
    """Sends them as any producer does."""
    stream = KafkaStream(at(kafka))
    await stream.start()
    assert not await stream.send(parcels)
    await stream.stop()


async def heard(ear: Ear, stop: asyncio.Event | None = None) -> list[Message]:
    """Everything it tells, of the players of this file."""
    try:
        handfuls = [each async for each in ear.messages(stop or asyncio.Event())]
    finally:
        await ear.close()
    return [message for handful in handfuls for message in handful if message.key in PLAYERS]


def by_player(messages: list[Message]) -> dict[str, list[bytes]]:
    """The bytes of each, in order."""
    return {player: [each.value for each in messages if each.key == player] for player in PLAYERS}


async def test_what_was_played_is_recorded_and_played_again(kafka: str, tmp_path: Path) -> None:
    """Twenty players, fifty events each: heard live, then from the log; and again from the file."""
    parcels = [event(player, sequence) for sequence in range(1, 51) for player in PLAYERS]
    live = await Ear.open(kafka, Span(inf, None), time.time)
    stop = asyncio.Event()
    listening = asyncio.create_task(heard(live, stop))
    await told(kafka, parcels)
    past = await heard(await Ear.open(kafka, Span(None, time.time()), time.time))
    stop.set()
    assert by_player(await listening) == by_player(past)
    assert by_player(past) == {player: [each.value for each in parcels if each.player == player] for player in PLAYERS}
    assert [each.at for each in past] == sorted(each.at for each in past)

    writer = Writer(tmp_path / "played.zst", HEADER)
    for each in past:
        writer.write(each)
    writer.close()
    again, stop, sent = await Ear.open(kafka, Span(inf, None), time.time), asyncio.Event(), Sent()
    due = paced(find(tmp_path / "played.zst").messages(), inf)
    await send(
        kafka,
        (Leaving(each.at_s, (parcel(each.message.key, each.message.value),)) for each in due),
        sent,
        stop=asyncio.Event(),
    )
    assert (sent.acked, sent.late) == (1_000, 0)
    asyncio.get_running_loop().call_soon(stop.set)
    assert by_player(await heard(again, stop)) == by_player(past)


async def test_a_span_has_a_beginning_and_an_end(kafka: str) -> None:
    """By the records' own timestamps; a session is picked out of it."""
    await told(kafka, [event(PLAYERS[0], 1_001)])
    await asyncio.sleep(0.05)
    began = time.time()
    await asyncio.sleep(0.05)
    await told(kafka, [event(player, 1_002) for player in PLAYERS])
    await asyncio.sleep(0.05)
    ended = time.time()
    await asyncio.sleep(0.05)
    await told(kafka, [event(PLAYERS[0], 1_003)])
    within = await heard(await Ear.open(kafka, Span(began, ended), time.time))
    assert sorted(each.key for each in within) == sorted(PLAYERS)
    theirs = Choice(sessions=frozenset({f"s-{PLAYERS[3]}"}))
    assert [each.key for each in within if chosen(each, theirs)] == [PLAYERS[3]]


async def test_where_no_kafka_is_nobody_listens() -> None:
    """In one sentence."""
    with pytest.raises(SilentError, match="did not show player-events"):
        await Ear.open("127.0.0.1:1", Span(), time.time)


async def test_messages_leave_at_their_pace_and_a_stop_is_heeded(kafka: str) -> None:
    """Three a tenth of a second apart take two tenths; one that is due in an hour is not waited for."""
    leaving = [Leaving(0.1 * number, (event(PLAYERS[1], 2_000 + number),)) for number in range(3)]
    sent = Sent()
    await send(kafka, leaving, sent, asyncio.Event())
    assert sent.acked == 3
    assert 0.2 <= sent.seconds < 2.0
    stop = asyncio.Event()
    asyncio.get_running_loop().call_later(0.1, stop.set)
    await send(kafka, [*leaving[:1], Leaving(3_600.0, (event(PLAYERS[1], 2_003),))], sent, stop)
    assert sent.acked == 4
