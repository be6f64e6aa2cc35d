"""The wire that leads nowhere: `--alone` needs no server, tells nobody, and says so on screen."""

from contract.adaptations import AdaptationDecided
from contract.events import Event
from game_client.scene import Link


class Alone:
    """A `Wire` without another end."""

    def tell(self, event: Event) -> None:
        """Nobody listens."""

    def heard(self) -> list[AdaptationDecided]:
        return []

    def link(self) -> Link:
        return Link("alone")

    def close(self) -> None:
        """Nothing is open."""
