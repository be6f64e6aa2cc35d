"""The window: every screen at three sizes, in both palettes, without a display and without a sound device."""

from collections.abc import Sequence
from pathlib import Path

import pygame
import pytest
from msgspec.structs import replace

from contract.events import (
    EddyCaught,
    GateMissed,
    GatePassed,
    PlayPaused,
    RapidFinished,
    RewardClaimed,
    RockHit,
    RockPassed,
    StrokeMade,
)
from game_client import menu
from game_client.drawing.palette import SIGNS
from game_client.scene import Link, Preferences, Scene, ScreenName
from game_client.screen import Screen
from game_client.screenshots import BESTS, CLASSES, goal_of, paddled, take, until_over
from game_client.words import QUESTION

SIZES = ((960, 540), (1280, 720), (1920, 1080))
SCREENS: tuple[ScreenName, ...] = ("title", "play", "paused", "over", "help", "settings")
SILENT = Preferences(mute=True)


def canvas() -> pygame.Surface:
    """What is on screen."""
    shown = pygame.display.get_surface()
    assert shown is not None
    return shown


def pixels(area: tuple[int, int, int, int] | None = None) -> bytes:
    """The picture, or an area of it, as bytes."""
    shown = canvas()
    return pygame.image.tobytes(shown.subsurface(area) if area else shown, "RGB")


def colours() -> int:
    """How many colours a picture of the picture has, 240 pixels wide."""
    small = pygame.image.tobytes(pygame.transform.scale(canvas(), (240, 135)), "RGB")
    return len({small[at : at + 3] for at in range(0, len(small), 3)})


def has(colour: tuple[int, int, int], area: tuple[int, int, int, int] | None = None) -> bool:
    """Whether exactly this colour is in the picture."""
    found, wanted = pixels(area), bytes(colour)
    at = found.find(wanted)
    while at % 3 and at > 0:  # the end of one pixel and the beginning of the next are no pixel
        at = found.find(wanted, at + 1)
    return at >= 0


@pytest.mark.parametrize("size", SIZES)
def test_every_screen_is_a_picture_at_every_size(size: tuple[int, int], played: Scene) -> None:
    """A picture of the river has thousands of colours, even shrunk; a blank or broken one has a handful."""
    window = Screen(SILENT, size, headless=True)
    scenes = [menu.show(replace(played, bests=BESTS), name) for name in SCREENS]
    for scene in scenes:
        window.draw(scene)
        assert canvas().get_size() == size
        assert colours() > 1500
    window.close()


def test_no_two_screens_look_alike(screen: Screen, played: Scene) -> None:
    """Six screens are six pictures."""
    pictures = set()
    for name in SCREENS:
        screen.draw(menu.show(played, name))
        pictures.add(pixels())
    assert len(pictures) == 6


def test_no_two_classes_of_rapid_look_alike(screen: Screen) -> None:
    """The mean colours of any two classes' left banks are more than 12 apart of 255, in one channel at least."""
    means = []
    for grade, difficulty in CLASSES.items():
        screen.draw(paddled(difficulty, grade, 1 / 60, SILENT)[-1])
        means.append(pygame.transform.average_color(canvas(), pygame.Rect(0, 130, 320, 380))[:3])
    for one in range(6):
        for other in range(one):
            assert max(abs(a - b) for a, b in zip(means[one], means[other], strict=True)) > 12


def test_the_safe_palette_shows_its_own_signs_and_not_the_rivers(screen: Screen, played: Scene) -> None:
    """Kayaks of the hull are Okabe and Ito's orange there, and the painted river's red here."""
    hull = (120, 70, 60, 60)
    screen.draw(played)
    assert has(SIGNS["river"].kayak, hull)
    screen.draw(replace(played, preferences=replace(SILENT, palette="colour_safe")))
    assert has(SIGNS["colour_safe"].kayak, hull)
    assert not has(SIGNS["river"].kayak, hull)


def test_a_change_of_palette_changes_the_land(screen: Screen, played: Scene) -> None:
    """The safe palette greys the banks: green leads red by less than in the painted river."""
    leads = []
    for palette in ("river", "colour_safe"):
        screen.draw(replace(played, preferences=replace(SILENT, palette=palette)))
        red, green, _, _ = pygame.transform.average_color(canvas(), pygame.Rect(0, 130, 320, 380))
        leads.append(green - red)
    assert leads[0] > leads[1] + 10


@pytest.mark.parametrize(("reduced", "moved"), [(False, True), (True, False)])
def test_a_knock_shakes_the_picture_unless_motion_is_reduced(
    screen: Screen, played: Scene, *, reduced: bool, moved: bool
) -> None:
    """The banks are where they were when motion is reduced, and elsewhere right after a knock when it is not."""
    bank = (0, 130, 200, 380)
    calm = replace(played, recent=(), preferences=replace(SILENT, reduced_motion=reduced))
    screen.draw(calm)
    before = pixels(bank)
    screen.draw(replace(calm, recent=((RockHit(0.0, 10.0, 1, 2), 0.0),)))
    assert (pixels(bank) != before) is moved


def test_a_gate_passed_turns_gold(screen: Screen, played: Scene) -> None:
    """On the little river at the right rim every gate is white until it is passed."""
    rim = (1225, 20, 38, 320)
    still = replace(played, recent=(), world=replace(played.world, combo=0))
    screen.draw(still)
    assert not has(SIGNS["river"].gold, rim)
    screen.draw(replace(still, recent=((GatePassed(8, 0.0, 1), 0.0),)))
    assert has(SIGNS["river"].gold, rim)


