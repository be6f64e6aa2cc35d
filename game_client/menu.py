"""What a key means outside the paddle: menus, settings, pause, the question after a round.

`press` answers with the new scene and with intents: what the player wants that a menu cannot do itself. An intent that
is a fact has already happened and is only told.
"""

from typing import Final, Literal

from msgspec.structs import replace

from contract.events import FeelingRated, HintDismissed, PlayPaused, PlayResumed
from game_client.scene import ACTIONS, Preferences, Scene, ScreenName
from game_client.state import Happening
from game_client.words import ALONE, HELP, QUESTION_NAME

Intent = Literal["begin", "anew", "proceed", "abandon", "quit", "consent"] | Happening
"""begin at the rapid that waits or anew at the first, proceed to the next, abandon this one, quit, consent changed."""
Answer = tuple[Scene, tuple[Intent, ...]]

RESERVED: Final = ("escape", "return")
"""Keys that cannot become a paddle stroke: without them no menu could be left."""
VOLUME_STEP: Final = 0.1
OVER_CLEARED: Final = ("Next rapid", "Settings", "To the bank")
OVER_LOST: Final = ("Try again", "Settings", "To the bank")
MENUS: Final[dict[ScreenName, tuple[str, ...]]] = {
    "title": ("Paddle", "Settings", "Help", "Quit"),
    "play": (),
    "paused": ("Paddle on", "Settings", "Help", "Give this rapid up", "Leave the river"),
    "over": OVER_LOST,
    "help": ("Back",),
    "settings": (),
}
PAGES: Final[dict[ScreenName, tuple[str, tuple[str, ...]]]] = {
    "title": ("Whitewater", ()),
    "play": ("", ()),
    "paused": ("Paused", ()),
    "over": ("", ()),
    "help": ("How to paddle", HELP),
    "settings": ("Settings", ()),
}
"""Heading and lines; those of `over` are the verdict."""
CHOICES: Final[dict[str, tuple[ScreenName | None, tuple[Intent, ...]]]] = {
    "Paddle": ("play", ("begin",)),
    "Start a new journey": ("play", ("anew",)),
    "Paddle on": ("play", (PlayResumed(),)),
    "Next rapid": ("play", ("proceed",)),
    "Try again": ("play", ("proceed",)),
    "Settings": ("settings", ()),
    "Help": ("help", ()),
    "Give this rapid up": (None, ("abandon",)),
    "Leave the river": ("title", ("abandon",)),
    "To the bank": ("title", ()),
    "Quit": (None, ("quit",)),
}
"""What choosing a line does: the screen it leads to, and what the player wants."""
SETTINGS: Final = 6
"""Settings before the keys."""


def show(scene: Scene, screen: ScreenName) -> Scene:
    """The scene turned to another screen, its menu ready."""
    heading, lines = PAGES[screen]
    menu = MENUS[screen]
    if screen == "over":
        heading, lines = scene.verdict
        menu = OVER_CLEARED if scene.world.outcome == "cleared" else OVER_LOST
    if screen == "title" and scene.world.next_rapid > 1:
        menu = (menu[0], "Start a new journey", *menu[1:])
    if screen == "title" and scene.link.state == "alone":
        lines = (ALONE,)
    if screen == "settings":
        menu = settings_menu(scene.preferences, scene.rebinding)
    return replace(scene, screen=screen, menu=menu, heading=heading, lines=lines, cursor=0)


def settings_menu(preferences: Preferences, rebinding: str | None = None) -> tuple[str, ...]:
    """The settings as lines, with their present values."""
    sound = "off" if preferences.mute else "on"
    colours = "colour-safe" if preferences.palette == "colour_safe" else "river"
    keys = tuple(
        f"{action.capitalize()}: {'press a key' if action == rebinding else preferences.keys[action]}"
        for action in ACTIONS
    )
    return (
        f"Sound: {sound}",
        f"Volume: {preferences.volume:.0%}",
        f"Full screen: {_on(preferences.fullscreen)}",
        f"Colours: {colours}",
        f"Reduced motion: {_on(preferences.reduced_motion)}",
        f"The river leaves me alone: {'no' if preferences.consent else 'yes'}",
        *keys,
        "Back",
    )


