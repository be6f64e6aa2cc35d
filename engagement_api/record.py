"""One decision with the state after it: what is kept, and what a restart needs."""

from msgspec import Struct

from contract.adaptations import AdaptationDecided
from engagement_api.state import State


class Record(Struct, frozen=True):
    """A goal and the state it left behind: one row of the history."""

    goal: AdaptationDecided
    state: State

    @property
    def player(self) -> str:
        """Whose river it is."""
        return self.goal.subject

    @property
    def revision(self) -> int:
        """The goal's revision, which is also the state's."""
        return self.goal.data.revision
