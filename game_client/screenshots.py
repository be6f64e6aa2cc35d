"""Pictures of every screen, made without a screen: `python -m game_client.screenshots [--out DIR]`.

The front door of a null session: an autopilot paddles real rapids until there is something to see, then each screen is
drawn once at each size and kept. The same seed gives the same pictures, so two versions of the drawing can be compared.
"""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final

from msgspec.structs import replace

from contract.adaptations import Adaptation
from contract.envelope import Cause
from contract.events import Grade
from game_client import menu
from game_client.frame import Input, frame
from game_client.scene import Best, Link, Preferences, Scene, ScreenName
from game_client.screen import Screen
from game_client.session import sit_down
from game_client.words import QUESTION
from game_client.world import begin

SIZES: Final = ((1280, 720), (960, 540), (1920, 1080))
CLASSES: Final[dict[Grade, float]] = {"I": -2.0, "II": -1.1, "III": -0.3, "IV": 0.4, "V": 1.1, "VI": 1.9}
"""A difficulty of each class."""
NOON: Final = datetime(2026, 6, 21, 12, tzinfo=UTC)
SEED: Final = 11
FRAME_S: Final = 1 / 60
COARSE: Final = 12
"""Of the frames long before a picture every so many are drawn: enough for a gate's fate, too few for a wake."""
SMOOTH: Final = 90
BESTS: Final = (Best("I", 1240, 1, 23.1), Best("II", 1710, 4, 22.4), Best("III", 1985, 7, 21.9))


def goal_of(difficulty: float, grade: Grade) -> Adaptation:
    """A goal as the river sends it, for the words on screen."""
    return Adaptation(
        revision=7,
        difficulty=difficulty,
        grade=grade,
        pace=0.8,
        because="You cleared three in a row with room to spare, so the next rapid is a little harder.",
        evidence={"skill": 0.62, "success": 0.74, "flow_gap": 0.81},
        policy="P2",
        arm="target",
        expires=NOON + timedelta(seconds=60),
        cause=Cause("session", 42, NOON),
    )


def paddled(difficulty: float, grade: Grade, seconds: float, preferences: Preferences) -> list[Scene]:
    """The scenes of an autopilot's first `seconds` on a rapid."""
    dice = Random(SEED)
    session = sit_down(preferences, BESTS, dice, autopilot=True)
    goal = goal_of(difficulty, grade)
    world, _ = begin(3, 1, difficulty, SEED, best=1710, goal=goal, consent=preferences.consent)
    scene = replace(menu.show(session.scene, "play"), world=world, before=world, goal=goal, loop_ms=12.4)
    session = replace(session, scene=scene)
    scenes = []
    link = Link("connected")
    for _ in range(int(seconds / FRAME_S)):
        session, _ = frame(session, Input(), [], link=link, elapsed_s=FRAME_S, now=NOON, dice=dice)
        scenes.append(session.scene)
    return scenes


def until_over(difficulty: float, grade: Grade, preferences: Preferences) -> list[Scene]:
    """The scenes of a round, up to a second after its end."""
    scenes = paddled(difficulty, grade, 48.0, preferences)
    end = next((at for at, scene in enumerate(scenes) if scene.screen == "over"), len(scenes) - 1)
    return scenes[: end + 60]


def shown(scene: Scene, screen: ScreenName) -> Scene:
    """The scene turned to a screen, a person at the paddle."""
    return replace(menu.show(scene, screen), autopilot=False)


def take(size: tuple[int, int], out: Path) -> list[Path]:
    """Every screen at one size, kept in `out`; answers with the files."""
    preferences = Preferences(mute=True)
    screen = Screen(preferences, size, headless=True)
    kept: list[Path] = []

    def keep(name: str, scenes: Sequence[Scene]) -> None:
        for scene in (*scenes[:-SMOOTH:COARSE], *scenes[-SMOOTH:]):
            screen.draw(scene)
        kept.append(out / f"{name}-{size[0]}x{size[1]}.png")
        screen.save(kept[-1])

    for grade, difficulty in CLASSES.items():
        keep(f"play-{grade}", paddled(difficulty, grade, 9.0, preferences))
    play = paddled(CLASSES["III"], "III", 8.0, preferences)
    keep("paused", [*play, shown(play[-1], "paused")])
    over = until_over(CLASSES["III"], "III", preferences)
    keep("over", over)
    keep("over-asked", [replace(over[-1], question=QUESTION)])
    title = shown(over[-1], "title")
    keep("title", [replace(title, clock_s=4.0 + tick * FRAME_S, recent=()) for tick in range(90)])
    keep("help", [replace(shown(title, "help"), clock_s=6.0)])
    keep("settings", [replace(shown(title, "settings"), clock_s=6.0, cursor=3)])
    rebinding = replace(title.preferences, keys=dict(title.preferences.keys))
    asks = replace(title, preferences=rebinding, rebinding="brake")
    keep("settings-rebinding", [replace(shown(asks, "settings"), clock_s=6.4, cursor=9)])
    keep("play-away", [replace(scene, link=Link("away", 34, 2)) for scene in paddled(0.4, "IV", 6.0, preferences)])
    alone = replace(preferences, consent=False, reduced_motion=True, palette="colour_safe")
    keep("play-colour-safe", [replace(scene, link=Link("alone")) for scene in paddled(-0.3, "III", 9.0, alone)])
    screen.close()
    return kept


def main() -> int:
    """Pictures at every size."""
    parser = argparse.ArgumentParser(description="Pictures of every screen of the game.")
    parser.add_argument("--out", type=Path, default=Path(".whitewater/screenshots"))
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    for size in SIZES:
        for path in take(size, out):
            sys.stdout.write(f"{path}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
