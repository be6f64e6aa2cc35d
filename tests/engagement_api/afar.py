"""What stands around the gate for players from afar: Kafka, which may be away, and somebody who counts nothing."""

from collections.abc import Sequence

from engagement_api.gate import Letter
from engagement_api.post import LostPostError


class FakePost:
    """What would have gone to Kafka from the gate."""

    away = False

    def __init__(self) -> None:
        self.letters: list[Letter] = []

    async def send(self, letters: Sequence[Letter]) -> None:
        if self.away:
            sentence = "Away by order of the test."
            raise LostPostError(sentence)
        self.letters.extend(letters)


class Unhurried:
    """Nobody asks too often, unless the test says after how many seconds to ask again."""

    wait_s = 0

    def events(self, player: str, address: str) -> int:  # noqa: ARG002 - all are alike
        return self.wait_s

    def tokens(self, address: str) -> int:  # noqa: ARG002 - the same
        return self.wait_s
