"""Every route of the application x every kind of caller x open and closed x the player's own name, another's, odd ones.

The routes are read off the application itself, so that a new one is tried before anybody thinks of it. What should
happen is said here a second time, by hand, and what came back is searched for what was another's.
"""

import sys
from collections import Counter
from typing import Final, Literal
from urllib.parse import quote

import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute
from msgspec.structs import replace

from contract.codec import encode
from engagement_api import access
from engagement_api.access import RULES, Guarding, table
from engagement_api.app import make_app
from tests.engagement_api import forged
from tests.engagement_api.asked import Heard, ask, follow
from tests.engagement_api.stores import Stores
from tests.house.tree import text

Mode = Literal["open", "closed"]
MODES: Final[tuple[Mode, ...]] = ("open", "closed")
FOR_ALL: Final = {
    "GET /", "GET /{file_path}", "HEAD /{file_path}", "GET /health", "GET /ready", "GET /v1/doors", "POST /v1/tokens",
    "POST /v1/operator/session",
}  # fmt: skip
OF_ONE: Final = {"GET /v1/players/{player}", "GET /v1/players/{player}/decisions", "GET /v1/why", "GET /v1/held"}
SENT: Final = "POST /v1/events"
SIGN_IN: Final = "POST /v1/operator/session"
STAY: Final = "PUT /v1/operator/session"
RIVER: Final = "WEBSOCKET /v1/river"
OWN: Final = "mine"
OTHER: Final = "yours"
ODD: Final = (
    "", "x" * 65, "..", "mine/../yours", "..%2fyours", "m\u0456ne", "mine\u200b", "MINE", " mine", "mine\x00",
    "mine' OR '1'='1", "yours'; DROP TABLE decisions; --", "<b>mine</b>", "*", "{player}",
)  # fmt: skip
"""Names that somebody might try: too long, on the way to elsewhere, look-alikes, invisible, SQL, HTML, patterns."""
SECRET: Final = b"that only yours may read"
BODIES: Final = {"PUT /v1/adaptation": b'{"on": false}', "PUT /v1/experiment": b"null"}
SHUT: Final = {401, 403}


def river(mode: Mode) -> tuple[Litestar, Stores]:
    """An application with two players on it, one of whom has a secret."""
    stores = Stores()
    goal, felt = stores.live.newest["p-1"], (stores.live.felt["p-1"])
    for name, said in ((OWN, "nothing special"), (OTHER, SECRET.decode())):
        told = replace(goal, subject=name, data=replace(goal.data, because=said))
        stores.live.newest[name] = told
        stores.live.felt[name] = felt.replace(b"p-1", name.encode())
        record = stores.history.rows["p-1", 2]
        stores.history.rows[name, 2] = replace(record, goal=told)
    del stores.live.felt["p-1"]
    assert encode(stores.live.newest[OTHER]).count(SECRET) == 1
    guarding = Guarding(access=mode, keys=(forged.KEY,), now=lambda: forged.NOW)
    return make_app(replace(stores.parts(guarding), guarding=guarding)), stores


def routes(app: Litestar) -> list[str]:
    """Every route, as a rule names it, but OPTIONS: the framework answers it, and says only which methods there are."""
    found = [
        f"{method} {route.path_format}"
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for method in sorted(route.methods - {"OPTIONS"})
    ]
    return [*found, *(f"WEBSOCKET {route.path_format}" for route in app.routes if not isinstance(route, HTTPRoute))]


def may(mode: Mode, who: str, route: str, name: str) -> bool:
    """Who should come in, by hand: `who` is anonymous, operator, player, or the name of a bad token."""
    if route in FOR_ALL:
        return True
    if who == "anonymous":
        return mode == "open" and route not in (SENT, STAY)
    if who == "operator":
        return route != SENT
    return who == "player" and (route == SENT or (route in OF_ONE | {RIVER} and name == OWN))


