"""Everybody together over HTTP: before anybody told, after, and as Prometheus reads it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from litestar.testing import TestClient
from msgspec.structs import replace

from engagement_api.app import make_app
from engagement_api.fleet import WrongSketchError, figures, opened
from engagement_api.roster import Roster
from tests.contract.recorded import NOW, WIRE
from tests.engagement_api.stores import Client, Stores

TOLD = WIRE["fleet.told"]
"""Partition 3: two players began today, both started rapid 1, one cleared it; three events took 5 s each."""


@pytest.fixture(name="client")
def _client() -> Iterator[Client]:
    """A client of an API that has heard of one partition."""
    parts = replace(Stores().parts(), fleet=lambda: figures([opened(TOLD)], NOW))
    with TestClient(make_app(parts)) as client:
        yield client


def test_the_figures_say_how_good_they_are(client: Client) -> None:
    """Counts with their standard error, latencies with theirs, shares with what they are shares of."""
    told = client.get("/v1/fleet").json()
    assert (told["players_now"], told["sessions_now"], told["dau"], told["wau"], told["mau"]) == (2, 2, 2, 2, 2)
    assert told["funnel"] == [{"rapid": 1, "started": 2, "cleared": 1}]
    assert told["d1"] == {"n": 0, "back": 0, "share": None}
    assert told["latency"]["n"] == 3
    assert told["latency"]["p50_ms"] == pytest.approx(5_000, rel=0.01)
    assert told["error"] == {"counts": 0.0162, "latency": 0.01}
    assert told["partitions"] == 1


def test_prometheus_reads_the_same_figures(client: Client) -> None:
    """Gauges by window, quantile and rapid; a retention that nobody can know yet is left out."""
    told = client.get("/metrics").text
    assert 'whitewater_fleet_players{within="5m"} 2.0' in told
    assert 'whitewater_fleet_sessions{within="1d"} 2.0' in told
    assert 'whitewater_fleet_rapid_cleared{rapid="1"} 1.0' in told
    assert 'whitewater_fleet_latency_seconds{quantile="0.5"} 5.' in told
    assert "whitewater_fleet_retention{" not in told


def test_before_anybody_told_all_is_nought() -> None:
    """An API without a roster answers with zeros and an empty funnel."""
    with TestClient(make_app(Stores().parts())) as client:
        told = client.get("/v1/fleet").json()
    assert (told["players_now"], told["mau"], told["funnel"], told["partitions"]) == (0, 0, [], 0)


def test_the_newest_of_a_partition_stands_until_a_better_one_comes(caplog: pytest.LogCaptureFixture) -> None:
    """A message that cannot be read is told in the log, and the one before it counts on."""
    heard = Roster("nowhere:9092")
    heard._take(3, TOLD)
    heard._take(3, b"{}")
    heard._take(4, TOLD.replace(b'"sketch":"Ag', b'"sketch":"AA', 1))
    assert heard.figures().partitions == 1
    assert [record.levelname for record in caplog.records] == ["WARNING", "WARNING"]
    assert heard.figures() is heard.figures()  # put together once a second at most


def test_a_message_of_other_bytes_is_no_figures() -> None:
    """An error that says what is wrong, whatever the library would raise."""
    spoilt = TOLD.replace(b'"minute":29923203,"sketch":"eJy', b'"minute":29923203,"sketch":"AAA')
    assert spoilt != TOLD
    with pytest.raises(WrongSketchError, match="partition 3"):
        opened(spoilt)


def test_tomorrow_the_same_sketches_are_yesterdays() -> None:
    """Nobody paddles a day later: DAU is 0, WAU still 2, and the two are a cohort once their next day is over."""
    kept = [opened(TOLD)]
    tomorrow = figures(kept, NOW + timedelta(days=1))
    assert (tomorrow.players_now, tomorrow.dau, tomorrow.wau) == (0, 0, 2)
    assert tomorrow.d1.n == 0
    later = figures(kept, NOW + timedelta(days=2))
    assert (later.d1.n, later.d1.back, later.d1.share) == (2, 0, 0.0)
