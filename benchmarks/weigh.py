"""What a decision costs, per finished round and policy: reach 15 us with all its words.

    python benchmarks/weigh.py [--json [FILE]]

CPU time of one thread over 2,000 rounds of one paddler who clears two of three; the best of seven, because
whatever else the machine does only ever adds. `weigh` is what an experiment asks, `judge` what the API does: the same
and the words.
"""

import random
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.answer import answer, options
from benchmarks.fold import cost_us
from contract.signals import Signals, SignalUpdated
from engagement_api.judge import Verdict, judge
from engagement_api.policy.graph import read_graph
from engagement_api.published import graph_file
from engagement_api.state import State
from engagement_api.weigh import POLICIES, Rules, Weighed, weigh

ROUNDS = 2_000
START = datetime(2026, 11, 23, tzinfo=UTC)


def beliefs(dice: random.Random) -> list[SignalUpdated]:
    """What is believed after each round of a long session."""
    told, rapid, last3 = [], 1, 0
    for rounds in range(1, ROUNDS + 1):
        cleared = dice.random() < 2 / 3
        last3 = (last3 << 1 | cleared) & 7
        signals = Signals(
            apm=60.0, idle_share=0.1, success=0.7, skill=dice.gauss(0.5, 0.3), skill_sigma=0.4, flow_gap=0.0,
            streak=1 if cleared else -1, last3=last3, rounds=rounds, session_rounds=rounds, difficulty=-1.0,
            in_round=False, rapid=rapid, attempt=1, stuck_s=20.0, intensity=0.2, pace_state="build_up",
        )  # fmt: skip
        at = START + timedelta(seconds=30 * rounds)
        told.append(
            SignalUpdated(
                id=str(rounds), source="/benchmarks", subject="p-1", time=at, playerkind="bot", sessionid="s-1",
                sequence=rounds, causetime=at, because="rapid.finished", data=signals,
            )
        )  # fmt: skip
        rapid += cleared
    return told


def decided(
    decide: Callable[[SignalUpdated, State, Rules, datetime], Weighed | Verdict],
    told: Sequence[SignalUpdated],
    rules: Rules,
) -> None:
    """The decision after every finished round."""
    state = State()
    for signal in told:
        state = decide(signal, state, rules, signal.time).state


def main() -> None:
    """Print the figures, and keep them where that is asked."""
    given = options(__doc__).parse_args()
    told, graph, figures = beliefs(random.Random(1)), read_graph(graph_file()), dict[str, float]()
    for policy in POLICIES:
        for name, decide in (("weigh", weigh), ("judge", judge)):
            figures[f"{name}_{policy}_us"] = cost_us(
                partial(decided, decide, told, Rules(policy, graph=graph)), len(told)
            )
    answer({**figures, "reach": {"judge_us": 15}}, given.json)


if __name__ == "__main__":
    main()
