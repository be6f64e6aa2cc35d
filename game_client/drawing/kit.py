"""All that is painted before a rapid begins: the sheets and sprites of one class, in one palette, at one scale.

Painting a kit takes a tenth of a second, which is seen. So kits are kept, the scale goes in steps, and a second try at
a rapid, or the next one of its class, begins without a pause.
"""

from typing import Final

from msgspec import Struct

from contract.events import Grade
from game_client.drawing.boat import Boat
from game_client.drawing.eddies import Eddies
from game_client.drawing.foam import Foam
from game_client.drawing.gates import Gates
from game_client.drawing.growth import Nursery
from game_client.drawing.letters import Letters
from game_client.drawing.palette import LOOKS, SIGNS, Look, PaletteName, Signs, look_of
from game_client.drawing.view import scale_of
from game_client.drawing.water import Sheets, paint_sheets

KEPT: Final = 4
STEP: Final = 0.5
"""Metres a second of current between two scales."""


class Kit(Struct, frozen=True, eq=False):
    """Painted things; drawing with them changes nothing but what they keep for the next time."""

    grade: Grade
    palette: PaletteName
    size: tuple[int, int]
    scale: float
    look: Look
    signs: Signs
    sheets: Sheets
    nursery: Nursery
    foam: Foam
    eddies: Eddies
    gates: Gates
    boat: Boat
    letters: Letters


class Kits:
    """The kits painted last."""

    def __init__(self, letters: Letters) -> None:
        self._letters = letters
        self._kept: dict[tuple[Grade, PaletteName, tuple[int, int], float], Kit] = {}

    def of(self, grade: Grade, palette: PaletteName, size: tuple[int, int], current: float) -> Kit:
        """The kit for a class of rapid with this current, painted if it is not there."""
        key = (grade, palette, size, scale_of(size, round(current / STEP) * STEP))
        kit = self._kept.pop(key, None) or self._paint(*key)
        self._kept[key] = kit
        while len(self._kept) > KEPT:
            del self._kept[next(iter(self._kept))]
        return kit

    def _paint(self, grade: Grade, palette: PaletteName, size: tuple[int, int], scale: float) -> Kit:
        look, signs, seed = look_of(grade, palette), SIGNS[palette], list(LOOKS).index(grade)
        return Kit(
            grade=grade,
            palette=palette,
            size=size,
            scale=scale,
            look=look,
            signs=signs,
            sheets=paint_sheets(look, scale, seed),
            nursery=Nursery(look, scale, seed),
            foam=Foam(look, scale),
            eddies=Eddies(look, signs, scale),
            gates=Gates(look, signs, scale, self._letters),
            boat=Boat(look, signs, scale),
            letters=self._letters,
        )
