"""One decision with the state after it: what is kept, and what a restart needs."""

from msgspec import Struct

from contract.adaptations import AdaptationDecided
from contract.envelope import PlayerKind
from engagement_api.policy.wish import Lesson
from engagement_api.state import State


class Record(Struct, frozen=True):
    """A goal and the state it left behind: one row of the history."""

    goal: AdaptationDecided
    state: State
    playerkind: PlayerKind | None = None
    """Whose goal it is, for the exposure; none where nobody said."""

    lessons: tuple[Lesson, ...] = ()
    """What the bandit learned with it."""

    @property
    def player(self) -> str:
        """Whose river it is."""
        return self.goal.subject

    @property
    def revision(self) -> int:
        """The goal's revision, which is also the state's."""
        return self.goal.data.revision
