"""The trial that runs, in every process: started, changed and stopped without a restart.

As with the switch, the history is the truth and Redis only says when to look; with Redis away a process looks by itself
often enough. A name belongs to one trial for ever: players are drawn by it, so the same name with other arms would mix
two trials in one count. Started again as it was, a trial goes on where it was stopped.
"""

import contextlib
import logging
from datetime import UTC, datetime

from msgspec.structs import replace

from engagement_api.listen import Listener
from engagement_api.policy import graph
from engagement_api.ports import AWAY, Past, Present
from engagement_api.scoreboard import Experiment, stand
from engagement_api.trial import Trial, flaw_of

log = logging.getLogger(__name__)


class FlawedTrialError(ValueError):
    """A trial that cannot be run; the text says why, in a sentence."""


class Trials:
    """The running trial as this process knows it."""

    def __init__(self, history: Past, live: Present, listener: Listener) -> None:
        self._history = history
        self._live = live
        self._listener = listener

    async def experiment(self) -> Experiment:
        """How it stands; raises when the history is away."""
        running = await self._history.running()
        return stand(running, {} if running is None else await self._history.tallies(running.trial.name))

    async def look(self) -> None:
        """Do as the history says; with the history away, go on as before."""
        try:
            running = await self._history.running()
        except AWAY:
            return
        trial = None if running is None else running.trial
        if trial != self._listener.rules.trial:
            log.warning("The trial that runs now: %s.", "none" if trial is None else trial.name)
            self._listener.rules = replace(self._listener.rules, trial=trial)

    async def run_this(self, trial: Trial | None) -> None:
        """Run it here and everywhere, or stop whichever runs.

        Raises `FlawedTrialError` for one that cannot be run, and what `AWAY` names when the history is away.
        """
        if trial is not None:
            await self._check(trial)
        await self._history.run_this(datetime.now(UTC), trial)
        await self.look()
        with contextlib.suppress(*AWAY):
            await self._live.turned()

    async def _check(self, trial: Trial) -> None:
        if flaw := flaw_of(trial):
            raise FlawedTrialError(flaw)
        by_graph = [branch.name for branch in trial.arms if branch.policy == "P3"]
        if by_graph and (flaw := graph.flaw_of(self._listener.rules.graph)):
            sentence = f"The arm {by_graph[0]!r} asks for P3, and P2 would decide in its stead. {flaw}"
            raise FlawedTrialError(sentence)
        before = await self._history.trial(trial.name)
        if before not in (None, trial):
            sentence = f"A trial {trial.name!r} with other arms, shares or burn-in was run before: choose a new name."
            raise FlawedTrialError(sentence)