async def knock(app: Litestar, route: str, token: str | None, name: str) -> Heard:
    """One try."""
    method, _, path = route.partition(" ")
    if method == "WEBSOCKET":
        return await follow(app, {"follow": [name]} if token is None else {"token": token, "follow": [name]})
    headers = {} if token is None else {"authorization": f"Bearer {token}"}
    path = path.replace("{player}", name).replace("{file_path}", "river.js").replace("{path}", "openapi.json")
    query = f"player={quote(name)}" if route in OF_ONE and "{" not in route else ""
    body = BODIES.get(route, b"{}" if method == "POST" else b"")
    return await ask(app, method, path, query, body=body, headers=headers)


async def tried(mode: Mode) -> Counter[str]:
    """Everything against everything; raises where somebody came in who may not, or did not who may."""
    app, stores = river(mode)
    callers = {"anonymous": None, "operator": forged.OPERATOR, "player": forged.of(OWN), **forged.BAD}
    counted: Counter[str] = Counter()
    for route in routes(app):
        for who, token in callers.items():
            odd = ODD if who == "player" or (mode, who) == ("closed", "anonymous") else ODD[:2]
            names = (OWN, OTHER, *odd) if route in OF_ONE | {RIVER} else (OTHER,)
            for name in names:
                before = (stores.history.on, len(stores.history.trials))
                heard = await knock(app, route, token, name)
                right, case = may(mode, who, route, name), (mode, route, who, name, heard)
                counted["tried"] += 1
                if right:
                    counted["let in"] += 1
                    assert heard.status not in SHUT or route == SIGN_IN, case
                    continue
                elsewhere = name in ODD and heard.status in (400, 404)  # an odd name may make another path, or none
                counted["refused"] += 1
                counted["got through"] += not (heard.status in {1008, *SHUT} or elsewhere) or SECRET in heard.body
                assert (stores.history.on, len(stores.history.trials)) == before, case
                assert counted["got through"] == 0, case
                stores.history.on = True
    return counted


@pytest.mark.parametrize("mode", MODES)
async def test_nobody_comes_in_where_they_may_not(mode: Mode) -> None:
    """Each route, each caller, each name: those who may are let in, all others get 401, 403 or 1008 and no data."""
    counted = await tried(mode)
    sys.stdout.write(f"{mode}: {dict(counted)}\n")
    assert counted["got through"] == 0
    assert counted["tried"] == counted["let in"] + counted["refused"] > 600


def test_every_route_is_in_the_table() -> None:
    """A route nobody thought of is refused to all, and fails here; a rule for a route that is gone does, too."""
    app, _ = river("open")
    assert sorted(routes(app)) == sorted(RULES)


async def test_a_route_outside_the_table_is_shut(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even on an open river, even to the operator."""
    monkeypatch.setattr(access, "RULES", {route: who for route, who in RULES.items() if route != "GET /v1/fleet"})
    app, _ = river("open")
    for token in (None, forged.OPERATOR):
        assert (await knock(app, "GET /v1/fleet", token, OWN)).status == 403


async def test_a_name_given_twice_is_no_way_around_the_first() -> None:
    """Own and another's in one query: refused, in both orders."""
    app, _ = river("closed")
    headers = {"authorization": f"Bearer {forged.of(OWN)}"}
    for query in ("player=mine&player=yours", "player=yours&player=mine", "player=mine&player=", ""):
        assert (await ask(app, "GET", "/v1/why", query, headers=headers)).status == 403
    assert (await ask(app, "GET", "/v1/why", "player=mine&player=mine", headers=headers)).status == 200


async def test_a_second_message_follows_nobody_new() -> None:
    """A player's connection stays its player's: several names at once with the own one among them are refused."""
    app, _ = river("closed")
    heard = await follow(app, {"token": forged.of(OWN), "follow": [OWN, OTHER]})
    assert (heard.status, SECRET in heard.body) == (1008, False)
    heard = await follow(app, {"token": forged.of(OWN), "follow": [OWN]})
    assert (heard.status, b"nothing special" in heard.body) == (101, True)


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://here.example", 101), ("https://friend.example", 101), ("https://friend.example:8443", 1008),
        ("http://here.example.evil.example", 1008), ("https://evil.example", 1008), ("null", 1008), ("", 1008),
    ],
)  # fmt: skip
async def test_only_our_page_and_listed_ones_hold_a_river(origin: str, status: int) -> None:
    """Our own origin, or one of WHITEWATER_ORIGINS; a name that begins alike, another port and a file are others."""
    stores = Stores()
    guarding = Guarding(origins=frozenset({"https://friend.example"}))
    app = make_app(replace(stores.parts(guarding), guarding=guarding))
    assert (await follow(app, {"follow": ["p-1"]}, {"origin": origin})).status == status


