"""By which names an open river is called, and for how long a page stays signed in."""

from datetime import timedelta

import pytest
from litestar import Litestar
from msgspec.structs import replace

from engagement_api.access import Guarding
from engagement_api.app import make_app
from engagement_api.guard import guarded
from engagement_api.keys import Settings
from tests.engagement_api import forged
from tests.engagement_api.asked import ask, follow
from tests.engagement_api.stores import Stores


def river(guarding: Guarding) -> Litestar:
    """An application that is guarded so."""
    return make_app(replace(Stores().parts(guarding), guarding=guarding))


async def test_who_stays_signed_in_signs_in_again_after_half_a_day() -> None:
    """Each cookie holds for ten minutes and is changed for the next one, but not for ever."""
    minutes, path = 0, "/v1/operator/session"
    app = river(Guarding("closed", (forged.KEY,), now=lambda: forged.NOW + timedelta(minutes=minutes)))
    heard = await ask(app, "POST", path, body=b'{"token": "%s"}' % forged.OPERATOR.encode())
    for _ in range(79):
        minutes += 9
        ours = {"cookie": heard.headers["set-cookie"].split(";")[0], "origin": "http://here.example"}
        heard = await ask(app, "PUT", path, headers=ours)
        assert heard.status == 200
    minutes += 9  # eighty times nine minutes are twelve hours
    ours["cookie"] = heard.headers["set-cookie"].split(";")[0]
    assert (await ask(app, "GET", "/v1/players", headers=ours)).status == 200
    assert (await ask(app, "PUT", path, headers=ours)).status == 401
    again = b'{"token": "%s"}' % ours["cookie"].partition("=")[2].encode()
    assert (await ask(app, "POST", path, body=again)).status == 401, "a cookie that somebody took begins no new day"


@pytest.mark.parametrize("path", ["/v1/players/mine\0", "/v1/players/mine\0/decisions"])
async def test_a_name_with_a_zero_character_is_nobodys(path: str) -> None:
    """It is the asker's fault; a PostgreSQL that is asked about it answers with a fault of its own."""
    heard = await ask(river(Guarding()), "GET", path)
    assert (heard.status, b"zero character" in heard.body) == (400, True)


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:8080", 200), ("127.0.0.1:9", 200), ("[::1]:8080", 200), ("192.0.2.1:8080", 200), ("river", 200),
        ("friend.example", 200), ("FRIEND.example:8443", 200),
        ("evil.example:8080", 403), ("127.0.0.1.evil.example", 403), ("localhost.", 403), ("[::1", 403), ("", 200),
    ],
)  # fmt: skip
async def test_an_open_river_is_called_by_no_name_of_the_internets(host: str, status: int) -> None:
    """A page whose own name was made to lead here (DNS rebinding) is no page of ours; without a name it is none."""
    app = river(guarded(Settings(origins="https://friend.example"), "127.0.0.1"))
    assert (await ask(app, "GET", "/v1/players", headers={"host": host})).status == status
    here = {"host": host, "origin": f"http://{host}"} if host else {"host": host}
    assert ((await follow(app, {"follow": ["p-1"]}, here)).status == 101) == (status == 200)


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])  # noqa: S104 - never bound
def test_a_river_with_tokens_goes_by_any_name(host: str) -> None:
    """A token says enough, and no browser shows one by itself."""
    assert guarded(Settings(token_keys=f"k:{'x' * 32}", access="closed"), host).hosts is None
    assert guarded(Settings(token_keys=f"k:{'x' * 32}", access="open"), host).hosts == frozenset()
