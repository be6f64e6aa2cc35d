"""Starting and stopping a trial over HTTP, around stores in memory; what is refused, and in which words."""

import asyncio

import msgspec
import pytest

from engagement_api.scoreboard import Tally
from tests.engagement_api.beliefs import NOON
from tests.engagement_api.stores import Client, Stores
from tests.engagement_api.trialled import SPRING

PATH = "/v1/experiment"
ONE = {"name": "one", "policy": "P2", "share": 1.0}


def spring() -> dict[str, object]:
    """The trial as JSON has it."""
    told: dict[str, object] = msgspec.json.decode(msgspec.json.encode(SPRING))
    return told


def test_a_trial_is_started_and_stopped_without_a_restart(client: Client, stores: Stores) -> None:
    """The rules of the loop have it at once and lose it at once, and the other processes are told both times."""
    assert client.get(PATH).json() == {"trial": None, "since": None, "arms": [], "srm": None}
    started = client.put(PATH, json=spring()).json()
    assert started["trial"] == spring()
    assert [arm["name"] for arm in started["arms"]] == ["as drawn", "on target", "by rank", "held_out"]
    assert stores.listener.rules.trial == SPRING
    assert client.put(PATH, content=b"null").json()["trial"] is None
    assert stores.listener.rules.trial is None
    assert stores.live.turns == 2


def test_what_is_counted_is_told(client: Client, stores: Stores) -> None:
    """Players and mean rounds of each arm, and the alarm of a ratio that cannot be chance."""
    client.put(PATH, json=spring())
    stores.history.counted = {"as drawn": Tally(400, 4_000, 42_000), "on target": Tally(300, 3_150, 35_000)}
    told = client.get(PATH).json()
    assert [(arm["n"], arm["rounds"]) for arm in told["arms"]] == [(400, 10.0), (300, 10.5), (0, 0.0), (0, 0.0)]
    assert told["arms"][1]["lift"]["lift"] == pytest.approx(0.05)
    assert told["srm"]["alarm"] is True


def test_a_process_follows_what_another_one_started(stores: Stores) -> None:
    """It looks into the history, which is the truth; with the history away it goes on as before."""

    async def follow() -> None:
        await stores.history.run_this(NOON, SPRING)
        await stores.trials.look()
        stores.history.away = True
        await stores.trials.look()

    asyncio.run(follow())
    assert stores.listener.rules.trial == SPRING


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "truncated"),
        (b"[]", "Expected `object | null`"),
        (b'{"name": "\xff"}', "This is no trial"),
        ({"name": "a"}, "missing required field `arms`"),
        ({"name": "a", "arms": []}, "length >= 1"),
        ({"name": "", "arms": [ONE]}, "length >= 1"),
        ({"name": "none", "arms": [ONE]}, "choose another"),
        ({"name": "a", "arms": [ONE], "burn_in": 1_001}, "<= 1000 - at `$.burn_in`"),
        ({"name": "a", "arms": [ONE], "burn_in": -1}, ">= 0 - at `$.burn_in`"),
        ({"name": "a", "arms": [ONE], "until": "noon"}, "unknown field `until`"),
        ({"name": "a", "arms": [ONE | {"policy": "P9"}]}, "the policies are P0, P1, P2, P3, P4, explore"),
        ({"name": "a", "arms": [ONE | {"policy": "P3"}]}, "P2 would decide in its stead. There is no graph."),
        ({"name": "a", "arms": [ONE | {"share": 0.5}]}, "add up to 0.5"),
        ({"name": "a", "arms": [ONE | {"share": 0.7}, ONE | {"name": "two", "share": 0.7}]}, "add up to 1.4"),
        ({"name": "a", "arms": [ONE, ONE | {"name": "two", "share": 0.0}]}, "'two' has no share"),
        ({"name": "a", "arms": [ONE | {"share": 0.5}, ONE | {"share": 0.5}]}, "Two arms have one name"),
        ({"name": "a", "arms": [ONE | {"name": "held_out"}]}, "is there in every trial"),
    ],
)  # fmt: skip
def test_a_trial_that_cannot_be_run_is_refused_in_words(
    client: Client, body: bytes | dict[str, object], words: str
) -> None:
    """400 and what is wrong; nothing is started."""
    content = body if isinstance(body, bytes) else msgspec.json.encode(body)
    response = client.put(PATH, content=content)
    assert response.status_code == 400
    assert words in response.json()["detail"]
    assert client.get(PATH).json()["trial"] is None


def test_a_name_belongs_to_one_trial_for_ever(client: Client) -> None:
    """As it was it may go on; with other arms it would mix two trials in one count."""
    client.put(PATH, json=spring())
    client.put(PATH, content=b"null")
    refused = client.put(PATH, json=spring() | {"burn_in": 3})
    assert refused.status_code == 400
    assert "choose a new name" in refused.json()["detail"]
    assert client.put(PATH, json=spring()).status_code == 200


def test_with_the_history_away_nothing_is_started(client: Client, stores: Stores) -> None:
    """503: what is not kept would not last; and the loop goes on as before."""
    stores.history.away = True
    assert client.put(PATH, json=spring()).status_code == 503
    assert client.get(PATH).status_code == 503
    assert stores.listener.rules.trial is None


def test_a_body_may_name_sixteen_arms_and_no_more(client: Client) -> None:
    """The longest names fit; a seventeenth arm is refused."""
    arms = [{"name": f"{number:064}", "policy": "explore", "share": 1 / 16} for number in range(16)]
    assert client.put(PATH, json={"name": "a" * 64, "arms": arms, "burn_in": 1_000}).status_code == 200
    assert client.put(PATH, json={"name": "b", "arms": [*arms, ONE]}).status_code == 400
