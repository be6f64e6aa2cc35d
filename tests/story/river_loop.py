"""The whole loop in memory: every heart of an event's journey, with encode and decode between them, and no Kafka.

    Game                       world -> journal -> bytes                    what a player did
    Watchers                   bytes -> fold -> bytes -> judge -> bytes     what is believed, what is decided
    Game                       bytes -> adapt                               the river changes, and the game answers

Time is counted in steps of the world, so a minute of play takes milliseconds. A test bends the wires (`events_wire`,
`beliefs_wire`, `goals_wire`) to repeat, delay, shuffle or lose what travels on them.
"""

import random
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

from msgspec import Struct, json
from msgspec.structs import replace

from contract.adaptations import Adaptation, AdaptationDecided
from contract.codec import Unreadable, encode, read_adaptation, read_event, read_signal
from contract.course import designed_difficulty
from contract.events import AdaptationApplied, AnyFact, Event, RapidFinished, RapidStarted, SessionEnded, SessionStarted
from contract.signals import SignalUpdated
from engagement_api.judge import Rules, judge
from engagement_api.policy.bandit import learned
from engagement_api.state import State
from game_client.journal import Journal, stamp
from game_client.world import STEP_S, Held, World, abandon, adapt, advance, begin, leave_alone, proceed
from processors.partition import Partition

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
AN_HOUR: Final = timedelta(hours=1)
Hands = Callable[[World], Held]


def nobody(_: World) -> Held:
    """Hands in the lap: the river takes the boat past every gate."""
    return 0


class Record(Struct, frozen=True):
    """An event as it lies in its topic."""

    offset: int
    key: bytes
    value: bytes
    headers: tuple[()] = ()


class Watchers:
    """Who believes and who decides, for every player whose events they hear."""

    def __init__(self, rules: Rules | None = None) -> None:
        self.rules = rules or Rules()
        self.partition = Partition(0, recall=lambda _: None)
        self.states: defaultdict[str, State] = defaultdict(State)
        self.beliefs: list[SignalUpdated] = []
        self.goals: list[AdaptationDecided] = []
        self.offset = 0
        self.beliefs_wire: Callable[[bytes], list[bytes]] = lambda raw: [raw]

    def hear(self, player: str, raw: bytes, now: datetime) -> list[bytes]:
        """One event as it travels, and the goals that follow from it as they travel."""
        self.offset += 1
        taken = self.partition.take([Record(self.offset, player.encode(), raw)], now)
        assert not taken.refused, taken.refused
        told = (*taken.beliefs, *self.partition.untold(None, now))
        arriving = [belief for _, raw in told for belief in self.beliefs_wire(raw)]
        return [goal for belief in arriving for goal in self.decide(belief, now)]

    def decide(self, raw: bytes, now: datetime) -> list[bytes]:
        """One belief as it travels, and the goal that follows."""
        belief = read_signal(raw)
        assert not isinstance(belief, Unreadable), belief
        self.beliefs.append(belief)
        verdict = judge(belief, self.states[belief.subject], self.rules, now)
        self.states[belief.subject] = verdict.state
        if verdict.lessons:
            self.rules = replace(self.rules, posterior=learned(self.rules.posterior, *verdict.lessons))
        if verdict.goal is None:
            return []
        self.goals.append(verdict.goal)
        return [encode(verdict.goal)]

    def restart(self) -> None:
        """Everybody who watches goes and comes again, with what they had written down and with nothing else."""
        kept = dict(self.partition.snapshots())
        self.partition = Partition(0, recall=kept.get)
        for player, state in self.states.items():
            self.states[player] = json.decode(json.encode(state), type=State)

    def goal(self) -> Adaptation:
        """The newest."""
        return self.goals[-1].data


def heard(log: Iterable[bytes], rules: Rules | None = None, *, restart_every: int | None = None) -> Watchers:
    """Watchers that heard this log and nothing else, each event at its own time."""
    watchers = Watchers(rules)
    for number, raw in enumerate(log, 1):
        event = read_event(raw, NOON + AN_HOUR)
        assert isinstance(event, Event), event
        watchers.hear(event.subject, raw, event.time)
        if restart_every and number % restart_every == 0:
            watchers.restart()
    return watchers


