"""Any history at all: bursts, streams that come and go, full disks, crashes and restarts, in any order.

Whatever happened, at the end the stream comes back and everything is accounted for: nothing but strokes is given up
below the bound, a crash costs at most what lay in memory, and what arrives, arrives in each player's order.
"""

import shutil
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from producers.emitter import Emitter
from producers.outbox import Outbox
from producers.spool import Spool
from tests.producers.jumping import JumpingLoop, moments
from tests.producers.shore import Shore
from tests.producers.told import kill, told

PLAYERS = ("p", "q")
BOUNDS = Outbox(memory_events=6, spool_events=40)


class Disk(Spool):
    """A spool whose disk may be full for a while."""

    full = False

    def append(self, lines: list[bytes]) -> None:  # type: ignore[override] - a list is what it is given
        """Refuse, or do as a spool does."""
        if self.full:
            fault = "No space left on device"
            raise OSError(fault)
        super().append(lines)


class History(RuleBasedStateMachine):
    """One home, one stream, one process after another."""

    def __init__(self) -> None:
        super().__init__()
        self.home = Path(tempfile.mkdtemp())
        self.loop = JumpingLoop()
        self.shore = Shore(most=5)
        self.told: dict[str, int] = dict.fromkeys(PLAYERS, 0)
        self.strokes: set[tuple[str, int]] = set()
        self.at_risk: set[tuple[str, int]] = set()
        """Told, and neither arrived nor on disk when the process was killed."""
        self.given_up: set[tuple[str, int]] = set()
        self.repeats_allowed = False
        self.begin()

    def begin(self) -> None:
        """A process starts."""
        self.disk = Disk(self.home)
        self.emitter = Emitter(self.shore, self.disk, empty=BOUNDS, close_s=1.0)
        self.loop.run(self.emitter.__aenter__())

    @rule(player=st.sampled_from(PLAYERS), strokes=st.lists(st.booleans(), min_size=1, max_size=12))
    def tell(self, player: str, strokes: list[bool]) -> None:
        """A player does something, or a lot."""
        for stroke in strokes:
            self.told[player] += 1
            event = (player, self.told[player])
            before = self.emitter.outbox
            self.emitter.emit(told(*event, stroke=stroke))
            after = self.emitter.outbox
            if after.held == before.held:
                self.given_up.add(event)
                bound = BOUNDS.spool_events if before.disk else BOUNDS.memory_events
                held = before.held if before.disk else before.waiting
                assert held >= (bound / 2 if stroke else bound)

    @rule(seconds=st.sampled_from([0.001, 0.3, 1.5, 8.0]))
    def wait(self, seconds: float) -> None:
        """Time passes."""
        self.loop.run(moments(seconds))

    @rule(there=st.booleans(), takes=st.sampled_from([0, 1, 3, 1_000]), slow_s=st.sampled_from([0.0, 0.5, 3.0]))
    def change(self, there: bool, takes: int, slow_s: float) -> None:  # noqa: FBT001 - Hypothesis hands it in
        """The stream goes away, comes back, takes only some, or becomes slow."""
        self.shore.there, self.shore.takes, self.shore.slow_s = there, takes, slow_s

    @rule(lost=st.booleans())
    def lose_answers(self, lost: bool) -> None:  # noqa: FBT001 - Hypothesis hands it in
        """The stream takes everything, and its answers get lost."""
        self.shore.answers_lost = lost
        self.repeats_allowed = self.repeats_allowed or lost

    @rule(full=st.booleans())
    def fill_the_disk(self, full: bool) -> None:  # noqa: FBT001 - Hypothesis hands it in
        """No room on the disk, or room again."""
        self.disk.full = full

    @rule()
    def restart(self) -> None:
        """The game ends properly and starts again; without room on disk that costs what is in memory."""
        self.loop.run(self.emitter.__aexit__(None, None, None))
        self.count_the_cost()
        self.begin()

    @rule()
    def crash(self) -> None:
        """The game is killed and starts again."""
        self.emitter._pumping.cancel()
        self.loop.run(moments(0.001))
        self.loop.run(self.shore.stop())
        kill(self.disk)
        self.count_the_cost()
        self.begin()

    def count_the_cost(self) -> None:
        """The end of a process: what was still in memory may be gone; what was in flight may come twice."""
        self.repeats_allowed = True
        in_memory = [*self.emitter._memory, *([] if self.emitter._flight_on_disk else self.emitter._flight)]
        assert len(in_memory) == self.emitter.outbox.waiting
        self.at_risk |= {(parcel.player, parcel.sequence) for parcel in in_memory}

    @invariant()
    def first_arrivals_are_in_order(self) -> None:
        """A player's events may be repeated, never overtaken."""
        for player in PLAYERS:
            firsts = list(dict.fromkeys(self.shore.sequences(player)))
            assert firsts == sorted(firsts)

    @invariant()
    def nothing_comes_twice_without_a_reason(self) -> None:
        """Only a lost answer or the end of a process repeats anything."""
        if not self.repeats_allowed:
            arrived = [(parcel.player, parcel.sequence) for parcel in self.shore.arrived]
            assert len(arrived) == len(set(arrived))

    @invariant()
    def the_counts_are_true(self) -> None:
        """What the outbox says it holds is what lies in memory and on disk."""
        memory = len(self.emitter._memory) + (0 if self.emitter._flight_on_disk else len(self.emitter._flight))
        assert self.emitter.outbox.waiting == memory

    def teardown(self) -> None:
        """At last the stream is there and the disk has room: everything arrives or is accounted for."""
        self.shore.there, self.shore.takes, self.shore.slow_s, self.shore.answers_lost = True, 1_000, 0.0, False
        self.disk.full = False
        self.loop.run(moments(20))
        self.loop.run(self.emitter.__aexit__(None, None, None))
        self.loop.close()
        shutil.rmtree(self.home)
        arrived = {(parcel.player, parcel.sequence) for parcel in self.shore.arrived}
        every = {(player, number) for player, last in self.told.items() for number in range(1, last + 1)}
        assert self.emitter.outbox.held == 0
        assert arrived <= every - self.given_up
        assert every - self.given_up - self.at_risk <= arrived


TestHistory = History.TestCase
TestHistory.settings = settings(max_examples=80, stateful_step_count=30, deadline=None)
