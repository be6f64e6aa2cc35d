"""What the front door says when it cannot do what it was asked: one sentence, and a code."""

import socket
from pathlib import Path

import pytest

from engagement_api.__main__ import Settings, main
from engagement_api.kafka import Settings as Broker


@pytest.mark.parametrize(
    ("words", "environ", "said"),
    [
        (["please"], {}, "Unknown words 'please'"),
        ([], {"WHITEWATER_API_PORT": "many"}, "WHITEWATER_API_PORT is 'many'"),
        ([], {"WHITEWATER_POLICY": "P9"}, "WHITEWATER_POLICY is 'P9'"),
        ([], {"WHITEWATER_GRAPH": "nowhere.json"}, "WHITEWATER_GRAPH names no graph: "),
        ([], {"WHITEWATER_GRAPH": __file__}, "WHITEWATER_GRAPH names no graph: Expected `object`"),
    ],
)
def test_what_cannot_be_used_is_named(
    words: list[str], environ: dict[str, str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2, and the word or the variable."""
    assert main(words, environ) == 2
    assert said in capsys.readouterr().err


def test_a_taken_port_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 3, the address, and the variable that mends it."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert main([], {"WHITEWATER_API_PORT": str(port)}) == 3
    said = capsys.readouterr().err
    assert f"Cannot listen on 127.0.0.1:{port}" in said
    assert "WHITEWATER_API_PORT" in said


def test_a_database_that_does_not_answer_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 3, without the password."""
    url = "postgresql+psycopg://river:secret@127.0.0.1:1/whitewater"
    assert main(["migrate"], {"DATABASE_URL": url}) == 3
    said = capsys.readouterr().err
    assert "river:***@127.0.0.1:1" in said
    assert "secret" not in said


def test_the_tables_are_made(tmp_path: Path) -> None:
    """Exit code 0, and the file is there."""
    path = tmp_path / "there" / "history.db"
    assert main(["migrate"], {"DATABASE_URL": f"sqlite+aiosqlite:///{path}"}) == 0
    assert path.exists()


def test_nothing_is_open_to_other_machines_unless_told() -> None:
    """The defaults bind and reach 127.0.0.1 alone."""
    settings = Settings()
    assert settings.api_host == "127.0.0.1"
    assert "127.0.0.1" in Broker().kafka
    assert "127.0.0.1" in settings.redis
