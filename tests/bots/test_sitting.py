"""One bot's game, from sitting down to getting up."""

import random
from itertools import pairwise
from math import inf

from msgspec.structs import replace

from bots.churn import Family, Patience
from bots.mind import Latents, Life
from bots.sitting import Facts, Sitting, get_up, move_on, take_a_seat
from contract.events import (
    PlayPaused,
    PlayResumed,
    RapidFinished,
    RapidStarted,
    SessionEnded,
    SessionHeartbeat,
    SessionStarted,
    StrokeMade,
)
from producers.outbox import Outbox


def player(skill: float, persona: str = "expert", *, sitting_rounds: float = inf) -> Life:
    """Somebody who neither learns nor tires."""
    return Life(Latents(skill, persona, gain=0.0, pace=30.0, tiring=0.0), sitting_rounds)


def on(sitting: Sitting, facts: Facts, seconds: float, dice: random.Random, family: Family) -> tuple[Sitting, Facts]:
    """The sitting so much later, or when its bot has left, and all that happened."""
    for _ in range(round(seconds * 30)):
        if sitting.gone:
            break
        sitting, happened = move_on(sitting, dice, Outbox(waiting=3, spooled=4, dropped=5), family)
        facts += happened
    return sitting, facts


def sat_for(seconds: float, life: Life, family: Family | None = None, seed: int = 1) -> tuple[Sitting, Facts]:
    """A bot that has played so long, or has left, and all that happened."""
    dice = random.Random(seed)
    return on(*take_a_seat(life, dice), seconds, dice, family or Patience(None))


def with_habits(sitting: Sitting, **habits: float) -> Sitting:
    """The same bot with other habits."""
    persona = replace(sitting.paddler.persona, **habits)
    return replace(sitting, paddler=replace(sitting.paddler, persona=persona))


def test_a_sitting_begins_with_the_session_and_then_a_rapid() -> None:
    """Whoever reads the stream learns who sits there before what they do."""
    _, facts = sat_for(0.0, player(1.5))
    assert [type(fact) for fact in facts] == [SessionStarted, RapidStarted]


def test_a_heartbeat_comes_every_five_seconds_paused_or_not_and_tells_what_waits() -> None:
    """32 s of a bot that is paused nearly always: beats at 5, 10, ... 30."""
    dice = random.Random(1)
    sitting, facts = take_a_seat(player(0.0, "idler"), dice)
    _, facts = on(with_habits(sitting, pause=0.9, dream=0.0), facts, 32.0, dice, Patience(None))
    beats = [fact for fact in facts if isinstance(fact, SessionHeartbeat)]
    assert len(beats) == 6
    assert {(beat.waiting, beat.dropped) for beat in beats} == {(7, 5)}
    assert False in {beat.focus for beat in beats}


def test_a_paused_bot_stops_the_river_and_not_its_own_clock() -> None:
    """Pauses and resumes alternate, and nothing is stroked between them."""
    dice = random.Random(1)
    sitting, facts = take_a_seat(player(0.0, "idler"), dice)
    sitting, facts = on(with_habits(sitting, pause=0.2, dream=0.0), facts, 60.0, dice, Patience(None))
    turns = [type(fact) for fact in facts if isinstance(fact, PlayPaused | PlayResumed)]
    assert turns[:4] == [PlayPaused, PlayResumed, PlayPaused, PlayResumed]
    assert sitting.active_s < 45.0 < sitting.clock_s
    paused = False
    for fact in facts:
        paused = isinstance(fact, PlayPaused) or (paused and not isinstance(fact, PlayResumed))
        assert not (paused and isinstance(fact, StrokeMade))


def test_rounds_follow_one_another_and_are_counted() -> None:
    """Two minutes of an expert: every started rapid but the last is finished, and the next one follows."""
    sitting, facts = sat_for(120.0, player(1.5))
    rounds = [fact for fact in facts if isinstance(fact, RapidStarted | RapidFinished)]
    assert sitting.life.rounds == sum(isinstance(fact, RapidFinished) for fact in rounds) >= 3
    assert all(type(one) is not type(other) for one, other in pairwise(rounds))


def test_the_quitter_leaves_by_itself_after_three_lost_rounds() -> None:
    """One who can do nothing at all is gone within two minutes, with its session ended as quit."""
    sitting, facts = sat_for(120.0, player(-6.0, "quitter"), Patience(3))
    assert sitting.gone
    ended = facts[-1]
    assert isinstance(ended, SessionEnded)
    assert (ended.reason, ended.rapids) == ("quit", 3)


def test_getting_up_in_the_middle_of_a_round_abandons_it() -> None:
    """The round is finished as abandoned, counted, and the session ended after it."""
    sitting, _ = sat_for(5.0, player(1.5))
    up, facts = get_up(sitting, "timeout")
    finished, ended = facts
    assert isinstance(finished, RapidFinished)
    assert finished.outcome == "abandoned"
    assert isinstance(ended, SessionEnded)
    assert (up.gone, up.life.rounds, ended.rapids) == (True, 1, 1)