def test_equal_happenings_count_twice_and_the_same_one_once(screen: Screen, played: Scene) -> None:
    """The splash of a knock is made when it is new, not in every frame that still remembers it."""
    hit = RockHit(0.0, 10.0, 1, 2)
    reduced = replace(played, preferences=replace(SILENT, reduced_motion=True))
    screen.draw(replace(reduced, recent=((hit, 0.0),)))
    screen.draw(replace(reduced, recent=((hit, 0.1),)))
    river = screen._river
    assert river is not None
    assert len(river._spray._rings) == 1
    screen.draw(replace(reduced, recent=((hit, 0.2), (RockHit(0.0, 10.0, 1, 2), 0.0))))
    assert len(river._spray._rings) == 2


def test_what_the_river_believes_is_on_screen_once_it_has_said_so(screen: Screen, played: Scene) -> None:
    """Without a goal the panel is small; with one it rises to hold the evidence, and the flow channel is drawn."""
    evidence = (30, 560, 300, 70)
    screen.draw(replace(played, goal=None))
    bare = pixels(evidence)
    screen.draw(replace(played, goal=goal_of(0.2, "III"), loop_ms=12.0))
    assert pixels(evidence) != bare
    assert has(SIGNS["river"].calm, evidence)


def test_a_server_that_is_away_and_an_opt_out_have_their_signs(screen: Screen, played: Scene) -> None:
    """The sign at the right below is green on a wire that stands, red on one that does not; a closed eye joins it."""
    corner = (900, 660, 380, 60)
    signs = SIGNS["river"]
    screen.draw(replace(played, link=Link("connected")))
    assert has(signs.open, corner)
    screen.draw(replace(played, link=Link("away", 34, 0)))
    assert has(signs.missed, corner)
    assert not has(signs.open, corner)
    screen.draw(replace(played, preferences=replace(SILENT, consent=False)))
    assert has(signs.calm, corner)


def test_a_question_and_a_waiting_key_are_drawn(screen: Screen, played: Scene) -> None:
    """Asking how it felt, and waiting for a key, change the picture."""
    over = until_over(CLASSES["I"], "I", SILENT)[-1]
    screen.draw(over)
    before = pixels()
    screen.draw(replace(over, question=QUESTION))
    assert pixels() != before
    settings = replace(menu.show(played, "settings"), cursor=6, clock_s=0.1)
    screen.draw(settings)
    before = pixels((640, 300, 340, 300))
    asked = replace(settings, rebinding="left", menu=menu.settings_menu(SILENT, "left"))
    screen.draw(asked)
    assert pixels((640, 300, 340, 300)) != before


def test_a_swamped_kayak_lies_keel_up(screen: Screen, played: Scene) -> None:
    """The end by swamping is seen behind its panel."""
    world = replace(played.world, phase="over", outcome="swamped", swamped_by="rock")
    scene = replace(played, world=world, before=world, recent=())
    screen.draw(scene)
    swamped = pixels((300, 480, 680, 230))
    screen.draw(replace(scene, world=played.world, before=played.world))
    assert pixels((300, 480, 680, 230)) != swamped


def test_a_window_of_another_size_is_drawn_anew(screen: Screen, played: Scene) -> None:
    """Full screen and back gives a picture each time, and no error."""
    screen.draw(played)
    for full in (True, False):
        screen.draw(replace(played, preferences=replace(SILENT, fullscreen=full)))
        assert colours() > 1500
    assert canvas().get_size() == (1280, 720)


def test_the_next_rapids_kit_is_painted_while_the_last_one_is_talked_about(screen: Screen, played: Scene) -> None:
    """At the end of a cleared class III the next goal's kit, of class V, is there before anybody presses a key."""
    cleared = replace(played.world, phase="over", outcome="cleared", goal=goal_of(1.1, "V"))
    over = menu.show(replace(played, world=cleared, before=cleared), "over")
    finished = RapidFinished(3, 1, "cleared", 24.0, 900, 1.0, 8, 8, 3)
    screen.draw(replace(over, recent=((finished, 0.1),)))
    assert {kit.grade for kit in screen._kits._kept.values()} == {"III"}
    screen.draw(replace(over, recent=((finished, 0.9),)))
    assert {kit.grade for kit in screen._kits._kept.values()} == {"III", "V"}


def test_screenshots_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The script makes one file for each picture, and none is empty."""
    monkeypatch.setattr("game_client.screenshots.CLASSES", {"III": CLASSES["III"]})
    monkeypatch.setattr("game_client.screenshots.SMOOTH", 2)
    monkeypatch.setattr("game_client.screenshots.COARSE", 400)
    kept: Sequence[Path] = take((960, 540), tmp_path)
    assert len(kept) == 10
    assert all(path.stat().st_size > 20_000 for path in kept)


def test_every_kind_of_fact_may_be_heard_and_remembered(screen: Screen, played: Scene) -> None:
    """What the window has no answer to does no harm."""
    facts = (
        GatePassed(1, 0.0, 3), GateMissed(2, 0.5, 0), RockHit(0.0, 10.0, 1, 2), RockPassed(0.1, 12.0, 0.4),
        EddyCaught("star", 150), RewardClaimed("golden_line", 1, 7), StrokeMade("left", None), PlayPaused(),
        RapidFinished(1, 1, "cleared", 24.0, 900, 1.0, 8, 8, 3),
    )  # fmt: skip
    screen.hear(facts)
    screen.draw(replace(played, recent=tuple((fact, 0.0) for fact in facts)))
    assert colours() > 1500
