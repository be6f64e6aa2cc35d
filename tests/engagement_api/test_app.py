"""The routes around stores in memory: answers, refusals, and what every response says to a browser."""

import pytest
from litestar.exceptions import WebSocketDisconnect

from tests.engagement_api.stores import Client, Stores


def test_a_game_is_told_where_the_doors_are(client: Client) -> None:
    """The stream as advertised, the river and the gate on the host that was asked."""
    assert client.get("/v1/doors").json() == {
        "kafka": "stream.example:9092",
        "river": "ws://testserver.local/v1/river",
        "events": "http://testserver.local/v1/events",
    }


def test_a_player_is_shown_with_belief_and_goal(client: Client) -> None:
    """One player, the same in the list and alone."""
    (player,) = client.get("/v1/players").json()
    assert player["signals"]["subject"] == "p-1"
    assert player["goal"]["data"]["revision"] == 2
    assert client.get("/v1/players/p-1").json() == player


def test_a_player_nobody_saw_is_not_found(client: Client) -> None:
    """404, in words."""
    response = client.get("/v1/players/p-9")
    assert response.status_code == 404
    assert "seen" in response.json()["detail"]


def test_decisions_say_why(client: Client) -> None:
    """Newest first, each with because, evidence and cause."""
    newest, first = client.get("/v1/players/p-1/decisions").json()
    assert (newest["data"]["revision"], first["data"]["revision"]) == (2, 1)
    assert newest["data"]["because"] == "That one got the better of you: the next rapid is easier."
    assert newest["data"]["evidence"]["rounds"] == 1.0
    assert newest["data"]["cause"]["sequence"] == 100
    assert len(client.get("/v1/players/p-1/decisions?limit=1").json()) == 1


def test_any_players_why_is_one_answer(client: Client, stores: Stores) -> None:
    """Belief, goal and decisions together; what has expired is missing and the decisions are still there."""
    why = client.get("/v1/why", params={"player": "p-1", "limit": 1}).json()
    assert why["signals"]["subject"] == why["goal"]["subject"] == why["player"] == "p-1"
    assert [goal["data"]["revision"] for goal in why["decisions"]] == [2]
    stores.live.felt.clear()
    stores.live.newest.clear()
    gone = client.get("/v1/why", params={"player": "p-1"}).json()
    assert (gone["signals"], gone["goal"], len(gone["decisions"])) == (None, None, 2)


def test_a_why_may_be_asked_of_any_name(client: Client) -> None:
    """A name with slashes and angles is a name like another: nobody has it here."""
    response = client.get("/v1/why", params={"player": "</b>/../x"})
    assert response.status_code == 404
    assert "Nobody of this name" in response.json()["detail"]


@pytest.mark.parametrize("path", ["/v1/players/p-1/decisions?limit=0", "/v1/players/p-1/decisions?limit=many"])
def test_nonsense_is_refused(client: Client, path: str) -> None:
    """400."""
    assert client.get(path).status_code == 400


def test_the_switch_can_be_turned(client: Client, stores: Stores) -> None:
    """Off, and on again; both ways it is read back."""
    assert client.put("/v1/adaptation", json={"on": False}).json() == {"on": False}
    assert client.get("/v1/adaptation").json() == {"on": False}
    assert not stores.history.on
    assert client.put("/v1/adaptation", json={"on": True}).json() == {"on": True}


@pytest.mark.parametrize("body", [{"on": "off"}, {"on": 0}, {"on": "0"}, {}, {"on": True, "for": "me"}])
def test_the_switch_knows_on_and_off_only(client: Client, body: dict[str, object]) -> None:
    """Strict types, no unknown fields. Found by schemathesis: a 0 turned the river off for everybody."""
    assert client.put("/v1/adaptation", json=body).status_code == 400


@pytest.mark.parametrize("body", [b'{"token":"\xff"}', b'{"token":"\xed\xa0\x80"}'])
def test_a_body_that_is_no_utf_8_is_the_askers_fault(client: Client, body: bytes) -> None:
    """Found by the fuzzer: it was answered as if the server had failed (500)."""
    answer = client.post("/v1/operator/session", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert "no UTF-8" in answer.json()["detail"]


def test_a_body_that_is_too_large_is_not_read(client: Client) -> None:
    """A kibibyte is plenty for a switch."""
    assert client.put("/v1/adaptation", content=b" " * 2000 + b'{"on": true}').status_code == 413


def test_readiness_names_who_is_away(client: Client, stores: Stores) -> None:
    """200 while all answer; 503 and the name when one does not."""
    assert client.get("/ready").status_code == 200
    stores.live.away = True
    response = client.get("/ready")
    assert response.status_code == 503
    told = response.json()
    assert (told["dependencies"]["redis"]["ready"], told["dependencies"]["sql"]["ready"]) == (False, True)
    assert (told["partitions"], told["graph"]) == ([0, 1], "The graph is that of nobody.")


def test_a_store_that_is_away_is_an_answer(client: Client, stores: Stores) -> None:
    """503 and a sentence, no traceback; being alive does not depend on it."""
    stores.live.away = True
    response = client.get("/v1/players")
    assert response.status_code == 503
    assert response.json()["detail"].startswith("A store is away")
    assert client.get("/health").status_code == 200


@pytest.mark.parametrize("path", ["/", "/river.js", "/river.css", "/v1/players", "/v1/players/nobody", "/metrics"])
def test_every_response_tells_the_browser_what_it_may_do(client: Client, path: str) -> None:
    """Pages, files, answers and refusals alike."""
    headers = client.get(path).headers
    assert headers["content-security-policy"].startswith("default-src 'self'")
    assert headers["x-content-type-options"] == "nosniff"


def test_the_schema_is_served_and_loads_nothing_from_elsewhere(client: Client) -> None:
    """OpenAPI as JSON, with every public route in it."""
    schema = client.get("/openapi").json()
    assert {"/health", "/ready", "/v1/doors", "/v1/players", "/v1/adaptation"} <= schema["paths"].keys()


def test_prometheus_reads_every_rail_from_the_start(client: Client) -> None:
    """A rail that never bit is there with a zero, so that a dashboard can tell it from one that is gone."""
    assert 'whitewater_guardrail_total{rail="odds"} 0.0' in client.get("/metrics").text


def test_whoever_follows_hears_the_present_goal_and_the_next(client: Client, stores: Stores) -> None:
    """At once, and when it is decided."""
    with client.websocket_connect("/v1/river") as socket:
        socket.send_json({"follow": ["p-1"]})
        assert socket.receive_json()["data"]["revision"] == 2
        stores.followers.tell("p-1", 3, '{"third": true}')
        socket.send_json({"follow": ["p-2"]})
        assert socket.receive_json() == {"third": True}
        socket.send_json({"unfollow": ["p-1", "p-2"]})


def test_a_close_frame_has_room_for_the_reason(client: Client) -> None:
    """Found by the fuzzer: 123 bytes are fewer letters in another script, and what did not fit was a failure (4500)."""
    with client.websocket_connect("/v1/river") as socket:
        socket.send_text('{"' + "\u00e9" * 90 + '":1}')
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_text(timeout=5)
    assert closed.value.code == 1008
    assert 100 < len(closed.value.detail.encode()) <= 123
