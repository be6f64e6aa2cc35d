"""A crowd's play, recorded on one river and replayed on a fresh one as fast as it goes.

The recording is all that the second river hears: nobody plays there. What it believes about everybody in the end is the
same, field by field. Its decisions are compared without ids and times: those are of the day.
"""

import asyncio
from collections import defaultdict

import pytest
from aiokafka import AIOKafkaConsumer
from msgspec import Struct

from contract.adaptations import AdaptationDecided
from contract.codec import Unreadable, read_adaptation, read_signal
from contract.signals import Signals, SignalUpdated
from contract.topics import ADAPTATIONS, ENGAGEMENT_SIGNALS
from engagement_api.judge import Rules
from experiments.replay import replay
from infra.local import stack
from tests.system.command import of_this_home, run
from whitewater.manners import DONE, SATURATED

pytestmark = pytest.mark.system
QUIET_POLLS = 6
Decision = tuple[object, ...]


class Told(Struct, frozen=True):
    """What a river believed and decided about everybody, in order per player."""

    beliefs: list[SignalUpdated]
    goals: list[AdaptationDecided]

    @property
    def newest(self) -> dict[str, Signals]:
        """The last belief about each."""
        return {belief.subject: belief.data for belief in self.beliefs}

    @property
    def decided(self) -> dict[str, list[Decision]]:
        """What was decided for each."""
        of_player: defaultdict[str, list[Decision]] = defaultdict(list)
        for goal in self.goals:
            of_player[goal.subject].append(essence(goal))
        return dict(of_player)


async def told(kafka: str) -> Told:
    """Both topics from their beginning, until nothing new comes for three seconds."""
    consumer = AIOKafkaConsumer(
        ENGAGEMENT_SIGNALS.name, ADAPTATIONS.name, bootstrap_servers=kafka, auto_offset_reset="earliest"
    )
    heard = Told([], [])
    await consumer.start()
    try:
        await consumer.seek_to_beginning()
        quiet = 0
        while quiet < QUIET_POLLS:
            fetched = await consumer.getmany(timeout_ms=500)
            quiet = 0 if fetched else quiet + 1
            for record in (record for records in fetched.values() for record in records):
                found = (read_adaptation if record.topic == ADAPTATIONS.name else read_signal)(record.value)
                assert not isinstance(found, Unreadable)
                if isinstance(found, SignalUpdated):
                    heard.beliefs.append(found)
                else:
                    heard.goals.append(found)
    finally:
        await consumer.stop()
    return heard


def essence(goal: AdaptationDecided) -> Decision:
    """A decision but for ids and times of deciding."""
    data = goal.data
    why = (data.because, data.evidence, data.policy, data.arm, data.trial, data.exposed, data.propensity)
    what = (data.revision, data.difficulty, data.grade, data.pace, data.hint, data.reward, data.control)
    return (*what, *why, data.cause.session, data.cause.sequence)


@pytest.fixture(scope="module", name="rivers")
def _rivers(tmp_path_factory: pytest.TempPathFactory) -> tuple[Told, Told]:
    """What the river that was played on told, and what the one told that only heard the recording."""
    folder = tmp_path_factory.mktemp("replay")
    recording, homes = folder / "play.jsonl.zst", [folder / "played", folder / "replayed"]
    steps = (
        (("bots", "--players", "12", "--for", "60s"), ("record", str(recording), "--run", "latest")),
        (("replay", str(recording), "--speed", "max"),),
    )
    rivers = []
    for home, words in zip(homes, steps, strict=True):
        try:
            for step in (("up",), *words):
                said = run(home, *step, within_s=240)
                # A machine too slow for its crowd is no matter: what was played is what is compared.
                assert said.returncode in {DONE, SATURATED}, said.stdout + said.stderr
            running = stack.read(home)
            assert running is not None
            rivers.append(asyncio.run(told(running.kafka)))
        finally:
            run(home, "down")
        assert not of_this_home(home)
    return rivers[0], rivers[1]


def test_a_replay_ends_in_the_same_beliefs(rivers: tuple[Told, Told]) -> None:
    """Field by field, about everybody."""
    played, replayed = rivers
    assert len(played.newest) == 12
    assert replayed.newest == played.newest


def test_on_both_rivers_the_decisions_follow_from_the_beliefs(rivers: tuple[Told, Told]) -> None:
    """The same beliefs, judged once more under the same policy, give every decision again, and none besides."""
    for told_of in rivers:
        again = replay(told_of.beliefs, told_of.goals, Rules())
        assert again.decisions >= 12
        assert again.differences == ()


def test_a_replay_leads_to_the_same_decisions(rivers: tuple[Told, Told]) -> None:
    """One by one: what, why, and after which event."""
    played, replayed = rivers
    assert sum(map(len, played.decided.values())) > 12
    assert replayed.decided == played.decided
