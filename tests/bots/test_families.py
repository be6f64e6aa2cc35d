"""A family from a file: loaded as it is, or refused in one sentence that says where to look."""

import random
from pathlib import Path

import pytest

from bots.churn import FAMILIES, Persistence
from bots.example import Moody
from bots.families import BadFamilyError, a_life, load_family, name_of

EXAMPLE = Path(__file__).parents[2] / "bots" / "example.py"
HEAD = "import random\n\nclass Mine:\n"
MADE = HEAD + "    def __init__(self, dice):\n        self.dice = dice\n"
ASKED = MADE + "    def leaves(self, played):\n        return "


def written(folder: Path, text: str) -> str:
    """A file with this in it, as `--family` would name its class."""
    file = folder / "mine.py"
    file.write_text(text, encoding="utf-8")
    return f"{file}:Mine"


def test_ours_are_known_by_name() -> None:
    """F1, F2 and F7."""
    assert load_family("F1") is Persistence
    assert all(load_family(name) is family for name, family in FAMILIES.items())


def test_the_worked_example_is_loaded_and_answers_as_it_says() -> None:
    """One clearing lifts the mood to 1: 0.08 / (1 + exp(temper)); a loss then takes it to 0.8 - 1 = -0.2."""
    family = load_family(f"{EXAMPLE}:Moody")
    assert family.__name__ == "Moody"
    one, rounds = Moody(random.Random(5)), list(a_life(random.Random(2)))
    assert [family(random.Random(5)).leaves(rounds[0])] == [one.leaves(rounds[0])]
    assert one.mood in {1.0, -1.0}
    assert one.leaves(rounds[1]) < 0.08


def test_the_worked_example_is_short() -> None:
    """Under 40 lines, its docstrings included."""
    assert len(EXAMPLE.read_text(encoding="utf-8").splitlines()) < 40


def test_a_family_may_be_a_data_class(tmp_path: Path) -> None:
    """Those look their own module up while they are made."""
    text = (
        "from __future__ import annotations\nimport random\nfrom dataclasses import dataclass\n\n@dataclass\n"
        "class Mine:\n    dice: random.Random\n    def leaves(self, played):\n        return 0\n"
    )
    assert load_family(written(tmp_path, text))(random.Random(1)).leaves(next(a_life(random.Random(1)))) == 0


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("def broken(:\n", r"mine\.py cannot be read in line 1: "),
        ("import nothing_like_it\n", r"mine\.py fails while it is loaded: ModuleNotFoundError: .*nothing_like_it"),
        ("raise SystemExit(3)\n", r"mine\.py fails while it is loaded: SystemExit: 3"),
        ("class Other:\n    pass\n", r"mine\.py has no class 'Mine' with a method leaves\(self, played\)"),
        ("class Mine:\n    pass\n", r"mine\.py has no class 'Mine' with a method leaves\(self, played\)"),
        ("def Mine(dice):\n    pass\n", r"mine\.py has no class 'Mine' with a method leaves\(self, played\)"),
        (HEAD + "    def leaves(self, played):\n        return 0\n", r"cannot be made from one random\.Random: Type"),
        (MADE + "    def leaves(self):\n        return 0\n", r"'Mine' fails in round 1: TypeError: .*leaves"),
        (ASKED + "played.mood\n", r"fails in round 1: AttributeErr"),
        (ASKED + "2\n", r"'Mine' answers 2 after round 1; a chance"),
        (
            ASKED + "played.number / 100\n",
            r"'Mine' answers 1\.01 after round 101",
        ),
        (
            ASKED + "random.random()\n",
            r"made twice from the same dice, answers differently after round 1",
        ),
    ],
    ids=[
        "syntax", "import", "exit", "no class", "no method", "no type", "made of nothing", "takes no round",
        "asks more", "no chance", "no chance later", "chance of its own",
    ],
)  # fmt: skip
def test_a_bad_file_is_one_sentence_that_says_where_to_look(tmp_path: Path, text: str, sentence: str) -> None:
    """No traceback, and found before anybody plays."""
    with pytest.raises(BadFamilyError, match=sentence) as refused:
        load_family(written(tmp_path, text))
    assert len(str(refused.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("which", "sentence"),
    [
        ("F3", r"Nobody knows the family 'F3': there are F1, F2, F7, or FILE\.py:Name"),
        ("nowhere/mine.py:Mine", r"There is no file nowhere/mine\.py"),
    ],
)
def test_a_family_that_is_not_there_is_refused_with_those_there_are(which: str, sentence: str) -> None:
    """As a persona is."""
    with pytest.raises(BadFamilyError, match=sentence):
        load_family(which)


def test_a_file_that_is_no_python_is_refused(tmp_path: Path) -> None:
    """By its name: nobody runs a text file."""
    (tmp_path / "mine.txt").write_text("class Mine: ...", encoding="utf-8")
    with pytest.raises(BadFamilyError, match=r"mine\.txt is no Python file"):
        load_family(f"{tmp_path / 'mine.txt'}:Mine")


def test_the_page_shows_the_worked_example_as_it_is() -> None:
    """From its imports to its end, word for word."""
    page = (EXAMPLE.parents[1] / "docs" / "bots.md").read_text(encoding="utf-8")
    assert EXAMPLE.read_text(encoding="utf-8").partition('"""\n\n')[2] in page


def test_a_family_is_found_again_by_its_name_in_another_process(tmp_path: Path) -> None:
    """One of ours by its letter, one from a file by the file."""
    assert name_of(Persistence) == "F1"
    mine = written(tmp_path, ASKED + "0.5\n")
    assert name_of(load_family(mine)) == mine


def test_a_family_that_is_in_no_file_cannot_be_shared_and_says_so() -> None:
    """Made in a function, it has no name under which another process could find it."""

    class Made(Moody):
        """Known to this test alone."""

    with pytest.raises(BadFamilyError, match="'Made' is in no file"):
        name_of(Made)
