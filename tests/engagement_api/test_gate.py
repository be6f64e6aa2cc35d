"""The remote player's gate: whose token, how much, how often, and what becomes of each event."""

from collections.abc import Iterator
from typing import Final

import pytest
from litestar.testing import TestClient
from msgspec import json
from msgspec.structs import replace

from contract.codec import encode_all, read_failure
from contract.failures import EventFailed, Reason
from engagement_api.access import Guarding
from engagement_api.app import make_app
from engagement_api.gate import Verdict, sort
from engagement_api.rates import Rates, household
from engagement_api.tokens import Caller, Key, issue, read
from tests.engagement_api.stores import Client, Stores
from tests.producers.told import NOON, line, told

KEYS: Final = (Key("k1", "a" * 32),)
CLOSED: Final = Guarding("closed", KEYS, now=lambda: NOON)
HERS, HIS = "a" * 43, "b" * 43
BEARER: Final = {"Authorization": f"Bearer {issue(KEYS, Caller('player', 'mila'), NOON)}"}


@pytest.fixture
def stores() -> Stores:
    """Stores in memory."""
    return Stores()


@pytest.fixture
def client(stores: Stores) -> Iterator[Client]:
    """A closed river's API around them."""
    with TestClient(make_app(replace(stores.parts(CLOSED), guarding=CLOSED))) as client:
        yield client


def kept(stores: Stores) -> list[EventFailed]:
    """What went to the failed events."""
    failed = [read_failure(letter.value) for letter in stores.post.letters if letter.topic == "failed-events"]
    return [each for each in failed if isinstance(each, EventFailed)]


def test_a_boat_is_whose_key_came_first(client: Client) -> None:
    """The same key again is let in; another one is told to choose another name."""
    first = client.post("/v1/tokens", json={"player": "mila", "key": HERS})
    assert (first.status_code, first.json()["expires_in"]) == (200, 600)
    assert read(KEYS, first.json()["token"], NOON) == Caller("player", "mila")
    assert client.post("/v1/tokens", json={"player": "mila", "key": HERS}).status_code == 200
    thief = client.post("/v1/tokens", json={"player": "mila", "key": HIS})
    assert (thief.status_code, "somebody else's" in thief.json()["detail"]) == (403, True)


@pytest.mark.parametrize(("origin", "status"), [("http://testserver.local", 200), ("https://evil.example", 403)])
def test_a_page_from_elsewhere_takes_no_name(client: Client, origin: str, status: int) -> None:
    """A browser sends such a request without asking, and would use up its visitor's tries."""
    knock = {"player": "mila", "key": HERS}
    assert client.post("/v1/tokens", json=knock, headers={"Origin": origin}).status_code == status
    assert client.post("/v1/tokens", json={**knock, "key": HIS}).status_code == (403 if status == 200 else 200)


@pytest.mark.parametrize("key", ["a" * 42, "a" * 44, "a" * 42 + "=", "a" * 42 + "\n", ""])
def test_a_key_is_256_bits(client: Client, key: str) -> None:
    """Nothing shorter, longer or otherwise written is anybody's key."""
    assert client.post("/v1/tokens", json={"player": "mila", "key": key}).status_code == 400


@pytest.mark.parametrize("player", ["", "m" * 65, "mi\0la", "\0"])
def test_nobody_is_called_so(client: Client, player: str) -> None:
    """Nothing, too much, or what a PostgreSQL cannot keep."""
    assert client.post("/v1/tokens", json={"player": player, "key": HERS}).status_code == 400


def test_what_is_sound_goes_to_kafka_under_the_players_name(client: Client, stores: Stores) -> None:
    """One event and several, with an answer for each."""
    one = client.post("/v1/events", content=line("mila", 1), headers=BEARER)
    assert one.json() == {
        "accepted": 1,
        "events": [{"position": 0, "status": "accepted", "reason": None, "detail": ""}],
    }
    several = client.post("/v1/events", content=encode_all([told("mila", 2), told("mila", 3)]), headers=BEARER)
    assert several.json()["accepted"] == 2
    assert [(each.topic, each.key, each.value) for each in stores.post.letters] == [
        ("player-events", b"mila", line("mila", sequence)) for sequence in (1, 2, 3)
    ]


def test_nobody_tells_in_anothers_name(client: Client, stores: Stores) -> None:
    """An event about somebody else is refused and kept, and costs its neighbours nothing."""
    answer = client.post("/v1/events", content=encode_all([told("ada", 1), told("mila", 1)]), headers=BEARER)
    assert [each["status"] for each in answer.json()["events"]] == ["refused", "accepted"]
    assert answer.json()["events"][0]["reason"] == "wrong_key"
    (failed,) = kept(stores)
    assert (failed.subject, failed.data.reason, failed.data.original) == ("mila", Reason.WRONG_KEY, line("ada", 1))
    assert (failed.data.topic, failed.data.partition, failed.data.offset) == ("/v1/events", 0, 0)
    assert [each.value for each in stores.post.letters if each.topic == "player-events"] == [line("mila", 1)]


@pytest.mark.parametrize("body", [b"[{}, %b ]", b" %b"])
def test_what_is_refused_is_kept_as_it_came(client: Client, stores: Stores, body: bytes) -> None:
    """To the byte: blanks and the order of fields are the sender's."""
    said = line("ada", 1).replace(b":", b" : ", 1)
    client.post("/v1/events", content=body % said, headers=BEARER)
    assert kept(stores)[-1].data.original.strip() == said


def test_a_refusal_that_comes_twice_has_one_id(client: Client, stores: Stores) -> None:
    """Whoever repeats a request because the answer was lost makes no second entry."""
    for _ in range(2):
        assert client.post("/v1/events", content=b"{", headers=BEARER).json()["events"][0]["reason"] == "not_json"
    assert len({failed.id for failed in kept(stores)}) == 1


