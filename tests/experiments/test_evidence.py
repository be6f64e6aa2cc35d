"""A cell that is not what was promised is refused with a sentence that says which and why."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from experiments.evidence import BadCellError, evidence
from tests.experiments.invented import arrays, meta

Arrays = dict[str, npt.NDArray[Any]]


def without(of: Arrays) -> None:
    """One array is missing."""
    del of["P2/left"]


def stranger(of: Arrays) -> None:
    """The players of an arm are others than the control's."""
    of["P2/persona"] = of["P2/persona"][::-1]


def luckier(of: Arrays) -> None:
    """An arm's burn-in went otherwise, though every arm spends it alike."""
    of["P2/before"] = of["P2/before"] + 0.1


def shorter(of: Arrays) -> None:
    """One array has lost a player."""
    of["P2/flow"] = of["P2/flow"][1:]


def endless(of: Arrays) -> None:
    """Somebody played beyond the horizon."""
    of["P2/rounds"] = of["P2/rounds"] + 100


def unknown(of: Arrays) -> None:
    """A burn-in that is no number."""
    of["P2/before"] = of["P2/before"] * np.nan


def idle(of: Arrays) -> None:
    """Nobody in the control played."""
    of["P0/rounds"] = of["P0/rounds"] * 0


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (without, "cell F1-1 lacks P2/left"),
        (stranger, "cell F1-1: the players of P2 are not those of the control, by persona"),
        (luckier, "cell F1-1: the players of P2 are not those of the control, by before"),
        (shorter, "cell F1-1: the arrays of P2 have different lengths"),
        (endless, "cell F1-1: P2/rounds lie outside 0 to 100"),
        (unknown, "cell F1-1: P2/before holds something that is no number"),
        (idle, "cell F1-1: nobody in the control played a round"),
    ],
)
def test_a_spoilt_cell_is_refused(spoil: Callable[[Arrays], None], sentence: str) -> None:
    """Each way of being wrong has its own words."""
    of = arrays({"P2": 0.1})
    spoil(of)
    with pytest.raises(BadCellError, match=sentence):
        evidence(meta(("P0", "P2")), of)


def test_a_cell_without_a_control_cannot_be_judged() -> None:
    """There is nothing to hold the others against."""
    with pytest.raises(BadCellError, match="lacks the control P0"):
        evidence(meta(("P2",)), arrays({"P2": 0.1}))


def test_personas_nobody_named_go_by_their_numbers() -> None:
    """An older run wrote no names."""
    of = arrays({})
    del of["personas"]
    assert evidence(meta(("P0",)), of).personas == ("persona 0", "persona 1")
