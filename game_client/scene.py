"""What the window shows: everything it needs to draw one frame, and nothing it could change.

The scene knows no pygame and no pixels. Key names are plain words ("left", "return", "escape", "p"); a pad speaks the
same words. `menu` holds finished lines, so the screen draws them without knowing what a setting is.
"""

from typing import Final, Literal

from msgspec import Struct, field

from contract.adaptations import Adaptation
from contract.events import Grade, Hint
from game_client.world import Happening, World

Action = Literal["left", "right", "forward", "brake"]
ScreenName = Literal["title", "play", "paused", "over", "help", "settings"]
Palette = Literal["river", "colour_safe"]

ACTIONS: Final[tuple[Action, ...]] = ("left", "right", "forward", "brake")
KEYS: Final[dict[str, str]] = {"left": "left", "right": "right", "forward": "up", "brake": "down"}
"""The keys a new player starts with, by pygame's own names for them."""
RECENT_S: Final = 2.0
"""How long a happening stays in `Scene.recent`, for the splash it makes."""


class Preferences(Struct, frozen=True, forbid_unknown_fields=True):
    """How this player likes the game; kept between sessions."""

    mute: bool = False
    volume: float = 0.7
    """0 to 1."""
    keys: dict[str, str] = field(default_factory=lambda: dict(KEYS))
    """Action to key name."""
    fullscreen: bool = False
    palette: Palette = "river"
    reduced_motion: bool = False
    consent: bool = True
    """False: the river leaves me alone."""


class Best(Struct, frozen=True, forbid_unknown_fields=True):
    """The best run kept for one class of rapid."""

    grade: Grade
    score: int
    rapid: int
    active_s: float


class Link(Struct, frozen=True):
    """How the wire to whoever watches is doing."""

    state: Literal["alone", "connected", "away"] = "alone"
    waiting: int = 0
    """Events waiting to leave."""
    dropped: int = 0
    """Strokes given up."""


class Scene(Struct, frozen=True, kw_only=True):
    """One frame's worth of truth."""

    screen: ScreenName
    world: World
    before: World
    """The world one step earlier; draw between it and `world`."""
    blend: float = 1.0
    """0 to 1: how far from `before` to `world` this frame is."""
    clock_s: float = 0.0
    """Seconds since the window opened; for water that flows on behind menus."""
    preferences: Preferences = Preferences()
    cursor: int = 0
    menu: tuple[str, ...] = ()
    """The lines to choose from, ready to draw."""
    heading: str = ""
    lines: tuple[str, ...] = ()
    """Words under the heading: what happened and why the river changed; the help text."""
    verdict: tuple[str, tuple[str, ...]] = ("", ())
    """Heading and lines of the newest end of round, for when the player comes back to it from the settings."""
    link: Link = Link()
    goal: Adaptation | None = None
    """The newest goal the river took, for the small words with its `because`."""
    loop_ms: float | None = None
    """From the event that caused the newest goal to the moment it was taken."""
    bests: tuple[Best, ...] = ()
    recent: tuple[tuple[Happening, float], ...] = ()
    """Happenings of the last seconds with their age in seconds, newest last."""
    autopilot: bool = False
    rebinding: str | None = None
    """The action that waits for a new key, in the settings."""
    hint: Hint | None = None
    """The hint on show."""
    hint_words: str = ""
    question: str | None = None
    """What the player is asked, answered with the keys 1 to 5 or waved away."""
    back: ScreenName = "title"
    """Where help and settings return to."""
