"""The pure part of the drawing: places, colours, noise, poses."""

import pygame
import pytest

from contract.course import GRADES
from game_client.drawing import brush
from game_client.drawing.boat import pose_of
from game_client.drawing.palette import LOOKS, SIGNS, greyed, look_of, mix
from game_client.drawing.view import look, scale_of, sway_of
from game_client.river import make_rapid
from game_client.state import BRAKE, FORWARD, LEFT, RIGHT


def straight(_: float) -> float:
    """A river without bends."""
    return 0.0


def test_downstream_is_up() -> None:
    """At 10 pixels a metre, 10 m further down is 100 pixels higher, and 2 m to the right 20 to the right."""
    view = look((800, 600), 10.0, 50.0, straight)
    x, y = view.place(0.0, 50.0)
    assert (x, y) == (400, 480)
    assert view.place(2.0, 60.0) == (420, 380)


def test_a_line_of_pixels_knows_its_metre() -> None:
    """`metres` undoes `place`."""
    view = look((800, 600), 10.0, 50.0, straight)
    assert view.metres(view.place(0.0, 57.0)[1]) == pytest.approx(57.0, abs=0.1)


def test_bends_move_what_is_drawn() -> None:
    """A river that swings 3 m to the right at 60 m is drawn 30 pixels further right there."""
    view = look((800, 600), 10.0, 50.0, lambda y: 3.0 if y == 60.0 else 0.0)
    assert view.place(0.0, 60.0)[0] - view.place(0.0, 50.0)[0] in {30, 29, 31}


def test_faster_water_shows_farther() -> None:
    """720 pixels show 15.5 m and 1.2 s of current: 20 m at 3.75 m/s are 36 pixels a metre; at 7.5 m/s fewer."""
    assert scale_of((1280, 720), 3.75) == pytest.approx(36.0)
    assert scale_of((1280, 720), 7.5) == pytest.approx(720 / 24.5)


def test_a_narrow_window_still_shows_both_banks() -> None:
    """15 m fit from side to side: 300 pixels are 20 a metre."""
    assert scale_of((300, 2000), 5.0) == pytest.approx(20.0)


def test_the_eye_never_leaves_the_painted_banks() -> None:
    """Anywhere on a rapid the eye is no further from the middle than the banks are painted for."""
    rapid = make_rapid(1, 1, 1.0, 7)
    sway = sway_of(rapid.bend_at, rapid.length, 30.0)
    for y in range(int(rapid.length)):
        view = look((800, 600), 30.0, float(y), rapid.bend_at, shake=(14.0, 0.0))
        assert abs(view.left + 400) <= sway


def test_every_class_has_its_look() -> None:
    """Six looks, no two with the same water, ever whiter from I to VI."""
    assert tuple(LOOKS) == GRADES
    assert len({look.water for look in LOOKS.values()}) == 6
    froth = [look.froth for look in LOOKS.values()]
    assert froth == sorted(froth)


def test_the_safe_signs_are_okabe_and_itos() -> None:
    """Blue for a gate that is open, vermillion for one that is missed, as published."""
    assert SIGNS["colour_safe"].open == (0, 114, 178)
    assert SIGNS["colour_safe"].missed == (213, 94, 0)


def test_a_safe_land_is_greyer() -> None:
    """The spread between the channels of a bank's colour shrinks."""
    for grade in GRADES:
        painted, safe = look_of(grade, "river").ground[1], look_of(grade, "colour_safe").ground[1]
        assert max(safe) - min(safe) < max(painted) - min(painted)


def test_mixing_and_greying() -> None:
    """A quarter of white in black is 63; pure green greyed whole is 0.587 of 255."""
    assert mix((0, 0, 0), (255, 255, 255), 0.25) == (63, 63, 63)
    assert greyed((0, 255, 0), 1.0) == (149, 149, 149)


def test_noise_joins_itself_at_its_rims() -> None:
    """The step from the last column to the first is as small as those inside."""
    wide, tall = 64, 48
    grey = brush.noise((wide, tall), (4, 3), 5)
    assert len(grey) == wide * tall
    inside = max(abs(grey[row * wide + 30] - grey[row * wide + 31]) for row in range(tall))
    across = max(abs(grey[row * wide] - grey[row * wide + wide - 1]) for row in range(tall))
    down = max(abs(grey[column] - grey[(tall - 1) * wide + column]) for column in range(wide))
    assert max(across, down) <= max(2 * inside, 24)


def test_a_tone_curve_goes_through_its_stops() -> None:
    """Black at 0, white at 1, and 127 half way."""
    table = brush.curve(((0.0, (0,)), (1.0, (255,))), 0)
    assert (table[0], table[127], table[255]) == (0, 127, 255)


def test_a_sprite_is_empty_outside_its_shape() -> None:
    """A disc in the middle of its sheet leaves the corners transparent."""
    pygame.display.init()
    pygame.display.set_mode((64, 64))
    disc = brush.sprite(
        (20, 20), lambda sheet, fine: pygame.draw.circle(sheet, (255, 0, 0), (10 * fine, 10 * fine), 6 * fine) and None
    )
    assert disc.get_at((0, 0)).a == 0
    assert disc.get_at((10, 10)) == (255, 0, 0, 255)
    pygame.display.quit()


@pytest.mark.parametrize(("held", "dips"), [(LEFT, {0, 1}), (RIGHT, {0, -1}), (FORWARD, {1, -1}), (BRAKE, {1, -1})])
def test_a_stroke_dips_on_the_side_that_does_the_work(held: int, dips: set[int]) -> None:
    """To turn left one sweeps on the right; paddling and braking alternate."""
    assert {pose_of(held, beat / 10).dip for beat in range(64)} == dips


def test_a_resting_paddle_stays_dry() -> None:
    """Nothing held, nothing dipped."""
    assert {pose_of(0, beat / 10).dip for beat in range(64)} == {0}
