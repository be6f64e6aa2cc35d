"""A journey over several sittings: the rapid that waits."""

from random import Random

from msgspec.structs import replace

from contract.events import RapidStarted
from game_client.frame import Input
from game_client.journal import Journal
from game_client.loop import play
from game_client.scene import Preferences
from game_client.session import sit_down
from tests.game_client.props import STARTED, MemoryWire, NullWindow, doors


def frames(seconds: float) -> list[Input]:
    """Nothing pressed for so long, at sixty frames a second."""
    return [Input()] * round(seconds * 60)


def down(lines: int) -> list[Input]:
    """Down so many lines, and choose."""
    return [*[Input(presses=("down",))] * lines, Input(presses=("return",))]


def test_a_journey_goes_on_where_the_last_sitting_left_it() -> None:
    """Rapid 7 waits: pushing off begins it; given up, it waits again; and it is what is kept."""
    kept: list[int] = []
    dice, wire = Random(1), MemoryWire()
    window = NullWindow([*down(0), *frames(0.3), Input(presses=("p",)), *down(4), *frames(0.1), *down(0), *frames(0.2)])
    noting = replace(doors(window, wire, []), keep=lambda _preferences, _bests, rapid: kept.append(rapid))
    session = sit_down(Preferences(), (), dice, autopilot=False, rapid=7)
    play(session, (STARTED,), Journal("p", "s", "/t"), noting, dice)
    begun = [(fact.rapid, fact.attempt) for fact in wire.facts if isinstance(fact, RapidStarted)]
    assert begun == [(7, 1), (7, 1)]
    assert {*kept} <= {7}


def test_a_cleared_rapid_is_behind_for_good() -> None:
    """The autopilot clears rapid 1; what is kept from then on is that rapid 2 waits."""
    kept: list[int] = []
    dice = Random(1)
    noting = replace(
        doors(NullWindow(frames(30.0)), MemoryWire(), []), keep=lambda _preferences, _bests, rapid: kept.append(rapid)
    )
    play(
        sit_down(Preferences(), (), dice, autopilot=True), (STARTED,), Journal("p", "s", "/t"), noting, dice, seconds=29
    )
    assert kept[0] == 2


def test_a_new_journey_begins_at_the_first_rapid() -> None:
    """The title of somebody who has got somewhere has one more line, and on the first day it has not."""
    wire = MemoryWire()
    dice = Random(1)
    session = sit_down(Preferences(), (), dice, autopilot=False, rapid=7)
    assert session.scene.menu[1] == "Start a new journey"
    assert "Start a new journey" not in sit_down(Preferences(), (), dice, autopilot=False).scene.menu
    play(session, (STARTED,), Journal("p", "s", "/t"), doors(NullWindow([*down(1), *frames(0.2)]), wire, []), dice)
    assert next(fact for fact in wire.facts if isinstance(fact, RapidStarted)).rapid == 1
