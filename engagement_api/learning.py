"""What the bandit has learned, in every process: counted by the history, looked up from there.

A lesson is a row beside the decision it came with, kept in the same transaction and under the same key. So several
processes add up, none counts one twice however often a batch comes, and a restart forgets nothing. Nobody counts in
memory: feedback that comes a few seconds late is what Thompson sampling bears best, and all processes know the same.
"""

import logging
from typing import Final

from msgspec.structs import replace

from engagement_api.listen import Listener
from engagement_api.ports import AWAY, Past

LEARNED_S: Final = 10.0
"""A block of rounds takes some minutes; looking more often would find nothing new."""
log = logging.getLogger(__name__)


class Learning:
    """The bandit's posterior as this process knows it."""

    def __init__(self, history: Past, listener: Listener) -> None:
        self._history = history
        self._listener = listener

    async def look(self) -> None:
        """Know what the history knows; with the history away, what was known before."""
        try:
            posterior = await self._history.posterior()
        except AWAY as fault:
            log.warning("The history did not say what the bandit learned: %s", fault)
            return
        self._listener.rules = replace(self._listener.rules, posterior=posterior)
