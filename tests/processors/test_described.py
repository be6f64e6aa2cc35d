"""The page about the signals says what the code says."""

import re

from contract.signals import Signals
from processors.describe import COMMAND, PAGE, files, formula, page, tells
from tests.house.tree import ROOT, text


def test_the_committed_page_is_what_the_code_says() -> None:
    """Whoever changed a signal, a range or a weight makes the tables again."""
    assert text(PAGE) == page(ROOT), f"no longer what the code says. Run: {COMMAND}"


def test_both_made_parts_are_on_the_page() -> None:
    """A part whose end was lost would swallow what follows it."""
    assert re.findall(r"<!-- made: (\w+) -->", text(PAGE)) == ["signals", "weights"]
    assert text(PAGE).count("<!-- end -->") == 2


def test_every_signal_is_told_by_one_file() -> None:
    """All fields of the contract, none twice, none that it does not have."""
    told = [each.name for module in files() for each in tells(module)]
    assert sorted(told) == sorted(Signals.__struct_fields__)


def test_a_first_page_names_the_signals_of_its_file() -> None:
    """The first line of each file in the folder begins with them; a formula stands on it wherever one is told."""
    for module in files():
        if module.__name__.startswith("processors.signals."):
            named = re.findall(r"\w+", (module.__doc__ or "").partition(":")[0])
            assert set(named) >= {each.name for each in tells(module)}, module.__name__
    assert [module.__name__.rpartition(".")[2] for module in files() if not formula(module)] == [
        "rounds",
        "losses",
        "life",
    ]