def test_two_refusals_have_two_ids() -> None:
    """Another sender, other bytes or another place is another refusal."""
    said = [sort(b"[1, 1]", "mila", NOON), sort(b"[1]", "ada", NOON), sort(b"[2]", "ada", NOON)]
    assert len({letter.value for _, letters in said for letter in letters}) == 4
    assert said[0][0].events[1] == Verdict(1, "refused", Reason.WRONG_SHAPE, said[0][0].events[1].detail)


@pytest.mark.parametrize("chunked", [False, True])
def test_too_much_is_refused_before_it_is_read(client: Client, stores: Stores, *, chunked: bool) -> None:
    """By what is announced, and by what comes when nothing was announced."""
    much = b"[" + b" " * (256 * 1024)
    content = iter([much[:100_000], much[100_000:]]) if chunked else much
    assert client.post("/v1/events", content=content, headers=BEARER).status_code == 413
    assert not stores.post.letters


def test_other_routes_take_a_kilobyte_as_before(client: Client) -> None:
    """The gate's large bodies are the gate's alone."""
    assert client.post("/v1/tokens", content=b" " * 1025, headers=BEARER).status_code == 413


def test_while_kafka_is_away_nothing_is_accepted(client: Client, stores: Stores) -> None:
    """503, when to come again, and afterwards the same request is taken."""
    stores.post.away = True
    away = client.post("/v1/events", content=line("mila", 1), headers=BEARER)
    assert (away.status_code, away.headers["retry-after"]) == (503, "1")
    stores.post.away = False
    assert client.post("/v1/events", content=line("mila", 1), headers=BEARER).json()["accepted"] == 1


def test_while_sql_is_away_nobody_gets_a_token(client: Client, stores: Stores) -> None:
    """The boats cannot be asked, so nobody is believed."""
    stores.history.away = True
    assert client.post("/v1/tokens", json={"player": "mila", "key": HERS}).status_code == 503


def test_whoever_asks_too_often_is_told_when(client: Client, stores: Stores) -> None:
    """429 on both doors, with the seconds."""
    stores.rates.wait_s = 7
    for path, body in (("/v1/events", line("mila", 1)), ("/v1/tokens", json.encode({"player": "m", "key": HERS}))):
        answer = client.post(path, content=body, headers=BEARER)
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")
    assert not stores.post.letters


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"Authorization": "Bearer nothing"}, 401),
        ({"Authorization": f"Bearer {issue(KEYS, Caller('operator'), NOON)}"}, 403),
    ],
)
def test_only_a_player_tells(client: Client, headers: dict[str, str], status: int) -> None:
    """Nobody, a token that is none, and an operator are sent away."""
    assert client.post("/v1/events", content=line("mila", 1), headers=headers).status_code == status


def test_what_became_of_events_is_counted(client: Client, stores: Stores) -> None:
    """For Prometheus, by reason, and never by a player's text."""
    client.post("/v1/events", content=encode_all([told("ada", 1), told("mila", 1)]), headers=BEARER)
    said = stores.meters.exposed().decode()
    assert 'whitewater_gate_events_total{outcome="accepted"} 1.0' in said
    assert 'whitewater_gate_events_total{outcome="wrong_key"} 1.0' in said
    assert "mila" not in said


def test_openapi_tells_of_every_answer(client: Client) -> None:
    """Codes, and a body for the route that the contract reads."""
    operator = {"Authorization": f"Bearer {issue(KEYS, Caller('operator'), NOON)}"}
    told_of = client.get("/openapi/openapi.json", headers=operator).json()["paths"]
    route = told_of["/v1/events"]["post"]
    assert {"200", "400", "401", "403", "413", "429", "503"} <= set(route["responses"])
    assert "application/json" in route["requestBody"]["content"]
    assert {"200", "400", "403", "413", "429", "503"} <= set(told_of["/v1/tokens"]["post"]["responses"])


class Wristwatch:
    """A clock that the test turns."""

    now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


def test_a_player_is_stopped_until_the_window_ends() -> None:
    """Three in ten seconds; the fourth, two seconds later, is to wait eight."""
    watch = Wristwatch()
    rates = Rates(watch, player=3)
    assert [rates.events("mila", "192.0.2.1") for _ in range(3)] == [0, 0, 0]
    watch.now_s += 2.0
    assert (rates.events("mila", "192.0.2.9"), rates.events("ada", "192.0.2.1")) == (8, 0)
    watch.now_s += 8.0
    assert rates.events("mila", "192.0.2.1") == 0


def test_an_address_is_stopped_whoever_plays_there() -> None:
    """And its tokens are counted apart from its events."""
    rates = Rates(Wristwatch(), address=2, tokens=1)
    assert [rates.events(f"p-{number}", "192.0.2.1") for number in range(3)] == [0, 0, 10]
    assert [rates.tokens("192.0.2.1"), rates.tokens("192.0.2.1"), rates.tokens("192.0.2.2")] == [0, 10, 0]


def test_the_memory_of_the_rates_does_not_grow() -> None:
    """However many addresses come, the cells stay as many as there were."""
    rates = Rates(Wristwatch())
    before = len(rates._cells._counts)
    for number in range(2_000):
        rates.tokens(f"2001:db8:{number:x}::1")
    assert (len(rates._cells._counts), len(rates._cells._ends_s)) == (before, before)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8:0:1::1", "2001:db8:0:1:ffff::9", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("testclient", "testclient", True),
    ],
)
def test_a_household_is_one_address(one: str, other: str, *, same: bool) -> None:
    """An IPv6 household has a /64, an IPv4 one an address; both in one notation."""
    assert (household(one) == household(other)) is same
