"""The crowd and its ledger on a real Kafka: what is promised of the counting is shown by miscounting on purpose."""

import asyncio
import json
import signal
import sys
from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec
import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from bots.fleet import Options
from bots.ledger import Ledger, NobodyThereError
from bots.outing import send_out
from bots.reckoning import size
from bots.report import Summary, Tally
from contract.codec import encode
from contract.events import EVENT_OF, PlayPaused
from contract.failures import EventFailed, Failure, Reason
from contract.signals import Signals, SignalUpdated
from contract.topics import ENGAGEMENT_SIGNALS, FAILED_EVENTS, PLAYER_EVENTS

pytestmark = pytest.mark.system

STATE = "a-state-of-the-tests-own"


def folded(raw: bytes) -> Mapping[str, int]:
    """The state of these tests: JSON, events per session."""
    counts: dict[str, int] = json.loads(raw)
    return counts


@pytest.fixture(name="ledger")
async def _ledger(kafka: str) -> Ledger:
    """A ledger that begins now."""
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    await admin.create_topics([NewTopic(STATE, 8, 1)])
    await admin.close()
    return await Ledger(kafka, STATE, folded).open()


def event(session: str, sequence: int) -> bytes:
    """One event of a session of these tests."""
    return encode(
        EVENT_OF[PlayPaused](
            id=f"{session}-{sequence}", source="/tests", subject="p", time=datetime.now(UTC), sessionid=session,
            sequence=sequence, playerkind="bot", data=PlayPaused(),
        )
    )  # fmt: skip


def belief(session: str, at: datetime) -> bytes:
    """A belief caused by the session's first event, which happened at `at`."""
    return encode(
        SignalUpdated(
            id="b", source="/tests", subject="p", time=at, playerkind="bot", sessionid=session, sequence=1,
            causetime=at, because="play.paused",
            data=Signals(
                apm=0, idle_share=0, success=0.5, skill=0, skill_sigma=1, flow_gap=0, streak=0, last3=0, rounds=0,
                difficulty=0, in_round=False, rapid=1, attempt=1, stuck_s=0, intensity=0, pace_state="relax",
            ),
        )
    )  # fmt: skip


def refusal(original: bytes) -> bytes:
    """An event as it lies on failed-events."""
    failure = Failure(reason=Reason.FOLD_FAILED, detail="", original=original, topic="t", partition=0, offset=0)
    return encode(EventFailed(id="f", source="/tests", subject="p", time=datetime.now(UTC), data=failure))


async def write(kafka: str, *messages: tuple[str, bytes]) -> None:
    """Topic and value, one after the other."""
    async with AIOKafkaProducer(bootstrap_servers=kafka, acks="all") as producer:
        for topic, value in messages:
            await producer.send_and_wait(topic, value, key=b"p")


async def test_the_ledger_finds_what_was_lost_doubled_refused_and_repeated(kafka: str, ledger: Ledger) -> None:
    """`holed`: one not on the topic, one not folded. `twice`: one fold too many. `clean`: one refused, one repeated."""
    await write(
        kafka,
        *[(PLAYER_EVENTS.name, event("clean", sequence)) for sequence in (1, 2, 2, 3)],
        *[(PLAYER_EVENTS.name, event("holed", sequence)) for sequence in (1, 3)],
        *[(PLAYER_EVENTS.name, event("twice", sequence)) for sequence in (1, 2)],
        (FAILED_EVENTS.name, refusal(event("clean", 3))),
        (STATE, b'{"clean": 1, "holed": 1, "twice": 1}'),
        (STATE, b'{"clean": 2, "holed": 1, "twice": 3}'),
    )
    acknowledged = {"clean": ((1, 3),), "holed": ((1, 3),), "twice": ((1, 2),)}
    verdict = await ledger.audit(acknowledged, patience_s=0.0)
    await ledger.close()
    assert (verdict.lost, verdict.doubled, verdict.failed, verdict.repeated) == (2, 1, 1, 1)
    assert (verdict.came, verdict.accepted) == (8, 6), "8 came in, and 6 + 1 are 7: the sum says so as well"


async def test_the_ledger_reads_nothing_from_before_it_was_opened(kafka: str, ledger: Ledger) -> None:
    """An event written earlier is not there for it: acknowledged in this run means on the topic in this run."""
    await ledger.close()
    await write(kafka, (PLAYER_EVENTS.name, event("early", 1)), (STATE, b'{"early": 1}'))
    late = await Ledger(kafka, STATE, folded).open()
    verdict = await late.audit({"early": ((1, 1),)}, patience_s=0.0)
    await late.close()
    assert verdict.lost == 1


async def test_a_beliefs_latency_is_the_brokers_time_less_its_causes(kafka: str, ledger: Ledger) -> None:
    """A cause of just now, and one of a session that nobody asked about, which does not count."""
    await write(
        kafka,
        (ENGAGEMENT_SIGNALS.name, belief("ours", datetime.now(UTC))),
        (ENGAGEMENT_SIGNALS.name, belief("theirs", datetime(2020, 1, 1, tzinfo=UTC))),
    )
    await ledger.audit({"ours": ()}, patience_s=0.0)
    await ledger.close()
    spread = ledger.signal.spread()
    assert spread.n == 1
    assert spread.max is not None
    assert spread.max < 10_000


async def test_every_event_of_a_crowd_is_acknowledged_and_lies_on_the_topic_once(kafka: str, ledger: Ledger) -> None:
    """Twenty bots for two seconds; without a worker nothing is folded, and the ledger says so."""
    tally = Tally()
    home = await send_out(Options(players=20, seconds=2.0, kafka=kafka), tally)
    verdict = await ledger.audit(home.acknowledged, patience_s=0.0)
    await ledger.close()
    assert tally.offered == tally.sent == tally.acked > 60
    assert len(home.acknowledged) == 20
    assert sum(map(size, home.acknowledged.values())) == tally.acked
    assert (verdict.lost, verdict.doubled, verdict.repeated) == (tally.acked, 0, 0)
    assert (verdict.came, verdict.accepted) == (tally.acked, 0)
    assert tally.accept.spread().n == tally.acked


async def test_ctrl_c_brings_a_crowd_home_at_once_with_nothing_left_undone(kafka: str) -> None:
    """Interrupted as soon as it plays, the program ends by itself: sessions ended, all acknowledged, summary told."""
    program = f"""
import msgspec
from bots.__main__ import run
from bots.fleet import Options
told = lambda pulse: pulse.offered and print("playing", flush=True)
print(msgspec.json.encode(run(Options(players=8, seconds=600.0, kafka={kafka!r}), watch=told)).decode())
"""
    crowd = await asyncio.create_subprocess_exec(sys.executable, "-c", program, stdout=asyncio.subprocess.PIPE)
    assert crowd.stdout is not None
    async with asyncio.timeout(60):
        assert await crowd.stdout.readline() == b"playing\n"
        crowd.send_signal(signal.SIGINT)
        rest, _ = await crowd.communicate()
    assert crowd.returncode == 0
    summary = msgspec.json.decode(rest.splitlines()[-1], type=Summary)
    assert summary.seconds < 60
    assert summary.offered == summary.sent == summary.acked > 0


async def test_a_ledger_without_a_state_to_count_says_so_and_what_to_do(kafka: str) -> None:
    """No worker has ever run: the run is refused before it begins, in one sentence."""
    with pytest.raises(NobodyThereError, match=r"never-made.*is a worker up\?"):
        await Ledger(kafka, "never-made", folded).open(patience_s=2.0)
