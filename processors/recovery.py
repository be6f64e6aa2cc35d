"""Faust's recovery of tables, less its one way of stopping in silence.

Before a table is restored Faust asks the broker where its changelog begins and ends, and gives each answer 15 s. When
one takes longer, mode's `wait_first` reports that the service was stopped, the recovery believes it and ends, and the
worker stays in its group for ever, neither ready nor fallen. Here that is a crash: whoever watches over the worker
starts it again, and it asks anew. It refuses to try again in place, because what was half asked may still be answered.
"""

from typing import Any

from faust.exceptions import ConsistencyError
from faust.tables.manager import TableManager
from faust.tables.recovery import Recovery, ServiceStopped


class UnansweredError(ConsistencyError):
    """The broker did not say in time where a changelog begins or ends."""


class Recovering(Recovery):
    """A recovery that is done, is begun anew, or ends the worker."""

    async def _wait(self, coro: Any, timeout: Any = None) -> None:  # noqa: ANN401, ASYNC109 - Faust's own signature
        try:
            await super()._wait(coro, timeout)
        except ServiceStopped:
            if self.should_stop or timeout is None:
                raise
            sentence = f"the broker left a question about the changelog unanswered for {timeout:.0f} s"
            raise UnansweredError(sentence) from None


class Tables(TableManager):
    """Faust's tables, with that recovery."""

    @property
    def recovery(self) -> Recovery:
        """The one recovery of these tables."""
        if self._recovery is None:
            self._recovery = Recovering(self.app, self, beacon=self.beacon, loop=self.loop)
        return self._recovery
