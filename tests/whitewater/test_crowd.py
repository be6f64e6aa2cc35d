"""Whose river a crowd paddles."""

import pytest

from whitewater import crowd, say


@pytest.mark.parametrize(
    ("asked", "named", "address"),
    [
        ("http://here:1/", "", "http://here:1"),
        ("http://here:1", "http://there:2", "http://here:1"),
        (None, "http://there:2/", "http://there:2"),
    ],
)
def test_a_river_elsewhere_needs_no_stack(
    asked: str | None, named: str, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was asked for goes before what the environment says; nothing comes up here for either."""
    monkeypatch.setenv("WHITEWATER_SERVER", named)
    with crowd.river(say.console(), asked) as found:
        assert found == (address, None)
