"""What the tests of the routes share: stores in memory, and a client of the application around them."""

from collections.abc import Iterator

import pytest
from litestar.testing import TestClient

from engagement_api.app import make_app
from tests.engagement_api.stores import Client, Stores


@pytest.fixture(name="stores")
def _stores() -> Stores:
    """Fresh ones."""
    return Stores()


@pytest.fixture(name="client")
def _client(stores: Stores) -> Iterator[Client]:
    """A client of the application around them."""
    with TestClient(make_app(stores.parts())) as client:
        yield client
