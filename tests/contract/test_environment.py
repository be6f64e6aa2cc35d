"""Settings: read once, from variables that name themselves when they are wrong."""

from pathlib import Path
from typing import Annotated, Literal

import pytest
from msgspec import Meta, Struct

from contract.environment import WrongSettingError, read_settings, variable


class Settings(Struct, frozen=True):
    """What a room might want to be told."""

    api_port: Annotated[int, Meta(ge=0, le=65_535)] = 8080
    snapshot_s: float = 1.0
    policy: Literal["P0", "P2"] = "P2"
    home: Path = Path(".whitewater")
    database_url: str = ""


def test_nothing_needs_to_be_set() -> None:
    """An empty environment gives the defaults, and other programs' variables change nothing."""
    assert read_settings(Settings, {}) == read_settings(Settings, {"API_PORT": "1", "HOME": "elsewhere"}) == Settings()


def test_a_variable_is_read_as_what_its_field_is() -> None:
    """Text becomes a number, a path, a choice."""
    told = {"WHITEWATER_API_PORT": "9000", "WHITEWATER_SNAPSHOT_S": "0.5", "WHITEWATER_HOME": "elsewhere"}
    assert read_settings(Settings, told) == Settings(api_port=9000, snapshot_s=0.5, home=Path("elsewhere"))


def test_a_variable_with_a_customary_name_keeps_it() -> None:
    """Everybody's DATABASE_URL is ours too."""
    assert variable("database_url") == "DATABASE_URL"
    assert read_settings(Settings, {"DATABASE_URL": "sqlite+aiosqlite://"}).database_url == "sqlite+aiosqlite://"


@pytest.mark.parametrize(
    ("name", "value"),
    [("WHITEWATER_API_PORT", "many"), ("WHITEWATER_API_PORT", "65536"), ("WHITEWATER_POLICY", "P9"),
     ("WHITEWATER_SNAPSHOT_S", "")],
)  # fmt: skip
def test_a_wrong_value_names_itself(name: str, value: str) -> None:
    """One sentence with the variable, what it holds, and what to do."""
    with pytest.raises(WrongSettingError, match=rf"^{name} is '{value}': .*Correct the variable or unset it\.$"):
        read_settings(Settings, {name: value})
