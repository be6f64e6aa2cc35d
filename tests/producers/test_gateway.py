"""The HTTP door: what is settled, what comes back, and that a player's order is kept, whatever a server answers."""

from collections.abc import Callable
from typing import Final

import httpx
import pytest
from msgspec import Raw, json

from producers.gateway import GatewayStream
from producers.passes import Passes
from producers.port import AwayError, Parcel
from tests.producers.told import parcel

KEY: Final = "k" * 43
Answer = Callable[[httpx.Request], httpx.Response]


class Wristwatch:
    """A clock that the test turns."""

    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


class Shore:
    """A server's gate in memory: it takes whatever comes with a token, unless it was told to answer something else."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, bytes]] = []
        """The token's player and the event, in the order they came."""
        self.requests: list[list[bytes]] = []
        self.tokens = 0
        self.answers: list[Answer] = []
        """What to answer to the next requests with events, instead of taking them."""
        self.token_status = 200
        self.foreign: set[str] = set()
        """Names that are somebody else's here."""
        self.ticket: dict[str, object] | None = None
        """What to answer instead of a token."""

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """The answer to one request."""
        if request.url.path == "/v1/tokens":
            self.tokens += 1
            player = json.decode(request.content)["player"]
            status = 403 if player in self.foreign else self.token_status
            good = {"token": f"{player}.{self.tokens}", "expires_in": 600}
            return httpx.Response(status, json=good if self.ticket is None else self.ticket)
        events = [bytes(raw) for raw in json.decode(request.content, type=list[Raw])]
        self.requests.append(events)
        if self.answers:
            return self.answers.pop(0)(request)
        player = request.headers["authorization"].removeprefix("Bearer ").partition(".")[0]
        self.taken += [(player, event) for event in events]
        return httpx.Response(200, json={"events": [{"status": "accepted"} for _ in events]})


class Road(Passes):
    """Passes whose clients lead to a shore in memory."""

    def __init__(self, shore: Shore, now_s: Callable[[], float]) -> None:
        super().__init__("http://river.example/", KEY, now_s=now_s)
        self._shore = shore

    def client(self, timeout_s: float) -> httpx.AsyncClient:
        return httpx.AsyncClient(timeout=timeout_s, transport=httpx.MockTransport(self._shore))


class Trip:
    """A shore, the way there, and a stream that has started."""

    def __init__(self) -> None:
        self.shore, self.watch = Shore(), Wristwatch()
        self.passes = Road(self.shore, self.watch)
        self.stream = GatewayStream(self.passes, "mila")

    async def send(self, *parcels: Parcel) -> list[Parcel]:
        """What the stream gives back."""
        await self.stream.start()
        back = [*await self.stream.send(parcels)]
        await self.stream.stop()
        return back


@pytest.fixture
def trip() -> Trip:
    """A way to a shore that takes everything."""
    return Trip()


def status(code: int, retry_after: str | None = None) -> Answer:
    """A server that answers with this code alone."""
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    return lambda _: httpx.Response(code, headers=headers)


def broken(_request: httpx.Request) -> httpx.Response:
    """A server that dies before it has answered."""
    sentence = "killed"
    raise httpx.RemoteProtocolError(sentence)


def parcels(player: str, *sequences: int) -> list[Parcel]:
    """Events of one player."""
    return [parcel(player, sequence) for sequence in sequences]


async def test_what_a_server_accepts_is_settled_in_order(trip: Trip) -> None:
    """Two hundred in one request, and nothing comes back."""
    sent = parcels("mila", *range(1, 201))
    assert await trip.send(*sent) == []
    assert trip.shore.taken == [("mila", each.value) for each in sent]
    assert len(trip.shore.requests) == 1


async def test_each_player_travels_with_their_own_token(trip: Trip) -> None:
    """A spool may hold what somebody else played on this machine; nobody tells in another's name."""
    sent = [*parcels("mila", 1, 2), *parcels("ada", 1), *parcels("mila", 3)]
    assert await trip.send(*sent) == []
    assert trip.shore.taken == [(each.player, each.value) for each in sent]
    assert trip.shore.tokens == 2


async def test_a_token_that_is_not_taken_is_replaced_once(trip: Trip) -> None:
    """After one 401 the same events go with a fresh token; after two they come back."""
    trip.shore.answers = [status(401)]
    assert await trip.send(*parcels("mila", 1)) == []
    assert trip.shore.tokens == 2
    trip.shore.answers = [status(401), status(401)]
    assert await trip.send(*parcels("mila", 2)) == parcels("mila", 2)
    assert len(trip.shore.requests) == 4


