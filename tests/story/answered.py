"""A wire with everybody who watches at its other end, and hands for a sitting in front of a window."""

from collections.abc import Iterator

from contract.adaptations import AdaptationDecided
from contract.codec import encode, read_adaptation
from contract.events import Event
from engagement_api.judge import Rules
from game_client.frame import Input
from tests.game_client.props import MemoryWire
from tests.story.river_loop import Watchers

PLAYER = "p-1"


class AnsweredWire(MemoryWire):
    """Tells them everything, and hears what they decide."""

    def __init__(self, rules: Rules | None = None) -> None:
        super().__init__()
        self.watchers = Watchers(rules)
        self._arriving: list[AdaptationDecided] = []

    def tell(self, event: Event) -> None:
        super().tell(event)
        for raw in self.watchers.hear(PLAYER, encode(event), event.time):
            goal = read_adaptation(raw)
            assert isinstance(goal, AdaptationDecided)
            self._arriving.append(goal)

    def heard(self) -> list[AdaptationDecided]:
        arriving, self._arriving = self._arriving, []
        return arriving


def presses(*keys: str) -> Iterator[Input]:
    """One key a frame."""
    return (Input(presses=(key,)) for key in keys)


def drifting(seconds: float) -> Iterator[Input]:
    """Hands in the lap."""
    return (Input() for _ in range(round(seconds * 60)))