def press(scene: Scene, key: str) -> Answer:
    """The scene after one key press, and what the player wants done."""
    if scene.rebinding:
        return _rebind(scene, key)
    if scene.screen == "play":
        return _press_in_play(scene, key)
    if scene.question and key in "12345":
        return replace(scene, question=None), (FeelingRated(int(key), QUESTION_NAME),)
    if scene.question and key == "escape":
        return replace(scene, question=None), ()
    return _press_in_menu(scene, key)


def _press_in_menu(scene: Scene, key: str) -> Answer:
    match key:
        case "up":
            return replace(scene, cursor=(scene.cursor - 1) % len(scene.menu)), ()
        case "down":
            return replace(scene, cursor=(scene.cursor + 1) % len(scene.menu)), ()
        case "escape":
            return _back(scene)
        case "p" if scene.screen == "paused":
            return _back(scene)
        case "return" | "space":
            return _choose(scene)
        case "left" | "right" if scene.screen == "settings" and scene.cursor < SETTINGS:
            return _set(scene, VOLUME_STEP if key == "right" else -VOLUME_STEP)
    return scene, ()


def pause(scene: Scene) -> Answer:
    """Play stands still: by key, or because the window lost the player's eye."""
    if scene.screen != "play":
        return scene, ()
    return show(scene, "paused"), (PlayPaused(),)


def _press_in_play(scene: Scene, key: str) -> Answer:
    if key in scene.preferences.keys.values():
        return scene, ()
    if key in {"escape", "p"}:
        return pause(scene)
    if key == "h" and scene.hint:
        revision = scene.goal.revision if scene.goal else 0
        return replace(scene, hint=None, hint_words=""), (HintDismissed(scene.hint, revision),)
    return scene, ()


def _back(scene: Scene) -> Answer:
    match scene.screen:
        case "paused":
            return show(scene, "play"), (PlayResumed(),)
        case "help" | "settings":
            shown = show(scene, scene.back)
            return replace(shown, cursor=shown.menu.index(scene.screen.capitalize())), ()
        case "over":
            return show(scene, "title"), ()
    return scene, ()


def _choose(scene: Scene) -> Answer:
    line = scene.menu[scene.cursor]
    if line == "Back":
        return _back(scene)
    if line not in CHOICES:
        return _set(scene, VOLUME_STEP)
    screen, intents = CHOICES[line]
    if screen in {"settings", "help"}:
        scene = replace(scene, back=scene.screen)
    if screen in {"play", "title"}:
        scene = replace(scene, question=None)
    return (show(scene, screen) if screen else scene), intents


def _set(scene: Scene, by: float) -> Answer:
    """The setting under the cursor, turned over or one step on."""
    was, cursor = scene.preferences, scene.cursor
    if cursor >= SETTINGS:
        return _settle(replace(scene, rebinding=ACTIONS[cursor - SETTINGS]), was, ())
    match cursor:
        case 0:
            now = replace(was, mute=not was.mute)
        case 1:
            now = replace(was, volume=round(min(max(was.volume + by, 0.0), 1.0), 2))
        case 2:
            now = replace(was, fullscreen=not was.fullscreen)
        case 3:
            now = replace(was, palette="river" if was.palette == "colour_safe" else "colour_safe")
        case 4:
            now = replace(was, reduced_motion=not was.reduced_motion)
        case _:
            return _settle(scene, replace(was, consent=not was.consent), ("consent",))
    return _settle(scene, now, ())


def _rebind(scene: Scene, key: str) -> Answer:
    """The waiting action takes the key; an action that had it takes the other's, so that none is left without."""
    action, keys = scene.rebinding or "", dict(scene.preferences.keys)
    freed = replace(scene, rebinding=None)
    if key in RESERVED:
        return _settle(freed, scene.preferences, ())
    for other, taken in keys.items():
        if taken == key:
            keys[other] = keys[action]
    keys[action] = key
    return _settle(freed, replace(scene.preferences, keys=keys), ())


def _settle(scene: Scene, preferences: Preferences, intents: tuple[Intent, ...]) -> Answer:
    menu = settings_menu(preferences, scene.rebinding)
    return replace(scene, preferences=preferences, menu=menu), intents


def _on(value: bool) -> str:  # noqa: FBT001 - the value is all there is to say
    return "on" if value else "off"
