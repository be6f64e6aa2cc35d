"""Processes that end, stop or freeze: who, when and for how long, drawn from a seed.

Every plan hurts in the middle of the crowd's play and lets it play on until what was hurt must be well again, because
what is told afterwards is what recovery is measured by. The group's patience with a silent worker is six seconds: a
zombie must sleep for longer, and a run with one is the longest of all.
"""

import random
from typing import Final

from faults.plan import Plan, Step

WORKERS: Final = ("worker", "worker-2")
SESSION_S: Final = 6.0
"""How long the broker waits for a silent worker; one that sleeps for longer wakes up a zombie."""
PATIENCE_S: Final = 1.0
"""How much longer than that at least: the session is counted from the last heartbeat, but looked at when it ends."""


def worker_killed(dice: random.Random, seed: int) -> Plan:
    """One of two workers is killed, and the supervisor starts it again."""
    step = Step(dice.uniform(1.0, 3.0), "kill", dice.choice(WORKERS))
    return Plan(fault="worker-killed", seed=seed, workers=2, seconds=6.0, steps=(step,))


def worker_lost(dice: random.Random, seed: int) -> Plan:
    """One of two workers is killed for good, and the other takes over."""
    at_s, who = dice.uniform(1.0, 3.0), dice.choice(WORKERS)
    return Plan(fault="worker-lost", seed=seed, workers=2, seconds=10.0, steps=(Step(at_s, "lose", who),))


def workers_killed(dice: random.Random, seed: int) -> Plan:
    """All workers are killed at once and there is none for a while: what was told meanwhile waits for them."""
    at_s, away_s = dice.uniform(1.0, 2.0), dice.uniform(1.0, 3.0)
    lost = tuple(Step(at_s, "lose", who) for who in WORKERS)
    back = tuple(Step(at_s + away_s, "bring back", who) for who in WORKERS)
    return Plan(fault="workers-killed", seed=seed, workers=2, seconds=8.0, steps=lost + back)


def worker_frozen(dice: random.Random, seed: int) -> Plan:
    """One of two workers stops for longer than its group waits, and wakes up when another has its partitions."""
    at_s, who = dice.uniform(0.5, 1.5), dice.choice(WORKERS)
    thawed_s = at_s + SESSION_S + PATIENCE_S + dice.uniform(0.5, 2.0)
    steps = (Step(at_s, "freeze", who), Step(thawed_s, "thaw", who))
    return Plan(fault="worker-frozen", seed=seed, workers=2, seconds=12.5, steps=steps)


def api_killed(dice: random.Random, seed: int) -> Plan:
    """The API is killed while it decides for so many that there is always something decided and not yet kept."""
    step = Step(dice.uniform(1.0, 2.5), "kill", "api")
    return Plan(fault="api-killed", seed=seed, workers=2, seconds=6.0, players=60, steps=(step,))


def broker_killed(dice: random.Random, seed: int) -> Plan:
    """The one broker is killed; nobody can say anything until it is back."""
    step = Step(dice.uniform(1.0, 2.5), "kill", "kafka")
    return Plan(fault="broker-killed", seed=seed, workers=2, seconds=9.0, steps=(step,))


def redis_killed(dice: random.Random, seed: int) -> Plan:
    """Redis is killed and forgets everything, because it keeps nothing on disk."""
    step = Step(dice.uniform(1.0, 3.0), "kill", "redis")
    return Plan(fault="redis-killed", seed=seed, workers=2, seconds=5.0, steps=(step,))


def database_killed(dice: random.Random, seed: int) -> Plan:
    """PostgreSQL is killed with everything that it had open."""
    step = Step(dice.uniform(1.0, 2.5), "kill", "database")
    return Plan(fault="database-killed", seed=seed, workers=2, seconds=6.0, steps=(step,), database="postgresql")


def disk_full(dice: random.Random, seed: int) -> Plan:
    """One of those who keep something on disk can write no byte for a while: the API its history, or the broker."""
    on, at_s, for_s = ("api", "kafka")[seed % 2], dice.uniform(1.0, 2.0), dice.uniform(1.0, 2.0)
    steps = (Step(at_s, "fill", on), Step(at_s + for_s, "make room", on))
    return Plan(fault="disk-full", seed=seed, workers=2, seconds=9.0, steps=steps)


def rolling_restart(dice: random.Random, seed: int) -> Plan:
    """Workers and API are asked to leave, one after the other, as a new version of them would be brought in."""
    order, at_s = dice.sample((*WORKERS, "api"), 3), dice.uniform(0.5, 1.5)
    steps = tuple(Step(at_s + 3.0 * place, "stop", who) for place, who in enumerate(order))
    return Plan(fault="rolling-restart", seed=seed, workers=2, seconds=11.0, steps=steps)
