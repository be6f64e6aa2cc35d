"""What was refused, as the API keeps it and tells it: bounded, harmless, each entry once."""

import asyncio
from collections.abc import Iterator

import pytest
from litestar.testing import TestClient
from msgspec.structs import replace

from contract.codec import encode
from contract.failures import EventFailed, Failure, FailureSettled, Reason, Settlement
from engagement_api.app import make_app
from engagement_api.failed import Count, Refusals
from engagement_api.failed_hear import Aside
from tests.contract.recorded import NOW, WIRE
from tests.engagement_api.stores import Client, Stores

NASTY = b"\x1b]0;owned\x07<img src=x onerror=alert(1)>\xff"


def refused(number: int, reason: Reason = Reason.NOT_JSON, subject: str = "heron", original: bytes = b"x") -> bytes:
    """A refusal."""
    data = Failure(reason=reason, detail="why", original=original, topic="player-events", partition=0, offset=number)
    return encode(EventFailed(id=f"f-{number}", source="/test", subject=subject, time=NOW, data=data))


def settled(number: int, reason: Reason = Reason.NOT_JSON) -> bytes:
    """That it was replayed."""
    data = Settlement(failure=f"f-{number}", reason=reason, how="replayed", by="map", events=1)
    return encode(FailureSettled(id=f"f-{number}", source="/test", subject="heron", time=NOW, data=data))


def heard(*messages: bytes, remembered: int = 100) -> Refusals:
    """The count of these messages."""
    refusals = Refusals(remembered)
    refusals.take(messages)
    return refusals


def test_open_is_failed_less_settled_and_a_repeat_counts_once() -> None:
    """Three failed, one of them told twice, and one settled twice."""
    kept = heard(refused(1), refused(2), refused(3, Reason.TOO_OLD), refused(1), settled(2), settled(2)).kept()
    assert kept.reasons == {Reason.NOT_JSON: Count(2, 1, 1), Reason.TOO_OLD: Count(1, 1, 0)}
    assert (kept.failed, kept.open, kept.settled) == (3, 2, 1)
    assert {sample.id: sample.open for sample in kept.newest} == {"f-1": True, "f-2": False, "f-3": True}


def test_the_newest_twenty_are_shown_and_no_more() -> None:
    """Of fifty in one batch, and of one by one."""
    together, alone = heard(*(refused(number) for number in range(50))), Refusals()
    for number in range(50):
        alone.take([refused(number)])
    for refusals in (together, alone):
        assert [sample.id for sample in refusals.kept().newest] == [f"f-{number}" for number in range(49, 29, -1)]
        assert refusals.kept().failed == 50


def test_memory_is_bounded_and_counts_go_on() -> None:
    """With ten remembered, a thousand count as a thousand, and a settlement of a forgotten one still counts."""
    refusals = heard(*(refused(number) for number in range(1_000)), remembered=10)
    refusals.take([settled(0)])
    assert (refusals.kept().failed, refusals.kept().settled) == (1_000, 1)
    assert len(refusals._known) == 10


def test_a_settlement_that_outlives_what_it_settled_makes_nothing_negative() -> None:
    """The refusal is four weeks old and gone from the topic."""
    assert heard(settled(1)).kept().reasons == {}
    assert heard(settled(1), settled(2), refused(3)).kept().reasons == {Reason.NOT_JSON: Count(1, 0, 1)}


def test_noise_and_other_messages_are_passed_over() -> None:
    """Nothing on the topic stops the count."""
    assert heard(b"", b"\xff", b"[]", WIRE["rock.hit"], WIRE["event.failed"]).kept().failed == 1


def test_what_a_stranger_sent_is_shown_short_and_obeyed_by_nobody() -> None:
    """Escape sequences are spelled out; a name is cut; a long message says how long it was."""
    (sample,) = heard(refused(1, original=NASTY + b"y" * 5_000, subject="\x1b[31m" + "h" * 59)).kept().newest
    assert sample.original.startswith(r"\x1b]0;owned\x07<img src=x onerror=alert(1)>\xff")
    assert len(sample.original) == 241
    assert sample.bytes == len(NASTY) + 5_000
    assert sample.subject.startswith(r"\x1b[31m")


def test_a_player_who_is_forgotten_is_in_no_sample() -> None:
    """The count stays: it names nobody."""
    refusals = heard(refused(1), refused(2, subject="ibis"), refused(3, subject="odd\x00"))
    refusals.forget("heron")
    refusals.forget("odd\x00")
    assert [sample.subject for sample in refusals.kept().newest] == ["ibis"]
    assert refusals.kept().failed == 3


@pytest.fixture(name="client")
def _client() -> Iterator[Client]:
    """A client of an API that has heard of three refusals, one settled."""
    refusals = heard(refused(1), refused(2), refused(3, Reason.WRONG_KEY, original=NASTY), settled(1))
    with TestClient(make_app(replace(Stores().parts(), failed=refusals.kept))) as client:
        yield client


def test_the_page_is_told_counts_and_samples(client: Client) -> None:
    """By reason, and the newest first."""
    told = client.get("/v1/failed").json()
    assert told["reasons"] == {
        "not_json": {"failed": 2, "open": 1, "settled": 1},
        "wrong_key": {"failed": 1, "open": 1, "settled": 0},
    }
    assert (told["failed"], told["open"], told["settled"]) == (3, 2, 1)
    assert [sample["id"] for sample in told["newest"]] == ["f-3", "f-2", "f-1"]


def test_prometheus_reads_a_counter_and_a_gauge_by_reason(client: Client) -> None:
    """Every reason of the contract from the start, and nothing that a player wrote."""
    told = client.get("/metrics").text
    assert 'whitewater_failed_events_total{reason="not_json"} 2.0' in told
    assert 'whitewater_failed_open{reason="not_json"} 1.0' in told
    assert 'whitewater_failed_events_total{reason="too_many"} 0.0' in told
    assert "heron" not in told


async def test_a_broker_that_is_away_costs_nothing_but_news(caplog: pytest.LogCaptureFixture) -> None:
    """It is asked again, and until then the count is what it was."""
    aside = Aside("127.0.0.1:9")
    listening = asyncio.create_task(aside.run())
    async with asyncio.timeout(5.0):
        while "is not heard" not in caplog.text:
            await asyncio.wait([listening], timeout=0.01)
    listening.cancel()
    await asyncio.wait([listening])
    assert aside.kept().failed == 0
