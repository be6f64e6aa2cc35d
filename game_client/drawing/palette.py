"""The colours: what each class of rapid looks like, and what colours mean.

Pure values, no pygame. Two palettes: `river` is the painted one; `colour_safe` says every *signal* (gate open, gate
missed, hull, link) in Okabe and Ito's eight colours (jfly.uni-koeln.de/color, 2008), which stay apart for every kind of
colour vision, and greys the land so that only signals shout. Colour is never the only sign: gates also change shape.
"""

from typing import Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from contract.events import Grade

Colour = tuple[int, int, int]
PaletteName = Literal["river", "colour_safe"]
Growth = Literal["broadleaf", "pine", "scrub", "snag", "flowers"]


class Look(Struct, frozen=True):
    """How a rapid of one class is painted."""

    deep: Colour
    water: Colour
    shallow: Colour
    foam: Colour
    froth: float
    """Share of the water that is white, 0 to 1."""
    ground: tuple[Colour, Colour]
    """Dark and light of the land far from the water."""
    bands: tuple[tuple[float, Colour], ...]
    """Strips of shore from far to near: metres from the water's edge, colour."""
    cliff: float
    """How strongly strips throw shadows: 0 a beach, 1 a canyon."""
    growth: tuple[Growth, ...]
    thickness: float
    """Plants per square metre of land."""
    leaf: tuple[Colour, Colour]
    stone: tuple[Colour, Colour]
    waves: float
    """Standing waves per metre of rapid."""
    dusk: int
    """Darkness at the rim of the picture, 0 to 255."""


class Signs(Struct, frozen=True):
    """What colours mean, the same in every class."""

    open: Colour
    """A gate still to come; all is well."""
    missed: Colour
    """A gate missed; a knock; the server away."""
    gold: Colour
    """Score, combo, a star."""
    calm: Colour
    """Eddies, and what the river says."""
    kayak: Colour
    kayak_trim: Colour
    ink: Colour
    paper: Colour
    faint: Colour


LOOKS: Final[dict[Grade, Look]] = {
    "I": Look(
        deep=(34, 126, 156), water=(56, 160, 180), shallow=(140, 206, 192), foam=(242, 252, 250), froth=0.06,
        ground=((84, 138, 58), (122, 172, 78)),
        bands=((2.6, (136, 178, 84)), (1.3, (170, 188, 104)), (0.7, (214, 200, 150)), (0.25, (176, 164, 122))),
        cliff=0.12, growth=("broadleaf", "flowers", "scrub"), thickness=0.13,
        leaf=((44, 98, 46), (110, 168, 70)), stone=((112, 110, 106), (186, 182, 170)), waves=0.0, dusk=40,
    ),
    "II": Look(
        deep=(26, 112, 140), water=(44, 146, 162), shallow=(116, 192, 176), foam=(242, 252, 250), froth=0.12,
        ground=((64, 116, 56), (98, 148, 68)),
        bands=((2.2, (110, 152, 74)), (1.2, (146, 156, 96)), (0.6, (184, 172, 132)), (0.25, (140, 132, 106))),
        cliff=0.2, growth=("broadleaf", "pine", "flowers", "scrub"), thickness=0.18,
        leaf=((34, 84, 46), (88, 146, 66)), stone=((98, 100, 100), (172, 172, 166)), waves=0.10, dusk=52,
    ),
    "III": Look(
        deep=(16, 92, 112), water=(30, 124, 136), shallow=(92, 172, 162), foam=(240, 252, 250), froth=0.2,
        ground=((40, 84, 56), (64, 110, 66)),
        bands=((2.4, (72, 110, 70)), (1.4, (104, 118, 88)), (0.7, (136, 134, 120)), (0.3, (96, 98, 92))),
        cliff=0.4, growth=("pine", "pine", "scrub", "broadleaf"), thickness=0.26,
        leaf=((18, 62, 48), (60, 118, 74)), stone=((84, 90, 94), (158, 164, 164)), waves=0.22, dusk=66,
    ),
    "IV": Look(
        deep=(24, 78, 108), water=(42, 108, 136), shallow=(110, 158, 164), foam=(242, 250, 252), froth=0.3,
        ground=((112, 88, 50), (150, 116, 60)),
        bands=((2.8, (140, 104, 60)), (1.9, (124, 104, 82)), (1.1, (148, 138, 124)), (0.4, (92, 86, 82))),
        cliff=0.6, growth=("broadleaf", "pine", "scrub", "snag"), thickness=0.16,
        leaf=((150, 66, 30), (232, 158, 56)), stone=((88, 84, 82), (166, 158, 150)), waves=0.36, dusk=78,
    ),
    "V": Look(
        deep=(18, 62, 92), water=(34, 92, 122), shallow=(98, 140, 152), foam=(240, 248, 252), froth=0.42,
        ground=((122, 66, 46), (162, 94, 62)),
        bands=((4.2, (150, 84, 56)), (3.0, (176, 106, 72)), (1.9, (132, 72, 52)), (1.0, (158, 98, 74)),
               (0.45, (78, 46, 42))),
        cliff=0.85, growth=("scrub", "snag", "pine"), thickness=0.07,
        leaf=((62, 78, 44), (128, 136, 70)), stone=((98, 62, 52), (184, 130, 104)), waves=0.52, dusk=96,
    ),
    "VI": Look(
        deep=(14, 34, 62), water=(26, 58, 90), shallow=(78, 108, 136), foam=(234, 244, 255), froth=0.58,
        ground=((26, 28, 38), (44, 46, 58)),
        bands=((4.8, (54, 56, 70)), (3.4, (40, 42, 54)), (2.2, (62, 64, 80)), (1.2, (36, 38, 50)),
               (0.5, (20, 22, 32))),
        cliff=1.0, growth=("snag", "snag", "scrub"), thickness=0.05,
        leaf=((30, 44, 50), (70, 88, 88)), stone=((42, 44, 56), (112, 116, 134)), waves=0.75, dusk=140,
    ),
}  # fmt: skip

