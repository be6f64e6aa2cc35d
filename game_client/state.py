"""Everything there is on the river: the values a round is made of, and nothing that changes them.

Places are in metres: `x` across from the middle of the river (negative is left), `y` down the rapid from its start.
The river's bends are drawn, never collided with: `Rapid.bend_at(y)` shifts what is seen. What a bend does to the kayak
is its cross current, `Rapid.cross_at(y)`: water is thrown to the outside of every bend.
"""

from math import sin, tau
from typing import Final, Literal

from msgspec import Struct

from contract.adaptations import Adaptation
from contract.events import AnyFact, Grade, Hint, Outcome, Reward

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
"""Knocks a fresh hull takes."""
MISSES: Final = 3
"""Gates missed that end a round."""
LIMIT_S: Final = 45.0
"""Active seconds after which the light is gone and the round is lost."""
BEAM: Final = 0.45
"""Metres from the middle of the kayak to its side."""
SIGHT: Final = 34.0
"""Metres ahead that a paddler can see. Threats are thinned only beyond it: nothing appears or goes before your eyes."""


class Rock(Struct, frozen=True, gc=False):
    """A rock; `radius` in metres."""

    x: float
    y: float
    radius: float
    least_pace: float = 0.0
    """It is there when the pace asked for is at least this as it comes into sight."""


class Gate(Struct, frozen=True, gc=False):
    """Two posts, `half_width` metres to either side of (x, y)."""

    x: float
    y: float
    half_width: float


class Eddy(Struct, frozen=True, gc=False):
    """Still water with something to catch in it."""

    x: float
    y: float
    radius: float
    item: Literal["breather", "repair", "star"]
    value: int


class Gift(Struct, frozen=True, gc=False):
    """A reward afloat on the river: within `radius` metres it is taken."""

    x: float
    y: float
    radius: float
    reward: Reward
    value: int
    revision: int


class Rapid(Struct, frozen=True, gc=False):
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
    drops: tuple[float, ...] = ()
    """The places (y) of ledges, where the water falls faster and the paddle finds little hold."""
    bend: float = 0.0
    """Metres the middle of the river swings to either side, as drawn."""
    bend_length: float = 60.0
    """Metres from one bend to the next on the same side."""
    bend_phase: float = 0.0
    push: float = 0.0
    """Metres a second across, at the sharpest of a bend."""
    boil: float = 0.0
    """Metres a second of sideways unrest that nobody can foresee."""

    def bend_at(self, y: float) -> float:
        """Metres to the right that the river is drawn at `y`."""
        return self.bend * sin(tau * y / self.bend_length + self.bend_phase)

    def cross_at(self, y: float) -> float:
        """Metres a second to the right that the water goes at `y`, in the middle of the river."""
        return self.push * sin(tau * y / self.bend_length + self.bend_phase)


class Kayak(Struct, frozen=True, gc=False):
    """The boat."""

    x: float
    y: float
    vx: float
    vy: float
    heading: float
    """Radians off straight downstream; positive is to the right."""
    hull: int
    """Knocks it still takes; 0 is swamped."""


class Afloat(Struct, frozen=True, gc=False):
    """The boat and the water about it: as much of a world as a current needs to move it and a paddler to look ahead.

    It stands by itself for those who imagine many moments for every one they live: seven fields are made anew in half
    the time that a whole world takes.
    """

    rapid: Rapid
    kayak: Kayak
    ahead: tuple[Rock, ...] = ()
    """The rocks in sight that are there, from those just passed on; these, not all of `rapid.rocks`, are to be met."""
    next_gate: int = 0
    """The first of `rapid.gates` not yet passed or missed; as with drops, only what is near is looked at."""
    next_drop: int = 0
    surge: float = 0.0
    """Metres a second to the right from boiling water, now."""
    held: Held = 0
    """What the paddler held in the last step."""


class World(Afloat, frozen=True, gc=False, kw_only=True):
    """Everything there is. A new one replaces it every step."""

    phase: Literal["running", "over"]
    outcome: Outcome | None
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
    astern: tuple[Rock, ...] = ()
    """Those left behind: still to be drawn, never to be met again."""
    next_rock: int = 0
    """The first of `rapid.rocks` not yet in sight."""
    next_eddy: int = 0
    next_look: float = 0.0
    """Metres down the rapid at which the next rock, gate, eddy, ledge or the end comes up: until then no step looks."""
    safe_until: float = 0.0
    """Round clock until which a knock does no second damage."""
    struck: Rock | None = None
    threat_since: float = -1.0
    """Round clock at which the present threat came on course; below 0 there is none unanswered."""
    answered: float = -1.0
    """Metres down the rapid up to which threats have been answered with a stroke."""
    rest_until: float = 0.0
    """Round clock until which a breather thins what comes into sight."""
    owed: Reward | None = None
    """A reward granted that is not on the river yet."""
    gift: Gift | None = None
    golden: bool = False
    """Gates count double this round."""
    hint: Hint | None = None
    hint_since: float = 0.0
    """Round clock at which the hint appeared."""
    hint_done_s: float = 0.0
    """Seconds the player has done what it proposes."""

    @property
    def next_rapid(self) -> int:
        """The number of the rapid that waits: one on after a cleared one, else the same."""
        return self.rapid.number + (self.outcome == "cleared")
