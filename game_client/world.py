"""The rules of the river: `advance` a world by a moment, `adapt` it to a goal.

Places are in metres: `x` across from the middle of the river (negative is left), `y` down the rapid from its start.
The river's bends are for the eye only: `Rapid.bend_at(y)` shifts what is drawn, never what is collided with.
"""

from typing import Final, Literal

from msgspec import Struct

from contract.adaptations import Adaptation
from contract.events import AnyFact, Grade

Happening = AnyFact
"""What happened is told in the contract's own facts; the journal stamps them."""

LEFT: Final = 1
RIGHT: Final = 2
FORWARD: Final = 4
BRAKE: Final = 8
Held = int
"""What the paddler holds, as a sum of the four bits above. A plain int: an IntFlag costs more than the physics."""

STEP_S: Final = 1 / 30
HALF_WIDTH: Final = 6.0
"""Metres from the middle of the river to either bank."""
HULL: Final = 3


class Rock(Struct, frozen=True):
    """A rock; `radius` in metres."""

    x: float
    y: float
    radius: float


class Gate(Struct, frozen=True):
    """Two posts, `half_width` metres to either side of (x, y)."""

    x: float
    y: float
    half_width: float


class Eddy(Struct, frozen=True):
    """Still water with something to catch in it."""

    x: float
    y: float
    radius: float
    item: Literal["breather", "repair", "star"]
    value: int


class Rapid(Struct, frozen=True):
    """One rapid, made from a seed and a difficulty; never changes while it is paddled."""

    number: int
    attempt: int
    seed: int
    difficulty: float
    grade: Grade
    length: float
    """Metres."""
    current: float
    """Metres a second with the paddle out of the water."""
    rocks: tuple[Rock, ...]
    """Sorted by y, as gates and eddies are."""
    gates: tuple[Gate, ...]
    eddies: tuple[Eddy, ...]


class Kayak(Struct, frozen=True):
    """The boat."""

    x: float
    y: float
    vx: float
    vy: float
    heading: float
    """Radians off straight downstream; positive is to the right."""
    hull: int
    """Knocks it still takes; 0 is swamped."""


class World(Struct, frozen=True):
    """Everything there is. A new one replaces it every step."""

    rapid: Rapid
    kayak: Kayak
    phase: Literal["running", "over"]
    outcome: Literal["cleared", "swamped", "abandoned"] | None
    swamped_by: Literal["rock", "gates", "time"] | None
    clock: float
    """Active seconds of this round."""
    score: int
    best: int
    combo: int
    gates_passed: int
    gates_missed: int
    pace: float
    """What the director asks for, 0 to 1: with less, threats ahead thin out (never weaken)."""
    goal: Adaptation | None
    """The newest goal taken, for the next round and for the small words on screen."""
    consent: bool
