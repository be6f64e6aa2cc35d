"""Which way a game's events go."""

import pytest

from whitewater.play import by_http

OWN = "http://127.0.0.1:8080"


@pytest.mark.parametrize(
    ("asked", "own", "http"),
    [
        (None, OWN, False),
        (None, None, False),
        (OWN, OWN, False),
        (OWN + "/", OWN, False),
        (OWN, None, True),
        ("https://river.example.org", OWN, True),
    ],
)
def test_only_a_server_elsewhere_is_told_by_http(asked: str | None, own: str | None, *, http: bool) -> None:
    """The local stack's Kafka is at hand, also when somebody writes its address out."""
    assert by_http(asked, own) is http
