"""Bots in the whole loop: what they are like inside is in no message, and who has had enough gets up properly."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from msgspec import Struct, structs

from bots.churn import FAMILIES, Family
from bots.families import load_family
from bots.fleet import SLOT_S, Fleet, Options
from bots.mind import NAMES
from bots.report import Tally
from contract.adaptations import AdaptationDecided
from contract.codec import encode, read_adaptation
from contract.events import Event, RapidFinished, RapidStarted, SessionEnded
from producers.outbox import Outbox
from tests.story.river_loop import NOON, Watchers

DIGITS: Final = 11
"""Of a number that cannot be there by chance."""
NO_SECRET: Final = ("_since_s",)
"""How long somebody has played is in the events."""
OUTSIDE: Final = '''
class Fickle:
    """Leaves after a number of rounds that is nobody's business."""

    def __init__(self, dice):
        self.enough = dice.uniform(1.0, 3.0)

    def leaves(self, played):
        return float(played.number >= self.enough)
'''


class Shore:
    """Where the fleet's events go: to everybody who watches, as bytes, and the answers come back."""

    def __init__(self) -> None:
        self.outbox = Outbox()
        self.watchers = Watchers()
        self.events: list[Event] = []
        self.messages: list[bytes] = []
        self._goals: list[bytes] = []
        self.watchers.beliefs_wire = self._note

    def emit(self, event: Event) -> None:
        """It is heard at once; the answer waits for the step to be over."""
        self.events.append(event)
        self.messages.append(encode(event))
        self._goals += self.watchers.hear(event.subject, self.messages[-1], event.time)

    def answer(self, fleet: Fleet) -> None:
        """What was decided reaches the bots."""
        goals, self._goals = self._goals, []
        self.messages += goals
        for raw in goals:
            goal = read_adaptation(raw)
            assert isinstance(goal, AdaptationDecided)
            fleet.heard(goal)

    def _note(self, raw: bytes) -> list[bytes]:
        self.messages.append(raw)
        return [raw]


def lived(family: type[Family], seconds: float, players: int = 3) -> tuple[Fleet, Shore, list[float]]:
    """A fleet in the whole loop, and every latent number that any of its players ever had."""
    shore, clock = Shore(), [0.0]
    options = Options(players=players, seconds=seconds, family=family)
    fleet = Fleet(options, shore, Tally(), lambda: clock[0], NOON)
    secrets: set[float] = set()
    for slot in range(round(seconds / SLOT_S)):
        clock[0] = slot * SLOT_S
        fleet.play_slot(slot, late=False)
        shore.answer(fleet)
        if slot % 300 == 0:
            secrets.update(number for seat in fleet.seats for number in inside(seat))
    fleet.everybody_up(seconds)
    return fleet, shore, sorted(secrets)


def inside(seat: object) -> Sequence[float]:
    """The numbers of a seat's mind: latents, present skill, form, and the state of its churn family."""
    sitting, family = seat.sitting, seat.family  # type: ignore[attr-defined] # a bots.seats.Seat
    minds: list[Struct] = [seat.life.latents]  # type: ignore[attr-defined] # the same
    names = family.__slots__ if hasattr(family, "__slots__") else tuple(vars(family))
    numbers = [getattr(family, name) for name in names if name not in NO_SECRET]
    if sitting is not None:
        minds.append(sitting.paddler.form)
        numbers += [sitting.paddler.skill, sitting.life.skill]
    numbers += [value for mind in minds for value in structs.asdict(mind).values()]
    return [number for number in numbers if isinstance(number, float) and len(repr(number)) > DIGITS]


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> type[Family]:
    """A family from a file that is not in the project."""
    file: Path = tmp_path_factory.mktemp("elsewhere") / "mine.py"
    file.write_text(OUTSIDE, encoding="utf-8")
    return load_family(f"{file}:Fickle")


@pytest.mark.parametrize("name", [*FAMILIES, "outside"])
def test_nothing_of_a_bots_inside_is_in_any_message(name: str, outside: type[Family]) -> None:
    """Events, beliefs and goals of the whole loop, searched for every number of every mind, persona and family."""
    family = FAMILIES.get(name, outside)
    _, shore, secrets = lived(family, 40.0)
    assert len(secrets) > 12
    assert len(shore.watchers.goals) > 3
    everything = b"\n".join(shore.messages).decode()
    assert [secret for secret in secrets if repr(secret)[:DIGITS] in everything] == []
    assert [word for word in (*NAMES, *FAMILIES, family.__name__) if f'"{word}"' in everything] == []


def test_a_player_of_a_family_from_elsewhere_plays_the_whole_loop_and_gets_up_properly(outside: type[Family]) -> None:
    """After one to three rounds it leaves for good: its session ends after its last round, and nobody is in a round.

    The place is somebody else's then: a new name, of whom nothing is believed yet.
    """
    fleet, shore, _ = lived(outside, 110.0)
    players = {event.subject for event in shore.events}
    assert len(players) > len(fleet.seats)
    gone = players - {seat.player for seat in fleet.seats}
    for player in gone:
        facts = [event.data for event in shore.events if event.subject == player]
        assert isinstance(facts[-1], SessionEnded)
        assert facts[-1].reason == "quit"
        finished = [fact for fact in facts if isinstance(fact, RapidFinished)]
        begun = [fact for fact in facts if isinstance(fact, RapidStarted)]
        assert len(finished) == len(begun) == facts[-1].rapids in {1, 2, 3}
        told = [belief for belief in shore.watchers.beliefs if belief.subject == player]
        assert (told[-1].data.in_round, told[-1].data.rounds) == (False, len(finished))
        assert told[-1].time - NOON < timedelta(seconds=110)