SIGNS: Final[dict[PaletteName, Signs]] = {
    "river": Signs(
        open=(40, 168, 92), missed=(226, 64, 54), gold=(255, 206, 84), calm=(126, 222, 214), kayak=(240, 96, 44),
        kayak_trim=(255, 214, 110), ink=(12, 30, 40), paper=(246, 250, 248), faint=(168, 190, 194),
    ),
    "colour_safe": Signs(
        open=(0, 114, 178), missed=(213, 94, 0), gold=(240, 228, 66), calm=(86, 180, 233), kayak=(230, 159, 0),
        kayak_trim=(255, 255, 255), ink=(0, 0, 0), paper=(255, 255, 255), faint=(200, 206, 210),
    ),
}  # fmt: skip


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """`one`, with `share` (0 to 1) of `other` stirred in."""
    keep = 1.0 - share
    return (
        int(one[0] * keep + other[0] * share),
        int(one[1] * keep + other[1] * share),
        int(one[2] * keep + other[2] * share),
    )


def greyed(colour: Colour, share: float) -> Colour:
    """`colour` with `share` of its hue taken away, as bright as before (Rec. 601 luma)."""
    luma = int(0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2])
    return mix(colour, (luma, luma, luma), share)


def look_of(grade: Grade, palette: PaletteName) -> Look:
    """The look of a class of rapid in a palette."""
    look = LOOKS[grade]
    if palette == "river":
        return look
    return replace(
        look,
        deep=mix(greyed(look.deep, 0.4), (0, 40, 80), 0.35),
        water=mix(greyed(look.water, 0.4), (0, 60, 110), 0.3),
        shallow=greyed(look.shallow, 0.4),
        ground=(greyed(look.ground[0], 0.75), greyed(look.ground[1], 0.75)),
        bands=tuple((metres, greyed(colour, 0.75)) for metres, colour in look.bands),
        leaf=(greyed(look.leaf[0], 0.7), greyed(look.leaf[1], 0.7)),
        stone=(mix(look.stone[0], (20, 20, 24), 0.5), mix(greyed(look.stone[1], 1.0), (255, 255, 255), 0.3)),
    )
