"""What keys mean outside the paddle."""

from random import Random

import pytest
from msgspec.structs import replace

from contract.events import FeelingRated, HintDismissed, PlayPaused, PlayResumed
from game_client.menu import Intent, press, show
from game_client.scene import ACTIONS, KEYS, Preferences, Scene, ScreenName
from game_client.session import sit_down
from tests.game_client.props import goal


def scene_of(screen: ScreenName, **fields: object) -> Scene:
    """A scene at this screen."""
    return replace(show(sit_down(Preferences(), (), Random(1), autopilot=False).scene, screen), **fields)


def typed(scene: Scene, *keys: str) -> tuple[Scene, list[Intent]]:
    """The scene after these keys, and all that was wanted."""
    wanted: list[Intent] = []
    for key in keys:
        scene, intents = press(scene, key)
        wanted += intents
    return scene, wanted


def test_the_cursor_goes_round() -> None:
    """Up from the first line is the last; down from there the first again."""
    scene, _ = typed(scene_of("title"), "up")
    assert scene.menu[scene.cursor] == "Quit"
    assert typed(scene, "down")[0].cursor == 0


def test_paddle_begins_and_quit_quits() -> None:
    """The first and the last line of the title."""
    scene, wanted = typed(scene_of("title"), "return")
    assert (scene.screen, wanted) == ("play", ["begin"])
    assert typed(scene_of("title"), "up", "return")[1] == ["quit"]


@pytest.mark.parametrize(("outcome", "offered"), [("cleared", True), ("swamped", False), ("abandoned", False)])
def test_a_new_journey_is_offered_as_soon_as_the_first_rapid_is_behind(outcome: str, *, offered: bool) -> None:
    """Back at the bank after rapid 1: cleared, the second one waits; else the first does, and nothing is begun anew."""
    scene = scene_of("over")
    bank, _ = typed(replace(scene, world=replace(scene.world, phase="over", outcome=outcome)), "escape")
    assert bank.screen == "title"
    assert ("Start a new journey" in bank.menu) == offered


@pytest.mark.parametrize("key", ["escape", "p"])
def test_the_same_key_pauses_and_goes_on(key: str) -> None:
    """Both are told."""
    scene, wanted = typed(scene_of("play"), key)
    assert (scene.screen, wanted) == ("paused", [PlayPaused()])
    scene, wanted = typed(scene, key)
    assert (scene.screen, wanted) == ("play", [PlayResumed()])


def test_help_and_settings_lead_back_to_where_they_were_opened() -> None:
    """From a pause back to the pause, and to the very line."""
    for down, screen in ((1, "settings"), (2, "help")):
        scene, _ = typed(scene_of("paused"), *["down"] * down, "return")
        assert scene.screen == screen
        back, _ = typed(scene, "escape")
        assert (back.screen, back.cursor) == ("paused", down)


def test_leaving_from_the_pause_gives_the_round_up() -> None:
    """The title comes, and the round is abandoned."""
    scene, wanted = typed(scene_of("paused"), "up", "return")
    assert (scene.screen, wanted) == ("title", ["abandon"])


def test_every_setting_turns_over_and_shows_it() -> None:
    """Enter on each line in turn."""
    scene = scene_of("settings")
    for line in range(6):
        scene, _ = typed(replace(scene, cursor=line), "return")
    assert scene.preferences == Preferences(
        mute=True, volume=0.8, fullscreen=True, palette="colour_safe", reduced_motion=True, consent=False
    )
    assert scene.menu[:6] == (
        "Sound: off",
        "Volume: 80%",
        "Full screen: on",
        "Colours: colour-safe",
        "Reduced motion: on",
        "The river leaves me alone: yes",
    )


def test_volume_goes_by_tenths_and_not_beyond_its_ends() -> None:
    """From 0.7 three to the right are full, four too."""
    scene = replace(scene_of("settings"), cursor=1)
    assert typed(scene, *["right"] * 4)[0].preferences.volume == 1.0
    assert typed(scene, *["left"] * 8)[0].preferences.volume == 0.0


def test_only_the_wish_about_being_left_alone_is_anybody_elses_business() -> None:
    """The others change preferences, which the loop keeps by itself."""
    scene = scene_of("settings")
    wanted = [typed(replace(scene, cursor=line), "return")[1] for line in range(6)]
    assert wanted == [[], [], [], [], [], ["consent"]]


def test_an_action_waits_for_its_new_key() -> None:
    """The line says so; the next key is taken whatever it means elsewhere."""
    scene, _ = typed(replace(scene_of("settings"), cursor=6), "return")
    assert scene.rebinding == "left"
    assert scene.menu[6] == "Left: press a key"
    scene, _ = typed(scene, "a")
    assert (scene.preferences.keys["left"], scene.rebinding, scene.menu[6]) == ("a", None, "Left: a")


def test_a_key_that_was_taken_changes_places() -> None:
    """No action is ever left without a key."""
    scene, _ = typed(replace(scene_of("settings"), cursor=6), "return", "right")
    assert scene.preferences.keys == {**KEYS, "left": "right", "right": "left"}
    assert set(scene.preferences.keys) == set(ACTIONS)


@pytest.mark.parametrize("key", ["escape", "return"])
def test_keys_that_lead_out_of_menus_stay_theirs(key: str) -> None:
    """Asking for them ends the waiting and changes nothing."""
    scene, _ = typed(replace(scene_of("settings"), cursor=6), "return", key)
    assert (scene.preferences.keys, scene.rebinding, scene.screen) == (KEYS, None, "settings")


def test_a_feeling_is_rated_with_a_number_or_waved_away() -> None:
    """1 to 5 answer; escape does not leave the page while a question stands."""
    asked = scene_of("over", question="How did that feel?")
    assert typed(asked, "4")[1] == [FeelingRated(4, "flow")]
    assert typed(asked, "4", "4")[1] == [FeelingRated(4, "flow")]
    waved, wanted = typed(asked, "escape")
    assert (waved.question, waved.screen, wanted) == (None, "over", [])


def test_a_hint_is_waved_away_with_its_revision() -> None:
    """H while one is on show; otherwise H is nothing."""
    shown = scene_of("play", hint="look_ahead", hint_words="...", goal=goal(6))
    scene, wanted = typed(shown, "h", "h")
    assert wanted == [HintDismissed("look_ahead", 6)]
    assert scene.hint is None


def test_a_key_bound_to_the_paddle_is_only_a_stroke() -> None:
    """Whoever paddles with P does not pause with it."""
    keys = {**KEYS, "brake": "p"}
    scene, wanted = typed(scene_of("play", preferences=Preferences(keys=keys)), "p")
    assert (scene.screen, wanted) == ("play", [])