async def test_a_cookie_reads_and_changes_only_from_our_own_page() -> None:
    """GET from anywhere (the answer stays shut to other sites), PUT with our own origin, and nothing else."""
    app, stores = river("closed")
    cookie = {"cookie": f"whitewater={forged.OPERATOR}"}
    ours = {**cookie, "origin": "http://here.example"}
    assert (await ask(app, "GET", "/v1/players", headers=cookie)).status == 200
    for headers in (cookie, {**cookie, "origin": "http://here.example:9999"}, {**cookie, "origin": "null"}):
        assert (await ask(app, "PUT", "/v1/adaptation", body=b'{"on": false}', headers=headers)).status == 401
    assert stores.history.on
    assert (await ask(app, "PUT", "/v1/adaptation", body=b'{"on": false}', headers=ours)).status == 200
    for name, token in forged.BAD.items():
        bad = {"cookie": f"whitewater={token}", "origin": "http://here.example"}
        assert (await ask(app, "GET", "/v1/players", headers=bad)).status == 401, name


async def test_the_page_signs_in_with_an_operators_token_alone() -> None:
    """The cookie no script can read, no other site can send, and not for long; a player's token gets none."""
    app, _ = river("closed")
    path = "/v1/operator/session"

    async def sign_in(token: str, **headers: str) -> Heard:
        return await ask(app, "POST", path, body=b'{"token": "%s"}' % token.encode(), headers=headers)

    heard = await sign_in(forged.OPERATOR, origin="http://here.example")
    assert (heard.status, heard.body) == (200, b'{"expires_in":600}')
    value, *rest = [part.strip().lower() for part in heard.headers["set-cookie"].split(";")]
    assert {"httponly", "samesite=strict", "max-age=600", "path=/"} <= set(rest)
    assert "domain" not in heard.headers["set-cookie"].lower()
    assert value.startswith("whitewater=")
    cookie = {"cookie": heard.headers["set-cookie"].split(";")[0]}
    assert (await ask(app, "GET", "/v1/fleet", headers=cookie)).status == 200
    assert (await ask(app, "PUT", path, headers={**cookie, "origin": "http://here.example"})).status == 200
    assert (await ask(app, "PUT", path)).status == 401
    assert (await sign_in(forged.OPERATOR, origin="https://evil.example")).status == 403
    assert (await sign_in(forged.of(OWN))).status == 403
    for token in forged.BAD.values():
        assert (await sign_in(token)).status == 401


async def test_a_stranger_hears_of_readiness_and_no_more() -> None:
    """A probe needs the code; names of stores and their faults are the operator's."""
    app, stores = river("closed")
    stores.live.away = True
    heard = await ask(app, "GET", "/ready")
    assert (heard.status, b"away" in heard.body, b"redis" in heard.body) == (503, False, False)
    told = await ask(app, "GET", "/ready", headers={"authorization": f"Bearer {forged.OPERATOR}"})
    assert (told.status, b"redis" in told.body) == (503, True)


def test_the_printed_table_is_the_one_in_the_documentation() -> None:
    """docs/security.md shows every rule as it is."""
    lines = [
        f"| `{line.route}` | {line.anonymous} | {line.own} | {line.foreign} | {line.operator} |" for line in table()
    ]
    assert "\n".join(lines) in text("docs/security.md"), "\n".join(lines)