class Game:
    """One player at the river."""

    def __init__(self, player: str, hands: Hands, watchers: Watchers, *, seed: int = 1) -> None:
        self.player, self.hands, self.watchers = player, hands, watchers
        self.dice = random.Random(seed)
        self.journal = Journal(player=player, session=f"session-of-{player}", source="/story", kind="human")
        self.now = NOON
        self.log: list[bytes] = []
        self.facts: list[AnyFact] = []
        self.events_wire: Callable[[bytes], list[bytes]] = lambda raw: [raw]
        self.goals_wire: Callable[[bytes], list[bytes]] = lambda raw: [raw]
        self.world, began = begin(1, 1, designed_difficulty(1), self.dice.getrandbits(32))
        self.tell(SessionStarted("story", "autopilot", "1", consent=True, previous_session=None), *began)

    def tell(self, *facts: AnyFact) -> None:
        """What happened leaves; what is decided because of it arrives at once, and is answered."""
        for fact in facts:
            self.facts.append(fact)
            self.journal, event = stamp(self.journal, fact, self.now, f"{self.player}-{self.journal.sequence + 1}")
            self.log.append(encode(event))
            for raw in self.events_wire(self.log[-1]):
                for goal in self.watchers.hear(self.player, raw, self.now):
                    for arriving in self.goals_wire(goal):
                        self.take(arriving)

    def take(self, raw: bytes) -> None:
        """A goal arrives."""
        decided = read_adaptation(raw)
        assert not isinstance(decided, Unreadable), decided
        assert decided.subject == self.player
        self.world, answer = adapt(self.world, decided.data, self.now)
        self.tell(*answer)

    def choose(self, *, consent: bool) -> None:
        """The player asks to be left alone, or not to be any more."""
        self.world, told = leave_alone(self.world, consent=consent)
        self.tell(*told)

    def round(self) -> RapidFinished:
        """Plays the present round to its end and begins the next one; how it ended."""
        while self.world.phase == "running":
            self.world, happened = advance(self.world, self.hands(self.world), STEP_S, self.dice)
            self.now += timedelta(seconds=STEP_S)
            self.tell(*happened)
        self._go_on()
        return [fact for fact in self.facts if isinstance(fact, RapidFinished)][-1]

    def end_round(self, *, cleared: bool) -> None:
        """Ends the present round as the test wants it, without a stroke, and begins the next one."""
        self.now += timedelta(seconds=25)
        outcome, by = ("cleared", None) if cleared else ("swamped", "rock")
        rapid = self.world.rapid
        self.world = replace(self.world, phase="over", outcome=outcome, swamped_by=by)
        self.tell(RapidFinished(rapid.number, rapid.attempt, outcome, 25.0, 0, 1.0, 8, 8, 1, rapid.difficulty, by))
        self._go_on()

    def leave(self) -> None:
        """Gets up, from a round that may still be going on."""
        self.world, told = abandon(self.world)
        self.tell(*told, SessionEnded("quit", 0.0, 0))

    def come_back(self, after: timedelta) -> None:
        """Sits down again, in another session, and goes on with the next round."""
        self.now += after
        before = self.journal.session
        self.journal = replace(self.journal, session=f"{before}+", sequence=0)
        self.tell(SessionStarted("story", "autopilot", "1", consent=self.world.consent, previous_session=before))
        self._go_on()

    def rounds_of(self, outcomes: str) -> None:
        """Rounds that end as told: W cleared, L lost."""
        for outcome in outcomes:
            self.end_round(cleared=outcome == "W")

    def difficulties(self) -> list[float]:
        """Of every round begun so far, in logits."""
        return [fact.difficulty for fact in self.facts if isinstance(fact, RapidStarted)]

    def applied(self) -> list[int]:
        """The revisions that the river took on."""
        return [fact.revision for fact in self.facts if isinstance(fact, AdaptationApplied)]

    def _go_on(self) -> None:
        self.now += timedelta(seconds=2)
        self.world, began = proceed(self.world, self.dice)
        self.tell(*began)
