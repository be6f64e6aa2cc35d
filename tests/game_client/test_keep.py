"""What outlasts a sitting, and what a damaged file costs."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from game_client.keep import FILE, KEY, Kept, own_key, read_kept, write_kept
from game_client.scene import Best, Preferences

FRESH = Kept(player="p-new", install="i-new")
OWN = Kept(
    player="p-1",
    install="i-1",
    preferences=Preferences(mute=True, palette="colour_safe", consent=False),
    bests=(Best("III", 1200, 4, 25.5),),
    rapid=12,
    last_session="s-9",
)


def test_on_the_first_day_there_is_nothing_to_read_and_nothing_to_say(tmp_path: Path) -> None:
    """No file is no fault."""
    assert read_kept(tmp_path / "none", FRESH) == (FRESH, None)


def test_what_was_kept_comes_back(tmp_path: Path) -> None:
    """The folder is made when it is not there."""
    assert write_kept(tmp_path / "home", OWN) is None
    assert read_kept(tmp_path / "home", FRESH) == (OWN, None)


def test_only_the_whole_file_is_ever_in_its_place(tmp_path: Path) -> None:
    """It is written beside and moved: nothing else stays behind."""
    write_kept(tmp_path, OWN)
    write_kept(tmp_path, replace(OWN, player="p-2"))
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"\xff\xfe",
        b'{"player": "p-1"}',
        b'{"player": 7, "install": "i"}',
        b'{"player": "p", "install": "i", "preferences": {"keys": {"left": "a"}}}',
        b'{"player": "p", "install": "i", "preferences": {"volume": 40}}',
    ],
)
def test_a_damaged_file_costs_one_sentence_and_is_set_aside(tmp_path: Path, damage: bytes) -> None:
    """The game starts with its defaults; what the player had can still be looked at."""
    (tmp_path / FILE).write_bytes(damage)
    kept, sentence = read_kept(tmp_path, FRESH)
    assert kept == FRESH
    assert sentence is not None
    assert FILE in sentence
    assert (tmp_path / "game.damaged").read_bytes() == damage


def test_a_disk_that_will_not_keep_costs_one_sentence(tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "home").write_text("in the way")
    sentence = write_kept(tmp_path / "home", OWN)
    assert sentence is not None
    assert "for this sitting only" in sentence


def test_the_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    """Whoever else could read it could paddle this player's boat."""
    home = tmp_path / "home"
    assert [own_key(home, "a" * 43), own_key(home, "b" * 43)] == ["a" * 43, "a" * 43]
    assert (home / KEY).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in home.iterdir()] == [KEY]


def test_without_a_disk_the_key_lasts_for_a_sitting(tmp_path: Path) -> None:
    """A home that is a file keeps nothing; the game plays on with the key it made."""
    nowhere = tmp_path / "file"
    nowhere.touch()
    assert own_key(nowhere, "a" * 43) == "a" * 43