@pytest.mark.parametrize(
    "answer",
    [
        status(429, "0"),
        status(503, "0"),
        status(503, "nan"),
        status(500),
        status(404),
        status(403),
        broken,
        lambda _: httpx.Response(200),
    ],
)
async def test_what_is_not_acknowledged_comes_back_in_order(trip: Trip, answer: Answer) -> None:
    """From the request that failed on: too often, Kafka away, killed while it answered, or an answer without sense."""
    first, second = parcels("ada", 1), [*parcels("mila", 1, 2), *parcels("ada", 2)]
    trip.shore.answers = [lambda _: httpx.Response(200, json={"events": [{"status": "accepted"}]}), answer]
    assert await trip.send(*first, *second) == second
    assert len(trip.shore.requests) == 2


async def test_an_answer_that_leaves_one_out_settles_none(trip: Trip) -> None:
    """Nobody knows which one it is; coming again is harmless."""
    trip.shore.answers = [lambda _: httpx.Response(200, json={"events": [{"status": "accepted"}]})]
    assert await trip.send(*parcels("mila", 1, 2)) == parcels("mila", 1, 2)


async def test_what_a_server_refuses_is_settled_and_counted(trip: Trip) -> None:
    """It was kept there, and would be refused for ever."""
    verdicts = [{"status": "refused", "reason": "too_old", "detail": "a week"}, {"status": "accepted"}]
    trip.shore.answers = [lambda _: httpx.Response(200, json={"events": verdicts})]
    assert await trip.send(*parcels("mila", 1, 2)) == []
    assert trip.stream.refused == {"too_old": 1}


async def test_too_much_at_once_goes_in_halves(trip: Trip) -> None:
    """Three that are too many go as one and two; one that is too large alone is refused for good."""
    trip.shore.answers = [status(413)]
    sent = parcels("mila", 1, 2, 3)
    assert await trip.send(*sent) == []
    assert trip.shore.taken == [("mila", each.value) for each in sent]
    assert [len(request) for request in trip.shore.requests] == [3, 1, 2]
    trip.shore.answers = [status(413)]
    assert await trip.send(*parcels("mila", 4)) == []
    assert trip.stream.refused == {"too_large": 1}


async def test_no_request_is_over_a_quarter_of_a_mebibyte(trip: Trip) -> None:
    """Forty events of 8,000 bytes are 320,000: two requests, all of them, in order."""
    large = [Parcel(b'"' + b"x" * 7_998 + b'"', "mila", "s", number) for number in range(40)]
    assert await trip.send(*large) == []
    assert [sum(map(len, request)) + len(request) + 1 for request in trip.shore.requests] == [
        32 * 8_001 + 1,
        8 * 8_001 + 1,
    ]


async def test_a_server_without_tokens_is_away(trip: Trip) -> None:
    """The sentence says what to do when the name is somebody else's."""
    trip.shore.token_status = 403
    with pytest.raises(AwayError, match="choose another with --name"):
        await trip.stream.start()


async def test_a_name_that_was_given_up_holds_nobody_up(trip: Trip) -> None:
    """Whoever was told to choose another name did so; what was played under the first one can never leave."""
    trip.shore.foreign = {"ada"}
    assert await trip.send(*parcels("ada", 1, 2), *parcels("mila", 1)) == []
    assert trip.shore.taken == [("mila", each.value) for each in parcels("mila", 1)]
    assert trip.stream.refused == {"name_refused": 2}


async def test_an_own_name_is_not_given_up(trip: Trip) -> None:
    """Refused in the middle of a game, its events come back, and wait on disk."""
    await trip.stream.start()
    trip.shore.foreign, trip.watch.now_s = {"mila"}, 540.0
    assert [*await trip.stream.send(parcels("mila", 1))] == parcels("mila", 1)
    await trip.stream.stop()


@pytest.mark.parametrize(
    "ticket",
    [{}, {"token": "a\nb", "expires_in": 600}, {"token": "\u00e9", "expires_in": 600}, {"token": "a", "expires_in": 0}],
)
async def test_an_answer_that_is_no_token_is_none(trip: Trip, ticket: dict[str, object]) -> None:
    """Nothing that could not stand in a header, or would not hold."""
    trip.shore.ticket = ticket
    with pytest.raises(AwayError, match="makes no sense"):
        await trip.stream.start()


async def test_a_token_is_renewed_a_minute_before_it_expires(trip: Trip) -> None:
    """Of ten minutes it serves nine."""
    first = await trip.passes.token("mila")
    trip.watch.now_s = 539.0
    assert await trip.passes.token("mila") == first
    trip.watch.now_s = 540.0
    assert await trip.passes.token("mila") != first
